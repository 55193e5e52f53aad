"""A live session as a screen runs and steers it: measured, told by ear, and steered by keys."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from dataclasses import replace
from typing import TYPE_CHECKING

from device import roster
from device.cue import Cue
from device.cue_task import cues_beside
from device.errors import UnknownAthlete
from device.intended import Intended
from device.measure import Measurement

if TYPE_CHECKING:
    from collections.abc import Callable

    from device.reading import Reading
    from device.station import Station
    from sensors.events import SensorEvent
    from ui.overview import Show

TOLD_S = 10.0
"""So long a way to tell cues that does not work stands on the screen."""


class LiveRun:
    """One session; made ready here, and begun by :meth:`measure`."""

    def __init__(
        self, station: Station, intended: Intended, *, until_s: float | None = None
    ) -> None:
        self._station = station
        self._intended = intended
        self._until_s = until_s
        self._measurement: Measurement | None = None
        self._troubles: list[str] = []
        self._told_until_s = 0.0

    @property
    def session_id(self) -> int | None:
        """Its number in the store; None until the disk has taken it."""
        return None if self._measurement is None else self._measurement.session_id

    async def measure(self, show: Show) -> None:
        """Run until its source ends or it is cancelled; saved when it returns or raises."""
        station = self._station
        async with AsyncExitStack() as beside:
            say: Callable[[Cue], object] | None = None
            if audible(self._intended):
                cues = station.config.cues
                say = await beside.enter_async_context(
                    cues_beside(cues, tell=self._troubles.append)
                )
                say(Cue("start"))
            measurement = self._measurement = Measurement(
                self._intended,
                station.store,
                sync_s=station.config.store.sync_s,
                say=say,
                summary_min=station.config.cues.summary_min,
                summary_km=station.config.cues.summary_km,
                heartbeat=station.heartbeat,
            )

            def tell(_: SensorEvent, reading: Reading) -> None:
                show(self._with_troubles(reading))

            await measurement.run(tell, until_s=self._until_s)
            if say is not None:
                say(Cue("stop"))

    def pause(self) -> None:
        """Judge and count nothing until told to go on."""
        if self._measurement is not None:
            self._measurement.pause()

    def resume(self) -> None:
        """Go on."""
        if self._measurement is not None:
            self._measurement.resume()

    def lap(self) -> None:
        """Mark this moment."""
        if self._measurement is not None:
            self._measurement.lap()

    def note(self, text: str) -> None:
        """Keep what the athlete wants to remember of this moment."""
        if self._measurement is not None:
            self._measurement.note(text)

    async def accept(self, hrvt1_bpm: float) -> None:
        """Keep a threshold as the athlete's own; raises a BeatwiseError where that fails."""
        name = self._intended.athlete
        if name is None:
            raise UnknownAthlete("nobody is signed in whose file could keep it")
        data = self._station.places.data

        def keep() -> None:
            roster.save(data, replace(roster.load(data, name), hrvt1_bpm=hrvt1_bpm))

        await asyncio.to_thread(keep)

    def _with_troubles(self, reading: Reading) -> Reading:
        """A way to tell cues that does not work is said once, for a moment."""
        if not self._troubles:
            return reading
        if not self._told_until_s:
            self._told_until_s = reading.t_s + TOLD_S
        if reading.t_s >= self._told_until_s:
            self._troubles.clear()
            self._told_until_s = 0.0
        return replace(reading, quality=(*reading.quality, *self._troubles))


def audible(intended: Intended) -> bool:
    """Whether there is a runner to hear it: not where a recording passes faster than life."""
    return intended.source.spec.speed == 1.0
