"""Sensor events packed into one blob, as they came: what a row of the store's ``chunk`` holds.

Form 1, little-endian::

    u8   form (1)
    u32  CRC-32 (zlib) of everything after it
    u32  events in the chunk
    u32  length of the extras, in bytes
    i64  t of the first plain measurement, in microseconds
    columns of the plain measurements, in this order:
         t (microseconds since the one before; 0 for the first), flags, bpm, energy_kj,
         ticks_per_s, number of RR intervals, RR intervals (ticks, all measurements in a row)
    extras: JSON in UTF-8, a list of [position among the chunk's events, event]

A column is one byte, the type of its items as in :mod:`struct` (the narrowest that holds them
all), with the high bit set where every item is the same and only one is written; then the items.
A column without items is nothing at all. Flags: bit 0 bpm is known, bit 1 energy is known, bit 2
contact is known, bit 3 contact. An unknown value stands as 0 in its column.

A measurement is plain when it has no problems and no gaps and its integers fit 64 bits: nearly
all. Every other event is an extra, written out with its field's names.
"""

import json
import struct
import zlib
from collections.abc import Sequence
from itertools import accumulate, pairwise
from typing import Any

from sensors.events import (
    BodyLocation,
    Connected,
    Disconnected,
    Distance,
    HeartRateMeasurement,
    Malformed,
    Searching,
    SensorEvent,
    StrapDetails,
)

FORM = 1
_HEAD = struct.Struct("<BI")
_BODY = struct.Struct("<IIq")
_ITEMS = {"B": 8, "b": 7, "H": 16, "h": 15, "I": 32, "i": 31, "q": 63}
"""Types of items and the bits of their largest value, the narrowest first."""
_ALL_SAME = 0x80
_BPM, _ENERGY, _CONTACT_KNOWN, _CONTACT = 1, 2, 4, 8


class DamagedChunk(ValueError):
    """A chunk that does not hold what was packed into it, or is of a form not known here."""


def pack(events: Sequence[SensorEvent]) -> bytes:
    """Pack events, in order; ``t_s`` is rounded to the microsecond."""
    plain: list[HeartRateMeasurement] = []
    extras: list[tuple[int, dict[str, object]]] = []
    for position, event in enumerate(events):
        if isinstance(event, HeartRateMeasurement) and _is_plain(event):
            plain.append(event)
        else:
            extras.append((position, _written_out(event)))
    t_us = [_us(m.t_s) for m in plain]
    extras_json = json.dumps(extras, separators=(",", ":")).encode() if extras else b""
    body = b"".join(
        (
            _BODY.pack(len(events), len(extras_json), t_us[0] if t_us else 0),
            _column([later - earlier for earlier, later in pairwise(t_us[:1] + t_us)]),
            _column([_flags(m) for m in plain]),
            _column([m.bpm or 0 for m in plain]),
            _column([m.energy_kj or 0 for m in plain]),
            _column([m.ticks_per_s for m in plain]),
            _column([len(m.rr_ticks) for m in plain]),
            _column([ticks for m in plain for ticks in m.rr_ticks]),
            extras_json,
        )
    )
    return _HEAD.pack(FORM, zlib.crc32(body)) + body


def unpack(chunk: bytes) -> list[SensorEvent]:
    """Give back what :func:`pack` was given.

    Raises :class:`DamagedChunk`.
    """
    if len(chunk) < _HEAD.size:
        raise DamagedChunk("cut short")
    form, checksum = _HEAD.unpack_from(chunk)
    body = chunk[_HEAD.size :]
    if form != FORM:
        raise DamagedChunk(f"form {form} is not known to this version")
    if zlib.crc32(body) != checksum:
        raise DamagedChunk("the checksum does not match")
    try:
        return _unpack_body(body)
    except (struct.error, LookupError, TypeError, ValueError) as error:
        raise DamagedChunk(f"cannot be read: {error}") from error


