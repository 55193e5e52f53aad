"""What a tile says, in words: each of them in several lengths, the longest that fits is taken."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Literal

from device.tile import TileState
from ui import words

if TYPE_CHECKING:
    from device.tile import Tile

Look = Literal[TileState, "waiting", "stale"]
"""How a tile looks; whatever its state, an old number is never shown as a live one."""

WORDS: dict[Look, str] = {
    "inside": "INSIDE",
    "over": "OVER",
    "under": "UNDER",
    "warming up": "WARM-UP",
    "unknown": "UNKNOWN",
    "waiting": "WAITING",
    "stale": "STALE",
    "paused": "PAUSED",
    "no strap": "NO STRAP",
}


def look_of(tile: Tile) -> Look:
    """What a tile is to look like."""
    if tile.state == "no strap":
        return "no strap"
    if tile.state == "paused":
        return "paused"
    if tile.freshness == "stale":
        return "stale"
    if tile.freshness == "none":
        return "waiting"
    return "unknown" if tile.hr_bpm is None else tile.state


def is_live(tile: Tile) -> bool:
    """Whether the heart rate holds now."""
    return tile.hr_bpm is not None and tile.freshness in ("fresh", "ageing")


def figures(tile: Tile) -> str:
    """The heart rate, live or the last one; empty where none is known."""
    bpm = tile.hr_bpm if is_live(tile) else tile.last_hr_bpm
    if bpm is None or look_of(tile) in ("waiting", "no strap"):
        return ""
    return f"{bpm:.0f}"[:3]


def beats_off(tile: Tile) -> int:
    """Whole beats above the ceiling, negative below the floor."""
    off = tile.beats_off or 0.0
    return int(math.copysign(math.floor(abs(off) + words.ABOUT), off))


def state_words(tile: Tile) -> tuple[str, ...]:
    """The state, by how many beats or for how long."""
    look = look_of(tile)
    word = WORDS[look]
    if look in ("over", "under") and (off := beats_off(tile)):
        return (f"{word} {off:+d}", word)
    if look == "unknown" and is_live(tile) and tile.ceiling_bpm is None and tile.floor_bpm is None:
        return ("NO RANGE",)
    if look == "stale" and tile.silent_s is not None:
        return (f"{word} {words.spell_out(tile.silent_s)}", word)
    if tile.freshness == "ageing" and tile.silent_s is not None:
        since = words.spell_out(tile.silent_s)
        return (f"{word}  {since} old", f"{word} {since}", word)
    return (word,)


def intended(tile: Tile) -> tuple[str, ...]:
    """Purpose and range: "easy to 142", "steady 128-142"; ``~`` marks an estimate."""
    floor, ceiling = tile.floor_bpm, tile.ceiling_bpm
    about = "~" if tile.estimate else ""
    if floor is not None and ceiling is not None:
        bounds = f"{about}{floor:.0f}-{ceiling:.0f}"
    elif ceiling is not None:
        bounds = f"to {about}{ceiling:.0f}"
    elif floor is not None:
        bounds = f"from {about}{floor:.0f}"
    else:
        return (tile.purpose,)
    return (f"{tile.purpose} {bounds}", tile.purpose)


def time_inside(tile: Tile, *, seconds: bool = False) -> tuple[str, ...]:
    """The reward; where nothing can be inside of anything, how long it has been going on.

    In whole minutes: thirty clocks that tick are no calm wall, and each tick is drawn.
    """
    inside_s = tile.time_inside_s
    spent_s = tile.running_s if inside_s is None else inside_s
    time = words.clock(spent_s) if seconds else f"{int(spent_s) // 60} min"
    if inside_s is None:
        return (time,)
    return (f"{time} as intended", f"{time} inside", f"{time} in", time)


def mark(tile: Tile) -> tuple[str, ...]:
    """What is unusual about this one."""
    if tile.broadcast_only:
        return ("heart rate only", "HR only", "HR")
    return ("guest",) if tile.guest else ()


def longest(choices: tuple[str, ...], width: int) -> str:
    """The longest that fits; the last one where none does."""
    return next((text for text in choices if len(text) <= width), choices[-1] if choices else "")
