import inspect
import itertools
import sqlite3
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from device import session_writer, store
from device.errors import StoreError
from device.history import SessionStart, open_history
from device.mark import Mark
from device.store import Store
from sensors.events import Connected, Disconnected, Elapsed, HeartRateMeasurement

NOW = datetime(2026, 1, 31, 6, 12, tzinfo=UTC)
EASY = SessionStart(
    athlete="Anna", purpose="easy", source="ble", beatwise_version="0.1.0", method_version="1"
)
ROOT = Path(__file__).resolve().parents[1]


def beat(number: int) -> HeartRateMeasurement:
    return HeartRateMeasurement(60 + number % 100, (number, 1000), True, t_s=number / 8)


def beats(start: int, stop: int) -> list[HeartRateMeasurement]:
    return [beat(number) for number in range(start, stop)]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "beatwise.db"


def test_a_session_comes_back_as_it_was_begun_and_ended(path):
    start = SessionStart(
        athlete="Änna 🏃",
        purpose="tempo",
        source="replay:a run.csv@60",
        fingerprint="sha256:00",
        floor_bpm=140.5,
        ceiling_bpm=158.0,
        started=datetime(2026, 1, 31, 23, 30, 1, 5, tzinfo=timezone(timedelta(hours=-5))),
        clock_trusted=False,
        beatwise_version="0.1.0",
        method_version="1",
    )
    events = [Connected("Polar", "AA"), beat(8), Disconnected("gone", 2.5), beat(24)]
    with Store.open(path, now=NOW) as kept:
        writer = kept.begin(start)
        for event in events:
            writer.append(event)
        writer.append(Elapsed(4.0))
        assert writer.session_id is None
        assert kept.sessions() == []
        assert kept.commit() is None
        assert kept.session(writer.session_id).outcome is None
        writer.finish("finished", ended_s=4.0, summary={"rmssd_ms": None, "n_beats": 4})
    with open_history(path) as history:
        (session,) = history.sessions()
        assert session.start == start
        assert session.start.started.utcoffset() == timedelta(hours=-5)
        assert (session.outcome, session.ended_s) == ("finished", 4.0)
        assert session.summary == {"rmssd_ms": None, "n_beats": 4}
        assert list(history.events(session.id)) == events
        assert history.events_count(session.id) == 4
        assert history.rr_ms(session.id) == [7.8125, 976.5625, 23.4375, 976.5625]


def test_a_start_time_without_its_offset_is_refused():
    with pytest.raises(ValueError, match="UTC offset"):
        replace(EASY, started=NOW.replace(tzinfo=None))


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 3), st.booleans()), max_size=40))
def test_however_sessions_and_commits_interleave_each_keeps_its_own(steps):
    with Store(Path("file-is-never-used"), now=NOW) as kept:
        kept._db = kept._reading  # its database in memory
        writers = [kept.begin(EASY) for _ in range(4)]
        appended = [[] for _ in writers]
        for number, (which, commit) in enumerate(steps):
            writers[which].append(beat(number))
            appended[which].append(beat(number))
            if commit:
                assert kept.commit() is None
        kept.commit()
        for writer, events in zip(writers, appended, strict=True):
            assert list(kept.events(writer.session_id)) == events
            assert kept.events_count(writer.session_id) == len(events) == writer.events_count


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 2), st.sampled_from(["add", "commit", "discard"]))))
def test_a_discarded_session_is_gone_and_costs_no_other_a_beat(steps):
    with Store(Path("file-is-never-used"), now=NOW) as kept:
        kept._db = kept._reading  # its database in memory
        writers = [kept.begin(EASY) for _ in range(3)]
        appended = [[] for _ in writers]
        for number, (which, action) in enumerate(steps):
            if action == "discard":
                writers[which].mark(Mark(1.0, "lap"))
                writers[which].discard()
                writers[which], appended[which] = kept.begin(EASY), []
            else:
                writers[which].append(beat(number))
                appended[which].append(beat(number))
            if action == "commit":
                assert kept.commit() is None
        assert kept.commit() is None
        assert [list(kept.events(w.session_id)) for w in writers] == appended
        assert {one.id for one in kept.sessions()} == {w.session_id for w in writers}
        assert kept.rows("SELECT * FROM mark", ()) == []
        (chunks,) = kept.rows("SELECT sum(n_events) FROM chunk", ())
        assert (chunks[0] or 0) == sum(map(len, appended))


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(["mark", "commit", "refuse", "take", "look", "become"])))
def test_marks_that_are_replaced_are_so_on_the_disk_however_it_refuses_meanwhile(steps):
    with Store(Path("file-is-never-used"), now=NOW) as kept:
        kept._db = kept._reading  # its database in memory
        writer, model, whole = kept.begin(EASY), [], None
        for number, step in enumerate(steps):
            match step:
                case "mark":
                    model.append(Mark(float(number), "lap"))
                    writer.mark(model[-1])
                    writer.append(beat(number))
                case "commit":
                    kept.commit()
                case "refuse" | "take":
                    kept._db.execute(f"PRAGMA query_only = {'ON' if step == 'refuse' else 'OFF'}")
                case "look":
                    whole, at = kept.whole(writer), len(model)
                    assert _sorted(whole.marks) == _sorted(model)
                    assert len(list(whole.events())) == writer.events_count
                case "become" if whole is not None:
                    new = [Mark(float(number), "note", str(k)) for k in range(number % 4)]
                    model[:at] = new
                    start = replace(EASY, athlete=f"athlete {number}", ceiling_bpm=number)
                    kept.become([(writer, whole, start, new)])
                    whole = None
        kept._db.execute("PRAGMA query_only = OFF")
        assert kept.commit() is None
        sql = "SELECT t_s, kind, text FROM mark"
        assert _sorted(Mark(*row) for row in kept.rows(sql, ())) == _sorted(model)
        assert kept.session(writer.session_id).start == writer.start


