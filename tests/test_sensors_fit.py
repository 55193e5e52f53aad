"""FIT files written here byte by byte, and real ones."""

import struct
from itertools import pairwise
from pathlib import Path

import fitdecode
import pytest
from fitdecode.utils import compute_crc
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sensors.recording import Recording, UnreadableRecording, read

HRV, HR, RECORD = 78, 132, 20
UINT8, UINT16, UINT32, BYTE = 0x02, 0x84, 0x86, 0x0D


def fit(*messages: tuple[int, list[tuple[int, int, bytes]]]) -> bytes:
    """A FIT file of (message number, [(field number, base type, content)])."""
    body = b""
    for number, fields in messages:
        definition = b"".join(bytes([n, len(content), base]) for n, base, content in fields)
        body += struct.pack("<BBBHB", 0x40, 0, 0, number, len(fields)) + definition
        body += b"\0" + b"".join(content for _, _, content in fields)
    header = struct.pack("<BBHI4s", 14, 0x20, 2132, len(body), b".FIT")
    header += struct.pack("<H", compute_crc(header))
    return header + body + struct.pack("<H", compute_crc(header + body))


def hrv(*rr_ms: int) -> tuple[int, list[tuple[int, int, bytes]]]:
    return HRV, [(0, UINT16, struct.pack("<5H", *rr_ms, *[0xFFFF] * (5 - len(rr_ms))))]


def beat(ticks: int, bpm: int) -> tuple[int, list[tuple[int, int, bytes]]]:
    when, at = struct.pack("<I", 817_240_034), struct.pack("<I", ticks)
    return HR, [(253, UINT32, when), (9, UINT32, at), (6, UINT8, bytes([bpm]))]


def beats(*ticks: int, bpm: int) -> tuple[int, list[tuple[int, int, bytes]]]:
    low = [at & 0xFFF for at in ticks]
    packed = b"".join(
        bytes([a & 0xFF, a >> 8 | (b & 0xF) << 4, b >> 4])
        for a, b in zip(low[::2], low[1::2], strict=True)
    )
    return HR, [(10, BYTE, packed), (6, UINT8, bytes([bpm] * len(ticks)))]


def reading(folder: Path, content: bytes) -> Recording:
    path = folder / "activity.fit"
    path.write_bytes(content)
    return read(path)


def ticks(recording: Recording) -> list[int]:
    return [rr for frame in recording.frames for rr in frame.rr_ticks]


def test_hrv_messages_hold_ms_and_padding_is_left_out(tmp_path: Path) -> None:
    recording = reading(tmp_path, fit(hrv(812, 790), (RECORD, [(3, UINT8, b"\x50")]), hrv(801)))
    assert ticks(recording) == [812, 790, 801]
    assert recording.ticks_per_s == 1000
    assert not recording.arrivals_known
    assert recording.form == "FIT (hrv messages)"


def test_beats_stored_under_water_become_intervals_of_1024ths(tmp_path: Path) -> None:
    first = 226_991_879
    at = [first + step for step in (461, 929, 1388, 1848, 2308, 2766, 3228, 3687)]
    recording = reading(tmp_path, fit(beat(first, 132), beats(*at, bpm=133)))
    assert recording.ticks_per_s == 1024
    assert ticks(recording) == [461, 468, 459, 460, 460, 458, 462, 459]
    assert recording.arrivals_known
    assert [frame.t_s for frame in recording.frames] == [(tick - at[0]) / 1024 for tick in at]
    assert {frame.bpm for frame in recording.frames} == {133}


def test_a_new_start_more_than_four_seconds_later_is_a_gap(tmp_path: Path) -> None:
    content = fit(
        beat(10_000, 60),
        beats(11_000, 12_000, bpm=60),
        beat(50_000, 61),
        beats(51_000, 51_000, bpm=62),
    )
    recording = reading(tmp_path, content)
    assert ticks(recording) == [1000, 1000, 1000]
    assert [frame.gaps for frame in recording.frames] == [(), (), (0,), ()]
    assert [frame.t_s for frame in recording.frames] == [
        0.0,
        1000 / 1024,
        39_000 / 1024,
        40_000 / 1024,
    ]


