"""Scripted mornings for the tests of its screens: views, answers, verdicts; no clock anywhere."""

import asyncio
import math
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import ui_scenes as scenes

from device.intent import Band
from device.morning_protocol import Protocol, protocol
from device.morning_record import Answers, Choice, StoredMorning
from device.morning_view import Integrity, MorningView, Result
from hrv.decision import Symptoms, Verdict
from hrv.morning_test import MorningTest
from hrv.readiness import Readiness, assess
from hrv.wellness import Wellness
from ui.app import BeatwiseApp
from ui.morning_plan import MorningPlan, Mornings, ShowMorning, Today
from ui.past_mornings import DayPoint, Mark, PastMorning
from ui.terminal import BRAILLE, Glyphs

DAY = date(2025, 11, 21)
TRY = (
    "moisten the electrodes and put the strap on: it sleeps until it is worn",
    "close other apps and watches that may hold it, or allow a second connection in its own app",
    "change its battery: a CR2025 lasts about a year of daily use",
    "come within three metres of this machine",
)
COUNTS = Integrity(n_beats=96, pairs=92, artefact_pct=1.0, flagged=1, sum_rr_s=79.6, elapsed_s=80.0)
RECENT = scenes.beats(118.0, 52.0)
LINKED = MorningView(
    t_s=118.0,
    link="connected",
    sensor_name="Polar H10 A1B2C3D4",
    battery_pct=80,
    contact=True,
    silent_s=0.4,
    recent=RECENT,
    counts=COUNTS,
)
NO_STRAP = MorningView(t_s=12.0, reason="looking for a strap", advice=TRY)
NOT_YET = replace(LINKED, contact=None, battery_pct=None, recent=RECENT[-8:], t_s=118.0)
NO_CONTACT = replace(
    LINKED, contact=False, recent=(), advice=("no skin contact: moisten the strap, tighten it",)
)
READY = replace(LINKED, ready=True)
OPTICAL = replace(
    LINKED,
    sensor_name="Polar Verity Sense 1",
    contact=None,
    optical=True,
    recent=(),
    advice=("an optical sensor cannot time single beats: this test needs a chest strap",),
)
SETTLE = replace(LINKED, phase="settle", remaining_s=41.0, total_s=60.0)
RECORD = replace(LINKED, phase="record", remaining_s=80.0, total_s=120.0)
PACED = replace(RECORD, breath=0.5)
TROUBLE = replace(
    RECORD,
    remaining_s=52.0,
    advice=("the signal breaks up: moisten the strap, sit still",),
    counts=replace(COUNTS, artefact_pct=7.8, flagged=7, lost_beats=3, gaps=1),
)
EXTEND = replace(LINKED, phase="extend", remaining_s=33.0, total_s=60.0)
STAND_UP = replace(LINKED, phase="stand_up", remaining_s=12.0, total_s=15.0)
STAND = replace(LINKED, phase="stand_record", remaining_s=110.0, total_s=120.0)
ACCEPTED = Result(outcome="accepted", rmssd_ms=58.0, ln_rmssd=math.log(58.0), hr_bpm=52.0)
REFUSED = Result(
    outcome="refused",
    reasons=("artefacts 14.2 % (at most 10): 19 of 143 beats not normal, 4 lost",),
)
DONE = replace(LINKED, phase="done", result=ACCEPTED)
VIEWS = {
    "no_strap": NO_STRAP,
    "not_yet": NOT_YET,
    "no_contact": NO_CONTACT,
    "optical": OPTICAL,
    "ready": READY,
    "settle": SETTLE,
    "record": RECORD,
    "paced": PACED,
    "trouble": TROUBLE,
    "extend": EXTEND,
    "stand_up": STAND_UP,
    "stand_record": STAND,
}

BASELINE_MS = (58, 62, 55, 60, 66, 49, 57, 63, 61, 54, 59, 68, 52, 60, 56, 64, 58, 50, 62, 61, 57)
EASY = Band(None, 142.0, "0.89 of LTHR", estimate=False)
WELL = Wellness(4, 3, 4, 4, 5)


def judged(
    rmssd_ms: float | None,
    hr_bpm: float = 52.0,
    *,
    before: Sequence[float] = BASELINE_MS,
    feeling: Wellness | None = WELL,
    symptoms: Symptoms = Symptoms.NONE,
    problem: str | None = None,
) -> Readiness:
    today = DAY.toordinal()
    tests = [
        MorningTest(today - len(before) + at, float(ms), 52.0 + at % 3 - 1)
        for at, ms in enumerate(before)
    ]
    tests.append(MorningTest(today, rmssd_ms, hr_bpm, problem=problem))
    return assess(today, tests, feeling=feeling, symptoms=symptoms)


LOW_WEEK = (*BASELINE_MS, 60, 52, 49, 51, 50, 47)
VERDICTS = {
    "green": Today(DAY, judged(58.0), EASY, ACCEPTED),
    "amber": Today(DAY, judged(47.0, before=LOW_WEEK), EASY, ACCEPTED, choice="follow"),
    "red": Today(DAY, judged(44.0, 60.0, before=LOW_WEEK), None, ACCEPTED),
    "learning": Today(DAY, judged(58.0, before=BASELINE_MS[:3]), EASY, ACCEPTED),
    "refused": Today(DAY, judged(None, problem=REFUSED.problem), EASY, REFUSED),
    "ill": Today(DAY, judged(58.0, symptoms=Symptoms.HEAD_COLD), EASY, ACCEPTED),
}


