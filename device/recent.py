"""The last two minutes of a session's beats: heart rate, artefact share, tachogram."""

import math
from collections import deque
from dataclasses import dataclass

from device.reading import RecentBeat
from hrv.kind import Kind, accepts

HR_WINDOW_S = 10.0
"""Heart rate is the mean of so long (SCIENCE 7; our decision)."""
HR_MIN_BEATS = 3
"""Fewer accepted intervals than this in the window, and there is no heart rate from them."""
RECENT_S = 120.0
"""What the tachogram shows; also the longest window of the artefact share."""


@dataclass(slots=True)
class Beat:
    """One interval on its way to being decided."""

    time_s: float
    rr_ms: float
    gap_before: bool
    kind: Kind | None = None
    """None until it is decided, two beats late."""
    accepted: bool = False
    """Whether it may enter a metric; never before it is decided."""


class Recent:
    """Beats of the last two minutes, counted by a running index."""

    def __init__(self) -> None:
        self._beats: deque[Beat] = deque()
        self._shown: deque[RecentBeat] = deque()
        self._told: tuple[RecentBeat, ...] | None = ()
        self._forgotten = 0
        """Beats no longer kept: turns a running index into a place."""
        self._previous: Beat | None = None

    def add(self, beat: Beat) -> None:
        """A beat came; it counts once it is decided."""
        self._beats.append(beat)
        self._shown.append(RecentBeat(beat.time_s, beat.rr_ms, True, beat.gap_before))
        self._told = None

    def decide(self, index: int, kind: Kind) -> tuple[Beat, Beat | None]:
        """A beat's kind is final; returns it, and the one decided before it."""
        place = index - self._forgotten
        beat = self._beats[place]
        previous, self._previous = self._previous, beat
        beat.kind = kind
        beat.accepted = accepts(kind, previous.kind if previous else None)
        if kind is not Kind.NORMAL:
            self._shown[place] = RecentBeat(beat.time_s, beat.rr_ms, False, beat.gap_before)
            self._told = None
        return beat, previous

    def forget(self, now_s: float) -> None:
        """Let go of what is older than two minutes and decided."""
        oldest_s = now_s - RECENT_S
        while self._beats and self._beats[0].time_s < oldest_s and self._beats[0].kind is not None:
            self._beats.popleft()
            self._shown.popleft()
            self._forgotten += 1
            self._told = None

    def hr_bpm(self, now_s: float) -> float | None:
        """60000 n / sum of the accepted intervals of the last 10 s; None with fewer than 3."""
        since_s = now_s - HR_WINDOW_S
        accepted_ms = []
        for beat in reversed(self._beats):
            if beat.time_s < since_s:
                break
            if beat.accepted:
                accepted_ms.append(beat.rr_ms)
        if len(accepted_ms) < HR_MIN_BEATS:
            return None
        return 60_000 * len(accepted_ms) / math.fsum(accepted_ms)

    def tachogram(self) -> tuple[RecentBeat, ...]:
        """All of them, oldest first; the same tuple until something changes."""
        if self._told is None:
            self._told = tuple(self._shown)
        return self._told


class ArtefactShare:
    """100 · (flagged + lost) / (received + lost) over the last seconds (SCIENCE 2.2)."""

    def __init__(self, window_s: float) -> None:
        self.window_s = window_s
        self._entries: deque[tuple[float, int, int]] = deque()
        self._bad = self._all = 0

    def add(self, time_s: float, *, bad: int, beats: int) -> None:
        """Count ``beats``, of which ``bad`` were flagged or lost."""
        self._entries.append((time_s, bad, beats))
        self._bad += bad
        self._all += beats

    def pct(self, now_s: float) -> float | None:
        """In percent; None where nothing was received."""
        oldest_s = now_s - self.window_s
        while self._entries and self._entries[0][0] < oldest_s:
            _, bad, beats = self._entries.popleft()
            self._bad -= bad
            self._all -= beats
        return 100.0 * self._bad / self._all if self._all else None
