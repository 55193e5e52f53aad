"""Large figures and words as pixels, and pixels as characters.

A picture is a list of rows of booleans. With half blocks a cell holds two pixels, one above the
other, so that a pixel is about square on a terminal.
"""

import unicodedata
from collections.abc import Sequence

from ui.terminal import Glyphs

Pixels = list[list[bool]]

# Which strokes of a seven-segment figure each digit has: top, upper right, lower right, bottom,
# lower left, upper left, middle. Joined strokes scale to any size, drawn letters do not.
_STROKES = {
    "0": "abcdef",
    "2": "abged",
    "3": "abgcd",
    "4": "fgbc",
    "5": "afgcd",
    "6": "afgecd",
    "7": "abc",
    "8": "abcdefg",
    "9": "abcdfg",
}

_LETTERS = {
    " ": ("..",) * 5,
    "-": ("...", "...", "###", "...", "..."),
    "+": ("...", ".#.", "###", ".#.", "..."),
    ",": (".", ".", ".", "#", "#"),
    ":": (".", "#", ".", "#", "."),
    ".": (".", ".", ".", ".", "#"),
    "0": ("###", "#.#", "#.#", "#.#", "###"),
    "1": (".#.", "##.", ".#.", ".#.", "###"),
    "2": ("###", "..#", "###", "#..", "###"),
    "3": ("###", "..#", "###", "..#", "###"),
    "4": ("#.#", "#.#", "###", "..#", "..#"),
    "5": ("###", "#..", "###", "..#", "###"),
    "6": ("###", "#..", "###", "#.#", "###"),
    "7": ("###", "..#", "..#", "..#", "..#"),
    "8": ("###", "#.#", "###", "#.#", "###"),
    "9": ("###", "#.#", "###", "..#", "###"),
    "A": ("###", "#.#", "###", "#.#", "#.#"),
    "B": ("##.", "#.#", "##.", "#.#", "##."),
    "C": ("###", "#..", "#..", "#..", "###"),
    "D": ("##.", "#.#", "#.#", "#.#", "##."),
    "E": ("###", "#..", "##.", "#..", "###"),
    "F": ("###", "#..", "##.", "#..", "#.."),
    "G": ("###", "#..", "#.#", "#.#", "###"),
    "H": ("#.#", "#.#", "###", "#.#", "#.#"),
    "I": ("#", "#", "#", "#", "#"),
    "J": ("..#", "..#", "..#", "#.#", "###"),
    "K": ("#.#", "#.#", "##.", "#.#", "#.#"),
    "L": ("#..", "#..", "#..", "#..", "###"),
    "M": ("#...#", "##.##", "#.#.#", "#...#", "#...#"),
    "N": ("#..#", "##.#", "#.##", "#..#", "#..#"),
    "O": ("###", "#.#", "#.#", "#.#", "###"),
    "P": ("###", "#.#", "###", "#..", "#.."),
    "Q": ("###", "#.#", "#.#", "###", "..#"),
    "R": ("##.", "#.#", "##.", "#.#", "#.#"),
    "S": ("###", "#..", "###", "..#", "###"),
    "T": ("###", ".#.", ".#.", ".#.", ".#."),
    "U": ("#.#", "#.#", "#.#", "#.#", "###"),
    "V": ("#.#", "#.#", "#.#", "#.#", ".#."),
    "W": ("#...#", "#...#", "#.#.#", "#.#.#", ".#.#."),
    "X": ("#.#", "#.#", ".#.", "#.#", "#.#"),
    "Y": ("#.#", "#.#", ".#.", ".#.", ".#."),
    "Z": ("###", "..#", ".#.", "#..", "###"),
}
WORD_HEIGHT = 5
"""Pixels of a word's letters, before they are made larger."""


