"""The arithmetic against other libraries, in one run; CPU time (`make bench`)."""

import importlib
import warnings
from itertools import islice
from typing import Any

import numpy as np
import pytest
import recordings
from numpy.typing import NDArray

from hrv import time_domain
from hrv.artefacts import classify
from hrv.dfa import alpha1, sliding_alpha1
from hrv.kind import Kind, accepts
from hrv.online import OnlineMarker
from hrv.rolling import RollingRmssd
from hrv.rolling_alpha1 import RollingAlpha1
from hrv.spectrum import lomb_scargle, welch

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # of their dependencies, about one another
    import hrvanalysis
    import neurokit2 as nk

    find_artefacts = importlib.import_module("neurokit2.signal.signal_fixpeaks")._find_artifacts

Floats = NDArray[np.float64]
SCALES = np.arange(4, 17)
WINDOW = 140
"""Beats in two minutes of the day used here: what the peers are given for one window."""
QUIET = slice(67_700, 68_000)
"""Five minutes without an artefact."""
WINDOWS = 60
"""So many windows of the peers are timed, and multiplied."""

pytestmark = pytest.mark.filterwarnings("ignore")


@pytest.fixture(scope="session")
def rr_ms() -> Floats:
    if not recordings.DAY.exists():
        pytest.skip(f"the recordings made by others are not here: {recordings.DATA}")
    return recordings.day()


def live(rr_ms: list[float], variant: Any = "default") -> None:
    """What a live session asks of hrv for each beat."""
    marker, rmssd, slope = OnlineMarker(), RollingRmssd(60.0), RollingAlpha1(variant=variant)
    times, t_s, previous = [], 0.0, None
    for interval in rr_ms:
        t_s += interval / 1000
        times.append(t_s)
        for index, kind in marker.add(interval):
            good = accepts(kind, previous)
            previous = kind
            rmssd.add(times[index], rr_ms[index], good)
            slope.add(times[index], rr_ms[index], kind)
        rmssd.value(t_s)
        slope.value(t_s)


def peaks_of(rr_ms: Floats) -> NDArray[np.int64]:
    return np.append(0, np.rint(np.cumsum(rr_ms))).astype(np.int64)


def neurokit_live(rr_ms: Floats, *, lean: bool, slope: bool) -> None:
    """The same for one beat: it starts anew each time.

    As its defaults give it, or lean: one pass of marking, boxes that do not overlap.
    """
    nk.signal_fixpeaks(peaks_of(rr_ms), sampling_rate=1000, iterative=not lean, method="Kubios")
    recent = rr_ms[-70:]
    nk.hrv_time({"RRI": recent, "RRI_Time": np.cumsum(recent) / 1000})
    if slope:
        nk.fractal_dfa(rr_ms[1:], scale=SCALES, overlap=not lean)


def timed(benchmark: Any, units: float, rounds: int, job: Any, *args: Any) -> None:
    """`units`: what one call does, in the unit the report divides by."""
    benchmark.extra_info["units"] = units
    benchmark.pedantic(job, args=args, rounds=rounds, iterations=1, warmup_rounds=1)


class TestLive:
    """Group `live`: marking, RMSSD and alpha 1; unit: one beat."""

    @pytest.mark.benchmark(group="live")
    def test_beatwise(self, benchmark: Any, rr_ms: Floats) -> None:
        timed(benchmark, 3000, 7, live, rr_ms[:3000].tolist())

    @pytest.mark.benchmark(group="live")
    def test_beatwise_no_detrend(self, benchmark: Any, rr_ms: Floats) -> None:
        timed(benchmark, 3000, 7, live, rr_ms[:3000].tolist(), "no-detrend")

    @pytest.mark.benchmark(group="live")
    @pytest.mark.parametrize("how", ["defaults", "lean", "lean-without-alpha1"])
    def test_neurokit2(self, benchmark: Any, rr_ms: Floats, how: str) -> None:
        def job() -> None:
            neurokit_live(rr_ms[1000:1301], lean=how != "defaults", slope="without" not in how)

        timed(benchmark, 1, 25, job)


def windows(rr_ms: Floats) -> list[Floats]:
    return [rr_ms[i : i + WINDOW] for i in islice(range(1000, len(rr_ms), 1500), WINDOWS)]


def window_count(rr_ms: Floats) -> int:
    return len(sliding_alpha1(rr_ms, variant="forward").value)


class TestSliding:
    """Group `sliding`: alpha 1 of 120 s every 5 s over 100,000 beats; unit: all of it."""

    @pytest.mark.benchmark(group="sliding")
    @pytest.mark.parametrize("variant", ["default", "no-detrend", "forward", "overlap", "neurokit"])
    def test_beatwise(self, benchmark: Any, rr_ms: Floats, variant: Any) -> None:
        def job() -> None:
            sliding_alpha1(rr_ms, variant=variant)

        timed(benchmark, 1, 5, job)

    @pytest.mark.benchmark(group="sliding")
    @pytest.mark.parametrize("boxes", ["forward", "overlap", "neurokit"])
    def test_neurokit2(self, benchmark: Any, rr_ms: Floats, boxes: str) -> None:
        scales = np.arange(4, 12) if boxes == "neurokit" else SCALES

        def job() -> None:
            for window in windows(rr_ms):
                nk.fractal_dfa(window, scale=scales, overlap=boxes != "forward")

        timed(benchmark, WINDOWS / window_count(rr_ms), 3, job)

    @pytest.mark.benchmark(group="sliding")
    def test_fathon(self, benchmark: Any, rr_ms: Floats) -> None:
        fathon = pytest.importorskip("fathon", reason="fathon is not installed")
        utils = importlib.import_module("fathon.fathonUtils")

        def job() -> None:
            for window in windows(rr_ms):
                dfa = fathon.DFA(utils.toAggregated(window))
                dfa.computeFlucVec(SCALES, polOrd=1, revSeg=True)
                dfa.fitFlucVec()

        timed(benchmark, WINDOWS / window_count(rr_ms), 5, job)


