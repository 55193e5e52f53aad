"""The wall clock set in the midst of a session, and what it names afterwards."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from test_device_measure import EASY, ignore, intended, strap

from device import station as station_module
from device.athlete import Athlete
from device.config import Config
from device.folder import Places
from device.mark import Mark
from device.measure import Measurement
from device.reading import Reading
from device.sources import parse
from device.station import Station
from device.store import Store
from device.trusted_clock import Judgement, newest_record
from device.wall_clock import SMALLEST_STEP, Steps, WallClock, in_words
from sensors.events import Elapsed, SensorEvent

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
YEARS = timedelta(days=3653)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "beatwise.db", now=NOW) as opened:
        yield opened


def test_only_a_clock_that_is_set_makes_a_step_and_each_step_is_told_once() -> None:
    steps = Steps(NOW, 100.0)
    assert steps.look(NOW + timedelta(seconds=50), 150.0) is None
    assert steps.look(NOW + timedelta(seconds=120), 161.0) is None, "a minute is keeping time"
    assert steps.look(NOW + timedelta(seconds=60) - YEARS, 160.0) == -YEARS
    assert steps.look(NOW + timedelta(seconds=61) - YEARS, 161.0) is None
    assert steps.look(NOW + timedelta(seconds=62), 162.0) == YEARS


@pytest.mark.parametrize(
    ("by", "words"),
    [
        (YEARS, "set forward by 10 years"),
        (timedelta(days=-366), "set back by 1 year"),
        (timedelta(days=2), "set forward by 2 days"),
        (timedelta(hours=-1), "set back by 1 hour"),
        (timedelta(minutes=5), "set forward by 5 minutes"),
    ],
)
def test_a_step_in_words(by: timedelta, words: str) -> None:
    assert in_words(by) == words


class Wall:
    """A clock that stands still, except when it is set."""

    def __init__(self, *, trusted_after: bool) -> None:
        self.now = NOW
        self._trusted_after = trusted_after

    def clock(self) -> WallClock:
        return WallClock(lambda: self.now, lambda _: self._trusted_after)


@pytest.mark.parametrize("by", [YEARS, -YEARS])
@pytest.mark.parametrize("known", [False, True])
async def test_a_clock_that_is_set_changes_no_duration_and_is_kept(
    store: Store, by: timedelta, known: bool
) -> None:
    wall = Wall(trusted_after=known)
    measurement = Measurement(
        intended(strap(60), band=EASY, wall=wall.clock(), clock_trusted=False), store
    )

    def show(event: SensorEvent, _: Reading) -> None:
        if event == Elapsed(30.0):
            wall.now += by

    await measurement.run(show)
    stored = store.session(measurement.session_id or 0)
    assert stored.ended_s == 59.0
    assert [mark for mark in store.marks(stored.id) if mark.kind == "clock"] == [
        Mark(31.0, "clock", in_words(by))
    ]
    assert stored.start.clock_trusted is known
    assert stored.start.started is not None
    assert abs(stored.start.started - (NOW + by if known else NOW)) < SMALLEST_STEP


@pytest.mark.parametrize("by", [YEARS, -YEARS])
async def test_set_wrong_and_right_again_the_session_stays_under_the_day_it_was(
    store: Store, by: timedelta
) -> None:
    """Only the network's word moves a session's start, and by all that the clock was set."""
    wall = Wall(trusted_after=False)
    clock = WallClock(lambda: wall.now, lambda now: abs(now - NOW) < timedelta(days=1))
    measurement = Measurement(intended(strap(60), wall=clock, clock_trusted=True), store)

    def show(event: SensorEvent, _: Reading) -> None:
        if event == Elapsed(20.0):
            wall.now += by
        if event == Elapsed(40.0):
            wall.now -= by

    await measurement.run(show)
    stored = store.session(measurement.session_id or 0)
    assert stored.start.started is not None
    assert abs(stored.start.started - NOW) < SMALLEST_STEP
    assert stored.start.clock_trusted is True


async def test_a_clock_that_is_left_alone_leaves_no_mark(store: Store) -> None:
    measurement = Measurement(
        intended(strap(60), wall=Wall(trusted_after=True).clock(), clock_trusted=True), store
    )
    await measurement.run(ignore)
    stored = store.session(measurement.session_id or 0)
    assert [mark.kind for mark in store.marks(stored.id)] == ["target"]
    assert (stored.start.started, stored.start.clock_trusted) == (NOW, True)


async def test_a_time_nobody_could_trust_is_no_record_to_hold_the_clock_against(
    store: Store,
) -> None:
    for started, trusted in ((NOW, True), (NOW + YEARS, False)):
        await Measurement(intended(strap(5), started=started, clock_trusted=trusted), store).run(
            ignore
        )
    assert newest_record(store) == NOW


# -- going on by a clock that makes no sense


async def cut(store: Store, athlete: str, *, trusted: bool) -> None:
    measurement = Measurement(intended(strap(20), athlete=athlete, clock_trusted=trusted), store)
    measurement.leave_open = True
    await measurement.run(ignore)


@pytest.mark.parametrize(
    ("then", "now", "since", "found"),
    [
        (True, True, timedelta(minutes=5), True),
        (True, True, timedelta(hours=13), False),
        (True, True, -timedelta(days=1), False),
        (True, False, -timedelta(hours=1), True),  # no battery: the last time it remembers
        (True, False, -YEARS, True),
        (True, False, YEARS, True),
        (False, True, YEARS, True),
        (True, False, timedelta(days=3), False),  # it makes sense, and it is too late
    ],
)
async def test_a_clock_that_makes_no_sense_keeps_nobody_from_going_on(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    then: bool,
    now: bool,
    since: timedelta,
    found: bool,
) -> None:
    path = tmp_path / "beatwise.db"
    with Store.open(path, now=NOW) as store:
        await cut(store, "Anna", trusted=then)
    judged = Judgement("synchronised" if now else "unknown")
    monkeypatch.setattr(station_module, "judge_here", lambda *_: judged)
    with Store.open(path, now=NOW) as store:
        station = Station(Places(tmp_path), Config(), store)
        again = station.cut_off(Athlete("Anna"), parse("ble"), now=NOW + since)
        assert (again is not None) is found


async def test_once_somebody_has_trained_since_it_is_too_late_by_such_a_clock(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "beatwise.db"
    with Store.open(path, now=NOW) as store:
        await Measurement(intended(strap(20), athlete="Carl"), store).run(ignore)
        await cut(store, "Anna", trusted=False)
    monkeypatch.setattr(station_module, "judge_here", lambda *_: Judgement("unknown"))

    def anna(store: Store) -> bool:
        station = Station(Places(tmp_path), Config(), store)
        return station.cut_off(Athlete("Anna"), parse("ble"), now=NOW - YEARS) is not None

    with Store.open(path, now=NOW) as store:
        assert anna(store), "what ended before says nothing"
        await Measurement(intended(strap(20), athlete="Ben"), store).run(ignore)
        assert not anna(store)


@pytest.mark.parametrize(
    ("trusted", "since", "up", "goes_on"),
    [
        (True, timedelta(minutes=5), timedelta(minutes=1), True),  # power cut, and a good clock
        (True, timedelta(minutes=40), timedelta(hours=2), False),  # that was another run
        (False, timedelta(minutes=5), timedelta(hours=2), True),  # the program was killed
        (False, timedelta(minutes=5), timedelta(minutes=1), False),  # the battery pulled: when?
    ],
)
async def test_in_a_pocket_only_what_was_cut_off_just_now_goes_on_unasked(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    trusted: bool,
    since: timedelta,
    up: timedelta,
    goes_on: bool,
) -> None:
    path = tmp_path / "beatwise.db"
    with Store.open(path, now=NOW) as store:
        await cut(store, "Anna", trusted=True)
    judged = Judgement("synchronised" if trusted else "unknown")
    monkeypatch.setattr(station_module, "judge_here", lambda *_: judged)
    with Store.open(path, now=NOW) as store:
        station = Station(Places(tmp_path), Config(), store)
        cut_off = store.cut_off("Anna")
        assert cut_off is not None
        up_s = up.total_seconds()
        assert station.goes_on_unasked(cut_off, now=NOW + since, up_s=up_s) is goes_on