def _sorted(marks):
    return sorted(marks, key=lambda mark: (mark.t_s, mark.kind, mark.text))


def test_a_session_that_is_discarded_on_a_full_disk_is_gone_when_there_is_room(path):
    with Store.open(path, now=NOW) as kept:
        writer = kept.begin(EASY)
        writer.append(beat(1))
        assert kept.commit() is None
        kept._db.execute("PRAGMA query_only = ON")
        writer.discard()
        assert kept.commit() is not None
        assert len(kept.sessions()) == 1
        kept._db.execute("PRAGMA query_only = OFF")
        assert kept.commit() is None
        assert kept.sessions() == []
        assert not kept.is_written(1)


def test_all_athletes_share_one_transaction(path):
    with Store.open(path, now=NOW) as kept:
        statements = []
        kept._db.set_trace_callback(statements.append)
        for writer in [kept.begin(EASY) for _ in range(30)]:
            writer.append(beat(1))
        kept.commit()
        kept._db.set_trace_callback(None)
    assert statements.count("COMMIT") == 1


def test_nothing_new_means_nothing_is_written(path):
    with Store.open(path, now=NOW) as kept:
        kept.begin(EASY).append(beat(1))
        kept.commit()
        before = path.with_name("beatwise.db-wal").read_bytes()
        assert kept.commit() is None
        assert path.with_name("beatwise.db-wal").read_bytes() == before


def test_a_commit_is_due_when_the_oldest_waiting_event_is_old_enough(path):
    with Store.open(path, now=NOW) as kept:
        assert not kept.due(100.0)
        writer = kept.begin(EASY)
        kept.commit()
        assert not kept.due(107.0)
        writer.append(beat(1))
        assert not kept.due(107.5)
        writer.append(beat(2))
        assert [kept.due(now_s) for now_s in (112.25, 112.5)] == [False, True]
        assert kept.due(112.5, sync_s=2.0)
        kept.commit()
        assert not kept.due(999.0)
        writer.finish("stopped", ended_s=1.0)
        assert not kept.due(1000.0)
        assert kept.due(1005.0)


def test_events_that_come_during_a_commit_wait_no_longer_for_the_next(path):
    with Store.open(path, now=NOW) as kept:
        writer = kept.begin(EASY)
        kept.commit()
        with kept._committing:  # the disk is slow
            writer.append(beat(1))
            assert not kept.due(10.0)
            assert not kept.due(14.9)
        assert kept.due(15.0)


def test_appending_while_a_thread_commits_loses_nothing(path):
    with Store.open(path, now=NOW) as kept:
        writer = kept.begin(EASY)
        done = threading.Event()

        def commit_on_and_on() -> None:
            while not done.is_set():
                kept.commit()

        committing = threading.Thread(target=commit_on_and_on)
        committing.start()
        for number in range(5000):
            writer.append(beat(number))
        done.set()
        committing.join()
        kept.commit()
        assert list(kept.events(writer.session_id)) == beats(0, 5000)


