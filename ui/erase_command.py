"""``beatwise erase --athlete A``: gone for good."""

import argparse
import sys

from device import backup_list
from device.erase import erase
from device.errors import BeatwiseError, UnknownAthlete
from device.names import same_name
from device.station import open_station
from ui.terminal import plain
from ui.wiring import local_now


class NotErased(BeatwiseError, ValueError):
    """The person thought better of it."""


def run(options: argparse.Namespace) -> int:
    """Erase, and say what was done and what no program can reach."""
    name = options.athlete
    if not name:
        raise UnknownAthlete("erase: whom? Say --athlete NAME; the only one is never guessed")
    with open_station(options.data, now=local_now()) as station:
        if sys.stdin.isatty() and not options.yes:
            for made in backup_list.reachable(station.places.data):
                print(f"This backup goes too, and everybody in it: {plain(str(made))}")
            said = input(f"Everything of {plain(name)} will be gone. Type the name: ")
            if not same_name(said.strip(), name):
                raise NotErased("that is another name; nothing was erased")
        erased = erase(station.store, station.places, name)
    print(f"erased {plain(name)}: {erased.rows} rows of the database")
    for line in erased.removed:
        print(f"  removed {plain(line)}")
    for line in erased.remains:
        print(plain(line))
    return 0
