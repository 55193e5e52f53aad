"""Joins the screens of the morning to the program behind them: the store, the source, the clock."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from datetime import date
from math import exp
from typing import TYPE_CHECKING

from device import morning_history, readiness_today, trusted_clock
from device.athlete import Athlete
from device.cue_task import cues_beside
from device.errors import StoreError
from device.morning_attempt import PURPOSE, MorningAttempt, MorningIntended
from device.morning_beats import Stretch
from device.morning_protocol import Protocol
from device.morning_record import Answers, Choice, StoredMorning
from device.morning_strap import MorningStrap
from device.morning_words import Day
from device.past_days import PastDay, past_days
from device.reading import RecentBeat
from device.sources import SourceSpec, parse
from device.station import Station
from hrv import time_domain
from sensors.events import SensorEvent
from ui import words
from ui.morning_plan import Attempt, MorningPlan, Mornings, Today
from ui.past_mornings import DayPoint, Mark, PastMorning
from ui.wiring import Wiring, default_source, local_now, source_card

if TYPE_CHECKING:
    from hrv.readiness import Readiness
    from ui.morning_plan import ShowMorning


@dataclass(frozen=True, slots=True)
class MorningWiring:
    """What was asked for on the command line, for the morning."""

    wiring: Wiring
    as_asked: Callable[[Protocol], Protocol] = lambda usual: usual
    """What was said of the protocol goes before what is usual."""
    said: Day | None = None
    """Which day it is, where that was said."""
    answers: Answers | None = None
    """What was answered beforehand."""

    def mornings(self) -> Mornings:
        """All that the app needs."""
        return Mornings(self.load, self.begin, self.days, self.look)

    async def load(self) -> MorningPlan:
        """How it is taken, on which day, and whether it is taken already."""
        spec, reason = self.wiring.spec, None
        if spec is None:
            spec, reason = await default_source()
        athlete = self._athlete(spec)
        station = self.wiring.station
        day = self._today() if self.said is None else self.said.day
        store = station.store
        usual = await asyncio.to_thread(morning_history.usual_protocol, store, athlete.name)
        card = source_card(spec, reason, athlete)
        plan = MorningPlan(athlete.name, card, self.as_asked(usual), day, said=self.answers)
        if day is None:
            return plan
        return replace(plan, today=await asyncio.to_thread(self._taken, athlete, day))

    def begin(self, plan: MorningPlan) -> Attempt:
        """An attempt; raises a BeatwiseError where there is nothing to measure with."""
        station = self.wiring.station
        now = None if plan.day is None else local_now()
        spec = self.wiring.spec or parse("sim" if plan.source.kind == "simulated" else "ble")
        athlete = self._athlete(spec)
        intended = MorningIntended(
            athlete=athlete.name,
            protocol=plan.protocol,
            source=station.open_source(athlete, spec, purpose=PURPOSE, unit=self.wiring.unit),
            started=now if self.said is None else self.said.taken,
            day=plan.day,
        )
        return Sitting(station, athlete, intended)

    async def days(self) -> tuple[DayPoint, ...]:
        """Every day with a test."""
        spec = self.wiring.spec or (await default_source())[0]
        athlete = self._athlete(spec)
        station = self.wiring.station
        calm = station.config.readiness.calm
        days = await asyncio.to_thread(past_days, station.store, athlete.name, calm=calm)
        return tuple(map(point, days))

    async def look(self, chosen: DayPoint) -> PastMorning | None:
        """One morning with its beats."""
        spec = self.wiring.spec or (await default_source())[0]
        name = self._athlete(spec).name
        return await asyncio.to_thread(self._look, name, chosen)

    # -- from the store

    def _athlete(self, spec: SourceSpec) -> Athlete:
        return self.wiring.athlete(spec) or Athlete(NOBODY)

    def _today(self) -> date | None:
        """Today, where the clock can be trusted to name it."""
        station, now = self.wiring.station, local_now()
        judged = trusted_clock.judge_here(station.store, station.places.data, now)
        return now.date() if judged.trusted else None

    def _taken(self, athlete: Athlete, day: date) -> Today | None:
        """The verdict, where a test of today already counts: it is not taken again."""
        station = self.wiring.station
        store, calm = station.store, station.config.readiness.calm
        for one in morning_history.mornings(store, athlete.name, since=day, until=day):
            usable = one.comparable.unusable is None and one.on_schedule
            if usable and one.imported_from is None and one.place == "home":
                told = readiness_today.readiness(store, athlete.name, day, calm=calm)
                return replace(today_of(told, athlete, day), choice=one.choice)
        return None

    def _look(self, name: str, chosen: DayPoint) -> PastMorning | None:
        store = self.wiring.station.store
        known = morning_history.mornings(store, name, since=chosen.day, until=chosen.day)
        one = next((one for one in known if one.id == chosen.morning_id), None)
        return None if one is None else with_beats(self.wiring.station, one)


NOBODY = "Nobody in particular"


class Sitting:
    """An attempt as the screen asks for it."""

    def __init__(self, station: Station, athlete: Athlete, intended: MorningIntended) -> None:
        self._station = station
        self._athlete = athlete
        self._intended = intended
        self._attempt = self._new(intended)

    def _new(self, intended: MorningIntended) -> MorningAttempt:
        station = self._station
        return MorningAttempt(
            intended,
            station.store,
            sync_s=station.config.store.sync_s,
            calm=station.config.readiness.calm,
        )

    def take(self, protocol: Protocol) -> None:
        """Take it this way from now on."""
        self._attempt.take(protocol)

    def on_day(self, day: date) -> None:
        """The athlete says which day it is; a clock that agrees is believed until it restarts."""
        now = local_now()
        agrees = trusted_clock.confirm(self._station.places.data, day, now)
        started = now if agrees else None
        self._intended = replace(self._intended, day=day, started=started)
        self._attempt = self._new(self._intended)

    def start(self) -> None:
        """The clock starts."""
        self._attempt.start()

    def moved(self) -> None:
        """The athlete moved or spoke."""
        self._attempt.moved()

    async def measure(self, show: ShowMorning) -> None:
        """Run until it is done; where the source ended before, it is done as refused."""
        async with AsyncExitStack() as beside:
            say = None
            if self._intended.audible:
                # What does not work is told by `beatwise cues`; a person at rest is left alone.
                cues = cues_beside(self._station.config.cues, tell=lambda _: None)
                say = await beside.enter_async_context(cues)
            await self._attempt.measure(lambda _, view: show(view), say=say)
        show(self._attempt.test.view())

    async def judge(self, answers: Answers) -> Today:
        """Keep the answers, judge the day."""
        told = await self._attempt.judge(answers)
        today = today_of(told, self._athlete, date.fromordinal(told.day))
        return replace(today, result=self._attempt.test.result)

    async def choose(self, choice: Choice) -> None:
        """Keep the choice; where the test was taken before, with that one."""
        if self._attempt.stored is not None:
            await self._attempt.choose(choice)
            return
        store, day = self._station.store, self._attempt.day
        known = await asyncio.to_thread(
            morning_history.mornings, store, self._athlete.name, since=day, until=day
        )
        for one in known:
            usable = one.comparable.unusable is None and one.place == "home"
            if usable and one.imported_from is None:
                await asyncio.to_thread(morning_history.choose, store, one, choice)
                return


def today_of(told: Readiness, athlete: Athlete, day: date) -> Today:
    """A verdict with its ceiling, and what one should know of the value."""
    return Today(
        day,
        told,
        readiness_today.ceiling(told, athlete),
        flags=readiness_today.flags(told),
    )


def point(past: PastDay) -> DayPoint:
    """A day as the plot has it."""
    told, one = past.told, past.morning
    usable = told.signals.problem is None
    mark: Mark = "imported" if one.imported_from is not None else past.standing
    if past.standing != "counts":
        mark = past.standing
    l7 = told.week.l7_ln_rmssd
    why = past.why_not or told.decision.reason
    return DayPoint(
        day=past.day,
        mark=mark,
        rmssd_ms=one.rmssd_ms if past.standing != "refused" else None,
        hr_bpm=one.hr_bpm if past.standing != "refused" else None,
        l7_ms=exp(l7) if l7 is not None and usable else None,
        band_ms=told.day_band_ms,
        verdict=past.verdict.value,
        why=why,
        morning_id=one.id,
    )


def with_beats(station: Station, one: StoredMorning) -> PastMorning:
    """A morning with the beats of its recording, marked with hindsight, and all its metrics."""
    detail = one.detail or {}
    from_s, to_s = detail.get("record_from_s"), detail.get("record_to_s")
    if one.session_id is None or not isinstance(from_s, float) or not isinstance(to_s, float):
        return PastMorning(one)
    try:
        part = _recording(station.store.events(one.session_id), from_s, to_s, detail)
    except StoreError:  # the beats are damaged; the row still tells what was measured
        return PastMorning(one)
    beats = tuple(
        RecentBeat(float(time_s), float(rr_ms), bool(good), bool(gap))
        for time_s, rr_ms, good, gap in zip(
            part.time_s, part.rr_ms, part.good, part.gap_before, strict=True
        )
    )
    given = (part.rr_ms, part.good, part.gap_before)
    computed = (
        ("RMSSD", time_domain.rmssd(*given), "ms"),
        ("ln RMSSD", time_domain.ln_rmssd(*given), ""),
        ("SDNN", time_domain.sdnn(*given), "ms"),
        ("pNN50", time_domain.pnn50(*given), "%"),
        ("SD1", time_domain.sd1(*given), "ms"),
        ("SD2", time_domain.sd2(*given), "ms"),
        ("mean RR", time_domain.mean_rr(*given), "ms"),
        ("heart rate", time_domain.mean_hr(*given), "bpm"),
    )
    metrics = tuple((name, _said(value, unit)) for name, value, unit in computed)
    counts = part.counts
    more = (("beats", f"{counts.n_beats}"), ("pairs", f"{counts.pairs}"))
    return PastMorning(one, beats, metrics + more)


def _recording(
    events: Iterable[SensorEvent], from_s: float, to_s: float, detail: Mapping[str, object]
) -> Stretch:
    """The beats of a recording as they were judged: mostly, before anything came after it."""
    strap = MorningStrap()
    at_its_end = None
    for event in events:
        if at_its_end is None and event.t_s > to_s:
            at_its_end = strap.beats.stretch(from_s, to_s)
        strap.take(event)
    if at_its_end is not None and at_its_end.counts.n_beats == detail.get("n_beats"):
        return at_its_end
    return strap.beats.stretch(from_s, to_s)


def _said(value: float | None, unit: str) -> str:
    if value is None:
        return words.UNKNOWN
    return f"{value:.1f} {unit}" if unit else f"{value:.2f}"
