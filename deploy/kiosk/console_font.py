"""A console font with the glyphs that curves and arrows are drawn with: `console_font.py FROM TO`.

Debian's fonts of 512 glyphs have the letters of all Europe, and neither half blocks nor
arrowheads; those that have half blocks lack the letters. Here the places of some letters that no
name needs are given to the missing glyphs.
"""

import gzip
import struct
import sys
from collections.abc import Callable
from pathlib import Path

Ink = Callable[[float, float], bool]
"""Whether a point is inked; both run from 0 to 1, from the top left."""

WANTED: dict[str, Ink] = {
    "▀": lambda _, y: y < 0.5,
    "▄": lambda _, y: y >= 0.5,
    "◄": lambda x, y: abs(y - 0.5) < 0.35 * x,
    "►": lambda x, y: abs(y - 0.5) < 0.35 * (1 - x),
}
GIVEN_UP = {*map(chr, range(0x1E00, 0x1EF0)), *"ĸŉſ‰※⁄‹›†‡◊∂∏∑√∞∫≈≠"}
"""Letters of scholarly transcriptions and signs of mathematics, of which we draw none."""
PSF1, PSF2 = b"\x36\x04", b"\x72\xb5\x4a\x86"
HEADER = "<4s7I"


def with_blocks(font: bytes) -> bytes:
    """The font with all of WANTED; raises ValueError where it is no PSF font or has no room."""
    width, height, bitmaps, names = taken_apart(font)
    known = {character for one in names for character in one}
    free = (n for n, one in enumerate(names) if one and set(one) <= GIVEN_UP)
    for character, ink in WANTED.items():
        if character in known:
            continue
        slot = next(free, None)
        if slot is None:
            raise ValueError(f"no room for {character}")
        names[slot], bitmaps[slot] = character, drawn(ink, width, height)
    size = len(bitmaps[0])
    head = struct.pack(HEADER, PSF2, 0, struct.calcsize(HEADER), 1, len(names), size, height, width)
    return head + b"".join(bitmaps) + b"".join(one.encode() + b"\xff" for one in names)


def taken_apart(font: bytes) -> tuple[int, int, list[bytes], list[str]]:
    """Width, height, the bitmaps, and the characters that each of them stands for.

    What is composed of several code points is left out: the console is never sent such.
    """
    if font[:4] == PSF2:
        start, _, count, size, height, width = struct.unpack("<6I", font[8:32])
        table = font[start + count * size :].split(b"\xff")[:count]
        names = [one.split(b"\xfe")[0].decode() for one in table]
    elif font[:2] == PSF1:
        start, count, size = 4, 512 if font[2] & 1 else 256, font[3]
        width, height = 8, size
        words = font[start + count * size :].decode("utf-16-le", "surrogatepass")
        names = [one.split("\ufffe")[0] for one in words.split("\uffff")[:count]]
    else:
        raise ValueError("not a console font")
    bitmaps = [font[start + n * size : start + (n + 1) * size] for n in range(count)]
    return width, height, bitmaps, names


def drawn(ink: Ink, width: int, height: int) -> bytes:
    """One glyph: rows of whole bytes, the leftmost pixel in the highest bit."""
    rows = []
    for row in range(height):
        bits = 0
        for column in range(width):
            bits = bits << 1 | ink((column + 0.5) / width, (row + 0.5) / height)
        rows.append((bits << -width % 8).to_bytes((width + 7) // 8, "big"))
    return b"".join(rows)


if __name__ == "__main__":
    source, target = map(Path, sys.argv[1:])
    target.write_bytes(with_blocks(gzip.decompress(source.read_bytes())))
