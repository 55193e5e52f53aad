"""A screen nobody looks after: nothing typed at it leads out of the app, or shows how it works.

On a console the keyboard's own signals are switched off while the app draws; before and after that
they are ignored. What the kernel does with keys of its own (another console, SysRq) is the
installation's business.
"""

from __future__ import annotations

import os
import signal
import sys
import traceback
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from types import TracebackType

from rich.console import Console

KEYBOARD = (signal.SIGINT, signal.SIGQUIT, signal.SIGTSTP)
"""What ctrl+c, ctrl+\\ and ctrl+z send where a terminal is not in raw mode."""

PRIVATE_FILE = 0o600

ACTIONS = frozenset({"focus_next", "focus_previous"})
"""Of the actions every Textual app has, those that lead nowhere."""


def ignore_keyboard() -> None:
    """The keyboard sends no signal that would end or stop the program."""
    for number in KEYBOARD:
        signal.signal(number, signal.SIG_IGN)


def silent_console() -> Console:
    """Where a mistake of the program is printed, and seen by nobody."""
    return Console(file=StringIO())


def keep_crashes(path: Path) -> None:
    """A mistake that ends the program is written to ``path`` instead of the screen."""

    def keep(_: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        write_crash(path, error.with_traceback(trace))

    sys.excepthook = keep


def write_crash(path: Path, error: BaseException) -> None:
    """Where in the program it happened; without the message, which may hold somebody's name."""
    lines = list(_where(error))
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, PRIVATE_FILE)
        with os.fdopen(handle, "w") as file:
            file.writelines(lines)
    except OSError:  # the disk refuses: then nobody learns of it
        return


def _where(error: BaseException) -> Iterator[str]:
    yield f"{type(error).__name__}\n"
    yield from traceback.format_tb(error.__traceback__)
    within = error.exceptions if isinstance(error, BaseExceptionGroup) else ()
    for other in (*within, error.__cause__ or error.__context__):
        if other is not None:
            yield "from "
            yield from _where(other)
