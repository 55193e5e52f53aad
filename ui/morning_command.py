"""``beatwise morning``: the morning test, on its screen or as JSON lines."""

import argparse
import asyncio
import signal
import sys
from contextlib import AsyncExitStack
from datetime import date, datetime
from functools import partial
from typing import cast

from device import sources, trusted_clock
from device.athlete import Athlete
from device.cue_task import cues_beside
from device.errors import BadSource, UnknownAthlete
from device.morning_attempt import PURPOSE, MorningAttempt, MorningIntended
from device.morning_history import usual_protocol
from device.morning_protocol import Posture, Protocol, ProtocolName, protocol
from device.morning_record import Answers
from device.morning_view import MorningView
from device.morning_words import BadAnswer, Day, parse_answers, parse_day
from device.readiness_today import readiness, told_as_json
from device.sources import SourceSpec, parse
from device.station import Station, open_station
from sensors.events import Connected, Disconnected, Searching, SensorEvent
from ui.headless import JsonLines
from ui.late import open_app
from ui.morning_wiring import MorningWiring
from ui.wiring import Wiring, local_now


def run(options: argparse.Namespace) -> int:
    """Take one morning test; the exit code is 0 also where it was refused."""
    spec = parse(options.source or "ble")
    answers = parse_answers(options.feel, options.symptoms, options.tags, options.note)
    said = None if options.date is None else parse_day(options.date)
    with open_station(options.data, now=local_now()) as station:
        for note in station.store.notes:
            print(f"beatwise: {note}", file=sys.stderr)
        athlete = who(station, options.athlete, spec)
        taken = as_asked(options, usual_protocol(station.store, athlete.name))
        if not options.headless:
            _screen(station, options, answers)
            return 0
        day = day_of(station, said, spec)
        intended = intend(station, athlete, spec, taken, day, options)
        attempt = MorningAttempt(
            intended,
            station.store,
            alone=True,
            sync_s=station.config.store.sync_s,
            calm=station.config.readiness.calm,
        )
        asyncio.run(headless(station, attempt, athlete, day.day, answers, audible=intended.audible))
    return 0


def who(station: Station, name: str | None, spec: SourceSpec) -> Athlete:
    """Whose morning it is; raises UnknownAthlete where nobody is known."""
    athlete = station.athlete(name, spec)
    if athlete is None:
        raise UnknownAthlete(
            "morning: whose morning is it? Say --athlete NAME, or name one in config.toml"
        )
    return athlete


def as_asked(options: argparse.Namespace, usual: Protocol) -> Protocol:
    """The protocol as usual, but for what is said."""
    return protocol(
        cast("ProtocolName", options.protocol or usual.name),
        cast("Posture", options.posture or usual.posture),
        paced=options.paced or usual.breaths_per_min is not None,
    )


def day_of(station: Station, said: Day | None, spec: SourceSpec) -> Day:
    """The day as said, else as the clock has it; raises BadAnswer where neither is known.

    A clock that agrees with what a person says may name the hour, too; but not of a recording.
    """
    now = local_now()
    if said is not None:
        agrees = trusted_clock.confirm(station.places.data, said.day, now)
        return Day(said.day, now) if agrees and not said.taken and spec.kind == "ble" else said
    judged = judge_clock(station, now)
    if not judged.trusted:
        why = judged.doubt or "nothing has set it since this machine was started"
        raise BadAnswer(
            f"the clock of this machine cannot be trusted ({why});"
            f" say which day it is: --date YYYY-MM-DD"
        )
    return Day(now.date(), now)


def judge_clock(station: Station, now: datetime) -> trusted_clock.Judgement:
    """Whether the clock may name the day."""
    return trusted_clock.judge_here(station.store, station.places.data, now)


def intend(
    station: Station,
    athlete: Athlete,
    spec: SourceSpec,
    taken: Protocol,
    day: Day | None,
    options: argparse.Namespace,
) -> MorningIntended:
    """Settle a test; raises BadSource where there is nothing to measure with."""
    return MorningIntended(
        athlete=athlete.name,
        protocol=taken,
        source=station.open_source(athlete, spec, purpose=PURPOSE, unit=options.unit),
        started=None if day is None else day.taken,
        day=None if day is None else day.day,
    )


