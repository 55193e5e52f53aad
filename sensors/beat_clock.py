"""When each beat fell, and which beats never arrived, from how notifications come in.

A strap sends intervals, not times, about once a second, and a radio link delivers them late,
twice or not at all. The sum of the intervals is a clock of its own, C. What arrives at A has
waited ``D = A - C`` plus a constant; waiting is never negative, so the smallest D of the last
two minutes says where C stands on the listener's clock. A lost frame makes D rise for good, a
late one for a moment. The limits are our own, tried on simulated straps (see the tests).
"""

import math
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import median

from sensors.clock_checks import DriftCheck, UnitCheck
from sensors.clock_offset import Offset
from sensors.events import STRAP_TICKS_PER_S, HeartRateMeasurement
from sensors.rhythm import DOUBLE_S, Rhythm, explained_s

FRAMES_TO_DECIDE = 6
"""Whether a junction lost beats is decided by so many frames of intervals after it."""

FRAMES_BEFORE = 10
"""How many earlier frames they are compared with."""

LATEST_S = 10.0
"""No frame is later than that: a longer gap moves the clock at once, without waiting for six."""

OFF_SKIN_S = 3.0
"""After contact was lost, intervals are not believed for so long."""


@dataclass(frozen=True, slots=True)
class Beat:
    """One interval and when the beat that ends it fell."""

    rr_ticks: int
    time_s: float
    gap_before: bool
    """Its interval does not follow on from the one before; true while that is undecided."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What a junction that was given as a gap turned out to be."""

    index: int
    """Of the beat after the junction, counting all beats this clock gave since it was made."""
    late: bool
    """Nothing was lost, the frames were only late: the gap before this beat may be taken back."""
    lost_beats: int
    """About how many never arrived; 0 where nothing was lost."""


@dataclass(frozen=True, slots=True)
class Beats:
    """What one measurement brings."""

    beats: tuple[Beat, ...] = ()
    """Its intervals, without those measured off the skin."""
    decided: tuple[Decision, ...] = ()
    """Earlier junctions about which this measurement settles the question."""
    duplicate: bool = False
    """The measurement is the previous one again, delivered twice: it is to be ignored."""
    sends_ms: bool = False
    """From now on: this strap counts in ms, not 1/1024 s, against the specification."""
    clock_warning: bool = False
    """Over the last minute the intervals do not add up to the time that passed."""

    @property
    def lost_beats(self) -> int:
        """How many beats were found to be lost, now."""
        return sum(decision.lost_beats for decision in self.decided)


def is_double(previous: HeartRateMeasurement | None, current: HeartRateMeasurement) -> bool:
    """Whether a frame is the previous one delivered again.

    Equal frames without intervals, or further apart, are legitimate: a steady heart sends them.
    """
    return (
        previous is not None
        and bool(current.rr_ticks)
        and current.t_s - previous.t_s < DOUBLE_S
        and replace(current, t_s=previous.t_s) == previous
    )


@dataclass(frozen=True, slots=True)
class _Junction:
    """A place between two beats where something may be missing."""

    index: int
    """Of the beat after it."""
    frame: int
    """The frame of that beat, counting those with intervals, and a burst as one."""
    arrived_s: float
    sure: bool
    least_lost: int
    added_s: float
    """What the clock was put forward by at once."""


