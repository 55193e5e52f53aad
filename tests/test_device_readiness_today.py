"""From the stored mornings to the day's verdict; the rules that others got wrong."""

from dataclasses import asdict, replace
from datetime import UTC, date, datetime, timedelta, timezone
from math import exp, log
from zoneinfo import ZoneInfo

import pytest

from device.athlete import Athlete
from device.history import SessionStart
from device.morning_history import keep, keep_all, mornings
from device.morning_protocol import protocol
from device.morning_record import Answers, StoredMorning
from device.morning_schedule import on_schedule
from device.readiness_today import (
    ceiling,
    flags,
    irregular,
    readiness,
    readiness_from,
    told_as_json,
)
from device.store import Store
from hrv.baseline import Position, Stage
from hrv.decision import Symptoms, Verdict
from hrv.readiness import assess
from hrv.wellness import Wellness

NOW = datetime(2026, 3, 1, 6, 0, tzinfo=UTC)
TODAY = date(2026, 3, 1)
KEY = protocol().key()
# SCIENCE.md, worked example A: 28 mornings, then a week; its numbers are computed there.
RMSSD_A = [
    *(58, 62, 55, 60, 66, 49, 57, 63, 61, 54, 59, 68, 52, 60),
    *(56, 64, 58, 50, 62, 61, 57, 65, 53, 59, 60, 55, 63, 58),
]
HR_A = [
    *(52, 51, 53, 52, 50, 54, 52, 51, 52, 53, 51, 50, 53, 52),
    *(52, 51, 54, 53, 51, 52, 52, 50, 53, 52, 51, 52, 53, 52),
]


def one(day: date = TODAY, rmssd_ms: float | None = 60.0, hr_bpm: float | None = 52.0, **said):
    """A morning as stored."""
    usual = {
        "athlete": "Anna",
        "day": day,
        "taken": None,
        "protocol": KEY,
        "protocol_name": "standard",
        "posture": "seated",
        "method_version": "1",
        "outcome": "accepted",
        "rmssd_ms": rmssd_ms,
        "hr_bpm": hr_bpm,
    }
    return StoredMorning(**{**usual, **said})


def past(rmssd_ms=tuple(RMSSD_A), hr_bpm=tuple(HR_A), *, until=TODAY, **said):
    """One morning a day, the last of them yesterday."""
    first = until - timedelta(days=len(rmssd_ms))
    return [
        one(first + timedelta(days=i), float(ms), float(bpm), **said)
        for i, (ms, bpm) in enumerate(zip(rmssd_ms, hr_bpm, strict=True))
    ]


@pytest.fixture
def store(tmp_path):
    with Store.open(tmp_path / "beatwise.db", now=NOW) as opened:
        yield opened


def test_the_baseline_of_the_worked_example_is_that_of_the_specification(store):
    keep_all(store, [*past(), one(rmssd_ms=46.0, hr_bpm=52.0)])
    told = readiness(store, "Anna", TODAY)
    assert told.baseline.n == 28
    assert told.baseline.stage is Stage.ESTABLISHED
    assert told.baseline.mean_ln_rmssd == pytest.approx(4.07017, abs=1e-5)
    assert told.baseline.sd_ln_rmssd == pytest.approx(0.08092, abs=1e-5)
    assert told.baseline.spread_ln_rmssd == 0.10
    assert told.day_band_ms == pytest.approx((52.99, 64.73), abs=0.01)
    assert told.decision.rule == "R10"
    assert told.decision.verdict is Verdict.AMBER


def test_today_is_never_inside_its_own_baseline(store):
    keep_all(store, past())
    without = readiness(store, "Anna", TODAY).baseline
    for rmssd_ms in (20.0, 60.0, 200.0):
        keep(store, one(rmssd_ms=rmssd_ms))
        assert readiness(store, "Anna", TODAY).baseline == without
    assert readiness(store, "Anna", TODAY + timedelta(days=1)).baseline.n == without.n + 1


