"""Standard output as whoever started us left it: closed, a pipe nobody reads, a full disk."""

import os
import sys
from pathlib import Path
from typing import TextIO


def open_what_is_closed() -> None:
    """Let a closed output (``>&-``) swallow what is said: Python leaves None in its place."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115  # till the end


def forget(out: TextIO) -> None:
    """Send what is left to nowhere: Python flushes once more when it ends, and must not fail."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), out.fileno())
