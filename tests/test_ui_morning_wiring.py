"""The screens' values from the real store: a simulated morning goes the whole way."""

import argparse
import asyncio
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import date

import pytest

from device.errors import BadSource
from device.morning_attempt import MorningIntended
from device.morning_protocol import protocol
from device.morning_record import Answers
from device.morning_words import Day
from device.station import open_station
from hrv.wellness import Wellness
from ui import morning_wiring
from ui.morning_plan import Attempt
from ui.morning_wiring import MorningWiring
from ui.wiring import Wiring, local_now

DAY = date(2026, 3, 31)
WELL = Answers(feeling=Wellness(4, 4, 4, 4, 4), tags=("travel",), note="late train")


def at(hour=6, day=DAY):
    taken = local_now().replace(
        year=day.year, month=day.month, day=day.day, hour=hour, minute=30, second=0
    )
    return Day(day, taken)


def wiring(station, source="sim:3@max", said=None, unit="ms"):
    options = argparse.Namespace(athlete=None, source=source, unit=unit)
    return MorningWiring(Wiring.of(station, options), said=said)


@pytest.fixture
def station(tmp_path):
    with open_station(tmp_path, now=local_now()) as opened:
        yield opened


async def measured(attempt: Attempt):
    views = []

    def show(view):
        views.append(view)
        if view.phase == "preview":
            attempt.start()

    await attempt.measure(show)
    return views


async def test_a_morning_goes_from_strap_to_verdict_to_history(station):
    told = wiring(station, said=at())
    plan = await told.load()
    assert plan.source.kind == "simulated"
    assert plan.today is None
    attempt = told.begin(plan)
    views = await measured(attempt)
    assert [view.phase for view in views][-1] == "done"
    today = await attempt.judge(WELL)
    assert today.day == DAY
    assert today.result is not None
    assert today.result.outcome == "accepted"
    assert today.ceiling is not None
    await attempt.choose("easier")

    (point,) = await told.days()
    assert (point.day, point.mark, point.verdict) == (DAY, "counts", "GREY")
    assert point.rmssd_ms == today.result.rmssd_ms
    past = await told.look(point)
    assert past is not None
    assert past.morning.choice == "easier"
    assert past.morning.answers == WELL
    assert len(past.beats) == today.result.counts.n_beats
    assert ("RMSSD", f"{today.result.rmssd_ms:.1f} ms") in past.metrics


async def test_the_first_valid_test_of_the_day_is_shown_and_not_taken_again(station):
    told = wiring(station, said=at())
    attempt = told.begin(await told.load())
    await measured(attempt)
    first = await attempt.judge(WELL)
    again = await told.load()
    assert again.today is not None
    assert again.today.readiness == first.readiness
    await told.begin(again).choose("harder")
    assert (await told.load()).today.choice == "harder"


async def test_what_was_said_beforehand_goes_with_the_plan(station):
    assert (await replace(wiring(station, said=at()), answers=WELL).load()).said == WELL


async def test_the_changes_are_told_by_ear(station, monkeypatch):
    said = []

    @asynccontextmanager
    async def heard(settings, *, tell):
        assert settings is station.config.cues
        yield said.append

    monkeypatch.setattr(morning_wiring, "cues_beside", heard)
    told = wiring(station, said=at())
    await measured(told.begin(await told.load()))
    assert said == [], "faster than life nobody hears it"
    monkeypatch.setattr(MorningIntended, "audible", True)
    await measured(told.begin(await told.load()))
    assert [cue.kind for cue in said] == ["start", "step", "stop"]


async def test_a_test_just_after_midnight_does_not_take_the_place_of_the_morning(station):
    early = wiring(station, said=at(hour=0))
    attempt = early.begin(await early.load())
    await measured(attempt)
    today = await attempt.judge(WELL)
    assert any("usual time" in flag for flag in today.flags)
    assert (await wiring(station, said=at()).load()).today is None


async def test_the_protocol_taken_last_is_offered_again(station):
    told = wiring(station, said=at())
    attempt = told.begin(await told.load())
    attempt.take(protocol("quick", "supine", paced=True))
    await measured(attempt)
    await attempt.judge(WELL)
    assert (await told.load()).protocol == protocol("quick", "supine", paced=True)


async def test_a_source_that_ends_too_early_is_refused_and_kept(station, tmp_path):
    short = tmp_path / "short.txt"
    short.write_text("\n".join(["1000", "1010", "990", "1005"] * 5))
    told = wiring(station, f"replay:{short}@max", said=at())
    attempt = told.begin(await told.load())
    views = await measured(attempt)
    assert views[-1].phase == "done"
    assert views[-1].result.outcome == "refused"
    today = await attempt.judge(Answers())
    assert today.readiness.decision.rule == "R3"
    (point,) = await told.days()
    assert (point.mark, point.rmssd_ms) == ("refused", None)
    assert (await told.load()).today is None


async def test_an_unknown_file_is_told_before_anything_is_measured(station):
    told = wiring(station, "replay:/no/such/file", said=at())
    with pytest.raises(BadSource, match="no/such/file"):
        told.begin(await told.load())


async def test_the_day_the_athlete_says_is_the_day_of_the_test(station):
    told = wiring(station, said=at())
    attempt = told.begin(await told.load())
    attempt.on_day(date(2026, 4, 1))
    await measured(attempt)
    today = await attempt.judge(Answers())
    assert today.day == date(2026, 4, 1)


async def test_what_is_stopped_is_saved_and_never_becomes_a_number(station):
    told = wiring(station, "sim:3@60", said=at())
    attempt = told.begin(await told.load())
    recording = asyncio.Event()

    def show(view):
        attempt.start()
        if view.phase == "record":
            recording.set()

    running = asyncio.ensure_future(attempt.measure(show))
    await recording.wait()
    running.cancel()
    await asyncio.wait({running})
    (point,) = await told.days()
    assert (point.mark, point.rmssd_ms) == ("refused", None)
