"""Scripted facts and readings for the tests of the screens: nothing here asks for a clock."""

import asyncio
import math
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from typing import Any

from rich.color import Color
from rich.style import Style
from textual.pilot import Pilot

from device.intent import Band
from device.reading import Reading, RecentBeat
from device.steps import parse_steps, ramp_steps
from hrv.zones import percent_max
from ui.app import BeatwiseApp
from ui.overview import Begin, Overview, PastSession, Plan, Show, SourceCard, ThisMorning
from ui.terminal import BRAILLE, Glyphs

SIMULATED = SourceCard(
    "simulated",
    "simulated athlete",
    "No Bluetooth adapter was found: a simulated athlete runs instead.",
)
STRAP = SourceCard("ble", "any strap nearby")
EASY = Band(None, 142.0, "0.89 of LTHR", estimate=False)
ZONES = percent_max(185.0)


def plan(purpose: str = "easy", source: SourceCard = STRAP, band: Band | None = EASY) -> Plan:
    return Plan("Anna", purpose, source, band, ZONES)


PLANS = (
    plan("recovery", band=Band(None, 132.0, "10 under easy: 0.89 of LTHR", estimate=False)),
    plan("easy"),
    plan("steady", band=Band(142.0, 151.0, "halfway to LTHR", estimate=False)),
    plan("tempo", band=Band(151.0, 160.0, "up to LTHR", estimate=False)),
    plan("intervals", band=Band(160.0, None, "above LTHR", estimate=False)),
    plan("ramp", band=None),
)
SESSIONS = (
    PastSession(datetime(2025, 11, 20, 7, 15, tzinfo=UTC), "easy", 2520.0, 136.4),
    PastSession(
        datetime(2025, 11, 18, 18, 2, tzinfo=UTC), "tempo", 2100.0, 155.1, interrupted=True
    ),
    PastSession(datetime(2025, 11, 16, 9, 30, tzinfo=UTC), "easy", 5400.0, 139.0),
    PastSession(datetime(2025, 11, 14, 6, 50, tzinfo=UTC), "recovery", 1800.0, None),
)


def overview(
    source: SourceCard = SIMULATED, sessions: Sequence[PastSession] = SESSIONS
) -> Overview:
    plans = tuple(replace(each, source=source) for each in PLANS)
    return Overview("Anna", source, plans, tuple(sessions))


def beats(until_s: float, hr_bpm: float, *, since_s: float = 0.0) -> tuple[RecentBeat, ...]:
    """Two minutes of beats with breathing in them, one artefact and one gap."""
    time_s, found = max(since_s, until_s - 120.0), []
    while True:
        rr_ms = 60000.0 / hr_bpm + 22.0 * math.sin(time_s * 1.5) + 30.0 * math.sin(time_s / 14.0)
        artefact = 31.0 < until_s - time_s < 31.5
        gap = 50.0 < until_s - time_s < 50.5
        time_s += 4.0 if gap else rr_ms / 1000.0
        if time_s > until_s:
            return tuple(found)
        found.append(RecentBeat(time_s, rr_ms * (0.72 if artefact else 1.0), not artefact, gap))


def live(hr_bpm: float = 136.2, off: float = 0.0, **changes: object) -> Reading:
    inside = "over" if off > 0 else "under" if off < 0 else "inside"
    reading = Reading(
        t_s=754.0,
        hr_bpm=hr_bpm,
        last_hr_bpm=hr_bpm,
        rmssd_ms=18.4,
        dfa_alpha1=0.92,
        zone=3,
        artefact_pct=1.2,
        freshness="fresh",
        silent_s=0.4,
        link="connected",
        sensor_name="Polar H10 A1B2C3D4",
        battery_pct=80,
        contact=True,
        n_beats=1650,
        inside=inside,
        beats_off=off,
        time_inside_s=602.0,
        known_s=740.0,
        recent=beats(754.0, hr_bpm),
        running_s=754.0,
        alert="over" if off > 0 else "under" if off < 0 else None,
    )
    return replace(reading, **changes)  # type: ignore[arg-type]


