from pathlib import Path

import pytest

from sensors.recording import UnreadableRecording, read

GOOD = """[Params]
Version=106
SMode=000000000
Date=20080208
StartTime=08:50:31.0
Length=00:00:10.0
Interval=238

[Note]
äöü

[HRData]
1000
2000
3000
4000

"""


def written(folder: Path, text: str) -> Path:
    path = folder / "a.hrm"
    path.write_bytes(text.replace("\n", "\r\n").encode("latin-1"))
    return path


def test_the_intervals_are_read_in_ms(tmp_path: Path) -> None:
    recording = read(written(tmp_path, GOOD))
    assert [frame.rr_ticks for frame in recording.frames] == [(1000,), (2000,), (3000,), (4000,)]
    assert (recording.ticks_per_s, recording.form) == (1000, "Polar HRM")


@pytest.mark.parametrize(
    ("old", "new", "line", "reason"),
    [
        ("Interval=238", "Interval=5", 7, "holds heart rates, not RR intervals"),
        ("Interval=238\n", "", 1, "Interval= is missing"),
        ("Length=00:00:10.0", "Length=00:00:31.0", 16, "cut off: its intervals last 10.0 s"),
        ("Length=00:00:10.0", "Length=long", 6, "Length is 'long'"),
        ("3000", "30x0", 15, "'30x0' stands where a number belongs"),
        ("3000", "-3000", 15, "no RR interval"),
        ("[HRData]\n1000\n2000\n3000\n4000\n", "", 13, "no [HRData]"),
        ("1000\n2000\n3000\n4000\n", "", 12, "ends after [HRData]"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(
    tmp_path: Path, old: str, new: str, line: int, reason: str
) -> None:
    with pytest.raises(UnreadableRecording) as refusal:
        read(written(tmp_path, GOOD.replace(old, new)))
    assert refusal.value.line == line
    assert reason in refusal.value.reason


def test_its_unit_is_ms_whatever_is_said(tmp_path: Path) -> None:
    path = written(tmp_path, GOOD)
    assert read(path, unit="ms") == read(path)
    with pytest.raises(UnreadableRecording, match="not in s"):
        read(path, unit="s")


def test_a_real_file_that_lost_its_end_is_refused(shared_data: Path, tmp_path: Path) -> None:
    whole = (shared_data / "exercise" / "vollmer_14121501.hrm").read_bytes()
    path = tmp_path / "half.hrm"
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(UnreadableRecording, match="cut off: its intervals last"):
        read(path)
