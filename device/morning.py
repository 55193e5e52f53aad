"""The morning test: sensor events in, the test's phases out; no clock, no I/O.

A phase ends at its own time, whichever event tells that it has passed; so a recording gives the
same result at every speed.
"""

import math

from device.morning_beats import Stretch
from device.morning_judgement import judge, lost_signal, too_few
from device.morning_protocol import (
    Confidence,
    Posture,
    Protocol,
    ProtocolName,
    StrapClass,
    protocol,
)
from device.morning_record import TAGS, Answers, Choice, StoredMorning
from device.morning_result import (
    accepted,
    best_part,
    refused,
    with_standing,
    without_standing,
)
from device.morning_strap import LIVE_S, MorningStrap
from device.morning_view import (
    Cue,
    Integrity,
    MorningView,
    Orthostatic,
    Phase,
    Result,
    TestOutcome,
)
from sensors.events import Elapsed, HeartRateMeasurement, SensorEvent

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
        self._strap = MorningStrap()
        self._phase: Phase = "preview"
        self._from_s = 0.0
        self._to_s = math.inf
        """Of the present phase; an end that is not known is infinite."""
        self._begun_s: float | None = None
        """When settling began: breathing is paced from there."""
        self._record_from_s: float | None = None
        self._doubts: tuple[str, ...] = ()
        """Why the recording had to be extended."""
        self._supine: Stretch | None = None
        """What counts of an orthostatic test, once that part is over."""
        self._rising_from_s = 0.0
        self._moved = False
        """While standing."""
        self._cue: Cue | None = None
        self._result: Result | None = None

    @property
    def result(self) -> Result | None:
        """What came of it; None until it is done."""
        return self._result if self._phase == "done" else None

    @property
    def begun(self) -> bool:
        """Whether the clock was ever started."""
        return self._begun_s is not None

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
            self._strap.take(event)
            self._look(at_frame=isinstance(event, HeartRateMeasurement))
        return self.view()

    def take(self, protocol: Protocol) -> None:
        """Take it this way from now on; once the clock has started nothing changes."""
        if self._phase == "preview":
            self.protocol = protocol

    def start(self) -> None:
        """The person's key: the clock starts as soon as RR flows cleanly."""
        self._armed = True

    def moved(self) -> None:
        """The "I moved" key: settling begins anew, a recording is refused."""
        if self._phase == "settle":
            self._begin("settle", self.protocol.settle_s)
        elif self._phase in RECORDING:
            self._refuse(("you moved or spoke: once more, please",))
        elif self._supine is not None:
            self._moved = True

    def end(self, reason: str) -> MorningView:
        """Nothing more will come: what is not done is refused for that reason."""
        if self._phase != "done":
            self._refuse((reason, *self._doubts))
        return self.view()

    # -- from phase to phase

    def _look(self, *, at_frame: bool) -> None:
        """What the moment calls for; it begins with a frame, so that no clock decides when."""
        strap, now_s = self._strap, self.t_s
        unfit = strap.unfit(now_s, recording=self._phase in RECORDING)
        if unfit and self._armed and self._supine is None:
            self._refuse((unfit,))
        elif self._phase == "preview" and self._armed and at_frame and strap.ready(now_s):
            self._begun_s = now_s
            self._begin("settle", self.protocol.settle_s, cue="start")
        elif self._phase == "preview" and self._alone and now_s - self._from_s >= PREVIEW_LIMIT_S:
            found = "RR did not flow cleanly" if strap.heard else "no strap was found"
            self._refuse((f"{found} within {PREVIEW_LIMIT_S:.0f} s",))
        elif self._phase == "settle" and strap.silent(now_s, SETTLE_AGAIN_S):
            self._phase, self._from_s, self._to_s = "preview", now_s, math.inf
        elif self._phase in RECORDING and self._record_from_s is not None:
            reasons = lost_signal(strap.beats.live_counts(self._record_from_s, now_s))
            if reasons:
                self._refuse(reasons)

    def _begin(self, phase: Phase, lasts_s: float, cue: Cue = "change") -> None:
        self._phase, self._from_s, self._to_s = phase, self.t_s, self.t_s + lasts_s
        self._cue = cue

    def _end_phase(self) -> None:
        protocol = self.protocol
        match self._phase:
            case "settle":
                self._record_from_s = self.t_s
                self._begin("record", protocol.record_s)
            case "record" | "extend":
                self._judge()
            case "stand_up":
                self._begin("stand_settle", protocol.settle_s - protocol.stand_up_s)
            case "stand_settle":
                self._begin("stand_record", protocol.record_s)
            case "stand_record":
                self._finish_standing()

    def _judge(self) -> None:
        """Of what was extended the best part counts; of the first recording all of it."""
        from_s = self.t_s if self._record_from_s is None else self._record_from_s
        extended = self._phase == "extend"
        left_s = self.protocol.longest_s - (self.t_s - from_s)
        stretch = self._strap.beats.stretch
        recorded = best_part(stretch, from_s, self.t_s) if extended else stretch(from_s, self.t_s)
        judged = judge(recorded)
        if judged.accepted:
            confidence = self._reduced() if extended else self.protocol.best
            self._accept(recorded, confidence, self._doubts)
            return
        if judged.refusals and not extended:
            self._refuse(judged.refusals)
            return
        self._doubts = self._doubts or judged.doubts
        if left_s > 0.0:
            self._begin("extend", min(self.protocol.extend_s, left_s))
            return
        best = best_part(stretch, from_s, self.t_s)
        judged = judge(best)
        if judged.refusals or too_few(best):
            self._refuse(judged.refusals or judged.doubts)
        else:
            self._accept(best, self._reduced(), judged.doubts or self._doubts)

    def _reduced(self) -> Confidence:
        return "low" if self.protocol.best == "low" else "reduced"

    def _accept(self, recorded: Stretch, confidence: Confidence, reasons: tuple[str, ...]) -> None:
        self._result = accepted(recorded, confidence, reasons)
        if self.protocol.stands:
            self._supine, self._rising_from_s = recorded, self.t_s
            self._begin("stand_up", self.protocol.stand_up_s, cue="stand")
        else:
            self._done()

    def _finish_standing(self) -> None:
        assert self._supine is not None  # noqa: S101 - nobody stands up before
        assert self._result is not None  # noqa: S101 - the supine part was accepted
        stretch = self._strap.beats.stretch
        self._result = with_standing(
            self._result,
            self._supine,
            stretch(self._from_s, self.t_s),
            stretch(self._rising_from_s, self.t_s),
            moved=self._moved,
        )
        self._done()

    def _refuse(self, reasons: tuple[str, ...]) -> None:
        if self._supine is not None and self._result is not None:
            self._result = without_standing(self._result, reasons[0])
        else:
            from_s = self._record_from_s
            recorded = None if from_s is None else self._strap.beats.stretch(from_s, self.t_s)
            self._result = refused(reasons, recorded)
        self._done()

    def _done(self) -> None:
        self._phase, self._from_s, self._to_s = "done", self.t_s, math.inf
        self._cue = "end"

    # -- giving out

    def view(self) -> MorningView:
        """What is known now."""
        strap, now_s = self._strap, self.t_s
        running = math.isfinite(self._to_s)
        preview = self._phase == "preview"
        advice: tuple[str, ...] = ()
        if self._phase != "done":
            advice = strap.advice(now_s, preview_from_s=self._from_s if preview else None)
        unfit = strap.unfit(now_s) is not None
        return MorningView(
            t_s=now_s,
            phase=self._phase,
            remaining_s=max(0.0, self._to_s - now_s) if running else None,
            total_s=self._to_s - self._from_s if running else None,
            ready=preview and not unfit and strap.ready(now_s),
            armed=preview and self._armed,
            advice=advice,
            link=strap.link,
            reason=strap.reason,
            sensor_name=strap.name,
            battery_pct=strap.details.battery_pct if strap.details else None,
            contact=strap.contact,
            optical=unfit,
            silent_s=strap.silent_s(now_s),
            recent=strap.beats.tachogram(now_s),
            breath=self._breath(),
            counts=self._counts(),
            cue=self._cue,
            result=self.result,
        )

    def _counts(self) -> Integrity:
        if self.result is not None:
            return self.result.counts
        from_s = max(0.0, self.t_s - LIVE_S)
        if self._phase in RECORDING and self._record_from_s is not None:
            from_s = self._record_from_s
        elif self._phase == "stand_record":
            from_s = self._from_s
        return self._strap.beats.live_counts(from_s, self.t_s)

    def _breath(self) -> float | None:
        pace = self.protocol.breaths_per_min
        if pace is None or self._begun_s is None or self._phase not in ("settle", *RECORDING):
            return None
        return -math.cos(2.0 * math.pi * (self.t_s - self._begun_s) * pace / 60.0)
