"""Real recordings against their numbers read another way; and files that are no recordings."""

import csv
import gzip
import io
import math
import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sensors.recording import LARGEST_BYTES, Recording, UnreadableRecording, read


def written(folder: Path, content: str | bytes, name: str = "rr.txt") -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def seconds(recording: Recording) -> list[Fraction]:
    return [
        Fraction(rr, recording.ticks_per_s) for frame in recording.frames for rr in frame.rr_ticks
    ]


def text_of(path: Path) -> str:
    content = path.read_bytes()
    return (gzip.decompress(content) if path.suffix == ".gz" else content).decode("utf-8-sig")


def column(index: int, header: int, delimiter: str = ",") -> Callable[[str], Iterator[str]]:
    def cells(text: str) -> Iterator[str]:
        rows = list(csv.reader(io.StringIO(text), delimiter=delimiter))
        return (row[index] for row in rows[header:] if row)

    return cells


def after(mark: str, until: str = "$") -> Callable[[str], list[str]]:
    def cells(text: str) -> list[str]:
        return re.search(rf"{mark}(.*?){until}", text, re.DOTALL).group(1).split()  # type: ignore[union-attr]

    return cells


FORMS = [  # glob, unit to say, unit of the file, form, arrivals, the numbers read another way
    ("rest/aura*.txt", "ms", "ms", "RR text", False, str.split),
    ("rest/bartels*.txt", "ms", "ms", "RR text", False, str.split),
    ("rest/pyhrv*.txt", "ms", "ms", "RR text", False, str.split),
    ("rest/systole_rr.txt", "ms", "ms", "RR text", False, column(1, 1)),
    ("rest/welltory_h10/*.txt", "ms", "ms", "RR text", False, str.split),
    ("rest/hrvlogger_daily/*RRIntervals.csv", None, "ms", "HRV Logger CSV", True, column(1, 1)),
    ("rest/wearablehrv/test_[hkr]*.csv", None, "ms", "HRV Logger CSV", True, column(1, 1)),
    ("rest/wearablehrv/test_empatica.csv", None, "ms", "wearablehrv CSV", True, column(1, 1)),
    ("rest/wearablehrv/test_vu.txt", None, "ms", "VU-AMS text", True, column(2, 3, "\t")),
    ("exercise/elitehrv_2*.txt", "ms", "ms", "RR text", False, str.split),
    ("exercise/suunto_sml/*_rr.txt", "ms", "ms", "RR text", False, str.split),
    ("exercise/suunto_sml/*.sml.gz", None, "ms", "Suunto SML", False, after("<Data>", "</Data>")),
    ("exercise/*.hrm", None, "ms", "Polar HRM", False, after(r"\[HRData\]")),
    ("exercise/selfloops*.txt", None, "ms", "RR text", True, column(2, 2)),
    ("annotated/mitbih/*_rr.csv.gz", None, "ms", "RR text", True, column(1, 1)),
    ("annotated/polar_h10_pvc/*_rr.csv", None, "ms", "RR text", True, column(2, 1)),
    ("long24h/nsr2db/*_rr.csv.gz", None, "ms", "RR text", True, column(1, 1)),
    ("long24h/rhrvbook/*.gz", "s", "s", "RR text", False, lambda text: text.split()[1:]),
]


@pytest.mark.parametrize(("glob", "say", "unit", "form", "arrivals", "numbers"), FORMS)
def test_every_interval_of_a_real_recording_is_read_to_the_last_digit(
    shared_data: Path,
    glob: str,
    say: str | None,
    unit: str,
    form: str,
    arrivals: bool,
    numbers: Callable[[str], list[str]],
) -> None:
    paths = sorted(shared_data.glob(glob))
    assert paths
    for path in paths:
        recording = read(path, unit=say)  # type: ignore[arg-type]
        assert (recording.form, recording.arrivals_known) == (form, arrivals)
        assert recording.name == path.name
        per_unit = {"ms": 1000, "s": 1}[unit]
        expected = [Decimal(cell) / per_unit for cell in numbers(text_of(path))]
        got = [Decimal(rr) / recording.ticks_per_s for f in recording.frames for rr in f.rr_ticks]
        assert len(got) == len(expected)
        # Only systole's file is finer than 1 ns: thirds, as a float prints them.
        slack = Decimal("0.5e-9") if "systole" in path.name else Decimal(0)
        assert all(abs(a - b) <= slack for a, b in zip(got, expected, strict=True))
        assert all(f.ticks_per_s == recording.ticks_per_s for f in recording.frames)
        times = [f.t_s for f in recording.frames]
        assert times == sorted(times)


def listed(shared_data: Path) -> dict[str, tuple[int, float, int, int]]:
    """Per file: intervals, RMSSD in ms, shortest and longest, as MANIFEST.md has them."""
    found = {}
    for line in (shared_data / "MANIFEST.md").read_text().splitlines():
        numbers = re.search(r"n=(\d+), .*RMSSD raw ([\d.]+).* RR (\d+)\.\.(\d+)", line)
        if line.startswith("| ") and numbers:
            n, rmssd, shortest, longest = numbers.groups()
            found[line.split("|")[1].strip()] = (int(n), float(rmssd), int(shortest), int(longest))
    return found


