import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hrv.kind import Kind
from hrv.refusal import Refusal
from hrv.respiration import Respiration, respiration


def breathing(
    rate_hz: float, *, rsa_ms: float = 20.0, slow_ms: float = 30.0, noise_ms: float = 0.0
) -> np.ndarray:
    rng = np.random.default_rng(5)
    rr, t_s = [], 0.0
    while t_s < 300.5:
        slow = slow_ms * math.sin(2 * math.pi * 0.1 * t_s)
        rsa = rsa_ms * math.sin(2 * math.pi * rate_hz * t_s)
        rr.append(900.0 + slow + rsa + noise_ms * rng.standard_normal())
        t_s += rr[-1] / 1000
    return np.array(rr)


@pytest.mark.parametrize(
    ("rate_hz", "per_min"),
    [(0.25, 15.0), (0.2, 12.0), (0.3, 18.0), (0.4, 24.0)],  # 15.00: [C] SCIENCE 3; others by hand
)
def test_the_breathing_rate_is_found(rate_hz: float, per_min: float) -> None:
    found = respiration(breathing(rate_hz))
    assert isinstance(found, Respiration)
    assert found.rate_per_min == pytest.approx(per_min, abs=0.07)  # bins of 0.06 a minute
    assert found.share_pct > 90


def test_the_vector_breathes_15_00_times_a_minute() -> None:
    found = respiration(breathing(0.25))  # [C] SCIENCE 3
    assert isinstance(found, Respiration)
    assert f"{found.rate_per_min:.2f}" == "15.00"


@pytest.mark.parametrize(
    "rr",
    [
        breathing(0.1, rsa_ms=60.0, slow_ms=0.0),  # six breaths a minute
        breathing(0.14, rsa_ms=60.0, slow_ms=0.0),  # its flank reaches into the band
        breathing(0.25, rsa_ms=0.0, noise_ms=20.0),  # no breathing to be seen
        breathing(0.25, rsa_ms=3.0),  # dwarfed by the slow wave
        np.full(400, 800.0),
    ],
)
def test_slow_or_unclear_breathing_is_said_and_never_a_number(rr) -> None:
    assert respiration(rr) == Refusal("slow_or_unclear", "breathing slow or unclear")


def test_too_short_a_recording_is_refused() -> None:
    found = respiration(breathing(0.25)[:200])
    assert isinstance(found, Refusal)
    assert found.name == "too_short"


def test_what_is_no_number_is_refused_even_where_it_is_marked() -> None:
    rr = np.append(breathing(0.25), math.nan)
    for kinds in (None, [0] * (len(rr) - 1) + [Kind.ECTOPIC]):
        found = respiration(rr, kinds)
        assert isinstance(found, Refusal)
        assert found.name == "not_rr"


@settings(deadline=None, max_examples=40)
@given(st.lists(st.floats(250, 2000), min_size=1, max_size=50))
def test_any_rhythm_gives_a_rate_inside_the_band_or_a_refusal(rr_ms) -> None:
    found = respiration(np.resize(np.array(rr_ms), 1000))
    assert isinstance(found, Refusal) or 9.0 <= found.rate_per_min <= 30.0
