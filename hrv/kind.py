"""What each RR interval was judged to be."""

from enum import IntEnum


class Kind(IntEnum):
    """The judgement on one RR interval; stored as uint8."""

    NORMAL = 0
    ECTOPIC = 1
    """One of the pair an early beat makes: too short or too long, with its opposite beside it."""
    MISSED = 2
    """A beat was not detected: this interval holds two."""
    EXTRA = 3
    """A beat was detected that was none: this interval and the next are one."""
    LONG_SHORT = 4
    """Too long or too short, and none of the above."""
    OUT_OF_RANGE = 5
    """Nothing a heart does under these conditions, though no pattern above fits."""


def accepts(kind: Kind, previous: Kind | None) -> bool:
    """Whether an interval may enter a metric, beat by beat; for arrays `artefacts.accepted`.

    Args:
        kind: of the interval itself.
        previous: of the interval before it, None for the first.

    Returns:
        False for every interval that is not normal and for the one after an extra beat, which
        is only the rest of an interval.
    """
    return kind is Kind.NORMAL and previous is not Kind.EXTRA
