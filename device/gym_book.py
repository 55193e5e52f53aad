"""What a gym asks of the disk, and writes there: this morning, the last purpose, guests, sessions.

All of it may wait for a disk, so it is called in threads; what needs no disk says so.
"""

from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime

from device import erase, guests, roster
from device.athlete import Athlete
from device.errors import UnknownAthlete
from device.guests import Guest, Moment
from device.intended import Intended
from device.measure import Measurement
from device.names import name_key, same_name
from device.purpose import Purpose
from device.sources import OpenedSource, SourceSpec
from device.station import Station
from device.visit import Meant
from sensors.events import Source


class GymBook:
    """The books of one gym."""

    def __init__(
        self,
        station: Station,
        *,
        kind: str,
        now: Callable[[], datetime],
        moment: Callable[[], Moment] | None,
        said_day: Callable[[str], date | None],
    ) -> None:
        """``said_day`` tells which day it is as an athlete of this name has said it."""
        self._station = station
        self._kind = kind
        self._now = now
        self._moment = moment
        self._said_day = said_day
        self._last: dict[str, Purpose] = {}
        self._guests: dict[str, Guest] = {}
        self._expected: set[str] = set()
        """Guests that have not reached the disk yet."""

    # -- without a disk

    def usual_purpose(self, one: Athlete) -> Purpose:
        """Today's plan, else what was chosen last, else easy; without a disk."""
        today = None if one.plan is None else one.plan[self._now().weekday()]
        return today or self._last.get(name_key(one.name), Purpose.EASY)

    def is_guest(self, one: Athlete) -> bool:
        """Whether somebody is here for the day only; without a disk."""
        return name_key(one.name) in self._guests or one.name in self._expected

    def expect_guest(self, one: Athlete) -> None:
        """A guest has said who they are; without a disk."""
        self._expected.add(one.name)

    def source(self, address: str, listen: Source) -> OpenedSource:
        """A strap of the room, to be measured with; without a disk."""
        spec = SourceSpec(f"{self._kind}:{address}", "ble", address=address)
        return OpenedSource(spec, lambda _: listen, None, live=True)

    # -- with one

    def open(self) -> tuple[list[tuple[str, str]], tuple[Athlete, ...]]:
        """Look up who was here: straps of sessions that may go on, with whose; and the guests.

        Raises :class:`device.errors.StoreError`.
        """
        store = self._station.store
        self.see_off_guests()
        for row in store.rows(
            "SELECT athlete, purpose FROM session WHERE id IN (SELECT max(id) FROM session"
            " WHERE athlete IS NOT NULL GROUP BY athlete, purpose) ORDER BY id",
            (),
        ):
            with suppress(ValueError):  # a morning test is no purpose
                chosen = Purpose(row["purpose"])
                if chosen is not Purpose.RAMP:  # a test is not what one does again next time
                    self._last[name_key(row["athlete"])] = chosen
        worn = [
            (found.start.source.partition(":")[2], found.start.athlete)
            for found in self._station.left_open(self._kind, now=self._now())
            if found.start.athlete is not None
        ]
        return worn, tuple(guest.athlete for guest in self._guests.values())

    def begin(self, meant: Meant, source: OpenedSource) -> Measurement:
        """Settle a session and begin it, or go on with the one that was cut off on this visit.

        Raises a :class:`device.errors.BeatwiseError`.
        """
        station, one, now = self._station, meant.athlete, self._now()
        if meant.guest and one is not None:
            self._take_in(one)
        open_ = station.left_open(self._kind, now=now) if one is not None else ()
        cut_off = next((found for found in open_ if one and found.start.athlete == one.name), None)
        if cut_off is not None:
            said = self._said(one)
            intended = station.settle_again(cut_off, one, source, now=now, said=said)
        else:
            intended = self.settle(meant, source)
        measurement = Measurement(
            intended,
            station.store,
            sync_s=station.config.store.sync_s,
            heartbeat=station.heartbeat,
        )
        measurement.leave_open = True  # until somebody leaves
        return measurement

    def settle(self, meant: Meant, source: OpenedSource) -> Intended:
        """The band of a purpose, by the athlete's zones and this morning's verdict.

        Raises :class:`device.errors.StoreError`.
        """
        now, said = self._now(), self._said(meant.athlete)
        return self._station.settle(meant.purpose, meant.athlete, source, now=now, said=said)

    def chose(self, meant: Meant) -> None:
        """What somebody chose is preselected next time; without a disk."""
        if meant.athlete is not None and meant.purpose is not Purpose.RAMP:
            self._last[name_key(meant.athlete.name)] = meant.purpose

    def save(self, changed: tuple[Athlete, ...]) -> None:
        """Write athletes' files; raises a :class:`device.errors.BeatwiseError`."""
        for one in changed:
            roster.save(self._station.places.data, one)

    def moment(self) -> Moment:
        """Now, by every clock there is; raises :class:`device.errors.StoreError`."""
        if self._moment is not None:
            return self._moment()
        station = self._station
        return guests.moment_here(station.store, station.places.data, self._now())

    def see_off_guests(self, present: tuple[str, ...] = ()) -> tuple[Athlete, ...]:
        """Erase every guest whose day is over and who has left; returns whom.

        Raises a :class:`device.errors.StoreError`.
        """
        store, now = self._station.store, self.moment()
        kept = {name_key(one.athlete.name): one for one in guests.all_guests(store)}
        over = [
            one
            for one in kept.values()
            if guests.is_over(one.came, now)
            and not any(same_name(one.athlete.name, name) for name in present)
        ]
        for one in over:
            with suppress(UnknownAthlete):  # nothing was measured
                erase.erase(store, self._station.places, one.athlete.name, bury=False)
            del kept[name_key(one.athlete.name)]
        self._guests = kept
        return tuple(one.athlete for one in over)

    def _said(self, one: Athlete | None) -> date | None:
        return None if one is None else self._said_day(one.name)

    def _take_in(self, one: Athlete) -> None:
        now = self.moment()
        guests.take_in(self._station.store, one, now)
        self._guests.setdefault(name_key(one.name), Guest(one, now))
        self._expected.discard(one.name)
