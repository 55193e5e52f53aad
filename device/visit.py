"""One athlete's visit to a gym: signed in, given a strap, measured, seen on a tile."""

import asyncio
from collections.abc import Callable

from device.athlete import Athlete
from device.intent import Purpose
from device.measure import Measurement
from device.reading import Reading
from device.tile import Tile
from device.tiles import GONE_S, tile_of
from sensors.events import Emit, HeartRateMeasurement, SensorEvent, Source
from sensors.straps import Sighting

WAITS_S = 600.0
"""Signed in without a strap, one is waited for so long."""


class Visit:
    """Who is here, what for, and with which strap; times are those of the gym's clock."""

    def __init__(
        self,
        athlete: Athlete | None,
        purpose: Purpose,
        address: str | None,
        *,
        clock: Callable[[], float],
        guest: bool = False,
    ) -> None:
        self.athlete = athlete
        """None: the strap is here, and nobody has said whose it is."""
        self.purpose = purpose
        self.address = address
        self.guest = guest
        self.came_s = clock()
        self.has_strap = asyncio.Event()
        if address is not None:
            self.has_strap.set()
        self.measurement: Measurement | None = None
        self.task: asyncio.Task[None] | None = None
        self.broadcast_only = False
        self._clock = clock
        self._reading: Reading | None = None
        self._read_s = self.came_s
        self._seen_s = self.came_s
        self._emit: Emit | None = None
        self._listening_since_s = 0.0

    def give(self, address: str) -> None:
        """This is the strap."""
        self.address = address
        self._seen_s = self._clock()
        self.has_strap.set()

    def source(self, listen: Source) -> Source:
        """What the strap sends, with the heart rates that it tells in passing."""

        async def both(emit: Emit) -> None:
            self._emit, self._listening_since_s = emit, self._clock()
            try:
                await listen(emit)
            finally:
                self._emit = None

        return both

    def hear(self, sighting: Sighting) -> None:
        """The strap advertises: it is here, whether or not it can be linked to.

        What it tells of the heart rate is taken for as long as no beat has come: afterwards a
        heart rate without beats would be judged by other rules than the one before.
        """
        self._seen_s = self._clock()
        reading = self._reading
        unlinked = reading is None or (reading.link != "connected" and not reading.n_beats)
        if sighting.bpm is not None and self._emit is not None and unlinked:
            self.broadcast_only = True
            at_s = self._clock() - self._listening_since_s
            self._emit(HeartRateMeasurement(sighting.bpm, t_s=at_s))

    def show(self, _: SensorEvent, reading: Reading) -> None:
        """Something was measured."""
        self._reading, self._read_s = reading, self._clock()
        if reading.n_beats:
            self.broadcast_only = False

    @property
    def name(self) -> str:
        """By whom it is found; empty where nobody has said it."""
        return "" if self.athlete is None else self.athlete.name

    def is_over(self, t_s: float) -> bool:
        """Whether the athlete has left: nothing was heard of the strap for long enough."""
        if self.address is None:
            return t_s - self.came_s > WAITS_S
        heard_s = self._seen_s
        if self._reading is not None and self._reading.silent_s is not None:
            heard_s = max(heard_s, self._read_s - self._reading.silent_s)
        return t_s - heard_s > GONE_S

    def tile(self) -> Tile:
        """What the room may see."""
        return tile_of(
            self.name,
            self.purpose,
            self._reading,
            None if self.measurement is None else self.measurement.session.effort.band,
            late_s=self._clock() - self._read_s,
            guest=self.guest,
            broadcast_only=self.broadcast_only,
        )
