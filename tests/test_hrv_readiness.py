import math
from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hrv.baseline import Position, Stage
from hrv.decision import Symptoms, Verdict
from hrv.morning_test import MorningTest
from hrv.readiness import assess
from hrv.wellness import Wellness

TODAY = 740_000
FINE = Wellness(4, 4, 4, 4, 4)
POOR = Wellness(2, 2, 2, 2, 2)

# SCIENCE 5.2, worked example A [C].
RMSSD_A = [
    58, 62, 55, 60, 66, 49, 57, 63, 61, 54, 59, 68, 52, 60, 56, 64, 58, 50, 62, 61, 57, 65, 53,
    59, 60, 55, 63, 58,
]  # fmt: skip
HR_A = [
    52, 51, 53, 52, 50, 54, 52, 51, 52, 53, 51, 50, 53, 52, 52, 51, 54, 53, 51, 52, 52, 50, 53,
    52, 51, 52, 53, 52,
]  # fmt: skip
WEEK_A = {-6: 57, -4: 52, -3: 49, -1: 51, 0: 46}


def history(n: int = 28, until: int = TODAY - 7) -> list[MorningTest]:
    """The last n mornings of example A, ending on day ``until``."""
    days = range(until - n + 1, until + 1)
    rows = zip(days, RMSSD_A[-n:], HR_A[-n:], strict=True)
    return [MorningTest(day, rmssd, hr) for day, rmssd, hr in rows]


def example_a(hr_today_bpm: float) -> list[MorningTest]:
    """The 28 mornings, then the week of the example with its two missing days."""
    week = [
        MorningTest(TODAY + day, rmssd, hr_today_bpm if day == 0 else 52.0)
        for day, rmssd in WEEK_A.items()
    ]
    return history() + week


@pytest.mark.parametrize(
    ("hr_bpm", "rule", "verdict"),
    [(55.0, "R6", Verdict.RED), (52.0, "R8", Verdict.AMBER)],  # [C] worked A: W ok
)
def test_worked_example_a_from_history_to_verdict(hr_bpm, rule, verdict) -> None:
    readiness = assess(TODAY, example_a(hr_bpm), feeling=FINE)
    # The week lies inside d-60 to d-1 too, so the baseline holds 28 + 4 mornings here.
    assert (readiness.baseline.n, readiness.baseline.stage) == (32, Stage.ESTABLISHED)
    assert readiness.week.l7_ln_rmssd == pytest.approx(3.92932, abs=5e-6)  # [C]
    assert readiness.week.cv7_pct == pytest.approx(2.011, abs=5e-4)  # [C]
    assert (readiness.signals.day, readiness.signals.trend) == (Position.LOW, Position.LOW)
    assert (readiness.decision.rule, readiness.decision.verdict) == (rule, verdict)


def test_the_day_itself_is_never_in_its_baseline() -> None:
    for rmssd_ms in (5.0, 46.0, 240.0):
        readiness = assess(TODAY, [*history(), MorningTest(TODAY, rmssd_ms, 52.0)])
        assert readiness.baseline == assess(TODAY, history()).baseline


@pytest.mark.parametrize(
    ("day", "in_baseline", "in_week"),
    [(-61, 0, 0), (-60, 1, 0), (-7, 1, 0), (-6, 1, 1), (-1, 1, 1), (0, 0, 1), (1, 0, 0)],
)
def test_the_windows_of_baseline_and_week(day: int, in_baseline: int, in_week: int) -> None:
    readiness = assess(TODAY, [MorningTest(TODAY + day, 60.0, 52.0)])
    assert (readiness.baseline.n, readiness.week.n) == (in_baseline, in_week)


