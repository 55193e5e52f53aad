"""Writing sessions: everything is queued in memory, and one commit puts it on the disk for all.

Nothing here raises into a measurement. Where the disk refuses, what was appended is kept and the
next commit tries again; :class:`Trouble` says so in words.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Self, TypeVar

from device.database import connect, empty_database, open_database, open_to_read
from device.disk_words import in_words
from device.errors import StoreError
from device.history import History, SessionStart, StoredSession
from device.mark import Mark
from device.names import same_name
from device.session_writer import SessionWriter, Whole

if TYPE_CHECKING:
    import asyncio

Written = TypeVar("Written")
Marks = Sequence[Mark]

SYNC_S = 5.0
"""At most this much is lost at a power cut."""
KEPT_BYTES = 32 << 20
"""What is kept in memory while the disk refuses: some six days of one strap, five hours of 30."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why nothing is being saved at present."""

    reason: str
    """In plain words: "the disk is full"."""
    kept_events: int
    """Waiting in memory for the disk to come back."""
    lost_events: int
    """Gone, because memory is bounded too."""

    def __str__(self) -> str:
        kept = f"; {self.kept_events} events kept in memory" if self.kept_events else ""
        lost = f", {self.lost_events} lost" if self.lost_events else ""
        return f"not saving: {self.reason}{kept}{lost}"


