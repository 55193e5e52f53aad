"""The store as a real process on a disk that loses, refuses and waits, and killed at any moment.

`make test-faults` does the same at length, with straps and in real time.
"""

import os
import random
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

import pytest
from faults import committing, faulty
from faults.power_cut import Disk, Kind, recorded

from device.database_place import was_emptied
from device.store import Store
from sensors.events import HeartRateMeasurement

COMMITS = 120
CUTS = 60
KILLS = 12

pytestmark = pytest.mark.skipif(faulty.why_not() is not None, reason=str(faulty.why_not()))


@pytest.fixture(scope="session")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return faulty.build(tmp_path_factory.mktemp("faulty"))


def committing_process(faults: faulty.Faults, data: Path, *words: object) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, committing.__file__, data / "beatwise.db", *map(str, words)],
        env=faults.environment,
        stdout=subprocess.PIPE,
        text=True,
    )


def returned(out: Iterable[str]) -> list[tuple[float, int]]:
    """When each commit was back, and how many events each session had in it."""
    return [(float(at), int(count)) for count, at in map(str.split, out)]


class Recording:
    """A disk as a process wrote it, change by change, and what it was promised when."""

    def __init__(self, library: Path, folder: Path, synchronous: str) -> None:
        self.data = folder / "data"
        faults = faulty.faults(library, folder / "faults", self.data)
        with committing_process(faults, self.data, COMMITS, synchronous) as writing:
            self.returned = returned(writing.stdout)
        assert writing.returncode == 0
        self.changes = list(recorded(faults.log))

    def promised(self, number: int) -> int:
        """Events a session whose commits were back before the change of this number."""
        at_s = self.changes[number - 1].t_s
        return max((count for back_s, count in self.returned if back_s < at_s), default=0)


@pytest.fixture(scope="module")
def careful(library: Path, tmp_path_factory: pytest.TempPathFactory) -> Recording:
    return Recording(library, tmp_path_factory.mktemp("careful"), "FULL")


def beats(events: int) -> list[HeartRateMeasurement]:
    return [committing.beat(number) for number in range(events)]


def test_every_change_to_the_disk_is_seen(careful: Recording) -> None:
    disk = Disk()
    for change in careful.changes:
        disk.change(change)
    files = {
        str(path.relative_to(careful.data)): path.read_bytes() for path in careful.data.iterdir()
    }
    assert disk.everything() == files
    assert set(files) == {"beatwise.db"}
    kinds = Counter(change.kind for change in careful.changes)
    assert kinds[Kind.SYNCED] >= COMMITS
    assert kinds[Kind.REMOVED] > 0


def lost_at(recording: Recording, number: int, chance: random.Random, into: Path) -> str | None:
    """What the power cut before a change costs; None where all is as it must be."""
    disk = Disk()
    for change in recording.changes[:number]:
        disk.change(change)
    into.mkdir()
    disk.power_cut(chance, into)
    promised = recording.promised(number)
    # A file without a byte is told of, even where it was only just begun and nothing is lost.
    only_begun = promised == 0 and was_emptied(into / "beatwise.db")
    with closing(Store.open(into / "beatwise.db", now=committing.BEGAN)) as store:
        if (store.notes and not only_begun) or store.trouble:
            return f"{store.notes} {store.trouble}"
        for athlete in committing.ATHLETES:
            found = store.cut_off(athlete) or next(iter(store.sessions(athlete=athlete)), None)
            events = [] if found is None else list(store.events(found.id))
            if events != beats(len(events)):
                return f"other events than those of {athlete}"
            if len(events) < promised:
                return f"{promised - len(events)} of {athlete}'s events"
            if found is not None:
                writer = store.resume(found)
                writer.append(committing.beat(len(events)))
                assert store.commit() is None
                assert len(list(store.events(found.id))) == len(events) + 1
        assert store.rows("PRAGMA integrity_check", ())[0][0] == "ok"
    return None


