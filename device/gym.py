"""Everybody who trains here now: straps are heard, athletes signed in, measured, and seen off.

One athlete at home is one :class:`~device.measure.Measurement`; here there is one for each. Their
sessions are left open whenever the program ends without anybody's decision, and gone on with when
their straps are heard again.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from device import roster
from device.athlete import Athlete, Strap
from device.closing import ClosingTime
from device.errors import BeatwiseError, NotHere, UnknownAthlete
from device.intent import Purpose
from device.measure import Intended, Measurement
from device.names import name_key
from device.reading import Reading
from device.saving import saving
from device.sign_in import GONE_S, Nearness
from device.sources import OpenedSource, SourceSpec
from device.station import Station
from device.summary import Summary
from device.tile import Board, Welcome, WhoseStrap
from device.visit import Visit
from sensors.events import SensorEvent
from sensors.straps import Sighting, Straps


@dataclass(frozen=True, slots=True)
class Came:
    """A session began, or goes on."""

    athlete: str
    purpose: str
    ceiling_bpm: float | None
    t_s: float


@dataclass(frozen=True, slots=True)
class Measured:
    """Something was measured; each athlete's session has its own time."""

    athlete: str
    event: SensorEvent
    reading: Reading


@dataclass(frozen=True, slots=True)
class Left:
    """A session is over, and saved."""

    athlete: str
    session: int | None
    summary: Summary
    left_open: bool
    """It goes on when the strap is heard again."""
    t_s: float


Happening = Came | Measured | Left

LOOK_S = 1.0
"""So often it is looked who has left."""
GONE_ON_WITHIN = timedelta(hours=3)
"""A session that was cut off goes on by itself; whoever comes back much later begins anew."""
WELCOMED_S = 15.0
"""So long a welcome may stand on the board."""