SEARCHING = Reading(t_s=12.0, reason="looking for a strap: wet it and put it on")
WAITING = Reading(t_s=14.0, link="connected", sensor_name="Polar H10 A1B2C3D4", battery_pct=80)
OVER = live(146.3, 4.3, zone=4)
UNDER = live(119.0, -3.0, zone=2)
AGEING = live(freshness="ageing", silent_s=4.2)
STALE = replace(
    live(),
    hr_bpm=None,
    freshness="stale",
    silent_s=14.0,
    contact=None,
    inside=None,
    beats_off=None,
    rmssd_ms=None,
    dfa_alpha1=None,
    recent=beats(740.0, 136.2, since_s=634.0),
)
LOST = replace(STALE, link="lost", silent_s=12.0, reason="the strap went out of range")
PAUSED = live(paused=True)
ABOVE = live(143.4, 1.4, alert=None)
STATES = {
    "searching": SEARCHING,
    "waiting": WAITING,
    "inside": live(),
    "over": OVER,
    "under": UNDER,
    "above": ABOVE,
    "paused": PAUSED,
    "ageing": AGEING,
    "stale": STALE,
    "lost": LOST,
}


Measure = Callable[[Plan, Show], Awaitable[None]]


@dataclass
class Scripted:
    """A session that does what a script says, and remembers what it was asked."""

    script: Measure
    plan: Plan
    asked: list[str] = field(default_factory=list)
    session_id: int | None = None

    async def measure(self, show: Show) -> None:
        await self.script(self.plan, show)

    def pause(self) -> None:
        self.asked.append("pause")

    def resume(self) -> None:
        self.asked.append("resume")

    def lap(self) -> None:
        self.asked.append("lap")

    def note(self, text: str) -> None:
        self.asked.append(f"note {text}")

    async def accept(self, hrvt1_bpm: float) -> None:
        self.asked.append(f"accept {hrvt1_bpm:.1f}")


def begins(script: Measure) -> Begin:
    """Sessions that follow a script."""
    return partial(Scripted, script)


def shows(*readings: Reading, then_end: bool = False) -> Begin:
    """A session that shows these readings and then goes on in silence, or ends."""

    async def measure(_: Plan, show: Show) -> None:
        for reading in readings:
            show(reading)
        if not then_end:
            await asyncio.Event().wait()

    return begins(measure)


async def load() -> Overview:
    return overview()


def app(
    *readings: Reading,
    on: Plan | None = None,
    glyphs: Glyphs = BRAILLE,
    sixteen_colours: bool = False,
    then_end: bool = False,
    home: Overview | None = None,
) -> BeatwiseApp:
    """The app on its live screen with these readings; without readings on its home screen."""

    async def load() -> Overview:
        return home or overview()

    return BeatwiseApp(
        load,
        shows(*readings, then_end=then_end),
        live=(on or plan()) if readings or on else None,
        glyphs=glyphs,
        sixteen_colours=sixteen_colours,
    )


def lines_of(app: BeatwiseApp) -> list[str]:
    """What is on the screen, as text; a solid cell drawn as a coloured space is shown as one."""
    background = app.screen.styles.background.rich_color
    return [
        "".join(
            "█" * len(text) if is_solid(text, style, background) else text
            for text, style, _ in strip
        ).rstrip()
        for strip in app.screen._compositor.render_strips()
    ]


def is_solid(text: str, style: Style | None, background: Color) -> bool:
    if text.strip() or style is None:
        return False
    coloured = style.bgcolor is not None and style.bgcolor.triplet != background.triplet
    return bool(style.reverse) or (style.color is None and coloured)


async def settle(pilot: Pilot[None]) -> None:
    """Let the first frame, the worker and its readings through."""
    for _ in range(4):
        await pilot.pause()


