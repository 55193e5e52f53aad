"""What a session is for, and the heart-rate band that purpose means for this athlete."""

from dataclasses import dataclass

from device.athlete import Athlete
from device.errors import BeatwiseError
from device.purpose import Purpose
from hrv import zones
from hrv.hr_max import hr_max_tanaka

__all__ = [
    "RECOVERY_BELOW_EASY_BPM",
    "SET_BY_YOU",
    "THRESHOLD_PCT_HR_MAX",
    "THRESHOLD_PCT_RESERVE",
    "BadPurpose",
    "Band",
    "Purpose",
    "band_for",
    "parse_purpose",
]


@dataclass(frozen=True, slots=True)
class Band:
    """The intended range of heart rate, half-open ``[floor, ceiling)``; None is no bound."""

    floor_bpm: float | None
    ceiling_bpm: float | None
    origin: str
    """Where the bound comes from, for people: "89 % of your LTHR"."""
    estimate: bool
    """True where it rests on a formula of age and not on something measured."""

    @property
    def told_origin(self) -> str:
        """The origin, and that it is an estimate where it is one."""
        return f"an estimate: {self.origin}" if self.estimate else self.origin


RECOVERY_BELOW_EASY_BPM = 10.0
"""Recovery ends this far under the easy ceiling. Our decision, no paper behind the number."""

SET_BY_YOU = "set by you"
"""Where a ceiling of one's own comes from."""


class BadPurpose(BeatwiseError, ValueError):
    """A purpose or ceiling that cannot be used."""


def parse_purpose(text: str) -> Purpose:
    """Read a purpose; raises :class:`BadPurpose` naming those there are."""
    try:
        return Purpose(text)
    except ValueError:
        raise BadPurpose(f"purpose {text!r} is unknown; it can be {', '.join(Purpose)}") from None


def band_for(
    purpose: Purpose,
    athlete: Athlete,
    *,
    year: int | None,
    ceiling_bpm: float | None = None,
) -> Band | None:
    """The band of a purpose for an athlete; None where nothing is known to set one by.

    ``year`` is the calendar year, for age; None where the date cannot be trusted. ``ceiling_bpm``
    is the athlete's own word and replaces what would be worked out. Recovery and easy have no
    floor: nobody is told to hurry on an easy day. A ramp has no band, it looks for one.
    """
    if purpose is Purpose.RAMP:
        return None
    if ceiling_bpm is not None:
        if not 40 <= ceiling_bpm <= 240:
            raise BadPurpose(f"a ceiling of {ceiling_bpm:g} bpm is out of range: say 40 to 240")
        return Band(None, ceiling_bpm, SET_BY_YOU, estimate=False)
    age_years = None if year is None else athlete.age_years(year)
    easy = zones.easy_ceiling(
        vt1_bpm=athlete.vt1_bpm,
        hrvt1_bpm=athlete.hrvt1_bpm,
        lthr_bpm=athlete.lthr_bpm,
        rest_bpm=athlete.resting_bpm,
        max_bpm=athlete.max_bpm,
        age_years=age_years,
    )
    if easy is None:
        return None
    match purpose:
        case Purpose.EASY:
            return Band(None, easy.bpm, easy.origin, easy.estimate)
        case Purpose.RECOVERY:
            ceiling = easy.bpm - RECOVERY_BELOW_EASY_BPM
            origin = f"{RECOVERY_BELOW_EASY_BPM:g} under easy: {easy.origin}"
            return Band(None, ceiling, origin, easy.estimate)
    threshold = _threshold_bpm(athlete, age_years)
    if threshold is None or threshold.bpm <= easy.bpm:
        return None
    middle = (easy.bpm + threshold.bpm) / 2
    estimate = easy.estimate or threshold.estimate
    match purpose:
        case Purpose.STEADY:
            return Band(
                easy.bpm, middle, f"easy ceiling to halfway to {threshold.origin}", estimate
            )
        case Purpose.TEMPO:
            return Band(middle, threshold.bpm, f"halfway from easy to {threshold.origin}", estimate)
        case Purpose.INTERVALS:
            return Band(threshold.bpm, None, f"above {threshold.origin}", estimate)


THRESHOLD_PCT_RESERVE = 85.0
"""Threshold at 85 % of reserve where LTHR was never measured. Our decision."""
THRESHOLD_PCT_HR_MAX = 88.0
"""Threshold at 88 % of an estimated HRmax, the top of the Norwegian zone 3. Our decision."""


def _threshold_bpm(athlete: Athlete, age_years: int | None) -> zones.Ceiling | None:
    """Where hard begins: LTHR, else a share of reserve, else of an estimated HRmax."""
    if athlete.lthr_bpm is not None:
        return zones.Ceiling(athlete.lthr_bpm, "your LTHR", estimate=False)
    rest, top = athlete.resting_bpm, athlete.max_bpm
    if rest is not None and top is not None:
        bpm = rest + (top - rest) * THRESHOLD_PCT_RESERVE / 100
        return zones.Ceiling(bpm, "85 % of your reserve", estimate=False)
    if age_years is None:
        return None
    bpm = hr_max_tanaka(age_years) * THRESHOLD_PCT_HR_MAX / 100
    return zones.Ceiling(bpm, "88 % of an estimated HRmax", estimate=True)