REFUSED = [
    (fit((RECORD, [(3, UINT8, b"\x50")])), "without RR intervals"),
    (fit(hrv()), "without RR intervals"),
    (fit(beat(10_000, 60)), "without RR intervals"),
    (fit(beat(10_000, 60), beats(10_000, 10_000, bpm=60)), "a single beat"),
    (fit(hrv(812, 790))[:-3], "damaged or cut off"),
    (fit(hrv(812, 790))[:20], "damaged or cut off"),
    (fit(hrv(812, 790)).replace(b"\x2c\x03", b"\x2d\x03"), "damaged or cut off"),
]


@pytest.mark.parametrize(("content", "reason"), REFUSED)
def test_a_fit_file_without_intervals_or_damaged_is_refused(
    tmp_path: Path, content: bytes, reason: str
) -> None:
    with pytest.raises(UnreadableRecording, match=reason):
        reading(tmp_path, content)


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_a_damaged_fit_file_is_refused_in_one_line(tmp_path: Path, data: st.DataObject) -> None:
    content = bytearray(fit(hrv(812, 790), beat(10_000, 60), beats(11_000, 12_000, bpm=60)))
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] ^= data.draw(st.integers(1, 255))
    body = bytes(content[:-2])
    if data.draw(st.booleans()):  # damage that its maker has signed
        content[-2:] = struct.pack("<H", compute_crc(body))
    try:
        recording = reading(tmp_path, bytes(content))
    except UnreadableRecording as refusal:
        told = str(refusal)
        assert "\n" not in told
    else:
        assert ticks(recording)


def test_real_hrv_messages_are_those_fitdecode_shows_in_seconds(shared_data: Path) -> None:
    # The 52 and 70 min runs are counted in test_sensors_recording; here they would take 5 s.
    names = ["garmin-edge-820-bike", "garmin-fenix-5-run", "ride18min_edge530_hrv"]
    for path in [shared_data / "fit" / f"{name}.fit" for name in names]:
        shown: list[float] = []
        with fitdecode.FitReader(path) as reader:
            for message in reader:
                if isinstance(message, fitdecode.FitDataMessage) and message.name == "hrv":
                    value = message.get_value("time")
                    shown += [s for s in (value if isinstance(value, tuple) else [value]) if s]
        assert [tick / 1000 for tick in ticks(read(path))] == shown


def test_the_beats_of_a_real_swim_fit_the_heart_rate_beside_them(shared_data: Path) -> None:
    path = shared_data / "fit" / "swim_fr920_hr_messages.fit"
    recording = read(path)
    # 768 messages of 8 beats and 2 of one, less 6 that pad the last; one interval fewer.
    assert len(ticks(recording)) == 768 * 8 + 2 - 6 - 1
    low: list[float] = []
    with fitdecode.FitReader(path) as reader:
        for message in reader:
            if isinstance(message, fitdecode.FitDataMessage) and message.name == "hr":
                low += [field.raw_value for field in message.get_fields("event_timestamp")]
    steps = [round((after - before) * 1024) % 4096 for before, after in pairwise(low)]
    # fitdecode tells the two full times in another unit than the twelve bits counted from them.
    expected = [step for step in steps if step]
    differ = [
        i
        for i, both in enumerate(zip(ticks(recording), expected, strict=True))
        if len(set(both)) > 1
    ]
    assert differ == [0, 3088, 3089]
    minutes = sum(ticks(recording)) / 1024 / 60
    told = [frame.bpm for frame in recording.frames if frame.bpm is not None]
    assert len(told) / minutes == pytest.approx(sum(told) / len(told), rel=0.01)
