"""How hard a session was, as the athlete said: asked once after it, kept beside it."""

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass

from device.history import History
from device.store import Store

WORDS: dict[int, str] = {
    0: "rest",
    1: "really easy",
    2: "easy",
    3: "moderate",
    4: "rather hard",
    5: "hard",
    7: "really hard",
    10: "as hard as it gets",
}
"""What the numbers mean, after the scale of Foster 2001 (JSCR 15:109, abstract read); the numbers
without a word lie between."""


@dataclass(frozen=True, slots=True)
class Rating:
    """An answer, or that there was none."""

    cr10: float | None
    """0 to 10; None: it was asked and not answered."""


def ratings(history: History, session_ids: Iterable[int]) -> dict[int, Rating]:
    """Of these sessions, those that were asked for; raises :class:`device.errors.StoreError`."""
    wanted = tuple(session_ids)
    marks = ", ".join("?" * len(wanted))
    sql = f"SELECT session_id, cr10 FROM rating WHERE session_id IN ({marks})"  # noqa: S608 - marks
    return {row["session_id"]: Rating(row["cr10"]) for row in history.rows(sql, wanted)}


def rate(store: Store, session_id: int, cr10: float | None) -> None:
    """Keep what the athlete said, in place of what was said before; None is no answer.

    Raises:
        ValueError: no rating from 0 to 10.
        StoreError: there is no such session, or the disk does not take it.
    """
    if cr10 is not None and not 0.0 <= cr10 <= max(WORDS):
        raise ValueError(f"a CR10 rating lies between 0 and {max(WORDS)}, not {cr10}")
    store.session(session_id)

    def write(db: sqlite3.Connection) -> None:
        db.execute("INSERT OR REPLACE INTO rating VALUES (?, ?)", (session_id, cr10))

    store.write(write)
