"""Putting a backup back: decrypted and looked at aside, only then put in place of what is there.

What was there is kept in a folder of its own. A power cut in the middle is gone on with at the next
start: what is to be done is written down first.
"""

import json
import os
import shutil
import sqlite3
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from device import config, folder, tombstones
from device.backup import DATABASE, FORM
from device.backup_form import BLOCK_BYTES, BadBackup, read
from device.database import connect
from device.erase import erase_aside
from device.erase_rows import names_in
from device.errors import ConfigError, StoreError
from device.folder import Places
from device.migrations import APPLICATION_ID, MIGRATIONS, version
from device.roster import load_all
from device.whole_file import sync_folder, whole

STAGES = ".restore-"
"""What the names of folders begin with in which a backup is looked at."""
REPLACED = (f"{DATABASE}-wal", f"{DATABASE}-shm", DATABASE, "config.toml", "athletes")
"""In this order: a log without its database would be deleted, a database without its log is old."""
LARGEST_TEXT_BYTES = 4 << 20


@dataclass(frozen=True, slots=True)
class Restored:
    """What is there now."""

    made: str
    """When the backup was made, as it says."""
    athletes: int
    sessions: int
    left_out: int
    """How many were in it and have been erased here since."""
    kept: Path
    """Where everything is that was there before."""


def restore(places: Places, file: Path, passphrase: str, *, now: datetime) -> Restored:
    """Put a backup in place of everything in the data folder; ``now`` names where that is kept.

    Raises:
        BadBackup: no backup, damaged, cut off, a wrong passphrase, or of a newer Beatwise.
        StoreError: another Beatwise is running, or the disk refuses. Nothing is changed then.
    """
    folder.make(places.data)
    with folder.hold(places.data):
        finish(places)
        try:
            with _stage(places.data) as stage:
                about = _unpack(file, passphrase, stage)
                sessions = _look_at(stage, file, about)
                left_out = _leave_out_erased(places, stage)
                athletes = len(load_all(stage).athletes)
                kept = _free(places.data / f"before-restore-{now.astimezone(UTC):%Y%m%dT%H%M%SZ}")
                _begin(places.data, stage, kept)
            finish(places)
        except (BadBackup, StoreError):
            raise
        except OSError as error:
            raise StoreError(f"nothing was restored: {error.strerror or error}") from error
    return Restored(str(about.get("made_utc", "?")), athletes, sessions, left_out, kept)


def finish(places: Places) -> None:
    """Move into place what a restore has made ready, wherever a power cut ended it.

    The folder must be held. Raises :class:`StoreError`.
    """
    plan_file = _plan(places.data)
    if not plan_file.exists():
        return
    try:
        plan = json.loads(plan_file.read_bytes())
        stage, kept = places.data / plan["stage"], places.data / plan["kept"]
        kept.mkdir(mode=folder.PRIVATE, exist_ok=True)
        for name in REPLACED:
            there, new = places.data / name, stage / name
            if there.exists() and (new.exists() or name not in plan["new"]):
                there.rename(kept / name)
            if new.exists():
                new.rename(there)
        if (stage / "erased.jsonl").exists():
            (stage / "erased.jsonl").replace(tombstones.path(places.data))
        for moved in (stage, kept, places.data):
            sync_folder(moved)
        plan_file.unlink()
        sync_folder(places.data)
        shutil.rmtree(stage)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise StoreError(f"a restore that was begun cannot be finished: {error}") from error


def _plan(data: Path) -> Path:
    """What is to be moved where."""
    return data / "restoring.json"


@contextmanager
def _stage(data: Path) -> Iterator[Path]:
    """A folder to look at a backup in; it goes unless the plan to move it has been written."""
    for left in data.glob(f"{STAGES}*"):
        shutil.rmtree(left)
    stage = Path(tempfile.mkdtemp(prefix=STAGES, dir=data))
    try:
        yield stage
    finally:
        if not _plan(data).exists():
            shutil.rmtree(stage, ignore_errors=True)