def test_a_tiny_spread_never_explodes_a_score(store):
    keep_all(store, past([60.0] * 30, [52.0] * 30))
    keep(store, one(rmssd_ms=60.0 * exp(-0.09)))
    told = readiness(store, "Anna", TODAY)
    assert told.baseline.sd_ln_rmssd == pytest.approx(0.0, abs=1e-12)
    assert told.baseline.spread_ln_rmssd == 0.10
    assert told.signals.day is Position.NORMAL
    assert told.decision.verdict is Verdict.GREEN
    young = readiness_from([*past([60.0] * 7, [52.0] * 7), one(rmssd_ms=60.0 * exp(-0.14))], TODAY)
    assert (young.baseline.spread_ln_rmssd, young.signals.day) == (0.15, Position.NORMAL)


@pytest.mark.parametrize(
    "other",
    [
        protocol("quick").key(),
        protocol("standard", "supine").key(),
        protocol(paced=True).key(),
        protocol().key("imported"),
        protocol().key(method_version="2"),
    ],
    ids=["length", "posture", "breathing", "strap class", "method version"],
)
def test_one_baseline_for_each_way_of_taking_it(store, other):
    keep_all(store, [*past(), one(protocol=other, rmssd_ms=20.0)])
    told = readiness(store, "Anna", TODAY)
    assert told.test.protocol == other
    assert (told.baseline.n, told.baseline.stage) == (0, Stage.LEARNING)
    assert told.decision.rule == "R4"
    keep(store, one(TODAY + timedelta(days=1)))
    assert readiness(store, "Anna", TODAY + timedelta(days=1)).baseline.n == 28


def test_the_first_valid_test_of_the_day_counts_and_a_better_one_does_not_replace_it(store):
    keep_all(store, past())
    refused = one(rmssd_ms=None, hr_bpm=None, outcome="refused", problem="artefacts 14 %")
    keep(store, refused)
    assert readiness(store, "Anna", TODAY).decision.rule == "R3"
    keep(store, one(rmssd_ms=46.0))
    keep(store, one(rmssd_ms=60.0))
    assert readiness(store, "Anna", TODAY).test.rmssd_ms == 46.0
    tomorrow = TODAY + timedelta(days=1)
    assert readiness(store, "Anna", tomorrow).week.n == 6, "six days and a tomorrow not measured"
    expected = assess(
        tomorrow.toordinal(), [m.comparable for m in [*past(), one(rmssd_ms=46.0)]]
    ).baseline
    assert readiness(store, "Anna", tomorrow).baseline == expected


def test_a_refused_test_is_kept_and_never_becomes_a_number(store):
    keep_all(store, past())
    before = readiness(store, "Anna", TODAY + timedelta(days=1)).baseline
    keep(
        store,
        one(rmssd_ms=None, hr_bpm=None, outcome="refused", problem="no skin contact for 8 s"),
    )
    told = readiness(store, "Anna", TODAY)
    assert told.decision.verdict is Verdict.GREY
    assert "no skin contact for 8 s" in told.decision.reason
    assert readiness(store, "Anna", TODAY + timedelta(days=1)).baseline == before
    assert mornings(store, "Anna")[-1].outcome == "refused"


def test_a_test_just_after_midnight_does_not_take_the_place_of_the_mornings(store):
    keep_all(store, past())
    zone = ZoneInfo("Europe/Rome")
    midnight = datetime(2026, 3, 1, 0, 10, tzinfo=zone)
    kept = mornings(store, "Anna")
    night = one(
        TODAY, 40.0, taken=midnight, on_schedule=on_schedule(midnight, midnight.date(), kept)
    )
    assert midnight.date() == TODAY, "it belongs to the day that has begun"
    assert midnight.astimezone(UTC).date() == TODAY - timedelta(days=1)
    assert not night.on_schedule
    keep(store, night)
    alone = readiness(store, "Anna", TODAY)
    assert alone.test.rmssd_ms == 40.0
    assert any("not at your usual time" in said for said in flags(alone))
    keep(store, one(TODAY, 60.0, taken=midnight.replace(hour=7)))
    assert readiness(store, "Anna", TODAY).test.rmssd_ms == 60.0
    tomorrow = readiness(store, "Anna", TODAY + timedelta(days=1))
    assert tomorrow.baseline.n == 29


