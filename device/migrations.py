"""The database's schema, as the steps that lead to it; the text is the documentation.

``PRAGMA user_version`` counts the steps taken. A step that was ever published is never edited:
a change is a new step at the end.
"""

import sqlite3
from collections.abc import Sequence

APPLICATION_ID = 0x42656174
"""``PRAGMA application_id``: "Beat"; tells our database from any other SQLite file."""

MIGRATIONS: tuple[str, ...] = (
    """
    -- One athlete's one session. What is unknown is NULL.
    CREATE TABLE session (
        id               INTEGER PRIMARY KEY,
        athlete          TEXT,              -- name; NULL: nobody signed in
        purpose          TEXT NOT NULL,     -- recovery, easy, ...: chosen before the start
        floor_bpm        REAL,              -- the intended band, [floor, ceiling)
        ceiling_bpm      REAL,
        source           TEXT NOT NULL,     -- --source as typed
        fingerprint      TEXT,              -- what tells the same recording again
        started_utc      TEXT,              -- wall clock at the start, ISO 8601 with Z
        utc_offset_s     INTEGER,           -- local time was started_utc plus this
        clock_trusted    INTEGER,           -- 1, 0, or NULL where nobody looked
        beatwise_version TEXT NOT NULL,
        method_version   TEXT NOT NULL,     -- of the arithmetic behind the summary
        ended_s          REAL,              -- session seconds
        outcome          TEXT CHECK (outcome IN ('finished', 'stopped')),
                                            -- NULL: still open, or interrupted
        summary          TEXT,              -- JSON: what was shown at the end
        first_chunk      INTEGER NOT NULL,  -- its chunks lie within these, both included;
        last_chunk       INTEGER            -- NULL: up to the newest
    ) STRICT;

    -- What the sensor sent, packed as device/chunks.py says. Only ever appended to: the chunks of
    -- all athletes end up in the same page, and a commit writes that page and no index.
    CREATE TABLE chunk (
        id          INTEGER PRIMARY KEY,
        session_id  INTEGER NOT NULL,
        first_event INTEGER NOT NULL,       -- place of its first event in the session, from 0
        n_events    INTEGER NOT NULL,
        events      BLOB NOT NULL
    ) STRICT;

    -- What belongs to a session, found without an index: ask for one session_id, order by id.
    CREATE VIEW session_chunk AS
        SELECT session.id AS session_id, chunk.id AS id, first_event, n_events, events
        FROM session JOIN chunk ON chunk.session_id = session.id
            AND chunk.id >= first_chunk AND chunk.id <= coalesce(last_chunk, 1 << 62);
    """,
    """
    -- One attempt of a morning test, or one imported day; the refused ones too.
    CREATE TABLE morning (
        id             INTEGER PRIMARY KEY,
        athlete        TEXT NOT NULL,
        day            TEXT NOT NULL,      -- YYYY-MM-DD of the local calendar
        taken_utc      TEXT,               -- wall clock, ISO 8601 with Z; NULL: only the day
        utc_offset_s   INTEGER,            -- local time was taken_utc plus this
        protocol       TEXT NOT NULL,      -- only equal ones are compared
        protocol_name  TEXT NOT NULL,      -- quick, standard, long, orthostatic, or an import's
        posture        TEXT,
        strap          TEXT NOT NULL,      -- class of sensor: chest, or an import's
        method_version TEXT NOT NULL,
        outcome        TEXT NOT NULL CHECK (outcome IN ('accepted', 'refused')),
        problem        TEXT,               -- why it cannot be used
        rmssd_ms       REAL,
        hr_bpm         REAL,
        artefact_pct   REAL,
        confidence     TEXT,               -- full, reduced, low
        fatigue        INTEGER,            -- 1 to 5, higher is better; NULL: not answered
        sleep          INTEGER,
        soreness       INTEGER,
        stress         INTEGER,
        mood           INTEGER,
        symptoms       TEXT NOT NULL,      -- none, head_cold, systemic
        tags           TEXT NOT NULL,      -- JSON list
        note           TEXT NOT NULL,
        on_schedule    INTEGER NOT NULL,   -- 0: outside the usual hours, not in the baseline
        imported_from  TEXT,               -- NULL: taken here
        session_id     INTEGER,            -- its raw beats
        choice         TEXT CHECK (choice IN ('follow', 'easier', 'harder')),
        rule           TEXT,               -- of the verdict as shown
        verdict        TEXT,
        detail         TEXT                -- JSON: counts, reasons, standing values
    ) STRICT;
    CREATE INDEX morning_by_day ON morning (athlete, day);
    """,
    """
    -- How hard the whole session was, as the athlete said after it. A row: it was asked.
    CREATE TABLE rating (
        session_id INTEGER PRIMARY KEY,
        cr10       REAL CHECK (cr10 BETWEEN 0 AND 10)
                                           -- 0 to 10 of Borg's CR10; NULL: not answered
    ) STRICT;
    """,
    """
    -- What happened in a session beside the beats, by the second: what was said, and what was done.
    CREATE TABLE mark (
        id         INTEGER PRIMARY KEY,
        session_id INTEGER NOT NULL,
        t_s        REAL NOT NULL,           -- session seconds
        kind       TEXT NOT NULL,           -- an alert's kind, or step, pause, resume, lap, note;
                                            -- at 0 s: target, morning, plan, why
        text       TEXT NOT NULL            -- heart rate, which step, why paused, the note itself
    ) STRICT;
    CREATE INDEX mark_by_session ON mark (session_id, id);
    """,
    """
    -- What opens an athlete's own data on a shared screen; see device/pins.py.
    CREATE TABLE pin (
        athlete     TEXT PRIMARY KEY,       -- name in the form that is compared; '': the admin
        salt        BLOB NOT NULL,
        hash        BLOB NOT NULL,          -- scrypt of the digits
        log2_n      INTEGER NOT NULL,       -- and its costs, as they were when it was set
        r           INTEGER NOT NULL,
        p           INTEGER NOT NULL,
        wrong_tries INTEGER NOT NULL,       -- since the last right one
        tried_s     REAL,                   -- seconds since this boot, at the last try
        boot_id     TEXT                    -- which boot that was; NULL: not known
    ) STRICT;
    """,
    """
    -- Who is here for the day only; see device/guests.py.
    CREATE TABLE guest (
        athlete       TEXT PRIMARY KEY,     -- name, as in session
        birth_year    INTEGER,
        came          TEXT NOT NULL,        -- wall clock with its offset, ISO 8601
        clock_trusted INTEGER NOT NULL,     -- whether it could name the day
        boot_id       TEXT,                 -- which start of the machine that was; NULL: not known
        boot_s        REAL NOT NULL         -- seconds since it
    ) STRICT;
    """,
)


def version(db: sqlite3.Connection) -> int:
    """How many steps this database has taken; 0 for a new file."""
    return int(db.execute("PRAGMA user_version").fetchone()[0])


def migrate(db: sqlite3.Connection, migrations: Sequence[str] = MIGRATIONS) -> None:
    """Take the missing steps, all or none: who reads meanwhile sees no form in between.

    Raises :class:`sqlite3.Error`.
    """
    missing = migrations[version(db) :]
    if not missing:
        return
    steps = "; ".join(missing)
    try:
        db.executescript(
            f"BEGIN IMMEDIATE; {steps}; PRAGMA application_id = {APPLICATION_ID};"
            f" PRAGMA user_version = {len(migrations)}; COMMIT"
        )
    finally:
        if db.in_transaction:
            db.rollback()
