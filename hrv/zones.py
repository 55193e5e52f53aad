"""Heart-rate zones, and the ceiling of an easy run.

How far each number can be trusted stands beside it: *abstract read* means abstract, vendor page
or a third party's copy was read, not the paper; *recalled* means nobody here opened the paper,
so do not quote it; *our decision* means no paper stands behind the exact number.
"""

from bisect import bisect_right
from dataclasses import dataclass
from itertools import pairwise
from math import isfinite

from hrv.hr_max import age_in_range, bpm_in_range, hr_max_tanaka


@dataclass(frozen=True, slots=True)
class Zones:
    """A zone model: rising bounds, each zone half-open ``[low, high)``."""

    names: tuple[str, ...]
    """Names from the lowest zone upwards; one more than bounds, the first lies below them all."""
    bounds_bpm: tuple[float, ...]
    """Where each zone but the lowest begins, never rounded."""
    model: str = "own"
    """Which model the bounds came from, with its paper or vendor."""

    def __post_init__(self) -> None:
        if not self.bounds_bpm or len(self.names) != len(self.bounds_bpm) + 1:
            raise ValueError(
                f"{len(self.bounds_bpm)} bounds part {len(self.bounds_bpm) + 1} zones,"
                f" not {len(self.names)}"
            )
        for bound_bpm in self.bounds_bpm:
            if not (isfinite(bound_bpm) and bound_bpm > 0.0):
                raise ValueError(f"{bound_bpm} bpm cannot be the bound of a zone")
        for low_bpm, high_bpm in pairwise(self.bounds_bpm):
            if not low_bpm < high_bpm:
                raise ValueError(f"zone bounds must rise: {high_bpm:g} follows {low_bpm:g} bpm")

    def zone(self, hr_bpm: float) -> int:
        """Index of the zone of a heart rate, unrounded; 0 is below the first bound.

        Raises:
            ValueError: the heart rate is not a finite number.
        """
        if not isfinite(hr_bpm):
            raise ValueError("a heart rate that is not a number lies in no zone")
        return bisect_right(self.bounds_bpm, hr_bpm)

    def limits_bpm(self, index: int) -> tuple[float | None, float | None]:
        """Where a zone begins and ends; None where it is open.

        Raises:
            IndexError: there is no zone of that index.
        """
        if not 0 <= index < len(self.names):
            raise IndexError(f"there is no zone {index}, the last is {len(self.names) - 1}")
        low_bpm = self.bounds_bpm[index - 1] if index > 0 else None
        high_bpm = self.bounds_bpm[index] if index < len(self.bounds_bpm) else None
        return low_bpm, high_bpm


def percent_max(max_bpm: float) -> Zones:
    """Five zones of 10 % of the highest heart rate from 50 %; a convention without one paper."""
    bpm_in_range("the highest heart rate", max_bpm)
    bounds_bpm = tuple(max_bpm * pct / 100.0 for pct in (50, 60, 70, 80, 90))
    return Zones(("below", "1", "2", "3", "4", "5"), bounds_bpm, "% of HRmax")


def karvonen(rest_bpm: float, max_bpm: float) -> Zones:
    """Five zones of 10 % of heart-rate reserve from 50 % (Karvonen 1957; recalled)."""
    reserve_bpm = _reserve_bpm(rest_bpm, max_bpm)
    bounds_bpm = tuple(rest_bpm + reserve_bpm * pct / 100.0 for pct in (50, 60, 70, 80, 90))
    return Zones(("below", "1", "2", "3", "4", "5"), bounds_bpm, "% of reserve (Karvonen 1957)")


def friel(lthr_bpm: float) -> Zones:
    """Friel's seven running zones from the heart rate at lactate threshold (abstract read).

    LTHR is the mean of the last 20 minutes of a 30-minute all-out run. Friel prints whole
    percents (85 to 89, 90 to 94, ...); they are read as half-open at 85, 90, 95, 100, 103, 106.
    """
    bpm_in_range("the heart rate at lactate threshold", lthr_bpm)
    bounds_bpm = tuple(lthr_bpm * pct / 100.0 for pct in (85, 90, 95, 100, 103, 106))
    return Zones(("1", "2", "3", "4", "5a", "5b", "5c"), bounds_bpm, "% of LTHR (Friel)")


def three_zone(vt1_bpm: float, vt2_bpm: float) -> Zones:
    """Seiler's three zones: below VT1, between the thresholds, above VT2 (abstract read)."""
    bpm_in_range("VT1", vt1_bpm)
    bpm_in_range("VT2", vt2_bpm)
    return Zones(("1", "2", "3"), (vt1_bpm, vt2_bpm), "three zones (Seiler)")


