import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from device import database
from device.database import is_damage, open_database, open_to_read
from device.errors import StoreError
from device.history import SessionStart, open_history
from device.migrations import MIGRATIONS, version
from device.store import Store
from sensors.events import HeartRateMeasurement

NOW = datetime(2026, 1, 31, 6, 12, tzinfo=UTC)
EASY = SessionStart(
    athlete="Anna", purpose="easy", source="ble", beatwise_version="0.1.0", method_version="1"
)


def beats(start: int, stop: int) -> list[HeartRateMeasurement]:
    return [
        HeartRateMeasurement(60, (number, 999), True, t_s=float(number))
        for number in range(start, stop)
    ]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "beatwise.db"


@pytest.fixture
def written(path: Path) -> Path:
    """A database with one session of 2000 beats in 100 chunks, closed."""
    with Store.open(path, now=NOW) as kept:
        writer = kept.begin(EASY)
        for start in range(0, 2000, 20):
            for event in beats(start, start + 20):
                writer.append(event)
            kept.commit()
        writer.finish("finished", ended_s=2000.0)
    return path


def test_a_closed_database_is_one_file(written):
    assert [file.name for file in written.parent.iterdir()] == ["beatwise.db"]


def test_commits_are_synced_and_logged_ahead(path):
    with closing(open_database(path, now=NOW).db) as db:
        assert db.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert db.execute("PRAGMA synchronous").fetchone() == (2,)  # FULL
        assert db.execute("PRAGMA page_size").fetchone() == (1024,)


def log(path: Path) -> Path:
    return path.with_name(f"{path.name}-wal")


def torn(old: bytes, new: bytes, sectors: list[bool]) -> bytes:
    """A file of which only some 512-byte sectors had reached the disk."""
    size = 512
    old = old.ljust(len(new), b"\0")
    parts = range(0, len(new), size)
    return b"".join(
        (new if sectors[i % len(sectors)] else old)[at : at + size] for i, at in enumerate(parts)
    )


def run(folder: Path, commits: int, checkpoint_each: int | None) -> Path:
    """A folder with database and log before the first and after each of commits of ten beats."""
    path = folder / "beatwise.db"
    with Store.open(path, now=NOW) as kept:
        kept.begin(EASY)
    with Store.open(path, now=NOW) as kept:
        writer = kept.resume(kept.session(1))
        log(path).touch()  # it comes with the first commit
        for number in range(commits + 1):
            for file, ending in ((path, "db"), (log(path), "wal")):
                (folder / f"{number}.{ending}").write_bytes(file.read_bytes())
            for event in beats(10 * number, 10 * number + 10):
                writer.append(event)
            kept.commit()
            if checkpoint_each is not None and number % checkpoint_each == 0:
                kept.checkpoint()
    return folder


def image(folder: Path, number: int) -> tuple[bytes, bytes]:
    return (folder / f"{number}.db").read_bytes(), (folder / f"{number}.wal").read_bytes()


@pytest.fixture(scope="module")
def checkpointed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return run(tmp_path_factory.mktemp("checkpointed"), 60, checkpoint_each=7)


@pytest.fixture(scope="module")
def logged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return run(tmp_path_factory.mktemp("logged"), 60, checkpoint_each=None)


def survivors(folder: Path, database: bytes, wal: bytes) -> list[HeartRateMeasurement]:
    """What the next start finds after the power went."""
    path = folder / "beatwise.db"
    for old in folder.iterdir():
        old.unlink()
    path.write_bytes(database)
    log(path).write_bytes(wal)
    with Store.open(path, now=NOW) as kept:
        assert kept.notes == ()
        assert kept.trouble is None
        found = list(kept.events(1))
        assert len(found) == kept.events_count(1)
        # And one can go on from there.
        writer = kept.resume(kept.session(1))
        writer.append(beats(len(found), len(found) + 1)[0])
        assert kept.commit() is None
        assert list(kept.events(1)) == beats(0, len(found) + 1)
    return found


WAL_HEADER_BYTES = 32

