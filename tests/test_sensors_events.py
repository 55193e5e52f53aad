"""The 0x2A37 codec against the specification's vectors and against what other decoders assert."""

import itertools
import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sensors.events import (
    LONGEST_RR_TICKS,
    HeartRateMeasurement,
    MalformedFrame,
    decode,
    encode,
)

# The 24 vectors of the specification: heart rate, contact, energy, RR, gaps, problems.
ACCEPTED = [
    ("0048", 72, None, None, (), (), ()),
    ("0648", 72, True, None, (), (), ()),
    ("0248", 72, None, None, (), (), ()),
    ("0400", 0, False, None, (), (), ()),
    ("163C0004", 60, True, None, (1024,), (), ()),
    ("103C0004F603", 60, None, None, (1024, 1014), (), ()),
    ("16969A019C019701", 150, True, None, (410, 412, 407), (), ()),
    ("012C01", 300, None, None, (), (), ("hr_implausible",)),
    ("1148005503", 72, None, None, (853,), (), ()),
    ("184810275503", 72, None, 10000, (853,), (), ()),
    ("0E500500", 80, True, 5, (), (), ()),
    ("1F4800FFFF55036003", 72, True, 65535, (853, 864), (), ()),
    (
        "10C8330134013201330134013101330132013401",
        *(200, None, None, (307, 308, 306, 307, 308, 305, 307, 306, 308), (), ()),
    ),
    ("162D5505", 45, True, None, (1365,), (), ()),
    ("18481027", 72, None, 10000, (), (), ("rr_missing",)),
    ("14480000", 72, False, None, (), (0,), ("rr_zero",)),
    ("1048FFFF", 72, None, None, (), (0,), ("rr_out_of_range",)),
    ("1048550360", 72, None, None, (853,), (1,), ("odd_tail",)),
    ("00485503", 72, None, None, (), (), ("unflagged_tail",)),
    ("E048", 72, None, None, (), (), ()),
]
REJECTED = [
    ("", "empty"),
    ("16", "within its heart rate"),
    ("0148", "within its heart rate"),
    ("084810", "within its energy"),
]


@pytest.mark.parametrize(
    ("frame", "bpm", "contact", "energy_kj", "rr_ticks", "gaps", "problems"), ACCEPTED
)
def test_a_frame_is_read_as_the_specification_says(
    frame: str,
    bpm: int,
    contact: bool | None,
    energy_kj: int | None,
    rr_ticks: tuple[int, ...],
    gaps: tuple[int, ...],
    problems: tuple[str, ...],
) -> None:
    assert decode(bytes.fromhex(frame), 3.5) == HeartRateMeasurement(
        bpm, rr_ticks, contact, energy_kj, gaps, problems, t_s=3.5
    )


@pytest.mark.parametrize(("frame", "reason"), REJECTED)
def test_a_frame_cut_within_a_promised_field_is_rejected_whole(frame: str, reason: str) -> None:
    with pytest.raises(MalformedFrame, match=reason):
        decode(bytes.fromhex(frame))


@pytest.mark.parametrize(
    ("frame", "rr_ticks", "gaps", "problems"),
    [
        ("1048 0000 5503 0000 6003", (853, 864), (0, 1), ("rr_zero",)),
        ("1048 5503 0000 FFFF 6003", (853, 864), (1,), ("rr_zero", "rr_out_of_range")),
        ("1048 5503 0000 60", (853,), (1,), ("rr_zero", "odd_tail")),
        ("1048 60", (), (0,), ("odd_tail",)),
        ("1048 0028", (10240,), (), ()),
        ("1048 0128", (), (0,), ("rr_out_of_range",)),
        ("1048 0100", (1,), (), ()),
    ],
)
def test_only_what_cannot_be_an_interval_is_dropped_and_its_place_is_kept(
    frame: str, rr_ticks: tuple[int, ...], gaps: tuple[int, ...], problems: tuple[str, ...]
) -> None:
    measurement = decode(bytes.fromhex(frame))
    assert (measurement.rr_ticks, measurement.gaps, measurement.problems) == (
        rr_ticks,
        gaps,
        problems,
    )


