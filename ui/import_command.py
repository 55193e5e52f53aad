"""``beatwise import FILE``: another app's history, or a recording, into an athlete's history."""

import argparse
import sys
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta, tzinfo
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from device import morning_history, trusted_clock
from device.daily_files import DailyFile, LeftOut, NotDaily
from device.daily_files import read as read_daily
from device.errors import BadSource, BeatwiseError, StoreError
from device.imports import (
    SortedOut,
    fingerprint_of,
    import_recording,
    mornings_of,
    sort_out,
)
from device.sources import Unit
from device.station import Station, open_station
from sensors.recording import Recording, UnreadableRecording
from sensors.recording import read as read_recording
from ui import whose
from ui.wiring import local_now

REASONS_SHOWN = 12


class BadZone(BeatwiseError, ValueError):
    """A ``--zone`` that is none; says what one looks like."""


def run(options: argparse.Namespace) -> int:
    """Take the file in, or change nothing and say why."""
    file: Path = options.file.expanduser()
    # The file is read before anything is opened: what cannot be read changes nothing.
    found = read(file, dates=options.dates, zone=options.zone, unit=options.unit)
    name = whose.athlete(options.data, options.athlete, "import").name
    now = local_now()
    with open_station(options.data, now=now) as station:
        if station.store.read_only:
            raise StoreError(station.store.notes[-1])
        for note in station.store.notes:
            print(f"beatwise: {note}", file=sys.stderr)
        if isinstance(found, DailyFile):
            said = _take_mornings(station, name, file, _until_today(station, found, now))
        else:
            said = _take_recording(station, name, file, found)
    print("\n".join(said))
    return 0


def read(
    file: Path, *, dates: str | None, zone: str | None, unit: Unit | None
) -> DailyFile | Recording:
    """A daily history, or else an RR recording.

    Raises a :class:`device.errors.BeatwiseError` where it is neither, or damaged.
    """
    there = _zone(zone)
    try:
        return read_daily(file, dates=dates, zone=there)  # type: ignore[arg-type]  # argparse
    except NotDaily as no_history:
        try:
            return read_recording(file, unit=unit)
        except UnreadableRecording as error:
            if "--unit" in error.reason or no_history.line is not None:
                raise BadSource(str(error)) from error
            raise BadSource(
                f"{error}; and it is no daily history either, whose header names date,"
                " rmssd_ms or ln_rmssd, and mean_hr_bpm"
            ) from error


def _zone(name: str | None) -> tzinfo | None:
    if name is None:
        return None
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise BadZone(f"--zone {name!r} is unknown; say one such as Europe/Rome or UTC") from None


def _until_today(station: Station, found: DailyFile, now: datetime) -> DailyFile:
    """Without days that have not been yet, where the clock knows; tomorrow is today elsewhere."""
    judged = trusted_clock.judge_here(station.store, station.places.data, now)
    last = now.date() + timedelta(days=1)
    ahead = [row for row in found.rows if judged.trusted and row.day > last]
    left_out = (*found.left_out, *(LeftOut(row.line, "the day is still to come") for row in ahead))
    return replace(
        found, rows=tuple(row for row in found.rows if row not in ahead), left_out=left_out
    )


def _take_mornings(station: Station, name: str, file: Path, found: DailyFile) -> list[str]:
    store = station.store
    stored = morning_history.mornings(store, name)
    sorted_out = sort_out(mornings_of(found, name, file.name), stored)
    morning_history.keep_all(store, sorted_out.new)
    return told(name, file, found, sorted_out)


def told(name: str, file: Path, found: DailyFile, sorted_out: SortedOut) -> list[str]:
    """What was taken, what was left and why."""
    new = sorted_out.new
    lines = [f"{file.name}: {found.form}, {_count(len(found.rows), 'morning')}"]
    if new:
        lines.append(f"  taken for {name}: {len(new)}, {new[0].day} to {new[-1].day}")
    else:
        lines.append(f"  taken for {name}: nothing new")
    odd = [morning for morning in new if morning.problem is not None]
    if odd:
        lines.append(f"  of these kept but unusable: {len(odd)}")
        lines += [f"    {one.day}: {one.problem}" for one in odd[:REASONS_SHOWN]]
        lines += _more(len(odd) - REASONS_SHOWN)
    odd_hours = [morning for morning in new if not morning.on_schedule]
    if odd_hours:
        when = f"the last {odd_hours[-1].taken:%Y-%m-%d at %H:%M}"
        lines.append(
            f"  of these not at the usual time, so in no baseline: {len(odd_hours)}, {when}"
        )
    if sorted_out.already:
        lines.append(f"  already here from {found.app}: {len(sorted_out.already)}")
    if others := sorted_out.taken_days:
        days = ", ".join(str(one.day) for one in others[:3]) + (", ..." if len(others) > 3 else "")
        lines.append(f"  left: {len(others)}, the day has another morning already: {days}")
    lines += _left(found.left_out)
    lines += [f"  note: {note}" for note in found.notes]
    lines.append(
        "  note: imported mornings have a baseline of their own; tests taken here are not"
        " compared with them"
    )
    return lines


def _left(left_out: Sequence[LeftOut]) -> list[str]:
    """The reasons, each with its lines."""
    by_reason: dict[str, list[int]] = {}
    for part in left_out:
        by_reason.setdefault(part.reason, []).append(part.line)
    lines = [
        f"  left: {len(at)}, {reason} ({'line' if len(at) == 1 else 'lines'} {_ranges(at)})"
        for reason, at in list(by_reason.items())[:REASONS_SHOWN]
    ]
    return lines + _more(len(by_reason) - REASONS_SHOWN)


def _more(n: int) -> list[str]:
    return [f"    and {n} more"] if n > 0 else []


def _ranges(numbers: Iterable[int]) -> str:
    """``3-22, 40``"""
    runs: list[list[int]] = []
    for number in sorted(set(numbers)):
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    shown = [f"{a}" if a == b else f"{a}-{b}" for a, b in runs[:REASONS_SHOWN]]
    return ", ".join([*shown, *(["..."] if len(runs) > REASONS_SHOWN else [])])


def _take_recording(station: Station, name: str, file: Path, found: Recording) -> list[str]:
    number, new = import_recording(
        station.store,
        name,
        found,
        source=f"import:{file.name}",
        fingerprint=fingerprint_of(file),
    )
    n_beats = sum(len(frame.rr_ticks) for frame in found.frames)
    lines = [f"{file.name}: {found.form}, {n_beats} beats"]
    if new:
        lines.append(f"  taken for {name}: session {number}, imported")
    else:
        lines.append(f"  taken for {name}: nothing new, it is session {number} already")
    return lines + [f"  note: {note}" for note in found.notes]


def _count(n: int, what: str) -> str:
    return f"{n} {what}" if n == 1 else f"{n} {what}s"
