"""The rows of an app's export: what each one measured, or why it is not taken."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from math import exp, log

from device.daily_dates import Written, parse
from device.daily_forms import Form
from device.daily_text import Cells, number, shown
from hrv.morning_test import MorningTest
from hrv.wellness import Wellness

LN_AGREES_WITHIN = 0.02
"""Elite HRV's RMSSD and its logarithm agree within 0.0002; more than this is a damaged row."""
LARGEST_LN = 20.0
"""A larger logarithm is as absurd, and would not fit into a number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DailyRow:
    """One morning of an export; absurd values are kept, and are :attr:`unusable`."""

    line: int
    day: date
    """Of the local calendar."""
    taken: datetime | None = None
    """Wall clock with its offset; None where the file only says the day."""
    rmssd_ms: float
    hr_bpm: float | None = None
    """None where the file has none: then no verdict can rest on it."""
    feeling: Wellness | None = None
    ill: bool = False
    tags: tuple[str, ...] = ()
    problem: str | None = None
    """Why the numbers of this row contradict each other; None if they do not."""

    @property
    def unusable(self) -> str | None:
        """Why no verdict can rest on it, in plain words; None if one can."""
        if self.problem is None and self.hr_bpm is None:
            return "no heart rate"
        test = MorningTest(self.day.toordinal(), self.rmssd_ms, self.hr_bpm, problem=self.problem)
        return None if test.unusable is None else test.unusable.partition("; please")[0]


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A row, or a part of it, that is not taken."""

    line: int
    """Counted from 1."""
    reason: str


@dataclass(frozen=True, slots=True)
class Table:
    """How the rows of one file are read."""

    form: Form
    columns: Sequence[str]
    decimal_comma: bool

    def cell(self, row: Cells, column: str | None) -> str:
        """What stands in a column; empty where there is no such column or cell."""
        if column is None or column not in self.columns:
            return ""
        at = self.columns.index(column)
        return row[1][at] if at < len(row[1]) else ""

    def says(self, row: Cells, column: str, never: Sequence[str]) -> bool:
        """Whether something else than nothing, or "no" in the app's words, stands in a column."""
        return self.cell(row, column).lower() not in ("", *never)

    def mistake(self, row: Cells) -> str | None:
        """Why a row as a whole cannot be taken."""
        cells, width = row[1], len(self.columns)
        if any(cells[width:]):
            return "more cells than the header: a comma parts a number or a text"
        if len(cells) < width and not self.form.short_rows:
            return f"cut off: {len(cells)} of {width} cells"
        if self.form.only is not None:
            column, wanted = self.form.only
            kind = self.cell(row, column)
            if kind.lower() != wanted:
                return f"{shown(kind)}, not {wanted}"
        return None

    def when(self, row: Cells) -> Written | None:
        """The date of a row as written, with its time where there is one."""
        day, at = self.cell(row, self.form.day), self.cell(row, self.form.at)
        return (parse(f"{day} {at}", row[0]) if at else None) or parse(day, row[0])

    def measured(self, row: Cells, day: date, taken: datetime | None) -> DailyRow | LeftOut:
        """The measurement in a row, or why there is none."""
        hr_column = next((name for name in self.form.hr_bpm if name in self.columns), None)
        values: dict[str | None, float] = {}
        for column in (self.form.rmssd_ms, self.form.ln_rmssd, hr_column):
            if cell := self.cell(row, column):
                value = number(cell, decimal_comma=self.decimal_comma)
                if value is None:
                    return LeftOut(row[0], f"{column}: {shown(cell)} is no number")
                values[column] = value
        rmssd_ms, hr_bpm = values.get(self.form.rmssd_ms), values.get(hr_column)
        ln_rmssd = values.get(self.form.ln_rmssd)
        if hr_bpm == 0.0:
            return LeftOut(row[0], "no measurement: heart rate 0")
        if rmssd_ms is None and ln_rmssd is None:
            return LeftOut(row[0], "no measurement: RMSSD is missing")
        if min(rmssd_ms or 0.0, hr_bpm or 0.0) < 0.0:
            return LeftOut(row[0], "a negative number is no measurement")
        problem = None
        if rmssd_ms is None:
            rmssd_ms = exp(min(ln_rmssd or 0.0, LARGEST_LN))
        elif ln_rmssd is not None and not _agree(rmssd_ms, ln_rmssd):
            problem = f"RMSSD {rmssd_ms:g} ms and its logarithm {ln_rmssd:g} contradict each other"
        tags = [tag for column, tag, never in self.form.tags if self.says(row, column, never)]
        feeling = self.feeling(row)
        return DailyRow(
            line=row[0],
            day=day,
            taken=taken,
            rmssd_ms=rmssd_ms,
            hr_bpm=hr_bpm,
            feeling=feeling if isinstance(feeling, Wellness) else None,
            ill=self.form.ill is not None and self.says(row, *self.form.ill),
            tags=tuple(tags),
            problem=problem,
        )

    def feeling(self, row: Cells) -> Wellness | LeftOut | None:
        """The answers given, or why they cannot be taken; None where nothing was answered."""
        cells = [self.cell(row, column) for column in self.form.feelings]
        if not any(cells):
            return None
        wrong = next((cell for cell in cells if cell not in {"", "1", "2", "3", "4", "5"}), None)
        if wrong is None:
            return Wellness(*(int(cell) if cell else None for cell in cells))
        return LeftOut(row[0], f"only its feelings: {shown(wrong)} is not 1 to 5")


def _agree(rmssd_ms: float, ln_rmssd: float) -> bool:
    return rmssd_ms > 0.0 and abs(log(rmssd_ms) - ln_rmssd) <= LN_AGREES_WITHIN
