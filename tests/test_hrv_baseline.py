import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hrv.baseline import Baseline, Position, Stage, baseline, kiviniemi_limit, week

LOW, NORMAL, HIGH = Position.LOW, Position.NORMAL, Position.HIGH


def numbers(text: str) -> list[float]:
    return [float(word) for word in text.split()]


# SCIENCE 5.2, worked examples A and B [C].
RMSSD_A = numbers(
    "58 62 55 60 66 49 57 63 61 54 59 68 52 60 56 64 58 50 62 61 57 65 53 59 60 55 63 58"
)
WEEK_A = numbers("57 52 49 51 46")
HR_A = numbers(
    "52 51 53 52 50 54 52 51 52 53 51 50 53 52 52 51 54 53 51 52 52 50 53 52 51 52 53 52"
)
RMSSD_B = numbers(
    "42 55 38 61 47 50 35 58 44 52 40 63 49 37 56 45 51 39 60 48 43 54 36 57 46 50 41 59"
)
WEEK_B = numbers("45 41 39 44 36 33")


def ms(band: tuple[float, float] | None) -> tuple[float, float]:
    assert band is not None
    return math.exp(band[0]), math.exp(band[1])


def test_worked_example_a() -> None:
    normal = baseline(np.log(RMSSD_A), HR_A)
    assert (normal.n, normal.stage) == (28, Stage.ESTABLISHED)
    assert normal.mean_ln_rmssd == pytest.approx(4.07017, abs=5e-6)  # [C]
    assert math.exp(4.07017) == pytest.approx(58.57, abs=0.005)  # [C]
    assert normal.sd_ln_rmssd == pytest.approx(0.08092, abs=5e-6)  # [C]
    assert normal.spread_ln_rmssd == 0.10  # [C]: the floor
    assert normal.band(0.5) == pytest.approx((4.02017, 4.12017), abs=5e-6)  # [C]
    assert ms(normal.band(0.5)) == pytest.approx((55.71, 61.57), abs=0.005)  # [C]
    assert normal.band(1.0) == pytest.approx((3.97017, 4.17017), abs=5e-6)  # [C]
    assert ms(normal.band(1.0)) == pytest.approx((52.99, 64.73), abs=0.005)  # [C]

    seven = week(np.log(WEEK_A))
    assert seven.n == 5
    assert seven.l7_ln_rmssd == pytest.approx(3.92932, abs=5e-6)  # [C]
    assert seven.cv7_pct == pytest.approx(2.011, abs=5e-4)  # [C]
    assert (math.log(46) - normal.mean_ln_rmssd) / 0.10 == pytest.approx(-2.415, abs=5e-4)  # [C]
    assert (seven.l7_ln_rmssd - normal.mean_ln_rmssd) / 0.10 == pytest.approx(-1.408, abs=5e-4)
    assert normal.position(math.log(46), 1.0) is LOW  # [C] D = L
    assert normal.position(seven.l7_ln_rmssd, 0.5) is LOW  # [C] T = L
    limit = kiviniemi_limit(list(np.log(RMSSD_A)))
    assert limit == pytest.approx(4.01819, abs=5e-6)  # [C]
    assert math.exp(4.01819) == pytest.approx(55.60, abs=0.005)  # [C]

    assert normal.mean_hr_bpm == pytest.approx(51.9286, abs=5e-5)  # [C]
    assert normal.sd_hr_bpm == pytest.approx(1.0862, abs=5e-5)  # [C]
    assert normal.median_hr_bpm == 52.0  # [C]


@pytest.mark.parametrize(
    ("hr_bpm", "previous_hr_bpm", "level"),
    [
        # Worked A [C]: H = 1 from 54.93, H = 2 from 56.93; two days at median + 4 = 56.
        (52.0, None, 0),
        (54.92, None, 0),
        (54.93, None, 1),
        (56.92, None, 1),
        (56.93, None, 2),
        (56.0, 56.0, 2),
        (56.0, 55.9, 1),
        (55.9, 60.0, 1),
        (52.0, 60.0, 0),
        (40.0, None, 0),
    ],
)
def test_how_far_resting_heart_rate_is_up(hr_bpm, previous_hr_bpm, level) -> None:
    assert baseline(np.log(RMSSD_A), HR_A).hr_level(hr_bpm, previous_hr_bpm) == level


def test_a_variable_heart_rate_needs_more_than_3_and_5_bpm() -> None:
    normal = baseline(np.log(RMSSD_A), [48.0, 56.0] * 14)  # SD 4.07: limits 1 SD and 2 SD
    assert [normal.hr_level(52.0 + up) for up in (4.0, 4.1, 8.1, 8.2)] == [0, 1, 1, 2]


