"""What a second of the board costs: everybody's heart rate and clock move, and are drawn again.

The real screen and the real compositor draw; what would go to the terminal is counted. Each board
is a process of its own, in turn with the others.
"""

import asyncio
import os
import random
import statistics
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
COUNTS = (1, 8, 30)
SIZES = {"80x24, 16 colours": (80, 24, True), "160x50": (160, 50, False)}
ROUNDS = 5
WARM_UP, SECONDS = 20, 200
AT_MOST = 3.0
TITLE = "## A board of 30 against a board of one (target 7)"


def costs() -> dict[str, dict[int, tuple[float, float]]]:
    """For each size and each number of tiles: median CPU ms and bytes of a second."""
    found: dict[str, dict[int, list[tuple[float, float]]]] = {
        size: {count: [] for count in COUNTS} for size in SIZES
    }
    env = os.environ | {"PYTHONPATH": str(ROOT)}
    for _ in range(ROUNDS):
        for size in SIZES:
            for count in COUNTS:
                command = (sys.executable, str(HERE / "board.py"), str(count), size)
                done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
                if done.returncode:
                    sys.exit(f"a board of {count} at {size} failed:\n{done.stderr}")
                cpu_ms, sent = map(float, done.stdout.split())
                found[size][count].append((cpu_ms, sent))
    return {
        size: {
            count: (
                statistics.median(cpu_ms for cpu_ms, _ in runs),
                statistics.median(sent for _, sent in runs),
            )
            for count, runs in counts.items()
        }
        for size, counts in found.items()
    }


def section() -> str:
    """Target 7: a board of 30 at most three times a board of one."""
    lines = [
        TITLE,
        "",
        "A second of the board: each heart rate moves by a beat or does not, each clock moves.",
        f"Medians of {ROUNDS} processes each, in turn, of {SECONDS} seconds; load",
        f"{os.getloadavg()[0]:.1f} at the start. Wanted: 30 tiles at most {AT_MOST:g} times one.",
        "",
        "| | tiles | CPU ms | bytes | CPU ratio | bytes ratio | |",
        "|---|---:|---:|---:|---:|---:|---|",
    ]
    for size, counts in costs().items():
        one = counts[1]
        for count, (cpu_ms, sent) in counts.items():
            ratios = cpu_ms / one[0], sent / one[1]
            reached = "reached" if max(ratios) <= AT_MOST else "**missed**"
            lines.append(
                f"| {size} | {count} | {cpu_ms:.2f} | {sent:.0f} | {ratios[0]:.2f} "
                f"| {ratios[1]:.2f} | {reached if count > 1 else ''} |"
            )
    return "\n".join(lines)


def measure(count: int, size: str) -> None:
    """In a process of its own: print CPU ms and bytes of a second."""
    from textual.drivers.headless_driver import HeadlessDriver

    from device.tile import Board, Tile
    from ui.app import BeatwiseApp
    from ui.board_screen import BoardScreen
    from ui.kiosk import Kiosk, Opened, no_overview, no_session
    from ui.terminal import BLOCKS, BRAILLE

    class Counting(HeadlessDriver):
        """A terminal that takes everything, and counts it."""

        sent = 0

        @property
        def is_headless(self) -> bool:
            """No: everything is drawn for it."""
            return False

        def write(self, data: str) -> None:
            """Count it as the terminal would be sent it."""
            Counting.sent += len(data.encode())

    columns, rows, sixteen_colours = SIZES[size]
    os.environ |= {"COLUMNS": str(columns), "LINES": str(rows)}
    moves = random.Random(count)
    told: list[float] = []
    tiles = [
        Tile(
            athlete=f"Athlete {at}",
            purpose="easy",
            state="inside",
            freshness="fresh",
            hr_bpm=120.0 + at % 20,
            ceiling_bpm=142.0,
            time_inside_s=60.0 * at,
        )
        for at in range(count)
    ]

    class Moving:
        """A room in which a second passes whenever it is looked at."""

        def board(self) -> Board:
            for at, tile in enumerate(tiles):
                bpm = min(150.0, max(110.0, (tile.hr_bpm or 0.0) + moves.choice((-1, 0, 0, 1))))
                tiles[at] = replace(
                    tile,
                    hr_bpm=bpm,
                    state="over" if bpm > 142.0 else "inside",
                    time_inside_s=(tile.time_inside_s or 0.0) + 1.0,
                )
            return Board(0.0, tuple(tiles))

        async def run(self, *, until_s: float | None = None) -> None:
            screen = app.screen
            assert isinstance(screen, BoardScreen)

            async def second() -> None:
                drawn = asyncio.Event()
                screen.look()
                screen.call_after_refresh(drawn.set)
                await drawn.wait()

            for _ in range(WARM_UP):
                await second()
            before_s, before = time.process_time(), Counting.sent
            for _ in range(SECONDS):
                await second()
            spent_s = time.process_time() - before_s
            sent = (Counting.sent - before) / SECONDS
            told.extend((1000 * spent_s / SECONDS, sent))

    app = BeatwiseApp(
        no_overview,
        no_session,
        kiosk=Kiosk(lambda: Opened(Moving()), "ble"),  # type: ignore[arg-type]
        glyphs=BLOCKS if sixteen_colours else BRAILLE,
        sixteen_colours=sixteen_colours,
    )
    app.driver_class = Counting
    app.run(size=(columns, rows))
    if app.crash is not None:  # a gym's screen does not say so itself
        raise app.crash
    if not told:
        sys.exit("it was told to leave, by a signal, before it had measured")
    print(*told)


if __name__ == "__main__":
    measure(int(sys.argv[1]), sys.argv[2])
