"""A gym in a terminal: its keyboard leads nowhere, a signal ends it, a mistake shows nothing."""

import os
import shlex
import signal
import sys
import time
from pathlib import Path

import pytest
import test_live_terminal
from test_live_terminal import sessions, terminal

from ui.locked import KEYBOARD

CONTROLS = "".join(chr(ord(letter) - 64) for letter in "CDLPQSWXZ\\]^_")
"""ctrl+c, ctrl+z, ctrl+q, ctrl+\\ and every other that means something to a program somewhere."""
LAUNCHER = Path(__file__).parents[1] / "deploy" / "kiosk" / "screen"
OTHERS = "q:!\x1b[1;5P\x1b[15~\x1bOP\x1bq\t\t\r"
# In two parts: from Python 3.13 on a traceback quotes the lines of a `-c` program.
TALKING_BREAK = """
import sys
from device.gym import Gym
def board(gym):
    raise RuntimeError("sec" "ret of Anna")
Gym.board = board
from ui.__main__ import main
sys.exit(main())
"""


@pytest.mark.parametrize("term", ["xterm-256color", "linux"])
def test_no_key_leads_out_and_sigterm_saves_everybody(tmp_path: Path, term: str) -> None:
    with terminal("kiosk", "--source", "sim:3@4", "--data", str(tmp_path), term=term) as one:
        one.until("as intended")
        one.press(CONTROLS)
        one.press(OTHERS)
        one.press("m")
        one.until("Whose data?")  # it goes on, and is not stopped
        assert one.process.poll() is None
        one.process.send_signal(signal.SIGTERM)
        assert one.ended() == 0
        one.assert_sane()
    kept = sessions(tmp_path)
    assert kept
    assert {session.outcome for session in kept} == {None}  # to be gone on with


def test_a_signal_that_a_keyboard_could_send_is_ignored(tmp_path: Path) -> None:
    with terminal("kiosk", "--source", "sim:2@4", "--data", str(tmp_path)) as one:
        one.until("as intended")
        for number in KEYBOARD:
            one.process.send_signal(number)
        one.press("m")
        one.until("Whose data?")
        one.process.send_signal(signal.SIGHUP)
        assert one.ended() == 0
        one.assert_sane()


def test_a_terminal_that_hangs_up_leaves_no_program_that_holds_the_folder(tmp_path: Path) -> None:
    words = ("kiosk", "--source", "sim:3@4", "--data", str(tmp_path))
    with terminal(*words, controlling=True) as one:
        one.until("as intended")
        one.hang_up()
        assert one.process.wait(test_live_terminal.PATIENCE_S) == 0
    assert {session.outcome for session in sessions(tmp_path)} == {None}


def ignores(status: Path) -> bool:
    """Whether a process ignores the keyboard's signals; the kernel wrote its status."""
    lines = status.read_text().splitlines()
    ignored = int(next(line for line in lines if "SigIgn" in line).split()[1], 16)
    return all(ignored >> (number - 1) & 1 for number in KEYBOARD)


def test_installed_no_key_ends_it_before_it_is_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "beatwise"
    begins, run = tmp_path / "begins", shlex.join(test_live_terminal.PROGRAM)
    program.write_text(f'#!/bin/sh\ncat /proc/$$/status >"{begins}"\nexec {run} "$@"\n')
    program.chmod(0o755)
    monkeypatch.setattr(test_live_terminal, "PROGRAM", ("/bin/sh", str(LAUNCHER)))
    monkeypatch.setenv("BEATWISE_PROGRAM", str(program))
    monkeypatch.setenv("LIBSEAT_BACKEND", "")
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    with terminal("--source", "sim:2@4", "--data", str(tmp_path / "data"), term="linux") as one:
        end_s = time.monotonic() + test_live_terminal.PATIENCE_S
        while b"as intended" not in one.drawn:
            one._read(0.02)
            assert one.process.poll() is None
            assert time.monotonic() < end_s
            if begins.exists() and begins.stat().st_size:
                assert ignores(begins)
                for number in KEYBOARD:
                    os.killpg(one.process.pid, number)
        one.process.send_signal(signal.SIGTERM)
        assert one.ended() == 0
        assert b"Traceback" not in one.drawn


def test_a_mistake_of_the_program_is_kept_in_a_file_and_not_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(test_live_terminal, "PROGRAM", (sys.executable, "-c", TALKING_BREAK))
    with terminal("kiosk", "--source", "sim:2", "--data", str(tmp_path)) as one:
        assert one.ended() == 1
        one.assert_sane()
        assert b"secret" not in one.drawn
        assert b"a mistake of its own" in one.drawn
    crash = tmp_path / "crash.txt"
    assert crash.stat().st_mode & 0o777 == 0o600
    assert "RuntimeError" in crash.read_text()
    assert "board" in crash.read_text()
    assert "secret" not in crash.read_text()


def test_it_closes_by_itself_when_told_for_how_long(tmp_path: Path) -> None:
    words = ("kiosk", "--source", "sim:2@60", "--for", "120", "--data", str(tmp_path))
    with terminal(*words) as one:
        assert one.ended() == 0
        one.assert_sane()
    assert {session.outcome for session in sessions(tmp_path)} == {"stopped"}


def test_what_cannot_be_opened_is_said_in_one_line(tmp_path: Path) -> None:
    words = ("kiosk", "--source", "sim:2", "--roster", str(tmp_path / "none.csv"))
    with terminal(*words, "--data", str(tmp_path)) as one:
        assert one.ended() == 2
        one.assert_sane()
        assert b"none.csv" in one.drawn