async def shown_after(pilot: Pilot[None], *keys: str) -> None:
    """Let the first screen through, then what each key leads to."""
    for key in (None, *keys):
        if key is not None:
            await pilot.press(key)
        for _ in range(3):
            await settle(pilot)


WORK = Band(160.0, None, "above LTHR", estimate=False)
STEPS = parse_steps("10:00,4x(4:00/3:00),5:00", easy=EASY, work=WORK)
INTERVALS = replace(plan("intervals", band=WORK), steps=STEPS)
AMBER = ThisMorning(
    "AMBER",
    "RMSSD 31 ms is below your normal range of 36 to 52 ms.",
    uncapped=WORK,
    uncapped_steps=STEPS,
    binds=True,
)
CAPPED = replace(INTERVALS, band=EASY, morning=AMBER)
RAMP = replace(plan("ramp", band=None), steps=ramp_steps(), max_bpm=190.0, on_file=True)


def ramp_reading(t_s: float, hr_bpm: float, alpha1: float) -> Reading:
    """A moment of a ramp test; the two minutes before it were alike."""
    alike = tuple(RecentBeat(t_s, 60_000 / hr_bpm, True, False) for _ in range(10))
    return live(
        hr_bpm,
        t_s=t_s,
        dfa_alpha1=alpha1,
        recent=alike,
        inside=None,
        beats_off=None,
        step=RAMP.steps.at(t_s) if RAMP.steps is not None else None,
        running_s=t_s,
    )


def ramp_readings(until: int = 400, *, wave: float = 0.0) -> list[Reading]:
    """A heart rate and an alpha 1 every 5 s, along a straight line after the warm-up."""
    return [
        ramp_reading(
            600.0 + 5.0 * at,
            120.0 + at / 4,
            1.25 - 0.0182 * at / 4 + wave * math.sin(at * 0.7) * math.cos(at * 0.11),
        )
        for at in range(until)
    ]


def minutes_of(hr_of: Callable[[float], float | None]) -> list[Reading]:
    """Twelve minutes, a reading a second."""
    return [replace(live(), t_s=float(t_s), hr_bpm=hr_of(t_s)) for t_s in range(34, 754)]


def _details(**looks: Any) -> tuple[BeatwiseApp, tuple[str, ...]]:
    def hr_bpm(t_s: float) -> float | None:
        return None if 400 < t_s < 440 else 128.0 + t_s / 60 + 5.0 * math.sin(t_s / 40)

    return app(*minutes_of(hr_bpm), live(142.8, 0.8, alert=None), **looks), ("d",)


def _at(now: Reading, on: Plan, **looks: Any) -> tuple[BeatwiseApp, tuple[str, ...]]:
    return app(now, on=on, **looks), ()


def _before(key: str, **looks: Any) -> tuple[BeatwiseApp, tuple[str, ...]]:
    home = replace(overview(STRAP), plans=(CAPPED, RAMP, plan()))
    return app(home=home, **looks), (key,)


def _ramp(**looks: Any) -> tuple[BeatwiseApp, tuple[str, ...]]:
    return app(*ramp_readings(wave=0.06), on=RAMP, **looks), ()


SCENES = {
    "details": _details,
    "work": partial(_at, live(166.0, step=STEPS.at(1100.0), running_s=1100.0), INTERVALS),
    "announced": partial(_at, live(171.0, step=STEPS.at(1252.0), running_s=1252.0), INTERVALS),
    "walk": partial(_at, live(152.4, 10.4, alert="walk"), plan()),
    "ramp": partial(_at, ramp_reading(1110.0, 146.0, 0.86), RAMP),
    "ramp-result": _ramp,
    "before-intervals": partial(_before, "i"),
    "before-easy": partial(_before, "e"),
    "before-ramp": partial(_before, "p"),
}
"""Apps of a live run in its less common moments, and the keys pressed in each."""
