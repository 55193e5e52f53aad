"""``--source`` as typed."""

import math
from pathlib import Path

import pytest

from device.errors import BadSource
from device.sources import parse


@pytest.mark.parametrize(
    ("text", "kind", "address", "path", "seed", "speed"),
    [
        ("ble", "ble", None, None, 1, 1.0),
        ("ble:f0:f1:f2:f3:f4:f5", "ble", "F0:F1:F2:F3:F4:F5", None, 1, 1.0),
        ("sim", "sim", None, None, 1, 1.0),
        ("sim:7", "sim", None, None, 7, 1.0),
        ("sim@60", "sim", None, None, 1, 60.0),
        ("sim:7@max", "sim", None, None, 7, math.inf),
        ("replay:run.csv", "replay", None, Path("run.csv"), 1, 1.0),
        ("replay:a/b c.txt@2.5", "replay", None, Path("a/b c.txt"), 1, 2.5),
        ("replay:C:odd:name.hrm@max", "replay", None, Path("C:odd:name.hrm"), 1, math.inf),
    ],
)
def test_a_source_is_read_as_typed(
    text: str, kind: str, address: str | None, path: Path | None, seed: int, speed: float
) -> None:
    spec = parse(text)
    assert (spec.text, spec.kind, spec.address) == (text, kind, address)
    assert (spec.path, spec.seed, spec.speed) == (path, seed, speed)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "bluetooth",
        "ble:",
        "ble:strap",
        "sim:",
        "sim:-1",
        "sim:x",
        "sim:1@0",
        "sim:1@-2",
        "sim:1@nan",
        "sim:1@inf",
        "simple",
        "replay:",
        "replay",
        "replay:run.csv@fast",
    ],
)
def test_a_source_that_makes_no_sense_is_refused_in_one_line(text: str) -> None:
    with pytest.raises(BadSource) as refusal:
        parse(text)
    assert "\n" not in str(refusal.value)
    assert f"--source {text}" in str(refusal.value)


def test_an_at_sign_in_a_file_that_exists_is_part_of_its_name(tmp_path: Path) -> None:
    recording = tmp_path / "me@home.txt"
    recording.touch()
    assert parse(f"replay:{recording}").path == recording
    assert parse(f"replay:{recording}@60").path == recording