class Store(History):
    """The database of one data folder, open for writing; hold the folder's lock meanwhile.

    ``begin``, ``append`` and ``due`` never touch the disk. ``commit`` may be called from a thread,
    so that a slow disk delays nothing else.
    """

    def __init__(self, path: Path, *, now: datetime) -> None:
        super().__init__(empty_database())
        self.path = path
        self.read_only = False
        """True where the database comes from a newer Beatwise."""
        self.notes: tuple[str, ...] = ()
        """What opening it had to do and a person should know, a line each."""
        self.trouble: Trouble | None = None
        """Why nothing is being saved; None while all is well."""
        self.savers = 0
        self.saver: asyncio.Task[None] | None = None
        """What commits in time, and for how many: see :func:`device.saving.saving`."""
        self._now = now
        self._db: sqlite3.Connection | None = None
        self._writers: list[SessionWriter] = []
        self._waiting_since_s: float | None = None
        self._committing = threading.Lock()

    @classmethod
    def open(cls, path: Path, *, now: datetime) -> Self:
        """Open or create; ``now`` names the file a damaged database is set aside as.

        A folder or disk that cannot be used is a :attr:`trouble`, tried again at each commit.
        Raises :class:`StoreError` where the file is no database of ours.
        """
        store = cls(path, now=now)
        try:
            store._connect()
        except StoreError:
            History.close(store)
            raise
        except (sqlite3.Error, OSError) as error:
            store._say(error)
            with suppress(sqlite3.Error, StoreError):
                store._read_from(open_to_read(path))
        return store

    def begin(self, start: SessionStart) -> SessionWriter:
        """Begin a session; its row is written by the next commit.

        Raises :class:`StoreError` where the database is of a newer Beatwise.
        """
        return self._add(SessionWriter(start))

    def resume(self, stored: StoredSession) -> SessionWriter:
        """Go on with a session that was cut off; raises :class:`StoreError` as :meth:`begin`."""
        events, marks = self.events_count(stored.id), len(self.marks(stored.id))
        return self._add(SessionWriter(stored.start, stored.id, events, stored_marks=marks))

    def unfinished(
        self, athlete: str | None, source: str, fingerprint: str | None
    ) -> StoredSession | None:
        """The newest session of these that was cut off, and is not being written now."""
        return self._unless_written(super().unfinished(athlete, source, fingerprint))

    def cut_off(self, athlete: str | None) -> StoredSession | None:
        """The newest live session of an athlete where it was cut off, and is not written now."""
        return self._unless_written(super().cut_off(athlete))

    def left_open(self, source: str) -> list[StoredSession]:
        """Each athlete's newest live session where it was cut off, and is not written now."""
        found = super().left_open(source)
        return [one for one in found if self._unless_written(one) is not None]

    def drop(self, writer: SessionWriter) -> None:
        """Nothing will be measured: what has not reached the disk never does."""
        if writer in self._writers:
            self._writers.remove(writer)

    def _unless_written(self, found: StoredSession | None) -> StoredSession | None:
        return None if found is None or self.is_written(found.id) else found

    def due(self, now_s: float, *, sync_s: float = SYNC_S) -> bool:
        """Whether to commit now; ``now_s`` is any clock that only goes forward.

        Ask after each append and once a second: the time runs from the first asking that finds
        something the last commit did not take.
        """
        committing = self._committing.locked()
        if not any(w.unpacked or (w.waits() and not committing) for w in tuple(self._writers)):
            return False
        if self._waiting_since_s is None:
            self._waiting_since_s = now_s
        return not committing and now_s - self._waiting_since_s >= sync_s

    def commit(self) -> Trouble | None:
        """Put everything queued by all writers onto the disk, in one transaction.

        Returns what is in the way, if anything; :attr:`trouble` says so until it is gone.
        """
        with self._committing:
            self._waiting_since_s = None
            writers = tuple(self._writers)
            self._pack(writers)
            try:
                self._connect()
                if self._db is not None and any(writer.waits() for writer in writers):
                    self._write(self._db, writers)
                self.trouble = None
            except (sqlite3.Error, OSError) as error:
                self._say(error)
        return self.trouble

    def whole(self, writer: SessionWriter) -> Whole:
        """All there is of a session that is being written; ask in a thread.

        Raises :class:`StoreError` where it cannot be read.
        """
        with self._committing:
            self._pack(tuple(self._writers))
            at = writer.session_id
            if at is None:
                return writer.whole((), ())
            # As they were written: a writer knows them by their places.
            sql = "SELECT t_s, kind, text FROM mark WHERE session_id = ? ORDER BY id"
            return writer.whole(self._chunks(at), [Mark(*row) for row in self.rows(sql, (at,))])

    def become(self, changes: Iterable[tuple[SessionWriter, Whole, SessionStart, Marks]]) -> None:
        """Sessions that are being written are found to be others: in one commit, all of them.

        Ask in a thread. It never fails: where the disk refuses it waits with the beats.
        """
        with self._committing:
            for writer, whole, start, marks in changes:
                writer.become(whole, start, marks)
        self.commit()

    def write(self, work: Callable[[sqlite3.Connection], Written]) -> Written:
        """Do ``work`` in a transaction of its own, for what a person waits for.

        Raises :class:`StoreError` where the disk does not take it; then nothing of it is there.
        """
        with self._committing:
            try:
                self._connect()
                return self._do(work)
            except StoreError:
                raise
            except (sqlite3.Error, OSError) as error:
                raise StoreError(
                    f"{self.path}: nothing was saved: {in_words(error, self.path)}"
                ) from error

    def alone(self, work: Callable[[sqlite3.Connection], Written]) -> Written:
        """Do ``work`` outside any transaction while nothing else is written.

        Raises :class:`StoreError` where the disk does not take it.
        """
        with self._committing:
            try:
                if self._db is None or self.read_only:
                    raise StoreError(str(self.trouble or self.notes[-1]))
                return work(self._db)
            except sqlite3.Error as error:
                raise StoreError(f"{self.path}: {in_words(error, self.path)}") from error

    def is_written(self, session_id: int) -> bool:
        """Whether this session is being measured now."""
        return session_id in {writer.session_id for writer in tuple(self._writers)}

    def writes(self, athlete: str) -> bool:
        """Whether a session of this athlete is being written."""
        names = [writer.start.athlete for writer in tuple(self._writers)]
        return any(name is not None and same_name(name, athlete) for name in names)

    def checkpoint(self) -> None:
        """Move the write-ahead log into the database; for when nothing is being measured."""
        with self._committing:
            if self._db is not None and not self.read_only:
                try:
                    self._db.execute("PRAGMA wal_checkpoint(PASSIVE)")
                except sqlite3.Error as error:
                    self._say(error)

    def close(self) -> None:
        """Commit, then let go of the file; :attr:`trouble` says what could not be saved."""
        self.commit()
        super().close()
        if self._db is not None:
            self._db.close()

    def _add(self, writer: SessionWriter) -> SessionWriter:
        if self.read_only:
            raise StoreError(self.notes[-1])
        self._writers.append(writer)
        return writer

    def _pack(self, writers: Sequence[SessionWriter]) -> None:
        room_bytes = KEPT_BYTES - sum(writer.kept_bytes() for writer in writers)
        for writer in writers:
            writer.pack(room_bytes)

    def _connect(self) -> None:
        if self._db is not None:
            return
        opened = open_database(self.path, now=self._now)
        self._db, self.read_only, self.notes = opened.db, opened.read_only, opened.notes
        self._read_from(self._db if self.read_only else connect(self.path, "mode=ro"))

    def _do(self, work: Callable[[sqlite3.Connection], Written]) -> Written:
        db = self._db
        if db is None or self.read_only:
            raise StoreError(self.notes[-1])
        try:
            db.execute("BEGIN IMMEDIATE")
            done = work(db)
            db.execute("COMMIT")
        finally:
            if db.in_transaction:
                db.execute("ROLLBACK")
        return done

    def _write(self, db: sqlite3.Connection, writers: Sequence[SessionWriter]) -> None:
        try:
            db.execute("BEGIN IMMEDIATE")
            written = [writer.write(db) for writer in writers]
            db.execute("COMMIT")
        finally:
            if db.in_transaction:
                db.execute("ROLLBACK")
        for writer, part in zip(writers, written, strict=True):
            writer.forget(part)
            if part.over:
                self._writers.remove(writer)

    def _say(self, error: sqlite3.Error | OSError) -> None:
        writers = tuple(self._writers)
        self.trouble = Trouble(
            in_words(error, self.path),
            kept_events=sum(writer.kept_events for writer in writers),
            lost_events=sum(writer.lost_events for writer in writers),
        )
