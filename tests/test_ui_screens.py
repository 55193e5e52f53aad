"""The screens with scripted sessions: what they show, which keys work, how one leaves."""

import asyncio
from dataclasses import replace
from functools import partial

import pytest
import ui_scenes as scenes

from device.errors import StoreError
from ui import words
from ui.app import BeatwiseApp
from ui.home import HomeScreen
from ui.live import LiveScreen
from ui.live_pane import LivePane
from ui.overview import Overview, Plan, Show
from ui.terminal import ASCII, BLOCKS, BRAILLE

SIZES = [(80, 24), (160, 50)]


async def shown(app: BeatwiseApp, size: tuple[int, int] = (80, 24)) -> str:
    async with app.run_test(size=size) as pilot:
        await scenes.settle(pilot)
        return "\n".join(scenes.lines_of(app))


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("state", scenes.STATES)
async def test_every_state_shows_its_word_in_a_sentence_and_what_is_essential(state, size):
    reading = scenes.STATES[state]
    text = await shown(scenes.app(reading), size)
    sentence = words.standing(reading, "easy").sentence
    assert sentence.split(":")[0] in " ".join(text.split())
    for essential in ("Anna", "easy up to 142 bpm", "time", "inside"):
        assert essential in text


@pytest.mark.parametrize("glyphs", [BRAILLE, BLOCKS, ASCII], ids=lambda glyphs: glyphs.drawing)
@pytest.mark.parametrize("state", ["stale", "ended"])
async def test_an_old_heart_rate_has_not_one_solid_cell(state, glyphs):
    reading = scenes.STATES.get(state, scenes.live())
    app = scenes.app(reading, glyphs=glyphs, then_end=state == "ended")
    lines = (await shown(app)).split("\n")
    number = "".join(line[:41] for line in lines[2:12])
    assert glyphs.shade in number
    assert not set(number) & {glyphs.solid, "█", "▀", "▄"}


@pytest.mark.parametrize("glyphs", [BRAILLE, BLOCKS, ASCII], ids=lambda glyphs: glyphs.drawing)
async def test_a_live_heart_rate_is_solid(glyphs):
    lines = (await shown(scenes.app(scenes.live(), glyphs=glyphs))).split("\n")
    number = "".join(line[:41] for line in lines[2:12])
    assert "█" in number
    assert glyphs.shade not in number


@pytest.mark.parametrize("state", ["stale", "lost"])
async def test_an_old_heart_rate_says_beside_itself_that_it_is_old(state):
    text = await shown(scenes.app(scenes.STATES[state]))
    assert {"stale": "not live, 14 s old", "lost": "last 136 bpm"}[state] in text


@pytest.mark.parametrize("state", ["searching", "waiting", "stale", "lost"])
async def test_no_marker_stands_on_the_bar_without_a_live_heart_rate(state):
    assert BLOCKS.up not in await shown(scenes.app(scenes.STATES[state]))


async def test_the_marker_stands_above_the_ceiling_when_the_heart_rate_does():
    lines = (await shown(scenes.app(scenes.OVER))).split("\n")
    bracket = next(line for line in lines if BLOCKS.corner_right in line)
    marker = next(line for line in lines if BLOCKS.up in line)
    assert marker.index(BLOCKS.up) > bracket.index(BLOCKS.corner_right)


async def test_all_states_draw_differently_without_any_colour():
    pictures = [await shown(scenes.app(reading)) for reading in scenes.STATES.values()]
    assert len(set(pictures)) == len(pictures)


@pytest.mark.parametrize(
    ("source", "badge"),
    [
        (scenes.SIMULATED, "SIMULATED"),
        (scenes.SourceCard("replay", "run.csv"), "REPLAY"),
        (scenes.STRAP, None),
    ],
)
@pytest.mark.parametrize("width", [40, 80, 160])
async def test_what_is_no_person_running_now_is_marked_at_every_width(source, badge, width):
    first = await shown(scenes.app(scenes.live(), on=scenes.plan(source=source)), (width, 24))
    line = first.split("\n")[0]
    assert ("SIMULATED" in line or "REPLAY" in line) == (badge is not None)
    assert badge is None or badge in line


async def test_the_first_line_names_the_strap_once_it_is_known():
    assert "any strap nearby" in (await shown(scenes.app(scenes.SEARCHING))).split("\n")[0]
    assert "Polar H10 A1B2C3D4" in (await shown(scenes.app(scenes.live()))).split("\n")[0]


EVIL = "[bold red]Eve[/] \x1b[2J\x1b]0;x\x07 [@click=app.quit]q[/]"


