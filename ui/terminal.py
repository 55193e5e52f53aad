"""What the terminal can draw: which glyphs, how many colours. Asked, never guessed from its size.

A Linux console has 16 colours and a font of 256 or 512 glyphs: box drawing and half blocks are
in it, braille is not. Overridable with ``BEATWISE_GLYPHS``, for fonts that know more or less.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Drawing = Literal["braille", "blocks", "ascii"]

CONSOLES = ("linux", "vt100", "vt102", "vt220", "ansi", "cons25")
"""Values of TERM whose fonts are those of code page 437 at best."""


@dataclass(frozen=True, slots=True)
class Glyphs:
    """The characters one kind of terminal has for what we draw; each one cell wide."""

    drawing: Drawing
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


def glyphs_for(environ: Mapping[str, str], encoding: str | None) -> Glyphs:
    """The richest glyphs this terminal is known to have."""
    if (chosen := GLYPHS.get(environ.get("BEATWISE_GLYPHS", "").lower())) is not None:
        return chosen
    if (encoding or "ascii").lower().replace("-", "").replace("_", "") != "utf8":
        return ASCII
    return BLOCKS if environ.get("TERM", "").split("-")[0] in CONSOLES else BRAILLE


def plain(text: str, glyphs: Glyphs = BRAILLE) -> str:
    """Untrusted text as one harmless line: no control, format or line-breaking characters."""
    line = "".join(
        character if character.isprintable() else " " for character in " ".join(text.split())
    )
    return line.encode("ascii", "replace").decode() if glyphs.drawing == "ascii" else line