POWER_CUTS = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@POWER_CUTS
@example(8, [False, False, False, True])  # the first commit after a checkpoint
@given(st.integers(0, 59), st.lists(st.booleans(), min_size=1, max_size=40))
def test_power_cut_while_the_log_is_written_keeps_every_commit_before(
    checkpointed, tmp_path, number, sectors
):
    (database, wal), (_, next_wal) = image(checkpointed, number), image(checkpointed, number + 1)
    # A log that begins anew has its header on the disk before any frame is written (wal.c).
    wal = next_wal[:WAL_HEADER_BYTES] + wal[WAL_HEADER_BYTES:]
    found = survivors(tmp_path, database, torn(wal, next_wal, sectors))
    assert found in (beats(0, 10 * number), beats(0, 10 * number + 10))


@POWER_CUTS
@given(st.integers(0, 59), st.lists(st.booleans(), min_size=1, max_size=40))
def test_power_cut_during_a_checkpoint_keeps_every_commit(checkpointed, tmp_path, number, sectors):
    database, _ = image(checkpointed, number)
    next_database, next_wal = image(checkpointed, number + 1)
    found = survivors(tmp_path, torn(database, next_database, sectors), next_wal)
    assert found == beats(0, 10 * number + 10)


@POWER_CUTS
@given(st.integers(0, 60), st.floats(0, 1))
def test_a_log_cut_short_anywhere_leaves_whole_commits(logged, tmp_path, number, share):
    database, wal = image(logged, number)
    left = wal[: round(share * len(wal))]
    whole = sum(len(image(logged, earlier)[1]) <= len(left) for earlier in range(1, number + 1))
    assert survivors(tmp_path, database, left) == beats(0, 10 * whole)


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda data: b"not a database at all" * 100, "file is not a database"),
        (lambda data: data[:1024] + b"\xff" * 4096 + data[5120:], "damaged"),
        (lambda data: data[: len(data) // 2], "damaged"),
        (lambda data: data[:1024] + data[2048:3072] + data[2048:], "damaged"),
    ],
    ids=["nonsense", "overwritten pages", "cut in half", "page lost and another doubled"],
)
def test_a_damaged_database_is_set_aside_and_a_new_one_begun(written, spoil, words):
    spoiled = spoil(written.read_bytes())
    written.write_bytes(spoiled)
    with Store.open(written, now=NOW) as kept:
        (note,) = kept.notes
        assert words in note
        assert "kept as beatwise-damaged-20260131T061200Z.db" in note
        assert kept.sessions() == []
        kept.begin(EASY)
        assert kept.commit() is None
    aside = written.with_name("beatwise-damaged-20260131T061200Z.db")
    assert aside.read_bytes() == spoiled


def test_of_a_large_database_the_sessions_are_checked_and_the_beats_when_they_are_read(
    written, monkeypatch
):
    monkeypatch.setattr(database, "CHECKED_WHOLE_BYTES", 1000)
    data = written.read_bytes()
    written.write_bytes(data[:-2048] + b"\xff" * 2048)
    with Store.open(written, now=NOW) as kept:
        assert kept.notes == ()
        assert len(kept.sessions()) == 1
        with pytest.raises(StoreError, match="malformed"):
            list(kept.events(1))
    written.write_bytes(data[:1024] + b"\xff" * 1024 + data[2048:])  # where the sessions are
    with Store.open(written, now=NOW) as kept:
        assert "damaged" in kept.notes[0]


@pytest.mark.parametrize("table", ["session", "morning", "morning_by_day", "rating", "mark"])
def test_of_a_large_database_every_table_but_the_beats_is_checked(written, monkeypatch, table):
    monkeypatch.setattr(database, "CHECKED_WHOLE_BYTES", 1000)
    with closing(sqlite3.connect(written)) as db:
        (root,) = db.execute(
            "SELECT rootpage FROM sqlite_schema WHERE name = ?", (table,)
        ).fetchone()
    data = written.read_bytes()
    written.write_bytes(data[: (root - 1) * 1024] + b"\xff" * 1024 + data[root * 1024 :])
    with Store.open(written, now=NOW) as kept:
        assert "damaged" in kept.notes[0]


