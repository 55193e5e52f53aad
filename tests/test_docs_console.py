"""The pictures of a Linux console: its rules, its font, and that every screen is drawn with it."""

import html
import re
import struct
import sys
import zlib
from pathlib import Path

import pytest
import ui_board_scenes as board
import ui_morning_scenes as mornings
import ui_scenes as scenes
from test_live_terminal import terminal

from ui.app import BeatwiseApp
from ui.terminal import BLOCKS

sys.path.append(str(Path(__file__).parent.parent / "docs"))

from console_picture import FONTS, PALETTE, ConsoleFont, png, screen_of
from linux_console import Cell, LinuxConsole

SNAPSHOTS = Path(__file__).parent / "__snapshots__"
CONSOLE = {"glyphs": BLOCKS, "sixteen_colours": True}
needs_font = pytest.mark.skipif(
    not (FONTS / "Uni2-Terminus16.psf.gz").exists(), reason="console-setup-linux is not here"
)


@pytest.mark.parametrize(
    ("style", "colour", "paper"),
    [
        ("", 7, 0),
        ("31;44", 1, 4),
        ("1;30;47", 8, 7),  # bold black is dark grey
        ("92", 10, 0),
        ("92;22", 2, 0),  # bright is only bold
        ("103", 7, 3),  # a bright background is none, with 512 glyphs
        ("7", 0, 7),
        ("92;7", 8, 2),  # reversed, a bright colour's darker half, and the dark one's brighter
        ("2;31", 8, 0),
        ("4", 6, 0),
        ("3;31", 2, 0),
        ("31;39;44;49", 7, 0),
    ],
)
def test_a_style_becomes_two_colours(style: str, colour: int, paper: int) -> None:
    console = LinuxConsole(4, 1)
    console.write(f"\x1b[{style}mx")
    assert console.cells[0][0] == Cell("x", colour, paper)


@pytest.mark.parametrize(
    ("sent", "lines"),
    [
        ("ab\r\ncd", ["ab   ", "cd   "]),
        ("abcdef", ["abcde", "f    "]),
        ("abcde\r\nf", ["abcde", "f    "]),
        ("a\r\nb\r\nc", ["b    ", "c    "]),
        ("\x1b[2;3Hx\x1b[H\x1b[1Cy", [" y   ", "  x  "]),
        ("abc\x1b[2D\x1b[Kx", ["ax   ", "     "]),
        ("abc\x1b[2J", ["     ", "     "]),
        ("\x1b]0;title\x07\x1b[?1000h\x1b[>1u\x1b[?2026$pa\x1bP+q\x1b\\b", ["ab   ", "     "]),
        ("\x07a\tb", ["ab   ", "     "]),
    ],
)
def test_where_characters_stand(sent: str, lines: list[str]) -> None:
    console = LinuxConsole(5, 2)
    console.write(sent)
    assert console.text() == lines


def dots_of(picture: bytes) -> list[bytes]:
    """The rows of a picture of ours, a byte a pair of dots."""
    at = picture.index(b"IDAT")
    (size,) = struct.unpack(">I", picture[at - 4 : at])
    raw = zlib.decompress(picture[at + 4 : at + 4 + size])
    width, height = struct.unpack(">2I", picture[16:24])
    row_bytes = 1 + width // 2
    assert len(raw) == row_bytes * height
    return [raw[y * row_bytes + 1 : (y + 1) * row_bytes] for y in range(height)]


@needs_font
def test_a_picture_has_the_dots_of_the_font() -> None:
    console = LinuxConsole(2, 1)
    console.write("\x1b[92;44m█\x1b[0m▄")
    rows = dots_of(png(console, ConsoleFont()))
    assert set(rows[:8]) == {b"\xaa" * 4 + b"\x00" * 4}
    assert set(rows[8:]) == {b"\xaa" * 4 + b"\x77" * 4}


@needs_font
def test_what_the_font_lacks_is_drawn_as_its_replacement() -> None:
    font = ConsoleFont()
    assert font.dots(Cell("⠿")) == font.dots(Cell("\ufffd")) != font.dots(Cell(" "))
    del font.glyphs["\ufffd"]
    assert font.dots(Cell("⠿")) == font.dots(Cell("?", 0, 7)), "a question mark, reversed"