@pytest.mark.parametrize(
    ("frame", "problems"),
    [
        ("0400", ()),
        ("0600", ("hr_implausible",)),
        ("0000", ("hr_implausible",)),
        ("0018", ("hr_implausible",)),
        ("0019", ()),
        ("00FA", ()),
        ("00FB", ("hr_implausible",)),
        ("04FB", ("hr_implausible",)),
    ],
)
def test_a_heart_rate_no_person_has_is_kept_and_called_implausible_unless_contact_is_lost(
    frame: str, problems: tuple[str, ...]
) -> None:
    assert decode(bytes.fromhex(frame)).problems == problems
    assert decode(bytes.fromhex(frame)).bpm == bytes.fromhex(frame)[1]


@pytest.mark.parametrize(
    "measurement",
    [
        HeartRateMeasurement(bpm, rr_ticks, contact, energy_kj)
        for bpm, rr_ticks, contact, energy_kj in itertools.product(
            (25, 72, 250),
            ((), (853,), (307, 308, 306, 307, 308, 305, 307, 306, 308)),
            (None, False, True),
            (None, 0, 65535),
        )
    ],
)
def test_encoding_every_combination_of_fields_and_decoding_it_gives_it_back(
    measurement: HeartRateMeasurement,
) -> None:
    assert decode(encode(measurement)) == measurement


@given(
    st.builds(
        HeartRateMeasurement,
        bpm=st.integers(0, 0xFFFF),
        rr_ticks=st.lists(st.integers(1, LONGEST_RR_TICKS)).map(tuple),
        contact=st.sampled_from([None, False, True]),
        energy_kj=st.none() | st.integers(0, 0xFFFF),
    )
)
def test_decode_undoes_encode(measurement: HeartRateMeasurement) -> None:
    assert replace(decode(encode(measurement)), problems=()) == measurement


@given(st.binary(max_size=40))
def test_any_bytes_are_either_read_or_rejected_and_what_was_read_can_be_sent_again(
    payload: bytes,
) -> None:
    try:
        measurement = decode(payload)
    except MalformedFrame:
        return
    again = decode(encode(measurement))
    assert replace(again, problems=()) == replace(measurement, gaps=(), problems=())
    assert all(0 < ticks <= LONGEST_RR_TICKS for ticks in measurement.rr_ticks)
    assert all(0 <= gap <= len(measurement.rr_ticks) for gap in measurement.gaps)


@pytest.mark.parametrize(
    ("measurement", "reason"),
    [
        (HeartRateMeasurement(None), "always sends a heart rate"),
        (HeartRateMeasurement(60, (1000,), ticks_per_s=1000), "not 1/1000 s"),
        (HeartRateMeasurement(-1), "do not all fit"),
        (HeartRateMeasurement(65536), "do not all fit"),
        (HeartRateMeasurement(60, energy_kj=65536), "do not all fit"),
        (HeartRateMeasurement(60, (65536,)), "do not all fit"),
    ],
)
def test_what_no_strap_could_send_is_refused(
    measurement: HeartRateMeasurement, reason: str
) -> None:
    with pytest.raises(ValueError, match=reason):
        encode(measurement)


def test_the_frames_of_other_projects_mean_to_us_what_their_makers_assert(
    shared_data: Path,
) -> None:
    vectors = [
        vector
        for line in (shared_data / "ble" / "vectors.jsonl").read_text().splitlines()
        if (vector := json.loads(line))["char"] == "2A37"
    ]
    assert len(vectors) == 34  # none of which we read otherwise than its maker
    for vector in vectors:
        asserted, frame = vector["peer_asserts"], bytes.fromhex(vector["hex"])
        if asserted.get("valid") is False:
            with pytest.raises(MalformedFrame):
                decode(frame)
            continue
        ours = decode(frame)
        seen = {
            "hr": ours.bpm,
            "contact_supported": ours.contact is not None,
            "contact": ours.contact,
            "energy_kj": ours.energy_kj,
            "rr_1024": list(ours.rr_ticks),
        }
        assert {name: seen[name] for name in asserted} == asserted, vector["id"]
        decoded = vector["decoded"]
        leftover = decoded.pop("leftover_bytes")
        assert seen == decoded, vector["id"]
        assert ("odd_tail" in ours.problems) == bool(leftover), vector["id"]
