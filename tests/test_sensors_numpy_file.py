from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sensors.recording import UnreadableRecording, read


def saved(folder: Path, array: object, **how: bool) -> Path:
    path = folder / "rr.npy"
    np.save(path, np.asarray(array), **how)
    return path


@pytest.mark.parametrize(
    ("array", "unit", "ticks_per_s", "rr_ticks"),
    [
        ([812, 790], "ms", 1000, [812, 790]),
        (np.array([812, 790], dtype=np.uint16), "ms", 1000, [812, 790]),
        ([812.0, 790.5], "ms", 10_000, [8120, 7905]),
        ([[0.812], [0.79]], "s", 1000, [812, 790]),
        ([0.1 + 0.2, 0.79], "s", 10**9, [300_000_000, 790_000_000]),
    ],
)
def test_numbers_are_read_as_they_print(
    tmp_path: Path, array: object, unit: str, ticks_per_s: int, rr_ticks: list[int]
) -> None:
    recording = read(saved(tmp_path, array), unit=unit)  # type: ignore[arg-type]
    assert recording.ticks_per_s == ticks_per_s
    assert [rr for frame in recording.frames for rr in frame.rr_ticks] == rr_ticks


@pytest.mark.parametrize(
    ("array", "reason"),
    [
        (["812", "790"], "no single column of numbers"),
        ([[812, 790], [812, 790]], "no single column of numbers"),
        (812, "no single column of numbers"),
        ([], "holds nothing"),
        ([812.0, float("nan")], "'nan' stands where a number belongs"),
        ([True, False], "no single column of numbers"),
    ],
)
def test_other_arrays_are_refused(tmp_path: Path, array: object, reason: str) -> None:
    with pytest.raises(UnreadableRecording, match=reason):
        read(saved(tmp_path, array), unit="ms")


def test_an_array_of_objects_is_never_unpickled(tmp_path: Path) -> None:
    with pytest.raises(UnreadableRecording, match="not of numbers"):
        read(saved(tmp_path, [Path()], allow_pickle=True), unit="ms")


def test_a_cut_off_array_and_an_unsaid_unit_are_refused(tmp_path: Path) -> None:
    path = saved(tmp_path, [812, 790])
    with pytest.raises(UnreadableRecording, match="say --unit ms or --unit s"):
        read(path)
    path.write_bytes(path.read_bytes()[:-3])
    with pytest.raises(UnreadableRecording, match="damaged"):
        read(path, unit="ms")


def test_an_array_that_claims_to_be_huge_is_refused(tmp_path: Path) -> None:
    path = saved(tmp_path, [812, 790])
    content = path.read_bytes()
    path.write_bytes(content.replace(b"(2,), }            ", b"(999999999999,), } "))
    assert path.read_bytes() != content
    with pytest.raises(UnreadableRecording, match="damaged"):
        read(path, unit="ms")


@pytest.mark.parametrize(
    "header",
    [
        b"{b'descr': '<f8', 'fortran_order': False, 'shape': (2,), }",
        b"{'descr': " + b"-" * 100_000 + b"1}",
        b"{[]: 1}",
    ],
)
def test_an_array_whose_header_is_nonsense_is_refused(tmp_path: Path, header: bytes) -> None:
    path = tmp_path / "odd.npy"
    path.write_bytes(b"\x93NUMPY\x02\x00" + len(header).to_bytes(4, "little") + header)
    with pytest.raises(UnreadableRecording, match="damaged"):
        read(path, unit="ms")


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(at=st.integers(0, 140), bits=st.integers(1, 255))
def test_an_array_with_any_byte_damaged_is_read_or_refused(
    tmp_path: Path, at: int, bits: int
) -> None:
    path = saved(tmp_path, [812, 790])
    content = bytearray(path.read_bytes())
    content[at] ^= bits
    path.write_bytes(content)
    try:
        recording = read(path, unit="ms")
    except UnreadableRecording as refusal:
        told = str(refusal)
        assert "\n" not in told
    else:
        assert recording.frames
