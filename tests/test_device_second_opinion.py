"""Alpha 1 as a second opinion: when it is trusted, and how slowly it changes its mind."""

import pytest

from device.reading import Reading
from device.second_opinion import SecondOpinion


def reading(t_s: float, alpha1: float | None, artefact_pct: float | None = 0.5) -> Reading:
    return Reading(t_s, dfa_alpha1=alpha1, artefact_pct=artefact_pct)


@pytest.mark.parametrize(
    ("alpha1", "suggests"),
    [
        (1.30, "below VT1"),
        (1.00, "below VT1"),
        (0.99, "nearing VT1"),
        (0.75, "nearing VT1"),
        (0.74, "above VT1"),
        (0.50, "above VT1"),
        (0.49, "above VT2"),
    ],
)
def test_each_range_of_alpha_1_suggests_something(alpha1, suggests):
    assert SecondOpinion().add(reading(700.0, alpha1)).suggests == suggests


@pytest.mark.parametrize(
    ("now", "trust"),
    [
        (reading(599.0, 0.8), "not in the first 10 min"),
        (reading(700.0, 0.8, 6.2), "6 % artefact: not trusted"),
        (reading(700.0, None), "needs 2 min of clean beats"),
    ],
)
def test_an_opinion_that_is_not_trusted_says_why_and_suggests_nothing(now, trust):
    told = SecondOpinion().add(now)
    assert told.suggests is None
    assert told.trust == trust


def said(*steps: tuple[float, float]) -> str | None:
    opinion, told = SecondOpinion(), None
    for t_s, alpha1 in steps:
        told = opinion.add(reading(t_s, alpha1)).suggests
    return told


def test_it_changes_only_beyond_the_hysteresis_and_after_15_s():
    assert said((700.0, 0.80), (701.0, 0.71), (800.0, 0.71)) == "nearing VT1"
    assert said((700.0, 0.80), (701.0, 0.69), (715.0, 0.69)) == "nearing VT1"
    assert said((700.0, 0.80), (701.0, 0.69), (716.0, 0.69)) == "above VT1"
    assert said((700.0, 0.80), (701.0, 1.04), (800.0, 1.04)) == "nearing VT1"
    assert said((700.0, 0.80), (701.0, 1.05), (716.0, 1.05)) == "below VT1"


def test_a_moment_back_starts_the_dwell_anew():
    steps = (700.0, 0.80), (701.0, 0.60), (710.0, 0.80), (711.0, 0.60), (720.0, 0.60)
    assert said(*steps) == "nearing VT1"
