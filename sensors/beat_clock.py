"""When each beat fell, and which beats never arrived, from how notifications come in.

A strap sends intervals, not times, about once a second, and a radio link delivers them late,
twice or not at all. The sum of the intervals is a clock of its own, C. What arrives at A has
waited ``D = A - C`` plus a constant; waiting is never negative, so the smallest D of the last
two minutes says where C stands on the listener's clock. A lost frame makes D rise for good, a
late one for a moment.
"""

import math
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import median

from sensors.clock_checks import DriftCheck, UnitCheck
from sensors.events import PLAUSIBLE_BPM, STRAP_TICKS_PER_S, HeartRateMeasurement

DOUBLE_S = 0.25
"""A frame equal to the one before it and closer than this is the same frame again."""

FRAMES_TO_DECIDE = 6
"""Whether a junction lost beats is decided when it and so many frames of intervals are in."""

FRAMES_BEFORE = 10
"""How many earlier frames they are compared with."""

LATEST_S = 10.0
"""No frame is later than that: a longer gap moves the clock at once, without waiting for six."""

OFF_SKIN_S = 3.0
"""After contact was lost, intervals are not believed for so long."""

OFFSET_WINDOW_S = 120.0
OFFSET_SLEW = 0.005
"""The clock is set by the smallest wait of this window, and then moved at most 5 ms a second."""


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
        self._pauses_s: deque[float] = deque(maxlen=20)
        self._rr_s: deque[float] = deque(maxlen=30)
        self._last_rr_at_s = 0.0
        self._off_skin_until_s = -math.inf
        # What is known of the place before the next beat.
        self._doubt = self._break = False
        self._least_lost = 0
        self._index = self._frame = 0
        self._sum_s = 0.0
        """C, put forward by what was lost."""
        self._last_s = -math.inf
        self._waits: deque[tuple[int, float]] = deque(maxlen=2 * (FRAMES_BEFORE + FRAMES_TO_DECIDE))
        self._open: list[_Junction] = []
        self._offset = _Offset()
        self._unit = UnitCheck()
        self._drift = DriftCheck()

    def disconnected(self) -> None:
        """The link broke: whatever comes next follows a gap, at a rhythm to be learnt anew."""
        self._break = True
        self._previous = None
        self._pauses_s.clear()

    def add(self, measurement: HeartRateMeasurement) -> Beats:
        """Take in the next measurement; its ``t_s`` is when it arrived."""
        if is_double(self._previous, measurement):
            return self._told(duplicate=True)
        arrived_s = measurement.t_s
        in_burst = self._watch_arrivals(measurement)
        self._previous = measurement
        if measurement.contact is False:
            self._off_skin_until_s = arrived_s + OFF_SKIN_S
        if arrived_s < self._off_skin_until_s:
            self._lose(1)
            return self._told()
        if not measurement.rr_ticks:
            if measurement.gaps:
                self._lose(1)
            self._doubt |= not self._explains_no_beat(measurement)
            return self._told()
        return self._take(measurement, in_burst=in_burst)

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

    def _watch_arrivals(self, measurement: HeartRateMeasurement) -> bool:
        """Doubt what follows a pause well above the strap's own rhythm.

        Returns whether this arrives in one burst with the last, as after a delay.
        """
        if self._previous is None:
            return False
        pause_s = measurement.t_s - self._previous.t_s
        if pause_s < DOUBLE_S:
            return True
        if len(self._pauses_s) >= 5:
            usual_s = median(self._pauses_s)
            longest_s = 1.6 * usual_s + 0.1
            if measurement.bpm is None and measurement.rr_ticks:
                # A recording of nothing but intervals lacks the frames in which no beat fell.
                longest_s = max(
                    longest_s, usual_s + measurement.rr_ticks[0] / measurement.ticks_per_s + 0.1
                )
            self._doubt |= pause_s > longest_s
        self._pauses_s.append(pause_s)
        return False

    def _explains_no_beat(self, measurement: HeartRateMeasurement) -> bool:
        """Whether a heart this slow can be without a beat since the last one arrived.

        The fifth and the 0.15 s allow for an uneven heart and an uneven link: above about 80 bpm a
        strap that sends once a second has at least one interval in every frame.
        """
        if not self._rr_s:
            return True
        rr_s = median(self._rr_s)
        if measurement.bpm is not None and measurement.bpm in PLAUSIBLE_BPM:
            rr_s = 60.0 / measurement.bpm
        return measurement.t_s - self._last_rr_at_s <= 1.2 * rr_s + 0.15

    def _lose(self, beats: int) -> None:
        self._break = True
        self._least_lost = max(self._least_lost, beats)

    def _take(self, measurement: HeartRateMeasurement, *, in_burst: bool) -> Beats:
        arrived_s = measurement.t_s
        ticks_per_s = measurement.ticks_per_s
        if ticks_per_s == STRAP_TICKS_PER_S and self._unit.sends_ms:
            ticks_per_s = 1000
        rr_s = [ticks / ticks_per_s for ticks in measurement.rr_ticks]
        if self._rr_s and arrived_s - self._last_rr_at_s > max(3.0, 2.5 * median(self._rr_s)):
            self._break = True
        self._last_rr_at_s = arrived_s
        inside = [place for place in measurement.gaps if place < len(rr_s)]
        if inside:
            self._lose(len(inside))
        gaps = set(inside)
        wait_s = arrived_s - self._sum_s - sum(rr_s)
        if not inside and (self._break or (self._doubt and self._too_late(wait_s))):
            gaps.add(0)
        if not self._index:
            gaps.discard(0)

        decided: list[Decision] = []
        self._frame += not in_burst
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
        return wait_s - self._usual_wait_s() > _least_step_s(median(self._rr_s))

    def _usual_wait_s(self) -> float:
        return min(wait_s for _, wait_s in list(self._waits)[-FRAMES_BEFORE:])

    def _open_junction(self, arrived_s: float, wait_s: float, index: int) -> None:
        added_s = 0.0
        if self._break and self._waits:
            lost_s = wait_s - self._usual_wait_s()
            if lost_s > LATEST_S:
                added_s = lost_s
                self._sum_s += added_s
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
        nothing = lost_s <= _least_step_s(rr_s)
        if nothing and not junction.sure:
            return Decision(junction.index, late=True, lost_beats=0)
        lost_beats = max(
            junction.least_lost, 0 if nothing else 1, 0 if nothing else round(lost_s / rr_s)
        )
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