def test_count_range_and_rmssd_are_those_listed_by_the_collector_of_the_recordings(
    shared_data: Path,
) -> None:
    checked = 0
    for listed_name, (n, rmssd, shortest, longest) in listed(shared_data).items():
        name = listed_name.replace(".ecg", "_rr.csv.gz")
        recording = read(shared_data / name, unit="s" if "secs" in name else "ms")
        rr_ms = [
            rr * 1000 / recording.ticks_per_s for frame in recording.frames for rr in frame.rr_ticks
        ]
        assert len(rr_ms) == n, name
        assert (math.trunc(min(rr_ms)), math.trunc(max(rr_ms))) == pytest.approx(
            (shortest, longest), abs=1
        ), name
        steps = [(b - a) ** 2 for a, b in pairwise(rr_ms)]
        assert math.sqrt(math.fsum(steps) / len(steps)) == pytest.approx(rmssd, abs=0.06), name
        checked += 1
    assert checked > 50


def test_a_suunto_file_a_numpy_file_and_what_others_made_of_them_agree(shared_data: Path) -> None:
    for sml in shared_data.glob("exercise/suunto_sml/*.sml.gz"):
        text = sml.with_name(sml.name.replace(".sml.gz", "_rr.txt"))
        assert seconds(read(sml)) == seconds(read(text, unit="ms"))
    array = shared_data / "rest" / "pyhrv_SampleNNISeriesShort.npy"
    assert seconds(read(array, unit="ms")) == seconds(read(array.with_suffix(".txt"), unit="ms"))


def test_the_time_before_the_first_beat_is_no_interval_and_is_told(shared_data: Path) -> None:
    recording = read(shared_data / "long24h/rhrvbook/nsr003_rr_secs.txt.gz", unit="s")
    assert recording.ticks_per_s == 100_000_000
    assert recording.frames[0].rr_ticks == (90_625_000,)
    assert recording.notes == (
        "left out the first number, 225.86718750 s: the time before the first beat",
    )


def test_arrivals_of_an_hrv_logger_file_are_grouped_as_they_came(shared_data: Path) -> None:
    path = shared_data / "rest/hrvlogger_daily/ot_m60_RRIntervals.csv"
    rows = [row.split(",") for row in text_of(path).splitlines()[2:]]
    arrivals_ms = [int(row[0]) for row in rows]
    recording = read(path)
    starts = [
        at
        for before, at in zip([-math.inf, *arrivals_ms], arrivals_ms, strict=False)
        if at - before > 250
    ]
    assert [f.t_s for f in recording.frames] == [(at - starts[0]) / 1000 for at in starts]
    assert max(len(f.rr_ticks) for f in recording.frames) > 1
    assert not any(f.gaps for f in recording.frames)


def test_a_row_without_heart_rate_continues_its_notification(shared_data: Path) -> None:
    path = shared_data / "annotated/polar_h10_pvc/polar_h10_rr.csv"
    rows = [row.split(",") for row in text_of(path).splitlines()[1:]]
    recording = read(path)
    assert len(recording.frames) == sum(bool(row[1]) for row in rows)
    assert [f.bpm for f in recording.frames] == [int(row[1]) for row in rows if row[1]]
    assert recording.frames[2].rr_ticks == (1073, 413)
    assert recording.frames[2].t_s == (1714920602679513856 - 1714920600436237312) / 1e9


@pytest.mark.parametrize(
    "name", ["annotated/mitbih/101_rr.csv.gz", "exercise/selfloops_20170804001r.txt"]
)
def test_beat_times_are_kept_one_beat_a_frame(shared_data: Path, name: str) -> None:
    lines = text_of(shared_data / name).splitlines()
    per_s, header = (1, 1) if "mitbih" in name else (1000, 2)
    stamps = [Fraction(line.split(",")[0]) / per_s for line in lines[header:]]
    recording = read(shared_data / name)
    assert [f.t_s for f in recording.frames] == [float(at - stamps[0]) for at in stamps]
    assert all(len(f.rr_ticks) == 1 for f in recording.frames)


