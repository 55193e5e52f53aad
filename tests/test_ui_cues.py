"""``beatwise cues`` as a person at a shell sees it."""

import json
from pathlib import Path
from typing import get_args

import pytest

from device.cue import CueKind, spoken
from ui.__main__ import main
from ui.cues_command import EXAMPLES


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder for settings, and a PATH with nothing on it."""
    (tmp_path / "bin").mkdir()
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setattr("ui.cues_command.BETWEEN_S", 0.0)
    monkeypatch.setattr("device.bell.TERMINAL", tmp_path / "no-terminal")
    return tmp_path


def has(machine: Path, name: str, does: str) -> None:
    path = machine / "bin" / name
    path.write_text(f"#!/bin/sh\n{does}\n")
    path.chmod(0o755)


def settings(machine: Path, text: str) -> None:
    (machine / "config.toml").write_text(text)


def tried(capsys: pytest.CaptureFixture[str], machine: Path, *kinds: str) -> tuple[int, str]:
    code = main(["cues", *kinds, "--data", str(machine)])
    out, err = capsys.readouterr()
    assert err == ""
    return code, out


def lines_of(out: str, kind: str) -> list[str]:
    return [line for line in out.splitlines() if line.split(" ")[0] == kind]


SPEAKS = 'while [ "$1" != -w ]; do shift; done; echo RIFF > "$2"'


def test_every_kind_has_an_example_in_words() -> None:
    kinds = {kind for part in get_args(CueKind) for kind in (get_args(part) or (part,))}
    assert {cue.kind for cue in EXAMPLES} == kinds
    assert all(spoken(cue) for cue in EXAMPLES)


def test_each_cue_is_told_and_by_what(capsys: pytest.CaptureFixture[str], machine: Path) -> None:
    has(machine, "aplay", "exit 0")
    has(machine, "espeak-ng", SPEAKS)
    code, out = tried(capsys, machine)
    assert code == 0
    assert lines_of(out, "tones") == ["tones    aplay"]
    assert lines_of(out, "voice") == ["voice    espeak-ng, aplay"]
    for cue in EXAMPLES:
        [line] = lines_of(out, cue.kind)
        assert str(spoken(cue)) in line
        assert line.endswith(" voice" if cue.kind == "summary" else " tones, voice")


def test_some_cues_are_told_where_they_are_named(
    capsys: pytest.CaptureFixture[str], machine: Path
) -> None:
    has(machine, "aplay", "exit 0")
    _, out = tried(capsys, machine, "walk", "back")
    assert [line.split()[0] for line in out.partition("\n\n")[2].splitlines()] == [
        "walk",
        "voice:",
        "back",
    ]


def test_what_is_missing_is_said_once_with_its_cure(
    capsys: pytest.CaptureFixture[str], machine: Path
) -> None:
    code, out = tried(capsys, machine)
    assert code == 1
    told = out.partition("\n\n")[2]
    assert told.count("sudo apt install alsa-utils") == 1
    assert told.count("sudo apt install espeak-ng") == 1
    assert told.count("no terminal to ring") == 1
    assert len([line for line in told.splitlines() if line.endswith("not told")]) == len(EXAMPLES)


def test_a_player_that_fails_says_why(capsys: pytest.CaptureFixture[str], machine: Path) -> None:
    has(machine, "aplay", "echo 'aplay: main:831: audio open error: No such file' >&2; exit 1")
    settings(machine, "[cues]\nvoice = false\nbell = false\n")
    code, out = tried(capsys, machine, "over", "back")
    assert code == 1
    assert out.count("tones: aplay: audio open error: No such file") == 1


def test_the_bell_is_rung_where_nothing_else_works(
    capsys: pytest.CaptureFixture[str], machine: Path
) -> None:
    (machine / "no-terminal").touch()
    settings(machine, "[cues]\ntones = false\nvoice = false\n")
    code, out = tried(capsys, machine, "over")
    assert code == 0
    assert lines_of(out, "over")[0].endswith(" bell")
    assert (machine / "no-terminal").read_bytes() == b"\a"


def test_who_wants_silence_is_told_that_there_is_nothing(
    capsys: pytest.CaptureFixture[str], machine: Path
) -> None:
    settings(machine, "[cues]\ntones = false\nvoice = false\nbell = false\n")
    code, out = tried(capsys, machine, "over")
    assert code == 1
    assert lines_of(out, "tones") == ["tones    not asked for (tones = true under [cues])"]
    assert lines_of(out, "over")[0].endswith("nothing to tell it by")


def test_an_unknown_cue_is_one_clear_line(
    capsys: pytest.CaptureFixture[str], machine: Path
) -> None:
    assert main(["cues", "shout", "--data", str(machine)]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("beatwise: cues: 'shout' is unknown; there is start, over, ")
    assert err.count("\n") == 1


def test_a_wrong_setting_is_one_clear_line(
    capsys: pytest.CaptureFixture[str], machine: Path
) -> None:
    settings(machine, "[cues]\nvoise = true\n")
    assert main(["cues", "--data", str(machine)]) == 2
    _, err = capsys.readouterr()
    assert "config.toml:2: cues.voise: no such setting; did you mean 'voice'?" in err


def test_a_session_without_a_screen_is_told_when_it_begins_and_when_it_is_over(
    capsys: pytest.CaptureFixture[str], machine: Path
) -> None:
    """In real time, for cues are for somebody who runs; the player fails, and is told of once."""
    has(machine, "aplay", f"echo $2 >> {machine}/played; echo no card >&2; exit 1")
    settings(machine, "[cues]\nvoice = false\nbell = false\n")
    words = ("live", "--headless", "--source", "sim", "--for", "2", "--data", str(machine))
    assert main(words) == 0
    out, err = capsys.readouterr()
    lines = [json.loads(line) for line in out.splitlines()]
    notices = [line["text"] for line in lines if line["event"] == "notice"]
    assert (err, notices) == ("", ["tones: aplay: no card"])
    assert lines[-1]["event"] == "summary"
    played = [Path(line).name for line in (machine / "played").read_text().splitlines()]
    assert played == ["start.wav", "stop.wav"]


def test_a_recording_that_passes_faster_than_life_is_silent(
    capsys: pytest.CaptureFixture[str], machine: Path
) -> None:
    has(machine, "aplay", f"echo $2 >> {machine}/played")
    words = ("live", "--headless", "--source", "sim@max", "--for", "60", "--data", str(machine))
    assert main(words) == 0
    assert '"notice"' not in capsys.readouterr().out
    assert not (machine / "played").exists()
