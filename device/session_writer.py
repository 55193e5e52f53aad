"""One session on its way to the disk: queued, packed, written, and only then forgotten."""

import json
import sqlite3
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from device import chunks, erase_rows
from device.errors import StoreError
from device.history import Outcome, SessionStart, start_values
from device.mark import Mark
from sensors.events import Elapsed, SensorEvent

OVERHEAD_BYTES = 200
"""What Python adds to a chunk of a few beats."""


@dataclass(frozen=True, slots=True)
class _Chunk:
    first_event: int
    n_events: int
    packed: bytes


@dataclass(frozen=True, slots=True)
class Part:
    """What one writer has put into a transaction."""

    session_id: int | None
    chunks: tuple[_Chunk, ...]
    marks: tuple[Mark, ...]
    replaced: int
    """The place of the first mark that stays on the disk."""
    start: SessionStart | None
    """As it is now, where that has changed."""
    over: bool
    """Nothing more will come."""


@dataclass(frozen=True, slots=True)
class Whole:
    """A session that is being written as it is at one moment, on the disk and in memory."""

    start: SessionStart
    packed: tuple[bytes, ...]
    marks: tuple[Mark, ...]
    marks_end: int
    """The place behind the last of them; places are counted from the first there ever was."""

    def events(self) -> Iterator[SensorEvent]:
        """All of them, in order; raises :class:`device.errors.StoreError` where one is damaged."""
        try:
            for packed in self.packed:
                yield from chunks.unpack(packed)
        except chunks.DamagedChunk as error:
            raise StoreError(f"stored beats are damaged: {error}") from error


_BEGIN = """INSERT INTO session (athlete, purpose, source, fingerprint, floor_bpm, ceiling_bpm,
        started_utc, utc_offset_s, clock_trusted, beatwise_version, method_version, first_chunk)
    VALUES (:athlete, :purpose, :source, :fingerprint, :floor_bpm, :ceiling_bpm,
        :started_utc, :utc_offset_s, :clock_trusted, :beatwise_version, :method_version,
        (SELECT coalesce(max(id), 0) + 1 FROM chunk))
    RETURNING id"""
_START = """UPDATE session SET athlete = :athlete, purpose = :purpose, floor_bpm = :floor_bpm,
    ceiling_bpm = :ceiling_bpm, started_utc = :started_utc, utc_offset_s = :utc_offset_s,
    clock_trusted = :clock_trusted WHERE id = :id"""
_REPLACED = """DELETE FROM mark WHERE id IN
    (SELECT id FROM mark WHERE session_id = ? ORDER BY id LIMIT ?)"""
_END = """UPDATE session SET outcome = :outcome, ended_s = :ended_s, summary = :summary,
    last_chunk = (SELECT coalesce(max(id), 0) FROM chunk) WHERE id = :id"""


def insert_marks(db: sqlite3.Connection, session_id: int, marks: Iterable[Mark]) -> None:
    """Write them behind those that a session has, in the open transaction."""
    db.executemany(
        "INSERT INTO mark (session_id, t_s, kind, text) VALUES (?, ?, ?, ?)",
        [(session_id, mark.t_s, mark.kind, mark.text) for mark in marks],
    )


