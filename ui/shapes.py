"""Round and pointed shapes as pixels: a ring that empties, a disc that breathes, four symbols.

A shape is a question asked of every pixel: does this point belong to it? Points run from -1 to 1
in both directions, y downwards, so that a shape has no size of its own.
"""

import math
from collections.abc import Callable
from itertools import pairwise

from ui.lettering import Pixels
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


def arc(inner: float, share: float, outer: float = 1.0) -> Shape:
    """What is left of a ring that empties clockwise from the top; ``share`` 1 is all of it."""
    whole = ring(inner, outer)

    def shape(x: float, y: float) -> bool:
        turned = math.atan2(x, -y) / math.tau % 1.0
        return whole(x, y) and turned >= 1.0 - share

    return shape


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


TICK: Shape = stroke((-0.72, 0.08), (-0.22, 0.6), (0.74, -0.58), thick=0.2)
CAUTION: Shape = without(
    triangle, lambda x, y: abs(x) <= 0.11 and (-0.35 <= y <= 0.32 or 0.48 <= y <= 0.7)
)
STOP: Shape = without(disc(0.95), lambda x, y: abs(y) <= 0.17 and abs(x) <= 0.6)
OPEN: Shape = ring(0.68, 0.95)
ARROW_UP: Shape = stroke((-0.6, -0.2), (0.0, -0.78), (0.6, -0.2), thick=0.17)


def cells(layers: list[tuple[str, Pixels]], glyphs: Glyphs) -> list[tuple[str, str]]:
    """Rows of characters and of style letters; of two layers in a cell the first one is seen.

    A layer whose letter is a capital is shaded, the others are solid. Without half blocks a cell
    is solid wherever anything is in it.
    """
    height = len(layers[0][1])
    rows = []
    for top in range(0, height - height % 2, 2):
        text, letters = [], []
        for x in range(len(layers[0][1][0])):
            glyph, letter = " ", " "
            for name, layer in layers:
                upper, lower = layer[top][x], layer[top + 1][x]
                if upper or lower:
                    glyph, letter = _face(name, upper, lower, glyphs), name
                    break
            text.append(glyph)
            letters.append(letter)
        rows.append(("".join(text), "".join(letters)))
    return rows


def _face(name: str, upper: bool, lower: bool, glyphs: Glyphs) -> str:
    if name.isupper():
        return glyphs.shade
    if glyphs.drawing == "ascii" or (upper and lower):
        return glyphs.solid
    return glyphs.upper if upper else glyphs.lower


def _distance(point: Point, start: Point, end: Point) -> float:
    """From a point to a stretch of line."""
    (x, y), (x0, y0), (x1, y1) = point, start, end
    along = (x - x0) * (x1 - x0) + (y - y0) * (y1 - y0)
    share = max(0.0, min(1.0, along / ((x1 - x0) ** 2 + (y1 - y0) ** 2)))
    return math.hypot(x - x0 - share * (x1 - x0), y - y0 - share * (y1 - y0))
