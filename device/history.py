"""What is on the disk: sessions, and the events of each as the sensor sent them."""

import json
import sqlite3
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any, Literal, Self, TypeVar

from device import chunks
from device.database import open_to_read
from device.errors import StoreError
from device.mark import Mark
from device.migrations import version
from sensors.events import SensorEvent

Found = TypeVar("Found")

MARKS_FROM = 4
"""Step of the schema that brought them."""

Outcome = Literal["finished", "stopped"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionStart:
    """What is known when a session begins."""

    athlete: str | None
    """Name; None where nobody signed in."""
    purpose: str
    source: str
    """The ``--source`` as typed."""
    fingerprint: str | None = None
    """What tells the same recording again; None for a strap, which never repeats."""
    floor_bpm: float | None = None
    ceiling_bpm: float | None = None
    started: datetime | None = None
    """Wall clock with its UTC offset; None where it was not asked."""
    clock_trusted: bool | None = None
    """Whether ``started`` can name the day; None where nobody looked."""
    beatwise_version: str
    method_version: str
    """Version of the arithmetic behind the summary."""

    def __post_init__(self) -> None:
        if self.started is not None and self.started.tzinfo is None:
            raise ValueError("started needs its UTC offset: an aware datetime")


@dataclass(frozen=True, slots=True)
class StoredSession:
    """A session as the disk has it."""

    id: int
    start: SessionStart
    ended_s: float | None
    """Session seconds at its end; None while open, or when it was cut off."""
    outcome: Outcome | None
    """None: still open, or cut off."""
    summary: dict[str, Any] | None
    """What was shown at the end, keys as in the headless form."""


def open_history(path: Path) -> "History":
    """Open to read, beside another Beatwise if need be; no file is an empty history.

    Raises :class:`StoreError`.
    """
    try:
        return History(open_to_read(path))
    except sqlite3.Error as error:
        raise StoreError(f"{path} cannot be read: {error}") from error


class History:
    """Reading the store; sees what was committed and nothing else."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._reading = db
        # From Python 3.12 on, threads that ask one connection the same at once mix up their rows.
        self._asking = threading.RLock()
        self._read_from(db)

    def ended_since(self, stored: StoredSession) -> bool:
        """Whether anybody has begun and ended a session since this one was cut off."""
        rows = self.rows(
            "SELECT 1 FROM session WHERE outcome IS NOT NULL AND first_chunk >"
            " (SELECT coalesce(last_chunk, 0) FROM session WHERE id = ?) LIMIT 1",
            (stored.id,),
        )
        return bool(rows)

    def _read_from(self, db: sqlite3.Connection) -> None:
        db.row_factory = sqlite3.Row
        with self._asking:
            before, self._reading = self._reading, db
            if before is not db:
                before.close()

    def close(self) -> None:
        """Let go of the file."""
        self._reading.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def sessions(self, *, athlete: str | None = None, limit: int = 50) -> list[StoredSession]:
        """The newest sessions first, of one athlete or of all; reads no events."""
        return [
            _session(row)
            for row in self.rows(
                "SELECT * FROM session WHERE :athlete IS NULL OR athlete = :athlete"
                " ORDER BY id DESC LIMIT :limit",
                {"athlete": athlete, "limit": limit},
            )
        ]

    def session(self, session_id: int) -> StoredSession:
        """One session; raises :class:`StoreError` where there is none of that number."""
        rows = self.rows("SELECT * FROM session WHERE id = ?", (session_id,))
        if not rows:
            raise StoreError(f"there is no session {session_id}")
        return _session(rows[0])

    def unfinished(
        self, athlete: str | None, source: str, fingerprint: str | None
    ) -> StoredSession | None:
        """The newest session of these that neither finished nor was stopped.

        A fingerprint alone tells a recording: it may be played at another speed, or have moved.
        """
        rows = self.rows(
            "SELECT * FROM session WHERE outcome IS NULL AND athlete IS :athlete"
            " AND fingerprint IS :fingerprint AND (:fingerprint IS NOT NULL OR source = :source)"
            " ORDER BY id DESC LIMIT 1",
            {"athlete": athlete, "source": source, "fingerprint": fingerprint},
        )
        return _session(rows[0]) if rows else None

    def cut_off(self, athlete: str | None) -> StoredSession | None:
        """The newest live session of an athlete where it was cut off and no recording's.

        A recording goes on by itself: see :meth:`unfinished`.
        """
        rows = self.rows(
            "SELECT * FROM session WHERE athlete IS ? AND purpose <> 'morning' ORDER BY id DESC"
            " LIMIT 1",
            (athlete,),
        )
        newest = _session(rows[0]) if rows else None
        if newest is None or newest.outcome is not None or newest.start.fingerprint is not None:
            return None
        return newest

    def left_open(self, source: str) -> list[StoredSession]:
        """Each athlete's newest live session where it was cut off, the newest first.

        ``source`` is what their source begins with.
        """
        rows = self.rows(
            "SELECT * FROM session WHERE id IN (SELECT max(id) FROM session"
            " WHERE purpose <> 'morning' GROUP BY athlete) AND outcome IS NULL"
            " AND substr(source, 1, length(:source)) = :source ORDER BY id DESC",
            {"source": source},
        )
        return [_session(row) for row in rows]

    def events_count(self, session_id: int) -> int:
        """How many of the source's events are stored: what a resumed replay leaves out."""
        rows = self.rows(
            "SELECT first_event + n_events FROM session_chunk WHERE session_id = ?"
            " ORDER BY id DESC LIMIT 1",
            (session_id,),
        )
        return int(rows[0][0]) if rows else 0

    def events(self, session_id: int) -> Iterator[SensorEvent]:
        """Every event as it was appended, in order, ``t_s`` to the microsecond.

        Raises :class:`StoreError` where a chunk is damaged.
        """
        for chunk in self._chunks(session_id):
            try:
                yield from chunks.unpack(chunk)
            except chunks.DamagedChunk as error:
                raise StoreError(
                    f"session {session_id}: stored beats are damaged: {error}"
                ) from error

    def lasted_s(self, session_id: int) -> float:
        """Session seconds of the last event that is stored; 0 where there is none.

        Raises :class:`StoreError` where it is damaged.
        """
        rows = self.rows(
            "SELECT events FROM session_chunk WHERE session_id = ? ORDER BY id DESC LIMIT 1",
            (session_id,),
        )
        try:
            return max((event.t_s for row in rows for event in chunks.unpack(row[0])), default=0.0)
        except chunks.DamagedChunk as error:
            raise StoreError(f"session {session_id}: stored beats are damaged: {error}") from error

    def marks(self, session_id: int) -> list[Mark]:
        """What happened beside the beats, in its order; raises :class:`StoreError`."""
        if self.look(version) < MARKS_FROM:
            return []  # written by an older Beatwise, and only read here
        # Those of a session that was put right came later than what they precede.
        sql = "SELECT t_s, kind, text FROM mark WHERE session_id = ? ORDER BY t_s, id"
        return [Mark(row["t_s"], row["kind"], row["text"]) for row in self.rows(sql, (session_id,))]

    def rr_ms(self, session_id: int) -> list[float]:
        """All RR intervals in ms, oldest first, as sent: not marked, gaps not shown."""
        rr_ms: list[float] = []
        for chunk in self._chunks(session_id):
            try:
                rr_ms.extend(chunks.rr_ms(chunk))
            except chunks.DamagedChunk as error:
                raise StoreError(
                    f"session {session_id}: stored beats are damaged: {error}"
                ) from error
        return rr_ms

    def _chunks(self, session_id: int) -> list[bytes]:
        # All at once: an open cursor would keep the write-ahead log from being reused.
        sql = "SELECT events FROM session_chunk WHERE session_id = ? ORDER BY id"
        return [row["events"] for row in self.rows(sql, (session_id,))]

    def rows(self, sql: str, values: tuple[object, ...] | dict[str, object]) -> list[sqlite3.Row]:
        """What a question in SQL finds, all at once; raises :class:`StoreError`."""
        return self.look(lambda db: db.execute(sql, values).fetchall())

    def look(self, work: Callable[[sqlite3.Connection], Found]) -> Found:
        """Do ``work`` that only reads, one thread after the other; raises :class:`StoreError`."""
        try:
            with self._asking:
                return work(self._reading)
        except sqlite3.Error as error:
            raise StoreError(f"the database cannot be read: {error}") from error


def _session(row: sqlite3.Row) -> StoredSession:
    started_utc, clock_trusted, summary = row["started_utc"], row["clock_trusted"], row["summary"]
    start = SessionStart(
        athlete=row["athlete"],
        purpose=row["purpose"],
        source=row["source"],
        fingerprint=row["fingerprint"],
        floor_bpm=row["floor_bpm"],
        ceiling_bpm=row["ceiling_bpm"],
        started=None if started_utc is None else _local(started_utc, row["utc_offset_s"] or 0),
        clock_trusted=None if clock_trusted is None else bool(clock_trusted),
        beatwise_version=row["beatwise_version"],
        method_version=row["method_version"],
    )
    told = None if summary is None else json.loads(summary)
    return StoredSession(row["id"], start, row["ended_s"], row["outcome"], told)


def _local(started_utc: str, utc_offset_s: int) -> datetime:
    return datetime.fromisoformat(started_utc).astimezone(timezone(timedelta(seconds=utc_offset_s)))


def start_values(start: SessionStart) -> dict[str, object]:
    """A session's start as the columns of its row."""
    started = start.started
    offset = None if started is None else started.utcoffset()
    return {
        "athlete": start.athlete,
        "purpose": start.purpose,
        "source": start.source,
        "fingerprint": start.fingerprint,
        "floor_bpm": start.floor_bpm,
        "ceiling_bpm": start.ceiling_bpm,
        "started_utc": None
        if started is None
        else f"{started.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%fZ}",
        "utc_offset_s": None if offset is None else round(offset.total_seconds()),
        "clock_trusted": start.clock_trusted,
        "beatwise_version": start.beatwise_version,
        "method_version": start.method_version,
    }
