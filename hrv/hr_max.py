"""The highest heart rate: estimated by age, raised only by what was seen and agreed to.

How far each number can be trusted stands beside it, in the words of :mod:`hrv.zones`.
"""

from collections.abc import Sequence

HR_MAX_ERROR_BPM = 10.0
"""Show every estimated HRmax with ±10. Fox: SD 10 to 12 (abstract read); Tanaka: about 10 and
Nes: SEE about 10.8 (both recalled). Among marathoners Fox and Tanaka are about 5 bpm too high
in women, Fox 3 too low in men (Nikolaidis 2018, abstract read)."""

PLAUSIBLE_BPM = (20.0, 260.0)
"""Outside this no resting, threshold or highest heart rate of a person is believed (ours)."""
PLAUSIBLE_AGE = (5.0, 110.0)
"""Outside this no formula by age is applied (ours)."""


def bpm_in_range(name: str, value_bpm: float) -> float:
    """The value, if a person's heart can beat so.

    Raises:
        ValueError: it is not a number from 20 to 260 bpm; the message says which one.
    """
    low_bpm, high_bpm = PLAUSIBLE_BPM
    if not low_bpm <= value_bpm <= high_bpm:  # false for NaN too
        raise ValueError(f"{name} must lie between {low_bpm:g} and {high_bpm:g}, not {value_bpm}")
    return value_bpm


def age_in_range(age_years: float) -> float:
    """The age, if a formula by age may be applied to it.

    Raises:
        ValueError: it is not a number from 5 to 110.
    """
    low, high = PLAUSIBLE_AGE
    if not low <= age_years <= high:
        raise ValueError(f"the age must lie between {low:g} and {high:g} years, not {age_years}")
    return age_years


def hr_max_fox(age_years: float) -> float:
    """220 − age, bpm (Fox 1971; error SD 10 to 12, abstract read)."""
    return 220.0 - age_in_range(age_years)


def hr_max_tanaka(age_years: float) -> float:
    """208 − 0.7·age, bpm: our default (Tanaka 2001; error SD about 10, recalled)."""
    return 208.0 - 0.7 * age_in_range(age_years)


def hr_max_gellish(age_years: float) -> float:
    """206.9 − 0.67·age, bpm (Gellish 2007; error similar to Tanaka's, recalled)."""
    return 206.9 - 0.67 * age_in_range(age_years)


def hr_max_gellish_nonlinear(age_years: float) -> float:
    """191.5 − 0.007·age², bpm (Gellish 2007, recalled)."""
    return 191.5 - 0.007 * age_in_range(age_years) ** 2


def hr_max_nes(age_years: float) -> float:
    """211 − 0.64·age, bpm (Nes 2013; SEE about 10.8, recalled)."""
    return 211.0 - 0.64 * age_in_range(age_years)


def raised_hr_max(
    hr_5s_median_bpm: Sequence[float], artefact_pct: float, max_bpm: float
) -> float | None:
    """A higher HRmax to *propose* to the athlete, or None: nothing is raised without asking.

    Only a 5 s median beyond the known value counts, and only with at most 3 % artefacts (our
    decision): one misread beat must not move every zone.
    """
    bpm_in_range("the highest heart rate", max_bpm)
    if not artefact_pct <= 3.0:
        return None
    low_bpm, high_bpm = PLAUSIBLE_BPM
    believed = [hr for hr in hr_5s_median_bpm if low_bpm <= hr <= high_bpm]
    highest_bpm = max(believed, default=max_bpm)
    return highest_bpm if highest_bpm > max_bpm else None
