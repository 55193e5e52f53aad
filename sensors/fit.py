"""RR intervals in Garmin FIT files, decoded by fitdecode.

Source: the FIT profile. An ``hrv`` message holds RR intervals in ms; it says no time, so that what
a ``record`` message says of the distance belongs to the beats it stands between. Straps that
store beats under water send ``hr`` messages instead: one states the time of a beat in 1/1024 s,
the next give the 12 lowest bits of the times of the eight beats that follow, each.
"""

import struct
from collections.abc import Iterator
from io import BytesIO
from itertools import pairwise

import fitdecode

from sensors.events import STRAP_TICKS_PER_S
from sensors.intervals import MOST_INTERVALS, Intervals, UnreadableRecording

WRAP_TICKS = 2**12
"""After 4 s the twelve bits begin again: a longer time between beats cannot be told."""
DAMAGED = (fitdecode.FitError, struct.error, ValueError, TypeError, LookupError, AssertionError)
"""All that fitdecode 0.11 lets out on thousands of files damaged at random."""


def read_fit(content: bytes) -> Intervals:
    """RR intervals from the bytes of a FIT file.

    Raises:
        UnreadableRecording: damaged, cut off, or without RR intervals.
    """
    rr_ms: list[int] = []
    beats: list[tuple[int, int | None]] = []
    distances: list[tuple[int, int]] = []
    try:
        with fitdecode.FitReader(
            BytesIO(content),
            processor=None,  # the integers as stored, not their decoded values
            check_crc=fitdecode.CrcCheck.RAISE,
            error_handling=fitdecode.ErrorHandling.IGNORE,
        ) as reader:
            for message in reader:
                if not isinstance(message, fitdecode.FitDataMessage):
                    continue
                if message.name == "hrv":
                    rr_ms += _numbers(message, "time")
                elif message.name == "hr":
                    beats += _beats(message, beats[-1][0] if beats else None)
                elif message.name == "record":
                    distances += [(len(rr_ms), cm) for cm in _numbers(message, "distance")]
                if max(len(rr_ms) + len(beats), len(distances)) > MOST_INTERVALS:
                    break
    except DAMAGED:
        raise UnreadableRecording("a damaged or cut off FIT file") from None
    if max(len(rr_ms) + len(beats), len(distances)) > MOST_INTERVALS:
        raise UnreadableRecording(f"holds more than {MOST_INTERVALS:,} RR intervals")
    if any(rr_ms):
        return Intervals("FIT (hrv messages)", rr_ms, 1000, distances=distances)
    if len(beats) > 1:
        return _between(beats)
    raise UnreadableRecording("a FIT file without RR intervals: it has no hrv messages")


def _numbers(message: fitdecode.FitDataMessage, field: str) -> list[int]:
    """The valid integers of a field, which may be an array, padded with invalid ones (None)."""
    stored = message.get_raw_value(field, fallback=())
    many = stored if isinstance(stored, tuple) else (stored,)
    return [number for number in many if isinstance(number, int)]


def _beats(
    message: fitdecode.FitDataMessage, before: int | None
) -> Iterator[tuple[int, int | None]]:
    """Times of the beats in an hr message, in 1/1024 s, and the heart rate told with each.

    Unpacked here: fitdecode 0.11 counts the twelve bits from the wrong beginning.
    """
    packed = _numbers(message, "event_timestamp_12")
    times = []
    if not packed:
        times = _numbers(message, "event_timestamp")
    elif before is not None:
        for low, middle, high in zip(packed[::3], packed[1::3], packed[2::3], strict=False):
            for bits in (low | (middle & 15) << 8, middle >> 4 | high << 4):
                before += (bits - before) % WRAP_TICKS
                times.append(before)
    bpm = _numbers(message, "filtered_bpm")
    yield from zip(times, bpm if len(bpm) == len(times) else [None] * len(times), strict=True)


def _between(beats: list[tuple[int, int | None]]) -> Intervals:
    """The intervals between beats; none, so a gap, where they were too far apart to be told.

    A last message that is not full repeats its last beat.
    """
    once = [beats[0]] + [after for before, after in pairwise(beats) if after[0] != before[0]]
    steps = [after - before for (before, _), (after, _) in pairwise(once)]
    rr_ticks = [0] + [step if 0 < step < WRAP_TICKS else 0 for step in steps]
    if not any(rr_ticks):
        raise UnreadableRecording("a FIT file with a single beat")
    times, bpm = zip(*once, strict=True)
    return Intervals(
        "FIT (hr messages)", rr_ticks, STRAP_TICKS_PER_S, times, STRAP_TICKS_PER_S, bpm
    )
