"""Draws a Linux console's screen as a PNG: its own font, dot by dot, and its own sixteen colours.

A character that the font lacks is drawn as the console would: as the font's replacement, or as a
reversed question mark.
"""

import gzip
import runpy
import struct
import zlib
from io import StringIO
from pathlib import Path

from linux_console import Cell, LinuxConsole
from rich.console import Console
from textual.app import App

_FONT = runpy.run_path(str(Path(__file__).parent.parent / "deploy/kiosk/console_font.py"))
FONTS = Path("/usr/share/consolefonts")
PALETTE = bytes.fromhex(
    "000000aa000000aa00aa55000000aaaa00aa00aaaaaaaaaa"
    "555555ff555555ff55ffff555555ffff55ff55ffffffffff"
)
"""The kernel's, in the order of the numbers in escape sequences."""


class ConsoleFont:
    """A font as the kiosk loads it: of Debian's, with half blocks and arrowheads put in."""

    def __init__(self, name: str = "Uni2-Terminus16") -> None:
        path = FONTS / f"{name}.psf.gz"
        if not path.exists():
            raise FileNotFoundError(f"{path} is missing: sudo apt install console-setup-linux")
        made = _FONT["with_blocks"](gzip.decompress(path.read_bytes()))
        self.width, self.height, bitmaps, names = _FONT["taken_apart"](made)
        self.glyphs: dict[str, bytes] = {
            character: bitmap
            for bitmap, known in zip(bitmaps, names, strict=True)
            for character in known
        }

    def dots(self, cell: Cell) -> list[list[int]]:
        """The palette's number of each dot of a cell."""
        glyph = self.glyphs.get(cell.character, self.glyphs.get("\ufffd"))
        colour, paper = cell.colour, cell.paper
        if glyph is None:
            glyph, colour, paper = self.glyphs["?"], paper, colour
        row_bytes = len(glyph) // self.height
        rows = (glyph[at : at + row_bytes] for at in range(0, len(glyph), row_bytes))
        leftmost = row_bytes * 8 - 1
        return [
            [colour if row >> leftmost - x & 1 else paper for x in range(self.width)]
            for row in (int.from_bytes(row, "big") for row in rows)
        ]


def screen_of(app: App[object]) -> LinuxConsole:
    """What a console shows of an app, from the bytes that Textual would write to it."""
    columns, lines = app.size
    drawn = app.screen._compositor.render_update(  # noqa: SLF001 - Textual's driver does the same
        full=True,
        screen_stack=app._background_screens,  # noqa: SLF001
    )
    sixteen = Console(
        file=StringIO(),
        force_terminal=True,
        color_system="standard",
        legacy_windows=False,
        width=columns,
        height=lines,
    )
    console = LinuxConsole(columns, lines)
    console.write(drawn.render_segments(sixteen))
    return console


def png(console: LinuxConsole, font: ConsoleFont) -> bytes:
    """The whole screen; four bits a dot."""
    drawn: dict[Cell, list[list[int]]] = {}
    rows = []
    for line in console.cells:
        cells = [drawn.setdefault(cell, font.dots(cell)) for cell in line]
        for y in range(font.height):
            dots = [dot for cell in cells for dot in cell[y]]
            pairs = zip(dots[::2], [*dots[1::2], 0], strict=False)
            rows.append(b"\0" + bytes(left << 4 | right for left, right in pairs))
    size = (console.columns * font.width, console.lines * font.height)
    head = struct.pack(">2I5B", *size, 4, 3, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        _chunk(kind, body)
        for kind, body in (
            (b"IHDR", head),
            (b"PLTE", PALETTE),
            (b"IDAT", zlib.compress(b"".join(rows), 9)),
            (b"IEND", b""),
        )
    )


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
