"""Round and pointed shapes as pixels: the symbols of the four verdicts, an arrow.

A shape is a question asked of every pixel: does this point belong to it? Points run from -1 to 1
in both directions, y downwards, so that a shape has no size of its own.
"""

import math
from collections.abc import Callable
from itertools import pairwise

from ui.lettering import Pixels, to_text
from ui.terminal import Glyphs

Shape = Callable[[float, float], bool]

Point = tuple[float, float]


def pixels(shape: Shape, width: int, height: int) -> Pixels:
    """Ask a shape of each of ``width`` by ``height`` pixels, at its middle."""
    return [
        [shape((2 * x + 1) / width - 1, (2 * y + 1) / height - 1) for x in range(width)]
        for y in range(height)
    ]


def disc(radius: float) -> Shape:
    """All within ``radius`` of the middle."""
    return lambda x, y: x * x + y * y <= radius * radius


def ring(inner: float, outer: float = 1.0) -> Shape:
    """Between two circles."""
    return lambda x, y: inner * inner <= x * x + y * y <= outer * outer


def stroke(*points: Point, thick: float) -> Shape:
    """A line of so much half width through some points, with round ends."""

    def shape(x: float, y: float) -> bool:
        return any(_distance((x, y), start, end) <= thick for start, end in pairwise(points))

    return shape


def without(shape: Shape, hole: Shape) -> Shape:
    """A shape with a hole in it."""
    return lambda x, y: shape(x, y) and not hole(x, y)


def triangle(x: float, y: float) -> bool:
    """Standing on its base."""
    return -0.9 <= y <= 0.85 and abs(x) <= 0.55 * (y + 0.95)


def pointing_up(x: float, y: float) -> bool:
    """A triangle from edge to edge, which keeps its shape in a few pixels."""
    return abs(x) <= 0.55 * (y + 1)


def arrow_up(x: float, y: float) -> bool:
    """A broad arrow."""
    head = -0.95 <= y <= -0.1 and abs(x) <= 1.05 * (y + 0.95)
    return head or (-0.1 <= y <= 0.95 and abs(x) <= 0.36)


TICK: Shape = stroke((-0.72, 0.08), (-0.22, 0.6), (0.74, -0.58), thick=0.2)
CAUTION: Shape = without(
    triangle, lambda x, y: abs(x) <= 0.11 and (-0.35 <= y <= 0.32 or 0.48 <= y <= 0.7)
)
STOP: Shape = without(disc(0.95), lambda x, y: abs(y) <= 0.17 and abs(x) <= 0.6)
OPEN: Shape = ring(0.68, 0.95)


def cells(letter: str, picture: Pixels, glyphs: Glyphs) -> list[tuple[str, str]]:
    """Rows of characters and of style letters. Without half blocks any dot fills its cell."""
    if glyphs.drawing == "ascii":
        picture = [
            [high or low for high, low in zip(upper, lower, strict=True)]
            for upper, lower in zip(picture[::2], picture[1::2], strict=False)
            for _ in range(2)
        ]
    rows = to_text(picture, glyphs)
    return [(row, "".join(" " if cell == " " else letter for cell in row)) for row in rows]


def _distance(point: Point, start: Point, end: Point) -> float:
    """From a point to a stretch of line."""
    (x, y), (x0, y0), (x1, y1) = point, start, end
    along = (x - x0) * (x1 - x0) + (y - y0) * (y1 - y0)
    share = max(0.0, min(1.0, along / ((x1 - x0) ** 2 + (y1 - y0) ** 2)))
    return math.hypot(x - x0 - share * (x1 - x0), y - y0 - share * (y1 - y0))
