import struct
import zlib
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.chunks import DamagedChunk, pack, rr_ms, unpack
from sensors.events import (
    BodyLocation,
    Connected,
    Disconnected,
    HeartRateMeasurement,
    Malformed,
    Searching,
    StrapDetails,
)

TIMES_S = st.one_of(
    st.integers(0, 10**12).map(lambda t_us: t_us / 1e6),
    st.integers(-(2**53), 2**53).map(lambda t_us: t_us / 1e6),
)
TEXTS = st.text(max_size=20)  # with what is invisible, unpaired or from right to left
SMALL = st.integers(0, 65535)
ANY = st.one_of(SMALL, st.integers(), st.sampled_from([-1, 2**32, 2**63 - 1, 2**63, -(2**63)]))

MEASUREMENTS = st.builds(
    HeartRateMeasurement,
    bpm=st.none() | ANY,
    rr_ticks=st.lists(ANY, max_size=9).map(tuple),
    contact=st.sampled_from([None, False, True]),
    energy_kj=st.none() | ANY,
    gaps=st.just(()) | st.lists(st.integers(0, 9), max_size=3).map(tuple),
    problems=st.just(()) | st.lists(TEXTS, max_size=2).map(tuple),
    ticks_per_s=st.sampled_from([1024, 1000, 1_000_000]),
    t_s=TIMES_S,
)
EVENTS = st.one_of(
    MEASUREMENTS,
    MEASUREMENTS,
    st.builds(Searching, reason=TEXTS, t_s=TIMES_S),
    st.builds(Connected, name=TEXTS, address=st.none() | TEXTS, t_s=TIMES_S),
    st.builds(
        StrapDetails,
        battery_pct=st.none() | st.integers(0, 100),
        body_location=st.none() | st.sampled_from(BodyLocation),
        t_s=TIMES_S,
    ),
    st.builds(Disconnected, reason=TEXTS, t_s=TIMES_S),
    st.builds(Malformed, payload=st.binary(max_size=30), reason=TEXTS, t_s=TIMES_S),
)


@given(st.lists(EVENTS, max_size=30))
def test_any_events_come_back_as_they_went_in(events):
    back = unpack(pack(events))
    assert back == events
    assert [type(event) for event in back] == [type(event) for event in events]


def test_a_body_location_comes_back_as_one():
    (details,) = unpack(pack([StrapDetails(90, BodyLocation.CHEST)]))
    assert isinstance(details, StrapDetails)
    assert isinstance(details.body_location, BodyLocation)


@given(st.floats(-1e6, 1e6))
def test_times_are_kept_to_the_microsecond(t_s):
    (back,) = unpack(pack([HeartRateMeasurement(60, t_s=t_s)]))
    assert back.t_s == pytest.approx(t_s, abs=0.6e-6)
    assert unpack(pack([back])) == [back]


def test_five_seconds_of_a_strap_take_less_than_a_hundred_bytes():
    beats = [
        HeartRateMeasurement(150 + i, (400 + i, 410 - i), True, t_s=i + i / 977) for i in range(5)
    ]
    assert len(pack(beats)) < 100
    # Each tick in two bytes, and what every beat has in common written once.
    assert len(pack(beats * 100)) < 500 * (2 * 2 + 4 + 1 + 1 + 1) + 40


def test_rr_in_ms_follow_each_measurements_own_resolution():
    events = [
        HeartRateMeasurement(60, (1024, 512)),
        Disconnected("out of range"),
        HeartRateMeasurement(60, (833,), ticks_per_s=1000),
        HeartRateMeasurement(60, (1024,), problems=("reserved bits set",)),
    ]
    assert rr_ms(pack(events)) == [1000.0, 500.0, 833.0, 1000.0]


@given(st.lists(EVENTS, min_size=1, max_size=5), st.data())
def test_a_chunk_with_a_flipped_bit_is_never_read_as_good(events, data):
    chunk = bytearray(pack(events))
    at = data.draw(st.integers(0, len(chunk) - 1))
    chunk[at] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises(DamagedChunk):
        unpack(bytes(chunk))


@given(st.lists(EVENTS, min_size=1, max_size=5), st.data())
def test_a_chunk_cut_short_is_never_read_as_good(events, data):
    chunk = pack(events)
    with pytest.raises(DamagedChunk):
        unpack(chunk[: data.draw(st.integers(0, len(chunk) - 1))])


def test_an_event_from_the_future_is_a_damaged_chunk():
    extras = b'[[0,{"event":"Speed","t_us":0}]]'
    body = struct.pack("<IIq", 1, len(extras), 0) + extras
    with pytest.raises(DamagedChunk, match="Speed"):
        unpack(struct.pack("<BI", 1, zlib.crc32(body)) + body)


def test_a_form_from_the_future_says_so():
    chunk = pack([HeartRateMeasurement(60)])
    with pytest.raises(DamagedChunk, match="form 2 is not known"):
        unpack(b"\x02" + chunk[1:])


def test_events_out_of_time_order_keep_their_order():
    late = HeartRateMeasurement(60, (1000,), t_s=9.5)
    events = [late, replace(late, t_s=3.25), replace(late, t_s=-1.0), replace(late, t_s=1e6)]
    assert unpack(pack(events)) == events
