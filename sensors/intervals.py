"""RR intervals as a recording holds them, before they become events.

Numbers written in decimals become integer ticks without passing through a float: what a file
says in three decimals of a millisecond is counted in microseconds.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

Unit = Literal["ms", "s"]
DECIMALS_OF = {"s": 0, "ms": 3, "ns": 9}
"""Decimals of a second that one whole number of the unit stands for."""
FINEST_DECIMALS = 9
"""Nothing times a heartbeat better than to 1 ns: further digits are how a float was printed."""
LONGEST_RR_S = 86_400
"""A longer "interval" is a damaged number: the worst of our real recordings has one of 37 s."""
LONGEST_S = 31 * 86_400
"""A longer recording is none: its clock is damaged."""
MOST_INTERVALS = 500_000
"""Five days of beats; more would crowd the memory of a small machine."""
USUAL_S = (0.02, 60.0)
"""The median of any real recording lies well inside; ms taken for s or s for ms, well outside."""
MOST_DIGITS = 25
"""Before the decimal point, of a number with an exponent; a clock in ns has 19."""
NUMERALS = re.compile(r"[0-9eE.+\-\n]*", re.ASCII)


class UnreadableRecording(ValueError):
    """A file that is no RR recording, or a damaged one: one line with file, line and reason."""

    def __init__(self, reason: str, *, line: int | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.line = line
        """Counted from 1; None where the form has no lines."""
        self.file: str | None = None
        """Set by whoever knows it."""

    def __str__(self) -> str:
        where = [] if self.file is None else [self.file]
        if self.line is not None:
            where.append(f"line {self.line}")
        return ": ".join([*where, self.reason])


@dataclass(frozen=True, slots=True)
class Intervals:
    """The columns of a recording, one entry a row, as integers."""

    form: str
    """What kind of file it is, in words."""
    rr_ticks: Sequence[int]
    """RR intervals in 1/``ticks_per_s`` s; 0 where the row holds none: intervals are missing."""
    ticks_per_s: int
    stamps: Sequence[int] | None = None
    """When each row was written, in 1/``stamps_per_s`` s from any origin; None where not known."""
    stamps_per_s: int = 1
    bpm: Sequence[int | None] | None = None
    """Heart rate; None in a row that only continues the notification of the row before."""
    same_within_s: float = 0.0
    """Rows stamped no further apart than this came in one notification."""
    notes: tuple[str, ...] = ()
    """What a person should know of how the file was read."""
    distances: Sequence[tuple[int, int]] = ()
    """How many rows came before, and how far it was then in cm; only without ``stamps``."""


def ticks(cells: Sequence[str], lines: Sequence[int], unit: str) -> tuple[list[int], int]:
    """Decimal numbers as integers, and how many of them make a second.

    The resolution is the file's: that of the cell with the most decimals, at most 1 ns.

    Args:
        cells: the numbers as written.
        lines: the line of each, to name the one that is wrong.
        unit: "s", "ms" or "ns".

    Raises:
        UnreadableRecording: a cell that is no finite decimal number.
    """
    joined = "\n".join(cells)
    if not NUMERALS.fullmatch(joined):
        raise _no_number(cells, lines)
    try:
        if "e" in joined or "E" in joined:
            return _ticks_of_decimals([Decimal(cell) for cell in cells], unit)
        if "." not in joined:
            return list(map(int, cells)), 10 ** DECIMALS_OF[unit]
        places = len(cells[0].partition(".")[2])
        if re.fullmatch(rf"(?:[-+]?\d*\.\d{{{places}}}\n?)+", joined, re.ASCII):
            written = joined.replace(".", "").split("\n")  # the usual case, three times as fast
        else:
            parts = [cell.partition(".") for cell in cells]
            places = max(len(fraction) for _, _, fraction in parts)
            written = [whole + fraction.ljust(places, "0") for whole, _, fraction in parts]
        if DECIMALS_OF[unit] + places > FINEST_DECIMALS:
            return _ticks_of_decimals([Decimal(cell) for cell in cells], unit)
        found = list(map(int, written))
    except (ValueError, ArithmeticError):
        raise _no_number(cells, lines) from None
    return found, 10 ** (DECIMALS_OF[unit] + places)


def checked_rr(cells: Sequence[str], lines: Sequence[int], unit: str) -> tuple[list[int], int]:
    """:func:`ticks` of RR intervals, none negative or longer than a day.

    Raises:
        UnreadableRecording: also where the median says that the unit is another one.
    """
    if len(cells) > MOST_INTERVALS:
        raise UnreadableRecording(f"holds more than {MOST_INTERVALS:,} RR intervals: cut it up")
    rr_ticks, ticks_per_s = ticks(cells, lines, unit)
    if min(rr_ticks) < 0 or max(rr_ticks) > LONGEST_RR_S * ticks_per_s:
        wrong = next(
            i for i, rr in enumerate(rr_ticks) if not 0 <= rr <= LONGEST_RR_S * ticks_per_s
        )
        raise UnreadableRecording(
            f"{shown(cells[wrong])} {unit} is no RR interval", line=lines[wrong]
        )
    held = sorted(rr for rr in rr_ticks if rr)
    if not held:
        raise UnreadableRecording("holds no RR interval above zero")
    median_s = held[len(held) // 2] / ticks_per_s
    if not USUAL_S[0] <= median_s <= USUAL_S[1]:
        raise UnreadableRecording(
            f"half of the RR intervals are about {median_s:g} s: the unit can hardly be {unit}"
        )
    return rr_ticks, ticks_per_s


def shown(text: str) -> str:
    """Untrusted text, short and on one line, in quotation marks."""
    return ascii(text if len(text) <= 40 else text[:37] + "...")


def _ticks_of_decimals(numbers: Sequence[Decimal], unit: str) -> tuple[list[int], int]:
    """For numbers written with an exponent, or finer than a nanosecond (rounded half to even)."""
    most = max(-int(number.as_tuple().exponent) for number in numbers)
    places = max(0, min(most, FINEST_DECIMALS - DECIMALS_OF[unit]))
    if max(number.adjusted() for number in numbers) > MOST_DIGITS:
        raise ArithmeticError("beyond any time in a recording")
    return [round(number.scaleb(places)) for number in numbers], 10 ** (DECIMALS_OF[unit] + places)


def _no_number(cells: Sequence[str], lines: Sequence[int]) -> UnreadableRecording:
    """Name the first cell that is not one."""
    wrong = next((i for i, cell in enumerate(cells) if not _is_number(cell)), 0)
    if not cells[wrong]:
        return UnreadableRecording("a number is missing", line=lines[wrong])
    return UnreadableRecording(
        f"{shown(cells[wrong])} stands where a number belongs", line=lines[wrong]
    )


def _is_number(cell: str) -> bool:
    try:
        return bool(NUMERALS.fullmatch(cell)) and Decimal(cell).adjusted() <= MOST_DIGITS
    except ArithmeticError:
        return False
