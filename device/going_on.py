"""Going on with a session that was cut off: what is stored is taken in, and the clock goes on."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from device.mark import STRAP_OFF, SWITCHED_OFF, Mark
from device.reading import Reading
from device.session import Session
from sensors.events import Emit, SensorEvent, Source
from sensors.pacing import with_seconds

LONGEST_OFF_S = 12 * 3600.0
"""Off for longer, the wall clock is not believed: without a battery it may say anything."""
UNKNOWN_OFF_S = 1.0
"""Where nobody can tell how long it was off."""


def retrace(
    session: Session,
    events: Iterable[SensorEvent],
    marks: Sequence[Mark],
    see: Callable[[Reading], object] = lambda _: None,
) -> Reading:
    """Take in stored events, pausing where it was paused by key; returns the last reading.

    ``see`` is shown every reading.
    """
    reading = Reading(0.0)
    waiting = told_to_pause(marks)
    for event in with_seconds(events):
        while waiting and waiting[0].t_s < event.t_s:
            obey(session, waiting.pop(0))
        reading = session.add(event)
        see(reading)
    for mark in waiting:
        obey(session, mark)
    return reading


def told_to_pause(marks: Sequence[Mark]) -> list[Mark]:
    """The pauses that somebody made; those for a strap that is off come by themselves."""
    return [mark for mark in marks if mark.kind in ("pause", "resume") and mark.text != STRAP_OFF]


def obey(session: Session, mark: Mark) -> None:
    """Pause or go on, as a mark says it was done."""
    if mark.kind == "pause":
        session.pause()
    elif mark.text == SWITCHED_OFF:
        session.switched_off_until(mark.t_s)
    else:
        session.resume()


def resumed_at_s(began: datetime | None, off_s: float, now: datetime | None) -> float:
    """Session seconds now, by the wall clock where it makes sense, else just after the end."""
    if began is not None and now is not None:
        since_s = (now - began).total_seconds()
        if off_s < since_s <= off_s + LONGEST_OFF_S:
            return since_s
    return off_s + UNKNOWN_OFF_S


def shifted(source: Source, by_s: float) -> Source:
    """A source whose time begins at ``by_s``."""

    async def listen(emit: Emit) -> None:
        await source(lambda event: emit(replace(event, t_s=event.t_s + by_s)))

    return listen
