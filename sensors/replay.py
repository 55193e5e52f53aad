"""A recording as a sensor, at any speed."""

from collections.abc import Iterator
from heapq import merge
from operator import attrgetter

from sensors.events import Connected, Disconnected, Emit, SensorEvent
from sensors.pacing import paced
from sensors.recording import Recording

ENDED = "end of the recording"


async def play(emit: Emit, recording: Recording, *, speed: float = 1.0, skip: int = 0) -> None:
    """Report what the recording holds, at its own times, until its end.

    Args:
        emit: takes each event.
        recording: see :func:`sensors.recording.read`.
        speed: 1 as it happened, 60 a minute in a second, ``math.inf`` without waiting. What is
            reported is the same at every speed.
        skip: so many events at the beginning (:class:`Elapsed` not counted) were reported before,
            by a run that was interrupted: go on behind them, at their time.

    Raises:
        ValueError: a speed that is not above zero.
    """
    await paced(emit, _events(recording), speed, skip=skip)


def _events(recording: Recording) -> Iterator[SensorEvent]:
    yield Connected(recording.name)
    counted: list[tuple[SensorEvent, ...]] = [recording.frames, recording.distances]
    yield from merge(*counted, key=attrgetter("t_s"))
    yield Disconnected(ENDED, t_s=recording.frames[-1].t_s if recording.frames else 0.0)
