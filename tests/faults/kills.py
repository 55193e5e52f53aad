"""kill -9 at random moments, again and again, in the same data folders."""

import random
import time
from dataclasses import dataclass
from pathlib import Path

from faults import faulty
from faults.witness import Beat, Lost, Watched, beats_on_disk, lost, watch

from device.folder import Places
from device.history import open_history

LATEST_S = 11.0
"""After the gym opened."""
FIRST_CHANGES, CHANGES = 130, 60
"""So many changes to the disk are made by then: making the database takes 90, a commit 20."""
SPEEDS = (1, 1, 4, 10)


@dataclass(frozen=True, slots=True)
class Killed:
    """One program killed."""

    lost: Lost
    in_a_change: bool
    """In the midst of a change to the disk, not just at some moment."""
    went_on: bool
    """Sessions of an earlier program went on in it."""
    beats: int
    """Notifications it had heard."""
    trouble: str | None
    """What was found that must not be; None where all is as it should."""


def killed(library: Path, folder: Path, times: int, seed: int) -> list[Killed]:
    """Start, kill, look, start again; half the time at a moment, half in a change to the disk."""
    chance = random.Random(seed)
    data = folder / "data"
    before: dict[str, list[Beat]] = {}
    done = []
    for number in range(times):
        faults = faulty.faults(library, folder / str(number), data)
        in_a_change = number % 2 == 1
        if in_a_change:
            faults.control.kill_at = chance.randint(1, CHANGES if number else FIRST_CHANGES)
        room = watch(faults, data, speed=SPEEDS[seed % len(SPEEDS)], seed=seed * 1000 + number)
        # It may make fewer changes than that.
        after_s = LATEST_S if in_a_change else chance.uniform(0.0, LATEST_S)
        while room.process.poll() is None and room.open_for_s < after_s:
            time.sleep(0.005)
        in_a_change = room.process.poll() is not None
        room.kill()
        found, cost, trouble = _find(room, data, before)
        grew = any(len(found.get(who, ())) > len(beats) for who, beats in before.items())
        done.append(Killed(cost, in_a_change, grew, sum(map(len, room.sent.values())), trouble))
        before = found
        (folder / str(number) / "log").unlink(missing_ok=True)
    return done


def _find(
    room: Watched, data: Path, before: dict[str, list[Beat]]
) -> tuple[dict[str, list[Beat]], Lost, str | None]:
    """What is on the disk now, what is not, and what is wrong with it."""
    if room.complaints:
        return before, Lost(), room.complaints.splitlines()[-1]
    if aside := [path.name for path in data.glob("*damaged*")]:
        return {}, Lost(), f"the database was set aside: {aside}"
    try:
        with open_history(Places(data).database) as history:
            found = beats_on_disk(history)
        cost = lost(room.sent, found, before, room.ended_s or 0.0, room.waited_s)
    except AssertionError as error:
        return before, Lost(), str(error)
    too_old = f"a beat {cost.oldest_s:.1f} s old is lost" if cost.too_old else None
    return found, cost, too_old
