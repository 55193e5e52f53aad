"""A ring that empties, and a disc in it to breathe with: what is seen for three minutes.

The disc moves several times a second, also on a small board: what can be worked out once for a
size is, and each frame is put together from whole stretches of characters.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import TYPE_CHECKING, ClassVar

from textual.reactive import reactive

from ui.morning_gauges import ViewPicture
from ui.picture import Row
from ui.terminal import Glyphs

if TYPE_CHECKING:
    from device.morning_view import MorningView

RING_INNER = 0.86
GONE_INNER, GONE_OUTER = 0.90, 0.96
"""What has passed stays as a thinner, shaded ring."""
STEPS = 360
"""The ring shrinks in so many steps: as fine as the largest terminal shows."""
SMALLEST_BREATH, LARGEST_BREATH = 0.22, 0.72
"""Radius of the disc when the lungs are empty and when they are full, in that of the ring."""
LEFT, GONE, BREATH = "lgb"


class Countdown(ViewPicture):
    """There is no number in it: nothing to steer."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "countdown--left",
        "countdown--gone",
        "countdown--breath",
    }
    STYLES: ClassVar[dict[str, str]] = {
        LEFT: "countdown--left",
        GONE: "countdown--gone",
        BREATH: "countdown--breath",
    }

    breath: reactive[float | None] = reactive(None, repaint=False)
    """-1 empty to 1 full; moved between the views, so that it does not jerk."""

    def fact_of(self, view: MorningView) -> int:
        """How much of this phase is left, in steps of the ring."""
        if view.remaining_s is None or not view.total_s:
            return 0
        return round(STEPS * max(0.0, min(1.0, view.remaining_s / view.total_s)))

    def watch_breath(self) -> None:
        """Move the disc."""
        self.changed()

    def draw(self, width: int, height: int) -> list[Row]:
        """The ring as large as there is room for."""
        size = min(width, 2 * height) // 2 * 2
        rows = ring(size, self.shown if isinstance(self.shown, int) else 0, self.glyphs)
        if self.breath is not None:
            full = (self.breath + 1) / 2
            radius = SMALLEST_BREATH + full * (LARGEST_BREATH - SMALLEST_BREATH)
            rows = with_disc(rows, radius, self.glyphs)
        left = " " * ((width - size) // 2)
        above = (height - len(rows)) // 2
        return [("", "")] * above + [(left + text, left + letters) for text, letters in rows]


@lru_cache(4)
def ring(size: int, steps: int, glyphs: Glyphs) -> list[Row]:
    """A ring of ``size`` pixels that empties clockwise from the top, ``steps`` of it left."""
    left = [[0] * size for _ in range(size // 2)]
    gone = [[False] * size for _ in range(size // 2)]
    for x, y, turned, thin in _pixels(size):
        if turned >= STEPS - steps:
            left[y // 2][x] |= 1 + y % 2
        gone[y // 2][x] |= thin
    faces = ("", glyphs.upper, glyphs.lower, glyphs.solid)
    if glyphs.drawing == "ascii":
        faces = ("", glyphs.solid, glyphs.solid, glyphs.solid)
    rows = []
    for masks, thin_cells in zip(left, gone, strict=True):
        cells = list(zip(masks, thin_cells, strict=True))
        text = "".join(faces[m] if m else glyphs.shade if thin else " " for m, thin in cells)
        letters = "".join(LEFT if m else GONE if thin else " " for m, thin in cells)
        rows.append((text, letters))
    return rows


@lru_cache(4)
def _pixels(size: int) -> list[tuple[int, int, float, bool]]:
    """Each pixel of the ring: where it is, at which step it goes, if it is of the thin ring."""
    found = []
    for row in range(size):
        for column in range(size):
            x, y = (2 * column + 1) / size - 1, (2 * row + 1) / size - 1
            away = math.hypot(x, y)
            if RING_INNER <= away <= 1.0:
                turned = math.atan2(x, -y) / math.tau % 1.0 * STEPS
                found.append((column, row, turned, GONE_INNER <= away <= GONE_OUTER))
    return found


def with_disc(rows: list[Row], radius: float, glyphs: Glyphs) -> list[Row]:
    """The same with a disc in the middle; ``radius`` is a share of that of the ring."""
    middle = len(rows)

    def reach(y: int) -> int:
        """Pixels to either side in one line of pixels."""
        above = (2 * y + 1) / (2 * middle) - 1
        return round(math.sqrt(max(0.0, radius * radius - above * above)) * middle)

    drawn = []
    for at, (text, letters) in enumerate(rows):
        upper, lower = reach(2 * at), reach(2 * at + 1)
        most, least = max(upper, lower), min(upper, lower)
        edge = glyphs.upper if upper > lower else glyphs.lower
        if glyphs.drawing == "ascii":
            edge = glyphs.solid
        side = edge * (most - least)
        disc = f"{side}{glyphs.solid * (2 * least)}{side}"
        drawn.append(
            (
                text[: middle - most] + disc + text[middle + most :],
                letters[: middle - most] + BREATH * len(disc) + letters[middle + most :],
            )
        )
    return drawn
