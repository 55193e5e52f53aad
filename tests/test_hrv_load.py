import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hrv.load import edwards, lucia, session_rpe, trimp


@pytest.mark.parametrize(
    ("hr_bpm", "minutes", "sex", "expected"),
    [
        (140.0, 45.0, "male", 66.0807),  # [C] SCIENCE 8
        (140.0, 45.0, "female", 75.4054),  # [C] SCIENCE 8
        ([120.0, 140.0, 160.0], [15.0] * 3, "male", 71.1232),  # [C] SCIENCE 8, per sample
        ([140.0, math.nan], [45.0, 99.0], "male", 66.0807),  # unknown adds nothing
        (40.0, 45.0, "male", 0.0),  # clipped at rest
        ([], [], "male", 0.0),
    ],
)
def test_banister_trimp(hr_bpm, minutes, sex, expected: float) -> None:
    found = trimp(hr_bpm, minutes, rest_bpm=55.0, max_bpm=185.0, sex=sex)
    assert found == pytest.approx(expected, abs=5e-5)


def test_we_differ_from_goldencheetah_for_women_on_purpose() -> None:
    # [V] GoldenCheetah keeps a = 0.64 for women: 56.1157 [C]; Morton's weight is 0.86.
    ours = trimp(140.0, 45.0, rest_bpm=55.0, max_bpm=185.0, sex="female")
    assert ours * 0.64 / 0.86 == pytest.approx(56.1157, abs=5e-5)


def test_heart_rate_beyond_the_highest_counts_as_the_highest() -> None:
    known = {"rest_bpm": 55.0, "max_bpm": 185.0, "sex": "male"}
    assert trimp(1e308, 1.0, **known) == trimp(185.0, 1.0, **known)


def test_the_other_loads_give_the_worked_numbers() -> None:
    assert edwards([5, 20, 15, 4, 1]) == 111  # [C] SCIENCE 8
    assert lucia([30, 12, 3]) == 63  # [C] SCIENCE 8
    assert session_rpe(4, 45) == 180  # [C] SCIENCE 8


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: trimp(140, 45, rest_bpm=185, max_bpm=55, sex="male"), "must be below"),
        (lambda: trimp(140, 45, rest_bpm=0, max_bpm=185, sex="male"), "resting heart rate"),
        (lambda: trimp(140, 45, rest_bpm=55, max_bpm=math.nan, sex="male"), "highest"),
        (lambda: trimp(140, -1, rest_bpm=55, max_bpm=185, sex="male"), "duration"),
        (lambda: trimp(140, math.inf, rest_bpm=55, max_bpm=185, sex="male"), "duration"),
        (lambda: trimp([140], [1, 2], rest_bpm=55, max_bpm=185, sex="male"), "durations"),
        (lambda: edwards([1, 2, 3]), "5 zones"),
        (lambda: lucia([1, 2, math.nan]), "duration"),
        (lambda: session_rpe(11, 45), "CR10"),
        (lambda: session_rpe(5, -1), "duration"),
    ],
)
def test_what_is_no_load_is_refused_by_name(make, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        make()


@given(
    st.lists(st.tuples(st.floats(), st.floats(0, 600)), max_size=30),
    st.floats(30, 90),
    st.floats(120, 220),
    st.sampled_from(["male", "female"]),
)
def test_trimp_is_finite_and_adds_up(samples, rest_bpm, max_bpm, sex) -> None:
    hr = np.array([bpm for bpm, _ in samples])
    minutes = np.array([lasted for _, lasted in samples])
    known = {"rest_bpm": rest_bpm, "max_bpm": max_bpm, "sex": sex}
    whole = trimp(hr, minutes, **known)
    assert math.isfinite(whole)
    half = len(samples) // 2
    parts = trimp(hr[:half], minutes[:half], **known) + trimp(hr[half:], minutes[half:], **known)
    assert parts == pytest.approx(whole)
