"""What `beatwise live --headless` tells of the effort, and how it is steered without a screen."""

import json
import signal
import subprocess
from pathlib import Path

import pytest
from live_process import command, live, stored

from device.folder import Places
from device.history import open_history


def alerts_of(done: str) -> list[tuple[float, str]]:
    lines = [json.loads(line) for line in done.splitlines()]
    return [(line["t_s"], line["kind"]) for line in lines if line["event"] == "alert"]


def test_alerts_are_lines_and_kept(tmp_path: Path) -> None:
    words = ("--source", "sim:3@max", "--ceiling", "110", "--for", "400")
    done = live(*words, data=tmp_path)
    told = [json.loads(line) for line in done.stdout.splitlines()]
    alerts = [line for line in told if line["event"] == "alert"]
    assert set(alerts[0]) == {"event", "t_s", "kind", "hr_bpm", "ceiling_bpm", "floor_bpm"}
    assert [line["kind"] for line in alerts] == ["over", "walk", "repeat", "repeat"]
    assert {line["ceiling_bpm"] for line in alerts} == {110.0}
    with open_history(Places(tmp_path).database) as history:
        marks = history.marks(1)
    assert marks[0].text == "set by you"
    assert [(mark.t_s, mark.kind) for mark in marks[1:]] == alerts_of(done.stdout)


def test_intervals_follow_their_steps(tmp_path: Path) -> None:
    words = ("--purpose", "intervals", "--steps", "1:00,2x(0:40/0:20),1:00", "--source")
    done = live(*words, "sim:3@max", "--for", "240", data=tmp_path)
    told = [json.loads(line) for line in done.stdout.splitlines()]
    steps = [(line["name"], line["of"]) for line in told if line["event"] == "step"]
    names = ["warm-up", "work 1/2", "recovery", "work 2/2", "recovery", "cool-down"]
    assert steps == [(name, 6) for name in names]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--purpose", "intervals", "--steps", "4x4"), "'4x4' is no step"),
        (("--purpose", "ramp", "--steps", "10:00"), "a ramp test has its own"),
    ],
)
def test_steps_that_cannot_be_get_one_clear_line(
    tmp_path: Path, words: tuple[str, ...], said: str
) -> None:
    done = live("--source", "sim", *words, data=tmp_path)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert said in done.stderr


def test_a_signal_begins_it_pauses_it_and_ends_it(tmp_path: Path) -> None:
    process = subprocess.Popen(
        command("live", "--headless", "--wait", "--source", "sim@20", data=tmp_path),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    told, readings = [], 0
    for line in process.stdout:
        told.append(json.loads(line))
        match told[-1]["event"]:
            case "waiting":
                assert not stored(tmp_path)[0]
                process.send_signal(signal.SIGUSR1)
            case "reading":
                readings += 1
                if readings in (10, 40):
                    process.send_signal(signal.SIGUSR2)
                elif readings == 60:
                    process.send_signal(signal.SIGUSR1)
    _, complaint = process.communicate(timeout=20)
    assert (process.returncode, complaint) == (0, "")
    others = [line["event"] for line in told if line["event"] not in ("reading", "link")]
    assert others == ["waiting", "pause", "resume", "summary"]
    assert stored(tmp_path)[0][0].outcome == "stopped"
    with open_history(Places(tmp_path).database) as history:
        kinds = [mark.kind for mark in history.marks(1)]
    assert [kind for kind in kinds if kind in ("pause", "resume")] == ["pause", "resume"]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_ended_before_it_began_nothing_is_kept(tmp_path: Path, number: signal.Signals) -> None:
    process = subprocess.Popen(
        command("live", "--headless", "--wait", "--source", "sim@20", data=tmp_path),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    process.stdout.readline()
    process.send_signal(number)
    rest, complaint = process.communicate(timeout=20)
    assert (process.returncode, rest, complaint) == (0, "", "")
    assert not stored(tmp_path)[0]


def test_a_live_session_that_was_cut_off_is_gone_on_with_when_asked(tmp_path: Path) -> None:
    words = ("--source", "sim:3@100", "--ceiling", "131")
    process = subprocess.Popen(
        command("live", "--headless", *words, data=tmp_path),
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    for line in process.stdout:
        if json.loads(line).get("t_s", 0) >= 60:
            process.terminate()
            break
    process.communicate(timeout=20)
    assert stored(tmp_path)[0][0].outcome is None
    done = live("--resume", "--source", "sim:3@100", "--for", "90", data=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    first = json.loads(done.stdout.splitlines()[0])
    assert first["t_s"] >= 60
    sessions, _ = stored(tmp_path)
    assert [(one.outcome, one.start.ceiling_bpm) for one in sessions] == [("finished", 131.0)]
    again = live("--resume", "--source", "sim:3@max", "--for", "5", data=tmp_path)
    assert again.stderr == "beatwise: nothing was cut off: a new session\n"
    assert len(stored(tmp_path)[0]) == 2


def test_with_the_pi_in_a_pocket_a_session_goes_on_without_its_button(tmp_path: Path) -> None:
    words = ("--wait", "--resume", "--source", "sim:3@100")
    process = subprocess.Popen(
        command("live", "--headless", *words, data=tmp_path), stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert json.loads(process.stdout.readline())["event"] == "waiting"
    process.send_signal(signal.SIGUSR1)
    for line in process.stdout:
        if json.loads(line).get("t_s", 0) >= 60:
            process.terminate()
            break
    process.communicate(timeout=20)
    done = live(*words, "--for", "90", data=tmp_path)
    assert json.loads(done.stdout.splitlines()[0])["event"] != "waiting"
    assert [one.outcome for one in stored(tmp_path)[0]] == ["finished"]