REFUSED_REAL = [
    ("exercise/elitehrv_junk_._2017-06-29_13-11-53.txt", "macOS"),
    ("annotated/polar_h10_pvc/polar_h10.RData", "xz"),
    ("annotated/polar_h10_pvc/polar_h10_ecg.csv.gz", "no column of RR intervals"),
    ("annotated/mitbih/101annotations.txt", "no column of RR intervals"),
    ("daily/welltory_covid19/hrv_measurements.csv.gz", "each row of rr_data is a recording"),
    ("daily/hrv4t_ios_2017.csv", "no column of RR intervals"),
    ("rest/hrvlogger_daily/ot_m60_HR.csv", "no column of RR intervals"),
    ("rest/wearablehrv/P01.csv", "no column of RR intervals"),
    ("long24h/nsr2db/nsr001.ecg", "binary"),
    ("long24h/nsr2db/nsr001.hea", "no column of RR intervals"),
    ("tcx/run_2018-10-21.tcx", "XML that is no SML"),
    ("rest/aura_nn_intervals.txt", "say --unit ms or --unit s"),
    ("rest/systole_rr.txt", "say --unit ms or --unit s"),
    ("rest/pyhrv_SampleNNISeriesShort.npy", "say --unit ms or --unit s"),
    ("ble/vectors.jsonl", "no column of RR intervals"),
    ("no such file", "No such file"),
    ("rest", "Is a directory"),
]


@pytest.mark.parametrize(("name", "reason"), REFUSED_REAL)
def test_a_file_that_is_no_recording_gets_one_line_with_its_name(
    shared_data: Path, name: str, reason: str
) -> None:
    with pytest.raises(UnreadableRecording) as refusal:
        read(shared_data / name)
    line = str(refusal.value)
    assert line.startswith(f"{shared_data / name}: ")
    assert reason in line
    assert "\n" not in line


@pytest.mark.parametrize(
    ("content", "line", "reason"),
    [
        (b"", None, "holds nothing"),
        (b" \r\n\t\n", None, "holds nothing"),
        (b"\x1f\x8b\x08\x00", None, "gzip file is damaged or cut off"),
        (
            gzip.compress(b"rr_ms\n812\n" * 99, mtime=0)[:-9],
            None,
            "gzip file is damaged or cut off",
        ),
        (b"rr_ms\n812\n\x00\x01\n", 3, "binary"),
        (b"PK\x03\x04....", None, "zip archive"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", 2, "binary"),
    ],
)
def test_an_empty_cut_off_or_binary_file_is_refused(
    tmp_path: Path, content: bytes, line: int | None, reason: str
) -> None:
    path = written(tmp_path, content)
    with pytest.raises(UnreadableRecording) as refusal:
        read(path)
    assert refusal.value.line == line
    assert reason in refusal.value.reason
    assert refusal.value.file == str(path)


def test_a_name_that_would_break_the_line_is_shown_in_quotation_marks(tmp_path: Path) -> None:
    with pytest.raises(UnreadableRecording) as refusal:
        read(written(tmp_path, "hello", "two\nlines"))
    assert "two\\nlines': line 1: no column" in str(refusal.value)


def test_a_gzip_bomb_is_refused_before_it_fills_the_memory(tmp_path: Path) -> None:
    with pytest.raises(UnreadableRecording, match="holds more than 32 MB"):
        read(written(tmp_path, gzip.compress(b"8" * (LARGEST_BYTES + 1), 1)))


@pytest.mark.parametrize(
    "encode",
    [
        lambda text: b"\xef\xbb\xbf" + text.encode(),
        lambda text: text.encode("utf-16"),
        lambda text: text.replace("\n", "\r\n").encode(),
        lambda text: text.replace("\n", "\r").encode(),
        lambda text: gzip.compress(text.encode()),
    ],
    ids=["byte order mark", "UTF-16", "CRLF", "CR", "gzip"],
)
def test_the_same_text_written_by_other_systems_reads_the_same(
    tmp_path: Path, encode: Callable[[str], bytes]
) -> None:
    text = "arrival_s,rr_ms\n0,812.5\n1.002,790\n\n"
    plain = read(written(tmp_path, text))
    assert read(written(tmp_path, encode(text))) == plain
    assert seconds(plain) == [Fraction(8125, 10_000), Fraction(79, 100)]


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    start=st.sampled_from(
        [
            b"",
            b"rr_ms\n",
            b"t_s,rr_ms\n0,800\n",
            b"[Params]\nInterval=238\nLength=00:00:01.0\n",
            b"<sml>",
            b"\x93NUMPY\x01\x00",
            b"12345678.FIT",
            b"\x1f\x8b\x08",
            b"timestamp, rr\n",
        ]
    ),
    rest=st.one_of(st.binary(max_size=80), st.text("0123456789.,;-+eE \n\tnaifs", max_size=80)),
    unit=st.sampled_from([None, "ms", "s"]),
)
def test_whatever_a_file_holds_is_read_or_refused_in_one_line(
    tmp_path: Path, start: bytes, rest: bytes | str, unit: str | None
) -> None:
    path = written(tmp_path, start + (rest.encode() if isinstance(rest, str) else rest))
    try:
        recording = read(path, unit=unit)  # type: ignore[arg-type]
    except UnreadableRecording as refusal:
        told = str(refusal)
        assert told.startswith(f"{path}: ")
        assert "\n" not in told
    else:
        assert any(f.rr_ticks for f in recording.frames)
        assert all(rr > 0 for f in recording.frames for rr in f.rr_ticks)
        assert all(math.isfinite(f.t_s) for f in recording.frames)
