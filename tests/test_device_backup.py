"""Backups: what goes in comes back, and what goes wrong is told in one line and loses nothing."""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tarfile
from contextlib import closing
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from furnished import ANNA, BEN, NOW, files_of, furnish, furnished, open_quickly

from device import backup, backup_form, restore, roster, tombstones
from device.backup import make
from device.backup_form import BadBackup, Tar
from device.erase import erase
from device.errors import StoreError
from device.folder import Places, hold
from device.migrations import MIGRATIONS
from device.morning_history import mornings
from device.pins import Allowed, Pins
from device.station import open_station
from device.store import Store

PASSPHRASE = "correct horse battery"  # noqa: S105
LATER = NOW + timedelta(days=1)


@pytest.fixture(autouse=True)
def _quick(monkeypatch, request):
    """The slow hash of a passphrase is age's; once is enough to see that it is there."""
    monkeypatch.setattr("device.pins.LOG2_N", 2)
    if "real_age" not in request.fixturenames:
        open_quickly(monkeypatch)


@pytest.fixture
def real_age():
    """Asked for where the passphrase is to be age's."""


@pytest.fixture
def stick(tmp_path):
    folder = tmp_path / "stick"
    folder.mkdir()
    return folder


@pytest.fixture
def places(tmp_path):
    found = furnished(tmp_path / "data")
    found.config.write_text(f'athlete = "{ANNA}"\n')
    return found


def content(places: Places) -> list[object]:
    """Everything a person would miss."""
    with Store.open(places.database, now=NOW) as store:
        return [
            roster.load_all(places.data),
            places.config.read_text() if places.config.exists() else None,
            *[(one, list(store.events(one.id)), store.marks(one.id)) for one in store.sessions()],
            [mornings(store, who) for who in (ANNA, BEN)],
            Pins(store).check(ANNA, "2580") if Pins(store).has(ANNA) else None,
        ]


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_backup_comes_back_whole_on_a_new_card_and_says_nothing_to_who_lacks_the_passphrase(
    places, stick, tmp_path, real_age
):
    before = content(places)
    made = make(places, stick, PASSPHRASE, now=NOW)
    assert made.path == stick / "beatwise-20261127T090000Z.zip"
    assert names(stick) == [made.path.name]
    assert (made.athletes, made.sessions) == (2, 4)
    sealed = made.path.read_bytes()
    assert not any(part in sealed for part in (ANNA.encode(), b"SQLite", b"athletes", b"Strap"))
    fresh = Places(tmp_path / "fresh")
    restored = restore.restore(fresh, made.path, PASSPHRASE, now=LATER)
    assert content(fresh) == before
    assert before[-1] == Allowed()
    assert (restored.made, restored.athletes) == ("2026-11-27T09:00:00Z", 2)
    with pytest.raises(BadBackup, match="the passphrase is wrong, or the file is damaged"):
        restore.restore(fresh, made.path, PASSPHRASE + "!", now=LATER)
    assert content(fresh) == before


def test_what_was_there_is_kept_aside(places, stick):
    before = content(places)
    made = make(places, stick, PASSPHRASE, now=NOW)
    with Store.open(places.database, now=NOW) as store:
        furnish(places, store, "Cleo")
    places.config.unlink()
    restored = restore.restore(places, made.path, PASSPHRASE, now=LATER)
    assert content(places) == before
    assert restored.kept == places.data / "before-restore-20261128T090000Z"
    kept = content(Places(restored.kept))
    assert "Cleo" in [one.name for one in kept[0].athletes]
    # Once more, at the same time of a clock that stands still: nothing is written over.
    again = restore.restore(places, made.path, PASSPHRASE, now=LATER)
    assert again.kept.name == "before-restore-20261128T090000Z-2"
    assert content(places) == before
    left = [name for name in names(places.data) if name.startswith((".", "restoring"))]
    assert left == []