class BeatClock:
    """Keeps the time of one strap's beats through one session.

    Feed every measurement to :meth:`add`, in order of arrival, and tell of every broken link with
    :meth:`disconnected`. Beats are counted on through reconnections, so that ``Decision.index`` is
    the index of a series to which every given beat is appended.
    """

    def __init__(self) -> None:
        self._previous: HeartRateMeasurement | None = None
        self._rhythm = Rhythm()
        self._rr_s: deque[float] = deque(maxlen=30)
        self._last_rr_at_s = 0.0
        self._off_skin_until_s = -math.inf
        # What is known of the place before the next beat.
        self._doubt = self._break = self._new_link = False
        self._least_lost = 0
        self._index = self._frame = 0
        self._sum_s = 0.0
        """C, put forward by what was lost."""
        self._last_s = -math.inf
        self._waits: deque[tuple[int, float]] = deque(maxlen=2 * (FRAMES_BEFORE + FRAMES_TO_DECIDE))
        self._open: list[_Junction] = []
        self._offset = Offset()
        self._unit = UnitCheck()
        self._drift = DriftCheck()

    def disconnected(self) -> None:
        """The link broke: whatever comes next follows a gap, at a rhythm to be learnt anew."""
        self._break = self._new_link = True
        self._previous = None
        self._rhythm = Rhythm()

    def add(self, measurement: HeartRateMeasurement) -> Beats:
        """Take in the next measurement; its ``t_s`` is when it arrived."""
        if is_double(self._previous, measurement):
            return self._told(duplicate=True)
        arrived_s = measurement.t_s
        pause_s = arrived_s - self._previous.t_s if self._previous else None
        self._previous = measurement
        self._doubt |= self._rhythm.is_broken(pause_s, measurement)
        if measurement.contact is False:
            self._off_skin_until_s = arrived_s + OFF_SKIN_S
        if arrived_s < self._off_skin_until_s:
            self._lose(1)
            return self._told()
        if not measurement.rr_ticks:
            if measurement.gaps:
                self._lose(1)
            if self._rr_s:
                slowest_s = explained_s(measurement.bpm, median(self._rr_s))
                self._doubt |= arrived_s - self._last_rr_at_s > slowest_s
            return self._told()
        # What comes in one burst after a delay counts as one frame when a gap is judged.
        self._frame += pause_s is None or pause_s >= DOUBLE_S
        return self._take(measurement)

    def _told(
        self,
        beats: Sequence[Beat] = (),
        decided: Sequence[Decision] = (),
        *,
        duplicate: bool = False,
    ) -> Beats:
        return Beats(
            tuple(beats), tuple(decided), duplicate, self._unit.sends_ms, self._drift.warning
        )

    def _lose(self, beats: int) -> None:
        self._break = True
        self._least_lost = max(self._least_lost, beats)

    def _take(self, measurement: HeartRateMeasurement) -> Beats:
        arrived_s = measurement.t_s
        ticks_per_s = measurement.ticks_per_s
        if ticks_per_s == STRAP_TICKS_PER_S and self._unit.sends_ms:
            ticks_per_s = 1000
        rr_s = [ticks / ticks_per_s for ticks in measurement.rr_ticks]
        if self._rr_s and arrived_s - self._last_rr_at_s > max(3.0, 2.5 * median(self._rr_s)):
            self._break = True
        self._last_rr_at_s = arrived_s
        wait_s = arrived_s - self._sum_s - sum(rr_s)
        gaps = {place for place in measurement.gaps if place < len(rr_s)}
        dropped = len(gaps)
        if self._break or (self._doubt and self._too_late(wait_s)):
            gaps.add(0)
        if dropped:
            self._lose(dropped)
        if not self._index:
            gaps.discard(0)  # nothing was there before the first beat

        decided: list[Decision] = []
        if gaps:
            if self._break:
                decided += self._decide(all_of_them=True)
            self._open_junction(arrived_s, wait_s, self._index + min(gaps))
            wait_s = arrived_s - self._sum_s - sum(rr_s)
        self._waits.append((self._frame, wait_s))
        self._offset.add(arrived_s, wait_s)
        self._drift.add(arrived_s, wait_s)
        if measurement.ticks_per_s == STRAP_TICKS_PER_S and self._unit.add(arrived_s, wait_s):
            self._drift.restart()
        beats = [
            self._beat(ticks, interval_s, place in gaps)
            for place, (ticks, interval_s) in enumerate(
                zip(measurement.rr_ticks, rr_s, strict=True)
            )
        ]
        self._doubt = False
        self._break = len(rr_s) in measurement.gaps
        self._least_lost = int(self._break)
        return self._told(beats, decided + self._decide())

    def _beat(self, rr_ticks: int, rr_s: float, gap_before: bool) -> Beat:
        self._index += 1
        self._rr_s.append(rr_s)
        self._sum_s += rr_s
        # Even where the clock is put back, beats follow one another.
        self._last_s = max(self._sum_s + self._offset.value_s, self._last_s + rr_s / 2)
        return Beat(rr_ticks, self._last_s, gap_before)

    def _too_late(self, wait_s: float) -> bool:
        """Whether so long a wait can mean lost beats; less comes of beats and frames in beat."""
        return bool(self._index) and (
            wait_s - self._usual_wait_s() > _least_step_s(median(self._rr_s))
        )

    def _usual_wait_s(self) -> float:
        return min(wait_s for _, wait_s in list(self._waits)[-FRAMES_BEFORE:])

    def _open_junction(self, arrived_s: float, wait_s: float, index: int) -> None:
        added_s = 0.0
        if self._break and self._waits:
            lost_s = wait_s - self._usual_wait_s()
            # After a broken link nothing is late: the frame tells at once how long it took.
            if lost_s > (0.0 if self._new_link else LATEST_S):
                added_s = lost_s
                self._sum_s += added_s
            self._new_link = False
            self._unit.restart()
            self._drift.restart()
        self._open.append(
            _Junction(index, self._frame, arrived_s, self._break, self._least_lost, added_s)
        )

    def _decide(self, *, all_of_them: bool = False) -> list[Decision]:
        """Settle the junctions whose frames are all in, the oldest first."""
        decided = []
        while self._open and (
            all_of_them or self._frame - self._open[0].frame >= FRAMES_TO_DECIDE - 1
        ):
            decided.append(self._decision(self._open.pop(0)))
        return decided

    def _decision(self, junction: _Junction) -> Decision:
        before = [wait_s for frame, wait_s in self._waits if frame < junction.frame]
        after = [wait_s for frame, wait_s in self._waits if frame >= junction.frame]
        if not before or not after:
            return Decision(junction.index, late=False, lost_beats=junction.least_lost)
        rr_s = median(self._rr_s)
        lost_s = junction.added_s + min(after) - min(before[-FRAMES_BEFORE:])
        lost_beats = junction.least_lost
        # Beats and frames in beat make the wait wander by up to one interval, so a step must also
        # lead beyond nearly all of that: measured, it halves the false alarms and costs no gap.
        beyond = min(after) - self._offset.smallest_s > 0.8 * rr_s
        if lost_s > _least_step_s(rr_s) and (beyond or junction.sure):
            lost_beats = max(1, lost_beats, round(lost_s / rr_s))
        elif not junction.sure:
            return Decision(junction.index, late=True, lost_beats=0)
        # A few whole beats are known better than when each frame left the strap.
        if lost_beats <= 5:
            lost_s = lost_beats * rr_s
        self._put_forward(junction, lost_s - junction.added_s)
        return Decision(junction.index, late=False, lost_beats=lost_beats)

    def _put_forward(self, junction: _Junction, step_s: float) -> None:
        """Move the clock, and what was measured by it since the junction."""
        self._sum_s += step_s
        self._waits = deque(
            ((frame, wait_s - step_s * (frame >= junction.frame)) for frame, wait_s in self._waits),
            self._waits.maxlen,
        )
        self._offset.shift(junction.arrived_s, step_s)
        self._unit.restart()
        self._drift.restart()


def _least_step_s(rr_s: float) -> float:
    return max(0.35, 0.5 * rr_s)
