"""What a purpose means in beats per minute."""

from dataclasses import replace

import pytest

from device.athlete import Athlete
from device.intent import BadPurpose, Band, Purpose, band_for, parse_purpose

ANNA = Athlete("Anna", birth_year=1986, resting_bpm=55.0, max_bpm=185.0, lthr_bpm=168.0)
UNMEASURED = Athlete("Ben", birth_year=1981)


def limits(band: Band | None) -> tuple[float | None, float | None] | None:
    return None if band is None else (band.floor_bpm, band.ceiling_bpm)


@pytest.mark.parametrize(
    ("purpose", "athlete", "expected"),
    [
        # Worked from SCIENCE.md section 6: 0.89 of LTHR 168 is 149.52.
        (Purpose.EASY, ANNA, (None, 149.52)),
        (Purpose.RECOVERY, ANNA, (None, 139.52)),
        (Purpose.STEADY, ANNA, (149.52, 158.76)),
        (Purpose.TEMPO, ANNA, (158.76, 168.0)),
        (Purpose.INTERVALS, ANNA, (168.0, None)),
        (Purpose.RAMP, ANNA, None),
        # An accepted HRVT1 goes before LTHR, a VT1 before both (SCIENCE.md section 6).
        (Purpose.EASY, replace(ANNA, hrvt1_bpm=141.5), (None, 141.5)),
        (Purpose.EASY, replace(ANNA, hrvt1_bpm=141.5, vt1_bpm=146.0), (None, 146.0)),
        # 0.75 and 0.88 of Tanaka's 176.5 at 45.
        (Purpose.EASY, UNMEASURED, (None, 132.375)),
        (Purpose.TEMPO, UNMEASURED, (143.8475, 155.32)),
        (Purpose.EASY, Athlete("Nobody knows"), None),
    ],
)
def test_the_band_of_a_purpose(
    purpose: Purpose, athlete: Athlete, expected: tuple[float | None, float | None] | None
) -> None:
    band = band_for(purpose, athlete, year=2026)
    assert limits(band) == (None if expected is None else pytest.approx(expected))


def test_a_band_from_age_alone_says_that_it_is_an_estimate() -> None:
    guessed, measured = (band_for(Purpose.EASY, one, year=2026) for one in (UNMEASURED, ANNA))
    assert guessed is not None
    assert measured is not None
    assert guessed.estimate
    assert not measured.estimate


def test_without_a_trusted_date_there_is_no_age_and_no_estimate() -> None:
    assert band_for(Purpose.EASY, UNMEASURED, year=None) is None
    assert limits(band_for(Purpose.EASY, ANNA, year=None)) == pytest.approx((None, 149.52))


def test_a_clock_that_went_wrong_makes_no_age_of_a_hundred_and_thirty() -> None:
    assert band_for(Purpose.EASY, UNMEASURED, year=1970) is None
    assert band_for(Purpose.EASY, UNMEASURED, year=2130) is None


def test_the_athletes_own_word_replaces_what_was_worked_out() -> None:
    band = band_for(Purpose.EASY, ANNA, year=2026, ceiling_bpm=135.0)
    assert band == Band(None, 135.0, "set by you", estimate=False)


@pytest.mark.parametrize("ceiling_bpm", [0.0, 39.0, 241.0, float("nan"), float("inf")])
def test_an_impossible_ceiling_is_refused(ceiling_bpm: float) -> None:
    with pytest.raises(BadPurpose, match="out of range"):
        band_for(Purpose.EASY, ANNA, year=2026, ceiling_bpm=ceiling_bpm)


def test_an_unknown_purpose_names_those_there_are() -> None:
    with pytest.raises(BadPurpose, match="recovery, easy, steady, tempo, intervals, ramp"):
        parse_purpose("fast")
