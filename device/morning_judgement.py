"""Accept, extend or refuse a recording of a morning test (SCIENCE 4 and 2.2).

The numbers are our decision unless a source stands beside them.
"""

from dataclasses import dataclass
from math import log
from statistics import median

from device.morning_beats import Stretch
from device.morning_view import Integrity, Orthostatic
from hrv.artefacts import artefact_pct
from hrv.time_domain import mean_hr, rmssd

LEAST_PAIRS = 30
LEAST_PAIRS_PCT = 80.0
"""Of the beats to be expected: recorded time over median RR."""
GOOD_ARTEFACT_PCT = 5.0
MOST_ARTEFACT_PCT = 10.0
MOST_OFF_SKIN_S = 5.0
MOST_GAP_S = 10.0
"""Of one gap; how many there may be in all is a matter of the artefact share."""
MOST_HR_DRIFT_BPM = 8.0
"""Last third less first third."""
MOST_LN_HALVES = 0.35
"""Between lnRMSSD of the two halves."""
MOST_IDENTICAL_PCT = 50.0
"""Successive RR that are the same: no heart does that, firmware that smooths does (SCIENCE 9)."""
BEST_S = 120.0
"""Length of the best part that is taken where the recording had to be extended."""
BEST_EVERY_S = 5.0
"""How far apart the parts begin that are tried."""
PEAK_HR_BEATS = 5
PEAK_HR_WITHIN_S = 30.0
"""The peak after standing up (SCIENCE 4): the highest mean of five beats (our decision)."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """What one recording is worth; both empty: accepted."""

    refusals: tuple[str, ...] = ()
    """Why it cannot be used; nothing would mend it."""
    doubts: tuple[str, ...] = ()
    """Why more is needed."""

    @property
    def accepted(self) -> bool:
        """Good as it is."""
        return not (self.refusals or self.doubts)


def lost_signal(counts: Integrity) -> tuple[str, ...]:
    """What ends a recording at once, while it runs."""
    said = []
    if counts.contact_lost_s > MOST_OFF_SKIN_S:
        said.append(
            f"no skin contact for {counts.contact_lost_s:.0f} s"
            f" (at most {MOST_OFF_SKIN_S:g}): moisten the strap, tighten it"
        )
    if counts.longest_gap_s > MOST_GAP_S:
        said.append(
            f"no beats for {counts.longest_gap_s:.0f} s (at most {MOST_GAP_S:g}):"
            " stay near, sit still"
        )
    return tuple(said)


def judge(stretch: Stretch) -> Judgement:
    """Hold a recording against all rules."""
    counts = stretch.counts
    refusals = list(lost_signal(counts))
    if counts.artefact_pct is None:
        refusals = refusals or ["no beats arrived"]
        return Judgement(refusals=tuple(refusals))
    if counts.artefact_pct > MOST_ARTEFACT_PCT:
        refusals.append(
            f"artefacts {counts.artefact_pct:.1f} % (at most {MOST_ARTEFACT_PCT:g}):"
            f" {counts.flagged} of {counts.n_beats} beats not normal, {counts.lost_beats} lost"
        )
    if (counts.identical_pct or 0.0) > MOST_IDENTICAL_PCT:
        refusals.append(
            f"{counts.identical_pct:.0f} % of successive RR intervals are identical"
            f" (at most {MOST_IDENTICAL_PCT:g}): this sensor smooths them, HRV cannot be measured"
        )
    return Judgement(tuple(refusals), _doubts(stretch))


def _doubts(stretch: Stretch) -> tuple[str, ...]:
    counts = stretch.counts
    said = []
    if GOOD_ARTEFACT_PCT < (counts.artefact_pct or 0.0) <= MOST_ARTEFACT_PCT:
        said.append(f"artefacts {counts.artefact_pct:.1f} % (good: up to {GOOD_ARTEFACT_PCT:g})")
    said += too_few(stretch)
    drift_bpm = hr_drift_bpm(stretch)
    if drift_bpm is None or abs(drift_bpm) > MOST_HR_DRIFT_BPM:
        moved = "unknown" if drift_bpm is None else f"{drift_bpm:+.1f} bpm"
        said.append(f"heart rate still drifting: {moved} (at most {MOST_HR_DRIFT_BPM:g})")
    apart = ln_halves_apart(stretch)
    if apart is None or apart > MOST_LN_HALVES:
        far = "unknown" if apart is None else f"{apart:.2f}"
        said.append(f"the two halves disagree: lnRMSSD {far} apart (at most {MOST_LN_HALVES:g})")
    return tuple(said)


def too_few(stretch: Stretch) -> list[str]:
    """Whether there are too few successive differences to rest a number on."""
    pairs = stretch.counts.pairs
    expected = expected_beats(stretch)
    if pairs < LEAST_PAIRS:
        return [f"only {_count(pairs, 'usable pair')} of beats (at least {LEAST_PAIRS})"]
    if expected is not None and pairs < expected * LEAST_PAIRS_PCT / 100.0:
        return [f"only {pairs} usable pairs of {expected:.0f} beats expected"]
    return []


def expected_beats(stretch: Stretch) -> float | None:
    """Recorded time over median RR."""
    if not len(stretch.rr_ms):
        return None
    median_ms = median(stretch.rr_ms.tolist())
    return float((stretch.to_s - stretch.from_s) * 1000.0 / median_ms)


def hr_bpm(stretch: Stretch) -> float | None:
    """Mean heart rate of the usable beats."""
    return mean_hr(stretch.rr_ms, stretch.good)


def rmssd_ms(stretch: Stretch) -> float | None:
    """RMSSD under the pairing rule."""
    return rmssd(stretch.rr_ms, stretch.good, stretch.gap_before)


def hr_drift_bpm(stretch: Stretch) -> float | None:
    """Heart rate of the last third less that of the first."""
    third_s = (stretch.to_s - stretch.from_s) / 3.0
    first = hr_bpm(stretch.part(stretch.from_s, stretch.from_s + third_s))
    last = hr_bpm(stretch.part(stretch.to_s - third_s, stretch.to_s))
    return None if first is None or last is None else last - first


def ln_halves_apart(stretch: Stretch) -> float | None:
    """How far apart lnRMSSD of the two halves is."""
    middle_s = (stretch.from_s + stretch.to_s) / 2.0
    first = rmssd_ms(stretch.part(stretch.from_s, middle_s))
    second = rmssd_ms(stretch.part(middle_s, stretch.to_s))
    return abs(log(first) - log(second)) if first and second else None


def starts_of_best(from_s: float, to_s: float) -> list[float]:
    """Where the best contiguous 120 s of a recording may begin; the whole if it is not longer."""
    last_s = to_s - BEST_S
    steps = int(max(0.0, last_s - from_s) // BEST_EVERY_S)
    starts = [from_s + step * BEST_EVERY_S for step in range(steps + 1)]
    return starts if not starts or starts[-1] >= last_s else [*starts, last_s]


def badness(stretch: Stretch) -> tuple[float, ...]:
    """Orders candidates: what is accepted first, then fewer artefacts, then calmer."""
    judged = judge(stretch)
    drift_bpm, apart = hr_drift_bpm(stretch), ln_halves_apart(stretch)
    return (
        float(bool(judged.refusals)),
        float(len(judged.doubts)),
        100.0 if stretch.counts.artefact_pct is None else stretch.counts.artefact_pct,
        (abs(drift_bpm) / MOST_HR_DRIFT_BPM if drift_bpm is not None else 9.0)
        + (apart / MOST_LN_HALVES if apart is not None else 9.0),
    )


def orthostatic(supine: Stretch, standing: Stretch, rising: Stretch) -> Orthostatic:
    """Standing against lying; ``rising`` begins with the cue to stand (SCIENCE 4)."""
    supine_hr = hr_bpm(supine)
    usable = (
        standing.counts.pairs >= LEAST_PAIRS
        and (standing.counts.artefact_pct or 0.0) <= MOST_ARTEFACT_PCT
    )
    standing_hr = hr_bpm(standing) if usable else None
    return Orthostatic(
        supine_hr_bpm=supine_hr,
        supine_rmssd_ms=rmssd_ms(supine),
        standing_hr_bpm=standing_hr,
        standing_rmssd_ms=rmssd_ms(standing) if usable else None,
        delta_hr_bpm=None if supine_hr is None or standing_hr is None else standing_hr - supine_hr,
        peak_hr_bpm=_peak_hr_bpm(rising.part(rising.from_s, rising.from_s + PEAK_HR_WITHIN_S)),
        ratio_30_15=_ratio_30_15(rising),
    )


def _peak_hr_bpm(stretch: Stretch) -> float | None:
    n = PEAK_HR_BEATS
    peaks = [
        60_000.0 * n / float(stretch.rr_ms[i : i + n].sum())
        for i in range(len(stretch.rr_ms) - n + 1)
        if stretch.good[i : i + n].all() and not stretch.gap_before[i + 1 : i + n].any()
    ]
    return max(peaks, default=None)


def _ratio_30_15(stretch: Stretch) -> float | None:
    """Beats count from 1 at the cue; None where one is missing that is counted."""
    if len(stretch.rr_ms) < 40 or stretch.gap_before[1:40].any():
        return None
    if artefact_pct(stretch.kinds[:40]):
        return None
    return float(stretch.rr_ms[19:40].max() / stretch.rr_ms[4:25].min())


def _count(n: int, what: str) -> str:
    return f"{n} {what}" if n == 1 else f"{n} {what}s"
