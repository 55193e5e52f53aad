"""Erased means gone: every byte of the data folder is looked through."""

import errno
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from furnished import ANNA, BEN, NOW, beats, files_of, furnish

from device import chunks, erase_rows, folder, roster, tombstones
from device.backup_list import note, reachable
from device.erase import FLASH, erase, finish
from device.errors import StoreError, UnknownAthlete
from device.folder import Places
from device.history import SessionStart
from device.migrations import MIGRATIONS, migrate
from device.morning_history import mornings
from device.names import name_key
from device.pins import Pins
from device.station import open_station
from device.store import Store


@pytest.fixture(autouse=True)
def _quick(monkeypatch):
    monkeypatch.setattr("device.pins.LOG2_N", 2)


@pytest.fixture
def places(tmp_path):
    return Places(tmp_path)


@pytest.fixture
def store(places) -> Iterator[Store]:
    with Store.open(places.database, now=NOW) as opened:
        furnish(places, opened, ANNA, BEN)
        yield opened


def traces(data: Path, who: str) -> list[str]:
    """Files in which the name or the beats of an athlete still stand, as text or packed."""
    packed = chunks.pack(beats(who)[:50])
    # The column of RR intervals lies at the end of a chunk: two thirds of it will do.
    wanted = [spelled.encode() for spelled in (who, name_key(who))]
    wanted += [packed[-120:-60], packed[-60:]]
    return [
        name for name, content in files_of(data).items() if any(part in content for part in wanted)
    ]


def test_the_traces_that_are_looked_for_are_there_before(places, store):
    for who in (ANNA, BEN):
        found = traces(places.data, who)
        assert "beatwise.db-wal" in found
        assert any(name.startswith("athletes/") for name in found)
    store.checkpoint()
    assert "beatwise.db" in traces(places.data, ANNA)
    packed = chunks.pack(beats(ANNA)[:50])
    assert packed[-120:] in (places.data / "beatwise.db").read_bytes()


def test_nothing_of_an_erased_athlete_is_left_in_any_byte_of_the_folder(places, store):
    erased = erase(store, places, ANNA)
    assert traces(places.data, ANNA) == []
    assert erased.rows > 0
    assert erased.remains == (FLASH,)
    assert any("athletes/anna-quixotte.toml" in line for line in erased.removed)


def test_of_the_others_nothing_is_missing(places, store):
    before = [
        (session, list(store.events(session.id)), store.marks(session.id))
        for session in store.sessions(athlete=BEN)
    ]
    erase(store, places, name_key(ANNA))
    assert before == [
        (session, list(store.events(session.id)), store.marks(session.id))
        for session in store.sessions(athlete=BEN)
    ]
    assert len(mornings(store, BEN)) == 2
    assert [one.name for one in roster.load_all(places.data).athletes] == [BEN]
    assert Pins(store).has(BEN)
    assert not Pins(store).has(ANNA)
    assert store.sessions(athlete=ANNA) == []


def test_every_table_says_whom_it_is_about(store):
    """A table with neither column would be passed over."""
    with closing(sqlite3.connect(":memory:")) as db:
        migrate(db)
        tables = {
            name for (name,) in db.execute("SELECT name FROM sqlite_schema WHERE type='table'")
        }
        told = set(erase_rows._tables_with(db, "athlete")) | set(
            erase_rows._tables_with(db, "session_id")
        )
    assert tables == told


def test_a_session_that_is_being_written_loses_nothing(places, store):
    """The numbers of deleted chunks are given again, also below where it began."""
    start = SessionStart(
        athlete=BEN, purpose="easy", source="ble", beatwise_version="0", method_version="1"
    )
    early, late = store.begin(start), store.begin(start)
    early.append(beats(BEN)[0])
    store.commit()
    erase(store, places, ANNA)
    for writer in (early, late):
        for event in beats(BEN)[1:20]:
            writer.append(event)
        store.commit()
    assert list(store.events(early.session_id)) == beats(BEN)[:20]
    assert list(store.events(late.session_id)) == beats(BEN)[1:20]


