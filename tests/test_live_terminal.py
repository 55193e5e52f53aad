"""The app in a terminal: however it is left, the terminal is sane and the session saved."""

import os
import pty
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from fcntl import ioctl
from pathlib import Path

import pytest

from device.folder import Places
from device.history import StoredSession, open_history

PROGRAM = (sys.executable, "-c", "import sys; from ui.__main__ import main; sys.exit(main())")
PATIENCE_S = 30.0


class Terminal:
    """A pseudo-terminal with the program in it, and everything it has drawn."""

    def __init__(self, words: tuple[str, ...], term: str, controlling: bool = False) -> None:
        self.master, self.slave = pty.openpty()
        ioctl(self.slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
        self.before = termios.tcgetattr(self.slave)
        self.drawn = b""
        self.process = subprocess.Popen(
            (*(("setsid", "--ctty") if controlling else ()), *PROGRAM, *words),
            stdin=self.slave,
            stdout=self.slave,
            stderr=self.slave,
            start_new_session=not controlling,
            env={**os.environ, "TERM": term, "COLORTERM": ""},
        )

    def until(self, *texts: str) -> None:
        """Read what is drawn until all of these stood somewhere in it."""
        end_s = time.monotonic() + PATIENCE_S
        while not all(text.encode() in self.drawn for text in texts):
            assert time.monotonic() < end_s, f"{texts} never drawn: {self.drawn[-2000:]!r}"
            self._read(0.1)

    def press(self, keys: str) -> None:
        os.write(self.master, keys.encode())

    def hang_up(self) -> None:
        """The window is closed, or the connection is lost."""
        os.close(self.master)
        os.close(self.slave)

    def ended(self) -> int:
        """Its exit code, when it has ended; what it still draws is read."""
        end_s = time.monotonic() + PATIENCE_S
        while self.process.poll() is None:
            assert time.monotonic() < end_s, "it does not end"
            self._read(0.1)
        while self._read(0.1):
            pass
        return self.process.returncode

    def _read(self, wait_s: float) -> bool:
        ready, _, _ = select.select([self.master], [], [], wait_s)
        if ready:
            self.drawn += os.read(self.master, 65536)
        return bool(ready)

    def assert_sane(self) -> None:
        """The modes of the line are as before, and every mode of the screen is switched off."""
        assert termios.tcgetattr(self.slave) == self.before
        for mode in (b"1049", b"1000", b"2004"):  # other screen, mouse, bracketed paste
            on, off = self.drawn.rfind(b"\x1b[?%bh" % mode), self.drawn.rfind(b"\x1b[?%bl" % mode)
            assert off > on or on == off == -1, f"mode {mode!r} was left on"
        assert self.drawn.rfind(b"\x1b[?25h") > self.drawn.rfind(b"\x1b[?25l"), "no cursor"
        assert b"Traceback" not in self.drawn


@contextmanager
def terminal(
    *words: str, term: str = "xterm-256color", controlling: bool = False
) -> Iterator[Terminal]:
    """``controlling``: signals come from it, as from any that somebody has logged in by."""
    one = Terminal(words, term, controlling)
    try:
        yield one
    finally:
        if one.process.poll() is None:
            one.process.kill()
            one.process.wait()
        with suppress(OSError):  # hung up
            one.hang_up()


def sessions(data: Path) -> list[StoredSession]:
    with open_history(Places(data).database) as history:
        return history.sessions()


@pytest.mark.parametrize("term", ["xterm-256color", "linux"])
def test_ctrl_c_while_live_saves_the_session_and_leaves_a_sane_terminal(
    tmp_path: Path, term: str
) -> None:
    words = ("live", "--source", "sim", "--data", str(tmp_path))
    with terminal(*words, term=term) as one:
        one.until("inside your easy range")
        one.press("\x03")
        assert one.ended() == 0
        one.assert_sane()
        # The console has no other screen to draw on, and a shell's prompt is written over it.
        left = one.drawn.decode(errors="replace").rpartition("\x1b[2J")[2]
        assert term != "linux" or "inside" not in left
    assert [session.outcome for session in sessions(tmp_path)] == ["stopped"]


def test_ctrl_c_while_searching_for_a_strap_that_is_not_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", f"unix:path={tmp_path}/no-bus")
    with terminal("live", "--source", "ble", "--data", str(tmp_path)) as one:
        one.until("Bluetooth")
        one.press("\x03")
        assert one.ended() == 0
        one.assert_sane()
    assert len(sessions(tmp_path)) <= 1


def test_a_terminal_that_hangs_up_ends_it_with_the_session_saved(tmp_path: Path) -> None:
    words = ("live", "--source", "sim", "--data", str(tmp_path))
    with terminal(*words, controlling=True) as one:
        one.until("inside your easy range")
        one.hang_up()
        assert one.process.wait(PATIENCE_S) == 0
    assert [session.outcome for session in sessions(tmp_path)] == ["stopped"]


def test_ctrl_c_in_the_first_instant(tmp_path: Path) -> None:
    with terminal("live", "--source", "sim", "--data", str(tmp_path)) as one:
        one.until("\x1b[?1049h")
        one.press("\x03")
        assert one.ended() == 0
        one.assert_sane()


def test_ctrl_c_at_home_and_home_again_after_a_session(tmp_path: Path) -> None:
    with terminal("--source", "sim", "--data", str(tmp_path)) as one:
        one.until("SIMULATED", "recovery", "none yet")
        one.press("r")
        one.until("before you start")
        one.press(" ")
        one.until("inside your recovery range")
        one.drawn = b""
        one.press("q")
        one.until("How hard was it")
        one.press("q")
        one.until("Last sessions")
        one.press("\x03")
        assert one.ended() == 0
        one.assert_sane()
    assert [(s.outcome, s.start.purpose) for s in sessions(tmp_path)] == [("stopped", "recovery")]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_told_to_end_from_outside_it_saves_and_tidies_up(
    tmp_path: Path, number: signal.Signals
) -> None:
    with terminal("live", "--source", "sim", "--data", str(tmp_path)) as one:
        one.until("inside your easy range")
        one.process.send_signal(number)
        assert one.ended() == 0
        one.assert_sane()
    assert len(sessions(tmp_path)) == 1


def test_a_replay_that_ends_by_itself_says_so_and_waits_for_a_key(tmp_path: Path) -> None:
    recording = tmp_path / "steady.csv"
    recording.write_text("rr_ms\n" + "800\n" * 60)
    data = str(tmp_path / "data")
    with terminal("live", "--source", f"replay:{recording}@max", "--data", data) as one:
        one.until("it ended by itself")
        one.press("q")
        one.until("no verdict: no ceiling was known", "How hard was it")
        one.press("q")
        assert one.ended() == 0
        one.assert_sane()
    assert [session.outcome for session in sessions(tmp_path / "data")] == ["finished"]
