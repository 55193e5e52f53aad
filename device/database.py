"""Opening the database file: sound, current and set up for an SD card, or set aside and begun anew.

A commit must survive a power cut and cost few device writes: write-ahead log, ``synchronous =
FULL``, small pages, and a log that is reused often, because a file that does not grow needs no
entry in the file system's journal.
"""

import os
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

from device.database_place import has_log, obstacle, was_emptied
from device.errors import StoreError
from device.migrations import APPLICATION_ID, MIGRATIONS, migrate, version

PAGE_BYTES = 1024
"""A commit writes whole pages, and five seconds of one strap are some 80 bytes."""
CHECKPOINT_PAGES = 256
"""Length of the write-ahead log at which SQLite moves it into the database and reuses it."""
CHECKED_WHOLE_BYTES = 128 << 20
"""Up to here the whole file is checked at each start, some seconds on a Pi. In a larger one all
but the beats is; they carry a checksum a chunk, looked at when they are read."""
RESTORE = "beatwise restore brings a backup back"
_MAGIC = b"SQLite format 3\0"
BUSY_S = 1.0
"""How long to wait for another process; only readers are expected, and they never block us."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A database ready for use."""

    db: sqlite3.Connection
    read_only: bool
    """True where it comes from a newer Beatwise."""
    notes: tuple[str, ...]
    """What a person should be told, a line each; nearly always empty."""


def open_database(path: Path, *, now: datetime, migrations: Sequence[str] = MIGRATIONS) -> Opened:
    """Open for writing; create, check, migrate or set aside as needed.

    ``now`` dates the name under which a damaged file is set aside.

    Raises:
        sqlite3.Error, OSError: the file cannot be used at present (no space, permission, I/O).
        StoreError: the file is no database of ours.
    """
    notes = _cleared(path, now)
    try:
        opened = _open_sound(path, migrations)
    except sqlite3.DatabaseError as error:
        if not is_damage(error):
            raise
        notes = (_kept("the database was damaged", set_aside(path, now), str(error)),)
        opened = _open_sound(path, migrations)
    return Opened(opened.db, opened.read_only, notes + opened.notes)


def _cleared(path: Path, now: datetime) -> tuple[str, ...]:
    """Make room where something stands that SQLite could not open, or would throw away."""
    if (standing := obstacle(path)) is not None:
        kept = set_aside(path, now)
        return (_kept(f"{standing} stood in the place of the database", kept),)
    if not was_emptied(path):
        return ()
    if has_log(path):  # without its database a log is deleted
        return (_kept("the database was emptied", set_aside(path, now)),)
    return (f"the database was empty: begun anew; {RESTORE}",)


def _kept(what: str, kept: Path, why: str = "") -> str:
    return f"{what}: kept as {kept.name}, new one begun{why and f' ({why})'}; {RESTORE}"


def open_to_read(path: Path, migrations: Sequence[str] = MIGRATIONS) -> sqlite3.Connection:
    """Open without ever writing, beside another Beatwise if need be; no file means no rows.

    Raises:
        sqlite3.Error: the file cannot be read.
        StoreError: the file is no database of ours, or must be migrated first.
    """
    try:
        standing = obstacle(path)
    except OSError as error:
        raise StoreError(f"{path} cannot be read: {error.strerror}") from error
    if standing is not None:
        raise StoreError(f"{path} cannot be read: {standing} is in its place")
    if not path.exists():
        return empty_database()
    db = connect_to_read(path)
    try:
        if _is_new(db):
            db.close()
            return empty_database()
        _must_be_ours(db, path)
        _must_be_current(path, version(db), len(migrations))
    except (sqlite3.Error, StoreError):
        db.close()
        raise
    return db


def empty_database() -> sqlite3.Connection:
    """A database in memory with our tables and no rows: what there is to read without a file."""
    db = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
    migrate(db)
    return db


def connect_to_read(path: Path) -> sqlite3.Connection:
    """Connect to a database of any schema without ever writing; raises :class:`sqlite3.Error`."""
    try:
        return _readable(connect(path, "mode=ro"))
    except sqlite3.OperationalError:
        # A log cannot be opened in a folder where nothing can be created; the rest can be read.
        return _readable(connect(path, "immutable=1"))


def _readable(db: sqlite3.Connection) -> sqlite3.Connection:
    try:
        version(db)
    except sqlite3.Error:
        db.close()
        raise
    return db


def connect(path: Path, options: str) -> sqlite3.Connection:
    """Connect without implicit transactions; several threads may use the connection in turn."""
    return sqlite3.connect(
        f"file:{quote(str(path))}?{options}",
        uri=True,
        timeout=BUSY_S,
        isolation_level=None,
        check_same_thread=False,
    )


