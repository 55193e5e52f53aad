"""Joins the screens of the morning to the program behind them."""

from __future__ import annotations

import argparse
import asyncio
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from device import trusted_clock
from device.morning_attempt import MorningAttempt, MorningIntended
from device.morning_history import mornings, usual_protocol
from device.readiness_today import ceiling, readiness
from device.sources import SourceSpec, parse
from device.station import Station
from ui.morning_command import PURPOSE, as_asked, judge_clock, who
from ui.morning_plan import MorningPlan, ShowMorning, Today
from ui.wiring import default_source, local_now, source_card

if TYPE_CHECKING:
    from device.athlete import Athlete
    from device.morning_protocol import Protocol
    from device.morning_record import Answers, Choice
    from device.morning_view import MorningView
    from device.morning_words import Day
    from sensors.events import SensorEvent


@dataclass(frozen=True, slots=True)
class MorningWiring:
    """What was asked for on the command line, on a station."""

    station: Station
    options: argparse.Namespace
    spec: SourceSpec | None
    """None: a strap, or the simulation where there is no adapter to reach one with."""
    said: Day | None = None
    """The day as said on the command line."""

    async def load(self) -> MorningPlan:
        """What the morning screen shows; raises UnknownAthlete where nobody is known."""
        spec, reason = self.spec, None
        if spec is None:
            spec, reason = await default_source()
        athlete = who(self.station, self.options.athlete, spec)
        return await asyncio.to_thread(self._plan, athlete, spec, reason)

    def begin(self, plan: MorningPlan) -> WiredAttempt:
        """A new attempt; raises BadSource where there is nothing to measure with."""
        spec = self.spec or parse("sim" if plan.source.kind == "simulated" else "ble")
        athlete = who(self.station, self.options.athlete, spec)
        taken = None if self.said is None else self.said.taken
        if self.said is None and plan.day is not None:
            taken = local_now()
        intended = MorningIntended(
            athlete=athlete.name,
            protocol=plan.protocol,
            source=self.station.open_source(athlete, spec, purpose=PURPOSE, unit=self.options.unit),
            started=taken,
            day=plan.day,
        )
        store, sync_s = self.station.store, self.station.config.store.sync_s
        return WiredAttempt(self.station, athlete, MorningAttempt(intended, store, sync_s=sync_s))

    def _plan(self, athlete: Athlete, spec: SourceSpec, reason: str | None) -> MorningPlan:
        store = self.station.store
        day = self._day()
        today = None
        if day is not None:
            told = readiness(store, athlete.name, day)
            if told.test is not None and told.test.unusable is None:
                attempts = mornings(store, athlete.name, since=day, until=day)
                choices = [one.choice for one in attempts if one.choice is not None]
                today = Today(
                    day,
                    told,
                    ceiling(told, athlete),
                    choice=choices[-1] if choices else None,
                )
        return MorningPlan(
            athlete=athlete.name,
            source=source_card(spec, reason),
            protocol=as_asked(self.options, usual_protocol(store, athlete.name)),
            day=day,
            today=today,
        )

    def _day(self) -> date | None:
        if self.said is not None:
            return self.said.day
        now = local_now()
        return now.date() if judge_clock(self.station, now).trusted else None


@dataclass(frozen=True, slots=True)
class WiredAttempt:
    """`ui.morning_plan.Attempt` on a station."""

    station: Station
    athlete: Athlete
    attempt: MorningAttempt

    def take(self, protocol: Protocol) -> None:
        """Take it this way from now on."""
        self.attempt.take(protocol)

    def on_day(self, day: date) -> None:
        """The athlete says which day it is; if the clock agrees it is trusted from now on."""
        now = local_now()
        trusted_clock.confirm(self.station.places.data, day, now)
        self.attempt.on_day(day)

    def start(self) -> None:
        """The athlete's key."""
        self.attempt.start()

    def moved(self) -> None:
        """The athlete says they moved or spoke."""
        self.attempt.moved()

    async def measure(self, show: ShowMorning) -> None:
        """Run until the test is done or this is cancelled."""

        def tell(_: SensorEvent, view: MorningView) -> None:
            show(view)

        await self.attempt.measure(tell)

    async def judge(self, answers: Answers) -> Today:
        """Keep the result with the answers, and judge the day."""
        told = await self.attempt.judge(answers)
        return Today(
            date.fromordinal(told.day),
            told,
            ceiling(told, self.athlete),
            result=self.attempt.test.result,
        )

    async def choose(self, choice: Choice) -> None:
        """Keep what the athlete makes of the verdict, also of a test taken earlier today."""
        await self.attempt.choose(choice)
