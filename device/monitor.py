"""The one async seam: a source's events go to the disk, then to the session, then are shown."""

import asyncio
import math
from collections.abc import Callable
from typing import Protocol, TypeVar

from device.reading import Reading
from sensors.events import Elapsed, SensorEvent, Source

Told = TypeVar("Told")
Told_co = TypeVar("Told_co", covariant=True)

Record = Callable[[SensorEvent], object]
Show = Callable[[SensorEvent, Reading], object]


class Listener(Protocol[Told_co]):
    """What makes of a sensor's events what may be told: a session, or a morning test."""

    @property
    def t_s(self) -> float:
        """Of the last event."""
        ...

    def add(self, event: SensorEvent) -> Told_co:
        """Take in an event; returns what is known after it."""
        ...


async def monitor(
    source: Source,
    session: Listener[Told],
    record: Record,
    show: Callable[[SensorEvent, Told], object],
    *,
    until_s: float | None = None,
    until: Callable[[Told], bool] | None = None,
) -> None:
    """Run one athlete's source until it ends, is cancelled, or ``until_s`` of session time pass.

    Each event is recorded before anything is computed from it. ``show`` is called for each event
    with the reading after it, and at every whole second of session time with an ``Elapsed`` of
    exactly that second, so that a recording gives the same readings at every speed. It is also
    over once ``until`` says so of what was shown.
    """
    limit_s = math.inf if until_s is None else until_s
    enough = asyncio.Event()
    next_s = math.floor(session.t_s) + 1

    def tell(event: SensorEvent) -> None:
        told = session.add(event)
        show(event, told)
        if until is not None and until(told):
            enough.set()

    def pass_time(t_s: float, *, including: bool) -> None:
        nonlocal next_s
        while not enough.is_set() and (next_s < t_s or (including and next_s <= t_s)):
            tell(Elapsed(float(next_s)))
            next_s += 1

    def emit(event: SensorEvent) -> None:
        if enough.is_set():
            return
        # A beat at 3.0 s belongs to the reading of second 3, so that second waits for Elapsed.
        pass_time(min(event.t_s, limit_s), including=isinstance(event, Elapsed))
        if event.t_s > limit_s:
            pass_time(limit_s, including=True)
        if event.t_s > limit_s or (event.t_s == limit_s and isinstance(event, Elapsed)):
            enough.set()
        elif not isinstance(event, Elapsed) and not enough.is_set():
            record(event)
            tell(event)

    listening = asyncio.ensure_future(source(emit))
    stopping = asyncio.ensure_future(enough.wait())
    try:
        await asyncio.wait({listening, stopping}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        stopping.cancel()
        if not listening.done():
            listening.cancel()
            await asyncio.wait({listening})
    if not listening.cancelled():
        listening.result()
