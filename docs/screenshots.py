"""Draw the pictures of the README: the real screens, fed by the simulated athlete.

``make screenshots`` runs it. No clock is asked and the athlete is seeded, so that a picture
changes only when a screen does.
"""

import asyncio
import math
import sys
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from device.athlete import Athlete, zones_of
from device.intent import Purpose
from device.monitor import monitor
from device.reading import Reading
from device.session import Session
from device.station import target
from device.tile import Board, Tile
from device.tiles import tile_of
from sensors import synthetic
from sensors.events import Elapsed, SensorEvent
from sensors.synthetic import Trouble
from ui.app import BeatwiseApp
from ui.kiosk import Opening
from ui.overview import Overview, PastSession, Plan, Show, SourceCard
from ui.terminal import BLOCKS, BRAILLE

sys.path.append(str(Path(__file__).parent.parent / "tests"))

from ui_board_scenes import StillRoom, app_of

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


async def readings_until(
    t_s: float, purpose: Purpose, trouble: Trouble, *, run: Purpose | None = None, seed: int = 7
) -> tuple[Reading, ...]:
    """What a session knows at each second of so much of a simulated athlete.

    ``run`` is what the athlete does where that is not what was intended.
    """
    readings: list[Reading] = []

    def keep(event: SensorEvent, reading: Reading) -> None:
        if isinstance(event, Elapsed):
            readings.append(reading)

    source = partial(
        synthetic.beat,
        seed=seed,
        speed=math.inf,
        scenario=run or purpose,
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


async def draw_board() -> None:
    """A gym of eight: inside, over, under, warming up, unknown, stale, heard in passing."""
    clean = Trouble()

    async def tile(
        name: str,
        intended: Purpose,
        t_s: float,
        run: Purpose | None = None,
        trouble: Trouble = clean,
        **more: Any,
    ) -> Tile:
        seed = sum(map(ord, name))
        reading = (await readings_until(t_s, intended, trouble, run=run, seed=seed))[-1]
        band = None if more.get("broadcast_only") else plan(intended).band
        if band is None:
            reading = replace(reading, inside=None, beats_off=None, time_inside_s=None)
        return tile_of(name, intended, reading, band, **more)

    silent = Trouble(silences=((1988.0, 3000.0),))
    tiles = (
        await tile("Anna", Purpose.EASY, 1496.0),
        await tile("Ben", Purpose.EASY, 1300.0, Purpose.STEADY),
        await tile("Carla", Purpose.INTERVALS, 1461.0),
        await tile("David", Purpose.EASY, 2002.0, trouble=silent),
        await tile("Elif", Purpose.STEADY, 240.0, warming_up=True),
        await tile("Finn", Purpose.EASY, 1995.0, trouble=silent),
        await tile("Grace", Purpose.RECOVERY, 1720.0),
        await tile("Hiro", Purpose.EASY, 820.0, broadcast_only=True),
    )

    keys: dict[str, Opening] = dict.fromkeys("cma", print)
    app = app_of(StillRoom(Board(2000.0, tiles)), source="simulated", keys=keys)
    await draw("board", app, (160, 45))


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
    await draw_board()


if __name__ == "__main__":
    asyncio.run(main())
