"""The corner's screens: what the room may see, what is asked, and what is forgotten."""

import re
from datetime import date

import pytest
import ui_board_scenes
import ui_scenes
from ui_corner_scenes import HOSTILE, MIXED, CornerApp, ScriptedCorner, press

from device.corner_queue import Place
from device.morning_record import Answers
from hrv.decision import Symptoms
from hrv.wellness import Wellness
from ui import corner_words
from ui.corner_dialogs import CornerResult
from ui.forgetful import IDLE_S
from ui.terminal import BLOCKS


def text_of(app: CornerApp) -> str:
    return "\n".join(ui_scenes.lines_of(app))


def idle(app: CornerApp) -> None:
    """Nobody touches a key for long enough."""
    screen = app.screen
    at_s = screen._touched_s + IDLE_S
    screen.clock = lambda: at_s
    screen.look()


@pytest.mark.parametrize(
    ("place", "words"),
    [
        (Place("Anna", "sits", 80.9), "1:20 left"),
        (Place("Anna", "strap"), "sits down"),
        (Place("Anna", "waits", 0.0), "in a moment"),
        (Place("Anna", "waits", 60.0), "in about 1 minute"),
        (Place("Anna", "waits", 170.0), "in about 3 minutes"),
        (Place("Anna", "asked", 170.0), "answers how it feels"),
        (Place("Anna", "done"), "the result is behind the PIN"),
        (Place("Anna", "again"), "no result: see why, with your PIN"),
    ],
)
def test_a_place_in_words(place, words):
    assert corner_words.told(place) == words


def test_who_is_next_is_said_once():
    marks = [corner_words.mark(MIXED, at) for at in range(len(MIXED))]
    assert marks == ["now", "now", "next", "then", "", "", ""]


async def test_the_room_sees_who_is_next_and_how_long_and_no_other_number():
    app = CornerApp(ScriptedCorner(MIXED))
    async with app.run_test(size=(80, 24)):
        text = text_of(app)
        assert "moisten the electrodes and put the strap on" in text
        for name in ("Anna", "Ben", "Chris", "Dora", "Émile", "Finn", "Grace"):
            assert name in text
        assert set(re.findall(r"\d+", text)) == {"1", "20", "3"}


async def test_a_test_is_a_name_and_the_questions_and_then_one_sits_down():
    corner = ScriptedCorner()
    app = CornerApp(corner)
    async with app.run_test(size=(80, 24)) as pilot:
        assert "Nobody is here." in text_of(app)
        await press(pilot, "t")
        assert "Who takes a seated test?" in text_of(app)
        await press(pilot, "b", "enter")
        assert "How fresh are you?" in text_of(app)
        await press(pilot, "4", "3", "4", "2", "5", "2", "space")
        assert corner.done == [
            ("prepared", "Ben"),
            ("join", "Ben"),
            (
                "answer",
                "Ben",
                Answers(feeling=Wellness(4, 3, 4, 2, 5), symptoms=Symptoms.HEAD_COLD),
            ),
        ]
        assert corner_words.SIT_DOWN.split(":")[0] in text_of(app)


async def test_a_long_answer_does_not_run_into_the_question():
    app = CornerApp(ScriptedCorner())
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "t", "b", "enter", "2", "space", "space", "space", "space", "space")
        line = next(line for line in text_of(app).splitlines() if "fatigue" in line)
        assert re.search(r"more tired t\w*\.\.\. +Anything", line)


async def test_questions_that_nobody_answers_give_the_place_back_and_are_forgotten():
    corner = ScriptedCorner()
    app = CornerApp(corner)
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "t", "b", "enter", "2")
        assert "How did you sleep?" in text_of(app)
        idle(app)
        await press(pilot)
        await pilot.pause()
        assert corner.done == [("prepared", "Ben"), ("join", "Ben"), ("leave", "Ben")]
        assert "Nobody is here." in text_of(app)


async def test_what_the_corner_refuses_is_said_and_nothing_is_asked():
    corner = ScriptedCorner()
    corner.refuses = "no strap of Ben is heard: put it on, and come closer"
    app = CornerApp(corner)
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "t", "b", "enter")
        assert "no strap of Ben is heard: put it on, and come closer" in text_of(app)
        assert corner.done == []


