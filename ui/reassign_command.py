"""``beatwise reassign ID --athlete B``: a session, or a morning test, was somebody else's."""

import argparse

from device import roster
from device.errors import UnknownAthlete
from device.reassign import reassign
from device.station import open_station
from ui import words
from ui.terminal import plain
from ui.wiring import local_now


def run(options: argparse.Namespace) -> int:
    """Put it right, and say what it is now."""
    if not options.athlete:
        raise UnknownAthlete("reassign: whose is it? Say --athlete NAME")
    with open_station(options.data, now=local_now()) as station:
        before = station.store.session(options.id).start.athlete
        one = roster.load(station.places.data, options.athlete)
        after = reassign(station, options.id, one)
    start = after.start
    day = words.UNKNOWN if start.started is None else words.day(start.started)
    whose = "nobody" if before is None else plain(before)
    print(f"session {after.id} ({plain(start.purpose)}, {day}): {plain(one.name)}, not {whose}")
    return 0
