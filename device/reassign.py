"""Whose session was it? Put right while it runs, or afterwards, and its history follows."""

import asyncio
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice

from device.errors import StoreError
from device.history import StoredSession
from device.intended import Intended
from device.judged_anew import judge_anew, rewrite
from device.mark import Mark
from device.measure import JudgedAnew, Measurement
from device.store import Store


@dataclass(frozen=True, slots=True)
class _Change:
    """A session with its marks as they are on the disk, and what it becomes."""

    stored: StoredSession
    newest_mark: int
    anew: JudgedAnew


async def become(store: Store, changes: Mapping[Measurement, Intended]) -> None:
    """Make running sessions what they are found to be: all of them, or on an error none.

    Measuring goes on meanwhile.

    Raises :class:`device.errors.StoreError` where the disk refuses.
    """
    upto = {one: (one.hold(), one.t_s) for one in changes}

    def change() -> dict[Measurement, JudgedAnew]:
        if (trouble := store.commit()) is not None:
            raise StoreError(f"nothing was changed: {trouble}")
        done = {}
        for one, intended in changes.items():
            n_events, until_s = upto[one]
            if one.session_id is None:
                raise StoreError("nothing was changed: the session is not on the disk yet")
            done[one] = _judged(store, one.session_id, intended, n_events, until_s)
        store.write(lambda db: _rewrite(db, list(done.values())))
        return {one: made.anew for one, made in done.items()}

    changing = asyncio.ensure_future(asyncio.to_thread(change))
    try:
        await asyncio.shield(changing)
    finally:
        await asyncio.wait({changing})  # cancelled or not: what the disk has is what it is
        anew = {} if changing.exception() else changing.result()
        for one in changes:
            one.take_over(anew.get(one))


def _judged(
    store: Store, session_id: int, intended: Intended, n_events: int | None, until_s: float
) -> _Change:
    stored = store.session(session_id)
    sql = "SELECT id, t_s, kind, text FROM mark WHERE session_id = ? ORDER BY id"
    rows = store.rows(sql, (session_id,))
    marks = [Mark(row["t_s"], row["kind"], row["text"]) for row in rows]
    events = islice(store.events(session_id), n_events)
    anew = judge_anew(stored.start, events, marks, intended, until_s=until_s)
    return _Change(stored, rows[-1]["id"] if rows else 0, anew)


def _rewrite(db: sqlite3.Connection, changes: list[_Change]) -> None:
    for one in changes:
        rewrite(db, one.stored, one.newest_mark, one.anew)
