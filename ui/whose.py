"""Whose history is meant, where a command asks for one athlete."""

from pathlib import Path

from device import config, folder, roster
from device.athlete import Athlete
from device.errors import UnknownAthlete
from device.station import DEMO


def athlete(data: Path | None, name: str | None, command: str) -> Athlete:
    """As named, else as the settings say, else the only one there is.

    Raises :class:`device.errors.UnknownAthlete` where that is nobody.
    """
    places = folder.places(data)
    name = name or config.load(places.data).athlete
    if name == DEMO.name:
        return DEMO
    if name is not None:
        return roster.load(places.data, name)
    known = roster.load_all(places.data).athletes
    if len(known) == 1:
        return known[0]
    who = ", ".join(one.name for one in known[:10]) or "there is none yet in this data folder"
    raise UnknownAthlete(f"{command}: whose is it? Say --athlete NAME ({who})")
