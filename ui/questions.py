"""A coach's questions to a whole room, each in one key, and their answers in words."""

from __future__ import annotations

from collections import Counter
from operator import add
from typing import TYPE_CHECKING, Literal

from ui import words
from ui.tile_words import beats_off, look_of

if TYPE_CHECKING:
    from device.tile import Tile

Question = Literal["over", "stale", "no strap"]

KEYS: dict[str, Question] = {"o": "over", "s": "stale", "n": "no strap"}
NOBODY: dict[Question, tuple[str, ...]] = {
    "over": ("nobody is over",),
    "stale": ("nobody is stale",),
    "no strap": ("everybody has a strap", "all have a strap"),
}


def concerned(question: Question, tile: Tile) -> bool:
    """Whether a question is about this athlete."""
    return look_of(tile) == question


def answer(question: Question, tiles: tuple[Tile, ...]) -> tuple[str, ...]:
    """Who it is: "over: Anna +6, Ben +3", the most of it first. Names are untrusted.

    In several lengths, the longest first: with whole names, with first names where those are
    enough to tell who it is, without numbers, and without the question itself.
    """
    found = [tile for tile in tiles if concerned(question, tile)]
    if not found:
        return NOBODY[question]
    match question:
        case "over":
            found.sort(key=beats_off, reverse=True)
            numbers = [f" {beats_off(tile):+d}" for tile in found]
        case "stale":
            found.sort(key=lambda tile: tile.silent_s or 0.0, reverse=True)
            numbers = [f" {words.spell_out(tile.silent_s)}" for tile in found]
        case "no strap":
            numbers = [""] * len(found)
    names = [tile.athlete for tile in found]
    short = first_names(names, [tile.athlete for tile in tiles])
    said = ([*map(add, names, numbers)], [*map(add, short, numbers)], short)
    return *(f"{question}: {', '.join(who)}" for who in said), ", ".join(short)


def first_names(names: list[str], everybody: list[str]) -> list[str]:
    """The first names; the whole name of somebody who shares theirs with another."""
    taken = Counter(name.split()[0] for name in everybody if name.split())
    return [
        first if (first := "".join(name.split()[:1])) and taken[first] == 1 else name
        for name in names
    ]


def tally(tiles: tuple[Tile, ...]) -> str:
    """How many are here, and how many of them somebody should look at."""
    if not tiles:
        return "nobody is training"
    counts = [(sum(concerned(each, tile) for tile in tiles), each) for each in KEYS.values()]
    return ", ".join([f"{len(tiles)} here", *(f"{n} {each}" for n, each in counts if n)])