@pytest.mark.parametrize(
    "outside",
    [
        MorningTest(TODAY - 3, 60.0, 52.0, ill=True),
        MorningTest(TODAY - 3, 60.0, 52.0, on_schedule=False),
        MorningTest(TODAY - 3, 60.0, 52.0, problem="moved"),
        MorningTest(TODAY - 3, 60.0, 52.0, protocol="standing"),
        MorningTest(TODAY - 3, 2.9, 52.0),
        MorningTest(TODAY - 3, 251.0, 52.0),
        MorningTest(TODAY - 3, 60.0, 121.0),
        MorningTest(TODAY - 3, 60.0, 24.0),
        MorningTest(TODAY - 3, math.nan, 52.0),
        MorningTest(TODAY - 3, None, 52.0),
        MorningTest(TODAY - 3, 60.0, None),
    ],
    ids=str,
)
def test_what_never_enters_a_baseline(outside: MorningTest) -> None:
    today = MorningTest(TODAY, 60.0, 52.0)
    with_it = assess(TODAY, [*history(), outside, today])
    assert with_it == assess(TODAY, [*history(), today])


def test_the_first_usable_test_of_a_day_counts() -> None:
    moved = MorningTest(TODAY, 90.0, 52.0, problem="moved")
    first, second = MorningTest(TODAY, 60.0, 52.0), MorningTest(TODAY, 20.0, 70.0)
    assert assess(TODAY, [*history(), moved, first, second]).test == first
    assert assess(TODAY, [*history(), moved]).test == moved


@pytest.mark.parametrize(
    ("today", "says"),
    [
        ([], "no test was taken"),
        ([MorningTest(TODAY, 60.0, 52.0, problem="contact lost for 7 s")], "contact lost for 7 s"),
        ([MorningTest(TODAY, 300.0, 52.0)], "RMSSD 300.0 is outside 3 to 250 ms"),
        ([MorningTest(TODAY, 60.0, 150.0)], "heart rate 150.0 is outside 25 to 120 bpm"),
        ([MorningTest(TODAY, None, None)], "could not be computed"),
    ],
)
def test_no_usable_test_is_r3_and_says_why(today: list[MorningTest], says: str) -> None:
    grey = assess(TODAY, [*history(), *today], feeling=FINE)
    assert (grey.decision.rule, grey.decision.verdict) == ("R3", Verdict.GREY)
    assert says in grey.decision.reason
    assert assess(TODAY, [*history(), *today], feeling=POOR).decision.verdict is Verdict.AMBER


@pytest.mark.parametrize(
    ("n", "rule"), [(0, "R4"), (6, "R4"), (7, "R10"), (20, "R10"), (21, "R10")]
)
def test_a_low_day_speaks_from_seven_mornings_on(n: int, rule: str) -> None:
    tests = history(n) if n else []
    readiness = assess(TODAY, [*tests, MorningTest(TODAY, 30.0, 52.0)])
    assert readiness.decision.rule == rule
    if rule == "R4":
        assert readiness.decision.reason.startswith(f"{n} of 7 mornings")


@pytest.mark.parametrize(
    ("previous_day", "hr_level"),
    [(-1, 2), (-2, 2), (-3, 1)],  # [P]/[V] SCIENCE 5.1: median + 4 on two tests <= 2 days apart
)
def test_two_high_mornings_in_a_row_count_as_clearly_up(previous_day: int, hr_level: int) -> None:
    tests = [
        *history(),
        MorningTest(TODAY + previous_day, 58.0, 56.5),
        MorningTest(TODAY, 58.0, 56.5),
    ]
    assert assess(TODAY, tests).signals.hr_level == hr_level


def test_the_third_suppressed_day_in_a_row_is_red() -> None:
    tests = example_a(52.0)
    before = {TODAY - 1: Verdict.AMBER, TODAY - 2: Verdict.AMBER}
    assert assess(TODAY, tests, verdicts=before).decision.rule == "R7"
    missed = {TODAY - 1: Verdict.AMBER, TODAY - 3: Verdict.AMBER}
    assert assess(TODAY, tests, verdicts=missed).decision.rule == "R8"


