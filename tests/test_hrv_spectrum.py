import math
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy import signal

from hrv.artefacts import classify
from hrv.kind import Kind
from hrv.refusal import Refusal
from hrv.spectrum import Spectrum, evenly, lomb_scargle, welch


def waves(
    seconds: float, *, low_ms: float = 30.0, high_ms: float = 20.0, high_hz: float = 0.25
) -> np.ndarray:
    """The vector of SCIENCE 3: a slow wave of 0.1 Hz and a faster one around 900 ms."""
    rr, t_s = [], 0.0
    while t_s < seconds:
        slow = low_ms * math.sin(2 * math.pi * 0.1 * t_s)
        rr.append(900.0 + slow + high_ms * math.sin(2 * math.pi * high_hz * t_s))
        t_s += rr[-1] / 1000
    return np.array(rr)


VECTOR = waves(300.5)


def known(spectrum: Spectrum | Refusal) -> Spectrum:
    assert isinstance(spectrum, Spectrum), spectrum
    return spectrum


def test_the_vector_is_the_one_of_the_specification() -> None:
    # [C] SCIENCE 3.
    assert len(VECTOR) == 335
    assert VECTOR.mean() == pytest.approx(899.3687, abs=5e-5)
    assert np.sqrt(np.mean(np.diff(VECTOR) ** 2)) == pytest.approx(21.883, abs=5e-4)
    assert VECTOR.std(ddof=1) == pytest.approx(25.503, abs=5e-4)


@pytest.mark.parametrize(
    ("spectrum", "lf_ms2", "hf_ms2", "within"),
    [
        (welch(VECTOR, detrended=False), 449.804, 196.576, 5e-4),  # [C] SCIENCE 3
        (welch(VECTOR), 443.927, 196.508, 5e-4),  # [C] SCIENCE 3
        (lomb_scargle(VECTOR), 445.0, 200.0, 0.05),  # [C] SCIENCE 3
        (welch(VECTOR), 450.0, 200.0, 10.0),  # theory: half the square of the amplitude
    ],
)
def test_lf_and_hf_of_the_vector(spectrum, lf_ms2: float, hf_ms2: float, within: float) -> None:
    assert known(spectrum).lf_ms2 == pytest.approx(lf_ms2, abs=within)
    assert known(spectrum).hf_ms2 == pytest.approx(hf_ms2, abs=within)


def test_linear_resampling_would_lose_29_pct_of_hf() -> None:
    # [C] SCIENCE 3: 142.6, why the spline is cubic.
    beat_s = np.cumsum(VECTOR) / 1000
    linear = np.interp(np.arange(beat_s[0], beat_s[-1], 0.25), beat_s, VECTOR)
    freq_hz, psd = signal.welch(linear, 4.0, nperseg=480, noverlap=240, nfft=1024)
    assert Spectrum(freq_hz, psd, "welch").hf_ms2 == pytest.approx(142.6, abs=0.05)


def test_bands_are_half_open_and_lf_hf_is_unknown_without_hf() -> None:
    spectrum = Spectrum(np.array([0.10, 0.14, 0.15, 0.39, 0.40]), np.ones(5), "welch")
    assert spectrum.lf_ms2 == pytest.approx(0.04)
    assert spectrum.hf_ms2 == pytest.approx(0.24)
    assert spectrum.lf_hf == pytest.approx(0.04 / 0.24)
    for still in (welch(np.full(400, 800.0)), lomb_scargle(np.full(400, 800.0))):
        assert known(still).lf_hf is None
        assert known(still).lf_ms2 == pytest.approx(0.0, abs=1e-9)


def test_power_grows_with_the_square_of_the_waves() -> None:
    twice = 900.0 + 2 * (VECTOR - 900.0)
    # Not exactly: with other intervals the beats fall elsewhere.
    four_times = 4 * known(welch(VECTOR)).hf_ms2
    assert known(welch(twice)).hf_ms2 == pytest.approx(four_times, rel=0.05)


def corrupted() -> tuple[np.ndarray, np.ndarray]:
    """The vector with a missed, an extra, a displaced beat, marked by hand."""
    rr, kinds = VECTOR.copy(), np.zeros(335, np.uint8)
    rr[50] += 200.0
    rr[51] -= 200.0
    kinds[50:52] = Kind.ECTOPIC
    rr = np.concatenate([rr[:120], [rr[120:122].sum()], rr[122:]])
    kinds = np.concatenate([kinds[:120], [Kind.MISSED], kinds[122:]]).astype(np.uint8)
    first = 0.4 * rr[200]
    rr = np.concatenate([rr[:200], [first, rr[200] - first], rr[201:]])
    kinds = np.concatenate([kinds[:200], [Kind.EXTRA], kinds[200:]]).astype(np.uint8)
    return rr, kinds


@pytest.mark.parametrize("method", [welch, lomb_scargle])
def test_marked_beats_hardly_change_the_power(method) -> None:
    rr, kinds = corrupted()
    clean, mended, raw = method(VECTOR), method(rr, kinds), method(rr)
    assert known(mended).hf_ms2 == pytest.approx(known(clean).hf_ms2, rel=0.05)
    assert known(mended).lf_ms2 == pytest.approx(known(clean).lf_ms2, rel=0.05)
    assert known(raw).hf_ms2 > 2 * known(clean).hf_ms2


def test_welch_takes_the_longest_stretch_without_a_gap() -> None:
    gap = np.zeros(335, np.bool_)
    gap[40] = True
    assert known(welch(VECTOR, gap_before=gap)).hf_ms2 == known(welch(VECTOR[40:])).hf_ms2