async def test_the_day_is_asked_for_where_the_clock_cannot_name_it():
    corner = ScriptedCorner(day=None)
    app = CornerApp(corner)
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "t", "b", "enter")
        assert "Which day is it?" in " ".join(text_of(app).replace("│", " ").split())
        await press(pilot, *"2026-03-31", "enter")
        assert corner.done == [
            ("day", "Ben", date(2026, 3, 31)),
            ("prepared", "Ben"),
            ("join", "Ben"),
        ]


async def test_what_somebody_else_said_stands_there_to_be_agreed_to():
    corner = ScriptedCorner(MIXED, day=None)
    corner.said = date(2026, 3, 30)
    app = CornerApp(corner)
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "r", "a", "enter")  # a result is of a day, too
        assert "2026-03-30" in text_of(app)
        await press(pilot, "enter")
        assert corner.done == [("day", "Anna", date(2026, 3, 30))]
        assert isinstance(app.screen, CornerResult)
        corner.day = None
        await press(pilot, "escape", "r", "b", "enter", *"2026-03-31", "enter")
        assert corner.done[1:] == [("day", "Ben", date(2026, 3, 31))]


async def test_who_chooses_no_pin_is_asked_nothing_and_takes_no_place():
    corner = ScriptedCorner()
    app = CornerApp(corner, chooses=False)
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "t", "b", "enter")
        assert corner.done == [("prepared", "Ben")]
        assert "Nobody is here." in text_of(app)


async def test_a_result_is_shown_behind_the_pin_alone_and_forgotten_by_itself():
    corner = ScriptedCorner(MIXED)
    app = CornerApp(corner)
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "r", "a", "enter")
        assert app.asked == ["Anna"]
        assert isinstance(app.screen, CornerResult)
        text = text_of(app)
        assert "below the ceiling" in text
        assert "RMSSD" in text
        await press(pilot, "h")
        assert corner.done == [("choose", "Anna", "harder")]
        idle(app)
        await press(pilot)
        await pilot.pause()
        assert "RMSSD" not in text_of(app)
        assert not any(isinstance(one, CornerResult) for one in app.screen_stack)
        idle(app)
        await press(pilot)
        assert text_of(app).strip() == "the board"


async def test_without_the_pin_nothing_is_shown():
    app = CornerApp(ScriptedCorner(MIXED), allowed=False)
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "r", "a", "enter")
        assert app.asked == ["Anna"]
        assert not isinstance(app.screen, CornerResult)
        assert "RMSSD" not in text_of(app)


async def test_whoever_is_in_the_queue_may_leave_it():
    corner = ScriptedCorner(MIXED)
    app = CornerApp(corner)
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "l")
        assert "Finn" not in text_of(app)
        await press(pilot, "c", "enter")
        assert corner.done == [("leave", "Chris")]
        await press(pilot, "escape")
        assert text_of(app).strip() == "the board"


async def test_names_of_others_making_stay_in_their_line():
    app = CornerApp(ScriptedCorner(HOSTILE))
    async with app.run_test(size=(80, 24)):
        text = text_of(app)
        assert "[red]Bobby[/]" in text
        assert "\x1b" not in text
        assert "in about 2 minutes" in text


@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=["console", "large"])
@pytest.mark.parametrize("scene", ["queue", "nobody", "hostile", "questions", "result"])
def test_corner_looks_as_it_should(snap_compare, scene, size):
    places = {"nobody": (), "hostile": HOSTILE}.get(scene, MIXED)
    keys = {"questions": ["t", "b", "enter"], "result": ["r", "a", "enter"]}.get(scene, [])

    async def before(pilot):
        await press(pilot, *keys)

    app = CornerApp(ScriptedCorner(places))
    assert snap_compare(app, terminal_size=size, run_before=before)


def test_corner_looks_as_it_should_in_sixteen_colours(snap_compare):
    app = CornerApp(ScriptedCorner(MIXED), glyphs=BLOCKS, sixteen_colours=True)
    assert snap_compare(app, terminal_size=(80, 24))


async def test_what_somebody_typed_is_not_there_for_the_next_to_paste():
    app = ui_board_scenes.wall()
    async with app.run_test(size=(80, 24)):
        app.copy_to_clipboard("correct horse battery staple")
        assert app.clipboard == ""
