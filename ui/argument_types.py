"""What a person may write for a value on the command line."""

import argparse
from pathlib import Path


def folder(text: str) -> Path:
    """A folder."""
    if not text:  # an unset variable of a script, which would mean the folder one is in
        raise argparse.ArgumentTypeError("which folder? Say --data DIR")
    return Path(text)


def seconds(text: str) -> float:
    """A time above 0."""
    try:
        number = float(text)
    except ValueError:
        number = 0.0
    if not 0 < number < float("inf"):
        raise argparse.ArgumentTypeError(f"{text!r} is no time; say seconds, such as 60")
    return number


def count(text: str) -> int:
    """A number of sessions, or of one."""
    if not (text.isascii() and text.isdigit() and 1 <= int(text) < 2**31):
        raise argparse.ArgumentTypeError(f"{text[:40]!r} is no number of sessions or of one")
    return int(text)


def weeks(text: str) -> int:
    """A number of weeks."""
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= 5000):
        raise argparse.ArgumentTypeError(f"{text!r} is no number of weeks; say one such as 4")
    return int(text)
