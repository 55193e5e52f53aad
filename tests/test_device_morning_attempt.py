"""A morning from the strap to the verdict: what is on the disk afterwards."""

import asyncio
import math
import sqlite3
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import partial
from typing import get_args

import pytest

from device import morning_view, sources
from device.cue import Cue
from device.errors import StoreError
from device.morning_attempt import STOPPED, MorningAttempt, MorningIntended
from device.morning_cues import cue_of
from device.morning_history import mornings, usual_protocol
from device.morning_protocol import protocol
from device.morning_record import Answers
from device.sources import OpenedSource
from device.store import Store
from device.tones import MELODIES
from hrv.decision import Verdict
from hrv.wellness import Wellness
from sensors import synthetic
from sensors.events import Connected, HeartRateMeasurement, StrapDetails
from sensors.synthetic import NO_TROUBLE, Trouble

NOW = datetime(2026, 3, 1, 6, 0, tzinfo=UTC)
TODAY = date(2026, 3, 1)


@pytest.fixture
def store(tmp_path):
    with Store.open(tmp_path / "beatwise.db", now=NOW) as opened:
        yield opened


def strap(trouble: Trouble = NO_TROUBLE, *, speed: float = math.inf, for_s: float = 900.0):
    """A simulated athlete at rest."""
    beat = partial(
        synthetic.beat, scenario="morning", speed=speed, duration_s=for_s, trouble=trouble
    )
    return OpenedSource(sources.parse("sim"), lambda _: beat, None)


def intended(source: OpenedSource, *, day: date | None = TODAY, **said) -> MorningIntended:
    usual = {"athlete": "Anna", "protocol": protocol("quick"), "started": NOW}
    return MorningIntended(source=source, day=day, **{**usual, **said})


def taken(store: Store, source: OpenedSource, **said) -> MorningAttempt:
    attempt = MorningAttempt(intended(source, **said), store, alone=True)
    asyncio.run(attempt.measure(lambda *_: None))
    return attempt


@pytest.mark.parametrize(
    ("name", "kinds"),
    [
        ("quick", ["start", "step", "stop"]),
        ("orthostatic", ["start", "step", "under", "step", "step", "stop"]),
    ],
)
def test_each_change_of_the_test_is_told_by_ear(store, name, kinds):
    said: list[Cue] = []
    attempt = MorningAttempt(intended(strap(), protocol=protocol(name)), store, alone=True)
    asyncio.run(attempt.measure(lambda *_: None, say=said.append))
    assert [cue.kind for cue in said] == kinds
    assert [cue.text for cue in said if cue.kind == "under"] == ["stand up now"] * (
        name == "orthostatic"
    )


def test_the_changes_sound_different_without_any_words():
    changes = get_args(morning_view.Cue)
    assert len({MELODIES[cue_of(change).kind] for change in changes}) == len(changes) == 4


@pytest.mark.parametrize(("source", "audible"), [("ble", True), ("sim", True), ("sim@60", False)])
def test_nobody_hears_a_recording_that_passes_faster_than_life(source, audible):
    opened = OpenedSource(sources.parse(source), lambda _: partial(synthetic.beat), None)
    assert intended(opened).audible is audible


def test_a_morning_is_kept_with_its_raw_beats_before_anybody_has_answered(store):
    attempt = taken(store, strap())
    (kept,) = mornings(store, "Anna")
    assert kept == attempt.stored
    assert (kept.outcome, kept.day, kept.taken) == ("accepted", TODAY, NOW)
    assert kept.protocol == protocol("quick").key()
    assert kept.on_schedule
    assert kept.answers == Answers()
    session = store.session(kept.session_id)
    assert (session.start.purpose, session.outcome) == ("morning", "finished")
    assert session.summary["rmssd_ms"] == kept.rmssd_ms
    beats = [e for e in store.events(session.id) if isinstance(e, HeartRateMeasurement)]
    assert session.ended_s == pytest.approx(kept.detail["record_to_s"], abs=1.0)
    assert beats[-1].t_s <= session.ended_s, "nothing is stored behind the end of the test"
    assert len(store.rr_ms(session.id)) > 100


def test_answers_verdict_and_choice_are_kept_with_it(store):
    attempt = taken(store, strap())
    answers = Answers(feeling=Wellness(4, 3, 4, 4, 5), tags=("alcohol",), note="late")
    told = asyncio.run(attempt.judge(answers))
    asyncio.run(attempt.choose("harder"))
    (kept,) = mornings(store, "Anna")
    assert kept.answers == answers
    assert (kept.rule, kept.verdict) == (told.decision.rule, told.decision.verdict)
    assert kept.choice == "harder"
    asyncio.run(attempt.choose("follow"))
    assert [one.choice for one in mornings(store, "Anna")] == ["follow"]


def test_a_choice_can_be_made_about_a_test_taken_earlier_today(store):
    asyncio.run(taken(store, strap()).judge(Answers()))
    again = MorningAttempt(intended(strap()), store)
    asyncio.run(again.choose("easier"))
    assert [one.choice for one in mornings(store, "Anna")] == ["easier"]
    other_day = MorningAttempt(intended(strap(), day=date(2026, 3, 2)), store)
    with pytest.raises(ValueError, match="no test today"):
        asyncio.run(other_day.choose("easier"))


