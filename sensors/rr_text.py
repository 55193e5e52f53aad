"""RR intervals in text: a bare list of numbers, or columns under a header.

The unit is what the header says, or what the person says; never what the numbers look like.
"""

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from sensors.intervals import (
    LONGEST_S,
    MOST_INTERVALS,
    Intervals,
    Unit,
    UnreadableRecording,
    checked_rr,
    shown,
    ticks,
)

HEADER_WITHIN = 20
"""Lines to look for the header in: some apps write a date or a name above it."""
LONGEST_HEADER = 10_000
OFFSET_S = 10.0
"""A list that begins with a longer number begins with the time before the first beat."""
CONTINUED_WITHIN_S = 0.25
"""In HRV Logger files rows of one notification follow 0 to 160 ms after the first, the next
notification no earlier than 380 ms (measured on 24 recordings)."""

RR_COLUMN = re.compile(
    r"(?:rr|r-r|rri|nn|nni|ibi|rr[ _-]?intervals?)(?:[ _]*[\[(]?(ms|msec|s|sec)[\])]?)?",
    re.IGNORECASE,
)
STAMP_COLUMN = re.compile(
    r"(?:t|time|timestamp|arrival|arrival time|elapsed)[ _]*[\[(]?(ns|ms|s)[\])]?", re.IGNORECASE
)
BPM_COLUMN = re.compile(r"(?:hr|heart[ _]?rate|bpm)(?:[ _]*[\[(]?bpm[\])]?)?", re.IGNORECASE)
UNITS: dict[str | None, Unit] = {"ms": "ms", "msec": "ms", "s": "s", "sec": "s"}
DATED = "dd-mm-yy/HH:MM:SS.fff"
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Columns:
    """Where in a row what stands, and in which unit."""

    form: str
    rr: int
    rr_unit: Unit | None
    """None: the header does not say."""
    stamp: int | None = None
    stamp_unit: str = "s"
    """Or a pattern of date and time."""
    bpm: int | None = None
    same_within_s: float = 0.0
    width: int = 1
    """A row with fewer cells was cut off."""


KNOWN: dict[tuple[str, ...], Columns] = {
    # Stamps are when the phone got the notification, in epoch ms.
    ("timestamp", "rr", "since_start"): Columns(
        "HRV Logger CSV", 1, "ms", 0, "ms", same_within_s=CONTINUED_WITHIN_S
    ),
    # The package's documentation: epoch ms and ms.
    ("timestamp", "rr"): Columns("wearablehrv CSV", 1, "ms", 0, "ms"),
    # Its cumulative column and the times of the R peaks agree with the intervals in ms.
    (
        "r-peak time",
        "ibi_cumulative",
        "ibi",
        "interpolated",
        *(f"labelcode{i}" for i in range(1, 6)),
    ): (Columns("VU-AMS text", 2, "ms", 0, DATED)),
}
"""Headers of well-known programs that leave the unit unsaid."""


def read_text(text: str, unit: Unit | None) -> Intervals:
    """RR intervals from text without a header, or under one.

    Raises:
        UnreadableRecording: no RR intervals in it, a damaged line, or a unit nobody has said.
    """
    if text.count("\n") > 2 * MOST_INTERVALS:
        raise UnreadableRecording(f"holds more than {2 * MOST_INTERVALS:,} lines")
    lines = text.split("\n")
    first = next((i for i, line in enumerate(lines) if line.strip()), None)
    if first is None:
        raise UnreadableRecording("holds nothing")
    if re.fullmatch(r"[-+]?[.\d].*", lines[first].split()[0], re.ASCII) and not any(
        _columns(line) for line in lines[first : first + HEADER_WITHIN]
    ):
        return _bare(lines, first, unit)
    for at in range(first, min(first + HEADER_WITHIN, len(lines))):
        columns = _columns(lines[at])
        if columns is not None:
            return _under_header(lines, at, _with_unit(columns, unit, at + 1))
    if "rr_data" in lines[first]:
        raise UnreadableRecording(
            "each row of rr_data is a recording of its own: save the one you mean as a file",
            line=first + 1,
        )
    raise UnreadableRecording(
        f'no column of RR intervals, such as "rr_ms" or "rr_s": it begins {shown(lines[first])}',
        line=first + 1,
    )


def _bare(lines: Sequence[str], first: int, unit: Unit | None) -> Intervals:
    """Numbers alone: one a line, or all on one line."""
    cells, at = [], []
    filled = [i for i in range(first, len(lines)) if lines[i].strip()]
    for i in filled:
        found = lines[i].split(maxsplit=MOST_INTERVALS)
        if len(found) > 1 and len(filled) > 1:
            raise UnreadableRecording(
                f"{len(found)} numbers and no header that says which is the RR interval",
                line=i + 1,
            )
        cells += found
        at += [i + 1] * len(found)
    if unit is None:
        ticks(cells, at, "s")
        raise UnreadableRecording(
            "holds numbers without a header: say --unit ms or --unit s", line=first + 1
        )
    notes: tuple[str, ...] = ()
    (begin,), per_s = ticks(cells[:1], at[:1], unit)
    if len(cells) > 1 and begin > OFFSET_S * per_s:
        notes = (f"left out the first number, {cells[0]} {unit}: the time before the first beat",)
        del cells[0], at[0]
    rr_ticks, ticks_per_s = checked_rr(cells, at, unit)
    return Intervals("RR text", rr_ticks, ticks_per_s, notes=notes)


