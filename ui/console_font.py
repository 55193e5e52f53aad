"""What the Linux console's font can show: the kernel knows, and tells whoever may write there."""

import struct
from array import array
from collections.abc import Callable
from fcntl import ioctl
from typing import TextIO

GIO_UNIMAP = 0x4B66
"""The request of linux/kd.h: which character is drawn by which glyph."""
MOST = 0xFFFF
"""Pairs of a character and a glyph; the kernel counts them in 16 bits."""
DESCRIPTION = "HP"
"""``struct unimapdesc``: how many pairs, and where they are."""

Ask = Callable[[TextIO, int, bytearray], object]


def characters(out: TextIO, ask: Ask = ioctl) -> frozenset[str] | None:
    """All characters in the font of the console that ``out`` goes to; None where it is none."""
    pairs = array("H", bytes(4 * MOST))
    asked = bytearray(struct.pack(DESCRIPTION, MOST, pairs.buffer_info()[0]))
    try:
        ask(out, GIO_UNIMAP, asked)
    except (OSError, ValueError):  # no console; no file behind it, or a closed one
        return None
    count, _ = struct.unpack(DESCRIPTION, asked)
    return frozenset(map(chr, pairs[: 2 * count : 2]))
