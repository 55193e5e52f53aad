from collections.abc import Callable, Sequence

import minstd
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hrv.alpha1_variants import VARIANTS, Alpha1, VariantName
from hrv.artefacts import classify
from hrv.correction import correct
from hrv.detrend import smoothness_priors
from hrv.dfa import alpha1, sliding_alpha1
from hrv.kind import Kind
from hrv.plain_detrend import without_trend
from hrv.rolling_alpha1 import RollingAlpha1

LIVE: list[VariantName] = ["default", "no-detrend"]


def noise(n: int, seed: int = 0, rr_ms: float = 700.0) -> np.ndarray:
    """A walk with noise on it: varies at every scale."""
    rng = np.random.default_rng(seed)
    return rr_ms + np.cumsum(rng.normal(0, 2, n)) + rng.normal(0, 8, n)


# -- the vectors


@pytest.mark.parametrize(
    ("variant", "w", "a", "b"),
    [
        ("default", 0.569792, 1.153244, 1.424048),
        ("no-detrend", 0.573937, 1.154932, 1.515409),
        # NeuroKit2 0.2.13: fractal_dfa(overlap=False), (overlap=True), hrv_nonlinear
        ("forward", 0.588086, 1.165092, 1.517258),
        ("overlap", 0.614355, 1.168272, 1.503372),
        ("neurokit", 0.580618, 1.183829, 1.505756),
    ],
)
def test_the_table_of_variants(variant: VariantName, w: float, a: float, b: float) -> None:
    expected = [(minstd.white, w), (minstd.autoregressive, a), (minstd.brownian, b)]
    for series, value in expected:
        found = alpha1(series(), variant=variant)
        assert found == Alpha1(pytest.approx(value, abs=5e-7), variant)


def by_the_book(rr_ms: Sequence[float], *, detrended: bool) -> float:
    """SCIENCE 3 read aloud: a line fitted in every box, from both ends."""
    x = np.asarray(rr_ms, float)
    if detrended:
        d2 = np.diff(np.eye(len(x)), 2, axis=0)
        z = x - x.mean()
        x = z - np.linalg.solve(np.eye(len(x)) + 500.0**2 * d2.T @ d2, z)
    y = np.cumsum(x - x.mean())
    f = []
    for n in range(4, 17):
        k = len(y) // n
        boxes = [*y[: k * n].reshape(k, n), *y[len(y) - k * n :].reshape(k, n)]
        line = np.vander(np.arange(n), 2)
        fits = (line @ np.linalg.lstsq(line, box, rcond=None)[0] for box in boxes)
        f.append(
            np.mean([np.mean((b - fit) ** 2) for b, fit in zip(boxes, fits, strict=True)]) ** 0.5
        )
    return float(np.polyfit(np.log2(np.arange(4, 17)), np.log2(f), 1)[0])


@pytest.mark.parametrize("variant", LIVE)
@pytest.mark.parametrize("n", [100, 101, 160, 257, 400])
def test_running_sums_agree_with_fitted_lines(n: int, variant: VariantName) -> None:
    rr_ms = noise(n, seed=n)
    expected = by_the_book(rr_ms, detrended=VARIANTS[variant].detrended)
    found = alpha1(rr_ms, variant=variant)
    assert found is not None
    assert found.value == pytest.approx(expected, abs=1e-9)


def test_a_steep_drift_costs_no_digits() -> None:
    rr_ms = noise(2000) + np.linspace(0, -2000, 2000) + 2000
    found = alpha1(rr_ms, variant="no-detrend")
    assert found is not None
    assert found.value == pytest.approx(by_the_book(rr_ms, detrended=False), abs=1e-7)


def test_artefacts_are_mended_first() -> None:
    clean, rr_ms = minstd.autoregressive(), minstd.autoregressive()
    rr_ms[60] += 350
    rr_ms[150:152] += -250, 250
    kinds = classify(rr_ms)
    truth, mended, spoilt = alpha1(clean), alpha1(rr_ms, kinds), alpha1(rr_ms)
    assert truth is not None
    assert mended is not None
    assert spoilt is not None
    assert mended == alpha1(correct(rr_ms, kinds).rr_ms)
    assert abs(mended.value - truth.value) < 0.05
    assert abs(spoilt.value - truth.value) > 0.2


# -- when there is no value


@pytest.mark.parametrize("n", [0, 1, 50, 99])
@pytest.mark.parametrize("variant", VARIANTS)
def test_fewer_than_a_hundred_intervals_give_none(n: int, variant: VariantName) -> None:
    assert alpha1(noise(n), variant=variant) is None
    assert alpha1(noise(100), variant=variant) is not None


@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize("rr_ms", [800.0, 833.0078125, 1000 / 3])
def test_a_series_that_does_not_vary_has_no_slope(rr_ms: float, variant: VariantName) -> None:
    assert alpha1([rr_ms] * 300, variant=variant) is None


