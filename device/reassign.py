"""Whose session was it? Put right when it is over, and its history follows."""

import sqlite3
from datetime import UTC, datetime, timedelta

from device.athlete import Athlete
from device.errors import StoreError
from device.history import StoredSession
from device.intent import parse_purpose
from device.judged_anew import judge_anew, rewrite
from device.morning_history import mornings, mornings_of
from device.morning_schedule import MEDIAN_DAYS, on_schedule
from device.purpose import Purpose
from device.sources import OpenedSource, SourceSpec
from device.station import Station
from device.store import Store
from sensors.events import Emit, Source

MORNING = "morning"
"""Purpose of the session that a morning test is kept as."""


def reassign(station: Station, session_id: int, athlete: Athlete) -> StoredSession:
    """A session that is over was this athlete's: judged by their band, with all that belongs to it.

    The morning it was taken for follows, without the verdict that was made of it against another's
    history; ratings and notes stay with it. Returns it as it is now.

    Raises:
        StoreError: there is no such session, it is being measured, or the disk refuses.
        BadPurpose: a newer Beatwise made it.
    """
    store = station.store
    stored = store.session(session_id)
    if store.is_written(session_id):
        raise StoreError(f"session {session_id} is being measured: put it right at the screen")
    renames = _renames(store, session_id, athlete.name)
    if stored.start.purpose == MORNING:
        store.write(lambda db: _rename(db, session_id, athlete.name, renames))
        return store.session(session_id)
    marks = store.marks(session_id)
    plan = next((mark.text for mark in marks if mark.kind == "plan"), None)
    purpose = parse_purpose(stored.start.purpose)
    intended = station.settle(
        purpose,
        athlete,
        OpenedSource(SourceSpec(stored.start.source, "ble"), _silent, stored.start.fingerprint),
        now=stored.start.started or datetime.now(UTC),
        steps=None if purpose is Purpose.RAMP else plan,
    )
    until_s = store.lasted_s(session_id) if stored.ended_s is None else stored.ended_s
    anew = judge_anew(stored.start, store.events(session_id), marks, intended, until_s=until_s)

    def put_right(db: sqlite3.Connection) -> None:
        rewrite(db, stored, anew)
        _rename(db, session_id, athlete.name, renames)

    store.write(put_right)
    return store.session(session_id)


def _renames(store: Store, session_id: int, name: str) -> list[tuple[int, bool]]:
    """The rows of mornings that a session was taken for, and whether they are at the usual time."""
    found = []
    for morning in mornings_of(store, session_id):
        since = morning.day - timedelta(days=MEDIAN_DAYS)
        earlier = mornings(store, name, since=since, until=morning.day)
        usual = morning.on_schedule and on_schedule(morning.taken, morning.day, earlier)
        if morning.id is not None:
            found.append((morning.id, usual))
    return found


def _rename(
    db: sqlite3.Connection, session_id: int, name: str, renames: list[tuple[int, bool]]
) -> None:
    """Whose it is; what was made of the morning was made of somebody else's history."""
    db.execute("UPDATE session SET athlete = ? WHERE id = ?", (name, session_id))
    db.executemany(
        "UPDATE morning SET athlete = ?, on_schedule = ?, rule = NULL, verdict = NULL,"
        " choice = NULL WHERE id = ?",
        [(name, usual, morning_id) for morning_id, usual in renames],
    )


def _silent(_: int) -> Source:
    async def listen(_: Emit) -> None:
        """What is over says nothing more."""

    return listen
