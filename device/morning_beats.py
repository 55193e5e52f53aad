"""Every beat of a morning test, and any stretch of it as arithmetic wants it."""

import math
from bisect import bisect_right
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from device.morning_view import Integrity
from device.reading import RecentBeat
from device.recent import Beat, Recent
from hrv.artefacts import accepted, classify
from hrv.kind import Kind
from hrv.online import OnlineMarker
from hrv.time_domain import valid_pairs
from sensors.beat_clock import BeatClock
from sensors.events import HeartRateMeasurement

_Arrays = tuple[
    NDArray[np.float64],
    NDArray[np.float64],
    NDArray[np.bool_],
    NDArray[np.uint8],
    NDArray[np.bool_],
]

MORNING_RR_MS = (300.0, 2500.0)
"""Range of intervals at rest (SCIENCE 2.1; our decision)."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of the test, in arrays of one entry per interval; nothing is left out or mended."""

    from_s: float
    to_s: float
    time_s: NDArray[np.float64]
    rr_ms: NDArray[np.float64]
    kinds: NDArray[np.uint8]
    good: NDArray[np.bool_]
    gap_before: NDArray[np.bool_]
    counts: Integrity

    def part(self, from_s: float, to_s: float) -> "Stretch":
        """A part of it; of the counts only those that beats tell."""
        inside = (self.time_s > from_s) & (self.time_s <= to_s)
        good = self.good[inside]
        return Stretch(
            from_s,
            to_s,
            self.time_s[inside],
            self.rr_ms[inside],
            self.kinds[inside],
            good,
            self.gap_before[inside],
            Integrity(n_beats=len(good), flagged=int(np.count_nonzero(~good))),
        )