def test_a_large_database_of_the_first_schema_is_checked_too(path, monkeypatch):
    monkeypatch.setattr(database, "CHECKED_WHOLE_BYTES", 1000)
    open_database(path, now=NOW, migrations=MIGRATIONS[:1]).db.close()
    with Store.open(path, now=NOW) as kept:
        assert kept.notes == ()
        assert kept.trouble is None


def test_a_second_damaged_database_of_the_same_moment_keeps_its_own_name(path):
    for text in (b"first", b"second"):
        path.write_bytes(text * 1000)
        Store.open(path, now=NOW).close()
    kept = sorted(file.read_bytes()[:6] for file in path.parent.glob("*damaged*.db"))
    assert kept == [b"firstf", b"second"]


def test_the_log_of_a_damaged_database_is_set_aside_with_it(path):
    path.write_bytes(b"nonsense" * 1000)
    log(path).write_bytes(b"more nonsense")
    Store.open(path, now=NOW).close()
    (aside,) = path.parent.glob("*damaged*-wal")
    assert aside.read_bytes() == b"more nonsense"


def test_beats_that_rotted_on_the_card_are_said_to_be_damaged(written):
    with closing(sqlite3.connect(written)) as db:
        db.execute(
            "UPDATE chunk SET events = CAST(substr(events, 1, 20) || x'ff' || substr(events, 22)"
            " AS BLOB) WHERE id = 50"
        )
        db.commit()
    with open_history(written) as history:
        with pytest.raises(StoreError, match="session 1: stored beats are damaged: the checksum"):
            list(history.events(1))
        with pytest.raises(StoreError, match="damaged"):
            history.rr_ms(1)


def test_a_database_of_another_program_is_left_alone(path):
    with closing(sqlite3.connect(path)) as db:
        db.execute("CREATE TABLE recipe (name TEXT)")
    before = path.read_bytes()
    for opening in (lambda: Store.open(path, now=NOW), lambda: open_history(path)):
        with pytest.raises(StoreError, match=r"beatwise\.db is not a database of Beatwise"):
            opening()
    assert path.read_bytes() == before


def test_a_database_from_a_newer_version_can_be_read_and_not_written(written):
    with closing(sqlite3.connect(written)) as db:
        db.execute("PRAGMA user_version = 99")
    before = written.read_bytes()
    with Store.open(written, now=NOW) as kept:
        assert kept.read_only
        (note,) = kept.notes
        assert f"written by a newer Beatwise (schema 99, this one knows {len(MIGRATIONS)})" in note
        assert "\n" not in note
        (session,) = kept.sessions()
        assert list(kept.events(session.id)) == beats(0, 2000)
        with pytest.raises(StoreError, match="nothing is saved"):
            kept.begin(EASY)
        with pytest.raises(StoreError, match="nothing is saved"):
            kept.resume(session)
        assert kept.commit() is None
        kept.checkpoint()
    assert written.read_bytes() == before


NEXT = (
    *MIGRATIONS,
    "ALTER TABLE session ADD COLUMN note TEXT; UPDATE session SET note = 'of old'",
)


def test_an_older_database_is_copied_and_then_brought_up(written):
    opened = open_database(written, now=NOW, migrations=NEXT)
    with closing(opened.db) as db:
        assert version(db) == len(NEXT)
        assert db.execute("SELECT athlete, note FROM session").fetchall() == [("Anna", "of old")]
    backup = written.with_name(f"beatwise-before-v{len(NEXT)}.db")
    with open_history(backup) as history:
        assert list(history.events(1)) == beats(0, 2000)
    with closing(open_to_read(backup)) as db:
        assert version(db) == len(MIGRATIONS)
    assert not list(written.parent.glob("*.part*"))


def test_a_step_that_fails_changes_nothing(written):
    bad = (*MIGRATIONS, "ALTER TABLE session ADD COLUMN note TEXT; SELECT * FROM nowhere")
    with pytest.raises(sqlite3.OperationalError, match="nowhere"):
        open_database(written, now=NOW, migrations=bad)
    with Store.open(written, now=NOW) as kept:
        assert list(kept.events(1)) == beats(0, 2000)
        assert version(kept._db) == len(MIGRATIONS)
        columns = [row["name"] for row in kept.rows("PRAGMA table_info(session)", ())]
        assert "note" not in columns


