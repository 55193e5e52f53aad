"""Histories of daily readings that other apps exported: read whole, row by row judged.

Only RMSSD and heart rate are taken. A score on an app's own scale is never turned back into
RMSSD: the apps do not say how it was made.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from pathlib import Path
from statistics import median

from device.daily_dates import (
    DateOrder,
    UnclearDates,
    Written,
    local_moments,
    order_of,
)
from device.daily_forms import Form, form_of, looks_daily
from device.daily_rows import DailyRow, LeftOut, Table
from device.daily_text import (
    Cells,
    NotDaily,
    UnreadableDailyFile,
    columns_of,
    delimiter_of,
    read_text,
    rows_below,
    shown,
)

__all__ = ["DailyFile", "DailyRow", "LeftOut", "NotDaily", "UnreadableDailyFile", "read"]

HEADER_WITHIN = 20
"""Lines to look for the header in: some spreadsheets write something above it."""
MOST_ROWS = 40_000
USUAL_RMSSD_MS = (7.0, 250.0)
"""The median of a person's RMSSD lies inside; logarithms taken for ms, or scores for logarithms,
outside."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DailyFile:
    """What is in an export."""

    form: str
    """Which export of which app, in words."""
    app: str
    """What measured: exports of one app are one history."""
    rows: tuple[DailyRow, ...]
    """One a day, by rising day."""
    left_out: tuple[LeftOut, ...]
    dates: DateOrder
    notes: tuple[str, ...] = ()
    """What a person should know of how it was read."""


def read(path: Path, *, dates: DateOrder | None = None, zone: tzinfo | None = None) -> DailyFile:
    """Read an export of HRV4Training (iOS, Android), Elite HRV, or a plain CSV file.

    A plain one has the columns ``date``, ``rmssd_ms`` or ``ln_rmssd``, ``mean_hr_bpm``, and
    perhaps ``time``, ``fatigue``, ``sleep``, ``soreness``, ``stress``, ``mood`` (1 to 5).

    Args:
        path: the file.
        dates: the order of month and day, where the file does not show it.
        zone: where the athlete was; None is where this machine says it is.

    Raises:
        NotDaily: it is no table of daily readings; a recording, perhaps.
        UnreadableDailyFile: it is one, and nothing can be taken from it, or not with certainty.
    """
    lines = read_text(path).split("\n")
    header, columns, form = _header(path, lines)
    rows = list(rows_below(path, lines, header))
    if len(rows) > MOST_ROWS:
        raise UnreadableDailyFile(path, f"holds more than {MOST_ROWS:,} rows: cut it up")
    table = Table(form, columns, decimal_comma=delimiter_of(lines[header]) != ",")
    mistakes = {row[0]: mistake for row in rows if (mistake := table.mistake(row))}
    left_out = [LeftOut(line, mistake) for line, mistake in mistakes.items()]
    sound = [row for row in rows if row[0] not in mistakes]
    _one_person(path, table, sound)
    dated = _dated(path, table, sound, left_out, dates, zone)
    taken = []
    for row, (day, moment) in dated.rows:
        found = table.measured(row, day, moment)
        if isinstance(found, LeftOut):
            left_out.append(found)
            continue
        taken.append(found)
        feeling = table.feeling(row)
        if isinstance(feeling, LeftOut):
            left_out.append(feeling)
    if not taken:
        raise UnreadableDailyFile(path, f"{form.name}: nothing to take: {_why(left_out)}")
    _in_ms(path, taken)
    kept = _one_a_day(taken, left_out)
    return DailyFile(
        form=form.name,
        app=form.app,
        rows=kept,
        left_out=tuple(sorted(left_out, key=lambda left: left.line)),
        dates=dated.order,
        notes=(*dated.notes, *([form.left] if form.left else [])),
    )