def test_a_session_that_was_cut_off_is_found_and_gone_on_with(path):
    start = replace(EASY, source="replay:run.csv", fingerprint="sha256:11")
    with Store.open(path, now=NOW) as kept:
        writer, other = kept.begin(start), kept.begin(EASY)
        for event in beats(0, 10):
            writer.append(event)
            other.append(event)
        kept.commit()
        assert kept.unfinished("Anna", "replay:run.csv", "sha256:11") is None  # being written
        other.finish("stopped", ended_s=2.0)
    with Store.open(path, now=NOW) as kept:
        assert kept.unfinished("Ben", "replay:run.csv", "sha256:11") is None
        assert kept.unfinished("Anna", "replay:run.csv", "sha256:22") is None
        assert kept.unfinished("Anna", "ble", None) is None  # it was stopped
        cut_off = kept.unfinished("Anna", "replay:run.csv@60", "sha256:11")
        assert kept.lasted_s(cut_off.id) == beat(9).t_s
        other, writer = kept.begin(EASY), kept.resume(cut_off)
        assert writer.events_count == 10
        for event in beats(10, 15):
            other.append(event)
            kept.commit()
            writer.append(event)
        writer.finish("finished", ended_s=3.0)
        kept.commit()
        assert list(kept.events(cut_off.id)) == beats(0, 15)
        assert kept.unfinished("Anna", "replay:run.csv", "sha256:11") is None
        assert kept.lasted_s(99) == 0.0
    with open_history(path) as history:
        assert list(history.events(cut_off.id)) == beats(0, 15)
        assert [len(list(history.events(s.id))) for s in history.sessions()] == [5, 10, 15]


def test_an_anonymous_session_is_found_by_having_no_name(path):
    nobody = replace(EASY, athlete=None, source="sim")
    with Store.open(path, now=NOW) as kept:
        kept.begin(nobody)
    with Store.open(path, now=NOW) as kept:
        assert kept.unfinished("Anna", "sim", None) is None
        assert kept.unfinished(None, "sim", None).start == nobody


def test_the_newest_sessions_come_first_and_of_one_athlete_if_asked(path):
    with Store.open(path, now=NOW) as kept:
        for athlete in ("Anna", "Ben", "Anna"):
            kept.begin(replace(EASY, athlete=athlete))
        kept.commit()
        assert [s.id for s in kept.sessions()] == [3, 2, 1]
        assert [s.id for s in kept.sessions(athlete="Anna")] == [3, 1]
        assert [s.id for s in kept.sessions(limit=1)] == [3]
        with pytest.raises(StoreError, match="there is no session 9"):
            kept.session(9)


def test_a_full_disk_is_said_and_what_was_measured_is_kept_until_there_is_room(path):
    with Store.open(path, now=NOW) as kept:
        writer = kept.begin(EASY)
        writer.append(beat(0))
        assert kept.commit() is None
        pages = kept._db.execute("PRAGMA page_count").fetchone()[0]
        kept._db.execute(f"PRAGMA max_page_count = {pages}")
        for event in beats(1, 2000):
            writer.append(event)
        trouble = kept.commit()
        assert trouble is kept.trouble
        assert "not saving: the disk is full" in str(trouble)
        assert trouble.kept_events == 1999
        assert list(kept.events(writer.session_id)) == beats(0, 1)
        writer.append(beat(2000))
        assert kept.due(1.0, sync_s=0.0)
        assert kept.commit().kept_events == 2000
        kept._db.execute("PRAGMA max_page_count = 100000")
        assert kept.commit() is None
        assert kept.trouble is None
        assert list(kept.events(writer.session_id)) == beats(0, 2001)


def test_memory_is_bounded_and_what_is_lost_is_counted(path, monkeypatch):
    monkeypatch.setattr(store, "KEPT_BYTES", 10_000)
    with Store.open(path, now=NOW) as kept:
        writer = kept.begin(EASY)
        kept.commit()
        kept._db.execute("PRAGMA query_only = 1")
        for number in range(200):
            writer.append(beat(number))
            kept.commit()
        stored = 200 - kept.trouble.lost_events
        assert 10 < stored == kept.trouble.kept_events < 10_000 // session_writer.OVERHEAD_BYTES + 1
        kept._db.execute("PRAGMA query_only = 0")
        kept.commit()
        writer.append(beat(200))
        kept.commit()
        assert list(kept.events(writer.session_id)) == [*beats(0, stored), beat(200)]
        # The place in the source is kept, so that a replay goes on at the right beat.
        assert kept.events_count(writer.session_id) == 201
        assert writer.lost_events == 200 - stored