def test_worked_example_b() -> None:
    normal = baseline(np.log(RMSSD_B), HR_A)
    assert normal.mean_ln_rmssd == pytest.approx(3.86582, abs=5e-6)  # [C]
    assert normal.spread_ln_rmssd == pytest.approx(0.17302, abs=5e-6)  # [C]
    assert ms(normal.band(0.5)) == pytest.approx((43.79, 52.06), abs=0.005)  # [C]
    assert ms(normal.band(1.0)) == pytest.approx((40.16, 56.76), abs=0.005)  # [C]
    seven = week(np.log(WEEK_B))
    assert seven.l7_ln_rmssd == pytest.approx(3.67467, abs=5e-6)  # [C]
    assert math.exp(3.67467) == pytest.approx(39.44, abs=0.005)  # [C]
    assert seven.cv7_pct == pytest.approx(3.245, abs=5e-4)  # [C]
    z = (math.log(33) - normal.mean_ln_rmssd) / normal.spread_ln_rmssd
    assert z == pytest.approx(-2.135, abs=5e-4)  # [C]
    trend_z = (seven.l7_ln_rmssd - normal.mean_ln_rmssd) / normal.spread_ln_rmssd
    assert trend_z == pytest.approx(-1.105, abs=5e-4)  # [C]


@pytest.mark.parametrize(
    ("n", "stage", "floor"),
    [
        (0, Stage.LEARNING, None),
        (1, Stage.LEARNING, None),
        (6, Stage.LEARNING, None),
        (7, Stage.PROVISIONAL, 0.15),
        (20, Stage.PROVISIONAL, 0.15),
        (21, Stage.ESTABLISHED, 0.10),
        (60, Stage.ESTABLISHED, 0.10),
    ],
)
def test_stages_and_their_floors(n: int, stage: Stage, floor: float | None) -> None:
    # [P] SCIENCE 5.1. Equal values: the spread is the floor, and nothing divides by zero.
    normal = baseline([4.0] * n, [50.0] * n)
    assert (normal.n, normal.stage, normal.spread_ln_rmssd) == (n, stage, floor)
    assert (normal.band(1.0) is None) == (floor is None)
    if floor is None:
        assert normal.position(4.0, 1.0) is None
        assert normal.hr_level(120.0, 120.0) == 0


def test_a_border_belongs_to_normal_and_an_unknown_value_has_no_position() -> None:
    normal = Baseline(30, Stage.ESTABLISHED, 4.0, 0.25, 0.25)
    at = [normal.position(value, 1.0) for value in (3.74, 3.75, 4.25, 4.26)]
    assert at == [LOW, NORMAL, NORMAL, HIGH]
    assert normal.position(None, 1.0) is None


@pytest.mark.parametrize(
    ("n", "mean_known", "cv_known"),
    [(0, False, False), (2, False, False), (3, True, False), (4, True, True), (7, True, True)],
)
def test_a_week_needs_3_values_for_its_mean_and_4_for_its_variation(n, mean_known, cv_known):
    seven = week([4.0, 4.1, 3.9, 4.2, 4.0, 4.1, 3.8][:n])
    assert (seven.l7_ln_rmssd is not None, seven.cv7_pct is not None) == (mean_known, cv_known)


def test_kiviniemi_needs_ten_days() -> None:
    assert kiviniemi_limit([4.0] * 9) is None


def test_a_baseline_of_unequal_lists_is_refused() -> None:
    with pytest.raises(ValueError, match="3 values of lnRMSSD but 2"):
        baseline([4.0, 4.0, 4.0], [50.0, 50.0])


@pytest.mark.parametrize(
    ("sds", "expected_pct"),
    # [C] SCIENCE 5.2: a stable athlete is below the day band on 16 % of days; calm: 6.7 %.
    [(1.0, 16.0), (1.5, 6.7)],
)
def test_false_alarms_of_a_stable_athlete(sds: float, expected_pct: float) -> None:
    ln = np.random.default_rng(7).normal(4.0, 0.2, (8000, 61))
    low = sum(
        baseline(before[:60], [50.0] * 60).position(float(before[60]), sds) is LOW for before in ln
    )
    assert 100.0 * low / len(ln) == pytest.approx(expected_pct, abs=1.2)


finite_ln = st.floats(math.log(3.0), math.log(250.0))


@given(st.lists(st.tuples(finite_ln, st.floats(25, 120)), max_size=60), finite_ln)
def test_every_history_gives_finite_numbers(days, today) -> None:
    normal = baseline([ln for ln, _ in days], [hr for _, hr in days])
    seven = week([ln for ln, _ in days[-7:]])
    known = [
        normal.mean_ln_rmssd, normal.sd_ln_rmssd, normal.spread_ln_rmssd, normal.mean_hr_bpm,
        normal.sd_hr_bpm, normal.median_hr_bpm, seven.l7_ln_rmssd, seven.cv7_pct,
    ]  # fmt: skip
    assert all(math.isfinite(value) for value in known if value is not None)
    assert (normal.position(today, 1.0) is None) == (len(days) < 7)
