"""One athlete's session: sensor events in, readings out; no clock, no I/O."""

import math
from collections import deque
from dataclasses import dataclass

from device.intent import Band
from device.reading import Freshness, Link, Reading, RecentBeat, Side
from hrv.kind import Kind, accepts
from hrv.online import OnlineMarker
from hrv.rolling import RollingRmssd
from hrv.rolling_alpha1 import RollingAlpha1
from hrv.zones import Zones
from sensors.beat_clock import BeatClock, Beats
from sensors.events import (
    PLAUSIBLE_BPM,
    Connected,
    Disconnected,
    Elapsed,
    HeartRateMeasurement,
    Malformed,
    Searching,
    SensorEvent,
    StrapDetails,
)

METHOD_VERSION = "1"
"""Of the arithmetic behind every number here; stored with each session."""

HR_WINDOW_S = 10.0
RMSSD_WINDOW_S = 60.0
ALPHA1_WINDOW_S = 120.0
RECENT_S = 120.0
"""Windows of the live numbers (SCIENCE 3; our decision) and of the tachogram."""

HR_MIN_BEATS = 3
"""Fewer accepted intervals than this in the window, and the strap's own number is taken."""
NO_SIGNAL_S = 5.0
"""Without a word from the sensor for so long, there is no heart rate to judge (SCIENCE 2.2)."""
AGEING_S = 3.0
STALE_S = 10.0

RMSSD_REFUSED_ABOVE_PCT = 10.0
ALPHA1_REFUSED_ABOVE_PCT = 5.0
"""Artefact share above which a live number is hidden (SCIENCE 2.2, gates; our decision)."""

LONGEST_STEP_S = 5.0
"""Time counted at most between two moments; the rest is unknown (SCIENCE 7)."""

EXERCISE_RR_MS = (250.0, 2000.0)
"""The range of an exercise session (SCIENCE 2.1; our decision)."""


@dataclass(frozen=True, slots=True)
class Summary:
    """A whole session in numbers; None where one cannot be known."""

    t_s: float
    """How long it lasted."""
    n_beats: int
    lost_beats: int
    mean_hr_bpm: float | None
    rmssd_ms: float | None
    artefact_pct: float | None
    malformed: int
    doubled: int
    time_inside_s: float
    known_s: float


@dataclass(slots=True)
class _Beat:
    time_s: float
    rr_ms: float
    gap_before: bool
    kind: Kind | None = None
    """None until it is decided, two beats late."""
    accepted: bool = False
    """Whether it may enter a metric; never before it is decided."""