def _open_sound(path: Path, migrations: Sequence[str]) -> Opened:
    _must_begin_well(path)
    db = connect(path, "mode=rwc")
    try:
        found = version(db)
        if found > len(migrations):
            _must_be_ours(db, path)
            db.close()
            note = (
                f"{path} was written by a newer Beatwise (schema {found}, this one knows"
                f" {len(migrations)}): it can be read, nothing is saved"
            )
            return Opened(connect(path, "mode=ro"), read_only=True, notes=(note,))
        if _is_new(db):
            db.execute(f"PRAGMA page_size = {PAGE_BYTES}")
        else:
            _must_be_ours(db, path)
            _quick_check(db, path)
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA synchronous = FULL")
        db.execute("PRAGMA secure_delete = ON")  # what somebody wants gone is overwritten at once
        db.execute(f"PRAGMA wal_autocheckpoint = {CHECKPOINT_PAGES}")
        if 0 < found < len(migrations):
            _back_up(db, path.with_name(f"{path.stem}-before-v{len(migrations)}{path.suffix}"))
        migrate(db, migrations)
        _close_ranges(db)
    except (sqlite3.Error, StoreError, OSError):
        db.close()
        raise
    return Opened(db, read_only=False, notes=())


def _must_be_ours(db: sqlite3.Connection, path: Path) -> None:
    if db.execute("PRAGMA application_id").fetchone() != (APPLICATION_ID,):
        raise StoreError(
            f"{path} is not a database of Beatwise: move it away, or say another --data"
        )


def _must_be_current(path: Path, found: int, known: int) -> None:
    if found < known:
        raise StoreError(f"{path} is of an older Beatwise: start `beatwise` once to bring it up")


def _is_new(db: sqlite3.Connection) -> bool:
    """Whether there is nothing in it: never used, or cut off while it was being made."""
    return bool(db.execute("SELECT count(*) = 0 FROM sqlite_schema").fetchone()[0])


def _must_begin_well(path: Path) -> None:
    """Opening what is no database would delete the log beside it; so look first."""
    begins = b""
    if path.is_file():
        with path.open("rb") as file:
            begins = file.read(len(_MAGIC))
    if begins not in (b"", _MAGIC) and not _is_being_made(path):
        raise _damage("file is not a database")


def _is_being_made(path: Path) -> bool:
    """Whether the power went while the very first page was written: SQLite's journal undoes it."""
    if not path.with_name(f"{path.name}-journal").exists():
        return False
    return path.stat().st_size <= PAGE_BYTES and not any(path.read_bytes())


def _quick_check(db: sqlite3.Connection, path: Path) -> None:
    whole = path.stat().st_size <= CHECKED_WHOLE_BYTES
    for part in ("1",) if whole else _all_but_the_beats(db):
        verdict = db.execute(f"PRAGMA quick_check({part})").fetchone()[0]
        if verdict != "ok":
            raise _damage(verdict.splitlines()[-1])


def _all_but_the_beats(db: sqlite3.Connection) -> list[str]:
    """The tables whose size nobody waits for: sessions, mornings, ratings, marks."""
    names = db.execute("SELECT name FROM sqlite_schema WHERE type = 'table' AND name <> 'chunk'")
    return [f'"{name}"' for (name,) in names]


def _damage(words: str) -> sqlite3.DatabaseError:
    damage = sqlite3.DatabaseError(words)
    damage.sqlite_errorname = "SQLITE_CORRUPT"
    return damage


def is_damage(error: sqlite3.Error) -> bool:
    """Whether the file itself is wrong, not the disk or the permissions around it."""
    name = getattr(error, "sqlite_errorname", "")
    return name.startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB"))


def set_aside(path: Path, now: datetime) -> Path:
    """Rename a database with its log, never deleting either; returns the new name."""
    stem = f"{path.stem}-damaged-{now.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    kept, again = path.with_name(f"{stem}{path.suffix}"), 1
    while kept.exists():
        again += 1
        kept = path.with_name(f"{stem}-{again}{path.suffix}")
    # The log first: a database without its log is old, a log without its database gets deleted.
    for ending in ("-wal", "-shm", ""):
        part = path.with_name(path.name + ending)
        if part.exists():
            part.rename(kept.with_name(kept.name + ending))
    return kept


def _back_up(db: sqlite3.Connection, to: Path) -> None:
    """Copy the whole database, log included, onto the disk before it is changed."""
    half = to.with_name(to.name + ".part")
    with closing(connect(half, "mode=rwc")) as copy:
        db.backup(copy)
    with half.open("rb") as written:
        os.fsync(written.fileno())
    half.replace(to)


def _close_ranges(db: sqlite3.Connection) -> None:
    """Bound the chunks of sessions that were cut off, so that reading one does not scan on."""
    db.execute(
        """UPDATE session SET last_chunk = coalesce(
               (SELECT max(id) FROM chunk WHERE id >= first_chunk AND session_id = session.id),
               first_chunk - 1)
           WHERE last_chunk IS NULL"""
    )
