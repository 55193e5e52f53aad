import math

import pytest

from hrv.peer_scales import elite_hrv, twenty_ln


@pytest.mark.parametrize(
    ("rmssd_ms", "elite", "twenty"),
    [
        # [C] SCIENCE 5.2, peer display scales.
        (20, 46.09, 59.91),
        (40, 56.75, 73.78),
        (42, 57.50, 74.75),
        (60, 62.99, 81.89),
        (100, 70.85, 92.10),
    ],
)
def test_the_scales_of_other_apps(rmssd_ms: float, elite: float, twenty: float) -> None:
    assert elite_hrv(rmssd_ms) == pytest.approx(elite, abs=0.0051)
    assert twenty_ln(rmssd_ms) == pytest.approx(twenty, abs=0.0051)


@pytest.mark.parametrize("rmssd_ms", [0.0, -1.0, math.nan, math.inf])
def test_what_has_no_logarithm_is_refused(rmssd_ms: float) -> None:
    with pytest.raises(ValueError, match="RMSSD must be"):
        elite_hrv(rmssd_ms)
