"""``beatwise roster``: who trains here, their PINs, and everybody in one file."""

import argparse
import sys
from pathlib import Path

from rich.cells import cell_len

from device import folder, roster, roster_file
from device.errors import BeatwiseError, StoreError
from device.history import open_history
from device.names import name_key
from device.pins import ADMIN, Pins, pin_mistake
from device.roster import Roster
from device.station import open_station
from ui import secret
from ui.terminal import Glyphs, glyphs_of, plain
from ui.wiring import local_now
from ui.words import UNKNOWN

NAME_CELLS = 28
"""At least; the longest name makes it wider."""


class NotSaid(BeatwiseError, ValueError):
    """The command lacks something; says what."""


def run(options: argparse.Namespace) -> int:
    """List, take in, give out, or set a PIN."""
    places = folder.places(options.data)
    match options.doing:
        case "export":
            people = roster.load_all(places.data).athletes
            roster_file.write(options.file.expanduser(), people)
            print(f"{options.file}: {len(people)} athletes; their PINs are not in it")
        case "import":
            people = roster_file.read(options.file.expanduser())
            folder.make(places.data)
            with folder.hold(places.data):
                roster_file.take_in(places.data, people)
            print(f"{options.file}: {len(people)} athletes added or updated")
        case "pin":
            _set_pin(options)
        case _:
            everybody = roster.load_all(places.data)
            glyphs = glyphs_of(sys.stdout)
            print("\n".join(table(everybody, _with_pin(places.database), glyphs)))
            for mistake in everybody.mistakes:
                print(f"beatwise: {plain(str(mistake))}", file=sys.stderr)
    return 0


def _set_pin(options: argparse.Namespace) -> None:
    if bool(options.name) == options.admin:
        raise NotSaid("roster pin: whose? Say NAME, or --admin")
    with open_station(options.data, now=local_now()) as station:
        if options.admin:
            who, asked = ADMIN, "The admin's new PIN"
        else:
            who = roster.load(station.places.data, options.name).name
            asked = f"New PIN of {plain(who)}"
        digits = secret.ask(asked, twice=True)
        if words := pin_mistake(digits):
            raise NotSaid(words)
        Pins(station.store).set_(who, digits)
    print("the PIN is set")


def _with_pin(database: Path) -> set[str] | None:
    """Keys of the names that have one; None where that cannot be told."""
    try:
        with open_history(database) as history:
            return {row["athlete"] for row in history.rows("SELECT athlete FROM pin", ())}
    except StoreError:  # of an older Beatwise, or damaged: the roster is there all the same
        return None


def table(everybody: Roster, with_pin: set[str] | None, glyphs: Glyphs) -> list[str]:
    """A line for each."""
    if not everybody.athletes:
        return ["nobody yet; `beatwise roster import FILE` adds a whole roster"]
    names = {one.name: plain(one.name, glyphs) for one in everybody.athletes}
    widest = max(NAME_CELLS, *map(cell_len, names.values()))
    lines = [f"{'name':<{widest}}  {'born':<5} {'PIN':<5} strap"]
    for one in everybody.athletes:
        strap = one.strap and (one.strap.address or one.strap.name)
        has = UNKNOWN if with_pin is None else "yes" if name_key(one.name) in with_pin else "no"
        name = names[one.name] + " " * (widest - cell_len(names[one.name]))
        lines.append(
            f"{name}  {one.birth_year or UNKNOWN!s:<5} {has:<5} {plain(strap or UNKNOWN, glyphs)}"
        )
    admin = with_pin is not None and ADMIN in with_pin
    if not admin:
        lines += ["", "No admin PIN yet; `beatwise roster pin --admin` sets one."]
    return lines
