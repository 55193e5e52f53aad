"""Removing the slow trend of a series before DFA or a spectrum.

Method: smoothness priors, Tarvainen, Ranta-aho & Karjalainen 2002, IEEE Trans Biomed Eng
49:172; the formula is as quoted in the literature, the paper itself was not re-read here.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

LAM = 500.0
"""The smoothing λ of Kubios and of Tarvainen 2002 (recalled, paper not re-read). By our own
computation it cuts off at 0.0355 Hz (-3 dB) for 4 Hz data, at 0.00887 cycles/beat for beats."""

LARGEST = 1e12
"""Values beyond this are refused: no interval is 30 years long, and squares stay finite."""


def smoothness_priors(z: ArrayLike, lam: float = LAM) -> NDArray[np.float64]:
    """The series without its slow trend: z − (I + λ²D₂ᵀD₂)⁻¹ z.

    D₂ is the full (n−2) × n second-difference matrix, so constants and straight lines vanish
    altogether; fewer than three values leave zeros. The matrix is symmetric with five
    diagonals and is solved as such: time and memory grow with n, not with its cube.

    Args:
        z: shape (n,), any unit, evenly spaced in its own index (beats, or 4 Hz samples).
        lam: λ, without unit, 0 to 1e5. Larger keeps slower waves.

    Returns:
        The detrended series, float64, shape (n,), in the unit of z.

    Raises:
        ValueError: z has not one dimension, or holds NaN or values beyond 1e12; λ out of range.
    """
    series = np.asarray(z, dtype=np.float64)
    if series.ndim != 1:
        raise ValueError(f"a series has one dimension, this has {series.ndim}")
    if not np.all(np.abs(series) <= LARGEST):  # also false for NaN
        raise ValueError("cannot detrend values that are not finite numbers up to 1e12")
    if not 0.0 <= lam <= 1e5:
        raise ValueError(f"lambda must lie between 0 and 1e5, not {lam!r}")
    n = series.size
    if n < 3:
        return np.zeros(n)

    # SciPy takes longest of all to import: only when a trend is taken out.
    from scipy.linalg import solveh_banded

    bands = np.zeros((3, n))  # lower form: row k holds the k-th diagonal below the main one
    bands[0, :-2] += 1.0
    bands[0, 1:-1] += 4.0
    bands[0, 2:] += 1.0
    bands[1, :-2] -= 2.0
    bands[1, 1:-1] -= 2.0
    bands[2, :-2] = 1.0
    bands *= lam * lam
    bands[0] += 1.0
    # The mean is trend in any case; taking it out first keeps the digits of small oscillations.
    centred = series - series.mean()
    trend = solveh_banded(bands, centred, overwrite_ab=True, lower=True, check_finite=False)
    return np.asarray(centred - trend, dtype=np.float64)
