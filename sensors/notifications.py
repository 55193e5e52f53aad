"""The notifications that a recording's rows came in, or that a strap would have sent for them."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import accumulate, pairwise

from sensors.events import Distance, HeartRateMeasurement
from sensors.intervals import LONGEST_S, Intervals, UnreadableRecording

BEAT_TIME_ERROR_S = 0.002
"""Where stamps are the beats' own times they differ by the RR interval as exactly as they are
written. Arrivals of real straps do so by chance in 0 to 2 % of rows (28 recordings)."""
COARSEST_BEAT_TIME_S = 0.02
GAP_S = 0.02
"""Beat times further apart than the RR interval by more than this, plus their own resolution:
something is missing between them."""
JITTER_S = 0.25
"""A stamp earlier than the one before by less than this: the same burst, written out of order."""


def frames(intervals: Intervals) -> tuple[HeartRateMeasurement, ...]:
    """The recording as notifications, their time counted from the first stamp.

    Stamps are found to be either arrivals, then rows of one notification become one frame and gaps
    are the beat clock's to find; or the times of the beats, then each is a frame of its own, and a
    step that is not the RR interval is a gap. Without stamps each RR interval is a frame, at the
    sum of the intervals so far. An interval of zero is a gap, as in a strap's frame. Where the
    clock was set back, time goes on by the RR interval, behind a gap.

    Raises:
        UnreadableRecording: it would last longer than a month.
    """
    intervals = _from_first(intervals)
    rr_ticks, stamps = intervals.rr_ticks, intervals.stamps
    joined, gaps = [False] * len(rr_ticks), [rr == 0 for rr in rr_ticks]
    if stamps is None:
        ends, per_s = list(accumulate(rr_ticks)), intervals.ticks_per_s
    else:
        ends, per_s, are_beats = _ends(intervals, stamps)
        scaled = [rr * per_s // intervals.ticks_per_s for rr in rr_ticks]
        if are_beats:
            most = round(GAP_S * per_s) + per_s // intervals.stamps_per_s
            for i, (before, after) in enumerate(pairwise(ends), 1):
                gaps[i] |= abs(after - before - scaled[i]) > most
        else:
            joined = _joined(ends, per_s, intervals)
        _go_forward(ends, scaled, gaps, round(JITTER_S * per_s))
    if ends[-1] > LONGEST_S * per_s:
        raise UnreadableRecording(f"would last {ends[-1] / per_s / 86_400:.0f} days")
    return tuple(_assembled(intervals, [end / per_s for end in ends], joined, gaps))


def distances(intervals: Intervals, made: Sequence[HeartRateMeasurement]) -> tuple[Distance, ...]:
    """The distances of a recording, each at the time of the beat before it.

    ``made`` is what :func:`frames` made of the same intervals: one of each row from the first that
    holds an interval.
    """
    left_out = len(intervals.rr_ticks) - len(made)
    found = []
    for rows, distance_cm in intervals.distances:
        before = rows - left_out - 1
        found.append(Distance(distance_cm, t_s=made[before].t_s if before >= 0 else 0.0))
    return tuple(found)


def _from_first(intervals: Intervals) -> Intervals:
    """Without rows that hold no interval before any that does: nothing is missing there."""
    first = next(i for i, rr in enumerate(intervals.rr_ticks) if rr)
    if not first:
        return intervals
    return replace(
        intervals,
        rr_ticks=intervals.rr_ticks[first:],
        stamps=intervals.stamps and intervals.stamps[first:],
        bpm=intervals.bpm and intervals.bpm[first:],
    )


def _ends(intervals: Intervals, stamps: Sequence[int]) -> tuple[list[int], int, bool]:
    """When each row's interval ended or arrived, from the first; per second; whether beat times."""
    per_s = max(intervals.ticks_per_s, intervals.stamps_per_s)
    origin, stretch = stamps[0], per_s // intervals.stamps_per_s
    at = [(stamp - origin) * stretch for stamp in stamps]
    rr = [interval * (per_s // intervals.ticks_per_s) for interval in intervals.rr_ticks]
    if stretch > per_s * COARSEST_BEAT_TIME_S:
        return at, per_s, False
    error = round(BEAT_TIME_ERROR_S * per_s) + stretch
    half = (len(at) - 1) / 2
    steps = [after - before for before, after in pairwise(at)]
    if sum(abs(step - r) <= error for step, r in zip(steps, rr[1:], strict=True)) > half:
        return at, per_s, True
    if sum(abs(step - r) <= error for step, r in zip(steps, rr[:-1], strict=True)) > half:
        return [start + r - rr[0] for start, r in zip(at, rr, strict=True)], per_s, True
    return at, per_s, False


def _joined(at: Sequence[int], per_s: int, intervals: Intervals) -> list[bool]:
    """Which rows continue the notification of the row before."""
    most = round(intervals.same_within_s * per_s)
    near = [False, *(abs(after - before) <= most for before, after in pairwise(at))]
    if intervals.bpm is None or None not in intervals.bpm:
        return near
    return [close and bpm is None for close, bpm in zip(near, intervals.bpm, strict=True)]


def _go_forward(ends: list[int], rr: Sequence[int], gaps: list[bool], jitter: int) -> None:
    """Undo, in place, where the clock was set back; mark the gap that this may hide."""
    shift = 0
    for i in range(1, len(ends)):
        ends[i] += shift
        if ends[i] < ends[i - 1] - jitter:
            shift += ends[i - 1] + rr[i] - ends[i]
            ends[i] = ends[i - 1] + rr[i]
            gaps[i] = True
        ends[i] = max(ends[i], ends[i - 1])


def _assembled(
    intervals: Intervals, ends_s: Sequence[float], joined: Sequence[bool], gaps: Sequence[bool]
) -> Iterator[HeartRateMeasurement]:
    rr_ticks, per_s = intervals.rr_ticks, intervals.ticks_per_s
    bpm = intervals.bpm or [None] * len(rr_ticks)
    starts = [i for i, join in enumerate(joined) if not join]
    for start, stop in pairwise([*starts, len(rr_ticks)]):
        rr: list[int] = []
        gap_at: list[int] = []
        for i in range(start, stop):
            if gaps[i] and gap_at[-1:] != [len(rr)]:
                gap_at.append(len(rr))
            if rr_ticks[i]:
                rr.append(rr_ticks[i])
        yield HeartRateMeasurement(
            bpm[start], tuple(rr), gaps=tuple(gap_at), ticks_per_s=per_s, t_s=ends_s[start]
        )
