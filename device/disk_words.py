"""What a disk or a database refuses, in plain words."""

import os
import sqlite3
from pathlib import Path

_REASONS = {
    "SQLITE_FULL": "the disk is full",
    "SQLITE_READONLY": "the disk or the file is read-only",
    "SQLITE_CANTOPEN": "the database cannot be opened or created",
    "SQLITE_PERM": "no permission to write the database",
    "SQLITE_BUSY": "another program is writing to the database",
    "SQLITE_IOERR": "the disk does not write",
    "SQLITE_CORRUPT": "the database is damaged; it is set aside at the next start",
}


def in_words(error: sqlite3.Error | OSError, path: Path) -> str:
    """What an error of a database, or of the disk under it, means."""
    if isinstance(error, PermissionError):
        return f"no permission to use {path.name}"
    if isinstance(error, OSError):
        return error.strerror or str(error)
    name = getattr(error, "sqlite_errorname", "")
    if name.startswith(("SQLITE_IOERR", "SQLITE_CANTOPEN")):
        name = _state_of_disk(path.parent) or name
    reason = next((words for code, words in _REASONS.items() if name.startswith(code)), None)
    return f"{reason} ({error})" if reason else str(error)


def _state_of_disk(folder: Path) -> str | None:
    """What the disk says of itself where SQLite only says that it could not: the name of an error.

    A kernel makes a disk that fails read-only.
    """
    try:
        state = os.statvfs(folder)
    except OSError:
        return None
    if state.f_flag & os.ST_RDONLY:
        return "SQLITE_READONLY"
    return None if state.f_bavail else "SQLITE_FULL"
