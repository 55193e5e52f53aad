"""Joins a gym's screen to the program behind it; brings everything that takes its time to load."""

from __future__ import annotations

import argparse
import signal
from contextlib import ExitStack
from functools import partial
from time import monotonic
from types import TracebackType
from typing import TYPE_CHECKING

from device import roster, roster_file
from device.errors import BadSource, StoreError
from device.gym import Gym
from device.simulated_gym import MOST, SimulatedCalls, simulated_gym
from device.sources import SourceSpec, parse
from device.station import Station, open_station
from ui.kiosk import Opened, Opening
from ui.wiring import local_now

if TYPE_CHECKING:
    from device.corner import Lender

FASTEST = 300.0
"""What ``@max`` is here: faster, people would have left before the disk knows that they came."""


class OpenGym:
    """A gym as it was asked for on the command line; closed when the block is left.

    Raises a :class:`device.errors.BeatwiseError` for each thing a person must put right.
    """

    station: Station
    gym: Gym
    lender: Lender
    """Of straps, for the corner."""
    notes: tuple[str, ...]
    """What a person should know of its files."""

    def __init__(self, options: argparse.Namespace) -> None:
        self.options = options
        self.spec = parse(options.source or "ble")
        self._opened = ExitStack()

    def __enter__(self) -> OpenGym:
        opened = open_station(self.options.data, now=local_now(), wall=local_now)
        with ExitStack() as opening:
            self.station = station = opening.enter_context(opened)
            data, store = station.places.data, station.store
            if self.options.roster is not None:
                roster_file.take_in(data, roster_file.read(self.options.roster))
            if store.read_only:
                raise StoreError(store.notes[-1])
            self.notes = (*store.notes, *map(str, roster.load_all(data).mistakes))
            self.gym, self.lender = open_gym(station, self.spec)
            self._opened = opening.pop_all()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._opened.close()

    async def without_a_screen(self, for_s: float | None) -> None:
        """Tell what happens as JSON lines."""
        from ui.kiosk_headless import headless

        with self.station.heartbeat.beating():
            await headless(self.gym, for_s)

    def for_a_screen(self) -> Opened:
        """The room, and what lies behind the keys of its board."""

        from device.corner import Corner
        from ui.corner_screen import open_corner
        from ui.kiosk_desk import desk_of
        from ui.private import open_admin, open_own_data

        station, gym = self.station, self.gym
        seats = station.config.kiosk.seats
        lender = self.lender
        corner = gym.beside = Corner(station, lender, now=local_now, clock=monotonic, seats=seats)
        desk = desk_of(station, gym, corner, partial(signal.raise_signal, signal.SIGTERM))
        keys: dict[str, Opening] = {
            "c": lambda app: open_corner(app, corner, desk, app.glyphs),
            "m": lambda app: open_own_data(app, desk, app.glyphs),
            "a": lambda app: open_admin(app, desk, app.glyphs),
        }
        return Opened(gym, keys, station.heartbeat)


def open_gym(station: Station, spec: SourceSpec) -> tuple[Gym, Lender]:
    """The gym of a source, the room's straps or a simulated room; and who lends its straps.

    Raises :class:`device.errors.BadSource` where a source is no room.
    """
    match spec.kind:
        case "ble" if spec.address is None:
            from sensors.limits import Limits
            from sensors.room import Room

            room = Room(limits=Limits(silence_s=station.config.bluetooth.silence_s))
            gym = Gym(station, room, now=local_now)
            return gym, gym
        case "sim" if 1 <= spec.seed <= MOST:
            from sensors.synthetic_straps import SyntheticStraps

            known = roster.load_all(station.places.data).athletes
            people, trainees = simulated_gym(known, spec.seed, weekday=local_now().weekday())
            straps = SyntheticStraps(trainees, speed=min(spec.speed, FASTEST))
            gym = Gym(station, straps, now=local_now, people=people, kind="sim")
            return gym, SimulatedCalls(gym, straps)
    raise BadSource(
        f"--source {spec.text}: a kiosk takes ble, or sim:N[@SPEED] for 1 to {MOST} athletes"
    )
