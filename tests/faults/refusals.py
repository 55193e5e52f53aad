"""Eight straps while the disk is full, read-only or slow, and while the clock is wrong by years."""

import errno
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from faults import faulty
from faults.witness import Lost, Watched, beats_on_disk, lost, watch

from device.folder import Places
from device.history import History, StoredSession, open_history
from sensors.events import HeartRateMeasurement
from ui.wiring import local_now

BEFORE_S, DURING_S, AFTER_S = 6.0, 20.0, 10.0
YEARS_S = 10 * 365 * 86_400

FAULTS: Mapping[str, Mapping[str, int]] = {
    "no fault": {},
    "the disk is full": {"room_bytes": 0},
    "the disk is read-only": {"refuse": errno.EROFS},
    "the disk gives errors": {"refuse": errno.EIO},
    "fsync takes 2 s": {"sync_ms": 2000},
    "the clock jumps 10 years ahead": {"clock_offset_s": YEARS_S, "clock_synced": -1},
    "the clock jumps 10 years back": {"clock_offset_s": -YEARS_S, "clock_synced": -1},
}
CURED = {"room_bytes": -1, "refuse": 0, "sync_ms": 0, "clock_offset_s": 0, "clock_synced": 1}


@dataclass(frozen=True, slots=True)
class Refused:
    """What one fault of half a minute has cost."""

    fault: str
    lost: Lost
    """Once it was over."""
    sent: int
    said: tuple[str, ...]
    """On the board, while it lasted."""
    said_after: tuple[str, ...]
    """On the board, at the end."""
    stall_s: float
    """The longest time by which the event loop was late while it lasted."""
    stall_waited_s: float
    """In that second it waited for a processor for so long."""
    freshness: frozenset[str]
    """Of the readings on the tiles while it lasted."""
    off_s: float
    """By how much a session's length differs from the time between its first and last beat."""
    filed_off_s: float
    """By how much a session's start differs from the time it was."""
    marks: tuple[str, ...]
    """What the sessions say of the clock."""


def refused(library: Path, folder: Path, fault: str) -> Refused:
    """Let eight straps train, and let something go wrong in the midst of it."""
    data = folder / "data"
    faults = faulty.faults(library, folder / "faults", data)
    faults.control.clock_synced = 1
    room = watch(faults, data)
    began = local_now()
    room.train(BEFORE_S)
    from_s = time.monotonic()
    for name, value in FAULTS[fault].items():
        setattr(faults.control, name, value)
    time.sleep(DURING_S)
    to_s = time.monotonic()
    for name in FAULTS[fault]:
        setattr(faults.control, name, CURED[name])
    time.sleep(AFTER_S)
    said_after = room.seconds[-1]["notices"]
    room.end()
    assert room.ended_s is not None
    with open_history(Places(data).database) as history:
        cost = lost(room.sent, beats_on_disk(history), {}, room.ended_s, room.waited_s)
        sessions = history.sessions()
        off_s = max(abs(_off_s(history, one, room)) for one in sessions)
        marks = {
            mark.text for one in sessions for mark in history.marks(one.id) if mark.kind == "clock"
        }
    during = [one for one in room.seconds if from_s + 1.0 < one["at_s"] <= to_s]
    stalled = max(during, key=lambda one: one["stall_s"] - one["stall_waited_s"])
    return Refused(
        fault,
        cost,
        sum(map(len, room.sent.values())),
        _said(room, from_s, to_s),
        tuple(said_after),
        stalled["stall_s"],
        stalled["stall_waited_s"],
        frozenset(word for one in during for word in one["tiles"]),
        off_s,
        max(abs((one.start.started - began).total_seconds()) for one in sessions),
        tuple(sorted(marks)),
    )


def _off_s(history: History, session: StoredSession, room: Watched) -> float:
    times_s = [
        event.t_s for event in history.events(session.id) if isinstance(event, HeartRateMeasurement)
    ]
    sent = room.sent[session.start.athlete or ""]
    return times_s[-1] - times_s[0] - (sent[-1].at_s - sent[0].at_s)


def _said(room: Watched, from_s: float, to_s: float) -> tuple[str, ...]:
    notices = [
        notice.split(";")[0]
        for one in room.seconds
        if from_s < one["at_s"] <= to_s
        for notice in one["notices"]
    ]
    return tuple(dict.fromkeys(notices))
