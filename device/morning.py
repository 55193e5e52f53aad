"""The morning test: sensor events in, the test's phases out; no clock, no I/O.

A phase ends at its own time, whichever event tells that it has passed; so a recording gives the
same result at every speed.
"""

import math
from dataclasses import replace

from device.morning_advice import (
    BATTERY_LOW_PCT,
    LOCATION_UNKNOWN,
    NOT_FOUND,
    SENDS_NO_RR,
    SILENT_S,
    WITHOUT_RR_S,
    not_a_chest_strap,
    trouble,
)
from device.morning_beats import MorningBeats, Stretch
from device.morning_judgement import (
    BEST_S,
    badness,
    hr_bpm,
    judge,
    lost_signal,
    orthostatic,
    rmssd_ms,
    starts_of_best,
    too_few,
)
from device.morning_protocol import (
    Confidence,
    Posture,
    Protocol,
    ProtocolName,
    StrapClass,
    protocol,
)
from device.morning_record import TAGS, Answers, Choice, StoredMorning
from device.morning_view import (
    Cue,
    Integrity,
    MorningView,
    Orthostatic,
    Phase,
    Result,
    TestOutcome,
)
from device.reading import Link
from sensors.events import (
    Connected,
    Disconnected,
    Elapsed,
    HeartRateMeasurement,
    Malformed,
    Searching,
    SensorEvent,
    StrapDetails,
)

__all__ = [
    "TAGS",
    "Answers",
    "Choice",
    "Confidence",
    "Cue",
    "Integrity",
    "MorningTest",
    "MorningView",
    "Orthostatic",
    "Phase",
    "Posture",
    "Protocol",
    "ProtocolName",
    "Result",
    "StoredMorning",
    "StrapClass",
    "TestOutcome",
    "protocol",
]


READY_S = 10.0
READY_BEATS = 5
"""RR flows cleanly: at least so many intervals in so long, no gap, at most one not normal."""
LIVE_S = 30.0
"""Before the recording the counts are those of so long."""
NOT_FOUND_AFTER_S = 5.0
SETTLE_AGAIN_S = 10.0
"""Silence in settling after which settling begins anew."""
PREVIEW_LIMIT_S = 180.0
"""Where nobody is there to try something, the search ends."""
RECORDING: tuple[Phase, ...] = ("record", "extend")


