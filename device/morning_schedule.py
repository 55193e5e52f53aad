"""Was a morning test taken at the usual time? Only such tests are compared (SCIENCE 4)."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from statistics import median

from device.morning_record import StoredMorning

EARLIEST_H = 4.0
LATEST_H = 11.0
AROUND_MEDIAN_H = 2.0
"""Between these hours, and so near the athlete's own median (our decision)."""
MEDIAN_FROM_N = 5
"""Tests that make a median (our decision)."""
MEDIAN_DAYS = 60


def on_schedule(taken: datetime | None, day: date, earlier: Sequence[StoredMorning]) -> bool:
    """Whether a test at that local time belongs to the baseline.

    Local is where the athlete woke: hours are counted on the wall clock of the place, so that
    neither a time zone nor summer time moves the morning. A test whose time is not known counts
    as on schedule. The median is that of the mornings of 60 days, in or out of these two hours:
    who begins to rise later is not left out for ever.
    """
    if taken is None:
        return True
    at_h = _hour(taken)
    if not EARLIEST_H <= at_h <= LATEST_H:
        return False
    since = day - timedelta(days=MEDIAN_DAYS)
    hours = [
        hour
        for one in earlier
        if one.taken is not None and one.outcome == "accepted" and since <= one.day < day
        if EARLIEST_H <= (hour := _hour(one.taken)) <= LATEST_H
    ]
    return len(hours) < MEDIAN_FROM_N or abs(at_h - median(hours)) <= AROUND_MEDIAN_H


def _hour(taken: datetime) -> float:
    return taken.hour + taken.minute / 60.0 + taken.second / 3600.0
