"""One adapter: it hears in short cycles, and between them links, one strap after another."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import replace

from bleak.backends.device import BLEDevice
from bleak.backends.scanner import AdvertisementData
from bleak.uuids import normalize_uuid_16

from sensors.bluez import TROUBLE, Dongle, Hear, Scanner, within
from sensors.limits import Limits
from sensors.near import SILENT_DBM, Strap
from sensors.places import Places

HEART_RATE_SERVICE = normalize_uuid_16(0x180D)

OpenScanner = Callable[[Hear, list[str], str], Scanner]
HearStrap = Callable[[Strap, AdvertisementData], None]


class Ear:
    """What this process does with one adapter, and what it knows of it."""

    def __init__(
        self, dongle: Dongle, limits: Limits, hear: HearStrap, changed: Callable[[], None]
    ) -> None:
        self.dongle: Dongle = dongle
        self.present = True
        """Whether bluetoothd listed it when last asked."""
        self.was_usable = False
        """Whether it has ever been; one that is kept off is nobody's worry."""
        self.held: set[str] = set()
        """Addresses of the straps that this process links to, or is about to."""
        self.places = Places()
        self.trouble: Exception | None = None
        """Why the last cycle failed."""
        self.hearing = False
        self.lock = asyncio.Lock()
        """Held over a scan, and over a connect: both at once fail in bluetoothd."""
        self._limits = limits
        self._hear, self._changed = hear, changed
        self._queue = asyncio.Lock()
        self._queued = 0
        self._wanted = asyncio.Event()

    @property
    def name(self) -> str:
        """What the kernel calls it."""
        return self.dongle.name

    @property
    def usable(self) -> bool:
        """Whether it is there and on, as far as is known."""
        return self.present and self.dongle.powered

    @property
    def waiting(self) -> bool:
        """Whether somebody waits for a turn."""
        return self._queued > 0

    def links(self) -> int:
        """How many it holds, or is about to: of this process, and of others."""
        return len(self.held | self.dongle.linked)

    def accepted(self, strap: Strap) -> None:
        """It has linked to the strap."""
        self._now_linked(self.dongle.linked | {strap.address})
        self.places.accepted(len(self.dongle.linked))

    def refused(self, strap: Strap, why: str) -> bool:
        """It has not linked to the strap, heard a moment ago: whether for want of a place."""
        links = len(self.dongle.linked - {strap.address})
        self.places.refused(links, why, strap.rssi_dbm, asyncio.get_running_loop().time())
        return self.places.full(links)

    def take(self, strap: Strap) -> None:
        """Somebody is going to link to the strap."""
        if self.full:
            self.places.put_off(asyncio.get_running_loop().time())
        self.held.add(strap.address)

    def release(self, strap: Strap) -> None:
        """The strap's link has ended, or was none."""
        self.held.discard(strap.address)
        self._now_linked(self.dongle.linked - {strap.address})

    def _now_linked(self, addresses: frozenset[str]) -> None:
        """Until bluetoothd is asked again."""
        self.dongle = replace(self.dongle, linked=addresses)

    @property
    def full(self) -> bool:
        """Whether it would refuse another link, as far as is known, with those about to come."""
        return self.places.full(self.links())

    def worth_trying(self, more: int) -> bool:
        """Whether to ask it for another link, while so many more are due to come."""
        now_s = asyncio.get_running_loop().time()
        return self.places.worth_trying(self.links() + more, now_s)

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """To link: the adapter for oneself.

        A scan is cut short for it. Between two turns there is a scan, however many wait: straps
        that link, or fail to, must not make it deaf for the others.
        """
        self._queued += 1
        try:
            await self._queue.acquire()
        finally:
            self._queued -= 1
        try:
            self._wanted.set()
            try:
                await self.lock.acquire()
            finally:
                self._wanted.clear()
            try:
                yield
            finally:
                self.lock.release()
        finally:
            self._queue.release()

    async def listen(self, scanner: OpenScanner) -> None:
        """Hear, cycle after cycle, until it fails or is cancelled.

        Cycles are short for three reasons. An adapter switched off and on ends a scan without a
        word. Kernel and bluetoothd end one after 10 s and pause for 5 s before the next. And most
        controllers report a strap whose advertisement does not change once in a scan.
        """
        try:
            while True:
                async with self.lock:
                    await self._cycle(scanner(self._receive, [HEART_RATE_SERVICE], self.name))
        except TROUBLE as error:
            self.trouble = error

    async def _cycle(self, scanner: Scanner) -> None:
        limits = self._limits
        try:
            await within(limits.scan_start_s, scanner.start())
            self.trouble, self.hearing = None, True
            self._changed()
            with suppress(TimeoutError):
                async with asyncio.timeout(limits.cycle_s):
                    await asyncio.sleep(limits.least_s)
                    await self._wanted.wait()
        finally:
            self.hearing = False
            self._changed()
            with suppress(*TROUBLE):
                await within(limits.call_s, scanner.stop())

    def _receive(self, device: BLEDevice, advertisement: AdvertisementData) -> None:
        rssi_dbm = advertisement.rssi if advertisement.rssi > SILENT_DBM else None
        name = advertisement.local_name or device.name
        self._hear(Strap(name, device.address, rssi_dbm, False, device, self.name), advertisement)
