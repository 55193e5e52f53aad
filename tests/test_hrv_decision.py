from collections import Counter
from itertools import product

import pytest

from hrv.baseline import Position, Stage
from hrv.decision import RULES, Signals, Symptoms, Verdict, decide

L, N, H = Position.LOW, Position.NORMAL, Position.HIGH
GREEN, AMBER, RED, GREY = Verdict.GREEN, Verdict.AMBER, Verdict.RED, Verdict.GREY

CASES_108 = [
    Signals(day=day, trend=trend, hr_level=hr_level, wellness_low=low)
    for day, trend, hr_level, low in product(
        (L, N, H), (L, N, H, None), (0, 1, 2), (True, False, None)
    )
]


def test_the_108_cases_are_24_red_60_amber_24_green() -> None:
    # [C] SCIENCE 5.2, exhaustive check.
    counts = Counter(decide(case).verdict for case in CASES_108)
    assert counts == {RED: 24, AMBER: 60, GREEN: 24}


def test_the_108_cases_fall_to_each_rule_as_often_as_counted_by_hand() -> None:
    # Counted on paper from the conditions of SCIENCE 5.2, e.g. R5: D=L 4x3, otherwise 2x4x1.
    counts = Counter(decide(case).rule for case in CASES_108)
    assert counts == {
        "R5": 20, "R6": 4, "R8": 2, "R9": 16, "R10": 18, "R11": 12, "R12": 6, "R13": 6,
        "R14": 16, "R15": 4, "R16": 4,
    }  # fmt: skip


@pytest.mark.parametrize("case", CASES_108, ids=str)
def test_every_case_agrees_with_the_table_written_as_plain_conditions(case: Signals) -> None:
    # The table of SCIENCE 5.2 again, as a person would speak it, without order of rows.
    low_day, low_week = case.day is L, case.trend is L
    up, poor = case.hr_level, bool(case.wellness_low)
    red = (up == 2 and (low_day or poor)) or (low_day and low_week and (up >= 1 or poor))
    easy = low_day or low_week or up == 2 or poor
    assert decide(case).verdict is (RED if red else AMBER if easy else GREEN)


def test_symptoms_come_before_everything() -> None:
    for case in CASES_108:
        ill = Signals(
            case.day, case.trend, case.hr_level, case.wellness_low, Symptoms.SYSTEMIC, "moved"
        )
        assert (decide(ill).rule, decide(ill).verdict) == ("R1", RED)
        cold = Signals(case.day, case.trend, case.hr_level, case.wellness_low, Symptoms.HEAD_COLD)
        worse = case.day is L or case.hr_level == 2
        assert (decide(cold).rule, decide(cold).verdict) == ("R2", RED if worse else AMBER)


@pytest.mark.parametrize(
    ("signals", "rule", "verdict"),
    [
        (Signals(problem="contact lost"), "R3", GREY),
        (Signals(problem="contact lost", wellness_low=False), "R3", GREY),
        (Signals(problem="contact lost", wellness_low=True), "R3", AMBER),
        (Signals(problem="contact lost", stage=Stage.LEARNING), "R3", GREY),
        (Signals(stage=Stage.LEARNING, n=3), "R4", GREY),
        (Signals(stage=Stage.LEARNING, n=3, wellness_low=True), "R4", AMBER),
        (Signals(symptoms=Symptoms.HEAD_COLD, stage=Stage.LEARNING), "R2", AMBER),
        (Signals(L, L, yesterday=AMBER, day_before=RED), "R7", RED),
        (Signals(L, L, yesterday=RED, day_before=AMBER), "R7", RED),
        (Signals(L, L, yesterday=AMBER, day_before=GREEN), "R8", AMBER),
        (Signals(L, L, yesterday=GREY, day_before=AMBER), "R8", AMBER),
        (Signals(L, L, yesterday=AMBER), "R8", AMBER),
        (Signals(N, N, yesterday=RED, day_before=RED), "R16", GREEN),
    ],
)
def test_the_rows_beyond_the_108(signals: Signals, rule: str, verdict: Verdict) -> None:
    decision = decide(signals)
    assert (decision.rule, decision.verdict) == (rule, verdict)


@pytest.mark.parametrize(
    ("signals", "rule"),
    [
        (Signals(L, L, hr_level=1), "R6"),
        (Signals(L, L, yesterday=RED, day_before=RED), "R7"),
    ],
)
def test_a_provisional_baseline_softens_r6_and_r7_and_says_so(signals: Signals, rule: str) -> None:
    provisional = Signals(
        signals.day,
        signals.trend,
        signals.hr_level,
        stage=Stage.PROVISIONAL,
        yesterday=signals.yesterday,
        day_before=signals.day_before,
    )
    assert (decide(signals).rule, decide(signals).verdict) == (rule, RED)
    softened = decide(provisional)
    assert (softened.rule, softened.verdict) == (rule, AMBER)
    assert "provisional" in softened.reason


def test_r5_stays_red_while_provisional() -> None:
    assert decide(Signals(L, N, hr_level=2, stage=Stage.PROVISIONAL)).verdict is RED


def test_every_reason_is_a_sentence_with_its_numbers_filled_in() -> None:
    assert [rule.name for rule in RULES] == [f"R{i}" for i in range(1, 17)]
    said = decide(Signals(problem="contact lost for 7 s"))
    assert said.reason == "No usable reading today: contact lost for 7 s."
    assert decide(Signals(stage=Stage.LEARNING, n=3)).reason.startswith("3 of 7 mornings")
    for case in CASES_108:
        reason = decide(case).reason
        assert reason[0].isupper()
        assert reason.endswith(".")
        assert "{" not in reason


def test_a_problem_with_braces_in_it_is_quoted_as_it_is() -> None:
    assert "{n}" in decide(Signals(problem="odd {n}")).reason


def test_every_verdict_says_what_it_means_for_today() -> None:
    assert len({verdict.advice for verdict in Verdict}) == 4