async def test_names_and_reasons_are_text_and_nothing_else():
    evil = scenes.SourceCard("ble", EVIL, EVIL)
    plan = Plan(EVIL, "easy", evil, scenes.EASY, scenes.ZONES)
    reading = replace(scenes.SEARCHING, reason=EVIL, sensor_name=EVIL)
    live = await shown(scenes.app(reading, on=plan), (160, 50))
    home = await shown(scenes.app(home=Overview(EVIL, evil, (plan,), (), (EVIL,))), (160, 50))
    for text in (live, home):
        assert "[bold red]Eve[/]" in text
        assert "\x1b" not in text
        assert "\x07" not in text


@pytest.mark.parametrize("size", [(20, 5), (40, 12), (60, 16), (79, 23), (300, 90)])
@pytest.mark.parametrize("state", ["searching", "inside", "stale"])
async def test_no_size_of_terminal_is_too_odd(state, size):
    app = scenes.app(scenes.STATES[state])
    async with app.run_test(size=size) as pilot:
        await scenes.settle(pilot)
        await pilot.resize_terminal(80, 24)
        await scenes.settle(pilot)
        assert "Anna" in scenes.lines_of(app)[0]


class Script:
    """A session that can be held, and says when it was ended and saved."""

    def __init__(self, *, saving: asyncio.Event | None = None) -> None:
        self.plans: list[Plan] = []
        self.saved = 0
        self.saving = saving

    async def measure(self, plan: Plan, show: Show) -> None:
        self.plans.append(plan)
        show(scenes.live())
        try:
            await asyncio.Event().wait()
        finally:
            if self.saving is not None:
                await self.saving.wait()
            self.saved += 1


async def test_home_starts_a_session_with_one_key_and_comes_back_when_it_is_saved():
    script = Script()
    loads = 0

    async def load() -> Overview:
        nonlocal loads
        loads += 1
        return scenes.overview()

    app = BeatwiseApp(load, scenes.begins(script.measure), glyphs=BRAILLE, sixteen_colours=False)
    async with app.run_test() as pilot:
        await scenes.settle(pilot)
        await pilot.press("t")
        await scenes.settle(pilot)
        await pilot.press("space")
        await scenes.settle(pilot)
        assert isinstance(app.screen, LiveScreen)
        assert [plan.purpose for plan in script.plans] == ["tempo"]
        await pilot.press("q")
        await scenes.settle(pilot)
        assert isinstance(app.screen, HomeScreen)
        assert script.saved == 1
        assert loads == 2


async def test_a_key_starts_nothing_that_is_not_on_the_list():
    script = Script()

    async def load() -> Overview:
        return Overview("Anna", scenes.STRAP, (scenes.plan("easy"),))

    app = BeatwiseApp(load, scenes.begins(script.measure), glyphs=BRAILLE, sixteen_colours=False)
    async with app.run_test() as pilot:
        await scenes.settle(pilot)
        await pilot.press("t", "i", "m", "ctrl+p")
        await scenes.settle(pilot)
        assert isinstance(app.screen, HomeScreen)
        assert not script.plans


async def test_two_quick_presses_start_one_session():
    script = Script()
    app = BeatwiseApp(
        scenes.load, scenes.begins(script.measure), glyphs=BRAILLE, sixteen_colours=False
    )
    async with app.run_test() as pilot:
        await scenes.settle(pilot)
        await pilot.press("e", "e")
        await scenes.settle(pilot)
        await pilot.press("space", "space")
        await scenes.settle(pilot)
        assert len(script.plans) == 1


@pytest.mark.parametrize("key", ["q", "escape", "ctrl+c", "ctrl+q"])
async def test_a_session_that_was_asked_for_alone_ends_the_app_once_it_is_saved(key):
    script = Script()
    app = BeatwiseApp(
        scenes.load,
        scenes.begins(script.measure),
        live=scenes.plan(),
        glyphs=BRAILLE,
        sixteen_colours=False,
    )
    async with app.run_test() as pilot:
        await scenes.settle(pilot)
        await pilot.press(key)
        await scenes.settle(pilot)
    assert script.saved == 1
    assert app.return_code == 0


