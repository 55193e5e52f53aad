"""One athlete's session: sensor events in, readings out; no clock, no I/O."""

from device.alerts import Alert
from device.alpha1_by_hr import Alpha1ByHr
from device.effort import DOUBTED, Effort
from device.intent import Band
from device.odometer import Odometer
from device.reading import Freshness, Link, Reading
from device.recent import ArtefactShare, Beat, Recent
from device.steps import Steps
from device.summary import Summary, Total
from hrv.online import OnlineMarker
from hrv.rolling import RollingRmssd
from hrv.rolling_alpha1 import RollingAlpha1
from hrv.zones import Zones
from sensors.beat_clock import BeatClock, Beats
from sensors.events import (
    PLAUSIBLE_BPM,
    Connected,
    Disconnected,
    Distance,
    Elapsed,
    HeartRateMeasurement,
    Malformed,
    Searching,
    SensorEvent,
    StrapDetails,
)

METHOD_VERSION = "1"
"""Of the arithmetic behind every number here; stored with each session."""

RMSSD_WINDOW_S = 60.0
ALPHA1_WINDOW_S = 120.0
"""Windows of the live numbers (SCIENCE 3; our decision)."""

RMSSD_MIN_PAIRS = 20
"""About the half minute below which RMSSD scatters too much to hint at anything: from 30 s its
95 % limits against 5 min are 0.4 in ln, from 10 s 0.9 (Esco & Flatt 2014, abstract read)."""

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


