"""How well a marking agrees with what the annotators saw, window by window."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from annotated import CLASSES, NORMAL, Annotated
from markers import Floats, Marker
from numpy.typing import NDArray

from hrv.artefacts import accepted
from hrv.time_domain import rmssd

WINDOW_S = 300.0
LEAST_PAIRS = 30
"""So many pairs of normal intervals make a reference (as many as the morning test asks for)."""


@dataclass(frozen=True, slots=True)
class Window:
    """Five minutes of one record under one marking."""

    fibrillating: bool
    abnormal_share: float
    """Of its beats, those not labelled N, L, R or e."""
    beats: dict[str, int]
    found: dict[str, int]
    """Per class, its beats, and those with a mark on at least one of their two intervals."""
    normal: int
    kept: int
    """Intervals between normal beats, and those of them not marked."""
    flagged_pct: float
    reference_ms: float
    """RMSSD over the pairs of intervals between normal beats; NaN with fewer than 30."""
    marked_ms: float
    """RMSSD over what the marking leaves, noise left out; NaN when it leaves no pair."""
    mended_ms: float
    """RMSSD over the series the method itself mends; NaN where it mends none."""

    @property
    def ln_error(self) -> float:
        return float(np.log(self.marked_ms / self.reference_ms))

    @property
    def only(self) -> str | None:
        """The one class of abnormal beats in it, if there is just one."""
        classes = [name for name, count in self.beats.items() if count]
        return classes[0] if len(classes) == 1 else None


def windows(record: Annotated, marker: Marker, *, rr_ms: Floats | None = None) -> list[Window]:
    """The marking sees the whole record; each window is then judged by itself."""
    time_s = record.time_s
    usable = accepted(marker.kinds(record.rr_ms))
    flagged = ~usable
    touched = flagged | np.append(flagged[1:], False)
    beats = {name: record.beats(letters) for name, letters in CLASSES.items()}
    abnormal = ~np.isin(record.label, sorted(NORMAL))
    mended = marker.mended(record.rr_ms) if marker.mended else None
    judged = []
    for start_s in np.arange(0.0, time_s[-1] - 0.9 * WINDOW_S, WINDOW_S):
        here = (time_s > start_s) & (time_s <= start_s + WINDOW_S)
        judged.append(
            Window(
                fibrillating=bool(record.fibrillating[here].any()),
                abnormal_share=float(abnormal[here].mean()),
                beats={name: int((seen & here).sum()) for name, seen in beats.items()},
                found={name: int((seen & here & touched).sum()) for name, seen in beats.items()},
                normal=int((record.nn & here).sum()),
                kept=int((record.nn & here & usable).sum()),
                flagged_pct=100 * float(flagged[here].mean()),
                reference_ms=_rmssd(record.rr_ms, record.nn & here, LEAST_PAIRS),
                marked_ms=_rmssd(record.rr_ms, usable & ~record.noise & here, 1),
                mended_ms=np.nan if mended is None else _within(mended, start_s),
            )
        )
    return judged


def _rmssd(rr_ms: Floats, use: NDArray[np.bool_], least: int) -> float:
    pairs = int(np.count_nonzero(use[1:] & use[:-1]))
    return rmssd(rr_ms, use) or np.nan if pairs >= least else np.nan


def _within(mended_ms: Floats, start_s: float) -> float:
    time_s = np.cumsum(mended_ms) / 1000
    here = (time_s > start_s) & (time_s <= start_s + WINDOW_S)
    return _rmssd(mended_ms, here & np.isfinite(mended_ms), 1)


@dataclass(frozen=True, slots=True)
class Score:
    """One row of a table; percentages, ln units, ms. NaN where there was nothing to count."""

    marker: str
    sensitivity_pct: dict[str, float]
    specificity_pct: float
    ln_median: float
    ln_95: float
    ms_median: float
    ms_95: float
    mended_ln_median: float
    mended_ln_95: float
    without_value: int
    windows: int


def score(marker: Marker, judged: Sequence[Window]) -> Score:
    """The windows of all records under one marking, together."""
    sensitivity = {
        name: _pct(sum(w.found[name] for w in judged), sum(w.beats[name] for w in judged))
        for name in CLASSES
    }
    referenced = [w for w in judged if np.isfinite(w.reference_ms)]
    valued = [w for w in referenced if np.isfinite(w.marked_ms)]
    ln = np.array([abs(w.ln_error) for w in valued])
    ms = np.array([abs(w.marked_ms - w.reference_ms) for w in valued])
    mended = np.array([abs(np.log(w.mended_ms / w.reference_ms)) for w in referenced])
    mended = mended[np.isfinite(mended)]
    return Score(
        marker.name,
        sensitivity,
        _pct(sum(w.kept for w in judged), sum(w.normal for w in judged)),
        *_median_and_95(ln),
        *_median_and_95(ms),
        *_median_and_95(mended),
        len(referenced) - len(valued),
        len(referenced),
    )


def scores(
    records: Iterable[Annotated],
    markers: Sequence[Marker],
    groups: dict[str, Callable[[Window], bool]],
) -> dict[str, list[Score]]:
    """For each group of windows a row for each marker."""
    records = list(records)
    judged = {
        marker.name: [window for record in records for window in windows(record, marker)]
        for marker in markers
    }
    return {
        name: [score(m, [w for w in judged[m.name] if belongs(w)]) for m in markers]
        for name, belongs in groups.items()
    }


def _pct(part: int, whole: int) -> float:
    return 100 * part / whole if whole else np.nan


def _median_and_95(values: Floats) -> tuple[float, float]:
    if not len(values):
        return np.nan, np.nan
    return float(np.median(values)), float(np.percentile(values, 95))
