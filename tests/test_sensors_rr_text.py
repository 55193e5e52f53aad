from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sensors.recording import Recording, UnreadableRecording, read


def reading(folder: Path, text: str, unit: str | None = None) -> Recording:
    path = folder / "rr.txt"
    path.write_text(text)
    return read(path, unit=unit)  # type: ignore[arg-type]


def ticks(recording: Recording) -> list[int]:
    return [rr for frame in recording.frames for rr in frame.rr_ticks]


@pytest.mark.parametrize(
    ("text", "unit", "ticks_per_s", "rr_ticks"),
    [
        ("812\n790\n", "ms", 1000, [812, 790]),
        ("812 790 801", "ms", 1000, [812, 790, 801]),
        ("0.812\n.79\n", "s", 1000, [812, 790]),
        ("812.0\n790.0\n", "ms", 10_000, [8120, 7900]),
        ("8.12e+02\n7.9e+02\n", "ms", 1000, [812, 790]),
        ("8.1250000e+02\n7.9e+02\n", "ms", 100_000_000, [81_250_000, 79_000_000]),
        ("rr_ms\n812\n790\n", None, 1000, [812, 790]),
        ("rr_ms\n812.25\n790\n", None, 100_000, [81_225, 79_000]),
        ("rr_s\n0.812\n0.79\n", None, 1000, [812, 790]),
        ("RR (ms)\n812\n", None, 1000, [812]),
        ("R-R [ms]\n812\n", None, 1000, [812]),
        ("RR intervals (s)\n0.8\n", None, 10, [8]),
        ("IBI_ms\n812\n", None, 1000, [812]),
        ("rr\n812\n", "ms", 1000, [812]),
        (",rr\n0,812\n1,790\n", "ms", 1000, [812, 790]),
        ('"","rr_ms"\n"1","812"\n', None, 1000, [812]),
        ("who;rr_ms;note\nme;812,5;x\n", None, 10_000, [8125]),
        ("a person\nanother line\nnr\trr_s\n1\t0,8125\n", None, 10_000, [8125]),
        ("rr_ms,hr_bpm\n985.3333333333333,61\n", None, 1_000_000_000, [985_333_333]),
        ("rr_ms\n812\n", "ms", 1000, [812]),
        ("rr_ms,hr_bpm\n812,\n,\n790,\n,,\n", None, 1000, [812, 790]),
        ("812\n0\n790\n", "ms", 1000, [812, 790]),
    ],
)
def test_the_unit_is_said_and_the_resolution_is_that_of_the_decimals(
    tmp_path: Path, text: str, unit: str | None, ticks_per_s: int, rr_ticks: list[int]
) -> None:
    recording = reading(tmp_path, text, unit)
    assert recording.ticks_per_s == ticks_per_s
    assert ticks(recording) == rr_ticks


REFUSED = [
    ("812\n790\n", None, 1, "holds numbers without a header: say --unit ms or --unit s"),
    ("rr\n812\n", None, 1, "the header does not say the unit"),
    ("rr_ms\n812\n", "s", 1, "the RR intervals are in ms, not in s"),
    ("rr_ms\n812\nabc\n", None, 3, "'abc' stands where a number belongs"),
    ("812\nabc\n", None, 2, "'abc' stands where a number belongs"),
    ("812\n\n7 9 0\n", "ms", 3, "3 numbers and no header"),
    ("rr_ms\n812\nnan\n", None, 3, "'nan' stands where a number belongs"),
    ("rr_ms\n812\ninf\n", None, 3, "'inf' stands where a number belongs"),
    ("rr_ms\n812\n1e999999999\n", None, 3, "'1e999999999' stands where"),
    ("rr_ms\n812\n8_1_2\n", None, 3, "'8_1_2' stands where"),
    ("rr_ms\n812\n٨١٢\n", None, 3, "stands where a number belongs"),
    ("rr_ms\n812\n1.2.3\n", None, 3, "'1.2.3' stands where a number belongs"),
    ("rr_ms\n812\n-\n", None, 3, "'-' stands where a number belongs"),
    ("rr_ms\n812\n-790\n", None, 3, "'-790' ms is no RR interval"),
    ("rr_ms\n812\n99999999999\n", None, 3, "'99999999999' ms is no RR interval"),
    ("rr_ms\n812\n" + "9" * 6000 + "\n", None, 3, "stands where a number belongs"),
    ("a,rr_ms\n1,812\n2\n", None, 3, "cut off: 1 of 2 columns"),
    (
        "timestamp, rr, since_start\n\n1675835059098,1201,19234\n1675835060089,11",
        None,
        4,
        "cut off",
    ),
    ("a,rr_ms\n1,812\n2,\n", None, 3, "a number is missing"),
    ('rr_ms,note\n812,x\n790,"x\n801,x\n', None, 3, "a quotation mark is never closed"),
    ("rr_ms\n", None, 1, "ends after its header"),
    ("rr_ms\n0\n0\n", None, None, "holds no RR interval above zero"),
    ("812\n790\n", "s", None, "the unit can hardly be s"),
    ("0.812\n0.790\n", "ms", None, "the unit can hardly be ms"),
    ("rr_ms\n0.812\n0.790\n", None, None, "the unit can hardly be ms"),
    ("time_ms,rr_ms\n0,812\n99999999999999,790\n1600,790\n", None, 3, "is a damaged time"),
    ("time_ms,rr_ms\n0,812\nx,790\n", None, 3, "'x' stands where a number belongs"),
    ("hr_bpm,rr_ms\n60,812\nsixty,790\n", None, 3, "'sixty' stands where a number belongs"),
    ("date,weight_kg\n2024-01-01,70\n", None, 1, "no column of RR intervals"),
    ("hello\nworld\n", None, 1, "no column of RR intervals"),
]


@pytest.mark.parametrize(("text", "unit", "line", "reason"), REFUSED)
def test_a_wrong_line_is_named_with_its_number_and_what_is_wrong(
    tmp_path: Path, text: str, unit: str | None, line: int | None, reason: str
) -> None:
    with pytest.raises(UnreadableRecording) as refusal:
        reading(tmp_path, text, unit)
    assert refusal.value.line == line
    assert reason in refusal.value.reason
    assert str(refusal.value).startswith(str(tmp_path / "rr.txt"))
    assert len(str(refusal.value)) < 300


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("8 " * 500_001, "holds more than 500,000 RR intervals"),
        ("8\n" * 1_000_001, "holds more than 1,000,000 lines"),
        ("rr_ms,note\n812," + "x" * 140_000, "line 2: a cell far too long"),
    ],
    ids=["on a line", "lines", "one cell"],
)
def test_text_that_would_fill_the_memory_is_refused(tmp_path: Path, text: str, reason: str) -> None:
    with pytest.raises(UnreadableRecording, match=reason):
        reading(tmp_path, text, "ms")


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.decimals(min_value=200, max_value=3000, places=None, allow_nan=False).map(
            lambda number: number.quantize(Decimal(1).scaleb(-(int(number) % 7)))
        ),
        min_size=1,
        max_size=30,
    )
)
def test_any_column_of_decimals_comes_back_to_the_last_digit(
    tmp_path: Path, column: list[Decimal]
) -> None:
    recording = reading(tmp_path, "rr_ms\n" + "\n".join(map(str, column)))
    assert [Fraction(rr, recording.ticks_per_s) * 1000 for rr in ticks(recording)] == [
        Fraction(number) for number in column
    ]
