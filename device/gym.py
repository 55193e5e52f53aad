"""Everybody who trains here now: straps are heard, athletes signed in, measured, and seen off.

One athlete at home is one :class:`~device.measure.Measurement`; here there is one for each. Their
sessions are left open whenever the program ends without anybody's decision, and gone on with when
their straps are heard again.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime, time

from device.athlete import Athlete, Strap
from device.beside import Beside
from device.caretaker import Caretaker
from device.door import Door
from device.errors import NotHere
from device.floor import Floor
from device.guests import Moment
from device.gym_book import GymBook
from device.happening import Happening
from device.members import Members
from device.names import LONGEST_NAME
from device.purpose import Purpose
from device.saving import saving
from device.sources import OpenedSource
from device.station import Station
from device.tile import Board
from device.told import Told
from device.visit import Meant, Visit
from device.wearers import Wearers
from sensors.strap_name import display_name
from sensors.straps import Sighting, Straps

WELCOMED_S = 15.0
"""So long a welcome may stand on the board."""


class Gym:
    """The athletes of one room; every method belongs to the event loop that :meth:`run` runs in.

    What people decide at the screen raises a :class:`~device.errors.BeatwiseError` with one line
    where it cannot be; what turns out only afterwards, such as a full disk, is told on the board.
    """

    def __init__(
        self,
        station: Station,
        straps: Straps,
        *,
        now: Callable[[], datetime],
        moment: Callable[[], Moment] | None = None,
        people: Sequence[Athlete] | None = None,
        kind: str = "ble",
    ) -> None:
        """``people`` stand in for the roster of the data folder, and are not written there.

        ``now`` is the wall clock with its offset, ``moment`` all clocks, where not this machine's;
        ``kind`` is what sessions are stored to be of.
        """
        self._station = station
        self._straps = straps
        self._now = now
        self._book = GymBook(station, kind=kind, now=now, moment=moment, said_day=self._said_day)
        self._wearers = Wearers()
        self._door = Door(self._wearers, near_dbm=station.config.kiosk.near_dbm)
        self._told = Told()
        tell, look = self._tell, self._look
        self._members = Members(
            station.places.data, self._wearers, self._book, given=people, tell=tell
        )
        self._floor = Floor(station.store, straps, self._door, self._book, tell=tell, look=look)
        self._caretaker = Caretaker(
            self._floor,
            self._wearers,
            self._book,
            clock=straps.now_s,
            now=now,
            closes=station.config.kiosk.closes,
            tell=tell,
        )
        self.beside: Beside | None = None
        self.reload()

    async def run(self, *, until_s: float | None = None) -> None:
        """Let people train until ``until_s``, :meth:`end`, or until this is cancelled.

        At its end by itself everybody is signed out. Cancelled, it leaves their sessions open:
        they go on when it runs again and their straps are heard. All is saved either way.
        """
        self._caretaker.until_s = until_s
        async with saving(self._station.store, self._station.config.store.sync_s):
            try:
                async with asyncio.TaskGroup() as tasks:
                    self._floor.tasks = tasks
                    await self._caretaker.open()
                    beside = [
                        tasks.create_task(self._straps.overhear(self._hear)),
                        tasks.create_task(self._caretaker.keep_looking()),
                        tasks.create_task(self._caretaker.keep_house()),
                    ]
                    await self._caretaker.over.wait()
                    for task in beside:
                        task.cancel()
                    self._floor.tasks = None  # whoever comes now comes too late
                    await self.close()
            finally:
                self._floor.tasks = None
                if self.beside is not None:
                    await self.beside.close()

    @property
    def watch(self) -> Callable[[Happening], object]:
        """Is told of everything that happens to anybody; must not wait."""
        return self._floor.watch

    @watch.setter
    def watch(self, watch: Callable[[Happening], object]) -> None:
        self._floor.watch = watch

    # -- what there is to see

    def board(self) -> Board:
        """What the screen on the wall shows now."""
        t_s = self._straps.now_s()
        welcome = self._floor.welcome
        if welcome is not None and t_s - welcome.t_s > WELCOMED_S:
            welcome = None
        return Board(
            t_s=t_s,
            tiles=tuple(v.tile() for v in self._floor.visits if v.meant.athlete is not None),
            welcome=welcome,
            whose=self._floor.whose(t_s),
            notices=self._notices(t_s),
        )

    def roster(self) -> tuple[Athlete, ...]:
        """Everybody who may sign in by name, today's guests too."""
        return self._wearers.everybody()

    def guest_mistake(self, name: str) -> str | None:
        """Why a guest cannot be called so, in words; None where they can."""
        return self._members.guest_mistake(name)

    def usual_purpose(self, athlete: str) -> Purpose:
        """What is preselected: today's plan, else what was chosen last, else easy."""
        return self._book.usual_purpose(self._members.find(athlete))

    def reload(self) -> None:
        """Read the roster anew, after it was changed; who trains now is not touched."""
        self._members.reload()

    def close_at(self, closes: time | None) -> None:
        """Sign everybody out at this time of day from now on; None for never."""
        self._caretaker.closing.closes = closes

    # -- what people decide

    def sign_in(self, athlete: str, purpose: Purpose, address: str | None = None) -> None:
        """Somebody is here: with the strap at ``address``, their own, or the next one near."""
        one = self._members.find(athlete)
        address = address or self._door.is_here(one, self._straps.now_s())
        self._floor.take(self._meant(one, purpose), address)

    def sign_in_guest(
        self, name: str, age_years: int | None, purpose: Purpose, address: str | None = None
    ) -> None:
        """Somebody is here for the day, and gone from the disk after it."""
        one = self._members.guest(name, age_years, year=self._now().year)
        self._floor.take(Meant(one, purpose, guest=True), address)
        self._wearers.add(one)
        self._book.expect_guest(one)

    def claim(self, address: str, athlete: str, purpose: Purpose) -> None:
        """An unknown strap is theirs, and will sign them in from now on; another's, for today."""
        one = self._members.find(athlete)
        heard = self._door.last(address)
        if heard is None and self._floor.worn(address) is None:
            raise NotHere("this strap is not heard any more: come closer to the screen")
        meant = self._meant(one, purpose)
        self._floor.take(meant, address)
        if not meant.guest:
            name = None if heard is None or not heard.name else display_name(heard.name)
            changed = self._members.give(one, Strap(address, name))
            if changed and self._floor.tasks is not None:
                self._floor.tasks.create_task(self._members.save(changed))

    def not_you(self, athlete: str) -> None:
        """It is not their strap today: their session is nobody's until somebody says it is."""
        visit = self._visit(athlete)
        self._floor.welcome = None
        if visit.address is None:
            self._floor.leave(visit)
            return
        self._wearers.wears_today(visit.address, None)
        self._floor.mean({visit: Meant(None, visit.meant.purpose)})

    def not_now(self, address: str) -> None:
        """Nobody says whose strap it is: it is not asked about again until it has been gone."""
        visit = self._floor.worn(address)
        if visit is None:
            self._door.see_off(address, self._straps.now_s())
        elif visit.meant.athlete is None:
            self._floor.leave(visit)

    def choose(self, athlete: str, purpose: Purpose) -> None:
        """What the session is for, from its first beat on."""
        visit = self._visit(athlete)
        self._floor.mean({visit: replace(visit.meant, purpose=purpose)})

    def swap(self, one: str, other: str) -> None:
        """Two wear each other's straps: what was measured so far changes hands with them."""
        first, second = self._visit(one), self._visit(other)
        if first is second:
            raise NotHere(f"{first.name} cannot swap straps alone: say with whom")
        for visit, meant in ((first, second.meant), (second, first.meant)):
            if visit.address is not None:
                self._wearers.wears_today(visit.address, meant.athlete)
        self._floor.mean({first: second.meant, second: first.meant})

    def sign_out(self, athlete: str) -> None:
        """They have done for today: the session is saved."""
        self._floor.leave(self._visit(athlete))

    async def lend(self, athlete: str) -> OpenedSource:
        """Their strap, for a seated test in the corner; until :meth:`take_back` it is not here.

        Whatever was measured with it is over, saved, and off the board when this returns.
        """
        one = self._members.find(athlete)
        visit = self._floor.find(athlete)
        address = self._door.is_here(one, self._straps.now_s()) if visit is None else visit.address
        if address is None:
            raise NotHere(f"no strap of {one.name} is heard: put it on, and come closer")
        if visit is not None:
            self._floor.leave(visit)
        self._door.lend(address, one)
        if visit is not None and visit.task is not None:
            await asyncio.wait({visit.task})
        return self._book.source(address, self._straps.listen(address))

    def take_back(self, athlete: str) -> None:
        """The corner has done: heard again, the strap signs its athlete in."""
        self._door.take_back(self._members.find(athlete))

    def end(self) -> None:
        """Let :meth:`run` come to its end, with everybody signed out."""
        self._caretaker.over.set()

    async def close(self) -> None:
        """Sign everybody out, and wait until all is saved."""
        leaving = [visit.task for visit in self._floor.visits if visit.task is not None]
        self._caretaker.send_home()
        if leaving:
            await asyncio.wait(leaving)

    # -- what there is to tell

    def _hear(self, sighting: Sighting) -> None:
        self._floor.hear(sighting)
        self._look()

    def _look(self) -> None:
        self._caretaker.look()

    def _notices(self, t_s: float) -> tuple[str, ...]:
        notices = [*self._straps.notices(), *self._door.notices(t_s), *self._caretaker.notices()]
        if self._station.store.trouble is not None:
            notices.append(str(self._station.store.trouble))
        beside = () if self.beside is None else self.beside.notices()
        # What became of a damaged database is told as long as this runs, behind all else.
        return (*notices, *self._told.at(t_s), *beside, *self._station.store.notes)

    def _tell(self, trouble: str) -> None:
        """Something went wrong that nobody waits for an answer to."""
        self._told.add(trouble, self._straps.now_s())

    # -- finding

    def _said_day(self, athlete: str) -> date | None:
        return None if self.beside is None else self.beside.said_day(athlete)

    def _meant(self, one: Athlete, purpose: Purpose) -> Meant:
        return Meant(one, purpose, self._book.is_guest(one))

    def _visit(self, name: str) -> Visit:
        visit = self._floor.find(name)
        if visit is None:
            raise NotHere(f"{name[:LONGEST_NAME]} is not signed in")
        return visit
