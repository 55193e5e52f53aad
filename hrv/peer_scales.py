"""RMSSD on the scales of other apps, for people who come from one; display only.

Our own display is RMSSD in ms and its place in the athlete's range: no composite score.
"""

from math import log

ELITE_TOP_LN = 6.5
"""Elite HRV says "ln, 0 to 6.5, expanded to 0 to 100" (vendor page read); that it divides is
inferred."""
LN_FACTOR = 20.0
"""Of ithlete's kind of scale (recalled). HRV4Training's points are unpublished: none here."""


def elite_hrv(rmssd_ms: float) -> float:
    """100·ln(RMSSD)/6.5.

    Raises:
        ValueError: RMSSD is not a positive, finite number of ms.
    """
    return 100.0 * _ln(rmssd_ms) / ELITE_TOP_LN


def twenty_ln(rmssd_ms: float) -> float:
    """20·ln(RMSSD).

    Raises:
        ValueError: RMSSD is not a positive, finite number of ms.
    """
    return LN_FACTOR * _ln(rmssd_ms)


def _ln(rmssd_ms: float) -> float:
    if not 0.0 < rmssd_ms < 1e6:
        raise ValueError(f"RMSSD must be a positive number of ms, not {rmssd_ms}")
    return log(rmssd_ms)
