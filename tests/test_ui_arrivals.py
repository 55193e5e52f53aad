"""What people do at the board: every decision in a few keys, and none where they walk away."""

from dataclasses import replace

import pytest
import ui_board_scenes as scenes
import ui_scenes
from textual import events

from device.athlete import Athlete
from device.errors import BeatwiseError
from device.tile import Board
from ui import arrivals, board_keys, board_screen
from ui.board_screen import BoardScreen
from ui.forgetful import IDLE_S, Forgetful
from ui.terminal import ASCII, BLOCKS, BRAILLE

PEOPLE = tuple(Athlete(name) for name in ("Anna", "Ben", "Chiara", "Ömer", "[b]Eve[/b]"))
ANNA, BEN, CHIARA = (
    replace(scenes.INSIDE, athlete=name, purpose="steady") for name in ("Anna", "Ben", "Chiara")
)
STRAP = scenes.WHOSE.address


async def decided(board: Board, *keys: str, people=PEOPLE) -> list[str]:
    """What the room was told after these keys."""
    room = scenes.StillRoom(board, people)
    app = scenes.app_of(room, glyphs=BLOCKS, sixteen_colours=True)
    async with app.run_test(size=(80, 24)) as pilot:
        await ui_scenes.settle(pilot)
        for key in keys:
            await pilot.press(key)
            await ui_scenes.settle(pilot)
        assert isinstance(app.screen, BoardScreen)
    return room.decided


HERE = Board(800.0, (ANNA, BEN))
ASKED = replace(HERE, whose=scenes.WHOSE)
WELCOMED = replace(HERE, welcome=replace(scenes.WELCOME, athlete="Ben"))
WAITING = replace(ASKED, tiles=(ANNA, replace(scenes.NO_STRAP, athlete="Ömer", purpose="tempo")))


@pytest.mark.parametrize(
    ("board", "keys", "told"),
    [
        (HERE, ("i", "c", "enter", "enter"), "sign in Chiara easy None"),
        (HERE, ("i", "2", "enter"), "sign in Ömer easy None"),
        (HERE, ("i", "enter", "down", "enter"), "sign in [b]Eve[/b] steady None"),
        (HERE, ("i", "o", "enter", "t", "enter"), "sign in Ömer tempo None"),
        (ASKED, ("w", "c", "enter", "enter"), f"claim {STRAP} Chiara easy"),
        (ASKED, ("w", "n", "enter"), f"not now {STRAP}"),
        (WAITING, ("w", "enter"), f"claim {STRAP} Ömer tempo"),
        (WELCOMED, ("u",), "not Ben"),
        (WELCOMED, ("p", "t", "enter"), "choose Ben tempo"),
        (HERE, ("p", "enter", "1"), "choose Ben recovery"),
        (HERE, ("p", "a", "enter", "enter"), "choose Anna steady"),
        (HERE, ("x", "enter"), "swap Ben Anna"),
        (HERE, ("e", "a", "enter"), "sign out Anna"),
        (HERE, ("e", "1"), "sign out Ben"),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, tuple) else None,
)
async def test_a_decision_in_a_few_keys(board, keys, told):
    people = PEOPLE if "Eve" in told else PEOPLE[:4]
    assert await decided(board, *keys, people=people) == [told]


@pytest.mark.parametrize(
    ("keys", "told"),
    [
        ((*"Zoe", "enter", *"31", "enter", "enter"), "guest Zoe 31 easy"),
        ((*"Zoe", "enter", "enter", "r", "enter"), "guest Zoe None recovery"),
        ((*"Zoe", "enter", *"4", "enter", *"2", "enter", "enter"), "guest Zoe 42 easy"),
        (("enter", *"Zoe", "enter", "enter", "enter"), "guest Zoe None easy"),
        (
            ("space", *"Zoe", "space", "space", "B", "space", "enter", "enter", "enter"),
            "guest Zoe B None easy",
        ),
        ((*"Anna", "enter", "space", "Z", "enter", "enter", "enter"), "guest Anna Z None easy"),
    ],
    ids=[
        *("age", "no age", "a wrong age first", "no name first", "spaces around"),
        "another's name first",
    ],
)
async def test_a_guest_gives_a_name_and_an_age(keys, told):
    guest = ("a", "space", "g", "enter")
    assert await decided(HERE, "i", *guest, *keys) == [f"{told} None"]
    assert await decided(ASKED, "w", *guest, *keys) == [f"{told} {STRAP}"]


