"""The shared scan: what all adapters hear, for all of the process who want to know."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import replace
from typing import Protocol

from bleak.backends.scanner import AdvertisementData

from sensors.bluez import AdapterState, Dongle
from sensors.ear import Ear, OpenScanner
from sensors.lately import remember
from sensors.limits import Limits
from sensors.near import Strap, loudness

AGAIN_S = 1.0
"""Wait after a scan that failed."""
SHORTEST_S = 0.001
"""A rest below this is none: sums of times do not come out even."""


class Hearer(Protocol):
    """Who wants to know what is heard."""

    def hear(self, strap: Strap, advertisement: AdvertisementData) -> None:
        """An advertisement of a strap."""

    def fail(self, error: Exception) -> None:
        """Nothing can be heard at present."""

    def changed(self) -> None:
        """Scanning has begun or ended."""


class Air:
    """One scan on each adapter, while somebody listens.

    A strap can only be linked to by an adapter that has heard it, so all of them scan.
    """

    def __init__(
        self, scanner: OpenScanner, ask: Callable[[], Awaitable[AdapterState]], limits: Limits
    ) -> None:
        self.ears: dict[str, Ear] = {}
        """By name, also those that are gone: what was found out about them stays true."""
        self.state: AdapterState | None = None
        """As it was when last asked."""
        self._scanner, self._ask, self._limits = scanner, ask, limits
        self._asking = asyncio.Lock()
        self._asked_s = float("-inf")
        self._hearers: list[Hearer] = []
        self._listening = 0
        self._task: asyncio.Task[None] | None = None
        self._recent: dict[tuple[str, str], tuple[float, Strap]] = {}

    @property
    def usable(self) -> list[Ear]:
        """The adapters that are there and on, by name."""
        return [ear for _, ear in sorted(self.ears.items()) if ear.usable]

    @property
    def wanted(self) -> bool:
        """Whether anybody wants to hear just now."""
        return self._listening > 0

    async def survey(self, *, max_age_s: float = 0.0) -> AdapterState:
        """Which adapters there are; an answer this old will do. Many who ask at once ask once."""
        wanted_s = asyncio.get_running_loop().time() - max_age_s
        async with self._asking:
            if self.state is None or self._asked_s < wanted_s:
                self._asked_s = asyncio.get_running_loop().time()
                self.state = await self._ask()
                self._note(self.state)
        return self.state

    def _note(self, state: AdapterState) -> None:
        for ear in self.ears.values():
            ear.present = False
        for dongle in state.adapters:
            ear = self._ear(dongle)
            ear.dongle, ear.present = dongle, True
            ear.was_usable |= dongle.powered
        heard_by = {ear.name for ear in self.usable}
        for key in [key for key in self._recent if key[0] not in heard_by]:
            del self._recent[key]  # bluetoothd has forgotten it with the adapter

    def _ear(self, dongle: Dongle) -> Ear:
        """The one we have, or a new one: plugged in again, a dongle may get another name."""
        known = self.ears.get(dongle.name)
        if known is not None and known.dongle.address == dongle.address:
            return known
        ear = self.ears[dongle.name] = Ear(dongle, self._limits, self._hear, self._changed)
        for name, other in list(self.ears.items()):
            if not other.present and other is not ear and other.dongle.address == dongle.address:
                ear.places = other.places
                del self.ears[name]
        return ear

    # Those who listen.

    @asynccontextmanager
    async def open(self, hearer: Hearer) -> AsyncIterator[None]:
        """Scan, and tell the hearer; the last who leaves ends the scan."""
        self._listening += 1
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._run())
            self._task.add_done_callback(self._ended)
        try:
            with self._telling(hearer):
                yield
        finally:
            self._listening -= 1
            if not self._listening and (task := self._task) is not None:
                self._task = None
                task.cancel()
                await asyncio.wait({task})

    async def look(
        self, wanted: Callable[[Strap], bool], seconds: float, *, linger_s: float = 0.0
    ) -> list[Strap]:
        """Straps that advertise: heard in ``seconds`` of scanning, or ``linger_s`` after a wanted.

        The strongest of each strap and adapter. What somebody else heard in the last seconds
        counts, so that one who is heard by a scan that is always on is linked to at once.

        Raises one of TROUBLE when no adapter can scan.
        """
        look = _Look(wanted)
        loop = asyncio.get_running_loop()
        async with self.open(look):
            for at_s, strap in list(self._recent.values()):
                if loop.time() - at_s <= self._limits.cycle_s:
                    look.note(strap)
            rest_s = seconds
            while rest_s > SHORTEST_S and not look.found and look.error is None:
                hearing = any(ear.hearing for ear in self.ears.values())
                since_s = loop.time()
                look.news.clear()
                with suppress(TimeoutError):
                    async with asyncio.timeout(rest_s if hearing else None):
                        await look.news.wait()
                if hearing:
                    rest_s -= loop.time() - since_s
            if look.error is not None:
                raise look.error
            if look.found:
                await asyncio.sleep(linger_s)
        return list(look.near.values())

    async def heard(self, wanted: Callable[[Strap], bool], within_s: float) -> None:
        """Wait until somebody else's scan hears a wanted strap, at most ``within_s``."""
        look = _Look(wanted)
        with self._telling(look), suppress(TimeoutError):
            async with asyncio.timeout(within_s):
                while not look.found:
                    look.news.clear()
                    await look.news.wait()

    def forget(self, address: str) -> None:
        """What was heard of it does not count any more: it was linked to, or that failed."""
        for key in [key for key in self._recent if key[1] == address]:
            del self._recent[key]

    def heard_since_taken(self, strap: Strap) -> bool:
        """Whether its adapter has heard it again since somebody took it to link to it."""
        return (strap.adapter, strap.address) in self._recent

    @contextmanager
    def _telling(self, hearer: Hearer) -> Iterator[None]:
        self._hearers.append(hearer)
        try:
            yield
        finally:
            self._hearers.remove(hearer)

    # The scan.

    async def _run(self) -> None:
        """An ear on every adapter, as they come and go."""
        at_work: dict[Ear, asyncio.Task[None]] = {}
        try:
            while True:
                state = await self.survey()
                usable = self.usable
                for ear in [ear for ear in at_work if ear not in usable]:
                    task = at_work.pop(ear)
                    task.cancel()
                    await asyncio.wait({task})
                for ear in usable:
                    if ear not in at_work:
                        at_work[ear] = asyncio.create_task(ear.listen(self._scanner))
                if not usable:
                    self._fail(OSError(state.words))
                    await asyncio.sleep(AGAIN_S)
                    continue
                done, _ = await asyncio.wait(
                    at_work.values(),
                    timeout=self._limits.check_s,
                    return_when=asyncio.FIRST_COMPLETED,
                )
                for ear in [ear for ear, task in at_work.items() if task in done]:
                    at_work.pop(ear).result()
                troubles = [ear.trouble for ear in usable]
                if done and all(troubles):
                    self._fail(troubles[0] or OSError(state.words))
                if done:
                    await asyncio.sleep(AGAIN_S)
        finally:
            for task in at_work.values():
                task.cancel()
            if at_work:
                await asyncio.wait(at_work.values())

    def _ended(self, task: asyncio.Task[None]) -> None:
        error = None if task.cancelled() else task.exception()
        if isinstance(error, Exception):  # a mistake of ours: nobody shall wait in vain
            self._fail(error)

    def _hear(self, strap: Strap, advertisement: AdvertisementData) -> None:
        now_s = asyncio.get_running_loop().time()
        remember(self._recent, (strap.adapter, strap.address), (now_s, strap))
        for hearer in list(self._hearers):
            hearer.hear(strap, advertisement)

    def _fail(self, error: Exception) -> None:
        for hearer in list(self._hearers):
            hearer.fail(error)

    def _changed(self) -> None:
        for hearer in list(self._hearers):
            hearer.changed()


class _Look:
    """One who looks for a strap, and what was heard meanwhile."""

    def __init__(self, wanted: Callable[[Strap], bool]) -> None:
        self.near: dict[tuple[str, str], Strap] = {}
        self.found = False
        self.error: Exception | None = None
        self.news = asyncio.Event()
        self._wanted = wanted

    def hear(self, strap: Strap, _: AdvertisementData) -> None:
        self.note(strap)

    def note(self, strap: Strap) -> None:
        key = strap.adapter, strap.address
        loudest = max(self.near.get(key, strap), strap, key=loudness)
        remember(self.near, key, replace(strap, rssi_dbm=loudest.rssi_dbm))
        if self._wanted(strap):
            self.found = True
            self.news.set()

    def fail(self, error: Exception) -> None:
        self.error = error
        self.news.set()

    def changed(self) -> None:
        self.news.set()
