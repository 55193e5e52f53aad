"""Who may train here: the roster of the data folder, and the day's guests."""

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path

from device import guests, roster
from device.athlete import Athlete, Strap
from device.errors import BeatwiseError, UnknownAthlete
from device.guests import BadGuest
from device.gym_book import GymBook
from device.names import LONGEST_NAME, name_mistake
from device.wearers import Wearers


class Members:
    """The people of a gym, as :class:`Wearers` has them, read from the disk and written there."""

    def __init__(
        self,
        data: Path,
        wearers: Wearers,
        book: GymBook,
        *,
        given: Sequence[Athlete] | None,
        tell: Callable[[str], object],
    ) -> None:
        """``given`` stand in for the roster in ``data``; ``tell`` is told what went wrong."""
        self._data = data
        self._wearers = wearers
        self._book = book
        self._given = None if given is None else tuple(given)
        self._tell = tell

    def reload(self) -> None:
        """Read the roster anew, after it was changed."""
        found = self._given
        if found is None:
            read = roster.load_all(self._data)
            found = read.athletes
            for mistake in read.mistakes:
                self._tell(str(mistake))
        names = {one.name for one in found}
        for one in self._wearers.everybody():
            if one.name not in names and not self._book.is_guest(one):
                self._wearers.remove(one.name)
        for one in found:
            self._wearers.add(one)

    def find(self, name: str) -> Athlete:
        """Who is called so; raises :class:`device.errors.UnknownAthlete`."""
        one = self._wearers.find(name)
        if one is None:
            raise UnknownAthlete(f"nobody here is called {name[:LONGEST_NAME]!r}")
        return one

    def guest_mistake(self, name: str) -> str | None:
        """Why a guest cannot be called so, in words; None where they can."""
        known = self._wearers.find(name)
        if known is not None and not self._book.is_guest(known):
            return f"there is one here called {known.name}: go back if it is you, or add a letter"
        return name_mistake(name)

    def guest(self, name: str, age_years: int | None, *, year: int) -> Athlete:
        """Somebody is here for the day; raises :class:`device.guests.BadGuest`."""
        if words := self.guest_mistake(name):
            raise BadGuest(words)
        return guests.guest(name, age_years, year=year)

    def give(self, one: Athlete, strap: Strap) -> tuple[Athlete, ...]:
        """A strap is theirs from now on: whose files are to be saved.

        One that is another's is borrowed, for the day: nobody at the screen takes it from them.
        """
        owner = self._wearers.belongs_to(strap.address)
        if owner is not None and owner != one:
            self._wearers.wears_today(strap.address or "", one)
            return ()
        given = self._wearers.give(one, strap)
        return () if self._given is not None else (given,)

    async def save(self, changed: tuple[Athlete, ...]) -> None:
        """Write their files; nobody waits for it."""
        try:
            await asyncio.to_thread(self._book.save, changed)
        except BeatwiseError as error:
            self._tell(str(error))
