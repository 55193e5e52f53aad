"""What a gym's board says of a wall clock that jumps."""

import asyncio
from datetime import datetime, time, timedelta
from pathlib import Path

import inline_threads
import pytest
from gym_scenes import ANNA, BEGAN, station_of, trainee

from device.guests import Moment
from device.gym import Gym
from device.gym_clock import GymClock
from device.tile import Board
from sensors.synthetic_straps import SyntheticStraps

YEARS = timedelta(days=3653)


def moment(wall: datetime, *, trusted: bool, doubted: bool = False) -> Moment:
    return Moment(wall, trusted, "a boot", 0.0, doubted)


def test_a_clock_that_is_merely_unknown_is_no_news() -> None:
    clock = GymClock()
    assert clock.was_set(BEGAN, 0.0) is None
    clock.judge(moment(BEGAN, trusted=False))
    assert clock.was_set(BEGAN + timedelta(hours=1), 3600.0) is None
    assert clock.notice(BEGAN, None) is None


def test_one_that_something_speaks_against_is_said_for_as_long_as_it_does() -> None:
    clock, day = GymClock(), datetime(1970, 1, 1, tzinfo=BEGAN.tzinfo)
    clock.judge(moment(day, trusted=False, doubted=True))
    said = "the clock cannot be trusted (1970-01-01): closing time and dates may be wrong"
    assert clock.notice(day, time(22)) == said
    assert len(said) <= 78, "it fits on a console's line"
    clock.judge(moment(BEGAN, trusted=True))
    assert clock.notice(BEGAN, None) is None


@pytest.mark.parametrize("trusted", [True, False])
def test_set_without_a_reason_it_is_trusted_no_more_than_before(trusted: bool) -> None:
    clock = GymClock()
    clock.was_set(BEGAN, 0.0)
    clock.judge(moment(BEGAN, trusted=trusted))
    assert clock.was_set(BEGAN + timedelta(hours=3), 60.0) == "the clock was set forward by 3 hours"
    clock.judge(moment(BEGAN, trusted=False))
    assert (clock.notice(BEGAN, None) is not None) is trusted
    assert clock.was_set(BEGAN + timedelta(hours=3), 61.0) is None
    clock.judge(moment(BEGAN, trusted=True))
    assert clock.notice(BEGAN, None) is None, "it was the network that set it"


@pytest.mark.parametrize("by", [YEARS, -YEARS])
def test_in_mid_session_it_is_said_on_the_board_and_costs_nothing(
    tmp_path: Path, by: timedelta
) -> None:
    off = timedelta(0)
    boards: list[Board] = []

    async def work() -> None:
        nonlocal off
        loop = asyncio.get_running_loop()

        def now() -> datetime:
            return BEGAN + timedelta(seconds=loop.time()) + off

        straps = SyntheticStraps([trainee(ANNA.strap.address, (5.0, 900.0))])
        gym = Gym(
            station, straps, now=now, moment=lambda: moment(now(), trusted=not off, doubted=False)
        )
        running = asyncio.ensure_future(gym.run(until_s=400.0))
        for at_s, then in ((100.0, by), (110.0, by), (200.0, timedelta(0)), (330.0, timedelta(0))):
            await asyncio.sleep(at_s - loop.time())
            boards.append(gym.board())
            off = then
        await running

    with station_of(tmp_path / "data", ANNA) as station:
        inline_threads.run(work())
        (stored,) = station.store.sessions()
    before, jumped, away, back = ([*board.notices] for board in boards)
    way = "forward" if by > timedelta(0) else "back"
    doubt = f"the clock cannot be trusted ({BEGAN + by:%Y-%m-%d}): dates may be wrong"
    assert (before, jumped) == ([], [doubt, f"the clock was set {way} by 10 years"])
    assert away == [doubt], "for as long as it lasts"
    assert back == []
    assert all(len(board.tiles) == 1 for board in boards)
    assert stored.ended_s == pytest.approx(395.0, abs=6.0)
