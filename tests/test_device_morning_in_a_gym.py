"""A test taken in a gym's corner: judged among such tests, and never in the mornings' baseline."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from test_device_readiness_today import KEY, NOW, TODAY, one, past

from device.athlete import Athlete
from device.morning_history import keep_all, mornings, usual_protocol
from device.morning_protocol import IN_THE_GYM, protocol, protocol_of, taken_at
from device.morning_record import Answers, StoredMorning
from device.past_days import past_days
from device.readiness_today import flags, readiness
from device.store import Store
from device.this_morning import cap_of
from hrv.baseline import Stage
from hrv.decision import Symptoms, Verdict
from hrv.wellness import Wellness
from ui.personal_band import PersonalBand, Standing
from ui.terminal import BRAILLE

GYM_KEY = IN_THE_GYM.key()
QUICK_KEY = protocol("quick").key()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "beatwise.db", now=NOW) as opened:
        yield opened


def in_the_gym(day: date = TODAY, rmssd_ms: float = 20.0, **said: object) -> StoredMorning:
    return one(day, rmssd_ms, 80.0, protocol=GYM_KEY, protocol_name="quick", **said)


def test_its_key_is_that_of_no_morning() -> None:
    assert f"{QUICK_KEY} gym" == GYM_KEY
    assert (taken_at(GYM_KEY), taken_at(QUICK_KEY), taken_at(KEY)) == ("gym", "home", "home")
    assert protocol_of(GYM_KEY) is None
    assert protocol_of(QUICK_KEY) == protocol("quick")


@pytest.mark.parametrize("key", [KEY, QUICK_KEY])
def test_it_never_enters_the_baseline_of_the_mornings(store: Store, key: str) -> None:
    kept = [*past(protocol=key), one(rmssd_ms=59.0, protocol=key)]
    without = readiness(store, "Anna", TODAY, unsaved=kept)
    gym = [in_the_gym(TODAY - timedelta(days=n)) for n in range(40)]
    keep_all(store, sorted([*kept, *gym], key=lambda morning: morning.day))
    assert readiness(store, "Anna", TODAY) == without
    assert without.baseline.n == 28
    # Nor on a day without a test, whatever was taken last.
    tomorrow = TODAY + timedelta(days=1)
    keep_all(store, [in_the_gym(TODAY)])
    assert readiness(store, "Anna", tomorrow).baseline.n == 29
    assert usual_protocol(store, "Anna") == protocol_of(key)


def test_a_morning_of_the_same_day_counts_before_it_whichever_came_first(store: Store) -> None:
    keep_all(store, [*past(), in_the_gym(), one(rmssd_ms=59.0)])
    told = readiness(store, "Anna", TODAY)
    assert told.test is not None
    assert (told.test.rmssd_ms, told.decision.verdict) == (59.0, Verdict.GREEN)


def test_it_is_judged_among_such_tests(store: Store) -> None:
    earlier = [in_the_gym(TODAY - timedelta(days=n), 50.0 + n % 5) for n in range(25, 0, -1)]
    keep_all(store, [*past(), *earlier, in_the_gym(rmssd_ms=30.0)])
    told = readiness(store, "Anna", TODAY)
    assert (told.baseline.n, told.baseline.stage) == (25, Stage.ESTABLISHED)
    assert told.decision.verdict in (Verdict.AMBER, Verdict.RED)


def test_the_first_one_has_no_verdict_but_by_how_one_feels(store: Store) -> None:
    keep_all(store, [*past(), in_the_gym()])
    assert readiness(store, "Anna", TODAY).decision.verdict is Verdict.GREY
    poorly = Answers(feeling=Wellness(fatigue=1, sleep=1, soreness=1, stress=1, mood=1))
    keep_all(store, [in_the_gym(answers=poorly)])
    assert readiness(store, "Anna", TODAY).decision.verdict is Verdict.AMBER


def test_what_it_says_caps_the_day(store: Store) -> None:
    anna = Athlete("Anna", resting_bpm=50.0, max_bpm=190.0, lthr_bpm=170.0)
    keep_all(store, [in_the_gym(answers=Answers(symptoms=Symptoms.SYSTEMIC))])
    cap = cap_of(store, anna, TODAY)
    assert cap is not None
    assert cap.verdict == "RED"
    assert cap_of(store, anna, TODAY + timedelta(days=1)) is None


def test_a_history_of_days_shows_it_beside_the_band(store: Store) -> None:
    keep_all(store, [*past(), in_the_gym()])
    *mornings_at_home, gym = past_days(store, "Anna")
    assert {day.standing for day in mornings_at_home} == {"counts"}
    assert (gym.standing, gym.why_not) == (
        "excluded",
        "taken in a gym: compared with such tests only",
    )


def test_the_place_is_kept_with_the_test(store: Store) -> None:
    keep_all(
        store, [in_the_gym(), replace(one(), taken=datetime(2026, 3, 1, 7, tzinfo=NOW.tzinfo))]
    )
    assert [kept.place for kept in mornings(store, "Anna")] == ["gym", "home"]


@pytest.mark.parametrize("on_schedule", [True, False])
def test_it_is_said_why_it_is_in_no_baseline(store: Store, on_schedule: bool) -> None:
    told = readiness(store, "Anna", TODAY, unsaved=[in_the_gym(on_schedule=on_schedule)])
    assert flags(told) == ("taken in a gym: it stays out of your mornings' baseline",)
    drawn = "\n".join(text for text, _ in PersonalBand(BRAILLE, Standing.of(told)).draw(76, 4))
    assert f"0 of 7 tests in a gym{', and today' if on_schedule else ''}\n" in drawn
    assert "before eleven" in drawn
