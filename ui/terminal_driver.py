"""How the app writes to its terminal: also when that goes away, as one over ssh does."""

from __future__ import annotations

import os
from queue import Full
from typing import Any

from textual.drivers.linux_driver import LinuxDriver

from ui import locked
from ui.terminal import is_console

LOOK_AGAIN_S = 0.5
CLEAR = "\x1b[0m\x1b[2J\x1b[H"


class SteadyDriver(LinuxDriver):
    """Textual's, but what cannot be written any more is waited for by nobody.

    A terminal that hangs up ends the thread that writes, and the kernel sends SIGCONT with
    SIGHUP: Textual would take the app for one that was suspended, and wait for ever to draw it.
    """

    def write(self, data: str) -> None:
        """Hand on to the thread that writes, for as long as there is one."""
        writer = self._writer_thread
        while writer is not None and writer.is_alive():
            try:
                writer._queue.put(data, timeout=LOOK_AGAIN_S)  # noqa: SLF001 - it has no other way
            except Full:
                continue
            return

    def stop_application_mode(self) -> None:
        """Leave the terminal as it was; a console has no other screen, so what we drew goes."""
        if is_console(os.environ):
            self.write(CLEAR)
        super().stop_application_mode()

    def _sigcont_application(self, *_: object) -> None:
        if self._must_signal_resume:  # it was suspended before
            super()._sigcont_application()


class LockedDriver(SteadyDriver):
    """Of a screen that nobody looks after: ctrl+z suspends nothing."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        locked.ignore_keyboard()
