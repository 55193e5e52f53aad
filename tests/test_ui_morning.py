"""The morning from strap to verdict with scripted attempts: what it shows, which keys work."""

import math
from dataclasses import replace
from datetime import date

import pytest
import ui_morning_scenes as mornings
import ui_scenes as scenes

from device.errors import StoreError
from device.morning_record import Answers
from hrv.decision import RULES, Symptoms
from hrv.wellness import Wellness
from ui import breath, countdown, evidence, morning_words, one_morning, shapes
from ui.feel import ASKED, ITEMS, LAST, Sheet
from ui.home import HomeScreen
from ui.morning_keys import keys_of
from ui.terminal import ASCII, BLOCKS, BRAILLE

GLYPHS = [BRAILLE, BLOCKS, ASCII]


async def settle(pilot):
    for _ in range(3):
        await scenes.settle(pilot)


def text_of(app):
    return "\n".join(scenes.lines_of(app))


async def shown(app, *keys, size=(80, 24)):
    async with app.run_test(size=size) as pilot:
        await settle(pilot)
        for key in keys:
            await pilot.press(key)
            await settle(pilot)
        return text_of(app)


@pytest.mark.parametrize("size", [(80, 24), (160, 50)])
@pytest.mark.parametrize("state", mornings.VIEWS)
async def test_every_state_says_what_to_do(state, size):
    view = mornings.VIEWS[state]
    said = morning_words.standing(view, mornings.plan().protocol)
    text = " ".join((await shown(mornings.app(view), size=size)).split())
    assert said.sentence.split()[0] in text
    if view.phase not in ("preview", "stand_up"):
        assert "time left" in text


@pytest.mark.parametrize(
    "state", ["settle", "record", "paced", "trouble", "extend", "stand_record"]
)
async def test_no_number_of_the_heart_is_shown_while_it_is_measured(state):
    text = (await shown(mornings.app(mornings.VIEWS[state]), size=(160, 50))).lower()
    for forbidden in ("bpm", "rmssd", " ms"):
        assert forbidden not in text


async def test_without_a_strap_it_says_what_to_try_in_order():
    text = await shown(mornings.app(mornings.NO_STRAP), size=(160, 50))
    places = [text.index(line.split(":")[0].split(",")[0]) for line in mornings.TRY]
    assert places == sorted(places)


@pytest.mark.parametrize(
    ("contact", "word"), [(True, "yes"), (False, "no"), (None, "not reported")]
)
def test_contact_has_three_states(contact, word):
    listed = {
        name: value
        for name, value, _ in morning_words.checklist(replace(mornings.LINKED, contact=contact))
    }
    assert listed["skin contact"] == word


async def test_trouble_names_its_cause_and_its_cure():
    text = " ".join((await shown(mornings.app(mornings.TROUBLE), size=(160, 50))).split())
    assert "the signal breaks up" in text
    assert "moisten the strap" in text


@pytest.mark.parametrize("glyphs", GLYPHS, ids=lambda glyphs: glyphs.drawing)
def test_the_ring_empties(glyphs):
    left = [
        sum(letters.count("l") for _, letters in countdown.ring(40, steps, glyphs))
        for steps in (360, 270, 180, 90, 0)
    ]
    assert left == sorted(left, reverse=True)
    assert left[-1] == 0
    assert left[2] == pytest.approx(left[0] / 2, rel=0.1)


def test_the_ring_empties_clockwise_from_the_top():
    rows = [letters for _, letters in countdown.ring(40, 270, BLOCKS)]
    quarters = [
        any("l" in letters[columns] for letters in rows[lines])
        for lines, columns in (
            (slice(0, 10), slice(20, 40)),
            (slice(10, 20), slice(20, 40)),
            (slice(10, 20), slice(0, 20)),
            (slice(0, 10), slice(0, 20)),
        )
    ]
    assert quarters == [False, True, True, True]


@pytest.mark.parametrize("glyphs", GLYPHS, ids=lambda glyphs: glyphs.drawing)
@pytest.mark.parametrize("size", [2, 4, 20, 44, 88])
def test_the_disc_grows_and_never_reaches_the_ring(size, glyphs):
    ring = countdown.ring(size, 200, glyphs)
    sizes = []
    for radius in (0.22, 0.4, 0.72):
        rows = countdown.with_disc(ring, radius, glyphs)
        assert all(len(text) == len(letters) == size for text, letters in rows)
        sizes.append(sum(letters.count("b") for _, letters in rows))
        if size >= 20:
            assert sum(letters.count("l") for _, letters in rows) == sum(
                letters.count("l") for _, letters in ring
            )
    assert sizes == sorted(sizes)


