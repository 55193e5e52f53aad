"""Which glyphs a terminal is given, and what becomes of text that others wrote."""

from dataclasses import fields

import pytest
from rich.cells import cell_len

from ui.terminal import ASCII, BLOCKS, BRAILLE, GLYPHS, glyphs_for, plain

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
        if field.name not in ("drawing", "solid_by_reverse"):
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
