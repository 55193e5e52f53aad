"""What stands where the database should be: told, set aside, and measured on."""

import os
import socket
import sqlite3
import subprocess
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from live_process import command, live, stored

from device import database_state
from device.database_state import database
from device.errors import StoreError
from device.folder import Places
from device.history import SessionStart, open_history
from device.store import Store

NOW = datetime(2026, 1, 31, 6, 12, tzinfo=UTC)
EASY = SessionStart(
    athlete="Anna", purpose="easy", source="ble", beatwise_version="0.1.0", method_version="1"
)


@pytest.fixture
def places(tmp_path: Path) -> Places:
    """A data folder with one session in it."""
    with Store.open(Places(tmp_path).database, now=NOW) as kept:
        kept.begin(EASY)
        assert kept.commit() is None
    return Places(tmp_path)


def folder(path: Path) -> None:
    path.unlink()
    path.mkdir()
    (path / "photo.jpg").write_text("mine")


def pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def door(path: Path) -> None:
    path.unlink()
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(path))


def emptied(path: Path) -> None:
    path.write_bytes(b"")


def emptied_with_its_log(path: Path) -> None:
    path.write_bytes(b"")
    path.with_name("beatwise.db-wal").write_bytes(b"commits")


def overwritten(path: Path) -> None:
    pages = path.read_bytes()
    path.write_bytes(pages[:2048] + b"\xff" * 4096 + pages[6144:])


def mornings_lost(path: Path) -> None:
    with closing(sqlite3.connect(path)) as db:
        find = "SELECT rootpage FROM sqlite_schema WHERE name = 'morning'"
        (page,) = db.execute(find).fetchone()
    pages = path.read_bytes()
    path.write_bytes(pages[: (page - 1) * 1024] + b"\xff" * 1024 + pages[page * 1024 :])


def link_to_nowhere(path: Path) -> None:
    path.unlink()
    path.symlink_to(path.with_name("elsewhere") / "beatwise.db")


Spoil = Callable[[Path], None]


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (folder, "a folder stood in the place of the database: kept as beatwise-damaged-"),
        (pipe, "a pipe or a device stood in the place of the database: kept as"),
        (door, "a pipe or a device stood"),
        (emptied, "the database was empty: begun anew; beatwise restore"),
        (emptied_with_its_log, "the database was emptied: kept as beatwise-damaged-"),
        (overwritten, "the database was damaged: kept as beatwise-damaged-"),
    ],
)
def test_it_is_told_and_set_aside_and_a_new_one_is_written(
    places: Places, spoil: Spoil, words: str
) -> None:
    spoil(places.database)
    with Store.open(places.database, now=NOW) as kept:
        (note,) = kept.notes
        assert note.startswith(words)
        kept.begin(EASY)
        assert kept.commit() is None
    with Store.open(places.database, now=NOW) as again:
        assert again.notes == ()
        assert len(again.sessions()) == 1


def test_nothing_of_what_is_set_aside_is_lost(places: Places) -> None:
    aside = places.data / "beatwise-damaged-20260131T061200Z.db"
    folder(places.database)
    Store.open(places.database, now=NOW).close()
    assert (aside / "photo.jpg").read_text() == "mine"
    emptied_with_its_log(places.database)
    Store.open(places.database, now=NOW).close()
    (log,) = places.data.glob("beatwise-damaged-*-wal")
    assert log.read_bytes() == b"commits"


def test_a_link_is_waited_for_not_replaced(places: Places) -> None:
    link_to_nowhere(places.database)
    with Store.open(places.database, now=NOW) as kept:
        assert "which is not there" in str(kept.trouble)
        kept.begin(EASY)
        assert kept.commit() is not None
        (places.data / "elsewhere").mkdir()
        (places.data / "elsewhere" / "beatwise.db").touch()
        assert kept.commit() is None
    assert places.database.is_symlink()


@pytest.mark.parametrize("spoil", [folder, pipe, link_to_nowhere])
def test_reading_neither_hangs_nor_moves_anything(places: Places, spoil: Spoil) -> None:
    spoil(places.database)
    with pytest.raises(StoreError, match=r"beatwise\.db cannot be read: .+"):
        open_history(places.database)
    assert len(list(places.data.glob("beatwise*"))) == 1


@pytest.mark.parametrize(
    ("spoil", "words", "cure"),
    [
        (folder, "a folder stands in its place", "set aside at the next start"),
        (emptied, "beatwise.db is empty", "a new one is begun at the next start"),
        (overwritten, "malformed", "beatwise restore brings a backup back"),
        (mornings_lost, "damaged (", "beatwise restore brings a backup back"),
        (link_to_nowhere, "which is not there", "mount the disk that it leads to"),
        (lambda path: path.write_bytes(b"photo" * 999), "not a database", "set aside at the next"),
        (lambda path: path.write_bytes(path.read_bytes()[:4096]), "malformed", "set aside at"),
    ],
)
def test_the_doctor_says_what_it_is_and_what_becomes_of_it(
    places: Places, spoil: Spoil, words: str, cure: str
) -> None:
    spoil(places.database)
    found = database(places)
    assert not found.well
    assert words in found.words
    assert cure in str(found.cure)


@pytest.mark.parametrize(
    ("owner", "cure"), [(65534, "chmod u+rw"), (4242, "sudo chown nobody ")], ids=["own", "other's"]
)
def test_the_doctor_names_whom_a_file_belongs_to(
    places: Places, monkeypatch: pytest.MonkeyPatch, owner: int, cure: str
) -> None:
    if os.geteuid():
        pytest.skip("only root can give a file away")
    os.chown(places.database, owner, -1)
    monkeypatch.setattr(database_state.os, "geteuid", lambda: 65534)
    monkeypatch.setattr(database_state.os, "access", lambda *_: False)  # root may everything
    found = database(places)
    assert not found.well
    assert str(found.cure).startswith(cure)


def test_the_doctor_counts_what_was_set_aside(places: Places) -> None:
    assert database(places).words == "sound, 1 sessions"
    (places.data / "beatwise-damaged-20260131T061200Z.db").touch()
    assert database(places).well
    assert "1 damaged earlier and kept" in database(places).words


def test_an_error_that_is_no_damage_has_no_such_cure(places: Places) -> None:
    with closing(sqlite3.connect(places.database)) as db:
        db.execute("PRAGMA application_id = 7")
    found = database(places)
    assert (found.well, found.cure) == (False, None)


@pytest.mark.parametrize("spoil", [folder, emptied, overwritten])
def test_the_program_measures_on_and_says_so(places: Places, spoil: Spoil) -> None:
    spoil(places.database)
    done = live("--source", "sim:7@max", "--for", "20", data=places.data)
    assert done.returncode == 0
    assert done.stderr.count("\n") == 1
    assert done.stderr.startswith("beatwise: ")
    sessions, events = stored(places.data)
    assert len(sessions) == 1
    assert events


def test_a_gym_says_so_on_its_board(places: Places) -> None:
    overwritten(places.database)
    words = ("kiosk", "--headless", "--source", "sim:1@60", "--for", "10")
    done = subprocess.run(
        command(*words, data=places.data), capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0
    (notice,) = [line for line in done.stdout.splitlines() if '"notice"' in line]
    assert "the database was damaged: kept as" in notice
