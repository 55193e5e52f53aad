"""Whose strap is whose: as the roster has it, and as it turned out to be today."""

from collections.abc import Iterable
from dataclasses import replace

from device.athlete import Athlete, Strap
from device.names import name_key
from sensors.straps import Sighting


class Wearers:
    """The people who may train here, found by name and by strap."""

    def __init__(self, people: Iterable[Athlete] = ()) -> None:
        self._people = {name_key(one.name): one for one in people}
        self._today: dict[str, str | None] = {}
        """By address: the name's key of who wears it today; None: not its owner."""

    def everybody(self) -> tuple[Athlete, ...]:
        """All of them, as the roster has them."""
        return tuple(self._people.values())

    def find(self, name: str) -> Athlete | None:
        """Who is called so."""
        return self._people.get(name_key(name))

    def add(self, one: Athlete) -> None:
        """Somebody new, or known better."""
        self._people[name_key(one.name)] = one

    def remove(self, name: str) -> None:
        """Not here any more."""
        self._people.pop(name_key(name), None)
        self._today = {at: key for at, key in self._today.items() if key != name_key(name)}

    def owner(self, strap: Sighting) -> Athlete | None:
        """Who wears this strap: as found out today, else by its address, else by its name.

        A name alone is believed only where it is all that is known of the strap.
        """
        if strap.address in self._today:
            key = self._today[strap.address]
            return None if key is None else self._people.get(key)
        by_name = None
        for one in self._people.values():
            if one.strap is None:
                continue
            if one.strap.address == strap.address:
                return one
            if one.strap.address is None and one.strap.name == strap.name:
                by_name = one
        return by_name

    def own_strap(self, one: Athlete) -> str | None:
        """The address of the strap an athlete wears, where it is known."""
        key = name_key(one.name)
        today = next((at for at, who in self._today.items() if who == key), None)
        own = None if one.strap is None else one.strap.address
        return today or (own if own not in self._today else None)

    def wears_today(self, address: str, one: Athlete | None) -> None:
        """A strap is worn by somebody today, whoever owns it; None: by nobody who was said."""
        self._today[address] = None if one is None else name_key(one.name)

    def forget_today(self) -> None:
        """Tomorrow everybody wears their own again."""
        self._today.clear()

    def belongs_to(self, address: str | None) -> Athlete | None:
        """Whose the strap at an address is by the roster, whoever wears it today."""
        for one in self._people.values():
            if address is not None and one.strap is not None and one.strap.address == address:
                return one
        return None

    def give(self, one: Athlete, strap: Strap) -> Athlete:
        """A strap that is nobody's is theirs from now on; returns them with it."""
        given = replace(one, strap=strap)
        self.add(given)
        if strap.address is not None:
            self._today.pop(strap.address, None)
        return given
