import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from hrv.detrend import smoothness_priors


def dense(z: np.ndarray, lam: float) -> np.ndarray:
    """The formula of SCIENCE 3 as it stands, with a full matrix: the witness."""
    n = z.size
    d2 = np.zeros((n - 2, n))
    for row in range(n - 2):
        d2[row, row : row + 3] = 1.0, -2.0, 1.0
    return z - np.linalg.solve(np.eye(n) + lam**2 * d2.T @ d2, z)


@pytest.mark.parametrize("n", [3, 4, 5, 6, 50, 300])
@pytest.mark.parametrize("lam", [0.0, 1.0, 500.0])
def test_the_banded_solver_agrees_with_the_dense_formula(n: int, lam: float) -> None:
    z = 800.0 + np.random.default_rng(n).normal(0.0, 40.0, n)
    np.testing.assert_allclose(smoothness_priors(z, lam), dense(z, lam), atol=1e-5)


@pytest.mark.parametrize("n", [0, 1, 2])
def test_fewer_than_three_values_are_all_trend(n: int) -> None:
    np.testing.assert_array_equal(smoothness_priors(np.full(n, 800.0)), np.zeros(n))


def test_constants_and_straight_lines_vanish() -> None:
    line = 900.0 + 0.3 * np.arange(400)
    np.testing.assert_allclose(smoothness_priors(line), 0.0, atol=1e-6)


def gain(cycles_per_sample: float) -> float:
    n = 6000
    wave = np.sin(2 * np.pi * cycles_per_sample * np.arange(n))
    middle = slice(n // 3, 2 * n // 3)
    return float(np.std(smoothness_priors(wave)[middle]) / np.std(wave[middle]))


def test_the_cut_off_of_lambda_500_is_where_the_specification_says() -> None:
    # [C] SCIENCE 3: 0.0355 Hz at -3 dB for 4 Hz data = 0.00887 cycles per sample.
    assert gain(0.00887) == pytest.approx(10 ** (-3 / 20), abs=0.01)
    assert gain(0.0355 / 4) == pytest.approx(10 ** (-3 / 20), abs=0.01)


@pytest.mark.parametrize(
    ("z", "lam", "says"),
    [
        ([[1.0, 2.0]], 500.0, "one dimension"),
        ([1.0, float("nan"), 2.0], 500.0, "finite"),
        ([1.0, float("inf"), 2.0], 500.0, "finite"),
        ([1.0, 1e300, 2.0], 500.0, "finite"),
        ([1.0, 2.0, 3.0], float("nan"), "lambda"),
        ([1.0, 2.0, 3.0], -1.0, "lambda"),
    ],
)
def test_what_cannot_be_detrended_is_refused_by_name(z: object, lam: float, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        smoothness_priors(z, lam)  # type: ignore[arg-type]


@given(
    arrays(np.float64, st.integers(0, 200), elements=st.floats(-1e12, 1e12)),
    st.floats(-1e4, 1e4),
)
def test_the_result_is_finite_and_blind_to_a_shift(z: np.ndarray, shift_ms: float) -> None:
    once = smoothness_priors(z)
    assert np.all(np.isfinite(once))
    if z.size and np.abs(z).max() < 1e6:
        np.testing.assert_allclose(smoothness_priors(z + shift_ms), once, atol=1e-3)
