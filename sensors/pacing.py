"""The pace of events that did not just happen: recordings and simulations."""

import asyncio
import math
from collections.abc import Iterable, Iterator

from sensors.events import Elapsed, Emit, SensorEvent

EVENTS_BETWEEN_YIELDS = 50
"""At unlimited speed: how many events before everybody else has a turn of the event loop."""


def with_seconds(events: Iterable[SensorEvent]) -> Iterator[SensorEvent]:
    """Insert :class:`Elapsed` at every whole second, after any event of that very instant.

    ``events`` are in order of time. The first second counts from the first event; the last is the
    one the last event has reached.
    """
    second: int | None = None
    for event in events:
        if second is None:
            second = math.floor(event.t_s) + 1
        while second < event.t_s:
            yield Elapsed(float(second))
            second += 1
        yield event
        if isinstance(event, Elapsed):
            second = max(second, math.floor(event.t_s) + 1)
    if second is not None and second == event.t_s:
        yield Elapsed(float(second))


async def paced(emit: Emit, events: Iterable[SensorEvent], speed: float, *, skip: int = 0) -> None:
    """Emit events, with an :class:`Elapsed` every second, ``speed`` times as fast as they happened.

    ``math.inf`` never waits, but lets the event loop breathe. What is emitted is the same at every
    speed. Each event has its own due time, so late ones do not delay the rest. ``skip`` leaves out
    so many events from the start, :class:`Elapsed` not counted, and does not wait for them: that is
    how an interrupted session goes on with what it has not stored yet.

    Raises:
        ValueError: a speed that is not above zero.
    """
    if not speed > 0:
        raise ValueError(f"the speed must be above 0, not {speed}")
    loop = asyncio.get_running_loop()
    begun_s: float | None = None
    for count, event in enumerate(with_seconds(_without_first(events, skip)), 1):
        if speed == math.inf:
            if count % EVENTS_BETWEEN_YIELDS == 0:
                await asyncio.sleep(0)
        else:
            if begun_s is None:
                begun_s = loop.time() - event.t_s / speed
            await asyncio.sleep(max(0.0, begun_s + event.t_s / speed - loop.time()))
        emit(event)


def _without_first(events: Iterable[SensorEvent], skip: int) -> Iterator[SensorEvent]:
    for event in events:
        if not skip:
            yield event
        elif not isinstance(event, Elapsed):
            skip -= 1