class Session:
    """Turns what a sensor reports into what an athlete may be told.

    Every event has its time with it, so that a recording at any speed gives the same readings.
    """

    def __init__(
        self,
        *,
        band: Band | None = None,
        zones: Zones | None = None,
        rr_range_ms: tuple[float, float] = EXERCISE_RR_MS,
    ) -> None:
        self.band = band
        self.zones = zones
        self.t_s = 0.0
        """Session time of the last event."""
        self._clock = BeatClock()
        self._marker = OnlineMarker(*rr_range_ms)
        self._rmssd = RollingRmssd(RMSSD_WINDOW_S)
        self._alpha1 = RollingAlpha1(ALPHA1_WINDOW_S)
        self._recent: deque[_Beat] = deque()
        self._forgotten = 0
        """Beats no longer in ``_recent``: turns a running index into a place there."""
        self._previous: _Beat | None = None
        self._losses: deque[tuple[float, int]] = deque()
        self._link: Link = "searching"
        self._reason: str | None = None
        self._sensor_name: str | None = None
        self._battery_pct: int | None = None
        self._contact: bool | None = None
        self._strap_bpm: tuple[float, int] | None = None
        self._heard_s: float | None = None
        self._last_hr_bpm: float | None = None
        self._total = _Total()
        self._warnings: tuple[str, ...] = ()

    def add(self, event: SensorEvent) -> Reading:
        """Take in an event; returns what is known after it."""
        passed_s = max(0.0, event.t_s - self.t_s)
        self._count_time(passed_s)
        self.t_s = max(self.t_s, event.t_s)
        match event:
            case HeartRateMeasurement():
                self._measure(event)
            case Connected():
                self._link, self._reason = "connected", None
                self._sensor_name = event.name
                self._clock.disconnected()
            case Disconnected():
                self._link, self._reason = "lost", event.reason
                self._contact = None
                self._clock.disconnected()
            case Searching():
                self._link = "searching" if self._heard_s is None else "lost"
                self._reason = event.reason
            case StrapDetails():
                self._battery_pct = event.battery_pct
            case Malformed():
                self._total.malformed += 1
            case Elapsed():
                pass
        return self._reading()

    def summary(self) -> Summary:
        """The session as a whole, up to now."""
        total = self._total
        return Summary(
            t_s=self.t_s,
            n_beats=total.n_beats,
            lost_beats=total.lost_beats,
            mean_hr_bpm=60_000 * total.accepted / total.accepted_ms if total.accepted else None,
            rmssd_ms=math.sqrt(total.squares / total.pairs) if total.pairs else None,
            artefact_pct=_pct(total.flagged + total.lost_beats, total.n_beats + total.lost_beats),
            malformed=total.malformed,
            doubled=total.doubled,
            time_inside_s=total.time_inside_s,
            known_s=total.known_s,
        )

    # -- taking in

    def _measure(self, event: HeartRateMeasurement) -> None:
        self._heard_s = event.t_s
        self._link, self._reason = "connected", None
        self._contact = event.contact
        if event.bpm in PLAUSIBLE_BPM:
            self._strap_bpm = event.t_s, event.bpm
        told = self._clock.add(event)
        if told.duplicate:
            self._total.doubled += 1
            return
        # A junction that turns out to be only late stays without a pair: one difference is a
        # smaller loss than a live number that is taken back.
        if told.lost_beats:
            self._losses.append((event.t_s, told.lost_beats))
            self._total.lost_beats += told.lost_beats
        self._warnings = _warnings(told)
        ticks_per_s = 1000 if told.sends_ms else event.ticks_per_s
        for beat in told.beats:
            self._beat(_Beat(beat.time_s, beat.rr_ticks * 1000 / ticks_per_s, beat.gap_before))

    def _beat(self, beat: _Beat) -> None:
        self._total.n_beats += 1
        self._recent.append(beat)
        for index, kind in self._marker.add(beat.rr_ms, beat.gap_before):
            self._decide(self._recent[index - self._forgotten], kind)

    def _decide(self, beat: _Beat, kind: Kind) -> None:
        """An interval's kind is final: now it may count."""
        previous, self._previous = self._previous, beat
        beat.kind = kind
        beat.accepted = accepts(kind, previous.kind if previous else None)
        self._rmssd.add(beat.time_s, beat.rr_ms, beat.accepted, beat.gap_before)
        self._alpha1.add(beat.time_s, beat.rr_ms, kind, beat.gap_before)
        self._total.add(beat, previous)

    def _count_time(self, passed_s: float) -> None:
        """The moment just gone belongs to the heart rate that was known through it."""
        hr_bpm = self._hr_bpm()
        if hr_bpm is None:
            return
        step_s = min(passed_s, LONGEST_STEP_S)
        self._total.known_s += step_s
        if self._side(hr_bpm) == "inside":
            self._total.time_inside_s += step_s

    # -- giving out

    def _reading(self) -> Reading:
        self._forget()
        hr_bpm = self._hr_bpm()
        if hr_bpm is not None:
            self._last_hr_bpm = hr_bpm
        silent_s = None if self._heard_s is None else self.t_s - self._heard_s
        artefact_pct = self._artefact_pct(RMSSD_WINDOW_S)
        alpha1 = self._alpha1.value(self.t_s)
        return Reading(
            t_s=self.t_s,
            hr_bpm=hr_bpm,
            last_hr_bpm=self._last_hr_bpm,
            rmssd_ms=_trusted(self._rmssd.value(self.t_s), artefact_pct, RMSSD_REFUSED_ABOVE_PCT),
            dfa_alpha1=_trusted(
                None if alpha1 is None else alpha1.value,
                self._artefact_pct(ALPHA1_WINDOW_S),
                ALPHA1_REFUSED_ABOVE_PCT,
            ),
            zone=None if hr_bpm is None or self.zones is None else self.zones.zone(hr_bpm),
            artefact_pct=artefact_pct,
            freshness=_freshness(silent_s),
            silent_s=silent_s,
            link=self._link,
            reason=self._reason,
            sensor_name=self._sensor_name,
            battery_pct=self._battery_pct,
            contact=self._contact,
            n_beats=self._total.n_beats,
            lost_beats=self._total.lost_beats,
            malformed=self._total.malformed,
            doubled=self._total.doubled,
            inside=None if hr_bpm is None else self._side(hr_bpm),
            beats_off=None if hr_bpm is None else self._beats_off(hr_bpm),
            time_inside_s=self._total.time_inside_s,
            known_s=self._total.known_s,
            recent=tuple(
                RecentBeat(b.time_s, b.rr_ms, b.kind in (None, Kind.NORMAL), b.gap_before)
                for b in self._recent
            ),
            quality=self._warnings,
        )

    def _forget(self) -> None:
        oldest_s = self.t_s - RECENT_S
        while (
            self._recent and self._recent[0].time_s < oldest_s and self._recent[0].kind is not None
        ):
            self._recent.popleft()
            self._forgotten += 1
        while self._losses and self._losses[0][0] < oldest_s:
            self._losses.popleft()

    def _hr_bpm(self) -> float | None:
        """Heart rate now: from accepted intervals, else the strap's own number, else unknown."""
        if self._heard_s is None or self.t_s - self._heard_s >= NO_SIGNAL_S:
            return None
        since_s = self.t_s - HR_WINDOW_S
        accepted_ms = []
        for beat in reversed(self._recent):
            if beat.time_s < since_s:
                break
            if beat.accepted:
                accepted_ms.append(beat.rr_ms)
        if len(accepted_ms) >= HR_MIN_BEATS:
            return 60_000 * len(accepted_ms) / math.fsum(accepted_ms)
        if self._strap_bpm is not None and self.t_s - self._strap_bpm[0] < NO_SIGNAL_S:
            return float(self._strap_bpm[1])
        return None

    def _artefact_pct(self, window_s: float) -> float | None:
        since_s = self.t_s - window_s
        decided = [b for b in self._recent if b.time_s >= since_s and b.kind is not None]
        lost = sum(beats for at_s, beats in self._losses if at_s >= since_s)
        flagged = sum(not beat.accepted for beat in decided)
        return _pct(flagged + lost, len(decided) + lost)

    def _side(self, hr_bpm: float) -> Side | None:
        if self.band is None:
            return None
        off = self._beats_off(hr_bpm)
        return "inside" if not off else "over" if off > 0 else "under"

    def _beats_off(self, hr_bpm: float) -> float | None:
        band = self.band
        if band is None:
            return None
        if band.ceiling_bpm is not None and hr_bpm > band.ceiling_bpm:
            return hr_bpm - band.ceiling_bpm
        if band.floor_bpm is not None and hr_bpm < band.floor_bpm:
            return hr_bpm - band.floor_bpm
        return 0.0


