"""A stored session lived through once more: the heart rate at every second of it, and the blanks.

The session's own arithmetic is run over the stored events, so that what is told afterwards is what
was shown meanwhile.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from device.effort import DOUBTED
from device.going_on import obey, told_to_pause
from device.mark import SWITCHED_OFF, Mark
from device.reading import Reading
from device.session import EXERCISE_RR_MS, NO_SIGNAL_S, Session
from device.summary import Summary
from sensors.events import Connected, Disconnected, Elapsed, SensorEvent

Cause = Literal["off", "lost", "no contact", "doubted", "silent", "not trusted", "not begun"]

_GRAVEST: tuple[Cause, ...] = get_args(Cause)
"""What a blank is called that had several causes: a strap is silent before it counts as lost."""

MINUTE_S = 60


@dataclass(frozen=True, slots=True)
class Blank:
    """A stretch of a session without a heart rate that may be judged."""

    from_s: float
    to_s: float
    cause: Cause
    reason: str
    """In plain words; may hold what the radio said."""

    @property
    def length_s(self) -> float:
        """How long it was."""
        return self.to_s - self.from_s


@dataclass(frozen=True, slots=True, eq=False)
class Retrace:
    """A session second by second; entry n of an array is the moment n s after the start."""

    hr_bpm: NDArray[np.float64]
    """Shape (n,): mean of the accepted beats of the last 10 s, NaN where it is unknown."""
    artefact_pct: NDArray[np.float64]
    """Same shape: share of flagged and lost beats in the last 60 s, NaN where none came."""
    distance_m: NDArray[np.float64]
    """Same shape: how far it was by then, NaN where nobody counts."""
    running: NDArray[np.bool_]
    """Same shape: the second that ends here counts: after the first heartbeat, and no pause."""
    blanks: tuple[Blank, ...]
    """Every stretch without heart rate, in order, those in a pause too."""
    marks: tuple[Mark, ...]
    """What happened beside the beats."""
    summary: Summary

    @property
    def duration_s(self) -> float:
        """Session time, pauses included."""
        return float(len(self.hr_bpm) - 1)

    @property
    def paused_s(self) -> float:
        """In pauses, of whatever cause."""
        begun = np.logical_or.accumulate(self.running)
        return float(np.count_nonzero(begun & ~self.running))

    def run(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Running time in s from 0, and the heart rate at the end of each of its seconds.

        Both of shape (n,). The first heart rate, at 0 s, is NaN; it ends no second.
        """
        hr_bpm = np.concatenate(([math.nan], self.hr_bpm[self.running]))
        return np.arange(len(hr_bpm), dtype=np.float64), hr_bpm

    def speed_mps(self) -> NDArray[np.float64] | None:
        """Of each second of :meth:`run`: the mean of its minute; None where nobody counted.

        What a watch counts in a single second says more of its satellites than of the runner.
        """
        steps_m = np.diff(self.distance_m, prepend=math.nan)[self.running]
        if not np.isfinite(steps_m).any():
            return None
        known = np.concatenate(([math.nan], steps_m))
        speed = np.full_like(known, math.nan)
        for start in range(1, len(known), MINUTE_S):
            minute = known[start : start + MINUTE_S]
            if np.isfinite(minute).any():
                speed[start : start + MINUTE_S] = np.nanmean(minute)
        return speed


def retrace(
    events: Iterable[SensorEvent],
    *,
    until_s: float | None,
    marks: Sequence[Mark] = (),
    rr_range_ms: tuple[float, float] = EXERCISE_RR_MS,
) -> Retrace:
    """Live through stored events.

    Args:
        events: in the order stored.
        until_s: session seconds at the end; None where it was cut off: up to the last event.
        marks: what happened beside them; the pauses are made again.
        rr_range_ms: the range of intervals the session had.
    """
    session = Session(rr_range_ms=rr_range_ms)
    seconds = [session.add(Elapsed(0.0))]
    reasons: list[str | None] = [None]
    broke: str | None = None
    waiting = told_to_pause(marks)

    def pass_time(t_s: float, *, including: bool = False) -> None:
        while len(seconds) < t_s or (including and len(seconds) <= t_s):
            while waiting and waiting[0].t_s < len(seconds):
                obey(session, waiting.pop(0))
            seconds.append(session.add(Elapsed(float(len(seconds)))))
            off = session.effort.paused_by_key and waiting and waiting[0].text == SWITCHED_OFF
            reasons.append(SWITCHED_OFF if off else broke)

    for event in events:
        # A beat at 3.0 s belongs to the reading of second 3, as it did in the session.
        pass_time(event.t_s)
        session.add(event)
        if isinstance(event, Disconnected):
            broke = event.reason
        elif isinstance(event, Connected):
            broke = None
    pass_time(session.t_s if until_s is None else until_s, including=True)
    return Retrace(
        hr_bpm=_values([reading.hr_bpm for reading in seconds]),
        artefact_pct=_values([reading.artefact_pct for reading in seconds]),
        distance_m=_values([reading.distance_m for reading in seconds]),
        running=np.diff([reading.running_s for reading in seconds], prepend=0.0) > 0.0,
        blanks=_blanks(seconds, reasons),
        marks=tuple(marks),
        summary=session.summary(),
    )


def _values(found: Sequence[float | None]) -> NDArray[np.float64]:
    return np.array([math.nan if value is None else value for value in found])


def _blanks(seconds: Sequence[Reading], reasons: Sequence[str | None]) -> tuple[Blank, ...]:
    """Runs of unknown seconds, each under its gravest cause; ``reasons``: why the link broke."""
    found: list[Blank] = []
    run: list[tuple[Cause, str]] = []
    for at, (reading, broke) in enumerate(zip(seconds[1:], reasons[1:], strict=True), start=1):
        if reading.hr_bpm is None:
            run.append(_cause(reading, broke))
        elif run:
            found.append(_named(run, float(at - 1)))
            run = []
    if run:
        found.append(_named(run, float(len(seconds) - 1)))
    return tuple(found)


def _named(run: Sequence[tuple[Cause, str]], to_s: float) -> Blank:
    cause, reason = min(run, key=lambda told: _GRAVEST.index(told[0]))
    return Blank(to_s - len(run), to_s, cause, reason)


def _cause(reading: Reading, broke: str | None) -> tuple[Cause, str]:
    if broke == SWITCHED_OFF:
        return "off", "Beatwise was switched off"
    if reading.last_hr_bpm is None:
        return "not begun", "before the first heartbeats"
    if reading.link != "connected":
        # What it does now, looking for the strap, says less than why it has to.
        reason = broke or reading.reason
        return "lost", f"strap lost: {reason}" if reason else "strap lost"
    if reading.contact is False:
        return "no contact", "no skin contact"
    if DOUBTED in reading.quality:
        return "doubted", "the heart rate jumped as no heart does"
    if reading.silent_s is not None and reading.silent_s >= NO_SIGNAL_S:
        return "silent", "linked, but no heartbeat came"
    return "not trusted", "no heartbeat that could be trusted"