def test_who_is_being_measured_is_not_erased(places, store):
    start = SessionStart(
        athlete=ANNA.upper(), purpose="easy", source="ble", beatwise_version="0", method_version="1"
    )
    store.begin(start)
    with pytest.raises(StoreError, match="sign out first"):
        erase(store, places, ANNA)
    assert "beatwise.db-wal" in traces(places.data, ANNA)


def test_who_is_not_here_cannot_be_erased(places, store):
    before = files_of(places.data)
    with pytest.raises(UnknownAthlete, match="nothing is kept of 'Cleo'"):
        erase(store, places, "Cleo")
    assert files_of(places.data) == before


def test_databases_kept_aside_are_erased_too(places, store):
    store.checkpoint()
    old = places.data / "beatwise-before-v9.db"
    shutil.copy(places.database, old)
    replaced = places.data / "before-restore-20260101T000000Z"
    (replaced / "athletes").mkdir(parents=True)
    shutil.copy(places.database, replaced / "beatwise.db")
    for path in places.athletes.iterdir():
        shutil.copy(path, replaced / "athletes")
    (replaced / "config.toml").write_text(f'athlete = "{ANNA}"\n')
    erase(store, places, ANNA)
    assert traces(places.data, ANNA) == []
    with Store.open(old, now=NOW) as kept:
        assert len(kept.sessions(athlete=BEN)) == 2


@pytest.mark.parametrize("ending", ["", "-wal", ".part"])
def test_a_damaged_database_that_names_the_athlete_is_removed_and_another_is_not(
    places, store, ending
):
    store.checkpoint()
    content = places.database.read_bytes()
    torn = places.data / f"beatwise-damaged-20260101T000000Z.db{ending}"
    torn.write_bytes(b"torn" + content[4:])
    others = places.data / "beatwise-damaged-20250101T000000Z.db"
    others.write_bytes(b"torn and about nobody")
    erased = erase(store, places, ANNA)
    assert str(torn) in erased.removed
    assert not torn.exists()
    assert others.exists()
    assert traces(places.data, ANNA) == []


def test_what_stands_in_files_of_other_kinds_goes_too(places, store):
    places.config.write_text(f'# mine\nathlete = "{ANNA}"\n[readiness]\ncalm = true\n')
    (places.athletes / "broken.toml").write_text('name = "Ben')
    (places.athletes / "anna-quixotte.toml~").write_text(f'name = "{ANNA}"')
    (places.athletes / ".anna-quixotte.toml.part").write_text(f'name = "{ANNA}')
    erase(store, places, ANNA)
    assert traces(places.data, ANNA) == []
    assert places.config.read_text() == "# mine\n[readiness]\ncalm = true\n"
    assert (places.athletes / "broken.toml").exists()


def test_a_backup_in_reach_is_removed_and_one_out_of_reach_is_told(places, store, tmp_path_factory):
    from zipfile import ZipFile

    stick = tmp_path_factory.mktemp("stick")
    with ZipFile(stick / "here.zip", "w") as made:
        made.comment = b"one"
    with ZipFile(stick / "not-ours.zip", "w") as made:
        made.comment = b"somebody else's"
    note(places.data, stick / "here.zip", "one")
    note(places.data, stick / "not-ours.zip", "two")
    note(places.data, stick / "elsewhere.zip", "three")
    erased = erase(store, places, ANNA)
    assert [path.name for path in stick.iterdir()] == ["not-ours.zip"]
    assert str(stick / "here.zip") in erased.removed
    assert "elsewhere.zip" in erased.remains[0]
    assert "2 backups are out of reach" in erased.remains[0]
    assert erased.backups == (str(stick / "here.zip"),)


def test_what_lies_in_place_of_a_backup_is_not_opened(places, store, tmp_path_factory):
    stick = tmp_path_factory.mktemp("stick")
    (stick / "endless.zip").symlink_to("/dev/zero")
    os.mkfifo(stick / "pipe.zip")
    for name in ("endless.zip", "pipe.zip"):
        note(places.data, stick / name, "one")
    assert reachable(places.data) == ()
    assert len(list(stick.iterdir())) == 2


