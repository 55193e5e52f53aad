from pathlib import Path

import pytest

from sensors.recording import read


def written(folder: Path, content: str | bytes, name: str = "rr.txt") -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


@pytest.mark.parametrize(
    ("content", "ticks_per_s", "rr_ticks"),
    [
        ("rr_ms\n812\n790\n", 1000, [812, 790]),
        ("rr_ms\n812.5\n790\n", 10_000, [8125, 7900]),
        ("rr_s\n0.812\n0.79\n", 1000, [812, 790]),
    ],
)
def test_the_header_says_the_unit_and_the_decimals_the_resolution(
    tmp_path: Path, content: str, ticks_per_s: int, rr_ticks: list[int]
) -> None:
    recording = read(written(tmp_path, content))
    assert recording.ticks_per_s == ticks_per_s
    assert [rr for frame in recording.frames for rr in frame.rr_ticks] == rr_ticks
