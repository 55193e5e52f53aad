"""A screen, watched from inside: what each reading costs until it is drawn. Run by `drawing`.

``python watched.py REPORT COUNT bare`` or ``... beatwise ARGUMENTS``: in the second case the
simulated strap's events come one every 100 ms, from the session's eleventh minute on, through the
whole way: stored, judged, told, drawn. Written to REPORT: for each event its kind, CPU ms, bytes
written to the terminal, and ms until the last of them were; None where nothing was drawn.
"""

import asyncio
import json
import os
import sys
import time
from collections.abc import Callable
from typing import Any

from textual.app import App, ComposeResult
from textual.drivers.linux_driver import LinuxDriver
from textual.widgets import Static

from sensors import synthetic
from sensors.events import Emit
from sensors.pacing import with_seconds
from sensors.synthetic_heart import Heart

FROM_S = 620.0
"""The windows are full, and every gauge has something to show."""
APART_S = 0.1
SETTLE_S = 1.0

report, count, what = sys.argv[1], int(sys.argv[2]), sys.argv[3]
rows: list[tuple[str, float, int, float | None]] = []
write = LinuxDriver.write


class Drawn:
    """What the driver was given: how much, and when the last of it was out."""

    n_bytes = 0
    at_s = 0.0


def counting(driver: LinuxDriver, data: str) -> None:
    """It goes on, and is counted."""
    write(driver, data)
    Drawn.n_bytes += len(data.encode())
    Drawn.at_s = time.perf_counter()


async def watch(kind: str, act: Callable[[], object]) -> None:
    """Do one thing, and note what it cost until everything was drawn."""
    if not rows:
        await asyncio.sleep(SETTLE_S)
    before, cpu_s, began_s = Drawn.n_bytes, time.process_time(), time.perf_counter()
    act()
    await asyncio.sleep(APART_S)
    n_bytes = Drawn.n_bytes - before
    after_ms = 1000 * (Drawn.at_s - began_s) if n_bytes else None
    rows.append((kind, 1000 * (time.process_time() - cpu_s), n_bytes, after_ms))
    if len(rows) == count:
        with open(report, "w") as file:  # noqa: ASYNC230, PTH123 - the end of it all
            json.dump(rows, file)
        os._exit(0)


async def beat(emit: Emit, *, seed: int = 1, scenario: str = "easy", **of_heart: Any) -> None:
    """In place of :func:`sensors.synthetic.beat`: the same heart, one event after the other."""
    numbers = {name: of_heart[name] for name in ("resting_bpm", "max_bpm")}
    heart = Heart(seed=seed, effort=synthetic.SCENARIOS[scenario], rmssd_ms=42.0, **numbers)
    for at, event in enumerate(with_seconds(synthetic.events(heart))):
        if event.t_s >= FROM_S:
            await watch(type(event).__name__, lambda event=event: emit(event))
        else:
            emit(event)
            if at % 50 == 0:
                await asyncio.sleep(0)


class Bare(App[None]):
    """One line, changed again and again."""

    def compose(self) -> ComposeResult:
        """The line."""
        yield Static("0")

    def on_mount(self) -> None:
        """Begin to change it."""
        self.run_worker(self.change())

    async def change(self) -> None:
        """A new number each time."""
        line = self.query_one(Static)
        for number in range(count):
            await watch("line", lambda number=number: line.update(f"{number} bpm"))


if __name__ == "__main__":
    LinuxDriver.write = counting  # type: ignore[method-assign]
    synthetic.beat = beat  # type: ignore[assignment]
    if what == "bare":
        Bare().run()
    else:
        from ui.__main__ import main

        main(sys.argv[4:])