@pytest.mark.parametrize(
    ("last_sunday", "hours"), [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25)]
)
def test_a_day_of_23_or_25_hours_is_one_day(store, last_sunday, hours):
    zone = ZoneInfo("Europe/Rome")
    taken = [
        datetime(day.year, day.month, day.day, 6, 30, tzinfo=zone)
        for day in (last_sunday + timedelta(days=i) for i in range(-8, 2))
    ]
    utc = [moment.astimezone(UTC) for moment in taken]
    assert utc[8] - utc[7] == timedelta(hours=hours)
    kept = []
    for moment in taken:
        assert on_schedule(moment, moment.date(), kept)
        kept.append(keep(store, one(moment.date(), taken=moment)))
    read = mornings(store, "Anna")
    assert [m.day for m in read] == [moment.date() for moment in taken]
    assert [m.taken.hour for m in read] == [6] * 10
    told = readiness(store, "Anna", last_sunday + timedelta(days=1))
    assert (told.baseline.n, told.week.n) == (9, 7)


def test_across_time_zones_the_morning_is_that_of_the_place(store):
    usual = [datetime(2026, 2, 20 + i, 6, 30, tzinfo=ZoneInfo("Europe/Rome")) for i in range(8)]
    kept = [keep(store, one(moment.date(), taken=moment)) for moment in usual]
    tokyo = datetime(2026, 2, 28, 6, 45, tzinfo=ZoneInfo("Asia/Tokyo"))
    assert tokyo.astimezone(UTC).date() == date(2026, 2, 27)
    assert on_schedule(tokyo, tokyo.date(), kept)
    keep(store, one(tokyo.date(), 61.0, taken=tokyo))
    # Eastwards over the date line and back: the 28th comes twice, the first of it counts.
    honolulu = datetime(2026, 2, 28, 6, 45, tzinfo=ZoneInfo("Pacific/Honolulu"))
    keep(store, one(honolulu.date(), 30.0, taken=honolulu))
    told = readiness(store, "Anna", date(2026, 2, 28))
    assert told.test.rmssd_ms == 61.0
    assert told.baseline.n == 8
    assert mornings(store, "Anna")[-1].taken.utcoffset() == timedelta(hours=-10)


@pytest.mark.parametrize(
    ("hour", "minute", "expected"),
    [(3, 59, False), (4, 0, True), (8, 30, True), (8, 31, False), (11, 0, False), (23, 0, False)],
)
def test_only_the_usual_hours_count(hour, minute, expected):
    kept = [
        one(TODAY - timedelta(days=i), taken=NOW.replace(hour=6, minute=30)) for i in range(1, 8)
    ]
    if hour == 4:
        kept = []
    assert on_schedule(NOW.replace(hour=hour, minute=minute), TODAY, kept) is expected


@pytest.mark.parametrize(
    ("hour", "minute", "expected"), [(3, 59, False), (4, 0, True), (11, 0, True), (11, 1, False)]
)
def test_before_there_is_a_usual_time_the_morning_lasts_from_four_to_eleven(hour, minute, expected):
    assert on_schedule(NOW.replace(hour=hour, minute=minute), TODAY, []) is expected


def test_who_begins_to_rise_later_is_not_left_out_for_ever():
    kept = [one(TODAY - timedelta(days=i), taken=NOW.replace(hour=5)) for i in range(10, 16)]
    late = NOW.replace(hour=8)
    assert not on_schedule(late, TODAY, kept)
    kept += [one(TODAY - timedelta(days=i), taken=late, on_schedule=False) for i in range(1, 8)]
    assert on_schedule(late, TODAY, kept)


def test_off_schedule_is_judged_and_stays_out_of_every_baseline(store):
    keep_all(store, past())
    keep(store, one(rmssd_ms=46.0, on_schedule=False))
    assert readiness(store, "Anna", TODAY).decision.rule == "R10"
    assert readiness(store, "Anna", TODAY + timedelta(days=1)).baseline.n == 28


def test_an_abnormally_high_value_is_flagged_and_not_rewarded(store):
    athlete = Athlete("Anna", vt1_bpm=148.0)
    keep_all(store, past())
    normal = readiness_from([*past(), one()], TODAY)
    high = readiness_from([*past(), one(rmssd_ms=120.0)], TODAY)
    assert flags(normal) == ()
    assert "far above your range" in flags(high)[0]
    assert ceiling(high, athlete) == ceiling(normal, athlete)
    assert high.decision.verdict is Verdict.GREEN
    tired = Answers(feeling=Wellness(1, 3, 3, 3, 3))
    assert (
        readiness_from([*past(), one(rmssd_ms=120.0, answers=tired)], TODAY).decision.verdict
        is Verdict.AMBER
    )
    absurd = readiness_from([*past(), one(rmssd_ms=251.0)], TODAY)
    assert absurd.decision.verdict is Verdict.GREY
    assert "please repeat" in absurd.decision.reason


