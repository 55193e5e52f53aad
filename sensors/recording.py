"""A recording of RR intervals that others made, as the events its strap would have sent."""

import gzip
import zlib
from dataclasses import dataclass
from pathlib import Path

from sensors.events import HeartRateMeasurement
from sensors.intervals import Intervals, Unit, UnreadableRecording
from sensors.notifications import frames
from sensors.rr_text import read_text

__all__ = ["Recording", "UnreadableRecording", "read"]

LARGEST_BYTES = 64 * 2**20
"""Unpacked. Four weeks of beats with their times; a Pi Zero has 512 MB."""


@dataclass(frozen=True, slots=True)
class Recording:
    """What a sensor reported, once."""

    name: str
    """The file's name."""
    form: str
    """What kind of file it was, in words."""
    ticks_per_s: int
    """Of every frame: the resolution of the file."""
    frames: tuple[HeartRateMeasurement, ...]
    """In order; ``t_s`` counts from the first arrival, or, where arrivals are not known, is the
    sum of the RR intervals so far."""
    arrivals_known: bool
    notes: tuple[str, ...] = ()
    """What a person should know of how it was read."""


def read(path: Path, *, unit: Unit | None = None) -> Recording:
    """Read an RR recording of any form we know, also gzipped.

    Args:
        path: the file.
        unit: of the RR intervals, where the file does not say it.

    Raises:
        UnreadableRecording: no such file, no RR recording, damaged, or its unit is not said.
    """
    try:
        intervals = _intervals(_content(path), unit)
        notifications = frames(intervals)
    except UnreadableRecording as error:
        error.file = str(path)
        raise
    return Recording(
        name=path.name,
        form=intervals.form,
        ticks_per_s=intervals.ticks_per_s,
        frames=notifications,
        arrivals_known=intervals.stamps is not None,
        notes=intervals.notes,
    )


def _content(path: Path) -> bytes:
    """The bytes of a file, unpacked."""
    try:
        with path.open("rb") as file:
            packed = file.read(2) == b"\x1f\x8b"
            file.seek(0)
            content = (gzip.GzipFile(fileobj=file) if packed else file).read(LARGEST_BYTES + 1)
    except (EOFError, zlib.error, gzip.BadGzipFile):
        raise UnreadableRecording("the gzip file is damaged or cut off") from None
    except OSError as error:
        raise UnreadableRecording(error.strerror or "cannot be read") from None
    if len(content) > LARGEST_BYTES:
        raise UnreadableRecording(f"holds more than {LARGEST_BYTES // 2**20} MB")
    return content


def _intervals(content: bytes, unit: Unit | None) -> Intervals:
    return read_text(content.decode("utf-8-sig", errors="replace"), unit)