class Session:
    """Turns what a sensor reports into what an athlete may be told.

    Every event has its time with it, so that a recording at any speed gives the same readings.
    """

    def __init__(
        self,
        *,
        band: Band | None = None,
        steps: Steps | None = None,
        zones: Zones | None = None,
        rr_range_ms: tuple[float, float] = EXERCISE_RR_MS,
    ) -> None:
        self.effort = Effort(band, steps)
        self.zones = zones
        self.t_s = 0.0
        """Session time of the last event."""
        self._clock = BeatClock()
        self._marker = OnlineMarker(*rr_range_ms)
        self._rmssd = RollingRmssd(RMSSD_WINDOW_S)
        self._alpha1 = RollingAlpha1(ALPHA1_WINDOW_S)
        self._alpha1_by_hr = Alpha1ByHr()
        self._recent = Recent()
        self._odometer = Odometer()
        self._shares = ArtefactShare(RMSSD_WINDOW_S), ArtefactShare(ALPHA1_WINDOW_S)
        self._link: Link = "searching"
        self._reason: str | None = None
        self._sensor_name: str | None = None
        self._battery_pct: int | None = None
        self._contact: bool | None = None
        self._strap_bpm: tuple[float, int] | None = None
        self._heard_s: float | None = None
        self._beat_s: float | None = None
        """When the last interval came that was not a repetition."""
        self._last_hr_bpm: float | None = None
        self._total = Total()
        self._warnings: tuple[str, ...] = ()

    def add(self, event: SensorEvent) -> Reading:
        """Take in an event; returns what is known after it."""
        passed_s = max(0.0, event.t_s - self.t_s)
        self._count_time(passed_s)
        self.t_s = max(self.t_s, event.t_s)
        fired: Alert | None = None
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
            case Distance():
                self._odometer.add(event.distance_cm, event.t_s, self.effort.running_s)
            case Malformed():
                self._total.malformed += 1
            case Elapsed():
                fired = self._judge()
        reading = self._reading(fired)
        self._alpha1_by_hr.add(reading)
        return reading

    def pause(self) -> Reading:
        """Judge and count nothing until told to go on."""
        self.effort.paused_by_key = True
        return self._reading(None)

    def resume(self) -> Reading:
        """Go on after a pause."""
        self.effort.paused_by_key = False
        return self._reading(None)

    def switched_off_until(self, t_s: float) -> Reading:
        """Nothing is known until then, and that was no loss of the signal: begin to judge anew."""
        self.pause()
        self.add(Elapsed(t_s))
        self.effort.judge_anew()
        return self.resume()

    def summary(self) -> Summary:
        """The session as a whole, up to now."""
        return self._total.summary(self.t_s, self._alpha1_by_hr.found())

    # -- taking in

    def _measure(self, event: HeartRateMeasurement) -> None:
        self._heard_s = event.t_s
        self._link, self._reason = "connected", None
        self._contact = event.contact
        if event.bpm is not None and event.bpm in PLAUSIBLE_BPM:
            self._strap_bpm = event.t_s, event.bpm
            if self._beat_s is None and not event.rr_ticks:
                self.effort.beat(event.t_s, 60_000 / event.bpm, gap_before=False)
        told = self._clock.add(event)
        if told.duplicate:
            self._total.doubled += 1
            return
        if told.beats:
            self._beat_s = event.t_s
        # A junction that turns out to be only late stays without a pair: one difference is a
        # smaller loss than a live number that is taken back.
        if told.lost_beats:
            self._total.lost_beats += told.lost_beats
            for share in self._shares:
                share.add(event.t_s, bad=told.lost_beats, beats=told.lost_beats)
        self._warnings = _warnings(told)
        ticks_per_s = 1000 if told.sends_ms else event.ticks_per_s
        for beat in told.beats:
            self._beat(Beat(beat.time_s, beat.rr_ticks * 1000 / ticks_per_s, beat.gap_before))

    def _beat(self, beat: Beat) -> None:
        self._total.n_beats += 1
        self.effort.beat(self.t_s, beat.rr_ms, gap_before=beat.gap_before)
        self._recent.add(beat)
        for index, kind in self._marker.add(beat.rr_ms, beat.gap_before):
            decided, previous = self._recent.decide(index, kind)
            at = (decided.time_s, decided.rr_ms)
            self._rmssd.add(*at, decided.accepted, decided.gap_before)
            self._alpha1.add(*at, kind, decided.gap_before)
            self._total.add(decided, previous)
            for share in self._shares:
                share.add(decided.time_s, bad=int(not decided.accepted), beats=1)

    def _count_time(self, passed_s: float) -> None:
        """The moment just gone belongs to the heart rate that was known through it."""
        if self._heard_s is not None:
            self.effort.pass_time(passed_s)
        hr_bpm = self._trusted_bpm()
        if hr_bpm is None or self.effort.paused:
            return
        step_s = min(passed_s, LONGEST_STEP_S)
        self._total.known_s += step_s
        side = self.effort.side(hr_bpm)
        if side is not None:
            inside_s = step_s if side == "inside" else 0.0
            self._total.time_inside_s = (self._total.time_inside_s or 0.0) + inside_s

    def _judge(self) -> Alert | None:
        """A second has passed: is the effort what it was meant to be?"""
        last_s = self._heard_s if self._beat_s is None else self._beat_s
        silent_s = 0.0 if last_s is None else self.t_s - last_s
        return self.effort.judge(self.t_s, self._hr_bpm(), contact=self._contact, silent_s=silent_s)

    # -- giving out

    def _reading(self, fired: Alert | None) -> Reading:
        self._recent.forget(self.t_s)
        effort = self.effort
        hr_bpm = self._trusted_bpm()
        if hr_bpm is not None:
            self._last_hr_bpm = hr_bpm
        silent_s = None if self._heard_s is None else self.t_s - self._heard_s
        artefact_pct, alpha1_artefact_pct = (share.pct(self.t_s) for share in self._shares)
        alpha1 = self._alpha1.value(self.t_s)
        return Reading(
            t_s=self.t_s,
            hr_bpm=hr_bpm,
            last_hr_bpm=self._last_hr_bpm,
            rmssd_ms=_trusted(self._rmssd_ms(), artefact_pct, RMSSD_REFUSED_ABOVE_PCT),
            dfa_alpha1=_trusted(
                None if alpha1 is None else alpha1.value,
                alpha1_artefact_pct,
                ALPHA1_REFUSED_ABOVE_PCT,
            ),
            zone=None if hr_bpm is None or self.zones is None else self.zones.zone(hr_bpm),
            artefact_pct=artefact_pct,
            freshness=freshness_of(silent_s),
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
            inside=None if hr_bpm is None else effort.side(hr_bpm),
            beats_off=None if hr_bpm is None else effort.beats_off(hr_bpm),
            time_inside_s=self._total.time_inside_s,
            known_s=self._total.known_s,
            recent=self._recent.tachogram(),
            quality=(DOUBTED, *self._warnings) if effort.doubted else self._warnings,
            paused=effort.paused,
            strap_off=effort.strap_off,
            running_s=effort.running_s,
            distance_m=self._odometer.distance_m,
            last_km_s=self._odometer.last_km_s,
            step=effort.step,
            alert=effort.alerts.state,
            fired=fired,
        )

    def _rmssd_ms(self) -> float | None:
        enough = self._rmssd.pairs(self.t_s) >= RMSSD_MIN_PAIRS
        return self._rmssd.value(self.t_s) if enough else None

    def _trusted_bpm(self) -> float | None:
        """Heart rate that may be shown and judged; None while it is in doubt."""
        return None if self.effort.doubted else self._hr_bpm()

    def _hr_bpm(self) -> float | None:
        """Heart rate now: from accepted intervals, else the strap's own number, else unknown."""
        if self._heard_s is None or self.t_s - self._heard_s >= NO_SIGNAL_S:
            return None
        # A strap that sends intervals and has stopped to, repeats its last heart rate.
        if self._beat_s is not None and self.t_s - self._beat_s >= NO_SIGNAL_S:
            return None
        hr_bpm = self._recent.hr_bpm(self.t_s)
        if hr_bpm is not None:
            return hr_bpm
        if self._strap_bpm is not None and self.t_s - self._strap_bpm[0] < NO_SIGNAL_S:
            return float(self._strap_bpm[1])
        return None


def freshness_of(silent_s: float | None) -> Freshness:
    """How far a value may still be taken for live."""
    if silent_s is None:
        return "none"
    return "fresh" if silent_s <= AGEING_S else "ageing" if silent_s <= STALE_S else "stale"


def _trusted(value: float | None, artefact_pct: float | None, most_pct: float) -> float | None:
    return None if artefact_pct is None or artefact_pct > most_pct else value


def _warnings(told: Beats) -> tuple[str, ...]:
    """What the beat clock noticed, in words."""
    words = []
    if told.sends_ms:
        words.append("this strap counts in ms instead of 1/1024 s: corrected from here on")
    if told.clock_warning:
        words.append("beats are missing: the intervals do not add up to the time that passed")
    return tuple(words)