def test_no_power_cut_costs_a_commit(careful: Recording, tmp_path: Path) -> None:
    chance = random.Random(1)
    for cut in range(CUTS):
        number = chance.randint(1, len(careful.changes))
        assert lost_at(careful, number, chance, tmp_path / str(cut)) is None, f"change {number}"


@pytest.mark.parametrize("synchronous", ["NORMAL", "OFF"])
def test_the_disk_finds_out_who_does_not_sync(
    library: Path, tmp_path: Path, synchronous: str
) -> None:
    careless = Recording(library, tmp_path, synchronous)
    chance = random.Random(2)
    lost = [
        lost_at(careless, chance.randint(1, len(careless.changes)), chance, tmp_path / str(cut))
        for cut in range(CUTS)
    ]
    assert sum(one is not None for one in lost) > CUTS // 4


ON_A_DISK_OF_ITS_OWN = """
import subprocess
import sys
from pathlib import Path
from faults.committing import BEGAN, beat
from device.history import SessionStart
from device.store import Store

data, kind = Path(sys.argv[1]), sys.argv[2]
subprocess.run(["mount", "-t", "tmpfs", "-o", "size=600k", "tmpfs", data], check=True)
start = SessionStart(
    athlete="Anna", purpose="easy", source="ble", beatwise_version="0.1.0", method_version="1"
)
with Store.open(data / "beatwise.db", now=BEGAN) as store:
    writer = store.begin(start)
    writer.append(beat(0))
if kind == "full":
    (data / "somebody's film").write_bytes(bytes(300_000))
else:
    subprocess.run(["mount", "-o", "remount,ro", data], check=True)
with Store.open(data / "beatwise.db", now=BEGAN) as store:
    writer, number = store.resume(store.session(1)), 1
    while store.commit() is None:
        for number in range(number, number + 1000):
            writer.append(beat(number))
        number += 1
    print(store.trouble.reason)
    for number in range(number, number + 1000):
        writer.append(beat(number))
    assert store.commit() is not None
    if kind == "full":
        (data / "somebody's film").unlink()
    else:
        subprocess.run(["mount", "-o", "remount,rw", data], check=True)
    assert store.commit() is None, store.trouble
    assert list(store.events(1)) == [beat(n) for n in range(number + 1)]
"""


@pytest.mark.parametrize(
    ("kind", "words"),
    [("full", "the disk is full"), ("read-only", "the disk or the file is read-")],
)
def test_a_real_disk_that_refuses_costs_nothing(tmp_path: Path, kind: str, words: str) -> None:
    unshare = ("unshare", "--user", "--map-root-user", "--mount")
    try:
        subprocess.run(
            [*unshare, "mount", "-t", "tmpfs", "tmpfs", tmp_path], check=True, capture_output=True
        )
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("no file system may be mounted here, not even in a namespace of one's own")
    done = subprocess.run(
        [*unshare, sys.executable, "-c", ON_A_DISK_OF_ITS_OWN, tmp_path, kind],
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parent)},
        capture_output=True,
        text=True,
    )
    assert (done.stderr, done.returncode) == ("", 0)
    assert done.stdout.startswith(words)


def test_killed_in_the_midst_of_any_change_nothing_committed_is_lost(
    library: Path, tmp_path: Path
) -> None:
    chance = random.Random(3)
    data, promised = tmp_path / "data", 0
    for kill in range(KILLS):
        faults = faulty.faults(library, tmp_path / str(kill), data)
        faults.control.kill_at = chance.randint(1, 400)
        with committing_process(faults, data) as writing:
            back = returned(writing.stdout)
        assert writing.returncode == -signal.SIGKILL
        promised = max([promised, *(count for _, count in back)])
        with Store.open(data / "beatwise.db", now=committing.BEGAN) as store:
            assert (store.notes, store.trouble) == ((), None)
            assert store.rows("PRAGMA integrity_check", ())[0][0] == "ok"
            sessions = store.sessions(limit=100)
            assert len(sessions) in (0, len(committing.ATHLETES))
            for session in sessions:
                events = list(store.events(session.id))
                assert events == beats(len(events))
                assert len(events) >= promised
    assert promised > 0