@pytest.mark.parametrize(
    ("glyphs", "shown"), [(BLOCKS, "Zo\u00eb ? ?"), (BRAILLE, "Zo\u00eb ? \u674e")]
)
async def test_a_name_that_a_console_cannot_draw_does_not_move_the_frame_of_a_dialog(glyphs, shown):
    """It has no wide letters, and no terminal agrees with another on the width of pictures."""
    room = scenes.StillRoom(Board(1.0), [Athlete("Zoe\u0308 \U0001f4aa \u674e")])
    app = scenes.app_of(room, glyphs=glyphs, sixteen_colours=True)
    async with app.run_test(size=(80, 24)) as pilot:
        await ui_scenes.settle(pilot)
        await pilot.press("i")
        await ui_scenes.settle(pilot)
        (line,) = [line for line in ui_scenes.lines_of(app) if "Zo" in line]
        assert f"1 {shown} " in line


async def test_who_types_faster_than_the_dialog_opens_is_understood():
    """On a small Pi the first one takes a second; c alone would open the corner."""
    room = scenes.StillRoom(HERE, PEOPLE)
    app = scenes.app_of(room, glyphs=BLOCKS, sixteen_colours=True)
    async with app.run_test(size=(80, 24)) as pilot:
        await ui_scenes.settle(pilot)
        for key in ("i", "c", "enter", "enter"):
            app.post_message(events.Key(key, key if len(key) == 1 else None))
        while not room.decided:
            await pilot.pause()
    assert room.decided == ["sign in Chiara easy None"]


@pytest.mark.parametrize("key", "iepxw")
async def test_whoever_leaves_a_dialog_has_decided_nothing(key):
    assert await decided(ASKED, key, "escape") == []


@pytest.mark.parametrize(("key", "board"), [("u", HERE), ("w", HERE), ("x", Board(1.0, (ANNA,)))])
async def test_a_key_with_nothing_to_do_decides_nothing(key, board):
    assert await decided(board, key, "escape") == []


async def test_with_three_the_two_who_came_last_are_swapped_first():
    board = Board(1.0, (ANNA, BEN, CHIARA))
    assert await decided(board, "x", "enter") == ["swap Chiara Ben"]
    assert await decided(board, "x", "down", "enter") == ["swap Chiara Anna"]
    assert await decided(board, "x", "3") == ["swap Ben Anna"]


class Refusing(scenes.StillRoom):
    def swap(self, one: str, other: str) -> None:
        raise BeatwiseError(f"{one} has left")


async def test_what_cannot_be_is_said_in_one_line():
    app = scenes.app_of(Refusing(HERE), glyphs=BLOCKS, sixteen_colours=True)
    async with app.run_test(size=(80, 24)) as pilot:
        await ui_scenes.settle(pilot)
        for key in ("x", "enter"):
            await pilot.press(key)
            await ui_scenes.settle(pilot)
        assert "Ben has left" in "\n".join(ui_scenes.lines_of(app))
        await pilot.press("escape")
        await ui_scenes.settle(pilot)
        assert isinstance(app.screen, BoardScreen)


@pytest.mark.parametrize(
    "keys", [("i",), ("i", "c", "enter"), ("w",), ("x",), ("i", "9", *"a g", "enter", *"Zo")]
)
async def test_a_dialog_nobody_touches_goes_away_and_forgets(keys, monkeypatch):
    room = scenes.StillRoom(ASKED, PEOPLE)
    app = scenes.app_of(room, glyphs=BLOCKS, sixteen_colours=True)
    async with app.run_test(size=(80, 24)) as pilot:
        await ui_scenes.settle(pilot)
        for key in keys:
            await pilot.press("space" if key == " " else key)
            await ui_scenes.settle(pilot)
        dialog = app.screen
        assert isinstance(dialog, Forgetful)
        now_s = dialog.clock()
        dialog.clock = lambda: now_s
        dialog.touched()
        dialog.clock = lambda: now_s + IDLE_S - 1.0
        dialog.look()
        await ui_scenes.settle(pilot)
        assert app.screen is dialog
        dialog.clock = lambda: now_s + IDLE_S + 1.0
        dialog.look()
        await ui_scenes.settle(pilot)
        assert isinstance(app.screen, BoardScreen)
        assert not dialog.is_attached
        assert room.decided == []