def test_lomb_scargle_bridges_a_gap_only_with_the_time_of_each_beat() -> None:
    keep = np.r_[0:150, 170:335]
    time_s = np.cumsum(VECTOR)[keep] / 1000
    gap = np.zeros(315, np.bool_)
    gap[150] = True
    found = lomb_scargle(VECTOR[keep], gap_before=gap, time_s=time_s)
    assert known(found).hf_ms2 == pytest.approx(200.0, rel=0.1)
    blind = lomb_scargle(VECTOR[keep], gap_before=gap)
    assert isinstance(blind, Refusal)
    assert blind.name == "gaps"


GAP_IN_THE_MIDDLE = np.arange(335) == 167
MARKED_LAST = np.append(np.zeros(335, np.uint8), np.uint8(Kind.ECTOPIC))
TIMES = np.arange(336) * 0.9


@pytest.mark.parametrize(
    ("make", "name"),
    [
        (lambda: welch([]), "too_short"),
        (lambda: welch(VECTOR[:265]), "too_short"),  # 239 s; [A] needs 4 min
        (lambda: welch(VECTOR, gap_before=GAP_IN_THE_MIDDLE), "too_short"),
        (lambda: welch(np.full(20_000, 9000.0)), "too_long"),
        (lambda: welch([*VECTOR, math.nan]), "not_rr"),
        (lambda: welch([*VECTOR, math.nan], MARKED_LAST), "not_rr"),
        (lambda: welch([*VECTOR, math.inf], MARKED_LAST), "not_rr"),
        (lambda: welch([*VECTOR, 1e300]), "not_rr"),
        (lambda: welch([*VECTOR, -5.0]), "not_rr"),
        (lambda: welch(np.full(400, 0.9)), "not_rr"),  # seconds
        (lambda: lomb_scargle([]), "too_short"),
        (lambda: lomb_scargle(VECTOR[:265]), "too_short"),
        (lambda: lomb_scargle(waves(1900)), "too_long"),
        (lambda: lomb_scargle([*VECTOR, math.inf]), "not_rr"),
        (lambda: lomb_scargle([*VECTOR, math.nan], MARKED_LAST), "not_rr"),
        (lambda: lomb_scargle([*VECTOR, math.nan], MARKED_LAST, time_s=TIMES), "not_rr"),
        (lambda: lomb_scargle(VECTOR, time_s=VECTOR * math.nan), "not_rr"),
        (lambda: lomb_scargle(VECTOR, time_s=-np.cumsum(VECTOR) / 1000), "too_short"),
        (lambda: lomb_scargle(VECTOR, time_s=np.cumsum(VECTOR) / 500), "gaps"),
    ],
)
def test_what_gives_no_spectrum_is_refused_by_name(make, name: str) -> None:
    refused = make()
    assert isinstance(refused, Refusal)
    assert refused.name == name
    assert refused.reason


@pytest.mark.parametrize(
    "make",
    [
        lambda: welch(VECTOR, np.zeros(3, np.uint8)),
        lambda: welch([[900.0]]),
        lambda: lomb_scargle(VECTOR, np.zeros(3, np.uint8)),
        lambda: lomb_scargle(VECTOR, gap_before=[True]),
        lambda: lomb_scargle(VECTOR, time_s=[1.0]),
    ],
)
def test_shapes_must_agree(make) -> None:
    with pytest.raises(ValueError, match=r"shape|dimension"):
        make()


@settings(deadline=None, max_examples=40)
@example([math.nan], [Kind.ECTOPIC], [False])  # found: a marked interval that is no number
@example([math.inf], [Kind.MISSED], [False])
@given(
    st.lists(st.floats() | st.floats(250, 2000), min_size=1, max_size=40),
    st.lists(st.sampled_from(Kind), min_size=1, max_size=40),
    st.lists(st.booleans(), min_size=1, max_size=8),
)
def test_anything_gives_finite_power_or_a_refusal(rr_ms, kinds, gaps) -> None:
    rr = np.resize(np.array(rr_ms), 600)
    marks = np.resize(np.array(kinds, np.uint8), 600)
    gap = np.resize(np.array(gaps) & (np.arange(len(gaps)) == 7), 600)
    for found in (
        welch(rr, marks, gap),
        welch(rr),
        lomb_scargle(rr, marks, gap, time_s=np.arange(600) * 0.8),
        lomb_scargle(rr),
    ):
        if isinstance(found, Spectrum):
            assert math.isfinite(found.lf_ms2)
            assert found.hf_ms2 >= 0
            assert found.lf_hf is None or math.isfinite(found.lf_hf)


def test_a_real_morning_gives_like_power_by_both_methods(shared_data) -> None:
    rr = np.loadtxt(shared_data / "rest" / "aura_nn_intervals.txt").ravel()
    kinds = classify(rr)
    by_welch, by_lomb = known(welch(rr, kinds)), known(lomb_scargle(rr, kinds))
    assert by_welch.lf_ms2 == pytest.approx(by_lomb.lf_ms2, rel=0.15)
    assert by_welch.hf_ms2 == pytest.approx(by_lomb.hf_ms2, rel=0.15)


def test_scipy_is_not_loaded_before_it_is_asked_for() -> None:
    code = (
        "import sys, hrv.spectrum, hrv.respiration, hrv.thresholds, hrv.readiness, hrv.drift,"
        " hrv.load, hrv.load_history, hrv.zones, hrv.peer_scales;"
        " print([name for name in sys.modules if name.startswith('scipy')])"
    )
    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert loaded.stdout.strip() == "[]"


def test_the_even_series_lies_on_the_beats() -> None:
    even = evenly(np.full(400, 800.0))
    assert isinstance(even, np.ndarray)
    np.testing.assert_allclose(even, 800.0)
    assert len(even) == math.ceil((320.0 - 0.8) * 4)
