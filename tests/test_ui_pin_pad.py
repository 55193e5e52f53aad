"""A PIN typed by keys and by touch: what is shown, what is forgotten, what is said."""

import asyncio
import threading
from datetime import UTC, datetime

import pytest
import ui_pin_scenes as scenes
import ui_scenes
from ui_pin_scenes import PadApp, typed

from device import pins as costs
from device.errors import StoreError
from device.pins import ADMIN, Allowed, Pins
from device.store import Store
from ui.forgetful import IDLE_S
from ui.pin_entry import BACK, ENTER, KEYS, Entry, wait_words
from ui.pin_pad import AskPin, NewPin, Pad, key_at
from ui.terminal import ASCII, BLOCKS, BRAILLE

NOW = datetime(2026, 11, 27, 9, 0, tzinfo=UTC)
RIGHT, WRONG = "2580", "9999"


class Clock:
    now_s = 1000.0

    def __call__(self) -> float:
        return self.now_s


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def pins(tmp_path, monkeypatch, clock):
    monkeypatch.setattr(costs, "LOG2_N", 2)
    with Store.open(tmp_path / "beatwise.db", now=NOW) as store:
        opened = Pins(store, clock=clock, boot="this")
        opened.set_("Anna", RIGHT)
        yield opened


def text_of(app: PadApp) -> str:
    return "\n".join(ui_scenes.lines_of(app))


async def settled(pilot) -> None:
    await pilot.app.workers.wait_for_complete()
    await pilot.pause()


async def test_the_right_pin_lets_in_and_the_wrong_one_says_so(pins):
    app = PadApp(AskPin(pins, "Anna", BRAILLE))
    async with app.run_test() as pilot:
        await settled(pilot)
        assert "PIN of Anna" in text_of(app)
        await typed(pilot, WRONG)
        assert "wrong PIN" in text_of(app)
        assert app.left is None
        await pilot.press("2")
        assert "wrong PIN" not in text_of(app)
        await typed(pilot, RIGHT[1:])
    assert app.left is True


async def test_dots_stand_for_digits_and_the_digits_are_nowhere(pins):
    app = PadApp(AskPin(pins, "Anna", BRAILLE))
    async with app.run_test() as pilot:
        await settled(pilot)
        await pilot.press("7", "7", "7", "backspace")
        text = text_of(app)
        assert "● ●" in text
        assert "● ● ●" not in text
        assert text.count("7") == 1  # the key


async def test_no_more_digits_are_taken_than_a_pin_can_have(pins):
    app = PadApp(AskPin(pins, "Anna", BRAILLE))
    async with app.run_test() as pilot:
        await settled(pilot)
        await pilot.press(*"1" * 40)
        assert app.pad.entry.digits == "1" * 12


async def test_every_key_can_be_touched(pins):
    app = PadApp(AskPin(pins, "Anna", BRAILLE))
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        pad = app.screen.query_one(Pad)
        for key in (*"25", BACK, *"580", ENTER):
            place = next(
                (x, y)
                for y in range(pad.size.height)
                for x in range(pad.size.width)
                if key_at(x, y, *pad.size) == key
            )
            await pilot.click(Pad, offset=place)
        await settled(pilot)
    assert app.left is True


@pytest.mark.parametrize("size", [(62, 16), (60, 15), (62, 4), (40, 8)])
def test_a_key_lies_where_it_is_drawn(size):
    rows = Pad(BRAILLE).draw(*size)
    for y, (text, letters) in enumerate(rows[: size[1]]):
        for x, (cell, letter) in enumerate(zip(text, letters, strict=True)):
            key = key_at(x, y, *size)
            assert (key is not None) == (letter == "k")
            if cell.isdigit():
                assert key == cell
    found = {key_at(x, y, *size) for x in range(size[0]) for y in range(size[1])}
    assert found - {None} == {key for row in KEYS for key in row}


async def test_after_five_wrong_ones_it_counts_the_wait_down_and_takes_nothing(pins, clock):
    app = PadApp(AskPin(pins, "Anna", BRAILLE, clock=clock))
    async with app.run_test() as pilot:
        await settled(pilot)
        for _ in range(5):
            await typed(pilot, WRONG)
        assert "wrong PIN; next try in 30 s" in text_of(app)
        await typed(pilot, RIGHT)
        assert app.left is None
        clock.now_s += 12.0
        app.pad.look()
        await pilot.pause()
        assert "next try in 18 s" in text_of(app)
        await pilot.press("2")  # somebody is here
        clock.now_s += 18.0
        app.pad.look()
        await pilot.pause()
        assert "next try" not in text_of(app)
        await typed(pilot, RIGHT)
    assert app.left is True


