"""Is the effort what it was meant to be, and when to speak: a pure state machine, fed at 1 Hz.

The rules and their numbers are SCIENCE 7 (our decision). It errs on the side of silence: any
timer starts anew at a missing heart rate, and what is unknown is never judged.

Where the table leaves room: the timer of "walk" runs only within an episode, so that "over" has a
chance to work first; a repeat waits while the heart rate is below the ceiling and not yet cleared;
"under" ends with a "back" as "over" does.
"""

from dataclasses import dataclass
from typing import Literal

from device.intent import Band

AlertKind = Literal["over", "repeat", "walk", "back", "under", "signal_lost", "signal_back"]
AlertState = Literal["over", "walk", "under", "signal_lost"]
"""What holds until something else does; the rest of the kinds are moments."""

WARM_UP_S = 600.0
OVER_BPM, OVER_S = 2.0, 20.0
OVER_WARM_UP_BPM, OVER_WARM_UP_S = 5.0, 30.0
CLEAR_BPM, CLEAR_S = 1.0, 10.0
REPEAT_S = 60.0
WALK_BPM, WALK_S = 8.0, 20.0
UNDER_BPM, UNDER_S = 3.0, 60.0
UNDER_REPEAT_S = 180.0
SIGNAL_S = 5.0
GRACE_S = 60.0
"""After the target changed: the heart follows an effort with a time constant of about half a
minute, so that nothing is judged before (our decision)."""


@dataclass(frozen=True, slots=True)
class Alert:
    """Something worth a sound, a word and a line, at one moment."""

    kind: AlertKind
    t_s: float
    """Session seconds."""
    hr_bpm: float | None
    """Smoothed heart rate then; None where it is unknown."""
    ceiling_bpm: float | None
    floor_bpm: float | None


class Alerts:
    """Watches one athlete's smoothed heart rate against a band."""

    def __init__(self) -> None:
        self.state: AlertState | None = None
        """What holds now; None where all is well, or not judged."""
        self._band: Band | None = None
        self._begun = False
        self._judged_from_s: float | None = None
        """End of the grace after the target changed."""
        self._heard = False
        self._missing_since_s: float | None = None
        self._since_s: dict[str, float] = {}
        """When each timer's condition began to hold."""
        self._walked = False

    def add(
        self,
        t_s: float,
        hr_bpm: float | None,
        band: Band | None,
        *,
        paused: bool = False,
        warm_up: bool | None = None,
        silent_s: float = 0.0,
        doubted: bool = False,
    ) -> Alert | None:
        """Take in one second; returns what is to be said now, at most one thing.

        ``hr_bpm`` is the mean of the last 10 s, None where it is unknown, and ``silent_s`` how long
        nothing had come by then. ``warm_up`` is whether this is still the warm-up; by default the
        first 600 s are. A ``doubted`` heart rate is there, but not judged.
        """
        if self._begun and band != self._band:
            self._judged_from_s = t_s + GRACE_S
            self._start_over()
        self._begun, self._band = True, band
        if paused:
            self._missing_since_s = None
            self._start_over()
            return None
        if hr_bpm is None:
            return self._missing(t_s, silent_s)
        if doubted:
            self._missing_since_s = None
            self._since_s.clear()
            return None
        self._heard, self._missing_since_s = True, None
        if self.state == "signal_lost":
            self.state = None
            self._judge(t_s, hr_bpm, warm_up)
            return self._alert("signal_back", t_s, hr_bpm)
        kind = self._judge(t_s, hr_bpm, warm_up)
        return None if kind is None else self._alert(kind, t_s, hr_bpm)

    def _missing(self, t_s: float, silent_s: float) -> Alert | None:
        self._since_s.clear()
        if self._missing_since_s is None:
            self._missing_since_s = t_s
        missing_s = max(t_s - self._missing_since_s, silent_s)
        if not self._heard or self.state == "signal_lost" or missing_s < SIGNAL_S:
            return None
        self.state = "signal_lost"
        self._walked = False
        return self._alert("signal_lost", t_s, None)

    def _judge(self, t_s: float, hr_bpm: float, warm_up: bool | None) -> AlertKind | None:
        band = self._band
        if band is None or (self._judged_from_s is not None and t_s < self._judged_from_s):
            return None
        warming = t_s < WARM_UP_S if warm_up is None else warm_up
        kind = None
        if band.ceiling_bpm is not None:
            kind = self._above(t_s, hr_bpm - band.ceiling_bpm, warming)
        if kind is None and band.floor_bpm is not None and self.state not in ("over", "walk"):
            over = band.ceiling_bpm is not None and hr_bpm >= band.ceiling_bpm
            kind = self._below(t_s, band.floor_bpm - hr_bpm, warming=warming, over=over)
        return kind

    def _above(self, t_s: float, above_bpm: float, warming: bool) -> AlertKind | None:
        """How far over the ceiling, and since when."""
        if self.state not in ("over", "walk"):
            on_bpm = OVER_WARM_UP_BPM if warming else OVER_BPM
            dwell_s = OVER_WARM_UP_S if warming else OVER_S
            if not self._held("over", t_s, dwell_s, above_bpm >= on_bpm):
                return None
            self._start_over()
            self.state = "over"
            self._since_s["repeat"] = t_s
            self._held("walk", t_s, WALK_S, above_bpm >= WALK_BPM)
            return "over"
        if self._held("clear", t_s, CLEAR_S, above_bpm <= -CLEAR_BPM):
            self._start_over()
            return "back"
        if self._held("walk", t_s, WALK_S, above_bpm >= WALK_BPM) and not self._walked:
            self._walked = True
            self.state = "walk"
            return "walk"
        if self._held("repeat", t_s, REPEAT_S, True) and above_bpm >= 0:
            self._since_s["repeat"] = t_s
            return "repeat"
        return None

    def _below(
        self, t_s: float, below_bpm: float, *, warming: bool, over: bool
    ) -> AlertKind | None:
        """How far under the floor, and since when."""
        low = below_bpm >= UNDER_BPM and not warming
        if self.state != "under":
            if not self._held("under", t_s, UNDER_S, low):
                return None
            self.state = "under"
            self._since_s["again"] = t_s
            return "under"
        if self._held("up", t_s, CLEAR_S, below_bpm <= -CLEAR_BPM and not over):
            self._start_over()
            return "back"
        if self._held("again", t_s, UNDER_REPEAT_S, True) and low:
            self._since_s["again"] = t_s
            return "under"
        return None

    def _held(self, timer: str, t_s: float, dwell_s: float, holds: bool) -> bool:
        """Whether something has held for so long; its timer runs from the first sample."""
        if not holds:
            self._since_s.pop(timer, None)
            return False
        return t_s - self._since_s.setdefault(timer, t_s) >= dwell_s

    def _start_over(self) -> None:
        """The episode is over; a lost signal stays lost until it is heard again."""
        self._since_s.clear()
        self._walked = False
        if self.state != "signal_lost":
            self.state = None

    def _alert(self, kind: AlertKind, t_s: float, hr_bpm: float | None) -> Alert:
        band = self._band
        return Alert(
            kind,
            t_s,
            hr_bpm,
            ceiling_bpm=None if band is None else band.ceiling_bpm,
            floor_bpm=None if band is None else band.floor_bpm,
        )