def test_the_four_symbols_differ_without_any_colour():
    from ui.verdict import SYMBOLS

    drawn = {str(shapes.pixels(shape, 14, 14)) for shape in SYMBOLS.values()}
    assert len(drawn) == len(SYMBOLS) == 4


@pytest.mark.parametrize("t_s", [0.0, 0.7, 1.2, 2.4, 2.6, 3.9, 4.9])
def test_the_breath_goes_on_between_two_views_as_the_test_will_tell_it(t_s):
    per_min = 12.0
    told = -math.cos(math.tau * per_min / 60.0 * t_s)
    phase = breath.phase_of(told, breath.later(0.0, t_s - 0.05, per_min))
    soon = breath.fullness(breath.later(phase, 0.5, per_min))
    assert soon == pytest.approx(-math.cos(math.tau * per_min / 60.0 * (t_s + 0.5)))


async def test_space_starts_and_m_says_one_moved():
    script = mornings.Script(mornings.READY)
    await shown(mornings.app(script=script), "space", "m")
    assert (script.started, script.was_moved) == (1, 0)
    script = mornings.Script(mornings.RECORD)
    await shown(mornings.app(script=script), "m", "space")
    assert (script.started, script.was_moved) == (0, 1)


async def test_posture_length_and_breathing_are_chosen_before_the_clock_starts():
    script = mornings.Script(mornings.READY)
    await shown(mornings.app(script=script), "p", "l", "b")
    taken = [(one.posture, one.name, one.breaths_per_min) for one in script.taken]
    assert taken == [
        ("supine", "standard", None),
        ("supine", "quick", None),
        ("supine", "quick", 12.0),
    ]
    script = mornings.Script(mornings.RECORD)
    await shown(mornings.app(script=script), "p", "l", "b")
    assert not script.taken


async def test_the_questions_come_before_the_number():
    script = mornings.Script(mornings.DONE)
    app = mornings.app(script=script)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        assert "How fresh are you?" in text_of(app)
        assert "ms" not in text_of(app).split()
        await pilot.press(*"434451", "2", "space")
        await settle(pilot)
        assert "as planned" in text_of(app)
    assert script.answers is not None
    assert script.answers.feeling == Wellness(4, 3, 4, 4, 5)
    assert script.answers.symptoms is Symptoms.NONE
    assert script.answers.tags == ("travel",)


async def test_questions_answered_during_the_recording_are_not_asked_again():
    script = mornings.Script(mornings.SETTLE)
    app = mornings.app(script=script)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("f", *"434452", "space")
        await settle(pilot)
        assert "SETTLE" in morning_words.standing(mornings.SETTLE, mornings.plan().protocol).word
        assert "time left" in text_of(app)
        script.go_on.set()
        await settle(pilot)
        assert "as planned" in text_of(app)
    assert script.answers is not None
    assert script.answers.symptoms is Symptoms.HEAD_COLD


async def test_the_end_of_the_recording_does_not_tear_one_from_a_question():
    script = mornings.Script(mornings.RECORD)
    app = mornings.app(script=script)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("f", "4")
        await settle(pilot)
        script.go_on.set()
        await settle(pilot)
        assert "How did you sleep?" in text_of(app)


async def test_the_cue_to_stand_up_comes_through_the_questions():
    script = mornings.Script(mornings.SETTLE)
    app = mornings.app(script=script)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("f", "4")
        await settle(pilot)
        screen = app.screen
        screen.test.show(mornings.STAND_UP)
        await settle(pilot)
        assert "if you feel dizzy" in text_of(app)


def test_what_is_left_open_is_unknown_and_not_average():
    sheet = Sheet()
    for _ in ITEMS[:-1]:
        sheet = sheet.answered("3")
    assert sheet.skipped().answers.feeling == Wellness(3, 3, 3, 3)
    assert Sheet(at=4).skipped().answers.feeling is None
    assert sheet.answered("3").answers.feeling == Wellness(3, 3, 3, 3, 3)


def test_the_look_at_one_morning_shows_each_item_answered_or_not():
    part = replace(mornings.PAST.morning, answers=Answers(feeling=Wellness(sleep=2)))
    shown = dict(one_morning.said(part))
    assert (shown["sleep"], shown["mood"]) == ("2 of 5", "not answered")