def test_a_backup_is_made_beside_a_session_that_is_being_measured(places, stick, tmp_path):
    with hold(places.data), Store.open(places.database, now=NOW) as store:
        furnish(places, store, "Cleo")  # in the log, not yet in the database
        made = make(places, stick, PASSPHRASE, now=NOW)
        with pytest.raises(StoreError, match="another Beatwise"):
            restore.restore(places, made.path, PASSPHRASE, now=LATER)
    fresh = Places(tmp_path / "fresh")
    assert restore.restore(fresh, made.path, PASSPHRASE, now=LATER).sessions == 6


def test_who_was_erased_since_stays_away_and_who_came_back_comes_back(places, stick, tmp_path):
    made = make(places, stick / "old.zip", PASSPHRASE, now=NOW)
    kept = shutil.copy(made.path, stick / "copy.zip")
    with Store.open(places.database, now=NOW) as store:
        erase(store, places, ANNA)
    assert names(stick) == ["copy.zip"]
    restored = restore.restore(places, Path(kept), PASSPHRASE, now=LATER)
    assert (restored.left_out, restored.athletes) == (1, 1)
    found = files_of(places.data)
    assert not any(ANNA.encode() in content for content in found.values())
    with Store.open(places.database, now=NOW) as store:
        assert {one.start.athlete for one in store.sessions()} == {BEN}
        furnish(places, store, ANNA)  # signs up again, and is in the next backup
    again = make(places, stick / "new.zip", PASSPHRASE, now=NOW)
    restored = restore.restore(places, again.path, PASSPHRASE, now=LATER + timedelta(days=1))
    assert (restored.left_out, restored.athletes) == (0, 2)
    assert tombstones.erased_among({ANNA}, tombstones.load(places.data)) == {ANNA}


@pytest.mark.parametrize("keep", [0, 10, 0.3, 0.9, -40])
def test_a_backup_that_was_cut_off_is_refused_and_nothing_is_changed(places, stick, keep):
    made = make(places, stick, PASSPHRASE, now=NOW)
    whole = made.path.read_bytes()
    made.path.write_bytes(whole[: int(keep * len(whole)) if 0 < keep < 1 else keep])
    _refused(places, made.path, "cut off|no backup of Beatwise")


