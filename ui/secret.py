"""Secrets from a person: asked for without showing them, or read from a file or a pipe."""

import getpass
import sys
from pathlib import Path

from device.errors import BeatwiseError

LONGEST = 1000


class NoSecret(BeatwiseError, ValueError):
    """What was typed or read cannot be used; says why."""


def ask(what: str, *, file: Path | None = None, twice: bool = False) -> str:
    """A secret: the first line of ``file`` or of standard input; at a terminal it is asked for.

    ``twice``: a slip of the finger would lock somebody out. Raises :class:`NoSecret`.
    """
    if file is not None:
        return _first_line(file, what)
    if not sys.stdin.isatty():
        return _checked(sys.stdin.readline(LONGEST), what)
    try:
        said = _checked(getpass.getpass(f"{what}: "), what)
        if twice and getpass.getpass("Once more: ") != said:
            raise NoSecret("these were two different ones; nothing was changed")
    except EOFError:
        raise NoSecret(f"{what}: nothing was said") from None
    return said


def _first_line(file: Path, what: str) -> str:
    try:
        with file.expanduser().open(encoding="utf-8") as lines:
            return _checked(lines.readline(LONGEST), what)
    except UnicodeDecodeError:
        raise NoSecret(f"{file}: not UTF-8 text") from None
    except OSError as error:
        raise NoSecret(f"{file}: {error.strerror or error}") from error


def _checked(line: str, what: str) -> str:
    said = line.rstrip("\r\n")
    if not said:
        raise NoSecret(f"{what}: nothing was said")
    return said
