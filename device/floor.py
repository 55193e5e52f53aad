"""Who trains now: visits begun, measured, put right where they were another's, and ended."""

import asyncio
from collections.abc import Callable, Mapping, Sequence

from device.door import Door
from device.errors import BeatwiseError, NotHere
from device.gym_book import GymBook
from device.happening import Asked, Came, Happening, Left, Measured
from device.intended import Intended
from device.measure import Measurement
from device.names import same_name
from device.purpose import Purpose
from device.put_right import become
from device.reading import Reading
from device.sign_in import GONE_S
from device.store import Store
from device.tile import Welcome, WhoseStrap
from device.visit import Meant, Visit
from sensors.events import SensorEvent
from sensors.strap_name import display_name
from sensors.straps import Sighting, Straps


class Floor:
    """The visits of one room; its methods belong to one event loop."""

    def __init__(
        self,
        store: Store,
        straps: Straps,
        door: Door,
        book: GymBook,
        *,
        tell: Callable[[str], object],
        look: Callable[[], object],
    ) -> None:
        """``tell`` is told what went wrong, a line each; ``look`` is called with each reading."""
        self.visits: list[Visit] = []
        """In the order they came."""
        self.welcome: Welcome | None = None
        """The last one."""
        self.watch: Callable[[Happening], object] = lambda _: None
        """Is told of everything that happens to anybody; must not wait."""
        self.tasks: asyncio.TaskGroup | None = None
        """Runs the visits; None while the gym is closed."""
        self._store = store
        self._straps = straps
        self._door = door
        self._book = book
        self._tell = tell
        self._look = look
        self._changing = asyncio.Lock()
        self._asked = "", 0.0
        """The address of the strap that was asked about last, and when."""

    def hear(self, sighting: Sighting) -> None:
        """A strap advertises: it is one that somebody trains with, or somebody comes in."""
        visit = self.worn(sighting.address)
        if visit is not None:
            visit.hear(sighting)
            return
        waiting = [one for one in self.visits if one.address is None]
        present = [one.name for one in self.visits if one.address is not None]
        arrival = self._door.hear(sighting, present=present, waiting=len(waiting))
        self._ask(sighting.t_s)
        if arrival is None:
            return
        if arrival.owner is None:
            self.take(waiting[0].meant, sighting.address)
        else:
            purpose = self._book.usual_purpose(arrival.owner)
            meant = Meant(arrival.owner, purpose, self._book.is_guest(arrival.owner))
            self.take(meant, sighting.address, welcome=True)

    def whose(self, t_s: float) -> WhoseStrap | None:
        """The strap of which nobody knows whose it is, if one is worn or at the screen."""
        for visit in self.visits:
            if visit.meant.athlete is None and visit.address is not None:
                return WhoseStrap(visit.address, visit.strap_name, t_s)
        asked = self._door.whose(t_s)
        if asked is None:
            return None
        return WhoseStrap(asked.address, display_name(asked.name, asked.address), t_s)

    def _ask(self, t_s: float) -> None:
        """Ask once, also where the strap is not the nearest for a moment."""
        whose = self.whose(t_s)
        if whose is None:
            return
        address, asked_s = self._asked
        self._asked = whose.address, t_s
        if whose.address != address or t_s - asked_s > GONE_S:
            self.watch(Asked(whose.address, whose.name, t_s))

    def take(self, meant: Meant, address: str | None, *, welcome: bool = False) -> None:
        """Somebody trains from now on, with a strap that nobody else is known to train with."""
        if self.tasks is None or meant.athlete is None:
            raise NotHere("nobody can sign in before the gym has opened")
        visit = self.find(meant.athlete.name)
        if visit is not None and (address is None or visit.address is not None):
            raise NotHere(f"{visit.name} is signed in already")
        worn = None if address is None else self.worn(address)
        if worn is not None and worn.meant.athlete is not None:
            raise NotHere(f"{worn.name} trains with this strap now")
        self._book.chose(meant)
        if address is not None:
            self._door.let_in(address)
            if worn is not None or meant.guest:
                self._door.wearers.wears_today(address, meant.athlete)
        if worn is not None:  # it was found not to be another's
            if visit is not None:
                self.leave(visit)
            self.mean({worn: meant})
        elif visit is not None and address is not None:  # it was waited for
            visit.give(address)
        else:
            visit = Visit(meant, address, clock=self._straps.now_s, confirmed=not welcome)
            self.visits.append(visit)
            visit.task = self.tasks.create_task(self._train(visit, welcome=welcome))

    def leave(self, visit: Visit, *, walked_past: bool = False) -> None:
        """Gone: the session is over and will be saved, unless they only walked past."""
        self.visits.remove(visit)
        if visit.address is not None:
            self._door.see_off(visit.address, visit.heard_s)
        if visit.measurement is not None:
            visit.measurement.leave_open = False
            visit.measurement.discarded = walked_past
        if visit.task is not None:
            visit.task.cancel()

    async def _train(self, visit: Visit, *, welcome: bool) -> None:
        """One visit, from the strap to the saved session."""
        await visit.has_strap.wait()
        try:
            measurement = await self._begin(visit)
        except BeatwiseError as error:
            self._tell(str(error))
            if visit in self.visits:
                self.leave(visit)
            return
        self._came(visit, welcome=welcome)
        if visit.meant != visit.measured:
            self.mean({visit: visit.meant})

        def show(event: SensorEvent, reading: Reading) -> None:
            visit.show(reading)
            self.watch(Measured(visit.name, event, reading))
            self._look()

        try:
            await measurement.run(show)
        finally:
            session = None if measurement.discarded else measurement.session_id
            summary = measurement.session.summary()
            open_, t_s = measurement.leave_open, self._straps.now_s()
            self.watch(Left(visit.name, session, summary, open_, t_s))

    async def _begin(self, visit: Visit) -> Measurement:
        """Settle what is measured, in a thread: it asks the disk about this morning."""
        meant, address = visit.meant, visit.address or ""
        source = self._book.source(address, visit.source(self._straps.listen(address)))
        beginning = asyncio.ensure_future(asyncio.to_thread(self._book.begin, meant, source))
        try:
            measurement = await asyncio.shield(beginning)
        except asyncio.CancelledError:
            await asyncio.wait({beginning})
            if beginning.exception() is None:
                beginning.result().drop()
            raise
        purpose = Purpose(measurement.purpose)  # that of a session that goes on
        visit.measured = Meant(meant.athlete, purpose, meant.guest)
        if visit.meant == meant:
            visit.meant = visit.measured
        visit.measurement = measurement
        visit.confirmed |= measurement.session_id is not None  # it goes on
        return measurement

    def _came(self, visit: Visit, *, welcome: bool = False) -> None:
        measurement = visit.measurement
        band = None if measurement is None else measurement.session.effort.band
        ceiling_bpm = None if band is None else band.ceiling_bpm
        came = Came(visit.name, visit.meant.purpose, ceiling_bpm, self._straps.now_s())
        if welcome:
            self.welcome = Welcome(came.athlete, came.purpose, came.ceiling_bpm, came.t_s)
        self.watch(came)

    def mean(self, changes: Mapping[Visit, Meant]) -> None:
        """Sessions are found to be another's, or for something else, from their first beats on."""
        for visit, meant in changes.items():
            visit.mean(meant)
            self._book.chose(meant)
        self._ask(self._straps.now_s())
        measured = tuple(visit for visit in changes if visit.measured is not None)
        if self.tasks is not None and measured:  # the others are measured as they are meant now
            self.tasks.create_task(self._put_right(measured))

    async def _put_right(self, visits: Sequence[Visit]) -> None:
        """Judge the sessions anew as they are meant now."""
        async with self._changing:
            meant = {visit: visit.meant for visit in visits if visit.meant != visit.measured}
            try:
                changes = await asyncio.to_thread(self._settle, meant)
                await become(self._store, changes)
            except BeatwiseError as error:
                self._tell(str(error))
                for visit in meant:
                    visit.mean(visit.measured or visit.meant)
                return
            for visit, now in meant.items():
                visit.measured = now
                self._came(visit)

    def _settle(self, meant: Mapping[Visit, Meant]) -> dict[Measurement, Intended]:
        changes = {}
        for visit, now in meant.items():
            address = visit.address or ""
            source = self._book.source(address, self._straps.listen(address))
            if visit.measurement is not None:
                changes[visit.measurement] = self._book.settle(now, source)
        return changes

    def find(self, name: str) -> Visit | None:
        """The visit of somebody; None where they are not here."""
        return next((visit for visit in self.visits if name and same_name(visit.name, name)), None)

    def worn(self, address: str) -> Visit | None:
        """The visit that a strap is worn on; None where nobody trains with it."""
        return next((visit for visit in self.visits if visit.address == address), None)
