"""Everything of one athlete out of one database: rows, free pages, write-ahead log.

Which tables there are is asked of the database, not written here: one with a column ``athlete`` or
``session_id`` is about somebody, whatever version of Beatwise made it.
"""

import sqlite3
from contextlib import closing
from pathlib import Path

from device.database import BUSY_S, connect
from device.names import same_name

BUSY = "another program is reading the database; try again when it is done"


def names_in(db: sqlite3.Connection) -> set[str]:
    """Every way an athlete's name is written in a database."""
    return {
        name
        for table in _tables_with(db, "athlete")
        for (name,) in db.execute(f'SELECT DISTINCT athlete FROM "{table}"')  # noqa: S608 - ours
        if isinstance(name, str)
    }


def spellings(db: sqlite3.Connection, athlete: str) -> set[str]:
    """The ways this athlete's name is written in a database."""
    return {name for name in names_in(db) if name and same_name(name, athlete)}


def delete(db: sqlite3.Connection, athlete: str) -> int:
    """Delete an athlete's rows, in the open transaction; says how many.

    The rows of others stay as they are, those of a session that is being written too.
    """
    names = tuple(spellings(db, athlete))
    marks = ", ".join("?" * len(names))
    theirs = f"IN (SELECT id FROM session WHERE athlete IN ({marks}))"  # noqa: S608 - marks
    named, of_sessions = _tables_with(db, "athlete"), _tables_with(db, "session_id")
    before = db.total_changes
    for table in of_sessions:
        # One pass over the beats, which have no index. A number that is free is given again, so
        # that nothing may go on pointing to it.
        if table in named:
            forget = f'UPDATE "{table}" SET session_id = NULL'  # noqa: S608 - ours
        else:
            forget = f'DELETE FROM "{table}"'  # noqa: S608 - ours
        db.execute(f"{forget} WHERE session_id {theirs}", names)
    for table in named:
        db.execute(f'DELETE FROM "{table}" WHERE athlete IN ({marks})', names)  # noqa: S608 - ours
    _begin_within(db)
    return db.total_changes - before


def delete_session(db: sqlite3.Connection, session_id: int) -> None:
    """Delete one session that nothing but beats and marks belongs to, in the open transaction."""
    of_it = (session_id,)
    first = "(SELECT first_chunk FROM session WHERE id = ?)"
    db.execute(f"DELETE FROM chunk WHERE id >= {first} AND session_id = ?", of_it * 2)  # noqa: S608
    db.execute("DELETE FROM mark WHERE session_id = ?", of_it)
    db.execute("DELETE FROM session WHERE id = ?", of_it)
    _begin_within(db)


def _begin_within(db: sqlite3.Connection) -> None:
    """Numbers of deleted chunks are given again, too: no session may begin above the newest."""
    db.execute(
        "UPDATE session SET first_chunk = (SELECT coalesce(max(id), 0) + 1 FROM chunk)"
        " WHERE first_chunk > (SELECT coalesce(max(id), 0) + 1 FROM chunk)"
    )


def leave_out_guests(db: sqlite3.Connection) -> None:
    """Erase everybody who is kept for the day only from a copy that will be kept for longer.

    Raises :class:`sqlite3.Error`.
    """
    if not db.execute("SELECT 1 FROM sqlite_schema WHERE name = 'guest'").fetchone():
        return  # of an older Beatwise
    names = [name for (name,) in db.execute("SELECT athlete FROM guest")]
    if names:
        db.execute("BEGIN IMMEDIATE")
        for name in names:
            delete(db, name)
        db.execute("COMMIT")
        db.execute("VACUUM")


def rebuild(db: sqlite3.Connection) -> None:
    """Write a database anew from what is in it, and empty its log: nothing deleted is left.

    Raises :class:`sqlite3.Error`; nothing is lost then, and it can be done again.
    """
    db.execute("VACUUM")
    busy = db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
    if busy:
        raise sqlite3.OperationalError(BUSY)


def erase_from_copy(path: Path, athlete: str) -> None:
    """Erase an athlete from a database that nobody uses: a backup, or one kept aside.

    Raises :class:`sqlite3.Error` where it is damaged.
    """
    with closing(connect(path, "mode=rw")) as db:
        db.execute("PRAGMA secure_delete = ON")
        db.execute(f"PRAGMA busy_timeout = {round(BUSY_S * 1000)}")
        db.execute("BEGIN IMMEDIATE")
        delete(db, athlete)
        db.execute("COMMIT")
        rebuild(db)


def _tables_with(db: sqlite3.Connection, column: str) -> list[str]:
    rows = db.execute(
        "SELECT m.name FROM sqlite_schema AS m, pragma_table_info(m.name) AS c"
        " WHERE m.type = 'table' AND c.name = ? ORDER BY m.name",
        (column,),
    )
    return [table for (table,) in rows]