class MorningBeats:
    """Takes in measurements; beats are marked twice.

    Live, two beats late, for what is shown meanwhile; and over the whole test at its end, for what
    is decided.
    """

    def __init__(self) -> None:
        self.recent = Recent()
        self.clock_warning = False
        """Over the last minute the intervals do not add up to the time that passed."""
        self.sends_ms = False
        """The strap counts in ms against the specification; taken as such throughout."""
        self.last_rr_s: float | None = None
        """When intervals last arrived."""
        self.first_frame_s: float | None = None
        """When the first frame of the present link arrived, with or without intervals."""
        self._clock = BeatClock()
        self._marker = OnlineMarker(*MORNING_RR_MS)
        self._time_s: list[float] = []
        self._raw: list[tuple[int, int]] = []
        """Ticks, and how many make a second."""
        self._gap: list[bool] = []
        self._missing_s: list[float] = []
        """Before the beat, once that is decided; NaN until then."""
        self._bad: list[bool] = []
        """By the live marks; False while undecided."""
        self._lost: list[tuple[float, int]] = []
        self._doubled_s: list[float] = []
        self._off_skin: list[tuple[float, float]] = []
        self._whole: tuple[tuple[int, int, bool], _Arrays] | None = None

    def disconnected(self) -> None:
        """The link broke: what comes next follows a gap."""
        self._clock.disconnected()
        self.first_frame_s = None

    def add(self, measurement: HeartRateMeasurement) -> None:
        """Take in a frame."""
        t_s = measurement.t_s
        if self.first_frame_s is None:
            self.first_frame_s = t_s
        self._note_contact(measurement)
        told = self._clock.add(measurement)
        if told.duplicate:
            self._doubled_s.append(t_s)
            return
        self.clock_warning = told.clock_warning
        self.sends_ms = told.sends_ms
        first = len(self._time_s)
        for beat in told.beats:
            self._time_s.append(beat.time_s)
            self._raw.append((beat.rr_ticks, measurement.ticks_per_s))
            self._gap.append(beat.gap_before)
            self._missing_s.append(math.nan)
            self._bad.append(False)
        for decision in told.decided:
            at = decision.index
            self._missing_s[at] = decision.lost_beats * self._rr_ms(*self._raw[at]) / 1000.0
            if decision.late:
                self._gap[at] = False
            elif decision.lost_beats:
                self._lost.append((self._time_s[at], decision.lost_beats))
        if told.beats:
            self.last_rr_s = t_s
        for i in range(first, len(self._time_s)):
            self._mark(i)

    def _mark(self, i: int) -> None:
        rr_ms = self._rr_ms(*self._raw[i])
        self.recent.add(Beat(self._time_s[i], rr_ms, self._gap[i]))
        for index, kind in self._marker.add(rr_ms, self._gap[i]):
            decided, _ = self.recent.decide(index, kind)
            self._bad[index] = not decided.accepted

    def _rr_ms(self, ticks: int, ticks_per_s: int) -> float:
        return float(ticks) if self.sends_ms else ticks * 1000 / ticks_per_s

    def _note_contact(self, measurement: HeartRateMeasurement) -> None:
        t_s = measurement.t_s
        if measurement.contact is False:
            if self._off_skin and math.isinf(self._off_skin[-1][1]):
                return
            self._off_skin.append((t_s, math.inf))
        elif self._off_skin and math.isinf(self._off_skin[-1][1]):
            self._off_skin[-1] = (self._off_skin[-1][0], t_s)

    # -- giving out

    def tachogram(self, now_s: float) -> tuple[RecentBeat, ...]:
        """The last two minutes."""
        self.recent.forget(now_s)
        return self.recent.tachogram()

    def longest_off_skin_s(self, from_s: float, to_s: float) -> float:
        """The longest time without contact within these."""
        return max((min(b, to_s) - max(a, from_s) for a, b in self._off_skin), default=0.0)

    def live_counts(self, from_s: float, now_s: float) -> Integrity:
        """The counts of a stretch up to now, by the live marks; cheap, once a second."""
        first = bisect_right(self._time_s, from_s)
        bad = self._bad[first:]
        gap = self._gap[first:]
        pairs = sum(
            not (bad[i] or bad[i - 1] or gap[i]) for i in range(1, len(bad))
        )  # the pair across from_s is left out, as it will be in the end
        return self._counts(
            from_s,
            now_s,
            np.array([self._rr_ms(*raw) for raw in self._raw[first:]], np.float64),
            np.array(self._time_s[first:], np.float64),
            np.array(gap, np.bool_),
            flagged=sum(bad),
            pairs=pairs,
            ectopic=0,
        )

    def stretch(self, from_s: float, to_s: float) -> Stretch:
        """A part of the test as judged with hindsight: the whole test tells what is normal."""
        time_s, rr_ms, gap, kinds, good = self._classified()
        inside = (time_s > from_s) & (time_s <= to_s)
        time_s, rr_ms, gap, kinds, good = (
            time_s[inside],
            rr_ms[inside],
            gap[inside],
            kinds[inside],
            good[inside],
        )
        counts = self._counts(
            from_s,
            to_s,
            rr_ms,
            time_s,
            gap,
            flagged=int(np.count_nonzero(~good)),
            pairs=len(valid_pairs(rr_ms, good, gap)[0]),
            ectopic=int(np.count_nonzero(kinds == Kind.ECTOPIC)),
        )
        return Stretch(from_s, to_s, time_s, rr_ms, kinds, good, gap, counts)

    def _classified(self) -> _Arrays:
        state = (len(self._time_s), sum(self._gap), self.sends_ms)
        if self._whole is None or self._whole[0] != state:
            rr_ms = np.array([self._rr_ms(*raw) for raw in self._raw], np.float64)
            gap = np.array(self._gap, np.bool_)
            lo_ms, hi_ms = MORNING_RR_MS
            kinds = classify(rr_ms, gap, lo_ms=lo_ms, hi_ms=hi_ms)
            arrays = (np.array(self._time_s, np.float64), rr_ms, gap, kinds, accepted(kinds))
            self._whole = state, arrays
        return self._whole[1]

    def _counts(
        self,
        from_s: float,
        to_s: float,
        rr_ms: NDArray[np.float64],
        time_s: NDArray[np.float64],
        gap: NDArray[np.bool_],
        *,
        flagged: int,
        pairs: int,
        ectopic: int,
    ) -> Integrity:
        n = len(rr_ms)
        lost = sum(beats for t_s, beats in self._lost if from_s < t_s <= to_s)
        first = bisect_right(self._time_s, from_s)
        decided_s = np.array(self._missing_s[first : first + n], np.float64)
        missing = missing_s(from_s, to_s, time_s, rr_ms, gap, decided_s)
        expected = n + lost
        follows = ~gap[1:]
        same = follows & (rr_ms[1:] == rr_ms[:-1])
        return Integrity(
            n_beats=n,
            flagged=flagged,
            pairs=pairs,
            lost_beats=lost,
            doubled=sum(from_s < t_s <= to_s for t_s in self._doubled_s),
            gaps=len(missing),
            longest_gap_s=max(missing, default=0.0),
            gap_s=math.fsum(missing),
            artefact_pct=100.0 * (flagged + lost) / expected if expected else None,
            ectopic_pct=100.0 * ectopic / n if n else None,
            sum_rr_s=math.fsum(rr_ms) / 1000.0,
            elapsed_s=max(0.0, to_s - from_s),
            contact_lost_s=max(0.0, self.longest_off_skin_s(from_s, to_s)),
            identical_pct=100.0 * int(same.sum()) / int(follows.sum()) if follows.any() else None,
        )


SHORTEST_SILENCE_S = 3.0
"""Before the first beat and after the last one of a stretch less is no gap: slow hearts and
frames once a second."""


def missing_s(
    from_s: float,
    to_s: float,
    time_s: NDArray[np.float64],
    rr_ms: NDArray[np.float64],
    gap: NDArray[np.bool_],
    decided_s: NDArray[np.float64],
) -> list[float]:
    """The time that no interval covers: silence at either end, then gap by gap.

    What the beat clock has decided about a gap is believed; until then its length is the time
    between the beats, which a frame that is only late makes too long. ``decided_s`` is NaN there.
    """
    if not len(time_s):
        return [to_s - from_s] if to_s - from_s > SHORTEST_SILENCE_S else []
    begins_s = time_s - rr_ms / 1000.0
    ends = (float(begins_s[0]) - from_s, to_s - float(time_s[-1]))
    between_s = begins_s[1:] - time_s[:-1]
    within = np.where(np.isnan(decided_s[1:]), between_s, decided_s[1:])[gap[1:]]
    missing = [s for s in ends if s > SHORTEST_SILENCE_S]
    return missing + [max(0.0, float(s)) for s in within]
