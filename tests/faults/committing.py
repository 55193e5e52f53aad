"""A program that does nothing but commit: eight sessions, and a line for each commit that returned.

    committing.py DATABASE [COMMITS [SYNCHRONOUS]]

A line says how many events each session had in it, and when it was back. With another
``PRAGMA synchronous`` than ours it is the bad example that the disk must find out.
"""

import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from device.history import SessionStart
from device.store import Store
from sensors.events import HeartRateMeasurement

ATHLETES = tuple(f"Athlete {number}" for number in range(1, 9))
BEGAN = datetime(2026, 1, 31, 6, 12, tzinfo=UTC)
EACH = 8
"""Events of each session in a commit."""


def beat(number: int) -> HeartRateMeasurement:
    """The event of this number in any session."""
    return HeartRateMeasurement(60 + number % 100, (number, 1000), True, t_s=number / 8)


def main() -> None:
    """Go on with what is there, or begin; then commit on and on."""
    path, commits, synchronous = (*sys.argv[1:], "1000000000", "FULL")[:3]
    with Store.open(Path(path), now=BEGAN) as store:
        store._db.execute(f"PRAGMA synchronous = {synchronous}")
        cut_off = [store.cut_off(athlete) for athlete in ATHLETES]
        writers = [
            store.begin(
                SessionStart(
                    athlete=athlete,
                    purpose="easy",
                    source="ble",
                    beatwise_version="0.1.0",
                    method_version="1",
                )
            )
            if stored is None
            else store.resume(stored)
            for athlete, stored in zip(ATHLETES, cut_off, strict=True)
        ]
        for _ in range(int(commits)):
            for writer in writers:
                for _ in range(EACH):
                    writer.append(beat(writer.events_count))
            if store.commit() is None:
                print(writers[0].events_count, time.monotonic(), flush=True)


if __name__ == "__main__":
    main()