class Gym:
    """The athletes of one room; every method belongs to the event loop that :meth:`run` runs in.

    What people decide at the screen raises a :class:`~device.errors.BeatwiseError` with one line.
    """

    def __init__(
        self,
        station: Station,
        straps: Straps,
        *,
        now: Callable[[], datetime],
        people: Sequence[Athlete] | None = None,
        kind: str = "ble",
    ) -> None:
        """``people`` stand in for the roster of the data folder, and are not written there.

        ``now`` is the wall clock with its offset; ``kind`` is what sessions are stored to be of.
        """
        self._station = station
        self._straps = straps
        self._now = now
        self._given = None if people is None else tuple(people)
        self._kind = kind
        self._people: dict[str, Athlete] = {}
        self._visits: dict[str, Visit] = {}
        """By the key of their athlete's name, in the order they came."""
        self._nearness = Nearness()
        self._away: dict[str, float] = {}
        """Straps that sign nobody in until they have been gone, and when each was heard last."""
        self._asked: Sighting | None = None
        """The strap that nobody is known by, now at the screen."""
        self._welcome: Welcome | None = None
        self._closing = ClosingTime(station.config.kiosk.closes)
        self._told: list[str] = []
        self._tasks: asyncio.TaskGroup | None = None
        self._over = asyncio.Event()
        self._until_s: float | None = None
        self.watch: Callable[[Happening], object] = lambda _: None
        """Is told of everything that happens to anybody; must not wait."""
        self._looked_s = 0.0
        self.reload()

    async def run(self, *, until_s: float | None = None) -> None:
        """Let people train until ``until_s``, or until this is cancelled.

        At its end by itself everybody is signed out. Cancelled, it leaves their sessions open:
        they go on when it runs again and their straps are heard. All is saved either way.
        """
        self._until_s = until_s
        async with saving(self._station.store, self._station.config.store.sync_s):
            try:
                async with asyncio.TaskGroup() as self._tasks:
                    beside = [
                        self._tasks.create_task(self._straps.overhear(self._hear)),
                        self._tasks.create_task(self._keep_looking()),
                    ]
                    await self._over.wait()
                    await self.close()
                    for task in beside:
                        task.cancel()
            finally:
                self._tasks = None

    # -- what there is to see

    def board(self) -> Board:
        """What the screen on the wall shows now."""
        t_s = self._straps.now_s()
        welcome = self._welcome
        if welcome is not None and t_s - welcome.t_s > WELCOMED_S:
            welcome = None
        return Board(
            t_s=t_s,
            tiles=tuple(visit.tile() for visit in self._visits.values()),
            welcome=welcome,
            whose=self._whose(),
            notices=self._notices(),
        )

    def roster(self) -> tuple[Athlete, ...]:
        """Everybody who may sign in by name."""
        return tuple(self._people.values())

    def reload(self) -> None:
        """Read the roster anew, after it was changed."""
        found = self._given
        if found is None:
            found = roster.load_all(self._station.places.data).athletes
        self._people = {name_key(one.name): one for one in found}

    # -- what people decide

    def sign_in(self, athlete: str, purpose: Purpose, address: str | None = None) -> None:
        """Somebody is here; without ``address`` with their own strap, or the next one near."""
        one = self._athlete(athlete)
        if name_key(athlete) in self._visits:
            raise NotHere(f"{one.name} is signed in already")
        self._arrive(one, purpose, address or self._own_strap_here(one))

    def claim(self, address: str, athlete: str, purpose: Purpose) -> None:
        """An unknown strap is theirs, and will sign them in from now on."""
        one = self._athlete(athlete)
        if any(visit.address == address for visit in self._visits.values()):
            raise NotHere("somebody trains with this strap now")
        heard = self._nearness.last(address)
        if heard is None:
            raise NotHere("this strap is not heard any more: come closer to the screen")
        present = self._visits.get(name_key(one.name))
        if present is not None and present.address is not None:
            raise NotHere(f"{one.name} trains with another strap now")
        one = self._remember(one, Strap(address, heard.name))
        if present is None:
            self._arrive(one, purpose, address)
        else:
            self._give(present, address)

    def choose(self, athlete: str, purpose: Purpose) -> None:
        """What the session is for."""
        self._visit(athlete).purpose = purpose

    def sign_out(self, athlete: str) -> None:
        """They have done for today: the session is saved."""
        self._leave(self._visit(athlete))

    def end(self) -> None:
        """Let :meth:`run` come to its end, with everybody signed out."""
        self._over.set()

    async def close(self) -> None:
        """Sign everybody out, and wait until all is saved."""
        leaving = [visit.task for visit in self._visits.values() if visit.task is not None]
        for visit in tuple(self._visits.values()):
            self._leave(visit)
        if leaving:
            await asyncio.wait(leaving)

    # -- what is heard

    def _hear(self, sighting: Sighting) -> None:
        visit = next((v for v in self._visits.values() if v.address == sighting.address), None)
        if visit is not None:
            visit.hear(sighting)
        elif not self._is_away(sighting):
            self._nearness.hear(sighting)
            self._look_at(sighting)
        self._look_now()

    def _is_away(self, sighting: Sighting) -> bool:
        last_s = self._away.pop(sighting.address, None)
        if last_s is None or sighting.t_s - last_s > GONE_S:
            return False
        self._away[sighting.address] = sighting.t_s
        return True

    def _look_at(self, sighting: Sighting) -> None:
        """A strap nobody is signed in with: its owner's, the one waited for, or whose?"""
        owner = self._owner(sighting)
        if owner is not None:
            if not self._nearness.is_here(sighting.address, sighting.t_s):
                return
            present = self._visits.get(name_key(owner.name))
            if present is None:
                self._arrive(owner, self.usual_purpose(owner), sighting.address, welcome=True)
            elif present.address is None:
                self._give(present, sighting.address)
            return
        near = self._nearness.near(sighting.t_s).strap
        if near is None or near.address != sighting.address:
            return
        waiting = [visit for visit in self._visits.values() if visit.address is None]
        if len(waiting) == 1:
            self._give(waiting[0], near.address)
        else:
            self._asked = near

    def _owner(self, sighting: Sighting) -> Athlete | None:
        """Who is known by this strap: by its address, or by its name where that is all we know."""
        for one in self._people.values():
            strap = one.strap
            if strap is not None and strap.address == sighting.address:
                return one
        for one in self._people.values():
            strap = one.strap
            if strap is not None and strap.address is None and strap.name == sighting.name:
                return one
        return None

    # -- coming and going

    def usual_purpose(self, _: Athlete) -> Purpose:
        """What is preselected: today's plan, else what was chosen last."""
        return Purpose.EASY

    def _arrive(
        self, one: Athlete, purpose: Purpose, address: str | None, *, welcome: bool = False
    ) -> None:
        if self._tasks is None:
            raise NotHere("nobody can sign in before the gym has opened")
        visit = Visit(one, purpose, address, clock=self._straps.now_s)
        self._visits[name_key(one.name)] = visit
        if address is not None:
            self._nearness.forget(address)
            self._away.pop(address, None)
        visit.task = self._tasks.create_task(self._train(visit, welcome=welcome))

    def _give(self, visit: Visit, address: str) -> None:
        self._nearness.forget(address)
        visit.give(address)

    def _leave(self, visit: Visit) -> None:
        """Gone: the session is over and will be saved."""
        self._visits = {key: one for key, one in self._visits.items() if one is not visit}
        if visit.address is not None:
            self._away[visit.address] = self._straps.now_s()
        if visit.measurement is not None:
            visit.measurement.leave_open = False
        if visit.task is not None:
            visit.task.cancel()

    async def _train(self, visit: Visit, *, welcome: bool) -> None:
        """One visit, from the strap to the saved session."""
        await visit.has_strap.wait()
        try:
            measurement = await asyncio.to_thread(self._begin, visit)
        except BeatwiseError as error:
            self._told.append(str(error))
            self._leave(visit)
            return
        visit.measurement = measurement
        band = measurement.session.effort.band
        ceiling_bpm = None if band is None else band.ceiling_bpm
        came = Came(visit.name, visit.purpose, ceiling_bpm, self._straps.now_s())
        if welcome:
            self._welcome = Welcome(came.athlete, came.purpose, came.ceiling_bpm, came.t_s)
        self.watch(came)

        def show(event: SensorEvent, reading: Reading) -> None:
            visit.show(event, reading)
            self.watch(Measured(visit.name, event, reading))
            self._look_now()

        try:
            await measurement.run(show)
        finally:
            self.watch(
                Left(
                    visit.name,
                    measurement.session_id,
                    measurement.session.summary(),
                    measurement.leave_open,
                    self._straps.now_s(),
                )
            )

    def _begin(self, visit: Visit) -> Measurement:
        """Settle the session, in a thread: it asks the disk about this morning."""
        station, now = self._station, self._now()
        one, source = visit.athlete, self._source(visit)
        cut_off = None
        if one is not None:
            cut_off = station.cut_off(one, source.spec, now=now, within=GONE_ON_WITHIN)
        intended: Intended
        if cut_off is None:
            intended = station.settle(visit.purpose, one, source, now=now)
        else:
            intended = station.settle_again(cut_off, one, source, now=now)
            visit.purpose = intended.purpose
        measurement = Measurement(intended, station.store, sync_s=station.config.store.sync_s)
        measurement.leave_open = True  # until somebody leaves
        return measurement

    def _source(self, visit: Visit) -> OpenedSource:
        address = visit.address
        assert address is not None  # noqa: S101 - a session begins with a strap
        listen = visit.source(self._straps.listen(address))
        spec = SourceSpec(f"{self._kind}:{address}", "ble", address=address)
        return OpenedSource(spec, lambda _: listen, None, live=True)

    # -- looking around

    async def _keep_looking(self) -> None:
        while True:
            await asyncio.sleep(LOOK_S)
            self._look_now()

    def _look_now(self) -> None:
        """Once a second of the gym's clock: who has left, what is the time?"""
        t_s = self._straps.now_s()
        if t_s < self._looked_s + LOOK_S:
            return
        self._looked_s = t_s
        for visit in tuple(self._visits.values()):
            if visit.is_over(t_s):
                self._leave(visit)
        if self._closing.has_come(self._now(), asyncio.get_running_loop().time()):
            for visit in tuple(self._visits.values()):
                self._leave(visit)
        if self._until_s is not None and t_s >= self._until_s:
            self._over.set()

    def _whose(self) -> WhoseStrap | None:
        t_s = self._straps.now_s()
        asked, near = self._asked, self._nearness.near(t_s).strap
        if asked is None or near is None or near.address != asked.address:
            return None
        return WhoseStrap(asked.address, asked.name or asked.address, t_s)

    def _notices(self) -> tuple[str, ...]:
        notices = [*self._straps.notices(), *self._told]
        if self._station.store.trouble is not None:
            notices.append(str(self._station.store.trouble))
        return tuple(notices)

    def _remember(self, owner: Athlete, strap: Strap) -> Athlete:
        """Somebody's strap is another now: known at once, and in the files soon."""
        changed = replace(owner, strap=strap)
        for key, one in self._people.items():
            if one.strap is not None and one.strap.address == strap.address:
                self._people[key] = replace(one, strap=None)
                self._keep(self._people[key])
        self._people[name_key(changed.name)] = changed
        self._keep(changed)
        return changed

    def _keep(self, changed: Athlete) -> None:
        """Write a file of the roster, in a thread; who stands in for it has none."""
        if self._given is None and self._tasks is not None:
            self._tasks.create_task(self._save(changed))

    async def _save(self, changed: Athlete) -> None:
        try:
            await asyncio.to_thread(roster.save, self._station.places.data, changed)
        except BeatwiseError as error:
            self._told.append(str(error))

    # -- finding

    def _athlete(self, name: str) -> Athlete:
        one = self._people.get(name_key(name))
        if one is None:
            raise UnknownAthlete(f"nobody here is called {name[:64]!r}")
        return one

    def _visit(self, name: str) -> Visit:
        visit = self._visits.get(name_key(name))
        if visit is None:
            raise NotHere(f"{name[:64]} is not signed in")
        return visit

    def _own_strap_here(self, one: Athlete) -> str | None:
        address = None if one.strap is None else one.strap.address
        t_s = self._straps.now_s()
        return address if address and self._nearness.is_here(address, t_s) else None
