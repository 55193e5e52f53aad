"""All that is kept of an athlete, in forms that others read: CSV, RR text, FIT.

One zip::

    README.txt          what is in which column
    athlete.toml        the profile
    sessions.csv        a line each, under the names of `beatwise sessions --json`
    mornings.csv        every attempt of a morning test; `beatwise import` reads it
    marks.csv           what happened in the sessions beside the beats
    rr/<session>.csv    beats as the strap sent them: elapsed_s, rr_ms, hr_bpm
    rr/<session>.txt    the same intervals alone, in ms, one a line
    fit/<session>.fit   where it was asked for and its library is installed
"""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

from device import fit_file, morning_history, ratings, roster
from device.daily_forms import FEELINGS
from device.errors import StoreError, UnknownAthlete
from device.folder import Places
from device.history import History, StoredSession
from device.morning_record import StoredMorning
from device.names import slug
from device.session_fields import session_fields
from device.whole_file import new_file, whole
from sensors.events import HeartRateMeasurement, SensorEvent

MOST_SESSIONS = 1_000_000

README = """\
Everything Beatwise keeps of one athlete. Times are ISO 8601; an empty cell is not known.
rr_ms: beat-to-beat intervals in milliseconds, exactly as the strap sent them; nothing is corrected.
elapsed_s: when the strap's message with that interval came, in seconds since the session began.
rmssd_ms, mean_hr_bpm: of morning tests; the five answers go from 1 (worst) to 5 (best).
"""


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written, and where."""

    path: Path
    sessions: int
    mornings: int
    notes: tuple[str, ...] = ()
    """What is not in it, and why."""


def export(
    history: History, places: Places, athlete: str, to: Path, *, now: datetime, fit: bool = False
) -> Exported:
    """Write everything of an athlete into the folder ``to``, or as the file ``to``.

    Raises:
        UnknownAthlete: nothing is kept of that name.
        StoreError: it cannot be read or written; then nothing is left there.
        MissingLibrary: of FIT files.
    """
    encode = fit_file.encoder() if fit else None
    sessions = history.sessions(athlete=athlete, limit=MOST_SESSIONS)[::-1]
    mornings = morning_history.mornings(history, athlete)
    profile = [one for one in roster.load_all(places.data).athletes if one.name == athlete]
    if not (sessions or mornings or profile):
        raise UnknownAthlete(f"nothing is kept of {athlete!r}")
    target = new_file(to, f"{slug(athlete)}-{now:%Y%m%dT%H%M%S}.zip")
    notes: list[str] = []
    try:
        with whole(target) as out, ZipFile(out, "w", ZIP_DEFLATED) as archive:
            archive.writestr("README.txt", README)
            if profile:
                archive.writestr("athlete.toml", roster.as_toml(profile[0]))
            _write_tables(archive, history, sessions, mornings)
            for one in sessions:
                notes += _write_beats(archive, history, one, encode)
    except StoreError:
        raise
    except OSError as error:
        raise StoreError(f"{target} cannot be written: {error.strerror or error}") from error
    return Exported(target, len(sessions), len(mornings), tuple(notes))


def _write_tables(
    archive: ZipFile,
    history: History,
    sessions: Sequence[StoredSession],
    mornings: Sequence[StoredMorning],
) -> None:
    rated = {
        key: rating
        for one in sessions
        for key, rating in ratings.ratings(history, (one.id,)).items()
    }
    archive.writestr(
        "sessions.csv", as_csv(session_fields(one, rated.get(one.id)) for one in sessions)
    )
    archive.writestr("mornings.csv", as_csv(map(morning_fields, mornings)))
    archive.writestr(
        "marks.csv",
        as_csv(
            {"session": one.id, "t_s": mark.t_s, "kind": mark.kind, "text": mark.text}
            for one in sessions
            for mark in history.marks(one.id)
        ),
    )


def _write_beats(
    archive: ZipFile, history: History, one: StoredSession, encode: fit_file.Encode | None
) -> Iterator[str]:
    """One session's files; gives what could not be written, and why."""
    try:
        events = list(history.events(one.id))
    except StoreError as error:
        yield f"{error}; its beats are not in the export"
        return
    beats = list(_beats(events))
    name = f"{one.id}-{slug(one.start.purpose)}"
    if one.start.started is not None:
        name = f"{one.start.started:%Y-%m-%d}-{name}"
    archive.writestr(f"rr/{name}.csv", as_csv(beats))
    archive.writestr(f"rr/{name}.txt", "".join(f"{beat['rr_ms']}\n" for beat in beats))
    if encode is not None:
        if one.start.started is None:
            yield f"session {one.id}: no FIT file, for it is not known when it was"
        else:
            archive.writestr(f"fit/{name}.fit", encode(one, events))


def _beats(events: Iterable[SensorEvent]) -> Iterator[dict[str, object]]:
    for event in events:
        if isinstance(event, HeartRateMeasurement):
            for ticks in event.rr_ticks:
                yield {
                    "elapsed_s": event.t_s,
                    "rr_ms": ticks * 1000 / event.ticks_per_s,
                    "hr_bpm": event.bpm,
                }


def morning_fields(one: StoredMorning) -> dict[str, object]:
    """A morning under the names that our own import reads."""
    feeling = {} if one.answers.feeling is None else asdict(one.answers.feeling)
    return {
        "date": one.day.isoformat(),
        "time": None if one.taken is None else f"{one.taken:%H:%M:%S}",
        "rmssd_ms": one.rmssd_ms,
        "mean_hr_bpm": one.hr_bpm,
        **{item: feeling.get(item) for item in FEELINGS},
        "symptoms": one.answers.symptoms.name.lower(),
        "tags": " ".join(one.answers.tags),
        "note": one.answers.note,
        "protocol": one.protocol,
        "outcome": one.outcome,
        "problem": one.problem,
        "artefact_pct": one.artefact_pct,
        "on_schedule": one.on_schedule,
        "imported_from": one.imported_from,
        "session": one.session_id,
        "rule": one.rule,
        "verdict": None if one.verdict is None else one.verdict.value,
        "choice": one.choice,
    }


def as_csv(rows: Iterable[dict[str, object]]) -> str:
    """A table with the keys of its first row as header; nothing where there are no rows."""
    out = io.StringIO()
    writer: csv.DictWriter[str] | None = None
    for row in rows:
        if writer is None:
            writer = csv.DictWriter(out, row, lineterminator="\n")
            writer.writeheader()
        writer.writerow(row)
    return out.getvalue()
