"""The mornings of an athlete in the store: kept, answered, chosen, read."""

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import astuple, fields, replace
from datetime import UTC, date, datetime, timedelta, timezone

from device.history import History
from device.morning_protocol import Protocol, protocol, protocol_of
from device.morning_record import Answers, Choice, StoredMorning
from device.store import Store
from hrv.decision import Symptoms, Verdict
from hrv.wellness import Wellness

ITEMS = tuple(item.name for item in fields(Wellness))
"""A column each."""
UNANSWERED = (None,) * len(ITEMS)

_COLUMNS = (
    "athlete",
    "day",
    "taken_utc",
    "utc_offset_s",
    "protocol",
    "protocol_name",
    "posture",
    "strap",
    "method_version",
    "outcome",
    "problem",
    "rmssd_ms",
    "hr_bpm",
    "artefact_pct",
    "confidence",
    "fatigue",
    "sleep",
    "soreness",
    "stress",
    "mood",
    "symptoms",
    "tags",
    "note",
    "on_schedule",
    "imported_from",
    "session_id",
    "choice",
    "rule",
    "verdict",
    "detail",
)
_INSERT = (
    f"INSERT INTO morning ({', '.join(_COLUMNS)})"  # noqa: S608 - the names above
    f" VALUES ({', '.join(':' + name for name in _COLUMNS)}) RETURNING id"
)
_ANSWER = """UPDATE morning SET fatigue = :fatigue, sleep = :sleep, soreness = :soreness,
    stress = :stress, mood = :mood, symptoms = :symptoms, tags = :tags, note = :note
    WHERE id = :id"""


def mornings(
    history: History, athlete: str, *, since: date | None = None, until: date | None = None
) -> list[StoredMorning]:
    """All attempts of these days, both included, in the order taken; raises StoreError."""
    rows = history.rows(
        "SELECT * FROM morning WHERE athlete = ? AND day >= ? AND day <= ?"
        " ORDER BY day, coalesce(taken_utc, ''), id",
        (athlete, (since or date.min).isoformat(), (until or date.max).isoformat()),
    )
    return [_morning(row) for row in rows]


def mornings_of(history: History, session_id: int) -> list[StoredMorning]:
    """The attempts whose beats are in a session; raises StoreError."""
    sql = "SELECT * FROM morning WHERE session_id = ? ORDER BY id"
    return [_morning(row) for row in history.rows(sql, (session_id,))]


def usual_protocol(history: History, athlete: str) -> Protocol:
    """As this athlete took it last; a standard test seated for who never took one."""
    for one in reversed(mornings(history, athlete)):
        known = protocol_of(one.protocol)
        if known is not None:
            return known
    return protocol()


def keep(store: Store, morning: StoredMorning) -> StoredMorning:
    """Store an attempt; returns it with its number. Raises StoreError."""
    return keep_all(store, (morning,))[0]


def keep_all(store: Store, kept: Iterable[StoredMorning]) -> list[StoredMorning]:
    """Store all of them or none; raises StoreError."""
    new = tuple(kept)

    def insert(db: sqlite3.Connection) -> list[StoredMorning]:
        return [
            replace(morning, id=int(db.execute(_INSERT, _values(morning)).fetchall()[0][0]))
            for morning in new
        ]

    return store.write(insert)


def answer(store: Store, morning: StoredMorning, answers: Answers) -> StoredMorning:
    """Add what the athlete says to a stored attempt; raises StoreError."""
    return _update(store, replace(morning, answers=answers), _ANSWER, _answers(answers))


def show(store: Store, morning: StoredMorning, rule: str, verdict: Verdict) -> StoredMorning:
    """Remember the verdict as it was shown; raises StoreError."""
    return _update(
        store,
        replace(morning, rule=rule, verdict=verdict),
        "UPDATE morning SET rule = :rule, verdict = :verdict WHERE id = :id",
        {"rule": rule, "verdict": verdict.value},
    )


def choose(store: Store, morning: StoredMorning, choice: Choice) -> StoredMorning:
    """Remember what the athlete makes of the verdict; raises StoreError."""
    return _update(
        store,
        replace(morning, choice=choice),
        "UPDATE morning SET choice = :choice WHERE id = :id",
        {"choice": choice},
    )


def _update(
    store: Store, morning: StoredMorning, sql: str, values: dict[str, object]
) -> StoredMorning:
    if morning.id is not None:
        store.write(lambda db: db.execute(sql, {"id": morning.id, **values}))
        return morning
    return keep(store, morning)


def _answers(answers: Answers) -> dict[str, object]:
    items = UNANSWERED if answers.feeling is None else astuple(answers.feeling)
    return {
        **dict(zip(ITEMS, items, strict=True)),
        "symptoms": answers.symptoms.name.lower(),
        "tags": json.dumps(answers.tags),
        "note": answers.note,
    }


def _values(morning: StoredMorning) -> dict[str, object]:
    taken = morning.taken
    offset = None if taken is None else taken.utcoffset()
    if taken is not None and offset is None:
        raise ValueError("taken needs its UTC offset: an aware datetime")
    values: dict[str, object] = {
        name: getattr(morning, name) for name in _COLUMNS if hasattr(morning, name)
    }
    return {
        **values,
        **_answers(morning.answers),
        "day": morning.day.isoformat(),
        "taken_utc": None if taken is None else f"{taken.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%fZ}",
        "utc_offset_s": None if offset is None else round(offset.total_seconds()),
        "verdict": None if morning.verdict is None else morning.verdict.value,
        "detail": None if morning.detail is None else json.dumps(morning.detail, allow_nan=False),
    }


def _morning(row: sqlite3.Row) -> StoredMorning:
    items = tuple(row[name] for name in ITEMS)
    answers = Answers(
        feeling=None if items == UNANSWERED else Wellness(*items),
        symptoms=Symptoms[row["symptoms"].upper()],
        tags=tuple(json.loads(row["tags"])),
        note=row["note"],
    )
    taken = None
    if row["taken_utc"] is not None:
        zone = timezone(timedelta(seconds=row["utc_offset_s"] or 0))
        taken = datetime.fromisoformat(row["taken_utc"]).astimezone(zone)
    return StoredMorning(
        id=row["id"],
        athlete=row["athlete"],
        day=date.fromisoformat(row["day"]),
        taken=taken,
        protocol=row["protocol"],
        protocol_name=row["protocol_name"],
        posture=row["posture"],
        strap=row["strap"],
        method_version=row["method_version"],
        outcome=row["outcome"],
        problem=row["problem"],
        rmssd_ms=row["rmssd_ms"],
        hr_bpm=row["hr_bpm"],
        artefact_pct=row["artefact_pct"],
        confidence=row["confidence"],
        answers=answers,
        on_schedule=bool(row["on_schedule"]),
        imported_from=row["imported_from"],
        session_id=row["session_id"],
        choice=row["choice"],
        rule=row["rule"],
        verdict=None if row["verdict"] is None else Verdict(row["verdict"]),
        detail=None if row["detail"] is None else json.loads(row["detail"]),
    )
