"""A coach's questions to a whole room, each in one key, and their answers in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from ui import words
from ui.tile_words import beats_off, look_of

if TYPE_CHECKING:
    from device.tile import Tile

Question = Literal["over", "stale", "no strap"]

KEYS: dict[str, Question] = {"o": "over", "s": "stale", "n": "no strap"}
NOBODY: dict[Question, str] = {
    "over": "nobody is over",
    "stale": "nobody is stale",
    "no strap": "everybody has a strap",
}


def concerned(question: Question, tile: Tile) -> bool:
    """Whether a question is about this athlete."""
    return look_of(tile) == question


def answer(question: Question, tiles: tuple[Tile, ...]) -> str:
    """Who it is: "over: Anna +6, Ben +3", the most of it first. Names are untrusted."""
    found = [tile for tile in tiles if concerned(question, tile)]
    if not found:
        return NOBODY[question]
    match question:
        case "over":
            found.sort(key=beats_off, reverse=True)
            said = [f"{tile.athlete} {beats_off(tile):+d}" for tile in found]
        case "stale":
            found.sort(key=lambda tile: tile.silent_s or 0.0, reverse=True)
            said = [f"{tile.athlete} {words.spell_out(tile.silent_s)}" for tile in found]
        case "no strap":
            said = [tile.athlete for tile in found]
    return f"{question}: {', '.join(said)}"


def tally(tiles: tuple[Tile, ...]) -> str:
    """How many are here, and how many of them somebody should look at."""
    if not tiles:
        return "nobody is training"
    counts = [(sum(concerned(each, tile) for tile in tiles), each) for each in KEYS.values()]
    return ", ".join([f"{len(tiles)} here", *(f"{n} {each}" for n, each in counts if n)])
