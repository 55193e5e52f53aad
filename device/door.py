"""Who comes in: from every advertisement heard to who is signed in, and whom to ask."""

from collections.abc import Iterable
from dataclasses import dataclass

from device.athlete import Athlete
from device.names import same_name
from device.sign_in import Away, Nearness
from device.wearers import Wearers
from sensors.straps import Sighting

CROWDED = "several unknown straps are at the screen: one at a time, the others a few steps back"


@dataclass(frozen=True, slots=True)
class Arrival:
    """A strap that nobody trains with is here, and it is known what that means."""

    strap: Sighting
    owner: Athlete | None
    """Who is known by it; None: the one who waits for a strap."""


class Door:
    """Hears the straps that nobody is signed in with; the time comes with them."""

    def __init__(self, wearers: Wearers, *, near_dbm: int) -> None:
        """``near_dbm`` as :attr:`device.config.Kiosk.near_dbm`."""
        self.wearers = wearers
        self._nearness = Nearness(near_dbm)
        self._away = Away()
        self._lent: dict[str, str] = {}
        """Straps that are in the corner, by address, and whose they are."""
        self._asked: Sighting | None = None
        """The unknown strap that was at the screen last."""

    def hear(self, strap: Sighting, *, present: Iterable[str], waiting: int) -> Arrival | None:
        """Take in an advertisement.

        ``present`` are the names of those who train with a strap; ``waiting`` is how many are
        signed in and have none.
        """
        if strap.address in self._lent or self._away.has(strap):
            return None
        self._nearness.hear(strap)
        owner = self.wearers.owner(strap)
        if owner is not None:
            elsewhere = any(same_name(owner.name, name) for name in present)
            here = self._nearness.is_here(strap.address, strap.t_s)
            return Arrival(strap, owner) if here and not elsewhere else None
        near = self._nearness.near(strap.t_s).strap
        if near is None or near.address != strap.address:
            return None
        if waiting == 1:
            return Arrival(strap, None)
        self._asked = near
        return None

    def last(self, address: str) -> Sighting | None:
        """The newest word of a strap that nobody trains with; None where it is not here."""
        return self._nearness.last(address)

    def is_here(self, one: Athlete, t_s: float) -> str | None:
        """The address of an athlete's own strap, if it is heard."""
        address = self.wearers.own_strap(one)
        if address is None or address in self._lent:
            return None
        here = self._nearness.is_here(address, t_s) or self._away.is_here(address, t_s)
        return address if here else None

    def whose(self, t_s: float) -> Sighting | None:
        """The unknown strap at the screen, for as long as it is there."""
        near = self._nearness.near(t_s).strap
        asked = self._asked
        return asked if near is not None and asked and near.address == asked.address else None

    def notices(self, t_s: float) -> tuple[str, ...]:
        """What those at the screen should know."""
        return (CROWDED,) if self._nearness.near(t_s).crowded else ()

    # -- straps come and go

    def let_in(self, address: str) -> None:
        """Somebody trains with it."""
        self._nearness.forget(address)
        self._away.recall(address)

    def see_off(self, address: str, heard_s: float) -> None:
        """Whoever wears it has done, or will not say who they are; when it was heard last."""
        self._nearness.forget(address)
        self._away.send(address, heard_s)

    def lend(self, address: str, one: Athlete) -> None:
        """It is in the corner."""
        self._lent[address] = one.name
        self._nearness.forget(address)

    def take_back(self, one: Athlete) -> None:
        """It is not any more: heard again, it signs its athlete in."""
        for address, name in self._lent.items():
            if same_name(name, one.name):
                self._away.recall(address)
        self._lent = {
            address: name for address, name in self._lent.items() if not same_name(name, one.name)
        }
