"""Draw the pictures of the README: the real screens, fed by the simulated athlete.

``make screenshots`` runs it. No clock is asked and the athlete is seeded, so that a picture
changes only when a screen does.
"""

import asyncio
import math
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from device.athlete import Athlete, zones_of
from device.intent import Purpose
from device.monitor import monitor
from device.reading import Reading
from device.session import Session
from device.station import target
from sensors import synthetic
from sensors.events import Elapsed, SensorEvent
from sensors.synthetic import Trouble
from ui.app import BeatwiseApp
from ui.overview import Overview, PastSession, Plan, Show, SourceCard
from ui.terminal import BLOCKS, BRAILLE

HERE = Path(__file__).parent
ANNA = Athlete("Anna", birth_year=1988, resting_bpm=52.0, max_bpm=187.0)
SIMULATED = SourceCard(
    "simulated",
    "simulated athlete 7",
    "No Bluetooth adapter here: this is the built-in simulated athlete.",
)
MONDAY = datetime(2025, 11, 17, 7, 10, tzinfo=UTC)


def plan(purpose: Purpose) -> Plan:
    """What a session of this purpose means for Anna."""
    band, steps = target(purpose, ANNA, None, year=2025)
    return Plan(
        "Anna",
        purpose,
        SIMULATED,
        band,
        zones_of(ANNA),
        steps=steps,
        max_bpm=ANNA.max_bpm,
        on_file=True,
    )


OVERVIEW = Overview(
    "Anna",
    SIMULATED,
    tuple(plan(purpose) for purpose in Purpose),
    (
        PastSession(MONDAY + timedelta(days=4), "easy", 2520.0, 138.2),
        PastSession(MONDAY + timedelta(days=2, hours=11), "tempo", 2160.0, 158.7),
        PastSession(MONDAY + timedelta(days=1), "recovery", 1800.0, 118.9, interrupted=True),
        PastSession(MONDAY, "easy", 3120.0, 140.3),
    ),
)


async def readings_until(t_s: float, purpose: Purpose, trouble: Trouble) -> tuple[Reading, ...]:
    """What a session knows at each second of so much of the simulated athlete."""
    readings: list[Reading] = []

    def keep(event: SensorEvent, reading: Reading) -> None:
        if isinstance(event, Elapsed):
            readings.append(reading)

    source = partial(
        synthetic.beat,
        seed=7,
        speed=math.inf,
        scenario=purpose,
        resting_bpm=52.0,
        max_bpm=187.0,
        trouble=trouble,
    )
    intended = plan(purpose)
    session = Session(band=intended.band, steps=intended.steps, zones=intended.zones)
    await monitor(source, session, lambda _: None, keep, until_s=t_s)
    return tuple(readings)


async def draw(
    name: str, app: BeatwiseApp, size: tuple[int, int], keys: tuple[str, ...] = ()
) -> None:
    """Write what an app shows as ``docs/NAME.svg``, after some keys."""
    async with app.run_test(size=size) as pilot:
        for key in (*keys, None):
            for _ in range(4):
                await pilot.pause()
            if key is not None:
                await pilot.press(key)
        (HERE / f"{name}.svg").write_text(app.export_screenshot(title="beatwise") + "\n")


@dataclass
class Still:
    """A session that shows its readings and then stands still; nothing of it is kept."""

    readings: tuple[Reading, ...]
    session_id: int | None = None

    async def measure(self, show: Show) -> None:
        """Show them, and wait."""
        for reading in self.readings:
            show(reading)
        await asyncio.Event().wait()

    def pause(self) -> None:
        """Nothing moves."""

    def resume(self) -> None:
        """Nothing moves."""

    def lap(self) -> None:
        """Nothing is kept."""

    def note(self, text: str) -> None:
        """Nothing is kept."""

    async def accept(self, hrvt1_bpm: float) -> None:
        """Nothing is kept."""


async def draw_live(
    name: str,
    readings: tuple[Reading, ...],
    purpose: Purpose,
    *,
    console: bool,
    keys: tuple[str, ...] = (),
) -> None:
    """The live screen on a Linux console of 16 colours, or on a large terminal."""
    app = BeatwiseApp(
        load,
        lambda _: Still(readings),
        live=plan(purpose),
        glyphs=BLOCKS if console else BRAILLE,
        sixteen_colours=console,
    )
    await draw(name, app, (80, 24) if console else (110, 34), keys)


async def load() -> Overview:
    """What the home screen shows."""
    return OVERVIEW


def nothing(_: Plan) -> Still:
    """No session: the home screen is only looked at."""
    return Still(())


async def main() -> None:
    """Draw them all."""
    home = BeatwiseApp(load, nothing, glyphs=BRAILLE, sixteen_colours=False)
    await draw("home", home, (110, 34))
    noise = Trouble(ectopic_pct=0.4)
    easy = await readings_until(1496.0, Purpose.EASY, noise)
    await draw_live("live", easy, Purpose.EASY, console=False)
    await draw_live("console", easy, Purpose.EASY, console=True)
    await draw_live("details", easy, Purpose.EASY, console=False, keys=("d",))
    hard = await readings_until(1240.0, Purpose.INTERVALS, noise)
    await draw_live("intervals", hard, Purpose.INTERVALS, console=False)
    ramp = await readings_until(2150.0, Purpose.RAMP, noise)
    await draw_live("ramp", ramp, Purpose.RAMP, console=False)
    gone = await readings_until(1509.0, Purpose.EASY, replace(noise, drops=((1490.0, 1600.0),)))
    await draw_live("lost", gone, Purpose.EASY, console=False)


if __name__ == "__main__":
    asyncio.run(main())
