"""A backup: everything of a data folder in one encrypted file, whole or not at all.

It may be made while another Beatwise measures: the database is copied as one commit left it.
"""

import fcntl
import json
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version as version_of
from pathlib import Path
from secrets import token_hex

from device import backup_list, tombstones
from device.backup_form import SHORTEST_PASSPHRASE, BadBackup, write
from device.database import connect, connect_to_read
from device.erase_rows import leave_out_guests
from device.errors import StoreError
from device.folder import Places
from device.migrations import APPLICATION_ID
from device.whole_file import new_file, whole

FORM = 1
DATABASE = "beatwise.db"
COPIES = ".backup-"
"""What the names of folders begin with that hold a copy while a backup is being made."""


@dataclass(frozen=True, slots=True)
class Made:
    """A backup that is on the disk, and was read back."""

    path: Path
    size_bytes: int
    athletes: int
    sessions: int


def make(places: Places, to: Path, passphrase: str, *, now: datetime) -> Made:
    """Make a backup in the folder ``to``, or as the file ``to``; takes a while.

    ``now`` names the file and says when it was made.

    Raises:
        BadBackup: the passphrase is too short.
        StoreError: there is nothing to back up, or it cannot be read, copied or written.
    """
    if len(passphrase) < SHORTEST_PASSPHRASE:
        raise BadBackup(f"a passphrase needs {SHORTEST_PASSPHRASE} characters at least")
    target = new_file(to, f"beatwise-{now.astimezone(UTC):%Y%m%dT%H%M%SZ}.zip")
    if not (places.database.exists() or places.athletes.is_dir()):
        raise StoreError(f"there is nothing to back up in {places.data}")
    id_, stones = token_hex(8), tombstones.load(places.data)
    try:
        with _copying(places.data) as copies:
            sessions = _copy(places.database, copies / DATABASE)
            files = _files(places, copies, now)
            with whole(target) as out:
                write(out, files, passphrase)
                _say_id(out, id_)
                out.flush()
                os.fsync(out.fileno())  # what takes long comes before the last look
                with suppress(OSError):  # a disk that has become read-only: all the more a reason
                    backup_list.note(places.data, target, id_)
                _must_be_all(places.data, stones)
    except StoreError:
        raise
    except OSError as error:
        raise StoreError(f"no backup was made: {target}: {error.strerror or error}") from error
    except sqlite3.Error as error:
        raise StoreError(f"no backup was made: {places.database}: {error}") from error
    athletes = sum(name.startswith("athletes/") for name, _ in files)
    return Made(target, target.stat().st_size, athletes, sessions)


def _must_be_all(data: Path, stones: tuple[tombstones.Tombstone, ...]) -> None:
    if tombstones.load(data) != stones:
        raise StoreError("somebody was erased meanwhile: make the backup once more")


def _files(places: Places, copies: Path, now: datetime) -> list[tuple[str, Path | bytes]]:
    """What goes in, by its name there; first of all what it is."""
    copy = copies / DATABASE
    files: list[tuple[str, Path | bytes]] = [(DATABASE, copy)] if copy.exists() else []
    # Small, and read now: changed by a person meanwhile, they would not be as long as was said.
    texts = (places.config, tombstones.path(places.data), *sorted(places.athletes.glob("*.toml")))
    files += [
        (str(path.relative_to(places.data)), path.read_bytes())
        for path in texts
        if path.is_file() and not path.is_symlink()
    ]
    about = {
        "form": FORM,
        "made_utc": f"{now.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
        "beatwise": version_of("beatwise"),
        "files": [name for name, _ in files],
    }
    return [("about.json", json.dumps(about).encode()), *files]


def _copy(database: Path, to: Path) -> int:
    """Copy the database as of one moment, beside whoever writes it; says how many sessions."""
    if not database.exists():
        return 0
    need_bytes = database.stat().st_size
    if shutil.disk_usage(to.parent).free < need_bytes:
        raise OSError(f"a copy of the database needs {need_bytes >> 20} MB on this disk")
    with closing(connect_to_read(database)) as db, closing(connect(to, "mode=rwc")) as copy:
        if db.execute("PRAGMA application_id").fetchone() != (APPLICATION_ID,):
            raise StoreError(f"{database} is not a database of Beatwise")
        db.backup(copy)
        copy.execute("PRAGMA journal_mode = DELETE")  # one file, without a log beside it
        leave_out_guests(copy)
        verdict = copy.execute("PRAGMA quick_check(1)").fetchone()[0]
        if verdict != "ok":
            raise StoreError(f"no backup was made: {database} is damaged: {verdict}")
        return int(copy.execute("SELECT count(*) FROM session").fetchone()[0])


def _say_id(out: object, id_: str) -> None:
    from zipfile import ZipFile

    with ZipFile(out, "a") as archive:  # type: ignore[call-overload]
        archive.comment = id_.encode()


@contextmanager
def _copying(data: Path) -> Iterator[Path]:
    """A folder for a copy, gone afterwards; what an earlier backup left at a power cut goes too."""
    if not os.access(data, os.W_OK):  # read-only: the copy has to be somewhere else
        with tempfile.TemporaryDirectory(prefix="beatwise") as copies:
            yield Path(copies)
        return
    handle = os.open(data / "backup.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise StoreError("another backup is being made") from None
        for left in data.glob(f"{COPIES}*"):
            shutil.rmtree(left)
        with tempfile.TemporaryDirectory(prefix=COPIES, dir=data) as copies:
            yield Path(copies)
    finally:
        os.close(handle)
