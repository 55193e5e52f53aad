"""A gym for tests: a simulated room in virtual time, and hands that press keys at set times."""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import inline_threads

from device import roster
from device.athlete import Athlete, Strap
from device.guests import Moment
from device.gym import Gym
from device.happening import Happening
from device.station import Station, open_station
from sensors.straps import Straps
from sensors.synthetic_room import Trainee
from sensors.synthetic_straps import SyntheticStraps

BEGAN = datetime(2026, 11, 21, 18, 0, tzinfo=timezone(timedelta(hours=1)))
ANNA = Athlete("Anna", resting_bpm=50.0, max_bpm=190.0, strap=Strap("F0:00:00:00:00:0A"))
BEN = Athlete("Ben", resting_bpm=60.0, max_bpm=180.0, strap=Strap("F0:00:00:00:00:0B"))
CHRIS = Athlete("Chris", resting_bpm=55.0, max_bpm=185.0)
UNKNOWN = "F0:00:00:00:00:0C"

Hand = tuple[float, Callable[[Gym], Any]]
"""At which second of the gym's clock somebody does what."""


def trainee(address: str, *stays: tuple[float, float], **more: Any) -> Trainee:
    seed = int(address[-2:], 16)
    usual = {"strap_name": f"Strap {address[-2:]}", "seed": seed, "link_breaks": False}
    return Trainee(address=address, stays=stays, **(usual | more))


@contextmanager
def station_of(data: Path, *athletes: Athlete, config: str = "") -> Iterator[Station]:
    data.mkdir(exist_ok=True)
    (data / "config.toml").write_text(config)
    for one in athletes:
        roster.save(data, one)
    with open_station(data, now=BEGAN) as station:
        yield station


def totals(summary: dict[str, Any] | None) -> dict[str, float | None]:
    """A stored summary without α1 by heart rate, whose points fall a moment sooner or later."""
    assert summary is not None
    return {key: value for key, value in summary.items() if key != "alpha1_at_hr"}


def train(
    station: Station,
    people: Sequence[Trainee],
    hands: Sequence[Hand] = (),
    *,
    for_s: float,
    began: datetime = BEGAN,
    cut: bool = False,
    straps: Callable[[Sequence[Trainee]], Straps] = SyntheticStraps,
) -> list[Happening]:
    """Let the gym run for so long, with hands at its keys; returns everything that happened.

    ``cut``: the machine goes down at the end, instead of closing.
    """
    happened: list[Happening] = []

    async def work() -> None:
        loop = asyncio.get_running_loop()

        def now() -> datetime:
            return began + timedelta(seconds=loop.time())

        def moment() -> Moment:
            return Moment(now(), trusted=True, boot_id="a boot", boot_s=loop.time())

        gym = Gym(station, straps(people), now=now, moment=moment)
        gym.watch = happened.append
        running = asyncio.ensure_future(gym.run(until_s=None if cut else for_s))
        for at_s, act in sorted(hands, key=lambda hand: hand[0]):
            await asyncio.sleep(at_s - loop.time())
            done = act(gym)
            if asyncio.iscoroutine(done):
                await done
        if cut:
            await asyncio.sleep(for_s - loop.time())
            running.cancel()
        await asyncio.wait({running})
        if not running.cancelled():
            running.result()

    inline_threads.run(work())
    return happened