class SessionWriter:
    """One session's way into the store; made by :meth:`Store.begin` or :meth:`Store.resume`."""

    def __init__(
        self,
        start: SessionStart,
        session_id: int | None = None,
        stored: int = 0,
        *,
        stored_marks: int = 0,
    ) -> None:
        self.start = start
        self.session_id = session_id
        """Number of the session; None until its first commit."""
        self.events_count = stored
        """Events appended, on the disk or not, those of earlier runs included."""
        self.lost_events = 0
        """Events that neither the disk nor memory had room for."""
        self._events: deque[SensorEvent] = deque()
        self._next_event = stored
        self._chunks: list[_Chunk] = []
        self._marks: list[Mark] = []
        self._marks_on_disk = 0, stored_marks
        """The places of those on the disk, the second not included."""
        self._replaced = 0
        """The place of the first mark that stays: what is before it on the disk is to go."""
        self._end: dict[str, object] | None = None
        self._changed: SessionStart | None = None
        self._reopen = session_id is not None
        self._discarded = False

    def append(self, event: SensorEvent) -> None:
        """Queue an event; mere passing of time is not stored."""
        if not isinstance(event, Elapsed):
            self._events.append(event)
            self.events_count += 1

    def mark(self, mark: Mark) -> None:
        """Queue something that happened beside the beats."""
        self._marks.append(mark)

    def restart(self, started: datetime, *, trusted: bool) -> None:
        """Queue another time of the start: the clock was set, and now it is known."""
        self.start = replace(self.start, started=started, clock_trusted=trusted)
        self._changed = self.start

    def whole(self, stored: Sequence[bytes], stored_marks: Sequence[Mark]) -> Whole:
        """All of it, from what the disk has and from what is packed here; not during a commit."""
        first, end = self._marks_on_disk
        return Whole(
            self.start,
            (*stored, *(chunk.packed for chunk in self._chunks)),
            (*stored_marks[self._replaced - first :], *self._marks),
            end + len(self._marks),
        )

    def become(self, whole: Whole, start: SessionStart, marks: Sequence[Mark]) -> None:
        """It is this, from its first beat on, with these marks in the place of those it had.

        What came after ``whole`` stays. The next commit says so on the disk; not during one.
        """
        first, end = self._marks_on_disk
        self._replaced = max(first, min(whole.marks_end, end))
        self._marks[: max(0, whole.marks_end - end)] = marks
        self.start = self._changed = replace(
            self.start,
            athlete=start.athlete,
            purpose=start.purpose,
            floor_bpm=start.floor_bpm,
            ceiling_bpm=start.ceiling_bpm,
        )

    def finish(
        self, outcome: Outcome, *, ended_s: float, summary: Mapping[str, Any] | None = None
    ) -> None:
        """Queue the session's end, in session seconds; the next commit is its last."""
        told = None if summary is None else json.dumps(summary, allow_nan=False)
        self._end = {"outcome": outcome, "ended_s": ended_s, "summary": told}

    def discard(self) -> None:
        """It was nothing: the next commit, its last, takes from the disk what has come there."""
        self._discarded = True

    @property
    def unpacked(self) -> bool:
        """Whether events came in since the last commit took what there was."""
        return bool(self._events)

    @property
    def kept_events(self) -> int:
        """Events not yet on the disk."""
        return len(self._events) + sum(chunk.n_events for chunk in self._chunks)

    def pack(self, room_bytes: int) -> None:
        """Make the queued events a chunk; called by one thread while another may append."""
        events = [self._events.popleft() for _ in range(len(self._events))]
        if not events:
            return
        chunk = _Chunk(self._next_event, len(events), chunks.pack(events))
        self._next_event += len(events)
        if len(chunk.packed) > room_bytes:
            self.lost_events += len(events)
        else:
            self._chunks.append(chunk)

    def waits(self) -> bool:
        """Whether a commit has anything to do here."""
        return self.session_id is None or bool(
            self._events
            or self._chunks
            or self._marks
            or self._end
            or self._changed
            or self._discarded
        )

    def kept_bytes(self) -> int:
        """Memory that packed events take until they are on the disk."""
        return sum(len(chunk.packed) + OVERHEAD_BYTES for chunk in self._chunks)

    def write(self, db: sqlite3.Connection) -> Part:
        """Put what is packed into the open transaction; nothing is forgotten yet."""
        session_id, end = self.session_id, None if self._events else self._end
        if self._discarded:
            if session_id is not None:
                erase_rows.delete_session(db, session_id)
            return Part(session_id, (), (), 0, None, over=True)
        if session_id is None:
            session_id = int(db.execute(_BEGIN, start_values(self.start)).fetchall()[0][0])
        elif self._reopen:
            db.execute("UPDATE session SET last_chunk = NULL WHERE id = ?", (session_id,))
        part = Part(
            session_id,
            tuple(self._chunks),
            tuple(self._marks),
            self._replaced,
            self._changed,
            over=end is not None,
        )
        if gone := part.replaced - self._marks_on_disk[0]:
            db.execute(_REPLACED, (session_id, gone))
        db.executemany(
            "INSERT INTO chunk (session_id, first_event, n_events, events) VALUES (?, ?, ?, ?)",
            [
                (session_id, chunk.first_event, chunk.n_events, chunk.packed)
                for chunk in part.chunks
            ],
        )
        insert_marks(db, session_id, part.marks)
        if part.start is not None:
            db.execute(_START, {"id": session_id, **start_values(part.start)})
        if end is not None:
            db.execute(_END, {"id": session_id, **end})
        return part

    def forget(self, part: Part) -> None:
        """The transaction is on the disk."""
        self.session_id = part.session_id
        self._reopen = False
        if self._changed is part.start:
            self._changed = None
        self._marks_on_disk = part.replaced, self._marks_on_disk[1] + len(part.marks)
        del self._chunks[: len(part.chunks)]
        del self._marks[: len(part.marks)]