async def test_what_was_said_on_the_command_line_is_answered_and_may_be_changed():
    said = Answers(feeling=Wellness(4, 3, mood=5), tags=("travel", "jury duty"), note="late train")
    script = mornings.Script(mornings.DONE)
    app = mornings.app(on=mornings.plan(said=said), script=script)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        text = text_of(app)
        assert "How do your muscles feel?" in text, "the first that is open"
        assert "restlessly" not in text
        assert "so-so" in text
        await pilot.press("left", "2", *"33", "5", "2")
        await settle(pilot)
        assert "note: late train" in text_of(app)
        await pilot.press("1", "space")
        await settle(pilot)
    assert script.answers == Answers(
        feeling=Wellness(4, 2, 3, 3, 5),
        symptoms=Symptoms.HEAD_COLD,
        tags=("alcohol", "travel", "jury duty"),
        note="late train",
    )


@pytest.mark.parametrize("symptoms", Symptoms)
def test_a_sheet_filled_in_beforehand_says_the_same(symptoms):
    full = Answers(feeling=mornings.WELL, symptoms=symptoms, tags=("jury duty",), note="n")
    sheet = Sheet.of(full)
    assert sheet.answers == full
    assert sheet.at == (LAST - 1 if symptoms is Symptoms.NONE else LAST)
    assert Sheet.of(Answers()) == Sheet()


def test_each_item_has_five_words_of_its_own_and_the_best_is_five():
    for item in ITEMS:
        assert [key for key, _ in item.answers] == ["5", "4", "3", "2", "1"]
        assert len({said for _, said in item.answers}) == 5
    assert LAST == len(ASKED) == 6


async def test_all_questions_can_be_skipped_with_one_key():
    script = mornings.Script(mornings.DONE)
    await shown(mornings.app(script=script), "s")
    assert script.answers is not None
    assert script.answers.feeling is None


async def test_a_note_is_text_and_nothing_else():
    script = mornings.Script(mornings.DONE)
    note = "[b]q[/] fh"
    app = mornings.app(script=script)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press(*"333331", "n")
        await settle(pilot)
        await pilot.press(
            *(
                {
                    "[": "left_square_bracket",
                    "]": "right_square_bracket",
                    "/": "slash",
                    " ": "space",
                }.get(letter, letter)
                for letter in note
            )
        )
        await pilot.press("enter")
        await settle(pilot)
        assert note in text_of(app)
        await pilot.press("space")
        await settle(pilot)
    assert script.answers is not None
    assert script.answers.note == note


@pytest.mark.parametrize("name", mornings.VERDICTS)
async def test_a_verdict_shows_word_reason_evidence_and_rule(name):
    today = mornings.VERDICTS[name]
    text = " ".join(
        (await shown(mornings.app(on=mornings.plan(today=today)), size=(160, 50))).split()
    )
    told = today.readiness
    assert told.decision.reason[:40] in text
    assert f"rule {told.decision.rule}," in text
    if name != "refused":
        for piece in evidence.evidence(told):
            assert piece in text
    assert ("bpm" in text.split()) == (name != "red") or name == "ill"


def test_every_rule_has_two_pieces_of_evidence():
    for rule in RULES:
        told = mornings.judged(44.0, 60.0, before=mornings.LOW_WEEK)
        asked = replace(told, decision=replace(told.decision, rule=rule.name))
        first, second = evidence.evidence(asked)
        assert first
        assert second


async def test_while_the_baseline_is_built_the_mornings_are_counted():
    text = await shown(mornings.app(on=mornings.plan(today=mornings.VERDICTS["learning"])))
    assert "3 of 7 mornings" in text


async def test_a_refused_test_has_no_number_and_says_why_and_what_to_do():
    text = await shown(mornings.app(on=mornings.plan(today=mornings.VERDICTS["refused"])))
    assert "artefacts 14.2 %" in text
    assert "take it again" in " ".join(text.split())
    assert "today" not in text.split("7-day mean")[0].split("rule R3")[1]


async def test_a_refused_test_can_be_taken_again_with_one_key():
    script = mornings.Script(mornings.DONE, today=mornings.VERDICTS["refused"])
    app = mornings.app(script=script)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("s")
        await settle(pilot)
        assert "take it again" in scenes.lines_of(app)[-1]
        script.views = (mornings.READY,)
        await pilot.press("r")
        await settle(pilot)
        assert "press space" in text_of(app)
        assert script.saved == 1


async def test_the_choice_is_kept_with_one_key_and_may_be_changed():
    script = mornings.Script()
    plan = mornings.plan(today=mornings.VERDICTS["amber"])
    app = mornings.app(on=plan, script=script)
    text = await shown(app, "e", "h")
    assert script.choices == ["easier", "harder"]
    assert "► h  harder" in text


async def test_a_history_that_cannot_be_read_is_told():
    class Broken(mornings.Script):
        async def judge(self, answers):
            raise StoreError("the database is locked by another Beatwise")

    text = await shown(mornings.app(script=Broken(mornings.DONE)), "s", size=(160, 50))
    assert "locked by another Beatwise" in text


