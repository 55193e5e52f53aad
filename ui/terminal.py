"""What the terminal can draw: which glyphs, how many colours. Asked, never guessed from its size.

A Linux console has 16 colours and a font of 256 or 512 glyphs: box drawing is in it, half blocks
in some, braille in none; so its font is asked for. Overridable with ``BEATWISE_GLYPHS``.
"""

import os
import re
from collections.abc import Mapping, Set
from dataclasses import dataclass, fields, replace
from typing import Any, Literal, TextIO

from ui import console_font

Drawing = Literal["braille", "blocks", "ascii"]

CONSOLES = ("linux", "vt100", "vt102", "vt220", "ansi", "cons25")
"""Values of TERM whose fonts are those of code page 437 at best."""


@dataclass(frozen=True, slots=True)
class Glyphs:
    """The characters one kind of terminal has for what we draw; each one cell wide."""

    drawing: Drawing
    only_ascii: bool = False
    """Whether even a name is written without accents."""
    solid: str = "█"
    solid_by_reverse: bool = True
    """Draw solid cells as reversed spaces: seamless in any font, and a third of the bytes.

    Not on a Linux console, which reverses a bright colour into its darker half."""
    upper: str = "▀"
    lower: str = "▄"
    shade: str = "░"
    half_shade: str = "▒"
    rule: str = "─"
    wall: str = "│"
    corner_left: str = "┌"
    corner_right: str = "┐"
    arrow_left: str = "◄"
    arrow_right: str = "►"
    down: str = "▼"
    up: str = "▲"
    dot: str = "·"
    artefact: str = "x"


BRAILLE = Glyphs("braille")
BLOCKS = Glyphs("blocks", solid_by_reverse=False)
ASCII = Glyphs(
    "ascii",
    only_ascii=True,
    solid="#",
    upper=" ",
    lower=" ",
    shade=":",
    half_shade="+",
    rule="-",
    wall="|",
    corner_left="+",
    corner_right="+",
    arrow_left="<",
    arrow_right=">",
    down="v",
    up="^",
    dot="-",
)
GLYPHS: dict[str, Glyphs] = {glyphs.drawing: glyphs for glyphs in (BRAILLE, BLOCKS, ASCII)}


def glyphs_of(out: TextIO | None) -> Glyphs:
    """The richest glyphs of the terminal that ``out`` goes to, which is asked."""
    encoding = None if out is None else out.encoding
    font = None
    if out is not None and is_console(os.environ):
        font = console_font.characters(out)
    return glyphs_for(os.environ, encoding, font)


def glyphs_for(
    environ: Mapping[str, str], encoding: str | None, font: Set[str] | None = None
) -> Glyphs:
    """The richest glyphs this terminal is known to have; ``font`` is all that a console's has."""
    if (chosen := GLYPHS.get(environ.get("BEATWISE_GLYPHS", "").lower())) is not None:
        return chosen
    if (encoding or "ascii").lower().replace("-", "").replace("_", "") != "utf8":
        return ASCII
    if not is_console(environ):
        return BRAILLE
    return BLOCKS if font is None else in_font(font)


def is_console(environ: Mapping[str, str]) -> bool:
    """Whether it is Linux' own: sixteen colours, one font, and no second screen to draw on."""
    return environ.get("TERM", "").split("-")[0] in CONSOLES


def in_font(font: Set[str]) -> Glyphs:
    """Blocks, and where a font lacks one of them, what ASCII has for it.

    Without half blocks, curves and figures are drawn in whole cells; names keep their letters.
    """
    halves = {BLOCKS.upper, BLOCKS.lower}
    base = BLOCKS if halves <= font else replace(ASCII, only_ascii=False, solid_by_reverse=False)
    faces: dict[str, Any] = {}
    for one in fields(Glyphs):
        face = getattr(BLOCKS, one.name)
        if isinstance(face, str) and one.name != "drawing" and face not in halves:
            faces[one.name] = face if face in font else getattr(ASCII, one.name)
    return replace(base, **faces)


_LEFTWARD = "\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff"
"""Hebrew, Arabic and the other scripts that are written to the left, with their accents."""
_WRITTEN_LEFTWARD = re.compile(f"[{_LEFTWARD}]+(?:[ '-]+[{_LEFTWARD}]+)*")
TURN_BACK = "\u200e"
"""An invisible letter of a script that is written to the right (LEFT-TO-RIGHT MARK)."""


def turned_back(text: str) -> str:
    """Words that are written to the left, each with a mark behind it that the next goes right.

    A terminal that reorders (VTE, Konsole) turns what stands between two such words with them:
    without the mark a number is seen before its name, and a tile in the place of its neighbour.
    """
    return text if text.isascii() else _WRITTEN_LEFTWARD.sub(rf"\g<0>{TURN_BACK}", text)


def plain(text: str, glyphs: Glyphs = BRAILLE) -> str:
    """Untrusted text as one harmless line: no control, format or line-breaking characters.

    But for the one mark that keeps a word written to the left from turning what follows it; a
    console reorders nothing.
    """
    line = "".join(
        character if character.isprintable() else " " for character in " ".join(text.split())
    )
    if glyphs.drawing == "braille":
        return turned_back(line)
    return line.encode("ascii", "replace").decode() if glyphs.only_ascii else line
