"""Ways to mark artefacts, ours and other people's, behind one signature."""

import contextlib
import io
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from hrv.artefacts import OnlineMarker, classify
from hrv.kind import Kind

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # of their dependencies, about one another
    import hrvanalysis
    import neurokit2

Floats = NDArray[np.float64]
Marking = Callable[[Floats], NDArray[np.uint8]]
Mending = Callable[[Floats], Floats]

RANGE_MS = (300.0, 2000.0)
"""The range filter of hrv-analysis, given to all, so that patterns are what is compared."""


@dataclass(frozen=True, slots=True)
class Marker:
    """A method: the kind of each interval, and what it makes of them itself."""

    name: str
    kinds: Marking
    """From RR intervals in ms, shape (n,), to `Kind`, shape (n,). A method that knows no kinds
    calls everything LONG_SHORT."""
    mended: Mending | None = None
    """Its own product: the corrected RR intervals in ms, of a length of its own."""
    name_kinds: bool = True
    """Whether it tells missed from extra beats."""


def ours_online(rr_ms: Floats) -> NDArray[np.uint8]:
    marker = OnlineMarker(*RANGE_MS)
    kinds = np.zeros(len(rr_ms), np.uint8)
    for interval in rr_ms.tolist():
        for index, kind in marker.add(interval):
            kinds[index] = kind
    return kinds


def neurokit_kinds(rr_ms: Floats) -> NDArray[np.uint8]:
    """Its first pass: the later ones count in a series already corrected."""
    found, _ = _fixpeaks(rr_ms, iterative=False)
    kinds = np.zeros(len(rr_ms) + 1, np.uint8)
    names = {
        "longshort": Kind.LONG_SHORT,
        "missed": Kind.MISSED,
        "extra": Kind.EXTRA,
        "ectopic": Kind.ECTOPIC,
    }
    for name, kind in names.items():
        kinds[found[name]] = kind
    return kinds[1:]  # it puts a made-up interval in front


def neurokit_mended(rr_ms: Floats) -> Floats:
    _, peaks = _fixpeaks(rr_ms, iterative=True)
    return np.diff(peaks).astype(np.float64)


def _fixpeaks(rr_ms: Floats, *, iterative: bool) -> tuple[dict[str, list[int]], NDArray[np.int64]]:
    peaks = np.append(0, np.rint(np.cumsum(rr_ms))).astype(np.int64)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found, mended = neurokit2.signal_fixpeaks(
            peaks, sampling_rate=1000, iterative=iterative, method="Kubios"
        )
    return found, mended


def hrv_analysis_kinds(rr_ms: Floats, rule: str) -> NDArray[np.uint8]:
    with _quiet():
        ranged = hrvanalysis.remove_outliers(rr_ms.tolist(), False, *RANGE_MS)
        whole = hrvanalysis.interpolate_nan_values(list(ranged))
        kept = hrvanalysis.remove_ectopic_beats(whole, method=rule)
    lost = np.isnan(ranged) | np.isnan(kept)
    return np.where(lost, np.uint8(Kind.LONG_SHORT), np.uint8(Kind.NORMAL))


def hrv_analysis_mended(rr_ms: Floats, rule: str) -> Floats:
    with _quiet():
        return np.array(
            hrvanalysis.get_nn_intervals(rr_ms.tolist(), ectopic_beats_removal_method=rule)
        )


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
        warnings.simplefilter("ignore")
        yield


def _ours(rr_ms: Floats, *, clamp: bool) -> NDArray[np.uint8]:
    return classify(rr_ms, clamp=clamp, lo_ms=RANGE_MS[0], hi_ms=RANGE_MS[1])


MARKERS = (
    Marker("none", lambda rr_ms: np.zeros(len(rr_ms), np.uint8)),
    Marker("ours, offline", partial(_ours, clamp=True)),
    Marker("ours, online", ours_online),
    Marker("ours, unclamped", partial(_ours, clamp=False)),
    Marker("NeuroKit2, Kubios", neurokit_kinds, neurokit_mended),
    *(
        Marker(
            f"hrv-analysis, {rule.capitalize()}",
            partial(hrv_analysis_kinds, rule=rule),
            partial(hrv_analysis_mended, rule=rule),
            name_kinds=False,
        )
        for rule in ("malik", "kamath", "karlsson", "acar")
    ),
)
