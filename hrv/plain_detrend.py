"""Smoothness priors in plain Python: `hrv.detrend` without SciPy, and without its import time.

The matrix I + λ²D₂ᵀD₂ has five diagonals. Its LDLᵀ factor, built from the top, depends on the
length in the last two rows only, so one factor, kept, serves every length.
"""

from collections.abc import Sequence
from functools import cache
from operator import sub

LAM = 500.0
"""λ, as in `hrv.detrend`."""

SETTLED = 1500
"""From this row on the factor changes by rounding only."""


def without_trend(z: Sequence[float]) -> list[float]:
    """`hrv.detrend.smoothness_priors` with λ = 500.

    Args:
        z: shape (n,), four values or more, any unit; take the mean out first for all digits.

    Returns:
        The detrended series, shape (n,), in the unit of z.
    """
    n = len(z)
    square = LAM * LAM
    factor = _factor()
    rows = [*factor[: n - 2], *[factor[-1]] * (n - 2 - SETTLED)]
    # The last two rows of the matrix differ from the inner ones: (6, -4) is (5, -2), then 1.
    inverse_1, beta_1, gamma_1 = rows[-1]
    inverse_2, _, gamma_2 = rows[-2]
    delta = 1 + 5 * square - beta_1 * beta_1 / inverse_1 - gamma_2 * gamma_2 / inverse_2
    beta = (-2 * square - gamma_1 * beta_1 / inverse_1) / delta
    last = 1 + square - beta * beta * delta - gamma_1 * gamma_1 / inverse_1
    rows += [(1 / delta, beta, 0.0), (1 / last, 0.0, 0.0)]

    forward = []
    beta_1 = gamma_1 = gamma_2 = u_1 = u_2 = 0.0
    for value, (inverse, beta, gamma) in zip(z, rows, strict=True):
        u = value - beta_1 * u_1 - gamma_2 * u_2
        forward.append(u * inverse)
        u_2, u_1 = u_1, u
        beta_1, gamma_2, gamma_1 = beta, gamma_1, gamma
    trend = []
    x_1 = x_2 = 0.0
    for scaled, (_, beta, gamma) in zip(reversed(forward), reversed(rows), strict=True):
        x = scaled - beta * x_1 - gamma * x_2
        trend.append(x)
        x_2, x_1 = x_1, x
    trend.reverse()
    return list(map(sub, z, trend))


@cache
def _factor() -> tuple[tuple[float, float, float], ...]:
    """Rows (1/δ, β, γ) of LDLᵀ, of a matrix without end."""
    square = LAM * LAM
    rows: list[tuple[float, float, float]] = []
    for k in range(SETTLED):
        diagonal = 1 + square * (1, 5, 6)[min(k, 2)]
        below = -2 * square if k == 0 else -4 * square
        if k >= 1:
            inverse, beta, gamma = rows[k - 1]
            diagonal -= beta * beta / inverse
            below -= gamma * beta / inverse
        if k >= 2:
            inverse, _, gamma = rows[k - 2]
            diagonal -= gamma * gamma / inverse
        rows.append((1 / diagonal, below / diagonal, square / diagonal))
    return tuple(rows)
