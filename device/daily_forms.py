"""Which apps' exports we know, told by the columns in their header."""

from collections.abc import Sequence
from dataclasses import dataclass

from sensors.rr_text import RR_COLUMN

FEELINGS = ("fatigue", "sleep", "soreness", "stress", "mood")
"""Columns of our own five items, 1 to 5, higher is better: see :class:`hrv.wellness.Wellness`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """Where in an app's export what stands; columns in lower case."""

    name: str
    app: str
    """What measured: exports of one app are one history."""
    needs: frozenset[str]
    """Columns that tell it from the others."""
    day: str
    at: str | None = None
    """A column of its own for the time of day."""
    rmssd_ms: str | None = None
    ln_rmssd: str | None = None
    hr_bpm: tuple[str, ...]
    """The first of these that is there."""
    often_ydm: bool = False
    """Known to be written year-day-month as well."""
    short_rows: bool = False
    """Whether cells may be missing at the end of a row; else it was cut off."""
    person: str | None = None
    """A column that says whose it is."""
    only: tuple[str, str] | None = None
    """A column, and what must stand in it for a morning test."""
    ill: tuple[str, tuple[str, ...]] | None = None
    """A column, and what stands in it when the athlete is well."""
    tags: tuple[tuple[str, str, tuple[str, ...]], ...] = ()
    """Column, our tag, and what stands there when it does not apply."""
    feelings: tuple[str, ...] = ()
    left: str | None = None
    """What is in the file and never taken, and why."""


_HRV4TRAINING_LEFT = "Recovery Points and the app's sliders are not taken: their scales are its own"
_HRV4TRAINING_TAGS = (
    ("traveling", "travel", ("", "not traveling")),
    ("alcohol", "alcohol", ("", "nothing")),
)

FORMS: tuple[Form, ...] = (
    Form(
        name="HRV4Training (iOS)",
        app="HRV4Training",
        needs=frozenset({"timestamp_measurement", "hr", "rmssd"}),
        day="timestamp_measurement",
        rmssd_ms="rmssd",
        hr_bpm=("hr",),
        ill=("sickness", ("", "not sick")),
        tags=_HRV4TRAINING_TAGS,
        left=_HRV4TRAINING_LEFT,
    ),
    Form(
        name="HRV4Training (Android)",
        app="HRV4Training",
        needs=frozenset({"date", "time", "hr", "rmssd", "hrv4t_recovery_points"}),
        day="date",
        at="time",
        rmssd_ms="rmssd",
        hr_bpm=("hr",),
        often_ydm=True,
        ill=("sickness", ("", "not sick")),
        tags=_HRV4TRAINING_TAGS,
        left=_HRV4TRAINING_LEFT,
    ),
    Form(
        name="Elite HRV",
        app="Elite HRV",
        needs=frozenset({"datetime", "type", "rmssd", "hr"}),
        day="datetime",
        rmssd_ms="rmssd",
        ln_rmssd="lnrmssd",
        hr_bpm=("hr",),
        person="member",
        only=("type", "readiness"),
        left="HRV and Score are not taken: they are the app's own scales",
    ),
    *(
        Form(
            name="plain CSV",
            app="plain CSV",
            needs=frozenset({"date", value}),
            day="date",
            at="time",
            rmssd_ms="rmssd_ms",
            ln_rmssd="ln_rmssd",
            hr_bpm=("mean_hr_bpm", "hr_bpm"),
            short_rows=True,
            feelings=FEELINGS,
        )
        for value in ("rmssd_ms", "ln_rmssd")
    ),
)

SCORES = frozenset(
    {"hrv", "score", "hrv_score", "hrv4t_recovery_points", "recovery_points", "readiness"}
)
"""Columns that some apps offer in place of RMSSD."""


def form_of(columns: Sequence[str]) -> Form | None:
    """The form with this header; None where it is none we know."""
    return next((form for form in FORMS if form.needs <= set(columns)), None)


def looks_daily(columns: Sequence[str]) -> bool:
    """Whether it is a table of days all the same; one with RR intervals is a recording."""
    if any(RR_COLUMN.fullmatch(column) for column in columns):
        return False
    dated = {"date", "day", "datetime", "timestamp_measurement"} & set(columns)
    return bool(dated) and bool(SCORES.union({"rmssd", "lnrmssd", "hr"}) & set(columns))