def test_imported_days_are_marked_and_keep_to_themselves(store):
    foreign = past(
        protocol="hrv4training imported 1", strap="imported", imported_from="HRV4Training"
    )
    keep_all(store, foreign)
    assert {m.imported_from for m in mornings(store, "Anna")} == {"HRV4Training"}
    own = one()
    keep_all(
        store, [one(rmssd_ms=30.0, protocol="hrv4training imported 1", imported_from="x"), own]
    )
    told = readiness(store, "Anna", TODAY)
    assert told.test.protocol == KEY, "a test taken here comes before an imported one"
    assert told.baseline.n == 0
    yesterday = readiness(store, "Anna", TODAY - timedelta(days=1))
    assert yesterday.baseline.n == 27


def test_a_day_with_symptoms_stays_out_of_the_baseline_with_all_its_tests(store):
    keep_all(store, past())
    ill = Answers(symptoms=Symptoms.HEAD_COLD)
    keep(store, one(rmssd_ms=60.0))
    keep(store, one(rmssd_ms=61.0, answers=ill))
    assert readiness(store, "Anna", TODAY).decision.rule == "R2"
    assert readiness(store, "Anna", TODAY + timedelta(days=1)).baseline.n == 28
    keep(store, one(answers=Answers(symptoms=Symptoms.SYSTEMIC)))
    assert readiness(store, "Anna", TODAY).decision.rule == "R1"


def test_unanswered_is_unknown_and_not_average(store):
    keep_all(store, [*past(), one()])
    assert readiness(store, "Anna", TODAY).signals.wellness_low is None
    keep(store, one(answers=Answers(feeling=Wellness(1, 5, 5, 5, 5))))
    told = readiness(store, "Anna", TODAY)
    assert told.signals.wellness_low is True
    assert told.decision.rule == "R13"


@pytest.mark.parametrize(
    ("said", "low", "rule"),
    [
        (Wellness(sleep=1), True, "R13"),
        (Wellness(4, 4, 4, 4), None, "R16"),
        (Wellness(2, 2, 2, 2), None, "R16"),
    ],
)
def test_of_answers_in_part_a_one_is_low_and_for_all_else_the_five_are_needed(
    store, said, low, rule
):
    keep_all(store, [*past(), one(answers=Answers(feeling=said))])
    assert mornings(store, "Anna")[-1].answers.feeling == said, "nothing of it is lost"
    told = readiness(store, "Anna", TODAY)
    assert (told.signals.wellness_low, told.decision.rule) == (low, rule)
    as_json = told_as_json(told, Athlete("Anna"))
    assert as_json["feeling"] == asdict(said)
    assert as_json["wellness_low"] is low
    unknown = "your own rating: not all of it answered"
    assert (unknown in told.inputs) == (low is None)


def test_what_is_answered_in_part_is_completed_by_another_attempt(store):
    keep_all(store, [*past(), one(answers=Answers(feeling=Wellness(2, 2, 2, 2)))])
    keep(store, one(answers=Answers(feeling=Wellness(mood=2, sleep=3))))
    told = readiness(store, "Anna", TODAY)
    assert told.feeling == Wellness(2, 3, 2, 2, 2)
    assert told.signals.wellness_low is True


def test_days_answered_in_part_are_not_in_the_own_mean_of_feelings(store):
    part = Answers(feeling=Wellness(5, 5, 5, 5))
    keep_all(store, past([60.0] * 20, [52.0] * 20, answers=part))
    keep(store, one(answers=Answers(feeling=Wellness(3, 3, 3, 3, 3))))
    assert readiness(store, "Anna", TODAY).signals.wellness_low is False


