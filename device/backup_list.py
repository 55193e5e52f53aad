"""Which backups were made of a data folder, and where: an erasure has to reach them."""

import json
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from zipfile import BadZipFile, ZipFile

from device.whole_file import append, sync_folder

LARGEST_BYTES = 4 << 20
MOST = 50
"""Older ones are forgotten: whoever makes so many writes over them."""


@dataclass(frozen=True, slots=True)
class Reached:
    """What became of the backups known here."""

    removed: tuple[str, ...]
    missing: tuple[str, ...]


def path(data: Path) -> Path:
    """Where the list is kept: beside the database, which a backup must not need to be sound."""
    return data / "backups.jsonl"


def note(data: Path, backup: Path, id_: str) -> None:
    """Remember that a backup was made; raises :class:`OSError`."""
    line = json.dumps({"id": id_, "path": str(backup)})
    append(path(data), f"\n{line}\n")


def reachable(data: Path) -> tuple[Path, ...]:
    """Every backup that is where it was made: an erasure would remove it, with all who are in it.

    A backup cannot be opened without its passphrase, so nobody can be taken out of it.
    """
    return tuple(made for made, id_ in _known(data)[-MOST:] if _id_of(made) == id_)


def remove_reachable(data: Path) -> Reached:
    """Remove every backup that can be; says which cannot: elsewhere, or on what takes nothing."""
    removed, missing = [], []
    there = reachable(data)
    for made, id_ in _known(data)[-MOST:]:
        if made in there and _is_removed(made):
            removed.append(str(made))
        else:
            missing.append((made, id_))
    path(data).unlink(missing_ok=True)
    for made, id_ in missing:
        note(data, made, id_)
    return Reached(tuple(removed), tuple(str(made) for made, _ in missing))


def _is_removed(made: Path) -> bool:
    try:
        made.unlink()
        sync_folder(made.parent)
    except OSError:
        return not made.exists()
    return True


def _known(data: Path) -> list[tuple[Path, str]]:
    try:
        with path(data).open("rb") as file:
            lines = file.read(LARGEST_BYTES).splitlines()
    except OSError:
        return []
    known = []
    for line in lines:
        with suppress(ValueError, TypeError, KeyError):
            fields = json.loads(line)
            known.append((Path(fields["path"]), str(fields["id"])))
    return known


def _id_of(backup: Path) -> str | None:
    """What a backup calls itself; None where something else is in its place."""
    if backup.is_symlink() or not backup.is_file():  # a pipe, or what has no end
        return None
    try:
        with ZipFile(backup) as file:
            return file.comment.decode("ascii", "replace")
    except (OSError, BadZipFile):
        return None
