"""A session measured and kept: marks, cues, this morning's cap, and going on after a cut."""

import asyncio
import itertools
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

from device.cue import Cue
from device.going_on import resumed_at_s
from device.intended import Intended
from device.intent import Band, Purpose
from device.judged_anew import judge_anew
from device.mark import Mark
from device.measure import Measurement
from device.reading import Reading
from device.sources import OpenedSource, open_source, parse
from device.steps import BadSteps, parse_steps
from device.store import Store
from device.this_morning import Cap, capped
from sensors.events import Connected, Elapsed, HeartRateMeasurement, SensorEvent
from sensors.pacing import paced

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
EASY = Band(None, 125.0, "a test", estimate=False)
SIM = open_source(parse("sim:3@max"), purpose="easy")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "beatwise.db", now=NOW) as opened:
        yield opened


def intended(source: OpenedSource = SIM, **more: object) -> Intended:
    usual = Intended(
        athlete="Anna", purpose=Purpose.EASY, band=EASY, zones=None, source=source, started=NOW
    )
    return replace(usual, **more)  # type: ignore[arg-type]


def strap(duration_s: int, bpm: int = 120) -> OpenedSource:
    """A strap, whose time begins anew each time; a beat each half second."""
    events = [
        Connected("strap"),
        *(
            HeartRateMeasurement(bpm, (61440 // bpm,) * 2, t_s=float(t_s))
            for t_s in range(1, duration_s)
        ),
    ]
    source = partial(paced, events=events, speed=float("inf"))
    return OpenedSource(parse("ble"), lambda _: source, None, live=True)


def ignore(*_: object) -> None:
    pass


async def test_what_happens_beside_the_beats_is_kept_and_said(store: Store) -> None:
    said: list[Cue] = []
    measurement = Measurement(intended(why="with  Ben"), store, say=said.append, summary_min=10)

    def show(event: SensorEvent, _: Reading) -> None:
        if event == Elapsed(30.0):
            measurement.note("wind \n from the west")
            measurement.lap()
        if event == Elapsed(60.0):
            measurement.pause()
            measurement.pause()
        if event == Elapsed(90.0):
            measurement.resume()

    await measurement.run(show, until_s=900)
    assert measurement.session_id is not None
    marks = store.marks(measurement.session_id)
    assert marks[:7] == [
        Mark(0.0, "target", "a test"),
        Mark(0.0, "why", "with Ben"),
        Mark(30.0, "note", "wind from the west"),
        Mark(30.0, "lap"),
        Mark(60.0, "pause"),
        Mark(90.0, "resume"),
        marks[6],
    ]
    assert [mark.kind for mark in marks[6:9]] == ["over", "walk", "repeat"]
    assert [cue.kind for cue in said][:3] == ["over", "walk", "repeat"]
    assert [cue.text for cue in said if cue.kind == "summary"] != []


async def test_a_pause_counts_nothing_and_judges_nothing(store: Store) -> None:
    measurement = Measurement(intended(strap(400, bpm=170)), store)
    readings: list[Reading] = []

    def show(event: SensorEvent, reading: Reading) -> None:
        readings.append(reading)
        if event == Elapsed(10.0):
            measurement.pause()
        if event == Elapsed(300.0):
            measurement.resume()

    await measurement.run(show)
    fired = [reading.fired.kind for reading in readings if reading.fired]
    assert fired == ["over", "walk", "repeat"]
    first = next(reading.t_s for reading in readings if reading.fired)
    assert first == 331.0
    paused = [reading for reading in readings if 11 < reading.t_s < 300]
    assert {reading.paused for reading in paused} == {True}
    assert len({(reading.known_s, reading.running_s) for reading in paused}) == 1
    assert readings[-1].known_s == pytest.approx(399 - 290, abs=3)


async def test_steps_are_announced_before_they_change_and_told_when_they_do(store: Store) -> None:
    work = Band(150.0, None, "a test", estimate=False)
    steps = parse_steps("1:00,1x(1:00/0:30),1:00", easy=EASY, work=work)
    said: list[Cue] = []
    measurement = Measurement(intended(strap(230), steps=steps), store, say=said.append)
    bands: list[float | None] = []

    def show(_: SensorEvent, reading: Reading) -> None:
        bands.append(reading.beats_off)

    await measurement.run(show)
    assert [cue.text for cue in said if cue.kind == "step"] == [
        "in 10 seconds: work 1/1, from 150",
        "work 1/1, from 150",
        "in 10 seconds: recovery, up to 125",
        "recovery, up to 125",
        "in 10 seconds: cool-down, up to 125",
        "cool-down, up to 125",
        "all steps done",
    ]
    assert measurement.session_id is not None
    marks = store.marks(measurement.session_id)
    assert [(mark.kind, mark.text) for mark in marks] == [
        ("target", "a test"),
        ("plan", "1:00,1x(1:00/0:30),1:00"),
        *(("step", name) for name in ("warm-up", "work 1/1", "recovery", "cool-down")),
    ]
    assert {0.0, -30.0} <= set(bands)


# -- going on


async def test_a_strap_is_gone_on_with_at_the_time_it_is_now(store: Store) -> None:
    first = Measurement(intended(strap(100)), store)
    first.leave_open = True
    await first.run(ignore)
    cut_off = store.session(first.session_id or 0)
    assert cut_off.outcome is None

    later = intended(strap(100), started=NOW + timedelta(seconds=300), going_on=cut_off)
    second = Measurement(later, store)
    fired: list[str] = []
    await second.run(lambda _, reading: fired.append(reading.fired) if reading.fired else None)
    assert fired == []
    assert second.session_id == first.session_id
    summary = second.session.summary()
    assert summary.t_s == pytest.approx(399, abs=1)
    assert summary.n_beats == 2 * 2 * 99
    assert summary.known_s == pytest.approx(2 * 98, abs=8)
    stored = store.session(first.session_id or 0)
    assert (stored.outcome, len(store.sessions())) == ("finished", 1)
    times_s = [event.t_s for event in store.events(stored.id)]
    assert times_s == sorted(times_s)
    assert [(mark.kind, mark.t_s) for mark in store.marks(stored.id)][1:] == [
        ("pause", 99.0),
        ("resume", 300.0),
    ]


async def test_a_simulation_gone_on_with_is_as_if_it_had_never_been_cut(store: Store) -> None:
    whole = Measurement(intended(athlete="Ben"), store)
    await whole.run(ignore, until_s=900)
    first = Measurement(intended(), store)
    first.leave_open = True
    await first.run(ignore, until_s=500)
    cut_off = store.cut_off("Anna")
    assert cut_off is None, "it is still being written"
    stored = store.session(first.session_id or 0)
    second = Measurement(intended(going_on=stored), store)
    await second.run(ignore, until_s=900)
    # Times are stored to the microsecond.
    expected = pytest.approx(asdict(whole.session.summary()), abs=1e-3)
    assert asdict(second.session.summary()) == expected
    assert store.marks(second.session_id or 0) == store.marks(whole.session_id or 0)


@pytest.mark.parametrize(
    ("since_s", "at_s"),
    [(300.0, 300.0), (99.0, 101.0), (-5.0, 101.0), (100.0 + 13 * 3600, 101.0)],
)
def test_the_time_it_was_off_is_asked_of_the_wall_clock_where_that_makes_sense(
    since_s: float, at_s: float
) -> None:
    assert resumed_at_s(NOW, 100.0, NOW + timedelta(seconds=since_s)) == at_s


# -- this morning


AMBER = Cap("AMBER", "why", "below VT1", Band(None, 142.0, "0.89 of LTHR", estimate=False))


@pytest.mark.parametrize(
    ("band", "floor_bpm", "ceiling_bpm"),
    [
        (Band(None, 130.0, "recovery", estimate=False), None, 130.0),
        (Band(None, 142.0, "easy", estimate=False), None, 142.0),
        (Band(142.0, 155.0, "steady", estimate=False), None, 142.0),
        (Band(130.0, 155.0, "own zones", estimate=False), 130.0, 142.0),
        (Band(165.0, None, "intervals", estimate=False), None, 142.0),
        (None, None, 142.0),
    ],
)
def test_amber_caps_the_ceiling_at_easy(
    band: Band | None, floor_bpm: float | None, ceiling_bpm: float
) -> None:
    got = capped(band, AMBER)
    assert got is not None
    assert (got.floor_bpm, got.ceiling_bpm) == (floor_bpm, ceiling_bpm)
    if got != band:
        assert got.origin == "AMBER this morning: 0.89 of LTHR"


def test_where_nothing_is_known_to_cap_by_the_band_stays() -> None:
    band = Band(150.0, 160.0, "tempo", estimate=False)
    assert capped(band, replace(AMBER, band=None)) == band


async def test_a_session_that_ends_while_it_is_put_right_ends_as_it_is_then(store: Store) -> None:
    """Ben's strap was Anna's: whoever signs out meanwhile is not summed up by the wrong band."""
    measurement = Measurement(intended(strap(60), band=Band(None, 90.0, "", estimate=False)), store)
    running = asyncio.ensure_future(measurement.run(ignore))
    while not measurement.t_s:  # noqa: ASYNC110 - no event of its own
        await asyncio.sleep(0)
    n_events, until_s = measurement.hold(), measurement.t_s
    running.cancel()
    for _ in range(20):
        await asyncio.sleep(0)
    assert not running.done()
    whole = await asyncio.to_thread(store.whole, measurement.writer)
    events = itertools.islice(whole.events(), n_events)
    meant = intended(athlete="Ben", band=EASY)
    anew = judge_anew(whole.start, events, whole.marks, meant, until_s=until_s)
    store.become([(measurement.writer, whole, anew.start, anew.marks)])
    measurement.take_over(anew)
    with suppress(asyncio.CancelledError):
        await running
    stored = store.session(measurement.session_id or 0)
    assert (stored.start.athlete, stored.start.ceiling_bpm) == ("Ben", 125.0)
    assert stored.summary is not None
    assert stored.summary["time_inside_s"] > 0.0


async def test_an_override_is_kept_with_the_session(store: Store) -> None:
    measurement = Measurement(intended(strap(5), cap=AMBER, overridden=True), store)
    await measurement.run(ignore)
    kept = [mark.text for mark in store.marks(measurement.session_id or 0)]
    assert kept[0] == "overridden: AMBER this morning: below VT1. why"


def test_a_plan_of_steps_needs_minutes_and_seconds() -> None:
    with pytest.raises(BadSteps):
        parse_steps("4x(4/3)", easy=None, work=None)
