import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hrv.hr_max import (
    hr_max_fox,
    hr_max_gellish,
    hr_max_gellish_nonlinear,
    hr_max_nes,
    hr_max_tanaka,
    raised_hr_max,
)
from hrv.zones import (
    Ceiling,
    Zones,
    easy_ceiling,
    friel,
    karvonen,
    maf_range,
    norwegian,
    percent_max,
    three_zone,
)


@pytest.mark.parametrize(
    ("formula", "at_25_35_45_60"),
    [
        # [C] SCIENCE 6, table of HRmax formulas, to the digits printed there.
        (hr_max_fox, (195, 185, 175, 160)),
        (hr_max_tanaka, (190.5, 183.5, 176.5, 166)),
        (hr_max_gellish, (190.15, 183.45, 176.75, 166.7)),
        (hr_max_gellish_nonlinear, (187.12, 182.93, 177.32, 166.3)),
        (hr_max_nes, (195, 188.6, 182.2, 172.6)),
    ],
)
def test_hr_max_formulas_give_the_published_table(formula, at_25_35_45_60) -> None:
    for age, expected_bpm in zip((25, 35, 45, 60), at_25_35_45_60, strict=True):
        assert formula(age) == pytest.approx(expected_bpm, abs=0.0051)


@pytest.mark.parametrize(
    ("zones", "bounds_bpm"),
    [
        (percent_max(185), (92.5, 111, 129.5, 148, 166.5)),  # [C] SCIENCE 6, HRmax 185
        (karvonen(55, 185), (120, 133, 146, 159, 172)),  # [C] SCIENCE 6, 55/185
        (friel(168), (142.8, 151.2, 159.6, 168, 173.04, 178.08)),  # [C] SCIENCE 6, LTHR 168
        (three_zone(142, 163), (142, 163)),  # by definition
        (norwegian(200), (120, 144, 164, 176, 188)),  # percents of SCIENCE 6 [A], by hand
    ],
)
def test_each_model_has_the_bounds_of_its_source(zones: Zones, bounds_bpm) -> None:
    assert zones.bounds_bpm == pytest.approx(bounds_bpm)


@pytest.mark.parametrize(
    ("hr_bpm", "name"),
    [
        # Friel, LTHR 168 [C]: half-open, compared without rounding.
        (40.0, "1"),
        (142.799, "1"),
        (142.8, "2"),
        (151.2, "3"),
        (159.6, "4"),
        (167.999, "4"),
        (168.0, "5a"),
        (173.04, "5b"),
        (178.08, "5c"),
        (240.0, "5c"),
    ],
)
def test_zones_are_half_open_and_nothing_is_rounded(hr_bpm: float, name: str) -> None:
    zones = friel(168)
    assert zones.names[zones.zone(hr_bpm)] == name


def test_zone_0_is_below_the_first_bound_and_limits_are_open_at_both_ends() -> None:
    zones = percent_max(185)
    assert zones.zone(92.4999) == 0
    assert zones.zone(92.5) == 1
    assert zones.limits_bpm(0) == (None, 92.5)
    assert zones.limits_bpm(1) == (92.5, 111.0)
    assert zones.limits_bpm(5) == (166.5, None)
    for index in (-1, 6):
        with pytest.raises(IndexError, match="no zone"):
            zones.limits_bpm(index)


@pytest.mark.parametrize(
    ("age", "adjustment_bpm", "range_bpm"),
    [
        (40, -5, (125, 135)),  # [A] SCIENCE 6: 40 y, -5 -> 125 to 135
        (40, 0, (130, 140)),
        (40, 5, (135, 145)),
        (40, -10, (120, 130)),
        (16, 0, (155, 165)),  # [A] up to 16: 165
        (17, 0, (153, 163)),
        (66, 10, (114, 124)),  # [A] beyond 65: up to +10
    ],
)
def test_maf_range(age, adjustment_bpm, range_bpm) -> None:
    assert maf_range(age, adjustment_bpm) == pytest.approx(range_bpm)


ALL_KNOWN = {
    "vt1_bpm": 141.0,
    "hrvt1_bpm": 143.0,
    "lthr_bpm": 168.0,
    "rest_bpm": 55.0,
    "max_bpm": 185.0,
    "age_years": 40.0,
    "maf_adjustment_bpm": -5.0,
}


