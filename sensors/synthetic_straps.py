"""A simulated room as straps: people walk up, train, lose their links and walk off.

Everything happens in the order of its time, whatever the speed, and the same people give the same
advertisements and beats. The room lives while it is overheard.
"""

import asyncio
import math
import random
from collections.abc import Iterator, Sequence
from dataclasses import replace
from heapq import heappop, heappush
from itertools import count

from sensors import synthetic
from sensors.events import Connected, Elapsed, Emit, Searching, SensorEvent, Source
from sensors.pacing import EVENTS_BETWEEN_YIELDS, with_seconds
from sensors.straps import Report, Sighting
from sensors.synthetic_room import Trainee

ADVERTISED_EVERY_S = (0.8, 1.2)
HEARD_PCT = 90.0
"""Of advertisements; the others meet something else in the air."""
LOOKING = "looking for the simulated strap"


class SyntheticStraps:
    """The straps of a simulated room, as :class:`sensors.straps.Straps`."""

    def __init__(self, people: Sequence[Trainee], *, speed: float = 1.0) -> None:
        """``speed`` as for :func:`sensors.pacing.paced`; ``math.inf`` never waits."""
        self._people = {one.address: one for one in people}
        self._speed = speed
        self._t_s = 0.0
        """Of what happened last."""
        self._began_s: float | None = None
        self._due: list[tuple[float, int, Iterator[float]]] = []
        self._order = count()
        self._alarm: asyncio.Future[bool] | None = None
        self._linked: set[str] = set()

    def now_s(self) -> float:
        """Simulated seconds since the room began."""
        if self._began_s is None or self._speed == math.inf:
            return self._t_s
        passed_s = asyncio.get_running_loop().time() - self._began_s
        return max(self._t_s, passed_s * self._speed)

    def notices(self) -> tuple[str, ...]:
        """Nothing is ever wrong with this radio."""
        return ()

    def listen(self, address: str) -> Source:
        """One strap's beats; of a strap that is not in the room, nothing but the time."""

        async def source(emit: Emit) -> None:
            self._linked.add(address)
            listening = _Listening(emit)
            self._add(self.now_s(), self._link(address, listening))
            try:
                await asyncio.get_running_loop().create_future()
            finally:
                listening.over = True
                self._linked.discard(address)

        return source

    def sit_down(self, address: str) -> None:
        """Whoever wears it leaves off what they do, sits down, and comes to rest."""
        if (one := self._people.get(address)) is not None:
            self._people[address] = one.seated(self.now_s())

    def get_up(self, address: str) -> None:
        """They go on with what they came for."""
        if (one := self._people.get(address)) is not None:
            self._people[address] = one.risen(self.now_s())

    async def overhear(self, report: Report) -> None:
        """Let the room live, and report every advertisement, until cancelled."""
        if self._began_s is None:
            self._began_s = asyncio.get_running_loop().time()
        advertising = [self._advertise(address, report) for address in self._people]
        for one in advertising:
            self._add(self._t_s, one)
        try:
            for happened in count(1):
                if happened % EVENTS_BETWEEN_YIELDS == 0:
                    await asyncio.sleep(0)
                if await self._until(self._due[0][0] if self._due else math.inf):
                    self._t_s, _, happening = heappop(self._due)
                    self._add(self._t_s, happening)
        finally:
            self._due = [one for one in self._due if one[2] not in advertising]

    def _add(self, from_s: float, happening: Iterator[float]) -> None:
        """Go on with something up to its next wait."""
        due_s = next(happening, None)
        if due_s is None or due_s == math.inf:
            return
        heappush(self._due, (max(from_s, due_s), next(self._order), happening))
        if self._alarm is not None and not self._alarm.done():
            self._alarm.set_result(False)

    async def _until(self, due_s: float) -> bool:
        """Wait for a moment; False where something new may come before it."""
        loop = asyncio.get_running_loop()
        bell = None
        alarm: asyncio.Future[bool] = loop.create_future()
        self._alarm = alarm
        if due_s < math.inf:
            wait_s = 0.0
            if self._speed != math.inf and self._began_s is not None:
                wait_s = self._began_s + due_s / self._speed - loop.time()
            if wait_s <= 0.0:
                return True
            bell = loop.call_later(wait_s, _ring, alarm)
        try:
            return await alarm
        finally:
            if bell is not None:
                bell.cancel()

    def _advertise(self, address: str, report: Report) -> Iterator[float]:
        """Each wait of a strap between two advertisements, for as long as it is ever here."""
        seed = self._people[address].seed
        chance = random.Random(f"adverts {seed}")  # noqa: S311 - a simulation, not a secret
        t_s = self._t_s
        while True:
            comes_s = self._people[address].comes_s(t_s)
            t_s = max(t_s, comes_s) + chance.uniform(*ADVERTISED_EVERY_S)
            yield t_s
            one = self._people[address]
            rssi_dbm = one.rssi_dbm(t_s, chance)
            heard = 100.0 * chance.random() < HEARD_PCT
            silent = one.address in self._linked and not one.broadcasts
            if rssi_dbm is not None and heard and not silent:
                bpm = one.broadcast_bpm(t_s)
                report(Sighting(t_s, one.address, one.strap_name, rssi_dbm, bpm))

    def _link(self, address: str, listening: "_Listening") -> Iterator[float]:
        """Each wait of a link for its next event."""
        began_s = self.now_s()
        for event in with_seconds(self._events(address, began_s)):
            yield began_s + event.t_s
            if listening.over:
                return
            listening.emit(event)

    def _events(self, address: str, began_s: float) -> Iterator[SensorEvent]:
        yield Searching(LOOKING)
        one = self._people.get(address)
        comes_s = math.inf if one is None else one.comes_s(began_s)
        if one is not None and comes_s < math.inf:
            heart, trouble = one.heart_from(comes_s), one.trouble_from(comes_s)
            later_s = comes_s - began_s
            for event in synthetic.events(heart, trouble):
                at_s = event.t_s + later_s
                if isinstance(event, Connected):
                    yield Connected(one.strap_name, one.address, t_s=at_s)
                else:
                    yield replace(event, t_s=at_s)
        for second in count(1):
            yield Elapsed(float(second))


class _Listening:
    """Who hears of a link, for as long as they do."""

    def __init__(self, emit: Emit) -> None:
        self.emit = emit
        self.over = False


def _ring(alarm: asyncio.Future[bool]) -> None:
    if not alarm.done():
        alarm.set_result(True)
