"""Erasing an athlete: gone from every file this device has, not merely hidden.

What is reached: the rows of every table, the athlete's file and PIN, the settings, databases kept
aside (damaged ones, those from before a change of the schema, those a restore replaced), backups
made here as long as they can be reached, and in each database the free pages and the write-ahead
log. What is not: backups on a stick that is not here, and the spare blocks inside an SD card or a
stick, which no program can reach. A tombstone keeps a restore from bringing the athlete back.
"""

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from device import backup_list, settings, settings_edit, tombstones
from device.backup_list import Reached
from device.erase_rows import delete, erase_from_copy, rebuild, spellings
from device.errors import ConfigError, StoreError, UnknownAthlete
from device.folder import Places
from device.names import same_name, slug
from device.store import Store
from device.whole_file import sync_folder

FLASH = (
    "An SD card or a stick may keep old copies in spare blocks of its own, which no program can"
    " reach: only destroying it erases those."
)


GUEST = "\n"
"""What follows a guest's name in the note of what is being erased; no name holds it."""


@dataclass(frozen=True, slots=True)
class Erased:
    """What was done, and what could not be."""

    rows: int
    """Deleted from the database."""
    removed: tuple[str, ...]
    """Files removed whole, a line each; backups too."""
    backups: tuple[str, ...]
    """Of these, backups: with everybody in them."""
    remains: tuple[str, ...]
    """What a person must know or do, a line each."""


def erase(store: Store, places: Places, athlete: str, *, bury: bool = True) -> Erased:
    """Erase everything of an athlete; takes as long as writing the database anew.

    ``bury``: backups may hold the athlete: remove them, and put up a tombstone against those that
    are out of reach; not for a guest, whom no backup holds.

    Cut off by a power cut, :func:`finish` goes on with it at the next start.

    Raises:
        UnknownAthlete: nothing of that name is here.
        StoreError: a session is being written, or the disk refuses; doing it again goes on.
    """
    if store.writes(athlete):
        raise StoreError(f"{athlete} is being measured: sign out first")
    files = [path for folder in _folders(places.data) for path in _files_of(folder, athlete)]
    found = store.look(lambda db: spellings(db, athlete))
    if not (found or files or _begun(places.data).exists()):
        raise UnknownAthlete(f"nothing is kept of {athlete!r}")
    try:
        _begun(places.data).write_text(athlete + ("" if bury else GUEST), encoding="utf-8")
        if bury:
            tombstones.add(places.data, athlete)
        for left in (*places.data.glob(".backup-*"), *places.data.glob(".restore-*")):
            shutil.rmtree(left)
        rows = store.write(lambda db: delete(db, athlete))
        store.alone(rebuild)
        removed = [
            line
            for folder in _folders(places.data)
            for line in erase_aside(folder, athlete, found | {athlete}, but=places.database)
        ]
        backups = backup_list.remove_reachable(places.data) if bury else Reached((), ())
        _remove(_begun(places.data))
    except OSError as error:
        raise StoreError(f"{athlete} is not erased yet: {error.strerror or error}") from error
    removed += backups.removed
    remains = (*_out_of_reach(backups.missing), FLASH)
    return Erased(rows, tuple(removed), backups.removed, remains)


def erase_aside(
    folder: Path, athlete: str, names: set[str] | None = None, *, but: Path | None = None
) -> list[str]:
    """Erase an athlete from a folder nobody uses; says which files were removed.

    ``names`` are further spellings, for files too damaged to be read; ``but`` is a database that
    is in use. Raises :class:`OSError`.
    """
    removed = [_remove(path) for path in _files_of(folder, athlete)]
    _forget_in_settings(folder, athlete)
    return removed + _from_databases(folder, athlete, (names or set()) | {athlete}, but)


def finish(store: Store, places: Places) -> None:
    """Go on with an erasure that a power cut ended; where there is none, nothing."""
    with suppress(OSError, UnicodeDecodeError):
        athlete = _begun(places.data).read_text(encoding="utf-8")
        erase(store, places, athlete.removesuffix(GUEST), bury=not athlete.endswith(GUEST))


def _out_of_reach(missing: tuple[str, ...]) -> tuple[str, ...]:
    if not missing:
        return ()
    many = "A backup is" if len(missing) == 1 else f"{len(missing)} backups are"
    said = (
        f"{many} out of reach (the last: {missing[-1]}): restored here it leaves the athlete out,"
        " elsewhere it does not. Delete it, and make a new one."
    )
    return (said,)


def _begun(data: Path) -> Path:
    """Holds the name while an erasure goes on; nothing of it is left afterwards."""
    return data / "erasing"


def _folders(data: Path) -> Iterator[Path]:
    """The data folder, and what a restore has set aside in it."""
    yield data
    yield from sorted(path for path in data.glob("before-restore-*") if path.is_dir())


def _files_of(folder: Path, athlete: str) -> Iterator[Path]:
    """An athlete's files, what editors leave beside them, and one too broken to say a name."""
    people = Places(folder).athletes
    for path in sorted(people.iterdir()) if people.is_dir() else ():
        if path.is_symlink() or not path.is_file():
            continue
        try:
            name = settings.read(path).text("name", None)
        except ConfigError:
            name = athlete if path.name.lstrip(".").startswith(slug(athlete)) else None
        if name is not None and same_name(name, athlete):
            yield path


def _remove(path: Path) -> str:
    """Overwrite, then remove: on a plain disk nothing is left of it."""
    with path.open("r+b") as file:
        file.write(bytes(path.stat().st_size))
        file.flush()
        os.fsync(file.fileno())
    path.unlink()
    sync_folder(path.parent)
    return str(path)


def _forget_in_settings(folder: Path, athlete: str) -> None:
    """Take out the line of the settings that names the athlete."""
    config = Places(folder).config
    try:
        file = settings.read(config)
    except ConfigError:
        return
    name = file.text("athlete", None)
    if name is None or not same_name(name, athlete):
        return
    settings_edit.put(config, None, "athlete", None)


def _from_databases(folder: Path, athlete: str, names: set[str], but: Path | None) -> list[str]:
    """Erase from each database; one that cannot be, and names the athlete, is removed."""
    for path in sorted(folder.glob("*.db")):
        if path != but and path.is_file() and not path.is_symlink():
            with suppress(sqlite3.Error):
                erase_from_copy(path, athlete)
    in_use = () if but is None else [but.with_name(but.name + end) for end in ("", "-wal", "-shm")]
    return [
        _remove(path)
        for path in sorted(folder.glob("*.db*"))
        if path not in in_use and path.is_file() and _names(path, names)
    ]


def _names(path: Path, names: set[str]) -> bool:
    """Whether any of these names stands in a file."""
    wanted = [name.encode() for name in names]
    longest = max(map(len, wanted))
    tail = b""
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            if any(name in tail + block for name in wanted):
                return True
            tail = block[-longest:]
    return False
