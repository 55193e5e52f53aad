"""A gym of eight straps as a process of its own, which says what each strap sent before anyone.

    room.py DATA [--speed S] [--seed N] [--synchronous FULL]

Nearly every line is one event a strap sent: when, whose, which, and for how long this process had
been waiting for a processor by then. It is written before the program hears of the event, with one
write to a pipe, so that it outlives a kill. Once a second a line tells the longest time by which
the event loop was late, what the board says below its tiles, and how old the readings on it are.
"""

import argparse
import asyncio
import json
import math
import os
import signal
import sys
import time
from functools import partial
from pathlib import Path

from device.athlete import Athlete, Strap
from device.folder import Places
from device.gym import Gym
from device.station import open_station
from sensors.events import Elapsed, Emit, HeartRateMeasurement, SensorEvent, Source
from sensors.straps import Straps
from sensors.synthetic_room import Trainee
from sensors.synthetic_straps import SyntheticStraps
from ui.wiring import local_now

PEOPLE = tuple(
    Athlete(
        f"Athlete {number}",
        resting_bpm=50.0,
        max_bpm=190.0,
        strap=Strap(f"F5:1A:00:00:00:0{number}"),
    )
    for number in range(1, 9)
)
TICK_S = 0.02
TELL_STALLS_S = 1.0


def say(**line: object) -> None:
    """One line, whole or not at all."""
    os.write(1, f"{json.dumps(line)}\n".encode())


def waited_s() -> float:
    """How long this process was ready to run and no processor was free, as the kernel counts."""
    return sum(map(_waited_s, Path("/proc/self/task").iterdir()))


def _waited_s(task: Path) -> float:
    try:
        return int((task / "schedstat").read_text().split()[1]) / 1e9
    except OSError:  # it ended, or this kernel does not count
        return 0.0


class Witnessed:
    """Straps whose events are told before they are passed on."""

    def __init__(self, straps: SyntheticStraps) -> None:
        self.now_s = straps.now_s
        self.notices = straps.notices
        self.overhear = straps.overhear
        self._straps = straps

    def listen(self, address: str) -> Source:
        """One strap's beats."""
        listening = self._straps.listen(address)

        async def source(emit: Emit) -> None:
            await listening(partial(_tell, address, emit))

        return source


def _tell(address: str, emit: Emit, event: SensorEvent) -> None:
    if not isinstance(event, Elapsed):
        rr = list(event.rr_ticks) if isinstance(event, HeartRateMeasurement) else None
        bpm = event.bpm if isinstance(event, HeartRateMeasurement) else None
        sent = {"strap": address, "kind": type(event).__name__, "bpm": bpm, "rr": rr}
        say(at_s=time.monotonic(), waited_s=waited_s(), **sent)
    emit(event)


async def look_around(gym: Gym) -> None:
    """By how much the loop is late, and what the board shows, once a second."""
    loop = asyncio.get_running_loop()
    main = Path("/proc/self")  # the thread that the loop runs in
    longest_s, told_s, waited_before_s = 0.0, loop.time(), _waited_s(main)
    while True:
        due_s = loop.time() + TICK_S
        await asyncio.sleep(TICK_S)
        longest_s = max(longest_s, loop.time() - due_s)
        if loop.time() - told_s >= TELL_STALLS_S:
            now_waited_s = _waited_s(main)
            board = gym.board()
            say(
                at_s=time.monotonic(),
                waited_s=waited_s(),
                stall_s=longest_s,
                stall_waited_s=now_waited_s - waited_before_s,
                notices=board.notices,
                tiles=[tile.freshness for tile in board.tiles],
            )
            longest_s, told_s, waited_before_s = 0.0, loop.time(), now_waited_s


async def train(gym: Gym) -> None:
    """Until SIGTERM, which leaves all sessions open."""
    running = asyncio.ensure_future(gym.run())
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, running.cancel)
    telling = asyncio.ensure_future(look_around(gym))
    await asyncio.wait({running})
    telling.cancel()


def main() -> None:
    """Open the gym, and let all eight walk in."""
    parser = argparse.ArgumentParser()
    parser.add_argument("data", type=Path)
    parser.add_argument("--speed", type=float, default=1.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--synchronous", default="FULL")
    options = parser.parse_args()
    people = [
        Trainee(
            address=one.strap.address,
            strap_name=one.name,
            stays=((0.0, math.inf),),
            seed=100 * options.seed + number,
            link_breaks=False,
        )
        for number, one in enumerate(PEOPLE)
        if one.strap is not None and one.strap.address is not None
    ]
    now = local_now()
    with open_station(Places(options.data).data, now=now, wall=local_now) as station:
        if station.store._db is not None:
            station.store._db.execute(f"PRAGMA synchronous = {options.synchronous}")
        straps: Straps = Witnessed(SyntheticStraps(people, speed=options.speed))
        gym = Gym(station, straps, now=local_now, people=PEOPLE, kind="sim")
        asyncio.run(train(gym))


if __name__ == "__main__":
    sys.exit(main())