async def test_the_board_goes_on_behind_a_dialog():
    app = scenes.app_of(scenes.StillRoom(HERE, PEOPLE), glyphs=BLOCKS)
    async with app.run_test(size=(160, 50)) as pilot:
        await ui_scenes.settle(pilot)
        await pilot.press("i")
        await ui_scenes.settle(pilot)
        scenes.show(app, ANNA)
        await ui_scenes.settle(pilot)
        assert "1 here" in "\n".join(ui_scenes.lines_of(app))


@pytest.mark.parametrize(
    ("text", "right"),
    [
        *((text, True) for text in ("", " ", "5", "110", " 42 ")),
        *((text, False) for text in ("4", "111", "-5", "3.5", "abc", "٣١", "9" * 200)),
    ],
)
def test_an_age_is_a_number_of_years_or_nothing(text, right):
    assert (arrivals.age_mistake(text) is None) == right


# -- keys


@pytest.mark.parametrize("behind", [(), ("c", "m", "a")])
@pytest.mark.parametrize("width", [40, 78, 118, 158])
def test_every_key_stands_whole_in_as_few_lines_as_possible(width, behind):
    keys = board_keys.keys_of(behind)
    lines = board_keys.lines_of(keys, width)
    assert [key for line in lines for key in line] == list(keys)
    for line in lines:
        spans = [len(key) + len(what) + 3 for key, what in line]
        assert sum(spans) + board_keys.APART * (len(line) - 1) <= width
    assert len(lines) == {40: 3 + bool(behind), 78: 2, 118: 1 + bool(behind), 158: 1}[width]


def test_no_key_does_two_things():
    keys = [key for key, _ in board_keys.keys_of("cma")] + ["u", "w"]
    assert len(set(keys)) == len(keys)
    assert set(board_screen.LEADING) == arrivals.LEADS.keys()
    assert set(board_screen.LEADING) | set("osncma") == set(keys)


@pytest.mark.parametrize("glyphs", [BRAILLE, BLOCKS, ASCII], ids=["braille", "blocks", "ascii"])
async def test_what_lies_behind_a_key_opens_and_what_does_not_is_not_told(glyphs):
    opened = []
    room = scenes.StillRoom(HERE)
    app = scenes.app_of(room, glyphs=glyphs, keys={"m": opened.append})
    async with app.run_test(size=(100, 30)) as pilot:
        await ui_scenes.settle(pilot)
        for key in "cma":
            await pilot.press(key)
        assert opened == [app]
        text = "\n".join(ui_scenes.lines_of(app))
        assert "my data" in text
        assert "admin" not in text


@pytest.mark.parametrize(
    "key", ["ctrl+c", "ctrl+q", "ctrl+z", "ctrl+backslash", "ctrl+p", "q", "f1"]
)
async def test_no_key_leads_out(key):
    app = scenes.app_of(scenes.StillRoom(HERE, PEOPLE))
    async with app.run_test(size=(80, 24)) as pilot:
        await ui_scenes.settle(pilot)
        before = ui_scenes.lines_of(app)
        for opens in ("", "i", "enter"):
            if opens:
                await pilot.press(opens)
                await ui_scenes.settle(pilot)
            await pilot.press(key)
            await ui_scenes.settle(pilot)
            assert app.is_running
            assert not app.leaving
        for _ in range(2):
            await pilot.press("escape")
            await ui_scenes.settle(pilot)
        assert ui_scenes.lines_of(app) == before


async def test_leaving_waits_until_everything_is_saved():
    room = scenes.StillRoom(HERE)
    app = scenes.app_of(room)
    async with app.run_test(size=(80, 24)) as pilot:
        await ui_scenes.settle(pilot)
        assert not room.saved
        app.leave()
        await ui_scenes.settle(pilot)
        assert room.saved