class MorningTest:
    """One attempt, from looking for the strap to its result."""

    def __init__(self, protocol: Protocol, *, start_when_ready: bool = False) -> None:
        """``start_when_ready``: nobody is there to press a key (headless)."""
        self.protocol = protocol
        self.t_s = 0.0
        """Of the last event."""
        self._alone = start_when_ready
        self._armed = start_when_ready
        self._beats = MorningBeats()
        self._phase: Phase = "preview"
        self._from_s = 0.0
        self._to_s = math.inf
        """The present phase; an end that is not known is infinite."""
        self._breathing_from_s = 0.0
        self._record_from_s: float | None = None
        self._doubts: tuple[str, ...] = ()
        """Why the recording had to be extended."""
        self._rising_from_s = 0.0
        self._moved_standing = False
        self._supine: Stretch | None = None
        self._cue: Cue | None = None
        self._result: Result | None = None
        self._link: Link = "searching"
        self._reason: str | None = None
        self._heard_s: float | None = None
        self._details: StrapDetails | None = None
        self._sensor_name: str | None = None
        self._contact: bool | None = None

    @property
    def result(self) -> Result | None:
        """What came of it; None until it is done."""
        return self._result

    def add(self, event: SensorEvent) -> MorningView:
        """Take in an event; returns what is known after it."""
        self._cue = None
        # A beat at the very end of a phase belongs to it, so that end waits for Elapsed.
        passed = isinstance(event, Elapsed)
        while self._to_s < event.t_s or (passed and self._to_s <= event.t_s):
            self.t_s = self._to_s
            self._end_phase()
        self.t_s = max(self.t_s, event.t_s)
        if self._phase != "done":
            self._take(event)
            self._look()
        return self.view()

    def start(self) -> None:
        """The person's key: the clock starts as soon as RR flows cleanly."""
        self._armed = True

    def moved(self) -> None:
        """The "I moved" key: settling begins anew, a recording is refused."""
        if self._phase == "settle":
            self._begin("settle", self.protocol.settle_s)
        elif self._phase in RECORDING:
            self._refuse(("you moved or spoke: once more, please",))
        elif self._phase != "done":
            self._moved_standing = self._phase != "preview"

    def end(self, reason: str) -> MorningView:
        """Nothing more will come: what is not done is refused for that reason."""
        if self._phase != "done":
            self._refuse((reason,))
        return self.view()

    # -- taking in

    def _take(self, event: SensorEvent) -> None:
        match event:
            case HeartRateMeasurement():
                self._link, self._reason = "connected", None
                self._heard_s = event.t_s
                self._contact = event.contact
                self._beats.add(event)
            case Connected():
                self._link, self._reason = "connected", None
                self._sensor_name = event.name
                self._beats.disconnected()
            case Disconnected():
                self._link, self._reason, self._contact = "lost", event.reason, None
                self._beats.disconnected()
            case Searching():
                self._link = "searching" if self._heard_s is None else "lost"
                self._reason = event.reason
            case StrapDetails():
                self._details = event
            case Malformed() | Elapsed():
                pass

    def _look(self) -> None:
        """What the moment calls for."""
        unfit = self._unfit()
        if self._phase == "preview":
            if self._armed and unfit:
                self._refuse((unfit,))
            elif self._armed and self._ready():
                self._breathing_from_s = self.t_s
                self._begin("settle", self.protocol.settle_s, cue="start")
            elif self._alone and self.t_s - self._from_s >= PREVIEW_LIMIT_S:
                found = "RR did not flow cleanly" if self._heard_s else "no strap was found"
                self._refuse((f"{found} within {PREVIEW_LIMIT_S:.0f} s",))
            return
        if unfit and self._supine is None:
            self._refuse((unfit,))
        elif self._phase == "settle":
            if self._silent_s() >= SETTLE_AGAIN_S:
                self._phase, self._from_s, self._to_s = "preview", self.t_s, math.inf
        elif self._phase in RECORDING:
            reasons = lost_signal(self._beats.live_counts(self._record_start_s, self.t_s))
            if reasons:
                self._refuse(reasons)

    def _unfit(self) -> str | None:
        """Why this sensor cannot serve, in plain words."""
        location = self._details.body_location if self._details else None
        if location is not None and (reason := not_a_chest_strap(location)):
            return reason
        first_s = self._beats.first_frame_s
        if first_s is None or self._contact is False or self._silent_s() > SILENT_S:
            return None
        since_s = max(first_s, self._beats.last_rr_s or 0.0)
        # In a recording the limit for gaps comes first; then this is the reason that is told.
        limit_s = 9.0 if self._phase in RECORDING else WITHOUT_RR_S
        return SENDS_NO_RR if self.t_s - since_s > limit_s else None

    def _ready(self) -> bool:
        counts = self._beats.live_counts(self.t_s - READY_S, self.t_s)
        return (
            self._link == "connected"
            and self._silent_s() <= SILENT_S
            and self._contact is not False
            and counts.n_beats >= READY_BEATS
            and counts.flagged <= 1
            and not counts.gaps
        )

    def _silent_s(self) -> float:
        return math.inf if self._heard_s is None else self.t_s - self._heard_s

    @property
    def _record_start_s(self) -> float:
        return self.t_s if self._record_from_s is None else self._record_from_s

    # -- from phase to phase

    def _begin(self, phase: Phase, lasts_s: float, cue: Cue = "change") -> None:
        self._phase, self._from_s, self._to_s = phase, self.t_s, self.t_s + lasts_s
        self._cue = cue

    def _end_phase(self) -> None:
        protocol = self.protocol
        match self._phase:
            case "settle":
                self._record_from_s = self.t_s
                self._begin("record", protocol.record_s)
            case "record":
                self._judge_first()
            case "extend":
                self._judge_extended()
            case "stand_up":
                self._begin("stand_settle", protocol.settle_s - protocol.stand_up_s)
            case "stand_settle":
                self._begin("stand_record", protocol.record_s)
            case "stand_record":
                self._finish_standing()

    def _judge_first(self) -> None:
        whole = self._beats.stretch(self._record_start_s, self.t_s)
        judged = judge(whole)
        if judged.accepted:
            self._accept(whole, self.protocol.best, ())
        elif judged.refusals:
            self._refuse(judged.refusals)
        else:
            self._doubts = judged.doubts
            self._extend_or_take_best()

    def _judge_extended(self) -> None:
        best = self._best()
        if judge(best).accepted:
            self._accept(best, self._reduced(), self._doubts)
        else:
            self._extend_or_take_best()

    def _extend_or_take_best(self) -> None:
        left_s = self.protocol.longest_s - (self.t_s - self._record_start_s)
        if left_s > 0.0:
            self._begin("extend", min(self.protocol.extend_s, left_s))
            return
        best = self._best()
        judged = judge(best)
        if judged.refusals or too_few(best):
            self._refuse(judged.refusals or judged.doubts)
        else:
            self._accept(best, self._reduced(), judged.doubts or self._doubts)

    def _best(self) -> Stretch:
        parts = (
            self._beats.stretch(from_s, min(from_s + BEST_S, self.t_s))
            for from_s in starts_of_best(self._record_start_s, self.t_s)
        )
        return min(parts, key=badness)

    def _reduced(self) -> Confidence:
        return "low" if self.protocol.best == "low" else "reduced"

    def _accept(self, stretch: Stretch, confidence: Confidence, reasons: tuple[str, ...]) -> None:
        rmssd = rmssd_ms(stretch)
        self._result = Result(
            outcome="accepted",
            confidence=confidence,
            reasons=reasons,
            rmssd_ms=rmssd,
            ln_rmssd=math.log(rmssd) if rmssd else None,
            hr_bpm=hr_bpm(stretch),
            pairs=stretch.counts.pairs,
            artefact_pct=stretch.counts.artefact_pct,
            counts=stretch.counts,
            record_from_s=stretch.from_s,
            record_to_s=stretch.to_s,
        )
        if self.protocol.stands:
            self._supine, self._rising_from_s = stretch, self.t_s
            self._begin("stand_up", self.protocol.stand_up_s, cue="stand")
        else:
            self._done()

    def _finish_standing(self) -> None:
        assert self._supine is not None  # noqa: S101 - nobody stands up before
        assert self._result is not None  # noqa: S101 - the supine part was accepted
        standing = self._beats.stretch(self._from_s, self.t_s)
        rising = self._beats.stretch(self._rising_from_s, self.t_s)
        values = orthostatic(self._supine, standing, rising)
        reasons = self._result.reasons
        if values.standing_hr_bpm is None:
            reasons = (*reasons, "the standing part cannot be used: " + _why_not(standing))
        elif self._moved_standing:
            reasons = (*reasons, "you moved while standing")
        self._result = replace(self._result, orthostatic=values, reasons=reasons)
        self._done()

    def _refuse(self, reasons: tuple[str, ...]) -> None:
        if self._supine is not None:
            # What was measured lying down stands.
            assert self._result is not None  # noqa: S101 - the supine part was accepted
            self._result = replace(
                self._result,
                reasons=(*self._result.reasons, f"the standing part is missing: {reasons[0]}"),
            )
            self._done()
            return
        counts, begun_s = Integrity(), self._record_from_s
        if begun_s is not None:
            counts = self._beats.stretch(begun_s, self.t_s).counts
        self._result = Result(
            outcome="refused",
            confidence="low",
            reasons=reasons,
            pairs=counts.pairs,
            artefact_pct=counts.artefact_pct,
            counts=counts,
            record_from_s=begun_s,
            record_to_s=None if begun_s is None else self.t_s,
        )
        self._done()

    def _done(self) -> None:
        self._phase, self._from_s, self._to_s = "done", self.t_s, math.inf
        self._cue = "end"

    # -- giving out

    def view(self) -> MorningView:
        """What is known now."""
        running = math.isfinite(self._to_s)
        done = self._phase == "done"
        counts = self._counts_now()
        return MorningView(
            t_s=self.t_s,
            phase=self._phase,
            remaining_s=max(0.0, self._to_s - self.t_s) if running else None,
            total_s=self._to_s - self._from_s if running else None,
            ready=self._phase == "preview" and self._unfit() is None and self._ready(),
            armed=self._phase == "preview" and self._armed,
            advice=self._advice(),
            link=self._link,
            reason=self._reason,
            sensor_name=self._sensor_name,
            battery_pct=self._details.battery_pct if self._details else None,
            contact=self._contact,
            optical=self._unfit() is not None,
            silent_s=None if self._heard_s is None else self._silent_s(),
            recent=self._beats.tachogram(self.t_s),
            breath=self._breath(),
            counts=counts,
            cue=self._cue,
            result=self._result if done else None,
        )

    def _counts_now(self) -> Integrity:
        if self._phase == "done" and self._result is not None:
            return self._result.counts
        from_s = self._record_from_s if self._phase in RECORDING else None
        if self._phase == "stand_record":
            from_s = self._from_s
        return self._beats.live_counts(self.t_s - LIVE_S if from_s is None else from_s, self.t_s)

    def _breath(self) -> float | None:
        pace = self.protocol.breaths_per_min
        if pace is None or self._phase not in ("settle", *RECORDING):
            return None
        return -math.cos(2.0 * math.pi * (self.t_s - self._breathing_from_s) * pace / 60.0)

    def _advice(self) -> tuple[str, ...]:
        if self._phase == "done":
            return ()
        if unfit := self._unfit():
            return (unfit,)
        if self._phase == "preview" and self._heard_s is None and self._link != "connected":
            return NOT_FOUND if self.t_s - self._from_s >= NOT_FOUND_AFTER_S else ()
        said = []
        live = self._beats.live_counts(self.t_s - LIVE_S, self.t_s)
        cause = trouble(
            link=self._link,
            reason=self._reason,
            contact=self._contact,
            silent_s=None if self._heard_s is None else self._silent_s(),
            counts=live,
            clock_warning=self._beats.clock_warning,
        )
        if cause is not None:
            said.append(cause)
        if self._phase == "preview" and self._details is not None:
            if self._details.body_location is None:
                said.append(LOCATION_UNKNOWN)
            battery_pct = self._details.battery_pct
            if battery_pct is not None and battery_pct <= BATTERY_LOW_PCT:
                said.append(f"the battery of the strap is at {battery_pct} %: change it soon")
        return tuple(said)


def _why_not(standing: Stretch) -> str:
    judged = judge(standing)
    return "; ".join(judged.refusals or judged.doubts)