def test_a_backup_on_what_takes_nothing_is_told_and_all_else_is_gone(
    places, store, tmp_path_factory, monkeypatch
):
    from zipfile import ZipFile

    made = tmp_path_factory.mktemp("stick") / "here.zip"
    with ZipFile(made, "w") as archive:
        archive.comment = b"one"
    note(places.data, made, "one")
    unlink = Path.unlink

    def refusing(path, **more):
        if path == made:
            raise OSError(errno.EROFS, "Read-only file system")
        unlink(path, **more)

    monkeypatch.setattr(Path, "unlink", refusing)
    assert reachable(places.data) == (made,)
    erased = erase(store, places, ANNA)
    assert (erased.backups, made.exists()) == ((), True)
    assert "A backup is out of reach (the last: " in erased.remains[0]
    assert traces(places.data, ANNA) == []


def test_a_tombstone_tells_who_was_erased_to_who_knows_the_name_and_to_nobody_else(places, store):
    erase(store, places, ANNA)
    stones = tombstones.load(places.data)
    assert tombstones.erased_among({ANNA.upper(), BEN, "Cleo"}, stones) == {ANNA.upper()}
    erase(store, places, BEN, bury=False)
    assert tombstones.load(places.data) == stones
    # A line that was cut off spoils no other.
    with tombstones.path(places.data).open("a") as file:
        file.write('{"id": "12')
    tombstones.add(places.data, BEN)
    assert tombstones.erased_among({ANNA, BEN}, tombstones.load(places.data)) == {ANNA, BEN}


def test_an_erasure_that_a_power_cut_ended_goes_on_at_the_next_start(places, store, monkeypatch):
    def cut(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("device.erase.rebuild", cut)
        with pytest.raises(KeyboardInterrupt):
            erase(store, places, ANNA)
    assert traces(places.data, ANNA) != []
    store.close()
    with open_station(places.data, now=NOW + timedelta(minutes=1)) as station:
        assert traces(places.data, ANNA) == []
        assert len(station.store.sessions(athlete=BEN)) == 2
    assert not (places.data / "erasing").exists()


def test_another_reader_is_waited_for_and_then_told(places, store, monkeypatch):
    with closing(sqlite3.connect(places.database)) as other:
        other.execute("BEGIN")
        other.execute("SELECT count(*) FROM session").fetchone()
        with pytest.raises(StoreError, match="another program"):
            erase(store, places, ANNA)
        other.execute("ROLLBACK")
    erase(store, places, ANNA)
    assert traces(places.data, ANNA) == []


def test_a_disk_that_refuses_is_told_and_it_can_be_done_again(places, store, monkeypatch):
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr("device.tombstones.add", full)
        with pytest.raises(StoreError, match=f"{ANNA} is not erased yet: No space left on device"):
            erase(store, places, ANNA)
    erase(store, places, ANNA)
    assert traces(places.data, ANNA) == []


def test_a_link_in_the_folder_of_athletes_leads_nowhere(places, store, tmp_path_factory):
    elsewhere = tmp_path_factory.mktemp("elsewhere") / "precious.toml"
    elsewhere.write_text(f'name = "{ANNA}"\n')
    (places.athletes / "link.toml").symlink_to(elsewhere)
    erase(store, places, ANNA)
    assert elsewhere.read_text() == f'name = "{ANNA}"\n'


def test_a_database_of_an_older_schema_is_erased_as_it_is(tmp_path):
    path = tmp_path / "old.db"
    with closing(sqlite3.connect(path)) as db:
        migrate(db, MIGRATIONS[:1])
        db.execute(
            "INSERT INTO session (athlete, purpose, source, beatwise_version, method_version,"
            " first_chunk) VALUES (?, 'easy', 'ble', '0', '1', 1)",
            (ANNA,),
        )
        db.execute("INSERT INTO chunk VALUES (1, 1, 0, 1, ?)", (chunks.pack(beats(ANNA)[:50]),))
        db.commit()
    assert traces(tmp_path, ANNA) == ["old.db"]
    erase_rows.erase_from_copy(path, ANNA)
    assert traces(tmp_path, ANNA) == []


def test_finishing_where_nothing_was_begun_does_nothing(places, store):
    before = files_of(places.data)
    finish(store, places)
    assert files_of(places.data) == before
    assert folder.places(places.data) == places
