"""The terminal's bell: the last resort, and nobody knows whether it is heard."""

import os
from pathlib import Path

from device.cue import Cue
from device.tones import MELODIES

TERMINAL = Path("/dev/tty")


class Bell:
    """Rings the terminal that the program was started on, whatever its output is used for."""

    name = "bell"

    def __init__(self, terminal: Path | None = None) -> None:
        self._terminal = TERMINAL if terminal is None else terminal

    def has(self, cue: Cue) -> bool:
        """One ring for whatever has a melody."""
        return cue.kind in MELODIES

    def how(self) -> str:
        """By what it rings."""
        return "the terminal"

    async def give(self, _: Cue) -> str | None:
        """Ring once; one byte, so that it goes between what others write and not into it."""
        try:
            # A terminal held by Ctrl-S would otherwise make us wait.
            tty = os.open(self._terminal, os.O_WRONLY | os.O_NOCTTY | os.O_NONBLOCK)
        except OSError as error:
            return f"no terminal to ring ({error.strerror})"
        try:
            os.write(tty, b"\a")
        except OSError as error:
            return f"the terminal takes nothing ({error.strerror})"
        finally:
            os.close(tty)
        return None