@dataclass(slots=True)
class _Total:
    """Sums over the whole session, so that its length costs nothing."""

    n_beats: int = 0
    flagged: int = 0
    lost_beats: int = 0
    accepted: int = 0
    accepted_ms: float = 0.0
    pairs: int = 0
    squares: float = 0.0
    malformed: int = 0
    doubled: int = 0
    time_inside_s: float = 0.0
    known_s: float = 0.0

    def add(self, beat: _Beat, previous: _Beat | None) -> None:
        """Count a decided beat, and the pair it makes with the one before."""
        if not beat.accepted:
            self.flagged += 1
            return
        self.accepted += 1
        self.accepted_ms += beat.rr_ms
        if previous is not None and previous.accepted and not beat.gap_before:
            self.pairs += 1
            self.squares += (beat.rr_ms - previous.rr_ms) ** 2


def _freshness(silent_s: float | None) -> Freshness:
    if silent_s is None:
        return "none"
    return "fresh" if silent_s <= AGEING_S else "ageing" if silent_s <= STALE_S else "stale"


def _trusted(value: float | None, artefact_pct: float | None, most_pct: float) -> float | None:
    return None if artefact_pct is None or artefact_pct > most_pct else value


def _pct(part: int, whole: int) -> float | None:
    return 100.0 * part / whole if whole else None


def _warnings(told: Beats) -> tuple[str, ...]:
    """What the beat clock noticed, in words."""
    words = []
    if told.sends_ms:
        words.append("this strap counts in ms instead of 1/1024 s: corrected from here on")
    if told.clock_warning:
        words.append("beats are missing: the intervals do not add up to the time that passed")
    return tuple(words)
