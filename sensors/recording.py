"""A recording of RR intervals that others made, as the events its strap would have sent."""

import codecs
import gzip
import re
import zlib
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from sensors.events import Distance, HeartRateMeasurement
from sensors.intervals import Intervals, Unit, UnreadableRecording
from sensors.notifications import distances, frames
from sensors.numpy_file import read_npy
from sensors.polar_hrm import read_hrm
from sensors.rr_text import read_text
from sensors.suunto_sml import read_sml

__all__ = ["Recording", "UnreadableRecording", "read"]

FOREIGN = {
    b"\x00\x05\x16\x07": "what macOS keeps beside a file (._NAME); the recording is in NAME itself",
    b"PK\x03\x04": "a zip archive: unpack it first",
    b"\xfd7zXZ": "packed with xz: unpack it first (R workspaces are packed so too: save as CSV)",
    b"BZh": "packed with bzip2: unpack it first",
    b"RDX": "an R workspace: save its RR intervals as CSV",
}
"""Files that are often taken for recordings, by their first bytes."""
LARGEST_BYTES = 32 * 2**20
"""Unpacked: ten days of beats with their times, or a very long FIT file."""


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
    distances: tuple[Distance, ...] = ()
    """How far the runner had come, in order; empty where nobody counted."""


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
        error.file = str(path) if str(path).isprintable() else ascii(str(path))
        raise
    return Recording(
        name=path.name,
        form=intervals.form,
        ticks_per_s=intervals.ticks_per_s,
        frames=notifications,
        arrivals_known=intervals.stamps is not None,
        notes=intervals.notes,
        distances=distances(intervals, notifications),
    )


def _content(path: Path) -> bytes:
    """The bytes of a file, unpacked."""
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST_BYTES + 1)
        if content.startswith(b"\x1f\x8b") and len(content) <= LARGEST_BYTES:
            content = gzip.GzipFile(fileobj=BytesIO(content)).read(LARGEST_BYTES + 1)
    except (EOFError, zlib.error, gzip.BadGzipFile):
        raise UnreadableRecording("the gzip file is damaged or cut off") from None
    except OSError as error:
        raise UnreadableRecording(error.strerror or "cannot be read") from None
    if len(content) > LARGEST_BYTES:
        raise UnreadableRecording(f"holds more than {LARGEST_BYTES // 2**20} MB")
    return content


def _intervals(content: bytes, unit: Unit | None) -> Intervals:
    """Find out the form by what the file holds; its name says nothing."""
    for magic, what in FOREIGN.items():
        if content.startswith(magic):
            raise UnreadableRecording(what)
    if content[8:12] == b".FIT":
        from sensors.fit import read_fit  # its library takes longer to load than a text to read

        return _in_ms(read_fit(content), unit)
    if content.startswith(b"\x93NUMPY"):
        return read_npy(content, unit)
    text = _decoded(content)
    if text.startswith("[Params]"):
        return _in_ms(read_hrm(text.split("\n")), unit)
    if text.startswith("<"):
        return _in_ms(read_sml(text), unit)
    return read_text(text, unit)


def _in_ms(intervals: Intervals, unit: Unit | None) -> Intervals:
    """For forms that have but one unit."""
    if unit == "s":
        raise UnreadableRecording(f"the RR intervals of {intervals.form} are not in s")
    return intervals


def _decoded(content: bytes) -> str:
    """Text with plain ends of lines, however it was written."""
    wide = content[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
    text = content.decode("utf-16" if wide else "utf-8-sig", errors="replace")
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if binary := re.search(r"[\x00-\x08\x0e-\x1f\x7f]", text):
        raise UnreadableRecording("binary, not text", line=text.count("\n", 0, binary.start()) + 1)
    return text
