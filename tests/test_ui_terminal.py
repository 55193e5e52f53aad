"""Which glyphs a terminal is given, and what becomes of text that others wrote."""

import ctypes
import os
import pty
import struct
from array import array
from dataclasses import fields, replace
from pathlib import Path

import pytest
from rich.cells import cell_len

from ui import console_font
from ui.terminal import ASCII, BLOCKS, BRAILLE, GLYPHS, glyphs_for, glyphs_of, in_font, plain

CODE_PAGE_437_AND_ASCII = {chr(code) for code in range(32, 127)} | set("█▀▄░▒─│┌┐◄►▼▲·")


@pytest.mark.parametrize(
    ("environ", "encoding", "glyphs"),
    [
        ({"TERM": "xterm-256color"}, "utf-8", BRAILLE),
        ({"TERM": "foot"}, "UTF8", BRAILLE),
        ({"TERM": "linux"}, "utf-8", BLOCKS),
        ({"TERM": "linux-16color"}, "utf-8", BLOCKS),
        ({"TERM": "vt100"}, "utf-8", BLOCKS),
        ({"TERM": "xterm"}, "iso-8859-1", ASCII),
        ({"TERM": "xterm"}, None, ASCII),
        ({"TERM": "linux", "BEATWISE_GLYPHS": "braille"}, "utf-8", BRAILLE),
        ({"TERM": "xterm", "BEATWISE_GLYPHS": "ASCII"}, "utf-8", ASCII),
        ({"TERM": "xterm", "BEATWISE_GLYPHS": "no such"}, "utf-8", BRAILLE),
        ({}, "utf-8", BRAILLE),
    ],
)
def test_the_terminal_and_its_encoding_decide_and_a_person_overrides(environ, encoding, glyphs):
    assert glyphs_for(environ, encoding) is glyphs


def test_a_console_is_given_only_glyphs_its_font_has():
    drawn = {getattr(BLOCKS, field.name) for field in fields(BLOCKS)} - {"blocks", False, True}
    assert drawn <= CODE_PAGE_437_AND_ASCII


@pytest.mark.parametrize("glyphs", GLYPHS.values(), ids=GLYPHS)
def test_every_glyph_is_one_cell_wide(glyphs):
    for field in fields(glyphs):
        if field.name not in ("drawing", "only_ascii", "solid_by_reverse"):
            assert cell_len(getattr(glyphs, field.name)) == 1


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("Polar H10 A1B2", "Polar H10 A1B2"),
        ("a\nb\tc", "a b c"),
        ("evil\x1b[2Jname\x07", "evil [2Jname "),
        ("right\u202eleft", "right left"),
        ("[bold]x[/bold]", "[bold]x[/bold]"),
    ],
)
def test_text_of_others_becomes_one_harmless_line(text, line):
    assert plain(text) == line


def test_an_ascii_terminal_is_sent_nothing_it_cannot_encode():
    assert plain("Zoë 心", ASCII) == "Zo? ?"


EVERYTHING = frozenset(CODE_PAGE_437_AND_ASCII)


def kernel(characters, ask=console_font.GIO_UNIMAP):
    """What answers like the Linux console: pairs of a character and its glyph."""

    def ioctl(out, request, description):
        assert request == ask
        most, address = struct.unpack("HP", description)
        pairs = array("H", [word for n, one in enumerate(characters) for word in (ord(one), n)])
        assert len(pairs) <= 2 * most
        ctypes.memmove(address, pairs.buffer_info()[0], len(pairs) * 2)
        description[:2] = struct.pack("H", len(characters))

    return ioctl


def test_the_console_is_asked_what_its_font_has():
    with Path(os.devnull).open("w") as out:
        assert console_font.characters(out, kernel("ab█")) == {"a", "b", "█"}
        assert console_font.characters(out) is None, "no console"
    assert console_font.characters(out) is None, "closed"


def test_a_terminal_that_only_says_that_it_is_a_console_is_believed(monkeypatch):
    monkeypatch.setenv("TERM", "linux")
    monkeypatch.delenv("BEATWISE_GLYPHS", raising=False)
    master, slave = pty.openpty()
    os.close(master)
    with os.fdopen(slave, "w", encoding="utf-8") as out:
        assert glyphs_of(out) is BLOCKS
    assert glyphs_of(None) is ASCII


def test_only_a_console_is_asked(monkeypatch):
    monkeypatch.setenv("TERM", "foot")
    monkeypatch.setattr(console_font, "characters", None)
    with Path(os.devnull).open("w", encoding="utf-8") as out:
        assert glyphs_of(out) is BRAILLE


def test_a_font_without_half_blocks_gets_whole_cells_and_keeps_the_names():
    glyphs = glyphs_for({"TERM": "linux"}, "utf-8", EVERYTHING - set("▀▄◄►"))
    assert (glyphs.drawing, glyphs.solid, glyphs.shade, glyphs.rule) == ("ascii", "█", "░", "─")
    assert glyphs.arrow_left + glyphs.arrow_right == "<>"
    assert plain("Zoë", glyphs) == "Zoë"
    used = {getattr(glyphs, field.name) for field in fields(glyphs)} - {"ascii", False, True}
    assert used <= EVERYTHING - set("▀▄◄►")


def test_what_a_font_lacks_is_replaced_one_by_one():
    assert in_font(EVERYTHING) == BLOCKS
    assert in_font(EVERYTHING - {"▼"}) == replace(BLOCKS, down="v")
    assert in_font({chr(code) for code in range(32, 127)}) == replace(
        ASCII, only_ascii=False, solid_by_reverse=False
    )
