"""`beatwise kiosk --headless` as a script would use it: a process of its own, and its database."""

import json
import signal
import subprocess
from collections import Counter
from collections.abc import Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from live_process import command, stored

from device import roster

ROSTER = """
[[athlete]]
name = "Anna"
resting_bpm = 50
max_bpm = 190
[athlete.strap]
address = "F0:00:00:00:00:0A"
[athlete.plan]
monday = "tempo"
tuesday = "tempo"
wednesday = "tempo"
thursday = "tempo"
friday = "tempo"
saturday = "tempo"
sunday = "tempo"

[[athlete]]
name = "בן [red]\\u0301"
lthr_bpm = 165
"""


def kiosk(*words: str, data: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command("kiosk", "--headless", *words, data=data),
        capture_output=True,
        text=True,
        timeout=120,
    )


def lines(out: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in out.splitlines()]


def interrupted(
    words: Sequence[str], data: Path, *, after_lines: int, by: signal.Signals
) -> list[dict[str, Any]]:
    """All that a running kiosk says which is sent a signal, and ends well by it."""
    with subprocess.Popen(command(*words, data=data), stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None
        begun = [json.loads(line) for line in islice(running.stdout, after_lines)]
        running.send_signal(by)
        told = begun + lines(running.stdout.read())
    assert running.returncode == 0
    return told


@pytest.fixture
def roster_file(tmp_path: Path) -> Path:
    path = tmp_path / "gym.toml"
    path.write_text(ROSTER, encoding="utf-8")
    return path


def test_a_simulated_gym_is_told_line_by_line(tmp_path: Path, roster_file: Path) -> None:
    data = tmp_path / "data"
    # Not as fast as possible: who signs in is written down by a thread, which takes real time.
    done = kiosk("--roster", str(roster_file), "--source", "sim:3@60", "--for", "400", data=data)
    assert (done.returncode, done.stderr) == (0, "")
    told = lines(done.stdout)
    assert all("event" in line and "t_s" in line and "athlete" in line for line in told)
    kinds = Counter(line["event"] for line in told)
    assert kinds["sign_in"] == kinds["sign_out"] == 3
    assert kinds["whose_strap"] == 1
    assert kinds["reading"] > 3 * 150
    signed = {line["athlete"]: line for line in told if line["event"] == "sign_in"}
    names = ["Anna", "בן [red]\u0301"]
    assert [*signed][:2] == names
    assert signed["Anna"]["purpose"] == "tempo"
    assert signed["Anna"]["ceiling_bpm"] == 169.0
    own = [line for line in told if line["event"] == "reading" and line["athlete"] == "Anna"]
    assert [line["t_s"] for line in own] == [float(second) for second in range(1, len(own) + 1)]
    assert {"hr_bpm", "rmssd_ms", "dfa_alpha1", "zone", "artefact_pct", "freshness"} <= set(own[0])
    assert told[-1]["event"] == "summary"
    assert (told[-1]["athletes"], told[-1]["sessions"]) == (3, 3)
    assert [one.name for one in roster.load_all(data).athletes] == names, "no invented ones"
    sessions, _ = stored(data)
    assert {one.outcome for one in sessions} == {"stopped"}
    assert {one.start.source.partition(":")[0] for one in sessions} == {"sim"}


def test_sigterm_leaves_sessions_open_and_they_go_on(tmp_path: Path, roster_file: Path) -> None:
    data = tmp_path / "data"
    words = ("kiosk", "--headless", "--roster", str(roster_file), "--source", "sim:2@60")
    told = interrupted(words, data, after_lines=200, by=signal.SIGTERM)
    assert {line["left_open"] for line in told if line["event"] == "sign_out"} == {True}
    before, _ = stored(data)
    assert {one.outcome for one in before} == {None}
    done = kiosk("--source", "sim:2@60", "--for", "100", data=data)
    assert done.returncode == 0
    after, _ = stored(data)
    assert {one.id for one in after} == {one.id for one in before}
    assert {one.outcome for one in after} == {"stopped"}


def test_ctrl_c_is_closing_time(tmp_path: Path) -> None:
    data = tmp_path / "data"
    words = ("kiosk", "--headless", "--source", "sim:2@60")
    told = interrupted(words, data, after_lines=100, by=signal.SIGINT)
    assert {line["left_open"] for line in told if line["event"] == "sign_out"} == {False}
    assert told[-1]["event"] == "summary"
    assert {one.outcome for one in stored(data)[0]} == {"stopped"}


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--roster", "nowhere.toml"], "nowhere.toml: there is no such file"),
        (["--source", "sim:0"], "--source sim:0: a kiosk takes ble, or sim:N[@SPEED]"),
        (["--source", "sim:201"], "a kiosk takes ble, or sim:N[@SPEED] for 1 to 200 athletes"),
        (["--source", "replay:x"], "a kiosk takes ble, or sim:N[@SPEED]"),
        (["--source", "ble:F0:00:00:00:00:0A"], "a kiosk takes ble, or sim:N[@SPEED]"),
        (["--source", "sim:x"], "the seed 'x' is not a whole number"),
        (["--for", "0"], "'0' is no time"),
    ],
)
def test_a_mistake_is_one_line(tmp_path: Path, words: list[str], told: str) -> None:
    done = kiosk(*words, data=tmp_path)
    assert done.returncode == 2
    assert told in done.stderr
    assert done.stderr.count("\n") == 1
    assert done.stdout == ""


def test_a_roster_with_a_mistake_changes_nothing(tmp_path: Path, roster_file: Path) -> None:
    roster_file.write_text(ROSTER + "max_bpm = 20\n", encoding="utf-8")
    done = kiosk("--roster", str(roster_file), "--source", "sim:1", data=tmp_path / "data")
    assert done.returncode == 2
    assert "gym.toml:20: athlete 2: max_bpm: 20 is out of range" in done.stderr
    assert roster.load_all(tmp_path / "data").athletes == ()