async def test_leaving_waits_for_the_session_to_be_saved():
    saving = asyncio.Event()
    script = Script(saving=saving)
    app = BeatwiseApp(
        scenes.load, scenes.begins(script.measure), glyphs=BRAILLE, sixteen_colours=False
    )
    async with app.run_test() as pilot:
        await scenes.settle(pilot)
        await pilot.press("e")
        await scenes.settle(pilot)
        await pilot.press("space")
        await scenes.settle(pilot)
        await pilot.press("ctrl+c")
        await scenes.settle(pilot)
        assert app.is_running
        assert script.saved == 0
        saving.set()
        await scenes.settle(pilot)
    assert script.saved == 1


async def test_a_session_that_ends_by_itself_stays_to_be_read_and_is_not_live():
    text = await shown(scenes.app(scenes.live(), then_end=True), (160, 50))
    assert "not live: ended" in text
    assert "the session is saved" in " ".join(text.split())


async def test_a_session_that_cannot_be_stored_says_so_in_its_own_words():
    async def measure(_: Plan, show: Show) -> None:
        show(scenes.live())
        raise StoreError("the database is locked by another Beatwise")

    app = BeatwiseApp(
        scenes.load,
        scenes.begins(measure),
        live=scenes.plan(),
        glyphs=BRAILLE,
        sixteen_colours=False,
    )
    text = " ".join((await shown(app, (160, 50))).split())
    assert "the database is locked by another Beatwise" in text


async def test_a_slow_screen_draws_the_newest_of_many_readings():
    readings = [replace(scenes.live(), t_s=float(t_s)) for t_s in range(500)]
    app = scenes.app(*readings)
    handled = 0

    def count(message: object) -> None:
        nonlocal handled
        handled += isinstance(message, LivePane.ReadingArrived)

    async with app.run_test(size=(80, 24), message_hook=count) as pilot:
        await scenes.settle(pilot)
        moment = app.screen.query_one(LivePane).moment
        assert moment is not None
        assert moment.reading.t_s == 499.0
    assert 1 <= handled < 10


async def test_the_screen_draws_nothing_again_for_a_reading_that_says_the_same():
    drawn: list[str] = []

    def note(name: str, *_: object, **__: object) -> None:
        drawn.append(name)

    app = scenes.app(scenes.live())
    async with app.run_test(size=(80, 24)) as pilot:
        await scenes.settle(pilot)
        pane = app.screen.query_one(LivePane)
        for widget in pane.query("*"):
            widget.refresh = partial(note, type(widget).__name__)
        pane.show(replace(scenes.live(), n_beats=1651))
        await scenes.settle(pilot)
    assert not drawn


async def test_home_draws_before_it_has_read_anything():
    async def load() -> Overview:
        await asyncio.Event().wait()
        raise AssertionError

    app = BeatwiseApp(load, scenes.begins(Script().measure), glyphs=BRAILLE, sixteen_colours=False)
    assert "Beatwise" in await shown(app)


async def test_home_says_why_the_athlete_is_simulated():
    text = await shown(scenes.app())
    assert "SIMULATED" in text.split("\n")[0]
    assert "No Bluetooth adapter was found" in text


async def test_home_lists_the_last_sessions_newest_first():
    lines = (await shown(scenes.app())).split("\n")
    listed = [line for line in lines if " min" in line]
    assert listed[0].split() == ["Thu", "20", "Nov", "07:15", "easy", "42", "min", "136", "bpm"]
    assert listed[1].endswith("interrupted")
    assert listed[3].endswith("--")


async def test_home_says_what_kept_it_from_being_read_and_keeps_what_it_knew():
    answers = [scenes.overview(), StoreError("the card is full: make room [and] start again")]

    async def load() -> Overview:
        answer = answers.pop(0)
        if isinstance(answer, StoreError):
            raise answer
        return answer

    app = BeatwiseApp(load, scenes.begins(Script().measure), glyphs=BRAILLE, sixteen_colours=False)
    async with app.run_test() as pilot:
        await scenes.settle(pilot)
        await pilot.press("e")
        await scenes.settle(pilot)
        await pilot.press("space")
        await scenes.settle(pilot)
        await pilot.press("q")
        await scenes.settle(pilot)
        text = "\n".join(scenes.lines_of(app))
        assert "the card is full: make room [and] start again" in text
        assert "Tue 18 Nov" in text


async def test_home_that_could_not_be_read_at_all_says_why_and_can_be_left():
    async def load() -> Overview:
        raise StoreError("the database is newer than this program")

    app = BeatwiseApp(load, scenes.begins(Script().measure), glyphs=BRAILLE, sixteen_colours=False)
    async with app.run_test() as pilot:
        await scenes.settle(pilot)
        assert "the database is newer than this program" in "\n".join(scenes.lines_of(app))
        await pilot.press("e", "q")
    assert app.return_code == 0
