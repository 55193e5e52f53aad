"""The straps of a room over Bluetooth: all heard in one scan, each linked to in its turn."""

import asyncio
from collections.abc import Callable
from functools import partial
from math import inf

from bleak.backends.scanner import AdvertisementData

from sensors.ble import boottime_s, listen
from sensors.bluez import TROUBLE
from sensors.events import Source
from sensors.lately import remember
from sensors.limits import Limits
from sensors.near import Strap
from sensors.polar_broadcast import Broadcasts
from sensors.radio import RADIO, Radio
from sensors.straps import Report, Sighting

OUT_OF_REACH_S = 10.0
"""A strap that the first adapter has not heard for so long is none of its own."""
SILENT_TOLD_EVERY_S = 1.0
"""As often as most straps advertise."""


class Room:
    """:class:`sensors.straps.Straps` over BlueZ."""

    def __init__(
        self,
        *,
        radio: Radio = RADIO,
        clock: Callable[[], float] = boottime_s,
        limits: Limits | None = None,
    ) -> None:
        self._radio, self._clock, self._limits = radio, clock, limits
        self._began_s: float | None = None

    def now_s(self) -> float:
        """Seconds since the listening began, on the clock of the sightings; 0 before it."""
        return 0.0 if self._began_s is None else self._clock() - self._began_s

    async def overhear(self, report: Report) -> None:
        """Report every advertisement heard, until cancelled, whatever happens to the adapter.

        What ``report`` raises ends it.
        """
        if self._began_s is None:
            self._began_s = self._clock()
        overheard = _Overheard(self._radio, self.now_s)
        async with self._radio.air.open(overheard):
            silent = asyncio.create_task(overheard.keep_telling_of_silent())
            try:
                while True:
                    heard = await overheard.news.get()
                    if isinstance(heard, Exception):
                        raise heard
                    report(heard)
            finally:
                silent.cancel()
                await asyncio.wait({silent})

    def listen(self, address: str) -> Source:
        """One strap's beats, with a watchdog and a back-off of its own."""
        return partial(
            listen, address=address, clock=self._clock, limits=self._limits, radio=self._radio
        )

    def notices(self) -> tuple[str, ...]:
        """What a person should know of the radio now, a line each."""
        return self._radio.notices()


class _Overheard:
    """What all adapters hear, as sightings.

    Nearness is measured by one ear, the first adapter: two dongles in different corners, or only
    of different make, cannot be compared. What only another hears is near nobody.
    """

    def __init__(self, radio: Radio, now_s: Callable[[], float]) -> None:
        self.news: asyncio.Queue[Sighting | Exception] = asyncio.Queue()
        self._radio, self._now_s = radio, now_s
        self._broadcasts = Broadcasts()
        self._close: dict[str, float] = {}
        """Address of a strap that the first adapter hears, and when it last did."""

    def hear(self, strap: Strap, advertisement: AdvertisementData) -> None:
        now_s = self._now_s()
        bpm = self._broadcasts.news(strap.address, advertisement.manufacturer_data)
        rssi_dbm = strap.rssi_dbm
        first = next((ear.name for ear in self._radio.air.usable), strap.adapter)
        if strap.adapter == first:
            remember(self._close, strap.address, now_s)
        else:
            rssi_dbm = None
            if bpm is None and now_s - self._close.get(strap.address, -inf) <= OUT_OF_REACH_S:
                return
        self.news.put_nowait(Sighting(now_s, strap.address, strap.name, rssi_dbm, bpm))

    async def keep_telling_of_silent(self) -> None:
        """Of straps that are here, and which no scan finds: bluetoothd is linked to them.

        A program that was killed leaves its straps so, and they are silent for as long as they
        stay in range. They are told of as if they advertised, without a strength.
        """
        while True:
            for ear in self._radio.air.usable:
                for address in ear.dongle.linked - self._radio.held.keys():
                    self.news.put_nowait(Sighting(self._now_s(), address, None, None))
            await asyncio.sleep(SILENT_TOLD_EVERY_S)

    def fail(self, error: Exception) -> None:
        if not isinstance(error, TROUBLE):
            self.news.put_nowait(error)

    def changed(self) -> None:
        pass