def digit(character: str, width: int, height: int) -> Pixels:
    """One figure of ``width`` by ``height`` pixels; anything but 0 to 9 is blank.

    Level strokes begin and end between cells, so that but for its corners a figure is made of
    whole cells: fonts leave seams around half blocks, and ASCII has none.
    """
    pixels = [[False] * width for _ in range(height)]
    stroke, level = _strokes(width)

    def fill(left: int, top: int, right: int, bottom: int, on: bool = True) -> None:
        for row in pixels[max(0, top) : bottom]:
            row[max(0, left) : right] = [on] * (min(right, width) - max(0, left))

    if character == "1":
        stem = (width + stroke) // 2
        fill(stem - stroke, 0, stem, height)
        fill(stem - 2 * stroke, level // 4 * 2, stem - stroke, level // 4 * 2 + level)
        fill(stem - 2 * stroke, height - level, stem + stroke, height)
        return pixels
    middle = (height - level) // 4 * 2
    areas = {
        "a": (0, 0, width, level),
        "b": (width - stroke, 0, width, middle + level),
        "c": (width - stroke, middle, width, height),
        "d": (0, height - level, width, height),
        "e": (0, middle, stroke, height),
        "f": (0, 0, stroke, middle + level),
        "g": (0, middle, width, middle + level),
    }
    strokes = _STROKES.get(character, "")
    for name in strokes:
        fill(*areas[name])
    if stroke > 1:  # outer corners where two strokes meet are rounded off
        for meeting, x, y in (
            ("af", 0, 0),
            ("ab", width - 1, 0),
            ("cd", width - 1, height - 1),
            ("de", 0, height - 1),
        ):
            if all(name in strokes for name in meeting):
                fill(x, y, x + 1, y + 1, on=False)
    return pixels


def best_height(width: int, height: int) -> int:
    """The largest height up to ``height`` at which both loops of an 8 are alike."""
    _, level = _strokes(width)
    return max(3 * level, height - (height - 3 * level) % 4)


def _strokes(width: int) -> tuple[int, int]:
    """How wide an upright stroke is, and how high a level one: whole cells."""
    stroke = max(1, round(width / 4))
    return stroke, stroke + stroke % 2


def figures(text: str, width: int, height: int, gap: int) -> Pixels:
    """Several figures side by side, ``gap`` pixels apart."""
    return _beside([digit(character, width, height) for character in text], gap, height)


def word(text: str, scale: int = 1) -> Pixels:
    """A word in capitals, or a time, five pixels high times ``scale``."""
    letters = [[[dot == "#" for dot in row] for row in _LETTERS[letter]] for letter in text]
    small = _beside(letters, 1, WORD_HEIGHT)
    return [[dot for dot in row for _ in range(scale)] for row in small for _ in range(scale)]


def width_of(text: str) -> int:
    """Pixels from the first to the last of a word's letters, before they are made larger."""
    return sum(len(_LETTERS[letter][0]) + 1 for letter in text) - 1


def folded(text: str) -> str:
    """A text in the capitals there are, without accents; empty where a letter of it is missing."""
    letters = unicodedata.normalize("NFKD", text).upper()
    letters = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return letters if letters.strip() and set(letters) <= _LETTERS.keys() else ""


def cross(width: int, height: int) -> Pixels:
    """A large X: the link is lost."""
    thick = max(1.0, width / 9)
    return [
        [
            min(abs(x - at), abs(x - (width - 1 - at))) <= thick
            for at in [y * (width - 1) / max(1, height - 1)]
            for x in range(width)
        ]
        for y in range(height)
    ]


def three_dots(width: int, height: int) -> Pixels:
    """Three squares in a row at half height: nothing yet, still waiting."""
    side = max(1, width // 9)
    top = (height - side) // 2
    starts = [width // 2 - side // 2 + step * 3 * side for step in (-1, 0, 1)]
    return [
        [
            top <= y < top + side and any(start <= x < start + side for start in starts)
            for x in range(width)
        ]
        for y in range(height)
    ]


def struck(pixels: Pixels) -> Pixels:
    """The picture with its middle cut out: where the line through it is drawn."""
    middle = len(pixels) // 4 * 2
    return [
        [False] * len(row) if middle - 2 <= y < middle + 4 else row for y, row in enumerate(pixels)
    ]


def to_text(pixels: Pixels, glyphs: Glyphs, *, shade: str | None = None) -> list[str]:
    """Rows of characters, two rows of pixels in each.

    ``shade`` draws every cell that has anything in it with that one character.
    """
    if len(pixels) % 2:
        pixels = [*pixels, [False] * len(pixels[0])]
    faces = {
        (False, False): " ",
        (True, False): shade or glyphs.upper,
        (False, True): shade or glyphs.lower,
        (True, True): shade or glyphs.solid,
    }
    return [
        "".join([faces[cell] for cell in zip(upper, lower, strict=True)])
        for upper, lower in zip(pixels[::2], pixels[1::2], strict=True)
    ]


def _beside(parts: Sequence[Pixels], gap: int, height: int) -> Pixels:
    space = [False] * gap
    rows: Pixels = []
    for y in range(height):
        row: list[bool] = []
        for part in parts:
            row += [*space, *part[y]] if row else part[y]
        rows.append(row)
    return rows
