"""Joins the screens to the program behind them: what can be started, and who measures it."""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from device import ratings, sources
from device.athlete import Athlete, zones_of
from device.errors import StoreError
from device.history import StoredSession
from device.intended import Intended
from device.intent import Band, Purpose, parse_purpose
from device.sources import SourceSpec, Unit
from device.station import DEMO, Station
from device.target import target
from device.this_morning import Cap
from ui.live_run import LiveRun
from ui.overview import (
    CutOff,
    Overview,
    PastSession,
    Plan,
    SourceCard,
    ThisMorning,
)
from ui.past_runs import Debriefs

if TYPE_CHECKING:
    from device.debrief import Debrief
    from ui.morning_plan import Mornings

OFFERED = tuple(Purpose)
"""What the home screen starts."""
SESSIONS_SHOWN = 20

NO_ADAPTER = "No Bluetooth adapter here: this is the built-in simulated athlete."


def local_now() -> datetime:
    """The wall clock with its offset; asked only at the edge of the program."""
    return datetime.now().astimezone()


@dataclass(frozen=True, slots=True)
class Wiring:
    """What was asked for on the command line, on a station."""

    station: Station
    athlete_name: str | None
    spec: SourceSpec | None
    """None: a strap, or the simulation where there is no adapter to reach one with."""
    unit: Unit | None

    @classmethod
    def of(cls, station: Station, options: argparse.Namespace) -> Wiring:
        """Read the options; raises a BeatwiseError for what cannot be understood."""
        spec = None if options.source is None else sources.parse(options.source)
        return cls(station, options.athlete, spec, options.unit)

    def athlete(self, spec: SourceSpec) -> Athlete | None:
        """Who it is. A simulation that only stands in for a missing adapter is nobody but itself:
        its beats must never end up in the history of the athlete who was meant.
        """
        stands_in = self.spec is None and spec.kind == "sim"
        return self.station.athlete(None if stands_in else self.athlete_name, spec)

    def intend(self, purpose: Purpose, spec: SourceSpec) -> Intended:
        """Settle a session; raises a BeatwiseError for what does not work."""
        athlete = self.athlete(spec)
        return self.station.intend(purpose, athlete, spec, now=local_now(), unit=self.unit)

    async def load(self) -> Overview:
        """What the home screen shows."""
        spec, reason = self.spec, None
        if spec is None:
            spec, reason = await default_source()
        athlete = self.athlete(spec)
        card = source_card(spec, reason, athlete)
        store = self.station.store
        stored = await asyncio.to_thread(
            store.sessions, athlete=None if athlete is None else athlete.name, limit=SESSIONS_SHOWN
        )
        notes = list(store.notes)
        if store.trouble is not None:
            notes.append(str(store.trouble))
        now = local_now()
        cut_off = self.station.cut_off(athlete, spec, now=now)
        cap = await asyncio.to_thread(self.station.cap, athlete, now.date())
        if cap is not None and not cap.overridden:
            notes.append(str(cap))
        settle = partial(_plan, athlete=athlete, cap=cap, year=now.year, card=card)
        return Overview(
            athlete="Nobody in particular" if athlete is None else athlete.name,
            source=card,
            plans=tuple(settle(purpose) for purpose in OFFERED),
            sessions=tuple(past for one in stored if (past := self._past(one)) is not None),
            notes=tuple(notes),
            cut_off=None
            if cut_off is None
            else _again(settle, cut_off, lasted_s=self._lasted_s(cut_off)),
        )

    def _past(self, stored: StoredSession) -> PastSession | None:
        started = stored.start.started
        if started is None:
            return None
        return PastSession(
            started,
            stored.start.purpose,
            self._lasted_s(stored),
            mean_hr_bpm=(stored.summary or {}).get("mean_hr_bpm"),
            interrupted=stored.outcome is None,
            doubted=stored.start.clock_trusted is False,
            id=stored.id,
        )

    def _lasted_s(self, stored: StoredSession) -> float:
        if stored.ended_s is not None:
            return stored.ended_s
        try:
            return self.station.store.lasted_s(stored.id)
        except StoreError:  # its beats are damaged: said where it is looked at, not here
            return 0.0

    def mornings(self) -> Mornings:
        """The morning test and its history; brings arithmetic, so after the first frame."""
        from ui.morning_wiring import MorningWiring

        return MorningWiring(self).mornings()

    def debriefs(self) -> Debriefs:
        """What sessions were; arithmetic comes when one is looked at."""
        station = self.station

        def look(session_id: int) -> Debrief:
            from device import past_session

            return past_session.look(station.store, station.places.data, session_id)

        async def look_aside(session_id: int) -> Debrief:
            return await asyncio.to_thread(look, session_id)

        async def rate(session_id: int, cr10: float | None) -> None:
            await asyncio.to_thread(ratings.rate, station.store, session_id, cr10)

        return Debriefs(look_aside, rate)

    def begin(self, plan: Plan) -> LiveRun:
        """The session of a plan; raises a BeatwiseError where it cannot be."""
        spec = self.spec or sources.parse("sim" if plan.source.kind == "simulated" else "ble")
        station, now = self.station, local_now()
        athlete = self.athlete(spec)
        if plan.cut_off is not None:
            stored = station.cut_off(athlete, spec, now=now)
            if stored is not None and stored.id == plan.cut_off.id:
                return LiveRun(station, station.intend_again(stored, athlete, spec, now=now))
        intended = station.intend(
            parse_purpose(plan.purpose),
            athlete,
            spec,
            now=now,
            unit=self.unit,
            override=plan.overridden,
            why=plan.why,
        )
        return LiveRun(station, intended)