def _unpack_body(body: bytes) -> list[SensorEvent]:
    n_events, extras_length, first_us = _BODY.unpack_from(body)
    end = len(body) - extras_length
    extras = [(at, _read_back(fields)) for at, fields in json.loads(body[end:] or b"[]")]
    n_plain = n_events - len(extras)
    columns = _Columns(body[:end], _BODY.size)
    steps_us, flags, bpm, energy_kj, ticks_per_s, counts = (columns.take(n_plain) for _ in range(6))
    ticks = columns.take(sum(counts))
    ends = list(accumulate(counts))
    events: list[SensorEvent] = [
        HeartRateMeasurement(
            bpm=bpm[i] if flags[i] & _BPM else None,
            rr_ticks=tuple(ticks[ends[i] - counts[i] : ends[i]]),
            contact=bool(flags[i] & _CONTACT) if flags[i] & _CONTACT_KNOWN else None,
            energy_kj=energy_kj[i] if flags[i] & _ENERGY else None,
            ticks_per_s=ticks_per_s[i],
            t_s=t_us / 1e6,
        )
        for i, t_us in enumerate(first_us + passed for passed in accumulate(steps_us))
    ]
    for position, event in extras:
        events.insert(position, event)
    return events


def rr_ms(chunk: bytes) -> list[float]:
    """The RR intervals of a chunk in ms, oldest first; raises :class:`DamagedChunk`."""
    return [
        ticks * 1000 / event.ticks_per_s
        for event in unpack(chunk)
        if isinstance(event, HeartRateMeasurement)
        for ticks in event.rr_ticks
    ]


class _Columns:
    """Reads columns one after another."""

    def __init__(self, data: bytes, offset: int) -> None:
        self._data = data
        self._offset = offset

    def take(self, n: int) -> Sequence[int]:
        """The next column, which has ``n`` items."""
        if n == 0:
            return ()
        code = self._data[self._offset]
        stored = 1 if code & _ALL_SAME else n
        form = f"<{stored}{chr(code & ~_ALL_SAME)}"
        items = struct.unpack_from(form, self._data, self._offset + 1)
        self._offset += 1 + struct.calcsize(form)
        return items * n if stored < n else items


def _column(items: Sequence[int]) -> bytes:
    if not items:
        return b""
    low, high = min(items), max(items)
    code = next(
        code
        for code, bits in _ITEMS.items()
        if high < 1 << bits and low >= (-(1 << bits) if code.islower() else 0)
    )
    same = low == high
    stored = items[:1] if same else items
    head = ord(code) | (_ALL_SAME if same else 0)
    return struct.pack(f"<B{len(stored)}{code}", head, *stored)


def _is_plain(m: HeartRateMeasurement) -> bool:
    integers = (m.bpm or 0, m.energy_kj or 0, m.ticks_per_s, *m.rr_ticks)
    # Two times this far apart still have a difference of 64 bits.
    return (
        not m.problems
        and not m.gaps
        and all(-(1 << 63) <= number < 1 << 63 for number in integers)
        and abs(_us(m.t_s)) < 1 << 61
    )


def _flags(m: HeartRateMeasurement) -> int:
    contact = 0 if m.contact is None else _CONTACT_KNOWN | (_CONTACT if m.contact else 0)
    return contact | (m.bpm is not None and _BPM) | (m.energy_kj is not None and _ENERGY)


def _us(t_s: float) -> int:
    return round(t_s * 1e6)


_EXTRAS: dict[str, type] = {
    kind.__name__: kind
    for kind in (
        HeartRateMeasurement,
        Distance,
        Searching,
        Connected,
        StrapDetails,
        Disconnected,
        Malformed,
    )
}


def _written_out(event: SensorEvent) -> dict[str, object]:
    kind = type(event)
    fields: dict[str, object] = {"event": kind.__name__}
    for name in kind.__dataclass_fields__:
        value = getattr(event, name)
        if name == "t_s":
            fields["t_us"] = _us(value)
        else:
            fields[name] = value.hex() if isinstance(value, bytes) else value
    return fields


def _read_back(fields: dict[str, Any]) -> SensorEvent:
    values = dict(fields)
    kind = _EXTRAS[values.pop("event")]
    values["t_s"] = values.pop("t_us") / 1e6
    for name, value in values.items():
        if isinstance(value, list):
            values[name] = tuple(value)
    if kind is Malformed:
        values["payload"] = bytes.fromhex(values["payload"])
    if values.get("body_location") is not None:
        values["body_location"] = BodyLocation(values["body_location"])
    event: SensorEvent = kind(**values)
    return event
