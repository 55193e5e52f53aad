"""Pictures of the board in its states, looked at by eye whenever one changes."""

from dataclasses import replace

import pytest
import ui_board_scenes as scenes
import ui_scenes
from textual.widgets import Input

from device.athlete import Athlete
from device.tile import Board
from ui.terminal import ASCII, BLOCKS, BRAILLE

CONSOLE = {"glyphs": BLOCKS, "sixteen_colours": True}
LARGE = {"glyphs": BRAILLE, "sixteen_colours": False}
BOTH = pytest.mark.parametrize(
    ("size", "look"), [((80, 24), CONSOLE), ((160, 50), LARGE)], ids=["console", "large"]
)


@BOTH
@pytest.mark.parametrize("count", [0, 1, 2, 8, 30])
def test_so_many(snap_compare, count, size, look):
    tiles = scenes.EIGHT if count == 8 else scenes.tiles(count)
    app = scenes.wall(*tiles, **look)
    assert snap_compare(app, terminal_size=size, run_before=ui_scenes.settle)


@pytest.mark.parametrize("count", [4, 8, 16])
@pytest.mark.parametrize("size", [(120, 40), (160, 45)], ids=["120x40", "160x45"])
def test_so_many_on_screens_between(snap_compare, size, count):
    tiles = (*scenes.EIGHT, *scenes.MORE, *scenes.tiles(30))[:count]
    if count == 4:
        tiles = (scenes.WARMING_UP, scenes.OVER, scenes.STALE, scenes.BROADCAST)
    app = scenes.wall(*tiles, **LARGE)
    assert snap_compare(app, terminal_size=size, run_before=ui_scenes.settle)


@BOTH
@pytest.mark.parametrize(
    "state", ["over", "under", "warming", "stale", "ageing", "paused", "broadcast"]
)
def test_one_alone(snap_compare, state, size, look):
    app = scenes.wall(scenes.STATES[state], **look)
    assert snap_compare(app, terminal_size=size, run_before=ui_scenes.settle)


@pytest.mark.parametrize("key", ["o", "s", "n"])
@BOTH
def test_a_question_and_its_answer(snap_compare, key, size, look):
    app = scenes.wall(*scenes.tiles(12), **look)

    async def ask(pilot):
        await ui_scenes.settle(pilot)
        await pilot.press(key)
        await ui_scenes.settle(pilot)

    assert snap_compare(app, terminal_size=size, run_before=ask)


@BOTH
@pytest.mark.parametrize("said", ["welcome", "whose", "notices"])
def test_what_is_said_above_and_below(snap_compare, said, size, look):
    more = {
        "welcome": {"welcome": scenes.WELCOME},
        "whose": {"whose": scenes.WHOSE},
        "notices": {"notices": ("adapter full: 7 of 7",)},
    }
    app = scenes.wall(*scenes.tiles(5), source="simulated", **more[said], **look)
    assert snap_compare(app, terminal_size=size, run_before=ui_scenes.settle)


@BOTH
def test_names_that_would_break_it_if_they_could(snap_compare, size, look):
    mix = (scenes.INSIDE, scenes.OVER, scenes.STALE)
    hostile = [
        replace(mix[at % 3], athlete=name, purpose="intervals")
        for at, name in enumerate(scenes.HOSTILE)
    ]
    assert snap_compare(
        scenes.wall(*hostile, **look), terminal_size=size, run_before=ui_scenes.settle
    )


@pytest.mark.parametrize("count", [2, 8, 30])
def test_a_terminal_that_has_only_ascii(snap_compare, count):
    tiles = scenes.EIGHT if count == 8 else scenes.tiles(count)
    app = scenes.wall(*tiles, glyphs=ASCII, sixteen_colours=True)
    assert snap_compare(app, terminal_size=(80, 24), run_before=ui_scenes.settle)


PEOPLE = tuple(
    Athlete(name) for name in ("Anna Lindqvist", *scenes.NAMES[8:24], "李小龍", "[b]Eve")
)
DIALOGS = {
    "who": ("i",),
    "narrowed": ("i", "o"),
    "purpose": ("i", "1"),
    "guest": ("i", *"a g", "enter"),
    "age": ("i", *"a g", "enter", *"Zoe", "enter", "3", "enter"),
    "whose": ("w",),
    "swap": ("x",),
    "sign-out": ("e",),
}


@BOTH
@pytest.mark.parametrize("dialog", DIALOGS)
def test_a_dialog(snap_compare, dialog, size, look):
    board = Board(800.0, scenes.tiles(5), whose=scenes.WHOSE)
    app = scenes.app_of(scenes.StillRoom(board, PEOPLE), keys={"m": print, "a": print}, **look)

    async def press(pilot):
        await ui_scenes.settle(pilot)
        for key in DIALOGS[dialog]:
            await pilot.press("space" if key == " " else key)
            await ui_scenes.settle(pilot)
        for entry in app.screen.query(Input):  # a picture does not wait for it to come again
            entry.cursor_blink = False
        await ui_scenes.settle(pilot)

    assert snap_compare(app, terminal_size=size, run_before=press)