def test_a_folder_that_cannot_be_written_is_trouble_and_no_exception(tmp_path):
    path = tmp_path / "later" / "beatwise.db"
    kept = Store.open(path, now=NOW)
    assert "cannot be opened or created" in str(kept.trouble)
    assert kept.sessions() == []
    writer = kept.begin(EASY)
    writer.append(beat(0))
    assert kept.commit().kept_events == 1
    path.parent.mkdir()
    assert kept.commit() is None
    assert list(kept.events(writer.session_id)) == beats(0, 1)
    kept.close()


def test_beats_that_could_not_be_saved_by_the_end_are_told(tmp_path):
    kept = Store.open(tmp_path / "never" / "beatwise.db", now=NOW)
    kept.begin(EASY).append(beat(0))
    kept.close()
    assert kept.trouble.kept_events == 1


# Another process has the same beat(), and imports neither pytest nor hypothesis.
SETTING = f"""
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from device.history import SessionStart
from device.store import Store
from sensors.events import HeartRateMeasurement
NOW, EASY = datetime.now(UTC), {EASY!r}
{inspect.getsource(beat)}
"""
DISK_FULL = f"""
import resource
{SETTING}
kept = Store.open(Path(sys.argv[1]), now=NOW)
writer = kept.begin(EASY)
assert kept.commit() is None
_, most = resource.getrlimit(resource.RLIMIT_FSIZE)
resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, most))
number = 0
while kept.commit() is None:
    for _ in range(1000):
        writer.append(beat(number))
        number += 1
print(kept.trouble.reason, flush=True)
for _ in range(3):
    writer.append(beat(number))
    number += 1
    assert kept.commit() is not None
resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
assert kept.commit() is None
assert list(kept.events(1)) == [beat(one) for one in range(number)]
kept.close()
print(number)
"""


def test_a_file_that_may_not_grow_stops_saving_but_not_measuring(path):
    done = subprocess.run(
        [sys.executable, "-c", DISK_FULL, path],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.stderr == ""
    reason, number = done.stdout.splitlines()
    assert "the disk" in reason
    with open_history(path) as history:
        assert list(history.events(1)) == beats(0, int(number))


WRITE_ON_AND_ON = f"""
{SETTING}
kept = Store.open(Path(sys.argv[1]), now=NOW)
cut_off = kept.unfinished("Anna", "ble", None)
writer = kept.begin(EASY) if cut_off is None else kept.resume(cut_off)
others = [kept.begin(replace(EASY, source="sim")) for _ in range(2)]
while True:
    for _ in range(3):
        for one in (writer, *others):
            one.append(beat(one.events_count))
    if kept.commit() is None:
        print(writer.events_count, flush=True)
"""


def test_killing_the_writer_loses_nothing_that_was_committed(path):
    reported = 0
    for run in range(20):
        with subprocess.Popen(
            [sys.executable, "-c", WRITE_ON_AND_ON, path], cwd=ROOT, stdout=subprocess.PIPE
        ) as writing:
            for line in itertools.islice(writing.stdout, 1 + run * 7 % 20):
                reported = int(line)
            writing.kill()
            reported = max([reported, *map(int, writing.stdout.read().split(b"\n")[:-1])])
        with open_history(path) as history:
            first = history.session(1)
            events = list(history.events(first.id))
            assert len(events) >= reported
            assert events == beats(0, len(events))
            for session in history.sessions(limit=1000):
                events = list(history.events(session.id))
                assert events == beats(0, len(events))
    with Store.open(path, now=NOW) as kept:
        assert kept.notes == ()
        assert kept._db.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_many_threads_may_read_and_each_has_the_connection_to_itself(path):
    """Those who come into a gym at the same moment are settled in threads of their own.

    From Python 3.12 on, threads that ask the same at once share a statement, and mix rows.
    """
    with Store.open(path, now=NOW) as kept:
        for number in range(8):
            kept.begin(replace(EASY, athlete=f"Athlete {number}", source="ble:AA"))
        kept.commit()
    together, inside = threading.Barrier(8), threading.Semaphore(1)
    everybody = [f"Athlete {number}" for number in reversed(range(8))]

    def alone(db: sqlite3.Connection) -> bool:
        if not inside.acquire(blocking=False):
            return False
        db.execute("SELECT count(*) FROM session").fetchall()
        inside.release()
        return True

    with open_history(path) as history, ThreadPoolExecutor(8) as threads:

        def read() -> bool:
            together.wait()
            return all(
                [one.start.athlete for one in history.left_open("ble:")] == everybody
                and history.look(alone)
                for _ in range(200)
            )

        found = [future.result() for future in [threads.submit(read) for _ in range(8)]]
    assert found == [True] * 8