def test_the_calm_preset_widens_only_the_day_band() -> None:
    tests = [*history(), MorningTest(TODAY, 52.0, 52.0)]
    usual, calm = assess(TODAY, tests), assess(TODAY, tests, day_band_sds=1.5)
    assert (usual.decision.rule, calm.decision.rule) == ("R10", "R16")
    assert usual.trend_band_ms == calm.trend_band_ms


def test_a_test_off_schedule_is_judged_but_stays_out_of_the_week() -> None:
    late = MorningTest(TODAY, 30.0, 52.0, on_schedule=False)
    readiness = assess(TODAY, [*history(), late])
    assert readiness.decision.rule == "R10"
    assert readiness.week.n == 0


def test_only_28_days_of_feelings_are_compared() -> None:
    tests = [*history(), MorningTest(TODAY, 58.0, 52.0)]
    feeling = Wellness(3, 3, 3, 3, 3)
    recent = {TODAY - day: 20 for day in range(1, 15)}
    old = {TODAY - day: 20 for day in range(29, 60)}
    assert assess(TODAY, tests, feeling=feeling, earlier_feelings=recent).decision.rule == "R13"
    assert assess(TODAY, tests, feeling=feeling, earlier_feelings=old).decision.rule == "R16"


def test_the_inputs_are_told_in_plain_words() -> None:
    readiness = assess(TODAY, example_a(55.0), feeling=FINE, symptoms=Symptoms.HEAD_COLD)
    told = "; ".join(readiness.inputs)
    for words in (
        "RMSSD today 46.0 ms, your range",
        "resting heart rate 55.0 bpm, usually 5",
        "7-day mean 50.9 ms",
        "established from 32 mornings",
        "not poor",
        "head cold",
    ):
        assert words in told
    learning = assess(TODAY, [MorningTest(TODAY, 46.0, 55.0)])
    assert "range" not in "; ".join(learning.inputs)
    assert "too few mornings this week for a 7-day mean: 1" in learning.inputs


def test_a_stable_athlete_is_alarmed_as_often_as_we_say() -> None:
    # [C] SCIENCE 5.2: AMBER on 20 %, RED on 1 % of days, from a full window of 60.
    rng = np.random.default_rng(3)
    counts: Counter[Verdict] = Counter()
    for _ in range(20):
        ln, hr = rng.normal(4.0, 0.2, 160), rng.normal(52.0, 2.0, 160)
        tests = [MorningTest(day, math.exp(ln[day]), hr[day]) for day in range(160)]
        verdicts: dict[int, Verdict] = {}
        for day in range(60, 160):
            verdict = assess(day, tests[day - 60 : day + 1], verdicts=verdicts).decision.verdict
            verdicts[day] = verdict
            counts[verdict] += 1
    assert 100 * counts[Verdict.AMBER] / 2000 == pytest.approx(20, abs=2.5)
    assert 100 * counts[Verdict.RED] / 2000 == pytest.approx(1.0, abs=1.0)


a_test = st.builds(
    MorningTest,
    day=st.integers(TODAY - 70, TODAY + 1),
    rmssd_ms=st.none() | st.floats() | st.floats(3, 250),
    hr_bpm=st.none() | st.floats() | st.floats(25, 120),
    protocol=st.sampled_from(["", "standing"]),
    problem=st.none() | st.just("moved"),
    on_schedule=st.booleans(),
    ill=st.booleans(),
)


@given(st.lists(a_test, max_size=80), st.sampled_from(Symptoms), st.sampled_from([None, FINE]))
def test_any_history_gives_a_verdict_with_a_reason(tests, symptoms, feeling) -> None:
    readiness = assess(TODAY, tests, symptoms=symptoms, feeling=feeling)
    assert readiness.decision.reason
    assert all("nan" not in line and "inf" not in line for line in readiness.inputs)
    for band in (readiness.day_band_ms, readiness.trend_band_ms):
        assert band is None or 0 < band[0] < band[1] < math.inf