def test_the_own_mean_of_feelings_is_that_of_earlier_days(store):
    good = Answers(feeling=Wellness(5, 5, 5, 5, 5))
    worse = Answers(feeling=Wellness(4, 4, 4, 4, 4))
    keep_all(store, past([60.0] * 20, [52.0] * 20, answers=good))
    keep(store, one(answers=worse))
    assert readiness(store, "Anna", TODAY).signals.wellness_low is True


def test_the_third_suppressed_day_in_a_row_is_red_however_one_asks(store):
    low = [exp(log(58.57) - 0.3)] * 3
    week = past(until=TODAY - timedelta(days=6))
    bad = past([46.0] * 6, [52.0] * 6)
    keep_all(store, [*week, *bad, one(rmssd_ms=low[0])])
    told = readiness(store, "Anna", TODAY)
    assert told.signals.yesterday in (Verdict.AMBER, Verdict.RED)
    assert told.decision.rule == "R7"
    assert told.decision.verdict is Verdict.RED
    assert readiness_from(mornings(store, "Anna"), TODAY) == told


def test_every_screen_gets_the_same_from_the_store_as_from_the_list(store):
    kept = keep_all(store, [*past(), one(rmssd_ms=46.0, hr_bpm=55.0)])
    for days_ago in range(20):
        day = TODAY - timedelta(days=days_ago)
        assert readiness(store, "Anna", day) == readiness_from(kept, day)


def test_other_athletes_and_kiosk_sessions_change_nothing(store):
    keep_all(store, [*past(), one()])
    before = readiness(store, "Anna", TODAY)
    keep_all(store, past([20.0] * 28, [90.0] * 28, athlete="Ben"))
    writer = store.begin(
        SessionStart(
            athlete="Anna", purpose="kiosk", source="sim", beatwise_version="0", method_version="1"
        )
    )
    writer.finish("finished", ended_s=60.0, summary={"rmssd_ms": 10.0})
    store.commit()
    assert readiness(store, "Anna", TODAY) == before


@pytest.mark.parametrize(
    ("rmssd_ms", "hr_bpm", "verdict", "expected"),
    [(60.0, 52.0, "GREEN", 148.0), (46.0, 52.0, "AMBER", 148.0), (46.0, 60.0, "RED", None)],
)
def test_the_ceiling_is_in_the_athletes_own_beats(rmssd_ms, hr_bpm, verdict, expected):
    told = readiness_from([*past(), one(rmssd_ms=rmssd_ms, hr_bpm=hr_bpm)], TODAY)
    as_json = told_as_json(told, Athlete("Anna", vt1_bpm=148.0))
    assert (as_json["verdict"], as_json["ceiling_bpm"]) == (verdict, expected)
    assert told_as_json(told, Athlete("Anna"))["ceiling_bpm"] is None


def test_without_any_morning_there_is_no_verdict(store):
    told = readiness(store, "Anna", TODAY)
    assert (told.decision.rule, told.decision.verdict) == ("R3", Verdict.GREY)
    assert told.baseline.n == 0


def test_many_irregular_beats_on_three_days_are_worth_showing_to_a_clinician():
    beats = {"ectopic_pct": 14.0, "contact_lost_s": 0.0}
    days = [one(TODAY - timedelta(days=i), detail=beats) for i in (0, 0, 1, 1, 2, 2)]
    assert "clinician" in irregular(days)
    assert irregular(days[:5]) is None
    assert irregular([replace(d, detail={**beats, "contact_lost_s": 4.0}) for d in days]) is None


def test_a_morning_comes_back_as_it_was_kept(store):
    full = one(
        taken=datetime(2026, 3, 1, 6, 5, 4, tzinfo=timezone(timedelta(hours=5, minutes=45))),
        answers=Answers(
            feeling=Wellness(4, 3, 4, 4, 5),
            symptoms=Symptoms.HEAD_COLD,
            tags=("alcohol", "late meal", "füße"),
            note="slept “badly”; 'quotes'",
        ),
        on_schedule=False,
        imported_from="a file.csv",
        session_id=7,
        choice="easier",
        rule="R2",
        verdict=Verdict.AMBER,
        detail={"reasons": ["x"], "gaps": 0},
        confidence="reduced",
        artefact_pct=3.5,
    )
    kept = keep(store, full)
    assert kept.id is not None
    assert mornings(store, "Anna") == [kept]
    assert replace(kept, id=None) == full