@pytest.mark.parametrize(
    ("forgotten", "bpm", "origin", "estimate"),
    [
        # The order of SCIENCE 6 [P]: each line forgets what the line above used.
        ((), 141.0, "VT1", False),
        (("vt1_bpm",), 143.0, "HRVT1", False),
        (("hrvt1_bpm",), 149.52, "LTHR", False),  # 0.89 x 168
        (("lthr_bpm",), 146.0, "reserve", False),  # 55 + 0.70 x 130, = Karvonen's 70 % [C]
        (("rest_bpm",), 135.0, "MAF", True),
        (("maf_adjustment_bpm",), 135.0, "Tanaka", True),  # 0.75 x (208 - 28)
    ],
)
def test_the_easy_ceiling_takes_the_first_thing_known(forgotten, bpm, origin, estimate) -> None:
    order = ["vt1_bpm", "hrvt1_bpm", "lthr_bpm", "rest_bpm", "maf_adjustment_bpm"]
    gone = order[: order.index(forgotten[0]) + 1] if forgotten else []
    ceiling = easy_ceiling(**{key: v for key, v in ALL_KNOWN.items() if key not in gone})
    assert ceiling is not None
    assert ceiling.bpm == pytest.approx(bpm)
    assert origin in ceiling.origin
    assert ceiling.estimate is estimate


def test_nothing_known_gives_no_ceiling() -> None:
    assert easy_ceiling() is None
    assert easy_ceiling(rest_bpm=50.0) is None
    assert easy_ceiling(max_bpm=190.0, maf_adjustment_bpm=0.0) is None


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: percent_max(0), "highest heart rate"),
        (lambda: percent_max(math.nan), "highest heart rate"),
        (lambda: karvonen(190, 180), "must be below"),
        (lambda: karvonen(-1, 180), "resting heart rate"),
        (lambda: friel(1680), "lactate threshold"),
        (lambda: three_zone(160, 150), "must rise"),
        (lambda: Zones(("1", "2"), (100.0, 120.0)), "3 zones"),
        (lambda: Zones(("1",), ()), "zones"),
        (lambda: Zones(("1", "2"), (math.inf,)), "cannot be the bound"),
        (lambda: friel(168).zone(math.nan), "no zone"),
        (lambda: hr_max_tanaka(1985), "age"),
        (lambda: maf_range(40, 10), "adjustment"),
        (lambda: maf_range(40, -15), "adjustment"),
        (lambda: easy_ceiling(vt1_bpm=14.0), "VT1"),
        (lambda: easy_ceiling(hrvt1_bpm=math.inf), "HRVT1"),
    ],
)
def test_what_no_heart_does_is_refused_by_name(make, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        make()


@pytest.mark.parametrize(
    ("medians_bpm", "artefact_pct", "proposed_bpm"),
    [
        ([180.0, 187.5, 181.0], 2.0, 187.5),
        ([180.0, 187.5], 3.0, 187.5),
        ([180.0, 187.5], 3.1, None),  # [P] SCIENCE 6: artefact at most 3 %
        ([180.0, 187.5], math.nan, None),
        ([180.0, 185.0], 0.0, None),
        ([180.0, 400.0, math.nan], 0.0, None),
        ([], 0.0, None),
    ],
)
def test_a_higher_hr_max_is_only_proposed_from_clean_medians(
    medians_bpm, artefact_pct, proposed_bpm
) -> None:
    assert raised_hr_max(medians_bpm, artefact_pct, 185.0) == proposed_bpm


@given(st.floats(40, 250), st.floats(0, 400))
def test_every_heart_rate_lies_in_exactly_the_zone_whose_limits_hold_it(max_bpm, hr_bpm) -> None:
    for zones in (percent_max(max_bpm), norwegian(max_bpm), friel(max_bpm)):
        low_bpm, high_bpm = zones.limits_bpm(zones.zone(hr_bpm))
        assert low_bpm is None or low_bpm <= hr_bpm
        assert high_bpm is None or hr_bpm < high_bpm


@given(st.dictionaries(st.sampled_from(sorted(ALL_KNOWN)), st.floats(allow_nan=True)))
def test_any_number_gives_a_finite_ceiling_none_or_a_refusal(known) -> None:
    try:
        ceiling = easy_ceiling(**known)
    except ValueError:
        return  # refused by name: the table above tests the names
    assert ceiling is None or (isinstance(ceiling, Ceiling) and 10 <= ceiling.bpm <= 260)
