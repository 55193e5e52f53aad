"""A session without a screen: one JSON object a line, for scripts and for a Pi in a pocket."""

import json
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import Any, TextIO

from device.alerts import Alert
from device.mark import marks_between
from device.reading import Reading
from device.steps import StepNow
from sensors.events import Connected, Disconnected, Elapsed, Searching, SensorEvent
from ui import output


class JsonLines:
    """Writes JSON lines, those of one session among them; scripts rely on the names."""

    def __init__(self, out: TextIO, on_closed: Callable[[], object]) -> None:
        """``on_closed`` is called once, when whoever read our output has gone (`| head`)."""
        self._out = out
        self._on_closed = on_closed
        self._closed = False
        self.show = SessionLines(self.write).show

    def write(self, event: str, t_s: float, **values: Any) -> None:
        """Write one line; unknown values are null, not left out."""
        if self._closed:
            return
        line = {"event": event, "t_s": t_s, **values}
        try:
            print(json.dumps(line, allow_nan=False), file=self._out, flush=True)
        except BrokenPipeError:
            self._closed = True
            output.forget(self._out)
            self._on_closed()
        except OSError as error:  # such as a full disk: no reason to lose a session
            self._closed = True
            output.forget(self._out)
            words = f"no more lines can be written ({error.strerror}); the session goes on"
            with suppress(OSError):
                print(f"beatwise: {words}", file=sys.stderr)


class SessionLines:
    """What of a session's events is worth a line."""

    def __init__(self, write: Callable[..., object]) -> None:
        """``write`` takes what :meth:`JsonLines.write` takes."""
        self._write = write
        self._link: tuple[str, str | None] | None = None
        self._before = Reading(0.0)

    def show(self, event: SensorEvent, reading: Reading) -> None:
        """Write what is worth a line: the link, a reading a second, alerts, steps, pauses."""
        self._tell(event, reading)
        before, self._before = self._before, reading
        for mark in marks_between(before, reading):
            match mark.kind:
                case "step" if reading.step is not None:
                    self._step(reading.t_s, reading.step)
                case "pause" | "resume":
                    self._write(mark.kind, mark.t_s, reason=mark.text)
                case _ if reading.fired is not None:
                    self._alert(reading.fired)

    def _step(self, t_s: float, now: StepNow) -> None:
        band = now.step.band
        self._write(
            "step",
            t_s,
            name=now.step.name,
            index=now.index,
            of=now.of,
            duration_s=now.step.duration_s,
            floor_bpm=None if band is None else band.floor_bpm,
            ceiling_bpm=None if band is None else band.ceiling_bpm,
        )

    def _alert(self, alert: Alert) -> None:
        self._write(
            "alert",
            alert.t_s,
            kind=alert.kind,
            hr_bpm=alert.hr_bpm,
            ceiling_bpm=alert.ceiling_bpm,
            floor_bpm=alert.floor_bpm,
        )

    def _tell(self, event: SensorEvent, reading: Reading) -> None:
        match event:
            case Connected() | Disconnected() | Searching():
                state = (reading.link, reading.reason)
                if state != self._link:
                    self._link = state
                    self._write(
                        "link",
                        reading.t_s,
                        state=reading.link,
                        reason=reading.reason,
                        sensor=reading.sensor_name,
                    )
            case Elapsed():
                self._write(
                    "reading",
                    reading.t_s,
                    hr_bpm=reading.hr_bpm,
                    rmssd_ms=reading.rmssd_ms,
                    dfa_alpha1=reading.dfa_alpha1,
                    zone=reading.zone,
                    artefact_pct=reading.artefact_pct,
                    freshness=reading.freshness,
                )
