"""A whole recording in numbers: what `beatwise analyse` says."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from hrv import time_domain
from hrv.artefacts import accepted, artefact_pct, classify
from hrv.dfa import Alpha1, alpha1, sliding_alpha1
from hrv.kind import Kind
from hrv.refusal import Refusal
from sensors.beat_clock import BeatClock
from sensors.recording import Recording

RR_RANGE_MS = (250.0, 2500.0)
"""From the fastest of exercise to the slowest of a morning: a file does not say which it is."""

GOOD_UP_TO_PCT = 5.0
REFUSED_ABOVE_PCT = 10.0
"""Artefact share of the morning gate (SCIENCE 2.2; our decision)."""

LEAST_PAIRS = 30
"""Valid pairs the morning test asks for at least (SCIENCE 4); with fewer, variability is chance."""
SMOOTHED_ABOVE_PCT = 50.0
"""More identical neighbours than this, and the device smoothed its intervals (SCIENCE 9, 7)."""

ONE_WINDOW_S = 360.0
"""Up to so long α1 is taken over the whole recording, beyond it as the median of windows of two
minutes: over an hour it would tell how the effort changed, not how the heart regulates."""

Quality = Literal["good", "degraded", "refuse"]


@dataclass(frozen=True, slots=True)
class Analysis:
    """Metrics of one recording; None where one cannot be computed."""

    form: str
    n_beats: int
    duration_s: float
    """Sum of the intervals; time without beats is not in it."""
    mean_rr_ms: float | None
    mean_hr_bpm: float | None
    sdnn_ms: float | None
    rmssd_ms: float | None
    ln_rmssd: float | None
    pnn50_pct: float | None
    sd1_ms: float | None
    sd2_ms: float | None
    dfa_alpha1: float | None
    dfa_variant: str | None
    dfa_windows: int
    """1: the whole recording; more: ``dfa_alpha1`` is the median of so many two-minute windows."""
    artefact_pct: float | None
    lost_beats: int
    gaps: int
    artefacts: dict[str, int]
    """How many intervals of each kind but normal, by its name."""
    quality: Quality
    quality_reason: str
    """Why it is good, degraded or refused, in plain words."""
    notes: tuple[str, ...]
    rr_ms: NDArray[np.float64]
    """Shape (n_beats,), as in the file."""
    kinds: NDArray[np.uint8]
    """Shape (n_beats,): the :class:`hrv.kind.Kind` of each."""
    normal: NDArray[np.bool_]
    """Shape (n_beats,): what entered the metrics."""
    gap_before: NDArray[np.bool_]
    """Shape (n_beats,): where intervals are missing."""


@dataclass(frozen=True, slots=True)
class Spectral:
    """What asking for the spectrum adds; None where it is refused, and ``refused`` says why."""

    lf_ms2: float | None = None
    hf_ms2: float | None = None
    lf_hf: float | None = None
    """For display only: it is no index of any balance."""
    respiration_per_min: float | None = None
    refused: tuple[str, ...] = ()


def analyse(recording: Recording) -> Analysis:
    """Mark the artefacts of a recording, then compute every metric over what is left.

    Gaps and lost beats are those the recording shows and, where it holds arrival times, those
    the beat clock finds. Of a doubled notification one is counted.
    """
    rr_ms, time_s, gap_before, lost_beats = _series(recording)
    kinds = classify(rr_ms, gap_before, lo_ms=RR_RANGE_MS[0], hi_ms=RR_RANGE_MS[1])
    good = accepted(kinds)
    share_pct = artefact_pct(kinds, lost_beats)
    slope, windows = _alpha1(rr_ms, kinds, gap_before, time_s)
    metrics = (rr_ms, good, gap_before)
    quality, reason = _quality(share_pct, *time_domain.valid_pairs(*metrics))
    return Analysis(
        form=recording.form,
        n_beats=len(rr_ms),
        duration_s=float(rr_ms.sum()) / 1000,
        mean_rr_ms=time_domain.mean_rr(*metrics),
        mean_hr_bpm=time_domain.mean_hr(*metrics),
        sdnn_ms=time_domain.sdnn(*metrics),
        rmssd_ms=time_domain.rmssd(*metrics),
        ln_rmssd=time_domain.ln_rmssd(*metrics),
        pnn50_pct=time_domain.pnn50(*metrics),
        sd1_ms=time_domain.sd1(*metrics),
        sd2_ms=time_domain.sd2(*metrics),
        dfa_alpha1=None if slope is None else slope.value,
        dfa_variant=None if slope is None else slope.variant,
        dfa_windows=windows,
        artefact_pct=share_pct,
        lost_beats=lost_beats,
        gaps=int(gap_before.sum()),
        artefacts={
            kind.name.lower(): int(np.count_nonzero(kinds == kind))
            for kind in Kind
            if kind is not Kind.NORMAL
        },
        quality=quality,
        quality_reason=reason,
        notes=recording.notes,
        rr_ms=rr_ms,
        kinds=kinds,
        normal=good,
        gap_before=gap_before,
    )


def spectral(analysis: Analysis) -> Spectral:
    """LF, HF and the breathing rate; apart, because SciPy takes half a second to load."""
    from hrv.respiration import respiration
    from hrv.spectrum import welch

    series = (analysis.rr_ms, analysis.kinds, analysis.gap_before)
    spectrum, breathing = welch(*series), respiration(*series)
    if isinstance(spectrum, Refusal):
        return Spectral(refused=(spectrum.reason,))
    rate_per_min, refused = (
        (None, (breathing.reason,))
        if isinstance(breathing, Refusal)
        else (breathing.rate_per_min, ())
    )
    return Spectral(
        lf_ms2=spectrum.lf_ms2,
        hf_ms2=spectrum.hf_ms2,
        lf_hf=spectrum.lf_hf,
        respiration_per_min=rate_per_min,
        refused=refused,
    )


def _alpha1(
    rr_ms: NDArray[np.float64],
    kinds: NDArray[np.uint8],
    gap_before: NDArray[np.bool_],
    time_s: NDArray[np.float64],
) -> tuple[Alpha1 | None, int]:
    """α1, and over how many windows."""
    if time_s[-1] - time_s[0] <= ONE_WINDOW_S:
        slope = alpha1(rr_ms, kinds, gap_before, time_s=time_s)
        return slope, int(slope is not None)
    sliding = sliding_alpha1(rr_ms, kinds, gap_before, time_s=time_s)
    known = sliding.value[np.isfinite(sliding.value)]
    if not len(known):
        return None, 0
    return Alpha1(float(np.median(known)), sliding.variant), len(known)


def _series(
    recording: Recording,
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.bool_], int]:
    """RR in ms, when each beat fell in s, gap flags, lost beats."""
    ticks: list[int] = []
    time_s: list[float] = []
    gaps: set[int] = set()
    lost_beats = 0
    clock = BeatClock()
    for frame in recording.frames:
        if not recording.arrivals_known:
            gaps.update(len(ticks) + place for place in frame.gaps)
            ticks += frame.rr_ticks
            time_s += [frame.t_s] * len(frame.rr_ticks)
            continue
        told = clock.add(frame)
        lost_beats += told.lost_beats
        for beat in told.beats:
            if beat.gap_before:
                gaps.add(len(ticks))
            ticks.append(beat.rr_ticks)
            time_s.append(beat.time_s)
        gaps.difference_update(decision.index for decision in told.decided if decision.late)
    gap_before = np.zeros(len(ticks), dtype=bool)
    gap_before[[place for place in gaps if 0 < place < len(ticks)]] = True
    rr_ms = np.asarray(ticks, dtype=np.float64) * 1000 / recording.ticks_per_s
    return rr_ms, np.asarray(time_s), gap_before, lost_beats


def _quality(
    share_pct: float | None, first_ms: NDArray[np.float64], second_ms: NDArray[np.float64]
) -> tuple[Quality, str]:
    """How far the variability may be trusted, from the artefacts and the pairs it rests on."""
    pairs = len(first_ms)
    if share_pct is None or share_pct > REFUSED_ABOVE_PCT:
        return "refuse", "more than 10 % artefacts: the variability means nothing"
    if pairs < LEAST_PAIRS:
        return "refuse", f"too short: {pairs} pairs of neighbours, {LEAST_PAIRS} are needed"
    if 100.0 * np.count_nonzero(first_ms == second_ms) / pairs > SMOOTHED_ABOVE_PCT:
        return "refuse", "most neighbours are identical: the device smooths its intervals"
    if share_pct > GOOD_UP_TO_PCT:
        return "degraded", "5 to 10 % artefacts: read with care"
    return "good", "at most 5 % artefacts"
