"""Whether the database is there, sound, and can be written to; and what to do where it is not."""

import os
import pwd
import sqlite3
from pathlib import Path

from device.database import RESTORE, is_damage
from device.database_place import obstacle, was_emptied
from device.errors import StoreError
from device.finding import Finding
from device.folder import Places
from device.history import open_history

SET_ASIDE = f"it is set aside at the next start, and measuring goes on; {RESTORE}"


def database(places: Places) -> Finding:
    """One finding, whatever stands there."""
    path = places.database
    try:
        standing = obstacle(path)
    except OSError as error:
        cure = "mount the disk that it leads to, or remove the link"
        return Finding("database", False, error.strerror or str(error), cure)
    if standing is not None:
        return Finding("database", False, f"{standing} stands in its place", SET_ASIDE)
    if path.exists() and not os.access(path, os.R_OK | os.W_OK):
        return _forbidden(path)
    if was_emptied(path):
        cure = f"a new one is begun at the next start; {RESTORE}"
        return Finding("database", False, f"{path.name} is empty", cure)
    return _looked_into(places)


def _forbidden(path: Path) -> Finding:
    if os.statvfs(path).f_flag & os.ST_RDONLY:
        cure = "the file system is read-only: put the data on a partition of its own (docs/PI.md)"
        return Finding("database", False, f"{path.name} cannot be written", cure)
    owner = path.stat().st_uid
    if owner == os.geteuid():
        words = f"{path.name} may not be read and written by its owner"
        return Finding("database", False, words, f"chmod u+rw {path}")
    me = _name(os.geteuid())
    words = f"{path.name} is {_name(owner)}'s, and may not be used by {me}"
    return Finding("database", False, words, f"sudo chown {me} {path}; sudo chmod u+rw {path}")


def _name(user: int) -> str:
    try:
        return pwd.getpwuid(user).pw_name
    except KeyError:
        return str(user)


def _looked_into(places: Places) -> Finding:
    try:
        with open_history(places.database) as history:
            verdict = history.rows("PRAGMA quick_check(1)", ())[0][0]
            newest = history.sessions(limit=1)
    except (StoreError, OSError) as error:
        cause = error.__cause__
        damaged = isinstance(cause, sqlite3.Error) and is_damage(cause)
        return Finding("database", False, str(error), SET_ASIDE if damaged else None)
    if verdict != "ok":
        return Finding("database", False, f"damaged ({verdict.splitlines()[-1]})", SET_ASIDE)
    words = f"sound, {newest[0].id} sessions" if newest else "no session yet"
    if aside := sorted(places.data.glob(f"{places.database.stem}-damaged-*.db")):
        words += f"; {len(aside)} damaged earlier and kept, the last {aside[-1].name}"
    return Finding("database", True, words)
