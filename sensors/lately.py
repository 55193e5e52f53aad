"""What was heard lately, and no more of it than there is room for."""

from typing import TypeVar

MOST_REMEMBERED = 256
"""Straps; a stranger who sends a new address with each advertisement gets no more memory."""

K = TypeVar("K")
V = TypeVar("V")


def remember(of: dict[K, V], which: K, value: V) -> None:
    """Keep the latest value of each, and forget the one that was not heard of for longest."""
    of.pop(which, None)
    if len(of) >= MOST_REMEMBERED:
        del of[next(iter(of))]
    of[which] = value
