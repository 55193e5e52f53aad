"""Draw the pictures of the README: the real screens, fed by the simulated athlete.

``make screenshots`` runs it. No clock is asked and the athlete is seeded, so that a picture
changes only when a screen does.
"""

import asyncio
import math
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from device.athlete import Athlete, zones_of
from device.intent import Purpose, band_for
from device.monitor import monitor
from device.reading import Reading
from device.session import Session
from sensors import synthetic
from sensors.events import SensorEvent
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
    return Plan("Anna", purpose, SIMULATED, band_for(purpose, ANNA, year=2025), zones_of(ANNA))


OVERVIEW = Overview(
    "Anna",
    SIMULATED,
    tuple(plan(purpose) for purpose in Purpose if purpose is not Purpose.RAMP),
    (
        PastSession(MONDAY + timedelta(days=4), "easy", 2520.0, 138.2),
        PastSession(MONDAY + timedelta(days=2, hours=11), "tempo", 2160.0, 158.7),
        PastSession(MONDAY + timedelta(days=1), "recovery", 1800.0, 118.9, interrupted=True),
        PastSession(MONDAY, "easy", 3120.0, 140.3),
    ),
)


async def reading_at(t_s: float, purpose: Purpose, trouble: Trouble) -> Reading:
    """What a session knows after so much of the simulated athlete."""
    readings: list[Reading] = []

    def keep(_: SensorEvent, reading: Reading) -> None:
        readings[:] = [reading]

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
    session = Session(band=intended.band, zones=intended.zones)
    await monitor(source, session, lambda _: None, keep, until_s=t_s)
    return readings[0]


async def draw(name: str, app: BeatwiseApp, size: tuple[int, int]) -> None:
    """Write what an app shows as ``docs/NAME.svg``."""
    async with app.run_test(size=size) as pilot:
        for _ in range(4):
            await pilot.pause()
        (HERE / f"{name}.svg").write_text(app.export_screenshot(title="beatwise") + "\n")


async def draw_live(name: str, reading: Reading, purpose: Purpose, *, console: bool) -> None:
    """The live screen on a Linux console of 16 colours, or on a large terminal."""

    async def show_it(_: Plan, show: Show) -> None:
        show(reading)
        await asyncio.Event().wait()

    app = BeatwiseApp(
        load,
        show_it,
        live=plan(purpose),
        glyphs=BLOCKS if console else BRAILLE,
        sixteen_colours=console,
    )
    await draw(name, app, (80, 24) if console else (110, 34))


async def load() -> Overview:
    """What the home screen shows."""
    return OVERVIEW


async def nothing(_: Plan, show: Show) -> None:
    """No session: the home screen is only looked at."""
    del show


async def main() -> None:
    """Draw them all."""
    home = BeatwiseApp(load, nothing, glyphs=BRAILLE, sixteen_colours=False)
    await draw("home", home, (110, 34))
    noise = Trouble(ectopic_pct=0.4)
    easy = await reading_at(1496.0, Purpose.EASY, noise)
    await draw_live("live", easy, Purpose.EASY, console=False)
    await draw_live("console", easy, Purpose.EASY, console=True)
    gone = await reading_at(1509.0, Purpose.EASY, replace(noise, drops=((1490.0, 1600.0),)))
    await draw_live("lost", gone, Purpose.EASY, console=False)


if __name__ == "__main__":
    asyncio.run(main())
