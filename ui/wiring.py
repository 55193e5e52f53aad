"""Joins the screens to the program behind them: what can be started, and who measures it."""

from __future__ import annotations

import argparse
import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from device import sources
from device.athlete import Athlete, zones_of
from device.history import StoredSession
from device.intent import Purpose, band_for, parse_purpose
from device.measure import Intended, Measurement
from device.reading import Reading
from device.sources import SourceSpec, Unit
from device.station import Station
from sensors.events import SensorEvent
from ui.overview import Load, Measure, Overview, PastSession, Plan, Show, SourceCard

if TYPE_CHECKING:
    from ui.app import BeatwiseApp
    from ui.morning_plan import Mornings

OFFERED = (Purpose.RECOVERY, Purpose.EASY, Purpose.STEADY, Purpose.TEMPO, Purpose.INTERVALS)
"""What the home screen starts; a ramp needs its guide, which is not built yet."""
SESSIONS_SHOWN = 20

NO_ADAPTER = "No Bluetooth adapter here: this is the built-in simulated athlete."


def open_app(
    station: Station,
    load: Load,
    measure: Measure,
    *,
    live: Plan | None = None,
    mornings: Callable[[], Mornings] | None = None,
    morning_first: bool = False,
) -> BeatwiseApp:
    """The app as this station's settings want it drawn."""
    from ui.app import BeatwiseApp
    from ui.terminal import GLYPHS

    # What the Bluetooth library logs would be written across the screen.
    logging.getLogger().addHandler(logging.NullHandler())
    screen = station.config.screen
    return BeatwiseApp(
        load,
        measure,
        live=live,
        mornings=mornings,
        morning_first=morning_first,
        glyphs=GLYPHS.get(screen.glyphs),
        sixteen_colours=True if screen.colours == "16" else None,
    )


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

    def intend(self, purpose: str, spec: SourceSpec, ceiling_bpm: float | None = None) -> Intended:
        """Settle a session; raises a BeatwiseError for what does not work."""
        chosen = parse_purpose(purpose)
        athlete = self.station.athlete(self.athlete_name, spec)
        return self.station.intend(
            chosen, athlete, spec, now=local_now(), ceiling_bpm=ceiling_bpm, unit=self.unit
        )

    async def load(self) -> Overview:
        """What the home screen shows."""
        spec, reason = self.spec, None
        if spec is None:
            spec, reason = await default_source()
        athlete = self.station.athlete(self.athlete_name, spec)
        card = source_card(spec, reason)
        store = self.station.store
        stored = await asyncio.to_thread(
            store.sessions, athlete=None if athlete is None else athlete.name, limit=SESSIONS_SHOWN
        )
        notes = list(store.notes)
        if store.trouble is not None:
            notes.append(str(store.trouble))
        return Overview(
            athlete="Nobody in particular" if athlete is None else athlete.name,
            source=card,
            plans=tuple(_plan(purpose, athlete, card) for purpose in OFFERED),
            sessions=tuple(past for one in stored if (past := _past(one)) is not None),
            notes=tuple(notes),
        )

    def mornings(self) -> Mornings:
        """The morning test and its history; brings arithmetic, so after the first frame."""
        from ui.morning_wiring import MorningWiring

        return MorningWiring(self).mornings()

    async def measure(self, plan: Plan, show: Show) -> None:
        """Run the session of a plan."""
        spec = self.spec or sources.parse("sim" if plan.source.kind == "simulated" else "ble")
        await measure(self.station, self.intend(plan.purpose, spec), show)


async def measure(
    station: Station, intended: Intended, show: Show, *, until_s: float | None = None
) -> None:
    """Run a settled session for a screen."""
    measurement = Measurement(intended, station.store, sync_s=station.config.store.sync_s)

    def tell(_: SensorEvent, reading: Reading) -> None:
        show(reading)

    await measurement.run(tell, until_s=until_s)


async def default_source() -> tuple[SourceSpec, str | None]:
    """A strap; where there is no adapter at all, the simulation, and why."""
    from sensors.radio import adapter_state  # brings bleak: after the first frame

    state = await adapter_state()
    if state.state == "none":
        return sources.parse("sim"), NO_ADAPTER
    return sources.parse("ble"), None if state.state == "ready" else f"{state.words}."


def plan_of(intended: Intended) -> Plan:
    """A settled session as the live screen is told of it."""
    return Plan(
        athlete=intended.athlete or "Nobody in particular",
        purpose=intended.purpose,
        source=source_card(intended.source.spec, None),
        band=intended.band,
        zones=intended.zones,
    )


def source_card(spec: SourceSpec, reason: str | None) -> SourceCard:
    """A source as a person would call it."""
    match spec.kind:
        case "sim":
            return SourceCard("simulated", f"simulated athlete {spec.seed}", reason)
        case "replay":
            return SourceCard("replay", spec.path.name if spec.path else spec.text, reason)
        case "ble":
            return SourceCard("ble", spec.address or "the nearest strap", reason)


def _plan(purpose: Purpose, athlete: Athlete | None, card: SourceCard) -> Plan:
    known = athlete or Athlete("")
    return Plan(
        athlete="Nobody in particular" if athlete is None else athlete.name,
        purpose=purpose,
        source=card,
        band=band_for(purpose, known, year=local_now().year),
        zones=zones_of(known),
    )


def _past(stored: StoredSession) -> PastSession | None:
    started = stored.start.started
    if started is None:
        return None
    summary = stored.summary or {}
    past = PastSession(started, stored.start.purpose, stored.ended_s or 0.0)
    return replace(past, mean_hr_bpm=summary.get("mean_hr_bpm"), interrupted=stored.outcome is None)
