"""A session judged once more, as if it had been meant so from its first beat.

That is what is due when it turns out to be another athlete's, or for another purpose. Its beats
stay as they came, and so does what people did; what was judged of them against the wrong ceiling
goes, in numbers and in marks.
"""

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import asdict, replace
from itertools import chain
from json import dumps
from typing import get_args

from device.alerts import AlertKind
from device.going_on import retrace
from device.history import SessionStart, StoredSession
from device.intended import Intended, marks_at_start, session_of
from device.mark import STRAP_OFF, Mark, marks_between
from device.measure import JudgedAnew
from device.reading import Reading
from device.session_writer import insert_marks
from sensors.events import Elapsed, SensorEvent

_JUDGED = (*get_args(AlertKind), "step")
_SETTLED = ("target", "morning", "plan")


def judge_anew(
    start: SessionStart,
    events: Iterable[SensorEvent],
    marks: Sequence[Mark],
    intended: Intended,
    *,
    until_s: float,
) -> JudgedAnew:
    """Live through a session once more, up to ``until_s`` of its seconds, as it is meant now.

    Raises :class:`device.errors.StoreError` where stored beats are damaged.
    """
    session, before = session_of(intended), Reading(0.0)
    judged: list[Mark] = []

    def see(reading: Reading) -> None:
        nonlocal before
        judged.extend(marks_between(before, reading))
        before = reading

    retrace(session, chain(events, (Elapsed(until_s),)), marks, see)
    kept = [mark for mark in marks if not _was_judged(mark)]
    band = intended.band
    meant = replace(
        start,
        athlete=intended.athlete,
        purpose=intended.purpose,
        floor_bpm=None if band is None else band.floor_bpm,
        ceiling_bpm=None if band is None else band.ceiling_bpm,
    )
    happened = sorted((*kept, *judged), key=lambda mark: mark.t_s)
    return JudgedAnew(session, before, meant, (*marks_at_start(intended), *happened))


def rewrite(db: sqlite3.Connection, stored: StoredSession, anew: JudgedAnew) -> None:
    """Put it in the place of a session that is over or was cut off, in the open transaction."""
    db.execute(
        "UPDATE session SET athlete = ?, purpose = ?, floor_bpm = ?, ceiling_bpm = ? WHERE id = ?",
        (
            anew.start.athlete,
            anew.start.purpose,
            anew.start.floor_bpm,
            anew.start.ceiling_bpm,
            stored.id,
        ),
    )
    if stored.summary is not None:
        summary = dumps(asdict(anew.session.summary()), allow_nan=False)
        db.execute("UPDATE session SET summary = ? WHERE id = ?", (summary, stored.id))
    db.execute("DELETE FROM mark WHERE session_id = ?", (stored.id,))
    insert_marks(db, stored.id, anew.marks)


def _was_judged(mark: Mark) -> bool:
    """Whether it follows from the beats and what they were held against, and not from a hand."""
    if mark.kind in ("pause", "resume"):
        return mark.text == STRAP_OFF
    return mark.kind in _JUDGED or (mark.kind in _SETTLED and not mark.t_s)