def test_a_new_database_is_there_whole_or_not_at_all(path):
    """Who looks while it is being made must not be told that it is of an older Beatwise."""
    with pytest.raises(sqlite3.OperationalError, match="nowhere"):
        open_database(path, now=NOW, migrations=(MIGRATIONS[0], "SELECT * FROM nowhere"))
    with open_history(path) as history:
        assert history.sessions() == []


def test_reading_alone_never_migrates(written):
    with pytest.raises(StoreError, match="of an older Beatwise: start `beatwise` once"):
        open_to_read(written, NEXT)
    with closing(open_to_read(written)) as db:
        assert version(db) == len(MIGRATIONS)


def test_a_file_that_was_only_just_begun_holds_nothing_and_can_be_used(path):
    for made in (b"", None):
        if made is None:
            with closing(sqlite3.connect(path)) as db:
                db.execute("PRAGMA journal_mode = WAL")
        else:
            path.write_bytes(made)
        with open_history(path) as history:
            assert history.sessions() == []
    with Store.open(path, now=NOW) as kept:
        kept.begin(EASY)
        assert (kept.commit(), kept.notes) == (None, ())


def test_reading_where_there_is_no_file_finds_nothing_and_makes_nothing(path):
    with open_history(path) as history:
        assert history.sessions() == []
        assert history.events_count(1) == 0
        assert list(history.events(1)) == []
    assert not path.exists()


def test_a_reader_sees_what_a_running_writer_has_committed(path):
    with Store.open(path, now=NOW) as kept:
        writer = kept.begin(EASY)
        writer.append(beats(0, 1)[0])
        kept.commit()
        writer.append(beats(1, 2)[0])
        with open_history(path) as history:
            assert list(history.events(1)) == beats(0, 1)
            kept.commit()
            assert list(history.events(1)) == beats(0, 2)


def test_a_database_on_a_read_only_disk_can_be_read(written):
    # Where no log can be made beside it, as on such a disk: a folder of that name is in the way.
    log(written).mkdir()
    with open_history(written) as history:
        assert list(history.events(1)) == beats(0, 2000)
    with Store.open(written, now=NOW) as kept:
        assert str(kept.trouble).startswith("not saving: ")
        assert list(kept.events(1)) == beats(0, 2000)
        kept.begin(EASY)
        assert kept.commit() is not None
        log(written).rmdir()
        assert kept.commit() is None
        assert [session.id for session in kept.sessions()] == [2, 1]


def test_a_file_that_cannot_be_read_says_so_in_one_line(path):
    path.mkdir()
    with pytest.raises(StoreError, match=r"beatwise\.db cannot be read: "):
        open_history(path)


def test_only_damage_of_the_file_itself_counts_as_damage(path):
    path.write_bytes(b"nonsense" * 1000)
    with closing(sqlite3.connect(path)) as db, pytest.raises(sqlite3.DatabaseError) as damaged:
        db.execute("SELECT * FROM session")
    with pytest.raises(sqlite3.OperationalError) as missing:
        sqlite3.connect(path.with_name("no folder") / "beatwise.db")
    assert is_damage(damaged.value)
    assert not is_damage(missing.value)


def test_reading_a_session_looks_at_no_other_chunks_than_its_own_stretch(written):
    with Store.open(written, now=NOW) as kept:
        for athlete in ("Ben", "Cleo"):
            writer = kept.begin(replace(EASY, athlete=athlete))
            writer.append(beats(0, 1)[0])
            kept.commit()
        plan = kept.rows(
            "EXPLAIN QUERY PLAN SELECT events FROM session_chunk WHERE session_id = ? ORDER BY id",
            (2,),
        )
        assert "SEARCH chunk USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)" in {
            row["detail"] for row in plan
        }


def test_what_cannot_be_read_is_let_go_of(tmp_path):
    path = tmp_path / "beatwise.db"
    path.write_bytes(b"nonsense" * 1000)
    with pytest.raises(sqlite3.DatabaseError) as caught:
        open_to_read(path)
    held = [link.readlink() for link in Path("/proc/self/fd").iterdir() if link.is_symlink()]
    assert path not in held, caught  # which keeps alive what raised it