def _columns(line: str) -> Columns | None:
    """What a header says, or None where the line is none."""
    if len(line) > LONGEST_HEADER:
        return None
    names = [name.strip().lower() for name in next(csv.reader([line], delimiter=_delimiter(line)))]
    while names and not names[-1]:
        names.pop()
    known = KNOWN.get(tuple(names))
    if known is not None:
        return replace(known, width=len(names))
    rr: list[tuple[int, Unit | None]] = [
        (i, UNITS.get(match.group(1)))
        for i, name in enumerate(names)
        if (match := RR_COLUMN.fullmatch(name))
    ]
    if not rr:
        return None
    at, rr_unit = next((pair for pair in rr if pair[1]), rr[0])
    columns = Columns("RR text", at, rr_unit, width=len(names))
    for i, name in reversed(list(enumerate(names))):
        if match := STAMP_COLUMN.fullmatch(name):
            columns = replace(columns, stamp=i, stamp_unit=match.group(1))
        elif BPM_COLUMN.fullmatch(name):
            columns = replace(columns, bpm=i)
    return columns


def _with_unit(columns: Columns, unit: Unit | None, line: int) -> Columns:
    if columns.rr_unit is None and unit is None:
        raise UnreadableRecording(
            "the header does not say the unit of the RR intervals: say --unit ms or --unit s",
            line=line,
        )
    if None not in (columns.rr_unit, unit) and columns.rr_unit != unit:
        raise UnreadableRecording(
            f"the RR intervals are in {columns.rr_unit}, not in {unit}", line=line
        )
    return replace(columns, rr_unit=columns.rr_unit or unit)


def _under_header(lines: Sequence[str], header: int, columns: Columns) -> Intervals:
    rr, stamp, bpm, at = _cells(lines, header, columns)
    rr_ticks, ticks_per_s = checked_rr(rr, at, columns.rr_unit or "ms")
    stamps, stamps_per_s = _stamps(stamp, at, columns.stamp_unit) if stamp else (None, 1)
    rates = _bpm(bpm, at) if bpm else None
    continued_within_s = CONTINUED_WITHIN_S if rates and None in rates else 0.0
    return Intervals(
        columns.form,
        rr_ticks,
        ticks_per_s,
        stamps,
        stamps_per_s,
        rates,
        columns.same_within_s or continued_within_s,
    )


def _cells(
    lines: Sequence[str], header: int, columns: Columns
) -> tuple[list[str], list[str], list[str], list[int]]:
    """What stands in the columns for RR, stamp and heart rate, and the line of each row."""
    delimiter = _delimiter(lines[header])
    rr: list[str] = []
    stamp: list[str] = []
    bpm: list[str] = []
    at: list[int] = []
    reader = csv.reader(lines[header + 1 :], delimiter=delimiter)
    line = header + 1
    try:
        for row in reader:
            line += 1
            if line != header + 1 + reader.line_num:
                raise UnreadableRecording("a quotation mark is never closed", line=line)
            if not any(row) or not (len(row) > 1 or row[0].strip()):
                continue
            if len(row) < columns.width:
                raise UnreadableRecording(
                    f"cut off: {len(row)} of {columns.width} columns", line=line
                )
            rr.append(row[columns.rr].strip())
            if columns.stamp is not None:
                stamp.append(row[columns.stamp].strip())
            if columns.bpm is not None:
                bpm.append(row[columns.bpm].strip())
            at.append(line)
    except csv.Error:
        raise UnreadableRecording("a cell far too long", line=line + 1) from None
    if not at:
        raise UnreadableRecording("ends after its header", line=header + 1)
    if delimiter != ",":  # then a comma is a decimal point
        for column in (rr, stamp, bpm):
            column[:] = [cell.replace(",", ".") for cell in column]
    return rr, stamp, bpm, at


def _stamps(cells: Sequence[str], lines: Sequence[int], unit: str) -> tuple[list[int], int]:
    """When the rows were written, and in how many parts of a second."""
    if unit == DATED:
        stamps, stamps_per_s = _dated(cells, lines), 1_000_000
    else:
        stamps, stamps_per_s = ticks(cells, lines, unit)
    for cell, line, stamp in zip(cells, lines, stamps, strict=True):
        if abs(stamp - stamps[0]) > LONGEST_S * stamps_per_s:
            raise UnreadableRecording(f"{shown(cell)} is a damaged time", line=line)
    return stamps, stamps_per_s


def _dated(cells: Sequence[str], lines: Sequence[int]) -> list[int]:
    """Local dates and times, in microseconds; only their differences mean something."""
    stamps = []
    for cell, line in zip(cells, lines, strict=True):
        try:
            then = datetime.strptime(cell, "%d-%m-%y/%H:%M:%S.%f").replace(tzinfo=UTC)
        except ValueError:
            raise UnreadableRecording(f"{shown(cell)} is no {DATED}", line=line) from None
        stamps.append((then - EPOCH) // timedelta(microseconds=1))
    return stamps


def _bpm(cells: Sequence[str], lines: Sequence[int]) -> list[int | None]:
    numbers, per_one = ticks([cell or "0" for cell in cells], lines, "s")
    return [round(n / per_one) if cell else None for n, cell in zip(numbers, cells, strict=True)]


def _delimiter(header: str) -> str:
    return max(";\t,", key=header.count)