@pytest.mark.parametrize(("lost", "has_value"), [(1, True), (3, True), (4, False)])
def test_three_beats_may_be_missing(lost: int, has_value: bool) -> None:
    rr_ms = np.full(300, 700.0) + noise(300) % 7
    gap = np.arange(300) == 150
    time_s = np.cumsum(rr_ms) / 1000 + np.where(np.arange(300) >= 150, 0.7 * lost, 0)
    assert (alpha1(rr_ms, gap_before=gap, time_s=time_s) is not None) is has_value


def test_each_gap_counts_for_one_beat_where_no_times_are_known() -> None:
    rr_ms = noise(300)
    assert alpha1(rr_ms, gap_before=np.isin(np.arange(300), [50, 100, 150])) is not None
    assert alpha1(rr_ms, gap_before=np.isin(np.arange(300), [50, 100, 150, 200])) is None


def test_a_long_run_of_artefacts_gives_none() -> None:
    kinds = np.zeros(300, np.uint8)
    kinds[100:104] = Kind.ECTOPIC
    assert alpha1(noise(300), kinds) is None
    kinds[103] = Kind.NORMAL
    assert alpha1(noise(300), kinds) is not None


# -- properties


@given(st.integers(0, 10_000), st.floats(-300, 300), st.sampled_from([0.25, 0.5, 2.0, 4.0]))
@settings(max_examples=25)
def test_neither_shift_nor_scale_changes_a_slope(seed: int, shift: float, scale: float) -> None:
    rr_ms = noise(150, seed)
    for variant in VARIANTS:
        one, other = alpha1(rr_ms, variant=variant), alpha1(rr_ms * scale + shift, variant=variant)
        assert one is not None
        assert other is not None
        assert other.value == pytest.approx(one.value, abs=1e-6)


@given(st.integers(0, 10_000))
@settings(max_examples=25)
def test_a_mirrored_series_has_the_same_slope(seed: int) -> None:
    rr_ms = noise(150, seed)
    for variant in VARIANTS:
        one, other = alpha1(rr_ms, variant=variant), alpha1(1600 - rr_ms, variant=variant)
        assert one is not None
        assert other is not None
        assert other.value == pytest.approx(one.value, abs=1e-6)


@given(st.lists(st.floats(-1e9, 1e9), min_size=100, max_size=130), st.sampled_from(list(VARIANTS)))
@settings(max_examples=50)
def test_any_input_gives_a_finite_value_or_none(rr_ms: list[float], variant: VariantName) -> None:
    found = alpha1(rr_ms, variant=variant)
    assert found is None or np.isfinite(found.value)


# -- sliding


@pytest.mark.parametrize("variant", VARIANTS)
def test_a_sliding_value_is_that_of_its_window(variant: VariantName) -> None:
    rr_ms = noise(900)
    time_s = np.cumsum(rr_ms) / 1000
    found = sliding_alpha1(rr_ms, variant=variant)
    assert found.variant == variant
    assert found.time_s[0] == pytest.approx(120)
    assert np.diff(found.time_s) == pytest.approx(5)
    assert len(found.time_s) > 80
    for now_s, value in zip(found.time_s, found.value, strict=True):
        newest_s = time_s[time_s <= now_s][-1]
        window = (time_s >= newest_s - 120) & (time_s <= newest_s)
        expected = alpha1(rr_ms[window], variant=variant)
        assert expected is not None
        assert value == pytest.approx(expected.value, abs=1e-9)


@pytest.mark.parametrize(
    ("break_s", "known"), [(2.0, True), (4.0, False), (10.0, False)], ids=["short", "beats", "time"]
)
def test_windows_with_too_much_missing_give_nan(break_s: float, known: bool) -> None:
    rr_ms = noise(900, rr_ms=700) % 50 + 680
    time_s = np.cumsum(rr_ms) / 1000
    time_s[400:] += break_s
    found = sliding_alpha1(rr_ms, gap_before=np.arange(900) == 400, time_s=time_s)
    newest_s = time_s[np.searchsorted(time_s, found.time_s, side="right") - 1]
    across = (newest_s >= time_s[400]) & (newest_s - 120 <= time_s[399])
    assert across.any()
    assert (np.isfinite(found.value[across]) == known).all()
    assert np.isfinite(found.value[~across & (found.time_s - newest_s <= 6)]).all()


def test_slow_hearts_fill_no_window() -> None:
    assert np.isnan(sliding_alpha1(noise(400, rr_ms=1500)).value).all()


@pytest.mark.parametrize("rr_ms", [[], [800.0], [800.0] * 120])
def test_a_short_recording_has_no_windows(rr_ms: list[float]) -> None:
    assert len(sliding_alpha1(rr_ms).value) == 0


@pytest.mark.parametrize(("window_s", "every_s"), [(0, 5), (120, 0), (-1, 5), (float("nan"), 5)])
def test_an_impossible_window_is_refused(window_s: float, every_s: float) -> None:
    with pytest.raises(ValueError, match="positive"):
        sliding_alpha1(noise(300), window_s=window_s, every_s=every_s)


def test_a_clock_that_jumps_by_years_is_refused() -> None:
    time_s = np.cumsum(noise(300)) / 1000
    time_s[150:] += 1e9
    with pytest.raises(ValueError, match="too many"):
        sliding_alpha1(noise(300), time_s=time_s)