def test_a_backup_with_any_byte_changed_is_refused(places, stick):
    made = make(places, stick, PASSPHRASE, now=NOW)
    with ZipFile(made.path) as archive:
        start = archive.getinfo(backup_form.FILES).header_offset
    whole = bytearray(made.path.read_bytes())
    for at in (start + 200, start + 5000, start + len(whole) // 2):
        damaged = stick / "damaged.zip"
        damaged.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
        _refused(places, damaged, "damaged")


def test_a_backup_that_needs_more_memory_than_there_is_is_refused_before_it_is_tried(
    places, stick, monkeypatch, real_age
):
    def key(power: int) -> bytes:
        return b"age-encryption.org/v1\n-> scrypt c2FsdHNhbHRzYWx0c2FsdA %d\nx\n" % power

    monkeypatch.setattr(backup_form, "wrap", lambda *_: key(18))
    made = make(places, stick, PASSPHRASE, now=NOW)
    monkeypatch.setattr(backup_form, "_free_kb", lambda: 200 << 10)
    _refused(places, made.path, "opening it takes 256 MB, and 200 MB are free here")
    monkeypatch.undo()
    assert backup_form._free_kb() > 0


def test_what_is_no_backup_is_refused(places, stick):
    other = stick / "photos.zip"
    with ZipFile(other, "w") as archive:
        archive.writestr("a.jpg", "x")
    _refused(places, other, "no backup of Beatwise")
    (stick / "text.zip").write_text("hello")
    _refused(places, stick / "text.zip", "no backup of Beatwise")
    _refused(places, stick / "gone.zip", "there is no such file")
    _refused(places, stick, "is no file")
    _refused(places, Path("/dev/zero"), "is no file")


def _refused(places: Places, file: Path, words: str) -> None:
    before = files_of(places.data)
    with pytest.raises((BadBackup, StoreError), match=words) as raised:
        restore.restore(places, file, PASSPHRASE, now=LATER)
    assert "\n" not in str(raised.value)
    lock = {"beatwise.lock": f"{os.getpid()}\n".encode()}
    assert files_of(places.data) | lock == before | lock


def _sealed(to: Path, files: dict[str, bytes]) -> Path:
    with to.open("w+b") as out:
        backup_form.write(out, files.items(), PASSPHRASE)
    return to


ABOUT = {"form": 1, "made_utc": "2026-01-01T00:00:00Z"}


@pytest.mark.parametrize(
    ("about", "words"),
    [
        ({"form": 2}, "newer Beatwise, or by none"),
        ([], "newer Beatwise, or by none"),
        ("nonsense", "newer Beatwise, or by none"),
    ],
)
def test_a_backup_of_another_form_is_refused(places, stick, about, words):
    file = _sealed(stick / "b.zip", {"about.json": json.dumps(about).encode()})
    _refused(places, file, words)


def test_a_database_of_a_newer_schema_is_refused(places, stick):
    with closing(sqlite3.connect(places.database)) as db:
        db.execute("PRAGMA user_version = 99")
    made = make(places, stick, PASSPHRASE, now=NOW)
    words = rf"newer Beatwise \(schema 99, this one knows {len(MIGRATIONS)}\)"
    _refused(places, made.path, words)


def test_a_backup_that_lacks_something_is_refused(places, stick):
    about = json.dumps({**ABOUT, "files": ["athletes/anna.toml"]}).encode()
    _refused(places, _sealed(stick / "b.zip", {"about.json": about}), "lacks 'athletes/anna.toml'")


@pytest.mark.parametrize("database", [b"", b"nonsense" * 1000, b"SQLite format 3\0" + bytes(5000)])
def test_a_database_that_is_none_is_refused(places, stick, database):
    files = {"about.json": json.dumps(ABOUT).encode(), "beatwise.db": database}
    _refused(places, _sealed(stick / "b.zip", files), "the database in it is damaged")


def test_no_path_in_a_backup_leads_out_of_its_place(places, stick, tmp_path):
    files = {
        "about.json": json.dumps(ABOUT).encode(),
        "../escaped.toml": b"",
        "/escaped.toml": b"",
        "athletes/../../escaped.toml": b"",
        "athletes/.hidden.toml": b"",
        "athletes/sub/escaped.toml": b"",
        "athletes/ok.toml": b'name = "Dora"\n',
        "beatwise.lock": b"1",
    }
    restore.restore(places, _sealed(stick / "b.zip", files), PASSPHRASE, now=LATER)
    assert names(places.athletes) == ["ok.toml"]
    assert not list(tmp_path.rglob("*escaped*"))
    assert (places.data / "beatwise.lock").read_text() == f"{os.getpid()}\n"


def test_what_is_no_plain_file_in_a_backup_is_refused(places, stick, monkeypatch):
    def with_link(_: object) -> Tar:
        made = BytesIO()
        with tarfile.open(fileobj=made, mode="w") as tar:
            link = tarfile.TarInfo("beatwise.db")
            link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
            tar.addfile(link)
        made.seek(0)
        return made

    monkeypatch.setattr(backup_form, "Tar", with_link)
    _refused(places, _sealed(stick / "b.zip", {}), "which is no plain file")


def test_nothing_half_is_left_where_the_stick_is_full(places, stick, monkeypatch):
    real = os.fsync

    def full(handle: int) -> None:
        if ".part" in str(Path(f"/proc/self/fd/{handle}").readlink()):
            raise OSError(28, "No space left on device")
        real(handle)

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StoreError, match=r"no backup was made: .*: No space left on device"):
        make(places, stick, PASSPHRASE, now=NOW)
    assert names(stick) == []
    assert not any(name.startswith(".") for name in names(places.data))


def test_nothing_is_changed_where_the_disk_has_no_room_for_what_is_restored(
    places, stick, monkeypatch
):
    made = make(places, stick, PASSPHRASE, now=NOW)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(shutil, "copyfileobj", full)
    _refused(places, made.path, "nothing was restored: No space left on device")


