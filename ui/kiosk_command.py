"""``beatwise kiosk``: a gym full of athletes, on a screen or as JSON lines."""

import argparse
import asyncio
import sys

from device import roster, roster_file
from device.errors import BadSource, StoreError
from device.gym import Gym
from device.simulated_gym import MOST, simulated_gym
from device.sources import SourceSpec, parse
from device.station import Station, open_station
from ui.kiosk_headless import headless
from ui.wiring import local_now

FASTEST = 300.0
"""What ``@max`` is here: faster, people would have left before the disk knows that they came."""


def run(options: argparse.Namespace) -> int:
    """Let people train until it is ended; the exit code is 0 however that happens."""
    spec = parse(options.source or "ble")
    with open_station(options.data, now=local_now(), wall=local_now) as station:
        if options.roster is not None:
            roster_file.take_in(station.places.data, roster_file.read(options.roster))
        if station.store.read_only:
            raise StoreError(station.store.notes[-1])
        for note in station.store.notes:
            print(f"beatwise: {note}", file=sys.stderr)
        for mistake in roster.load_all(station.places.data).mistakes:
            print(f"beatwise: {mistake}", file=sys.stderr)
        gym = open_gym(station, spec)
        if not options.headless:
            raise BadSource("kiosk: no screen yet; say --headless for JSON lines")
        asyncio.run(_headless(station, gym, options.for_s))
    return 0


async def _headless(station: Station, gym: Gym, for_s: float | None) -> None:
    with station.heartbeat.beating():
        await headless(gym, for_s)


def open_gym(station: Station, spec: SourceSpec) -> Gym:
    """The gym of a source: the room's straps, or a simulated room.

    Raises :class:`device.errors.BadSource` where a source is no room.
    """
    match spec.kind:
        case "ble" if spec.address is None:
            from sensors.limits import Limits
            from sensors.room import Room

            room = Room(limits=Limits(silence_s=station.config.bluetooth.silence_s))
            return Gym(station, room, now=local_now)
        case "sim" if 1 <= spec.seed <= MOST:
            from sensors.synthetic_straps import SyntheticStraps

            known = roster.load_all(station.places.data).athletes
            people, trainees = simulated_gym(known, spec.seed, weekday=local_now().weekday())
            straps = SyntheticStraps(trainees, speed=min(spec.speed, FASTEST))
            return Gym(station, straps, now=local_now, people=people, kind="sim")
    raise BadSource(
        f"--source {spec.text}: a kiosk takes ble, or sim:N[@SPEED] for 1 to {MOST} athletes"
    )