def drawn_on_consoles() -> dict[str, set[str]]:
    """By the picture of a test, the characters of each screen that was drawn for a console."""
    pictures = (path for path in SNAPSHOTS.rglob("*.svg") if "console" in path.name)
    line = re.compile(r'<text class="[^"]*-r\d+"[^>]*>([^<]*)</text>')
    return {
        path.name: {
            character
            for text in line.findall(path.read_text())
            for character in html.unescape(text)
        }
        - {"\n"}
        for path in pictures
        # Names in letters that no console of Europe has.
        if not any(part in path.name for part in ("hostile", "names_that_would_break_it"))
    }


@needs_font
def test_the_font_has_every_character_of_every_screen() -> None:
    known = set(ConsoleFont().glyphs)
    drawn = drawn_on_consoles()
    assert len(drawn) > 50
    assert {BLOCKS.upper, BLOCKS.solid} <= set().union(*drawn.values())
    lacking = {name: characters - known for name, characters in drawn.items()}
    assert not {name: missing for name, missing in lacking.items() if missing}


@needs_font
@pytest.mark.parametrize(
    "app", [scenes.app(scenes.live(), **CONSOLE), board.wall(*board.EIGHT, **CONSOLE)]
)
async def test_a_screen_is_shown_as_it_is_sent(app) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await scenes.settle(pilot)
        console = screen_of(app)
        assert [line.rstrip() for line in console.text()] == scenes.lines_of(app)
        assert len({cell.colour for line in console.cells for cell in line}) > 2


def luminance(colour: int) -> float:
    """Of a colour of the palette, after WCAG 2.2."""
    parts = (part / 255 for part in PALETTE[3 * colour : 3 * colour + 3])
    linear = [one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in parts]
    return sum(weight * one for weight, one in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(cell: Cell) -> float:
    """How far apart the two colours of a cell are, from 1 to 21."""
    darker, lighter = sorted(map(luminance, (cell.colour, cell.paper)))
    return (lighter + 0.05) / (darker + 0.05)


LEGIBLE = 3.9
"""Black on the console's brown; WCAG asks 3 of large letters and of what is no text."""

TELLING = (
    *("home", "board", "over", "under", "stale", "paused", "details", "ramp-result"),
    *("before-easy", "ready", "settle", "record", "trouble", "stand_up"),
)


def app_of(name: str) -> tuple[BeatwiseApp, tuple[str, ...]]:
    if name in scenes.STATES:
        return scenes.app(scenes.STATES[name], **CONSOLE), ()
    if name in scenes.SCENES:
        return scenes.SCENES[name](**CONSOLE)
    if name in mornings.VIEWS:
        return mornings.app(mornings.VIEWS[name], **CONSOLE), ("f", "4") if name == "settle" else ()
    return {"home": scenes.app(**CONSOLE), "board": board.wall(*board.EIGHT, **CONSOLE)}[name], ()


@pytest.mark.parametrize("name", TELLING)
async def test_every_word_on_a_console_stands_out_from_its_ground(name: str) -> None:
    app, keys = app_of(name)
    async with app.run_test(size=(80, 24)) as pilot:
        await scenes.shown_after(pilot, *keys)
        cells = [cell for line in screen_of(app).cells for cell in line]
    dim = {cell for cell in cells if cell.character.isalnum() and contrast(cell) < LEGIBLE}
    assert not dim


@needs_font
def test_the_program_itself_sends_a_console_nothing_it_cannot_show(tmp_path: Path) -> None:
    words = ("live", "--source", "sim:7@20", "--data", str(tmp_path))
    with terminal(*words, term="linux") as one:
        one.until("bpm", "inside")
        console = LinuxConsole()
        console.write(one.drawn.decode(errors="ignore"))
        one.process.terminate()
        one.ended()
    shown = {character for line in console.text() for character in line}
    assert "bpm" in "".join(console.text())
    assert shown <= set(ConsoleFont().glyphs)