def norwegian(max_bpm: float) -> Zones:
    """The Norwegian five-zone scale, % of HRmax (abstract read; its top zone only recalled).

    The scale prints 60 to 72, 72 to 82, 82 to 87, 88 to 93, 94 to 100; the two holes of one
    percent belong to the lower zone, so that the zones touch.
    """
    bpm_in_range("the highest heart rate", max_bpm)
    bounds_bpm = tuple(max_bpm * pct / 100.0 for pct in (60, 72, 82, 88, 94))
    return Zones(("below", "1", "2", "3", "4", "5"), bounds_bpm, "% of HRmax (Norwegian scale)")


def maf_range(age_years: float, adjustment_bpm: float = 0.0) -> tuple[float, float]:
    """Maffetone's aerobic range: from 10 below up to 180 − age + adjustment (abstract read).

    Adjustment, chosen by the athlete: −10 major illness, surgery or regular medication; −5
    injured, regressing, more than two colds a year, asthma or allergy, new or inconsistent; 0
    regular for up to two years; +5 more than two years and progressing. Up to the age of 16 the
    top is 165; beyond 65, and only within the +5 group, up to +10 after self-assessment.

    Raises:
        ValueError: implausible age, or an adjustment that is not offered at that age.
    """
    age_in_range(age_years)
    offered_bpm = (-10.0, 10.0 if age_years > 65.0 else 5.0)
    if not offered_bpm[0] <= adjustment_bpm <= offered_bpm[1]:
        raise ValueError(
            f"at {age_years:g} the adjustment of the MAF formula lies between {offered_bpm[0]:g}"
            f" and {offered_bpm[1]:g}, not {adjustment_bpm}"
        )
    top_bpm = 165.0 if age_years <= 16.0 else 180.0 - age_years + adjustment_bpm
    return top_bpm - 10.0, top_bpm


EASY_PCT_LTHR = 89.0
"""Easy ends at 89 % of LTHR, the printed top of Friel's zone 2 (order and number: ours)."""
EASY_PCT_RESERVE = 70.0
"""Easy ends at 70 % of heart-rate reserve (our decision, no paper behind the number)."""
EASY_PCT_HR_MAX = 75.0
"""Easy ends at 75 % of an estimated HRmax (our decision, no paper behind the number)."""


@dataclass(frozen=True, slots=True)
class Ceiling:
    """The heart rate an easy run stays below, and why that one."""

    bpm: float
    origin: str
    """Where it came from, in words for a person."""
    estimate: bool
    """True if it rests on age alone: show it as an estimate, ±10."""


def easy_ceiling(
    *,
    vt1_bpm: float | None = None,
    hrvt1_bpm: float | None = None,
    lthr_bpm: float | None = None,
    rest_bpm: float | None = None,
    max_bpm: float | None = None,
    age_years: float | None = None,
    maf_adjustment_bpm: float | None = None,
) -> Ceiling | None:
    """The easy ceiling from the best thing known about the athlete; the talk test overrides it.

    First available of: VT1 the athlete entered; HRVT1 the athlete accepted; 89 % of LTHR; 70 %
    of reserve, from a *measured* HRmax; MAF, only if chosen by giving its adjustment; 75 % of
    Tanaka's HRmax. The order is our decision. None when nothing is known.

    Raises:
        ValueError: a value that was needed is implausible; the message says which.
    """
    if vt1_bpm is not None:
        return Ceiling(bpm_in_range("VT1", vt1_bpm), "your VT1", estimate=False)
    if hrvt1_bpm is not None:
        return Ceiling(
            bpm_in_range("HRVT1", hrvt1_bpm), "your accepted HRVT1 (DFA α1 ramp)", estimate=False
        )
    if lthr_bpm is not None:
        bpm_in_range("the heart rate at lactate threshold", lthr_bpm)
        return Ceiling(lthr_bpm * EASY_PCT_LTHR / 100.0, "89 % of your LTHR", estimate=False)
    if rest_bpm is not None and max_bpm is not None:
        reserve_bpm = _reserve_bpm(rest_bpm, max_bpm)
        return Ceiling(
            rest_bpm + reserve_bpm * EASY_PCT_RESERVE / 100.0,
            "70 % of your heart-rate reserve",
            estimate=False,
        )
    if age_years is None:
        return None
    if maf_adjustment_bpm is not None:
        return Ceiling(
            maf_range(age_years, maf_adjustment_bpm)[1], "MAF (180 − age, adjusted)", estimate=True
        )
    return Ceiling(
        hr_max_tanaka(age_years) * EASY_PCT_HR_MAX / 100.0,
        "75 % of Tanaka's HRmax for your age",
        estimate=True,
    )


def _reserve_bpm(rest_bpm: float, max_bpm: float) -> float:
    bpm_in_range("the resting heart rate", rest_bpm)
    bpm_in_range("the highest heart rate", max_bpm)
    if not rest_bpm < max_bpm:
        raise ValueError(
            f"the resting heart rate ({rest_bpm:g}) must be below the highest ({max_bpm:g})"
        )
    return max_bpm - rest_bpm