@pytest.mark.parametrize(
    ("trouble", "word"),
    [
        (Trouble(drops=((100.0, 140.0),)), "no beats for"),
        (Trouble(silences=((90.0, 105.0),)), "no beats for"),
        (Trouble(no_contact=((100.0, 110.0),)), "contact"),
    ],
)
def test_a_refused_test_is_kept_as_refused(store, trouble, word):
    attempt = taken(store, strap(trouble))
    told = asyncio.run(attempt.judge(Answers()))
    (kept,) = mornings(store, "Anna")
    assert (kept.outcome, kept.rmssd_ms, kept.hr_bpm) == ("refused", None, None)
    assert word in kept.problem
    assert told.decision.rule == "R3"
    assert kept.problem in told.decision.reason
    assert told.decision.verdict is Verdict.GREY
    assert kept.detail["n_beats"] > 0
    assert len(store.rr_ms(kept.session_id)) > 30, "its beats are kept all the same"


def test_without_a_day_nothing_is_filed_until_somebody_says_it(store):
    attempt = taken(store, strap(), day=None, started=None)
    assert attempt.stored is None
    assert mornings(store, "Anna") == []
    assert attempt.session_id is not None
    with pytest.raises(ValueError, match="guessed day"):
        asyncio.run(attempt.judge(Answers()))
    attempt.on_day(TODAY)
    asyncio.run(attempt.judge(Answers()))
    (kept,) = mornings(store, "Anna")
    assert (kept.day, kept.taken) == (TODAY, None)
    assert store.session(kept.session_id).start.clock_trusted is False


@pytest.mark.parametrize("speed", [1000.0, 5000.0, math.inf])
def test_at_every_speed_the_same_result(store, speed):
    expected = taken(store, strap(Trouble(ectopic_pct=3.0, late_pct=3.0))).test.result
    attempt = taken(store, strap(Trouble(ectopic_pct=3.0, late_pct=3.0), speed=speed))
    assert attempt.test.result == expected
    first, second = mornings(store, "Anna")
    assert replace(second, id=first.id, session_id=first.session_id) == first
    assert store.rr_ms(first.session_id) == store.rr_ms(second.session_id)


async def leave_after(attempt: MorningAttempt, t_s: float) -> None:
    reached = asyncio.Event()
    running = asyncio.ensure_future(
        attempt.measure(lambda _, view: reached.set() if view.t_s >= t_s else None)
    )
    await reached.wait()
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running


def test_a_test_that_is_left_in_the_middle_is_kept_as_refused(store):
    attempt = MorningAttempt(intended(strap(speed=1000.0)), store, alone=True)
    asyncio.run(leave_after(attempt, 100.0))
    (kept,) = mornings(store, "Anna")
    assert (kept.outcome, kept.problem) == ("refused", STOPPED)
    assert store.session(kept.session_id).outcome == "stopped"


def test_looking_and_leaving_is_no_morning(store):
    attempt = MorningAttempt(intended(strap(speed=1000.0)), store)
    asyncio.run(leave_after(attempt, 20.0))
    assert mornings(store, "Anna") == []
    assert attempt.stored is None


def test_an_armband_is_refused_and_the_day_says_why(store):
    async def armband(emit):
        emit(Connected("armband"))
        emit(StrapDetails(80, None, t_s=0.1))
        for second in range(1, 40):
            emit(HeartRateMeasurement(60, (), t_s=float(second)))

    attempt = taken(store, OpenedSource(sources.parse("ble"), lambda _: armband, None))
    told = asyncio.run(attempt.judge(Answers()))
    assert "no RR intervals" in told.decision.reason
    assert mornings(store, "Anna")[0].outcome == "refused"


def test_where_the_disk_refuses_the_day_is_judged_all_the_same(store, monkeypatch):
    def full(*_):
        raise StoreError("the disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(Store, "write", full)
        attempt = taken(store, strap())
        told = asyncio.run(attempt.judge(Answers(note="still here")))
        assert told.test.rmssd_ms == attempt.test.result.rmssd_ms
        assert attempt.stored.id is None
        assert attempt.trouble == "the disk is full"
    asyncio.run(attempt.choose("follow"))
    assert attempt.trouble is None
    (kept,) = mornings(store, "Anna")
    assert (kept.choice, kept.answers.note, kept.rule) == ("follow", "still here", "R4")


def test_a_write_that_fails_leaves_nothing_half_done(store):
    def half(db: sqlite3.Connection) -> None:
        db.execute("INSERT INTO chunk VALUES (99, 1, 0, 1, x'00')")
        db.execute("INSERT INTO nowhere VALUES (1)")

    with pytest.raises(StoreError, match="nothing was saved"):
        store.write(half)
    assert store.rows("SELECT * FROM chunk WHERE id = 99", ()) == []


@pytest.mark.parametrize(
    "how", [protocol("long", "standing", paced=True), protocol("orthostatic"), protocol()]
)
def test_the_way_it_was_taken_last_is_kept(store, how):
    assert usual_protocol(store, "Anna") == protocol()
    taken(store, strap(for_s=30.0), protocol=how)
    assert usual_protocol(store, "Anna") == how
    assert usual_protocol(store, "Ben") == protocol()


def test_until_the_clock_has_started_another_way_may_be_taken(store):
    attempt = MorningAttempt(intended(strap()), store, alone=True)
    attempt.take(protocol("quick", "supine"))
    seen = []
    asyncio.run(attempt.measure(lambda _, view: seen.append(view.phase)))
    attempt.take(protocol("long"))
    assert attempt.stored.protocol == protocol("quick", "supine").key()
