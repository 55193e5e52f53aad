"""Which day a row of an export belongs to; decided by the whole file, never by one row.

HRV4Training for Android writes year-day-month, everybody else year-month-day; HRV4Training for
iOS writes the moment in UTC, everybody else the local time.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from itertools import pairwise
from statistics import median
from typing import Literal

DateOrder = Literal["ymd", "ydm"]

YEARS = range(1990, 2101)
MORNING_H = (3.0, 13.0)
"""Half of all morning tests surely fall between these hours, local time (our decision): a file in
UTC whose tests do not was measured in another time zone than the one it is read in."""

_WRITTEN = re.compile(
    r"(\d{4})-(\d{1,2})-(\d{1,2})"
    r"(?:[ T]+(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?)?"
    r"(?: *(Z|[-+]\d{2}:?\d{2}))?",
    re.ASCII,
)


class UnclearDates(ValueError):
    """The file as a whole does not say which day is meant; says which option does."""

    def __init__(self, reason: str, *, line: int | None = None) -> None:
        super().__init__(reason)
        self.line = line


@dataclass(frozen=True, slots=True)
class Written:
    """A date as it stands in a file, perhaps with a time of day and an offset."""

    line: int
    year: int
    first: int
    """What follows the year: a month or a day."""
    second: int
    at: time | None = None
    offset: timedelta | None = None

    def day(self, order: DateOrder) -> date | None:
        """The day it would be in that order; None where there is no such day."""
        month, day = (self.first, self.second) if order == "ymd" else (self.second, self.first)
        try:
            found = date(self.year, month, day)
        except ValueError:
            return None
        return found if found.year in YEARS else None


def parse(text: str, line: int) -> Written | None:
    """A date with or without its time; None where it is no date of a form we know."""
    match = _WRITTEN.fullmatch(text.strip())
    if match is None:
        return None
    year, first, second, hour, minute, seconds, zone = match.groups()
    at = None
    if hour is not None:
        try:
            at = time(int(hour), int(minute), int(seconds or 0))
        except ValueError:
            return None
    offset = None
    if zone is not None:
        hours, minutes = (0, 0) if zone == "Z" else (int(zone[1:3]), int(zone[-2:]))
        offset = timedelta(hours=hours, minutes=minutes) * (-1 if zone[0] == "-" else 1)
        if abs(offset) >= timedelta(hours=24):
            return None
    return Written(line, int(year), int(first), int(second), at, offset)


def order_of(dates: Sequence[Written], *, often_ydm: bool) -> DateOrder:
    """Whether the day or the month comes last, by all dates together.

    Args:
        dates: of all rows, at least one.
        often_ydm: the form is known to be written either way, so that nothing may be assumed.

    Raises:
        UnclearDates: both are possible, or some dates only fit one and some only the other.
    """
    only_ymd = [d for d in dates if d.day("ymd") and not d.day("ydm")]
    only_ydm = [d for d in dates if d.day("ydm") and not d.day("ymd")]
    if only_ymd and only_ydm:
        line, other = only_ymd[0].line, only_ydm[0].line
        raise UnclearDates(
            f"the dates do not agree: year-month-day in line {line}, year-day-month in line"
            f" {other}; say --dates ymd or --dates ydm, and what does not fit is left out",
            line=other,
        )
    if only_ymd or only_ydm:
        return "ymd" if only_ymd else "ydm"
    days = {order: [day for d in dates if (day := d.day(order))] for order in _ORDERS}
    if days["ymd"] == days["ydm"] or (
        not often_ydm and _typical_step(days["ymd"]) <= _typical_step(days["ydm"])
    ):
        return "ymd"
    raise UnclearDates(
        "every date could be year-month-day as well as year-day-month; say --dates ymd or"
        " --dates ydm"
    )


_ORDERS: tuple[DateOrder, ...] = ("ymd", "ydm")


def _typical_step(days: Sequence[date]) -> float:
    """Days between neighbours: of the right order it is about one, of the wrong one a month."""
    return median([abs((b - a).days) for a, b in pairwise(days)] or [0])


def local_moments(
    dates: Sequence[Written], order: DateOrder, zone: tzinfo | None, *, zone_is_sure: bool
) -> list[tuple[date, datetime | None] | None]:
    """For each date the local day, and the moment with its offset where a time is known.

    Args:
        dates: as written.
        order: see :func:`order_of`.
        zone: where the athlete was; None is where this machine says it is.
        zone_is_sure: the person said so: then odd hours are no reason to doubt it.

    Returns:
        None for a date that does not exist in this order.

    Raises:
        UnclearDates: the moments are in UTC, and in this zone they are no mornings.
    """
    in_utc = bool(dates) and all(d.offset == timedelta(0) for d in dates)
    found = [_local(d, order, zone, in_utc=in_utc) for d in dates]
    hours = [
        moment.hour + moment.minute / 60
        for _, moment in (pair for pair in found if pair is not None)
        if moment is not None
    ]
    if in_utc and hours and not zone_is_sure:
        usual_h = median(hours)
        if not MORNING_H[0] <= usual_h < MORNING_H[1]:
            raise UnclearDates(
                f"its times are UTC, and here half of them would be after {int(usual_h):02}:"
                f"{int(usual_h % 1 * 60):02}, no mornings; say where it was measured, such as"
                " --zone Europe/Rome"
            )
    return found


def _local(
    written: Written, order: DateOrder, zone: tzinfo | None, *, in_utc: bool
) -> tuple[date, datetime | None] | None:
    day = written.day(order)
    if day is None or written.at is None:
        return None if day is None else (day, None)
    there = datetime.combine(day, written.at)
    if in_utc:
        there = there.replace(tzinfo=UTC).astimezone(zone)
    elif written.offset is not None:
        there = there.replace(tzinfo=timezone(written.offset))
    elif zone is not None:
        there = there.replace(tzinfo=zone)
    else:
        there = there.astimezone()
    return there.date(), there