def test_a_clock_that_goes_back_is_survived() -> None:
    time_s = np.cumsum(noise(600)) / 1000
    time_s[300:] -= 3
    assert np.isfinite(sliding_alpha1(noise(600), time_s=time_s).value).any()


# -- live


def replayed(
    rolling: RollingAlpha1,
    rr_ms: np.ndarray,
    moments_s: np.ndarray,
    kinds: np.ndarray | None = None,
    gaps: np.ndarray | None = None,
    time_s: np.ndarray | None = None,
) -> list[float]:
    """The live value at each moment, NaN for none."""
    time_s = np.cumsum(rr_ms) / 1000 if time_s is None else time_s
    values, i = [], 0
    for now_s in moments_s:
        while i < len(rr_ms) and time_s[i] <= now_s:
            kind = Kind.NORMAL if kinds is None else Kind(kinds[i])
            rolling.add(time_s[i], rr_ms[i], kind, gaps is not None and bool(gaps[i]))
            i += 1
        value = rolling.value(now_s)
        values.append(np.nan if value is None else value.value)
    return values


@pytest.mark.parametrize("variant", LIVE)
@pytest.mark.parametrize("rr_ms", [noise(900), noise(500, 3, 1000.0), noise(1500, 4, 400.0)])
def test_the_live_value_is_the_sliding_one(variant: VariantName, rr_ms: np.ndarray) -> None:
    found = sliding_alpha1(rr_ms, variant=variant)
    live = replayed(RollingAlpha1(variant=variant), rr_ms, found.time_s)
    np.testing.assert_allclose(live, found.value, atol=1e-9)


@given(st.data())
@settings(max_examples=25, deadline=None)
def test_live_and_sliding_mend_alike(data: st.DataObject) -> None:
    n = 420
    rr_ms = noise(n, data.draw(st.integers(0, 99)))
    kinds, gaps, extra_s = np.zeros(n, np.uint8), np.zeros(n, bool), np.zeros(n)
    for at in data.draw(st.lists(st.integers(5, n - 5), max_size=8)):
        kinds[at] = data.draw(st.sampled_from(Kind))
    for at in data.draw(st.lists(st.integers(5, n - 5), max_size=2)):
        gaps[at], extra_s[at] = True, data.draw(st.sampled_from([0.0, 0.7, 1.5, 2.5]))
    time_s = np.cumsum(rr_ms / 1000 + extra_s)
    mended = correct(rr_ms, kinds, gaps, time_s=time_s)
    rolling = RollingAlpha1(window_s=1e9)
    for i in range(n):
        rolling.add(time_s[i], rr_ms[i], Kind(kinds[i]), bool(gaps[i]))
    live = np.array(rolling._mended)
    np.testing.assert_allclose(live[:, 0], mended.time_s, rtol=1e-12)
    np.testing.assert_allclose(live[:, 1], mended.rr_ms, rtol=1e-12)
    assert live[:, 2].tolist() == mended.lost_before.tolist()


def test_a_live_value_is_kept_for_five_seconds() -> None:
    rr_ms = noise(400)
    rolling = RollingAlpha1()
    time_s = np.cumsum(rr_ms) / 1000
    values = []
    for beat_s, rr in zip(time_s, rr_ms, strict=True):
        rolling.add(beat_s, rr)
        if beat_s > 130:
            values.append(rolling.value(beat_s))
    kept = [values.count(value) for value in dict.fromkeys(values)]
    assert set(kept[:-1]) <= {7, 8}  # beats of 0.7 s


@pytest.mark.parametrize(("silence_s", "has_value"), [(5.9, True), (6.1, False)])
def test_a_silent_strap_has_no_value(silence_s: float, has_value: bool) -> None:
    rolling = RollingAlpha1()
    rr_ms = noise(200) % 50 + 680
    time_s = np.cumsum(rr_ms) / 1000
    for beat_s, rr in zip(time_s, rr_ms, strict=True):
        rolling.add(beat_s, rr)
    assert (rolling.value(time_s[-1] + silence_s) is not None) is has_value


def test_there_is_no_live_value_before_a_window_has_passed() -> None:
    rolling = RollingAlpha1()
    assert rolling.value(0.0) is None
    assert np.isnan(replayed(RollingAlpha1(), noise(150), np.arange(0, 100, 5.0))).all()


@pytest.mark.parametrize("variant", ["forward", "overlap", "neurokit"])
def test_comparisons_with_others_have_no_live_form(variant: VariantName) -> None:
    with pytest.raises(ValueError, match=variant):
        RollingAlpha1(variant=variant)


@pytest.mark.parametrize("n", [4, 5, 6, 100, 300, 301, 1501, 1502, 1503, 5000])
@pytest.mark.parametrize("series", [noise, lambda n: np.random.default_rng(n).normal(0, 30, n)])
def test_the_plain_solver_agrees_with_the_banded_one(
    n: int, series: Callable[[int], np.ndarray]
) -> None:
    z = series(n)
    z -= z.mean()
    np.testing.assert_allclose(without_trend(z.tolist()), smoothness_priors(z), atol=1e-8)
