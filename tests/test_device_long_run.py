"""Eight hours in a few seconds: nothing grows."""

import asyncio
import gc
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from device.cue import Cue
from device.intended import Intended
from device.intent import Band, Purpose
from device.measure import Measurement
from device.reading import Reading
from device.sources import open_source, parse
from device.steps import parse_steps
from device.store import Store
from sensors.events import Elapsed, SensorEvent

HOUR_S = 3600
ALLOWED_BLOCKS = 3000
"""Of memory, for seven hours: a window is a little longer at one time than at another. A single
number kept of each beat would be 60,000."""
EASY = Band(None, 125.0, "a test", estimate=False)


class Held(NamedTuple):
    blocks: int
    tasks: int
    files: int


def held() -> Held:
    gc.collect()
    files = sum(1 for _ in Path("/proc/self/fd").iterdir())
    return Held(sys.getallocatedblocks(), len(asyncio.all_tasks()), files)


async def test_eight_hours_take_no_more_memory_tasks_or_files_than_one(tmp_path: Path) -> None:
    steps = parse_steps("1:00:00,40x(6:00/4:00),10:00", easy=EASY, work=EASY)
    intended = Intended(
        athlete=None,
        purpose=Purpose.EASY,
        band=EASY,
        zones=None,
        source=open_source(parse("sim:3@max"), purpose="easy"),
        steps=steps,
    )
    said: list[Cue | None] = [None]
    hours: list[Held] = []
    kinds: set[str] = set()

    def say(cue: Cue) -> None:
        said[0] = cue
        kinds.add(cue.kind)

    def show(event: SensorEvent, _: Reading) -> None:
        if isinstance(event, Elapsed) and event.t_s % HOUR_S == 0:
            store.commit()  # at this speed the disk would be behind: what waits for it is no leak
            hours.append(held())

    with Store.open(tmp_path / "beatwise.db", now=datetime.now(UTC)) as store:
        measurement = Measurement(intended, store, say=say)
        await measurement.run(show, until_s=8.0 * HOUR_S)
        assert measurement.trouble is None
    first, *_, last = hours
    assert len(hours) == 8
    assert {"over", "walk", "repeat", "step"} <= kinds
    assert last.blocks - first.blocks < ALLOWED_BLOCKS, hours
    assert (last.tasks, last.files) == (first.tasks, first.files)