def _header(path: Path, lines: Sequence[str]) -> tuple[int, list[str], Form]:
    suspect: int | None = None
    for at, line in enumerate(lines[:HEADER_WITHIN]):
        columns = columns_of(line)
        form = form_of(columns)
        if form is not None:
            return at, columns, form
        if suspect is None and looks_daily(columns):
            suspect = at
    if suspect is None:
        raise NotDaily(path, "no header of a daily history")
    raise UnreadableDailyFile(
        path,
        "a table of days without RMSSD: name its columns date, rmssd_ms or ln_rmssd, and"
        " mean_hr_bpm; an app's own score cannot be taken, for nobody says how it was made",
        line=suspect + 1,
    )


@dataclass(frozen=True, slots=True)
class _Dated:
    rows: list[tuple[Cells, tuple[date, datetime | None]]]
    order: DateOrder
    notes: tuple[str, ...]


def _dated(
    path: Path,
    table: Table,
    rows: Sequence[Cells],
    left_out: list[LeftOut],
    order: DateOrder | None,
    zone: tzinfo | None,
) -> _Dated:
    """The rows with the day of each; those without one are left out."""
    written: list[Written] = []
    dated: list[Cells] = []
    for row in rows:
        when = table.when(row)
        if when is None or (when.day("ymd") is None and when.day("ydm") is None):
            cell = shown(table.cell(row, table.form.day))
            left_out.append(LeftOut(row[0], f"{cell} is no date such as 2026-11-21"))
        else:
            written.append(when)
            dated.append(row)
    if not written:
        raise UnreadableDailyFile(path, f"{table.form.name}: nothing to take: {_why(left_out)}")
    try:
        told = order or order_of(written, often_ydm=table.form.often_ydm)
        moments = local_moments(written, told, zone, zone_is_sure=zone is not None)
    except UnclearDates as error:
        raise UnreadableDailyFile(path, str(error), line=error.line) from None
    found = []
    for row, moment in zip(dated, moments, strict=True):
        if moment is None:
            cell = shown(table.cell(row, table.form.day))
            left_out.append(LeftOut(row[0], f"{cell} does not exist as {_ORDER_WORDS[told]}"))
        else:
            found.append((row, moment))
    notes: tuple[str, ...] = () if told == "ymd" else (f"its dates are {_ORDER_WORDS[told]}",)
    if any(when.offset is not None and not when.offset for when in written):
        notes += ("its times are UTC; the days are those of local time",)
    return _Dated(found, told, notes)


_ORDER_WORDS = {"ymd": "year-month-day", "ydm": "year-day-month"}


def _one_person(path: Path, table: Table, rows: Sequence[Cells]) -> None:
    people = sorted({table.cell(row, table.form.person) for row in rows})
    if len(people) > 1:
        named = ", ".join(shown(person) for person in people[:5])
        raise UnreadableDailyFile(path, f"holds several people ({named}): keep the rows of one")


def _in_ms(path: Path, rows: Sequence[DailyRow]) -> None:
    typical_ms = median(row.rmssd_ms for row in rows)
    if not USUAL_RMSSD_MS[0] <= typical_ms <= USUAL_RMSSD_MS[1]:
        raise UnreadableDailyFile(
            path,
            f"half of its RMSSD are about {typical_ms:.3g} ms, which can hardly be: is it in"
            " another unit, a logarithm or a score?",
        )


def _one_a_day(rows: Sequence[DailyRow], left_out: list[LeftOut]) -> tuple[DailyRow, ...]:
    """The first usable of each day, by the clock where it is known; the others are left out."""
    days: dict[date, list[DailyRow]] = {}
    for row in rows:
        days.setdefault(row.day, []).append(row)
    kept = []
    for _, of_day in sorted(days.items()):
        if all(row.taken is not None for row in of_day):
            of_day.sort(key=lambda row: row.taken.timestamp() if row.taken else 0.0)
        counts = next((row for row in of_day if row.unusable is None), of_day[0])
        kept.append(counts)
        left_out += [
            LeftOut(row.line, f"another measurement of the day: line {counts.line} counts")
            for row in of_day
            if row is not counts
        ]
    return tuple(kept)


def _why(left_out: Sequence[LeftOut]) -> str:
    """The commonest reason."""
    if not left_out:
        return "no rows below its header"
    reason, times = Counter(left.reason for left in left_out).most_common(1)[0]
    return f"{reason} ({times} of {len(left_out)} rows)"