class _Offset:
    """Where the strap's clock stands on the listener's: the smallest wait, followed slowly."""

    def __init__(self) -> None:
        self.value_s = 0.0
        self._smallest: deque[tuple[float, float]] = deque()
        """Arrivals and waits, both rising: the first is the smallest of the window."""
        self._settling = FRAMES_BEFORE
        self._last_s = 0.0

    def add(self, arrived_s: float, wait_s: float) -> None:
        self._push(arrived_s, wait_s)
        while arrived_s - self._smallest[0][0] > OFFSET_WINDOW_S:
            self._smallest.popleft()
        goal_s = self._smallest[0][1]
        most_s = OFFSET_SLEW * max(0.0, arrived_s - self._last_s)
        if self._settling:
            self._settling -= 1
            most_s = math.inf
        self.value_s += min(max(goal_s - self.value_s, -most_s), most_s)
        self._last_s = arrived_s

    def shift(self, from_s: float, step_s: float) -> None:
        """The clock was put forward by a step for everything that arrived since ``from_s``."""
        known = list(self._smallest)
        self._smallest.clear()
        for arrived_s, wait_s in known:
            self._push(arrived_s, wait_s - step_s * (arrived_s >= from_s))

    def _push(self, arrived_s: float, wait_s: float) -> None:
        while self._smallest and self._smallest[-1][1] >= wait_s:
            self._smallest.pop()
        self._smallest.append((arrived_s, wait_s))