class Script:
    """An attempt that shows these views, then waits, or is done."""

    def __init__(self, *views: MorningView, today: Today = VERDICTS["green"]) -> None:
        self.views = views
        self.today = today
        self.taken: list[Protocol] = []
        self.day: date | None = None
        self.started = self.was_moved = self.saved = 0
        self.answers: Answers | None = None
        self.choices: list[Choice] = []
        self.go_on = asyncio.Event()

    def take(self, protocol: Protocol) -> None:
        self.taken.append(protocol)

    def on_day(self, day: date) -> None:
        self.day = day

    def start(self) -> None:
        self.started += 1

    def moved(self) -> None:
        self.was_moved += 1

    async def measure(self, show: ShowMorning) -> None:
        try:
            for view in self.views:
                show(view)
            if not self.views or self.views[-1].phase != "done":
                await self.go_on.wait()
                show(DONE)
        finally:
            self.saved += 1

    async def judge(self, answers: Answers) -> Today:
        self.answers = answers
        return self.today

    async def choose(self, choice: Choice) -> None:
        self.choices.append(choice)


def plan(**changes: object) -> MorningPlan:
    usual = MorningPlan("Anna", scenes.STRAP, protocol(), DAY)
    return replace(usual, **changes)  # type: ignore[arg-type]


def history(n_days: int = 170) -> tuple[DayPoint, ...]:
    """Half a year with a gap, some imported days, one refused a fortnight, one bad week."""
    days: list[DayPoint] = []
    values: dict[int, float] = {}
    for n in range(n_days):
        day = DAY - timedelta(days=n_days - 1 - n)
        if 60 <= n < 72 or n % 9 == 4:
            continue
        dip = -0.34 if n_days - 12 <= n < n_days - 6 else 0.0
        ln_ms = 4.05 + 0.06 * math.sin(n / 19) + dip
        ln_ms += 0.1 * math.sin(n * 2.4) * math.cos(n * 1.3)
        if n % 14 == 9:
            days.append(DayPoint(day, "refused", why="artefacts 14.2 % (at most 10)"))
            continue
        mark: Mark = "imported" if n < n_days - 21 else "excluded" if n % 13 == 2 else "counts"
        if mark != "excluded":
            values[n] = ln_ms
        before = [value for at, value in values.items() if n - 60 <= at < n]
        week = [value for at, value in values.items() if n - 6 <= at <= n]
        band = None
        verdict = "GREY"
        if len(before) >= 7:
            mean = sum(before) / len(before)
            band = (math.exp(mean - 0.1), math.exp(mean + 0.1))
            low = ln_ms < mean - 0.1
            verdict = "RED" if ln_ms < mean - 0.36 else "AMBER" if low else "GREEN"
        days.append(
            DayPoint(
                day,
                mark,
                math.exp(ln_ms),
                52.0 - 40.0 * (ln_ms - 4.05) * 0.4,
                math.exp(sum(week) / len(week)) if len(week) >= 3 else None,
                band,
                verdict,
                "outside the usual hours" if mark == "excluded" else "Inside your normal range.",
                n,
            )
        )
    return tuple(days)


PAST = PastMorning(
    StoredMorning(
        id=7,
        athlete="Anna",
        day=DAY,
        taken=datetime(2025, 11, 21, 6, 42, tzinfo=UTC),
        protocol="standard seated free chest 1",
        protocol_name="standard",
        posture="seated",
        method_version="1",
        outcome="accepted",
        rmssd_ms=58.2,
        hr_bpm=52.1,
        artefact_pct=0.9,
        confidence="full",
        answers=Answers(feeling=WELL, tags=("travel",), note="late train, short night"),
        choice="follow",
        rule="R16",
        verdict=Verdict.GREEN,
    ),
    scenes.beats(120.0, 52.0),
    (
        ("RMSSD", "58.2 ms"),
        ("ln RMSSD", "4.06"),
        ("heart rate", "52.1 bpm"),
        ("SDNN", "64.0 ms"),
        ("pNN50", "38 %"),
        ("SD1", "41.2 ms"),
        ("SD2", "80.7 ms"),
        ("beats", "104"),
        ("pairs", "100"),
    ),
)


def app(
    *views: MorningView,
    on: MorningPlan | None = None,
    glyphs: Glyphs = BRAILLE,
    sixteen_colours: bool = False,
    today: Today = VERDICTS["green"],
    script: Script | None = None,
) -> BeatwiseApp:
    """The app on its morning screen, with an attempt that shows these views."""
    attempt = script or Script(*views, today=today)

    async def load() -> MorningPlan:
        return on or plan()

    told = Mornings(load, lambda _: attempt, no_days, look)
    return BeatwiseApp(
        scenes.load,
        scenes.shows(),
        mornings=lambda: told,
        morning_first=True,
        glyphs=glyphs,
        sixteen_colours=sixteen_colours,
    )


def history_app(
    days: tuple[DayPoint, ...],
    glyphs: Glyphs = BRAILLE,
    *,
    sixteen_colours: bool = False,
    script: Script | None = None,
) -> BeatwiseApp:
    """The app on its home screen, a key away from this history."""

    async def load() -> tuple[DayPoint, ...]:
        return days

    async def load_plan() -> MorningPlan:
        return plan()

    told = Mornings(load_plan, lambda _: script or Script(), load, look)
    return BeatwiseApp(
        scenes.load,
        scenes.shows(),
        mornings=lambda: told,
        glyphs=glyphs,
        sixteen_colours=sixteen_colours,
    )


async def no_days() -> tuple[DayPoint, ...]:
    return ()


async def look(_: DayPoint) -> PastMorning | None:
    return PAST