def test_a_copy_that_would_fill_the_disk_is_not_begun(places, stick, monkeypatch):
    usage = shutil.disk_usage(places.data)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=1000))
    with pytest.raises(StoreError, match="a copy of the database needs"):
        make(places, stick, PASSPHRASE, now=NOW)


def test_a_damaged_database_makes_no_backup(places, stick):
    whole = places.database.read_bytes()
    places.database.write_bytes(whole[:4096] + b"\xff" * 4096 + whole[8192:])
    with pytest.raises(StoreError, match=r"damaged|malformed"):
        make(places, stick, PASSPHRASE, now=NOW)
    assert names(stick) == []


def test_a_file_that_is_there_is_never_written_over(places, stick):
    (stick / "mine.zip").write_text("precious")
    with pytest.raises(StoreError, match="is there already"):
        make(places, stick / "mine.zip", PASSPHRASE, now=NOW)
    with pytest.raises(StoreError, match="is the stick there"):
        make(places, stick / "nowhere" / "b.zip", PASSPHRASE, now=NOW)
    assert (stick / "mine.zip").read_text() == "precious"


def test_a_short_passphrase_and_an_empty_folder_are_refused(places, stick, tmp_path):
    with pytest.raises(BadBackup, match="8 characters at least"):
        make(places, stick, "1234567", now=NOW)
    with pytest.raises(StoreError, match="nothing to back up"):
        make(Places(tmp_path / "none"), stick, PASSPHRASE, now=NOW)


def test_who_is_erased_while_a_backup_is_made_is_in_none(places, stick, monkeypatch):
    real = backup_form.write

    def meanwhile(*words: object) -> None:
        real(*words)
        tombstones.add(places.data, ANNA)

    monkeypatch.setattr(backup, "write", meanwhile)
    with pytest.raises(StoreError, match="erased meanwhile"):
        make(places, stick, PASSPHRASE, now=NOW)
    assert names(stick) == []


def test_what_a_backup_left_at_a_power_cut_is_cleared_away_by_the_next(places, stick):
    left = places.data / f"{backup.COPIES}left"
    left.mkdir()
    (left / "beatwise.db").write_text("everybody")
    make(places, stick, PASSPHRASE, now=NOW)
    assert not left.exists()


CUT = """
import os, sys
from datetime import UTC, datetime
from pathlib import Path
from device import backup_form, restore
from device.folder import Places
backup_form.unwrap = lambda wrapped, phrase: wrapped.decode().partition("\\n")[2]
steps, after = 0, int(sys.argv[3])
def counted(real):
    def step(*words, **more):
        global steps
        steps += 1
        if steps > after:
            os._exit(9)
        return real(*words, **more)
    return step
os.rename, Path.rename, Path.replace, Path.unlink = map(
    counted, (os.rename, Path.rename, Path.replace, Path.unlink))
data, file = Path(sys.argv[1]), Path(sys.argv[2])
now = datetime(2026, 11, 28, 9, tzinfo=UTC)
restore.restore(Places(data), file, "correct horse battery", now=now)
print("done")
"""


def test_wherever_the_plug_is_pulled_there_is_all_of_the_old_or_all_of_the_new(
    places, stick, tmp_path
):
    made = make(places, stick, PASSPHRASE, now=NOW)
    new = content(places)
    with Store.open(places.database, now=NOW) as store:
        furnish(places, store, "Cleo")
    places.config.write_text("# changed\n")
    old = content(places)
    ends, after, finished = [], 0, False
    while not finished:
        data = tmp_path / f"cut-{after}"
        shutil.copytree(places.data, data)
        done = subprocess.run(
            [sys.executable, "-c", CUT, data, made.path, str(after)],
            capture_output=True,
            text=True,
            check=False,
        )
        finished = done.stdout == "done\n"
        assert finished or done.returncode == 9, done.stderr
        with open_station(data, now=LATER):
            pass
        found = content(Places(data))
        assert found in (old, new)
        ends.append(found == new)
        after += 1
    assert ends == sorted(ends)
    assert {True, False} == set(ends)
    assert len(ends) > 5