class TestOneWindow:
    """Group `window`: alpha 1 of 300 beats; unit: one value."""

    @pytest.mark.benchmark(group="window")
    @pytest.mark.parametrize("variant", ["default", "forward"])
    def test_beatwise(self, benchmark: Any, rr_ms: Floats, variant: Any) -> None:
        window = rr_ms[1000:1300]

        def job() -> None:
            for _ in range(50):
                alpha1(window, variant=variant)

        timed(benchmark, 50, 9, job)

    @pytest.mark.benchmark(group="window")
    def test_neurokit2(self, benchmark: Any, rr_ms: Floats) -> None:
        def job() -> None:
            for _ in range(5):
                nk.fractal_dfa(rr_ms[1000:1300], scale=SCALES, overlap=False)

        timed(benchmark, 5, 9, job)


class TestMarking:
    """Group `marking`: the kind of each of 100,000 intervals."""

    @pytest.mark.benchmark(group="marking")
    @pytest.mark.parametrize("clamp", [True, False], ids=["default", "unclamped"])
    def test_beatwise(self, benchmark: Any, rr_ms: Floats, clamp: bool) -> None:
        def job() -> NDArray[np.uint8]:
            return classify(rr_ms, clamp=clamp)

        timed(benchmark, 1, 7, job)

    @pytest.mark.benchmark(group="marking")
    def test_neurokit2_signal_fixpeaks(self, benchmark: Any, rr_ms: Floats) -> None:
        peaks = peaks_of(rr_ms)

        def job() -> None:
            nk.signal_fixpeaks(peaks, sampling_rate=1000, iterative=False, method="Kubios")

        timed(benchmark, 1, 2, job)

    @pytest.mark.benchmark(group="marking")
    def test_neurokit2(self, benchmark: Any, rr_ms: Floats) -> None:
        peaks = peaks_of(rr_ms)
        timed(benchmark, 1, 3, find_artefacts, peaks)
        ours = classify(np.diff(peaks).astype(float), clamp=False, lo_ms=0, hi_ms=1e9)
        found, _ = find_artefacts(peaks)
        theirs = np.zeros(len(peaks), np.uint8)
        names = {"longshort": Kind.LONG_SHORT, "missed": Kind.MISSED, "extra": Kind.EXTRA}
        for name, kind in (names | {"ectopic": Kind.ECTOPIC}).items():
            theirs[found[name]] = kind
        benchmark.extra_info["different_classes"] = int((ours != theirs[1:]).sum())


class TestTimeDomain:
    """Group `time domain`: all its metrics of 100,000 intervals."""

    @pytest.mark.benchmark(group="time domain")
    def test_beatwise(self, benchmark: Any, rr_ms: Floats) -> None:
        metrics = ("mean_rr", "mean_hr", "sdnn", "rmssd", "ln_rmssd", "pnn50", "sd1", "sd2")

        def job() -> list[float | None]:
            return [getattr(time_domain, name)(rr_ms) for name in metrics]

        timed(benchmark, 1, 15, job)

    @pytest.mark.benchmark(group="time domain")
    def test_neurokit2(self, benchmark: Any, rr_ms: Floats) -> None:
        peaks = {"RRI": rr_ms, "RRI_Time": np.cumsum(rr_ms) / 1000}
        timed(benchmark, 1, 5, nk.hrv_time, peaks)

    @pytest.mark.benchmark(group="time domain")
    def test_hrv_analysis(self, benchmark: Any, rr_ms: Floats) -> None:
        timed(benchmark, 1, 9, hrvanalysis.get_time_domain_features, rr_ms.tolist())


class TestSpectrum:
    """Group `spectrum`: LF and HF of five minutes; unit: one spectrum.

    hrv-analysis 1.0.5 has the same, but calls numpy.trapz, which numpy 2.4 no longer has.
    """

    @pytest.mark.benchmark(group="spectrum")
    @pytest.mark.parametrize("method", [welch, lomb_scargle])
    def test_beatwise(self, benchmark: Any, rr_ms: Floats, method: Any) -> None:
        window = rr_ms[QUIET]

        def job() -> None:
            for _ in range(10):
                found = method(window)
                _ = found.lf_ms2, found.hf_ms2

        timed(benchmark, 10, 9, job)

    @pytest.mark.benchmark(group="spectrum")
    @pytest.mark.parametrize("method", ["welch", "lomb"])
    def test_neurokit2(self, benchmark: Any, rr_ms: Floats, method: str) -> None:
        window = rr_ms[QUIET]
        peaks = {"RRI": window, "RRI_Time": np.cumsum(window) / 1000}

        def job() -> None:
            nk.hrv_frequency(peaks, sampling_rate=1000, psd_method=method)

        timed(benchmark, 1, 9, job)