def _unpack(file: Path, passphrase: str, stage: Path) -> dict[str, Any]:
    """Decrypt, then take out the files that belong there, under names of ours."""
    archive = stage / "backup.tar"
    with archive.open("w+b") as out:
        read(file, passphrase, out)
    (stage / "athletes").mkdir(mode=folder.PRIVATE)
    about: Any = None
    try:
        with tarfile.open(archive, "r:") as members:
            for member in members:
                content = members.extractfile(member) if member.isreg() else None
                if content is None:
                    raise BadBackup(f"{file} holds {member.name[:60]!r}, which is no plain file")
                if member.name == "about.json":
                    about = json.loads(content.read(LARGEST_TEXT_BYTES))
                elif (to := _place(member.name, stage)) is not None:
                    with to.open("xb") as out:
                        shutil.copyfileobj(content, out, BLOCK_BYTES)
                        out.flush()
                        os.fsync(out.fileno())
    except (tarfile.TarError, ValueError) as error:
        raise BadBackup(f"{file} is damaged inside: {error}") from error
    archive.unlink()
    return about if isinstance(about, dict) else {}


def _place(name: str, stage: Path) -> Path | None:
    """Where a file goes; None for what this version knows nothing of. No path is ever believed."""
    if name in (DATABASE, "config.toml", "erased.jsonl"):
        return stage / name
    head, _, tail = name.partition("/")
    plain = tail.endswith(".toml") and not tail.startswith(".") and "/" not in tail
    return stage / head / tail if head == "athletes" and plain else None


def _look_at(stage: Path, file: Path, about: dict[str, Any]) -> int:
    """Refuse what this version could not use; says how many sessions there are."""
    if about.get("form") != FORM:
        raise BadBackup(f"{file} was made by a newer Beatwise, or by none")
    if missing := [name for name in about.get("files", ()) if not (stage / str(name)).is_file()]:
        raise BadBackup(f"{file} lacks {str(missing[0])[:60]!r}, which should be in it")
    try:
        config.load(stage)
    except ConfigError as error:
        raise BadBackup(f"{file}: its settings cannot be used: {error}") from error
    database = stage / DATABASE
    if not database.exists():
        return 0
    try:
        with closing(connect(database, "mode=ro")) as db:
            ours = db.execute("PRAGMA application_id").fetchone() == (APPLICATION_ID,)
            if not ours or db.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
                raise BadBackup(f"{file}: the database in it is damaged")
            if (found := version(db)) > len(MIGRATIONS):
                raise BadBackup(
                    f"{file} was made by a newer Beatwise (schema {found}, this one knows"
                    f" {len(MIGRATIONS)}): bring Beatwise up to date first"
                )
            return int(db.execute("SELECT count(*) FROM session").fetchone()[0])
    except sqlite3.Error as error:
        raise BadBackup(f"{file}: the database in it is damaged: {error}") from error


def _leave_out_erased(places: Places, stage: Path) -> int:
    """Take out whoever was erased here after the backup was made."""
    here, there = tombstones.load(places.data), tombstones.load(stage)
    known = {stone.id for stone in there}
    new = [stone for stone in here if stone.id not in known]
    names = {one.name for one in load_all(stage).athletes}
    if (stage / DATABASE).exists():
        with closing(connect(stage / DATABASE, "mode=ro")) as db:
            names |= {name for name in names_in(db) if name}
    erased = tombstones.erased_among(names, new)
    for name in erased:
        erase_aside(stage, name)
    tombstones.keep(stage, new)
    return len({name.casefold() for name in erased})


def _begin(data: Path, stage: Path, kept: Path) -> None:
    """Write down what is to be moved where: from here on it will be."""
    for inside in (stage / "athletes", stage):
        sync_folder(inside)
    new = [name for name in REPLACED if (stage / name).exists()]
    plan = {"stage": stage.name, "kept": kept.name, "new": new}
    with whole(_plan(data)) as out:
        out.write(json.dumps(plan).encode())


def _free(kept: Path) -> Path:
    again = 1
    name = kept.name
    while kept.exists():
        again += 1
        kept = kept.with_name(f"{name}-{again}")
    return kept