async def test_what_cannot_be_begun_is_told():
    async def load():
        raise StoreError("the database cannot be read: damaged")

    app = mornings.app(mornings.READY)
    app.mornings = lambda: mornings.Mornings(load, lambda _: None, None, None)
    assert "cannot be read: damaged" in await shown(app)


async def test_a_test_that_ends_otherwise_says_so():
    class Broken(mornings.Script):
        async def measure(self, show):
            show(mornings.RECORD)
            raise StoreError("the disk is full")

    text = await shown(mornings.app(script=Broken()))
    assert "the disk is full" in text


async def test_an_unknown_day_is_asked_for_before_anything_is_measured():
    script = mornings.Script(mornings.READY)
    app = mornings.app(on=mornings.plan(day=None), script=script)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        for said in ("1970-01-01", "2026-02-30", ""):
            await pilot.press("ctrl+u", *(c if c != "-" else "minus" for c in said), "enter")
            await settle(pilot)
            assert script.day is None
            assert "no day of the calendar" in text_of(app)
        await pilot.press("ctrl+u", *(c if c != "-" else "minus" for c in "2026-03-31"), "enter")
        await settle(pilot)
        assert script.day == date(2026, 3, 31)
        assert "press space" in text_of(app)


@pytest.mark.parametrize("key", ["q", "escape", "ctrl+c"])
async def test_leaving_saves_and_ends_the_app_that_was_started_for_the_morning(key):
    script = mornings.Script(mornings.RECORD)
    app = mornings.app(script=script)
    async with app.run_test() as pilot:
        await settle(pilot)
        await pilot.press(key)
        await settle(pilot)
    assert script.saved == 1
    assert app.return_code == 0


async def test_home_starts_the_morning_with_m_and_comes_back():
    script = mornings.Script(mornings.READY)
    app = mornings.history_app((), script=script)
    async with app.run_test() as pilot:
        await settle(pilot)
        await pilot.press("m")
        await settle(pilot)
        assert "press space" in text_of(app)
        await pilot.press("q")
        await settle(pilot)
        assert isinstance(app.screen, HomeScreen)
    assert script.saved == 1


async def test_the_breathing_disc_moves_by_itself():
    view = replace(mornings.PACED, breath=-1.0)
    app = mornings.app(view, on=mornings.plan(protocol=mornings.protocol(paced=True)))
    async with app.run_test() as pilot:
        await settle(pilot)
        pane = app.screen.test
        pane.clock = lambda: pane._told_at
        pane._breathe()
        before = pane.breath
        pane.clock = lambda: pane._told_at + 1.0
        pane._breathe()
        assert pane.breath > before


EVIL = "[bold red]Eve[/] \x1b[2J\x07 [@click=app.quit]q[/]"


async def test_names_and_advice_are_text_and_nothing_else():
    view = replace(mornings.NO_STRAP, reason=EVIL, advice=(EVIL,), sensor_name=EVIL)
    text = await shown(mornings.app(view, on=mornings.plan(athlete=EVIL)), size=(160, 50))
    assert "[bold red]Eve[/]" in text
    assert "\x1b" not in text


@pytest.mark.parametrize("size", [(20, 5), (40, 12), (60, 16), (79, 23), (300, 90)])
@pytest.mark.parametrize("state", ["no_strap", "paced", "stand_up"])
async def test_no_size_of_terminal_is_too_odd_for_the_test(state, size):
    await shown(mornings.app(mornings.VIEWS[state]), size=size)


@pytest.mark.parametrize("size", [(20, 5), (40, 12), (79, 23), (300, 90)])
@pytest.mark.parametrize("verdict", ["green", "red", "learning"])
async def test_no_size_of_terminal_is_too_odd_for_the_verdict(verdict, size):
    await shown(mornings.app(on=mornings.plan(today=mornings.VERDICTS[verdict])), size=size)


@pytest.mark.parametrize("size", [(20, 5), (40, 12), (300, 90)])
async def test_no_size_of_terminal_is_too_odd_for_the_questions(size):
    await shown(mornings.app(mornings.DONE), *"433331", size=size)


@pytest.mark.parametrize("over", [False, True])
@pytest.mark.parametrize("at", range(LAST + 1))
def test_every_key_of_a_question_is_told_on_80_columns(at, over):
    keys = keys_of("feel", None, Sheet(at=at), over=over)
    line = "   ".join(f" {key}  {what}" for key, what in keys)
    assert len(line) + 2 <= 80, "a blank on both sides of the line"