async def test_a_wait_from_before_is_said_at_once(pins, clock):
    for _ in range(5):
        pins.check("Anna", WRONG)
    app = PadApp(AskPin(pins, "Anna", BRAILLE, clock=clock))
    async with app.run_test() as pilot:
        await settled(pilot)
        assert "next try in 30 s" in text_of(app)


async def test_a_pad_nobody_touches_goes_away_and_forgets(pins, clock):
    app = PadApp(AskPin(pins, "Anna", BRAILLE, clock=clock))
    async with app.run_test() as pilot:
        await settled(pilot)
        await pilot.press("2", "5")
        clock.now_s += IDLE_S - 1
        app.pad.look()
        assert app.left is None
        clock.now_s += 1
        app.pad.look()
        await pilot.pause()
        assert "PIN of Anna" not in text_of(app)
    assert app.left == "left"
    assert app.pad.entry == Entry()


async def test_escape_leads_back(pins):
    app = PadApp(AskPin(pins, "Anna", BRAILLE))
    async with app.run_test() as pilot:
        await settled(pilot)
        await pilot.press("2", "escape")
        await pilot.pause()
    assert app.left == "left"
    assert app.pad.entry == Entry()


async def test_the_screen_goes_on_while_a_pin_is_looked_at(pins, monkeypatch):
    begun, go_on = threading.Event(), threading.Event()

    def slow(*_: object) -> Allowed:
        begun.set()
        go_on.wait(10)
        return Allowed()

    monkeypatch.setattr(pins, "check", slow)
    app = PadApp(AskPin(pins, "Anna", BRAILLE))
    async with app.run_test() as pilot:
        await settled(pilot)
        await pilot.press(*RIGHT, "enter")
        await asyncio.to_thread(begun.wait, 10)
        await pilot.press("1", "enter")
        assert "one moment" in text_of(app)
        go_on.set()
        await settled(pilot)
    assert app.left is True


@pytest.mark.parametrize(
    ("who", "words"),
    [("Ben", "Ben has no PIN yet"), (ADMIN, "beatwise roster pin --admin")],
)
async def test_who_has_none_is_told_so(pins, who, words):
    app = PadApp(AskPin(pins, who, BRAILLE))
    async with app.run_test() as pilot:
        await settled(pilot)
        await typed(pilot, RIGHT)
        assert words in " ".join(text_of(app).split())


async def test_a_disk_that_takes_nothing_is_told(pins, monkeypatch):
    def full(*_: object) -> None:
        raise StoreError("nothing was saved: the disk is full")

    monkeypatch.setattr(pins, "check", full)
    app = PadApp(AskPin(pins, "Anna", BRAILLE))
    async with app.run_test() as pilot:
        await settled(pilot)
        await typed(pilot, RIGHT)
        assert "the disk is full" in text_of(app)
    assert app.left is None


async def test_a_new_pin_is_asked_twice_and_kept(pins):
    app = PadApp(NewPin(pins, "Ben", BRAILLE))
    async with app.run_test() as pilot:
        await typed(pilot, "12")
        assert "4 to 12 digits" in text_of(app)
        await typed(pilot, "1111")
        assert "tries first" in " ".join(text_of(app).replace("│", " ").split())
        await typed(pilot, "1379")
        assert "and once more" in text_of(app)
        await typed(pilot, "1378")
        assert "two different ones" in text_of(app)
        await typed(pilot, "1379")
        await typed(pilot, "1379")
    assert app.left is True
    assert pins.check("Ben", "1379") == Allowed()


async def test_a_name_cannot_draw_on_the_screen(pins):
    hostile = "[red]\x1b[31m\u202eannA[/] 山田 " + "x" * 300
    app = PadApp(AskPin(pins, hostile, ASCII))
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        text = text_of(app)
        assert "[red]" in text
        assert all(line.isprintable() and len(line) <= 80 for line in text.split("\n"))


@pytest.mark.parametrize(
    ("left_s", "words"),
    [(0.2, "1 s"), (30.0, "30 s"), (119.5, "2 min"), (121.0, "3 min"), (3600.0, "60 min")],
)
def test_a_wait_is_told_without_false_precision(left_s, words):
    assert wait_words(left_s) == f"next try in {words}"


@pytest.mark.parametrize(
    ("size", "look"),
    [
        ((80, 24), {"glyphs": BLOCKS, "sixteen_colours": True}),
        ((110, 34), {"glyphs": BRAILLE, "sixteen_colours": False}),
        ((60, 15), {"glyphs": ASCII, "sixteen_colours": True}),
    ],
    ids=["console", "large", "small"],
)
def test_the_pad_looks_as_it_did(snap_compare, pins, clock, size, look):
    pad = AskPin(pins, "Anna", look["glyphs"], clock=clock)

    async def settle(pilot):
        await settled(pilot)
        await pilot.press("2", "5", "8")

    assert snap_compare(scenes.PadApp(pad, **look), terminal_size=size, run_before=settle)