def _screen(station: Station, options: argparse.Namespace, answers: Answers) -> None:
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise BadSource("morning: no terminal here to draw on; say --headless for JSON lines")
    wiring = Wiring.of(station, options)
    said = None if options.date is None else parse_day(options.date)
    if wiring.spec is not None and wiring.spec.kind == "replay":  # say it before anything is drawn
        sources.open_source(wiring.spec, unit=options.unit)
    morning = MorningWiring(wiring, partial(as_asked, options), said, answers)
    open_app(
        station.config.screen,
        wiring.load,
        wiring.begin,
        mornings=morning.mornings,
        morning_first=True,
    ).run()


async def headless(
    station: Station,
    attempt: MorningAttempt,
    athlete: Athlete,
    day: date,
    answers: Answers,
    *,
    audible: bool,
) -> None:
    """Measure without a screen: JSON lines on standard output, the last one the summary."""

    def leave() -> None:
        running.cancel()

    lines = JsonLines(sys.stdout, on_closed=leave)
    told_by = Told(lines)
    async with AsyncExitStack() as beside:
        say = None
        if audible:
            cues = cues_beside(station.config.cues, tell=told_by.notice)
            say = await beside.enter_async_context(cues)
        running = asyncio.ensure_future(attempt.measure(told_by.show, say=say))
        loop = asyncio.get_running_loop()
        for stop in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(stop, leave)
        await asyncio.wait({running})
        if not running.cancelled():
            running.result()
    if attempt.stored is not None:
        told = await attempt.judge(answers)
    else:  # left before it was begun: the day is as it was
        told = readiness(station.store, athlete.name, day, calm=station.config.readiness.calm)
    _summary(lines, attempt, told_as_json(told, athlete))


class Told:
    """Writes what changed: the link, the phase, the state of the signal."""

    def __init__(self, lines: JsonLines) -> None:
        self._lines = lines
        self._link: tuple[str, str | None] | None = None
        self._phase: str | None = None
        self._signal: tuple[object, ...] | None = None
        self._t_s = 0.0

    def notice(self, text: str) -> None:
        """Write what does not work and is no reason to stop."""
        self._lines.write("notice", self._t_s, text=text)

    def show(self, event: SensorEvent, view: MorningView) -> None:
        """Write what is worth a line."""
        self._t_s = view.t_s
        link = (view.link, view.reason)
        if isinstance(event, Connected | Disconnected | Searching) and link != self._link:
            self._link = link
            self._lines.write(
                "link",
                view.t_s,
                state=view.link,
                reason=view.reason,
                sensor=view.sensor_name,
                battery_pct=view.battery_pct,
            )
        if view.phase != self._phase:
            self._phase = view.phase
            self._lines.write(
                "phase", view.t_s, phase=view.phase, total_s=view.total_s, cue=view.cue
            )
        counts = view.counts
        state = (view.advice, view.contact, counts.gaps, counts.lost_beats, counts.doubled)
        if view.phase not in ("preview", "done") and state != self._signal:
            self._signal = state
            self._lines.write(
                "integrity",
                view.t_s,
                advice=view.advice,
                contact=view.contact,
                n_beats=counts.n_beats,
                pairs=counts.pairs,
                artefact_pct=counts.artefact_pct,
                lost_beats=counts.lost_beats,
                doubled=counts.doubled,
                gaps=counts.gaps,
                gap_s=counts.gap_s,
                sum_rr_s=counts.sum_rr_s,
                elapsed_s=counts.elapsed_s,
                contact_lost_s=counts.contact_lost_s,
            )


def _summary(lines: JsonLines, attempt: MorningAttempt, told: dict[str, object]) -> None:
    result = attempt.test.result
    assert result is not None  # noqa: S101 - it was measured
    stored = attempt.stored
    lines.write(
        "summary",
        attempt.test.t_s,
        **told
        | {
            "session": attempt.session_id,
            "morning": None if stored is None else stored.id,
            "trouble": attempt.trouble,
            "outcome": result.outcome,
            "confidence": result.confidence,
            "reasons": result.reasons,
            "rmssd_ms": result.rmssd_ms,
            "ln_rmssd": result.ln_rmssd,
            "mean_hr_bpm": result.hr_bpm,
            "artefact_pct": result.artefact_pct,
            "pairs": result.pairs,
            "n_beats": result.counts.n_beats,
            "lost_beats": result.counts.lost_beats,
            "record_from_s": result.record_from_s,
            "record_to_s": result.record_to_s,
            "protocol": None if stored is None else stored.protocol,
            "on_schedule": None if stored is None else stored.on_schedule,
            "orthostatic": None
            if result.orthostatic is None or stored is None or stored.detail is None
            else stored.detail["orthostatic"],
        },
    )
