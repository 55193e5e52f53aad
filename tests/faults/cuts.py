"""The power going at random moments, worked out from recordings of everything that was written."""

import random
import shutil
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from faults import faulty
from faults.power_cut import Change, Disk, Kind, recorded
from faults.witness import Lost, Watched, beats_on_disk, lost, watch

from device.database_place import was_emptied
from device.folder import Places
from device.store import Store
from sensors.events import HeartRateMeasurement
from ui.wiring import local_now


@dataclass(frozen=True, slots=True)
class Recording:
    """Eight straps for a while, and every change they made to the disk."""

    room: Watched
    changes: Sequence[Change]
    complete: bool
    """Played back without a power cut, the changes give the very files that were there."""

    @property
    def syncs(self) -> int:
        """How often something was made lasting."""
        return sum(one.kind is Kind.SYNCED for one in self.changes)


@dataclass(frozen=True, slots=True)
class Cut:
    """One power cut."""

    recording: int
    at: int
    """Before the change of this number."""
    lost: Lost
    trouble: str | None
    """What was found that must not be; None where all is as it should."""


def record(library: Path, folder: Path, lasts_s: float, **options: object) -> Recording:
    """Let eight straps train for so long."""
    data = folder / "data"
    faults = faulty.faults(library, folder / "faults", data)
    room = watch(faults, data, **options)
    room.train(lasts_s)
    room.end()
    changes = list(recorded(faults.log))
    disk = Disk()
    for change in changes:
        disk.change(change)
    now = {
        str(path.relative_to(data)): path.read_bytes() for path in data.rglob("*") if path.is_file()
    }
    return Recording(room, changes, now == disk.everything())


def moments(recordings: Sequence[Recording], cuts: int, seed: int) -> list[tuple[int, int]]:
    """Which recording, and before which change; half by the clock, half between any two changes."""
    chance = random.Random(seed)
    chosen = []
    for number in range(cuts):
        which = number % len(recordings)
        changes = recordings[which].changes
        at = chance.randint(1, len(changes) - 1)
        if number // len(recordings) % 2:
            t_s = chance.uniform(changes[0].t_s, changes[-1].t_s)
            at = max(1, bisect_left(changes, t_s, key=lambda one: one.t_s))
        chosen.append((which, at))
    return sorted(chosen)


def power_cuts(
    recordings: Sequence[Recording], cuts: int, folder: Path, seed: int
) -> Iterator[Cut]:
    """Cut the power, and look at what the next start finds."""
    chance = random.Random(seed)
    playing, disk, played = -1, Disk(), 0
    for number, (which, at) in enumerate(moments(recordings, cuts, seed)):
        recording = recordings[which]
        if which != playing:
            playing, disk, played = which, Disk(), 0
        for change in recording.changes[played:at]:
            disk.change(change)
        played = at
        into = folder / str(number)
        into.mkdir(parents=True)
        disk.power_cut(chance, into)
        # The next change had not begun: that is as late as it may have been.
        cost, trouble = _find(recording, into, recording.changes[at].t_s)
        yield Cut(which, at, cost, trouble)
        shutil.rmtree(into)


def _find(recording: Recording, data: Path, at_s: float) -> tuple[Lost, str | None]:
    room = recording.room
    waited_s = max((one["waited_s"] for one in room.seconds if one["at_s"] <= at_s), default=0.0)
    shm = data / "beatwise.db-shm"
    if shm.exists():  # written through memory, so it may hold anything
        shm.write_bytes(random.Random(at_s).randbytes(shm.stat().st_size))
    database = Places(data).database
    # Of a file without a byte the store tells, and what was in it is counted below all the same.
    empty = was_emptied(database)
    with Store.open(database, now=local_now()) as store:
        if (store.notes and not empty) or store.trouble:
            return Lost(), f"{store.notes or store.trouble}"
        try:
            cost = lost(room.sent, beats_on_disk(store), {}, at_s, waited_s)
        except AssertionError as error:
            return Lost(), str(error)
        trouble = _cannot_go_on(store)
    if cost.too_old:
        trouble = trouble or f"a beat {cost.oldest_s:.1f} s old is lost"
    return cost, trouble


def _cannot_go_on(store: Store) -> str | None:
    """Each session takes another beat, and has it afterwards."""
    beat = HeartRateMeasurement(60, (1024,), t_s=100_000.0)
    open_ones = [one for one in store.sessions(limit=100) if one.outcome is None]
    for session in open_ones:
        store.resume(session).append(beat)
    if (trouble := store.commit()) is not None:
        return str(trouble)
    for session in open_ones:
        *_, last = store.events(session.id)
        if last != beat:
            return f"session {session.id} cannot be gone on with"
    return None
