"""What others measured, taken into an athlete's history: marked as imported, and only once."""

import asyncio
import hashlib
import math
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from importlib.metadata import version
from pathlib import Path
from statistics import median

from device.analysis import RR_RANGE_MS
from device.daily_files import DailyFile, DailyRow
from device.errors import BadSource, StoreError
from device.history import SessionStart
from device.morning_protocol import METHOD_VERSION
from device.morning_record import Answers, StoredMorning
from device.morning_schedule import AROUND_MEDIAN_H, MEDIAN_DAYS, MEDIAN_FROM_N
from device.session import METHOD_VERSION as SESSION_METHOD_VERSION
from device.session import Session
from device.store import Store
from hrv.decision import Symptoms
from sensors import replay
from sensors.events import SensorEvent
from sensors.recording import Recording

PURPOSE = "imported"
"""Of a session that was no session here."""
SICK = "sick"
"""Tag of a day the app has as sick, without saying how."""
ALL_SESSIONS = 1_000_000


@dataclass(frozen=True, slots=True)
class SortedOut:
    """The mornings of a file, held against those already in the history."""

    new: tuple[StoredMorning, ...]
    already: tuple[StoredMorning, ...]
    """Taken from an earlier export of the same app."""
    taken_days: tuple[StoredMorning, ...]
    """Of days that have a usable morning of another kind, our own or another app's: the first
    that came counts, or the verdicts of past days would change from one baseline to another."""


def mornings_of(file: DailyFile, athlete: str, name: str) -> list[StoredMorning]:
    """The rows of a file as mornings; ``name`` is the file's.

    Their baseline is their own: what an app measured, in a posture and with a sensor nobody
    knows, is never compared with a test taken here, nor with what another app measured.
    """
    mornings: list[StoredMorning] = []
    for row in file.rows:
        usual = _at_usual_time(row, mornings[-MEDIAN_DAYS:])
        mornings.append(_morning(row, file, athlete, name, usual=usual))
    return mornings


def _at_usual_time(row: DailyRow, earlier: Sequence[StoredMorning]) -> bool:
    """As :func:`device.morning_schedule.on_schedule`, but only beside the athlete's own median.

    Between which hours a morning lies hangs on the time zone, and that of a file may be a guess.
    """
    hours = [
        _hour(one.taken)
        for one in earlier
        if one.taken is not None and row.day - one.day <= timedelta(days=MEDIAN_DAYS)
    ]
    if row.taken is None or len(hours) < MEDIAN_FROM_N:
        return True
    return abs(_hour(row.taken) - median(hours)) <= AROUND_MEDIAN_H


def _hour(taken: datetime) -> float:
    return taken.hour + taken.minute / 60.0 + taken.second / 3600.0


def _morning(
    row: DailyRow, file: DailyFile, athlete: str, name: str, *, usual: bool
) -> StoredMorning:
    return StoredMorning(
        athlete=athlete,
        day=row.day,
        taken=row.taken,
        protocol=f"{file.app} imported {METHOD_VERSION}",
        protocol_name=file.app,
        strap="imported",
        method_version=METHOD_VERSION,
        outcome="accepted",
        problem=row.unusable,
        rmssd_ms=row.rmssd_ms,
        hr_bpm=row.hr_bpm,
        answers=Answers(
            feeling=row.feeling,
            # The app does not say what it was; the milder reading keeps it out of the baseline too.
            symptoms=Symptoms.HEAD_COLD if row.ill else Symptoms.NONE,
            tags=(*row.tags, SICK) if row.ill else row.tags,
        ),
        on_schedule=usual,
        imported_from=f"{file.form}: {name}",
    )


def sort_out(mornings: Iterable[StoredMorning], stored: Sequence[StoredMorning]) -> SortedOut:
    """Which mornings are new beside those ``stored`` of the same athlete."""
    same = {(one.day, one.protocol) for one in stored if one.imported_from is not None}
    taken_days = {
        one.day for one in stored if one.comparable.unusable is None and one.place == "home"
    }
    new, already, others = [], [], []
    for morning in mornings:
        if (morning.day, morning.protocol) in same:
            already.append(morning)
        elif morning.day in taken_days:
            others.append(morning)
        else:
            new.append(morning)
    return SortedOut(tuple(new), tuple(already), tuple(others))


def fingerprint_of(path: Path) -> str:
    """What tells the same recording again; raises :class:`BadSource` where it cannot be read."""
    try:
        return f"sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}"
    except OSError as error:
        raise BadSource(f"{path}: {error.strerror or error}") from error


def import_recording(
    store: Store, athlete: str, recording: Recording, *, source: str, fingerprint: str
) -> tuple[int, bool]:
    """Keep a recording as a session; returns its number, and whether it is new.

    Raises :class:`StoreError` where it cannot be saved; then nothing of it is.
    """
    for known in store.sessions(athlete=athlete, limit=ALL_SESSIONS):
        if known.start.purpose == PURPOSE and known.start.fingerprint == fingerprint:
            return known.id, False
    start = SessionStart(
        athlete=athlete,
        purpose=PURPOSE,
        source=source,
        fingerprint=fingerprint,
        beatwise_version=version("beatwise"),
        method_version=SESSION_METHOD_VERSION,
    )
    session, writer = Session(rr_range_ms=RR_RANGE_MS), store.begin(start)

    def keep(event: SensorEvent) -> None:
        writer.append(event)
        session.add(event)

    asyncio.run(replay.play(keep, recording, speed=math.inf))
    writer.finish("finished", ended_s=session.t_s, summary=asdict(session.summary()))
    trouble = store.commit()
    if trouble is not None or writer.session_id is None:
        raise StoreError(str(trouble or "not saved"))
    return writer.session_id, True