async def default_source() -> tuple[SourceSpec, str | None]:
    """A strap; where there is no adapter at all, the simulation, and why."""
    from sensors.radio import adapter_state  # brings bleak: after the first frame

    state = await adapter_state()
    if state.state == "none":
        return sources.parse("sim"), NO_ADAPTER
    return sources.parse("ble"), None if state.state == "ready" else f"{state.words}."


def plan_of(intended: Intended, athlete: Athlete | None) -> Plan:
    """A settled session as the live screen is told of it."""
    cap = intended.cap
    return Plan(
        athlete=intended.athlete or "Nobody in particular",
        purpose=intended.purpose,
        source=source_card(intended.source.spec, None, athlete),
        band=intended.band,
        zones=intended.zones,
        steps=intended.steps,
        max_bpm=None if athlete is None else athlete.max_bpm,
        morning=None if cap is None else _this_morning(cap),
        overridden=intended.overridden,
        why=intended.why,
        on_file=_on_file(athlete),
    )


def source_card(spec: SourceSpec, reason: str | None, athlete: Athlete | None) -> SourceCard:
    """A source as a person would call it; where none is named, it is the athlete's own strap."""
    match spec.kind:
        case "sim":
            return SourceCard("simulated", f"simulated athlete {spec.seed}", reason)
        case "replay":
            return SourceCard("replay", spec.path.name if spec.path else spec.text, reason)
        case "ble":
            own = None if athlete is None else athlete.strap
            known = None if own is None or own.address is None else own.name or "your strap"
            return SourceCard("ble", spec.address or known or "the nearest strap", reason)


def _plan(
    purpose: Purpose, *, athlete: Athlete | None, cap: Cap | None, year: int, card: SourceCard
) -> Plan:
    known = athlete or Athlete("")
    chosen = cap is not None and cap.overridden
    free_band, free_steps = target(purpose, known, None, year=year)
    band, steps = target(purpose, known, None if chosen else cap, year=year)
    morning = None
    if cap is not None:
        binds = not chosen and band != free_band
        morning = replace(
            _this_morning(cap), uncapped=free_band, uncapped_steps=free_steps, binds=binds
        )
    return Plan(
        athlete="Nobody in particular" if athlete is None else athlete.name,
        purpose=purpose,
        source=card,
        band=band,
        zones=zones_of(known),
        steps=steps,
        max_bpm=known.max_bpm,
        morning=morning,
        overridden=chosen,
        on_file=_on_file(athlete),
    )


def _again(settle: Callable[[Purpose], Plan], stored: StoredSession, *, lasted_s: float) -> Plan:
    """A session that was cut off, as it can be gone on with: in the band it began with."""
    purpose = parse_purpose(stored.start.purpose)
    plan = replace(settle(purpose), cut_off=CutOff(stored.id, purpose, lasted_s))
    band, start = plan.band, stored.start
    now = (None, None) if band is None else (band.floor_bpm, band.ceiling_bpm)
    if now == (start.floor_bpm, start.ceiling_bpm):
        return plan
    begun = Band(start.floor_bpm, start.ceiling_bpm, "as it began", estimate=False)
    return replace(plan, band=begun, morning=None)


def _this_morning(cap: Cap) -> ThisMorning:
    rest = cap.verdict == "RED" and not cap.overridden
    return ThisMorning(cap.verdict, cap.reason, rest=rest, binds=not cap.overridden)


def _on_file(athlete: Athlete | None) -> bool:
    """Whether an accepted threshold has somewhere to go: the simulation is nobody."""
    return athlete is not None and athlete is not DEMO
