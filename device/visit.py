"""One athlete's visit to a gym: signed in, given a strap, measured, seen on a tile."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from device.athlete import Athlete
from device.measure import Measurement
from device.purpose import Purpose
from device.reading import Reading
from device.tile import Tile
from device.tiles import GONE_S, tile_of
from sensors.events import Emit, HeartRateMeasurement, Source
from sensors.strap_name import display_name
from sensors.straps import Sighting

WAITS_S = 600.0
"""Signed in without a strap, one is waited for so long."""
WALKED_PAST_S = 120.0
"""Signed in by their strap alone and heard for less, somebody has only walked past: a strap is
heard through doors, 10 to 30 m far, and no training is as short (our decision)."""
NOBODYS_S = 60.0
"""So long it may stay unsaid whose strap it is that was somebody else's."""


@dataclass(frozen=True, slots=True)
class Meant:
    """Whose session it is, and what for."""

    athlete: Athlete | None
    """None: the strap is here, and nobody has said whose it is."""
    purpose: Purpose
    guest: bool = False


class Visit:
    """Who is here, what for, and with which strap; times are those of the gym's clock."""

    def __init__(
        self,
        meant: Meant,
        address: str | None,
        *,
        clock: Callable[[], float],
        confirmed: bool = True,
    ) -> None:
        """``confirmed``: a person has said so; else it is only their strap that is here."""
        self.confirmed = confirmed
        self.meant = meant
        """As people said it last."""
        self.measured: Meant | None = None
        """As it is measured; None before it is. What differs is being put right."""
        self.address = address
        self.has_strap = asyncio.Event()
        if address is not None:
            self.has_strap.set()
        self.measurement: Measurement | None = None
        self.task: asyncio.Task[None] | None = None
        self._clock = clock
        self._came_s = self._read_s = self._seen_s = self._meant_s = clock()
        self._reading: Reading | None = None
        self._broadcast_only = False
        self._emit: Emit | None = None
        self._listening_since_s = 0.0

    @property
    def name(self) -> str:
        """By whom it is found; empty where nobody has said it."""
        return "" if self.meant.athlete is None else self.meant.athlete.name

    @property
    def strap_name(self) -> str:
        """What the strap calls itself, as it may stand on a screen."""
        name = None if self._reading is None else self._reading.sensor_name
        return display_name(name, self.address)

    def mean(self, meant: Meant) -> None:
        """It is this, from its first beat on."""
        self.meant, self.confirmed = meant, True
        self._meant_s = self._clock()

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
        unlinked = reading is None or (reading.link != "connected" or self._broadcast_only)
        beatless = reading is None or not reading.n_beats
        if sighting.bpm is not None and self._emit is not None and unlinked and beatless:
            self._broadcast_only = True
            at_s = self._clock() - self._listening_since_s
            self._emit(HeartRateMeasurement(sighting.bpm, t_s=at_s))

    def show(self, reading: Reading) -> None:
        """Something was measured."""
        self._reading, self._read_s = reading, self._clock()
        if reading.n_beats:
            self._broadcast_only = False

    def is_over(self, t_s: float) -> bool:
        """Whether the athlete has left: nothing was heard of the strap for long enough."""
        if self.address is None:
            return t_s - self._came_s > WAITS_S
        if self.meant.athlete is None and t_s - self._meant_s > NOBODYS_S:
            return True
        return t_s - self.heard_s > GONE_S

    @property
    def walked_past(self) -> bool:
        """Whether whoever is gone now has never been here to train."""
        return not self.confirmed and self.heard_s - self._came_s < WALKED_PAST_S

    @property
    def heard_s(self) -> float:
        """When there was a word of the strap last, linked or not."""
        if self._reading is None or self._reading.silent_s is None:
            return self._seen_s
        return max(self._seen_s, self._read_s - self._reading.silent_s)

    def tile(self) -> Tile:
        """What the room may see."""
        effort = None if self.measurement is None else self.measurement.session.effort
        return tile_of(
            self.name,
            self.meant.purpose,
            self._reading,
            None if effort is None else effort.band,
            late_s=self._clock() - self._read_s,
            warming_up=effort is not None and effort.warming_up,
            guest=self.meant.guest,
            broadcast_only=self._broadcast_only,
        )
