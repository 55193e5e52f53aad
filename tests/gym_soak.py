"""A gym for hours: people come and go, and after each hour, when nobody is there, nothing is left.

Whole days are no test that is run at each change: ``make test-soak``.
"""

import asyncio
import gc
import random
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

import inline_threads
from gym_scenes import BEGAN, station_of, trainee

from device.athlete import Athlete, Strap
from device.guests import Moment
from device.gym import Gym
from device.happening import Happening, Left
from sensors.synthetic_room import Trainee
from sensors.synthetic_straps import SyntheticStraps

HOUR_S = 3600.0
LOOKED_AT_S = 3590.0
"""Of each hour: everybody has been gone for long enough."""
PURPOSES = ("recovery", "easy", "steady", "tempo", "intervals")


class Held(NamedTuple):
    """What the process holds while nobody trains."""

    blocks: int
    tasks: int
    files: int
    rss_kb: int


def held() -> Held:
    gc.collect()
    files = sum(1 for _ in Path("/proc/self/fd").iterdir())
    status = Path("/proc/self/status").read_text()
    rss_kb = int(status.partition("VmRSS:")[2].split()[0])
    return Held(sys.getallocatedblocks(), len(asyncio.all_tasks()), files, rss_kb)


def people(n: int, hours: int, *, stay_s: tuple[float, float]) -> list[Trainee]:
    """Each comes once or more often within each hour, and all have left before its end."""
    chance = random.Random(6)
    found = []
    for number in range(n):
        stays = []
        for hour in range(hours):
            t_s = hour * HOUR_S + chance.uniform(1.0, 300.0)
            while (goes_s := t_s + chance.uniform(*stay_s)) < hour * HOUR_S + 3450.0:
                stays.append((t_s, goes_s))
                t_s = goes_s + chance.uniform(90.0, 200.0)
        address = f"F0:00:00:00:00:{number:02X}"
        purpose = PURPOSES[number % len(PURPOSES)]
        one = trainee(address, *stays, purpose=purpose, link_breaks=True)
        found.append(replace(one, broadcasts=number % 5 == 4))
    return found


def soak(
    data: Path, n: int, hours: int, *, stay_s: tuple[float, float]
) -> tuple[list[Held], int, int]:
    """So many straps for so many simulated hours; what was held after each.

    And how many visits it were, with how many beats.
    """
    room = people(n, hours, stay_s=stay_s)
    hourly: list[Held] = []
    visits = beats = 0

    def watch(happening: Happening) -> None:
        nonlocal visits, beats
        if isinstance(happening, Left):
            visits, beats = visits + 1, beats + happening.summary.n_beats

    async def work(gym: Gym, loop: asyncio.AbstractEventLoop) -> None:
        gym.watch = watch
        running = asyncio.ensure_future(gym.run(until_s=hours * HOUR_S))
        for hour in range(hours):
            await asyncio.sleep(hour * HOUR_S + LOOKED_AT_S - loop.time())
            board = gym.board()
            assert board.tiles == ()
            assert board.notices == ()
            hourly.append(held())
        await running

    async def in_gym() -> None:
        loop = asyncio.get_running_loop()

        def moment() -> Moment:
            return Moment(BEGAN + timedelta(seconds=loop.time()), True, "boot", loop.time())

        gym = Gym(station, SyntheticStraps(room), now=lambda: moment().wall, moment=moment)
        await work(gym, loop)

    athletes = [
        Athlete(f"Athlete {number}", resting_bpm=55.0, max_bpm=185.0, strap=Strap(one.address))
        for number, one in enumerate(room)
        if number % 7 != 6  # and some whom nobody knows
    ]
    with station_of(data, *athletes) as station:
        inline_threads.run(in_gym())
        assert station.store.trouble is None
    return hourly, visits, beats
