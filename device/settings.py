"""Reading a TOML file that a person wrote: every mistake named with its line."""

import math
import os
import tomllib
from collections.abc import Collection
from difflib import get_close_matches
from pathlib import Path
from typing import Any, TypeVar

from device.errors import ConfigError

T = TypeVar("T")

LONGEST_FILE_BYTES = 64 * 1024
"""Far beyond any settings a person writes; finding a line takes time that grows with its square."""
MOST_MISTAKES = 10
"""So many are named; whoever mends these sees the rest at the next start."""


class Settings:
    """A table of settings, asked key by key; what nobody asks for is an unknown key.

    Each question gives the value, or ``default`` where the key is absent or its value wrong;
    :meth:`check` then raises all mistakes at once.
    """

    def __init__(
        self,
        path: Path,
        text: str,
        table: dict[str, Any],
        at: tuple[str | int, ...],
        mistakes: list[tuple[int, str]],
    ) -> None:
        self.path = path
        self._text = text
        self._table = table
        self._at = at
        self._mistakes = mistakes
        self._asked: dict[str, list[Settings]] = {}

    def __contains__(self, key: str) -> bool:
        """Whether the key is there, whatever its value."""
        return key in self._table

    def number(self, key: str, default: T, *, low: float, high: float, unit: str) -> float | T:
        """A number from ``low`` to ``high``."""
        value = self._ask(key)
        if value is None:
            return default
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            return self._wrong(key, f"{_shown(value)} is not a number ({unit})", default)
        if not low <= value <= high or math.isnan(value):
            return self._wrong(
                key, f"{value} is out of range: {low:g} to {high:g} ({unit})", default
            )
        return float(value)

    def whole(self, key: str, default: T, *, low: int, high: int, unit: str) -> int | T:
        """A whole number from ``low`` to ``high``."""
        value = self._ask(key)
        if value is None:
            return default
        if isinstance(value, bool) or not isinstance(value, int):
            return self._wrong(key, f"{_shown(value)} is not a whole number ({unit})", default)
        if not low <= value <= high:
            return self._wrong(key, f"{value} is out of range: {low} to {high} ({unit})", default)
        return value

    def flag(self, key: str, default: bool) -> bool:
        """True or false."""
        value = self._ask(key)
        if value is None or isinstance(value, bool):
            return default if value is None else value
        return self._wrong(key, f"{_shown(value)} is neither true nor false", default)

    def text(self, key: str, default: T) -> str | T:
        """Any text."""
        value = self._ask(key)
        if value is None:
            return default
        if not isinstance(value, str):
            return self._wrong(key, f'{_shown(value)} is not text: put it in "quotes"', default)
        return value

    def choice(self, key: str, default: T, choices: Collection[str]) -> str | T:
        """One of several words."""
        value = self.text(key, None)
        if value is None:
            return default
        if value not in choices:
            return self._wrong(
                key, f"{_shown(value)} is unknown{_nearest(value, choices)}", default
            )
        return value

    def is_table(self, key: str) -> bool:
        """Whether the value is a table; for a setting that may also be a word."""
        return isinstance(self._table.get(key), dict)

    def items(self, key: str) -> list[Any]:
        """A list, unchecked; empty where absent."""
        value = self._ask(key)
        if value is None or isinstance(value, list):
            return value or []
        return self._wrong(key, f"{_shown(value)} is not a list: put it in [brackets]", [])

    def table(self, key: str) -> "Settings":
        """A table of its own; empty where absent."""
        value = self._ask(key)
        if value is not None and not isinstance(value, dict):
            value = self._wrong(key, f"{_shown(value)} is not a section: write [{key}]", {})
        inner = Settings(self.path, self._text, value or {}, (*self._at, key), self._mistakes)
        self._asked[key] = [inner]
        return inner

    def tables(self, key: str) -> "list[Settings]":
        """Tables of one kind, each under its own ``[[key]]``; none where absent."""
        value = self._ask(key)
        is_list = isinstance(value, list) and all(isinstance(one, dict) for one in value)
        if value is not None and not is_list:
            value = self._wrong(key, f"{_shown(value)} is no list of sections: write [[{key}]]", [])
        self._asked[key] = [
            Settings(self.path, self._text, one, (*self._at, key, index), self._mistakes)
            for index, one in enumerate(value or [])
        ]
        return self._asked[key]

    def mistake(self, key: str, words: str) -> None:
        """Add a mistake in the value of a key."""
        self._wrong(key, words, None)

    def check(self) -> None:
        """Raise :class:`ConfigError` with every mistake and unknown key found, a line each."""
        self.name_unknown()
        if self._mistakes:
            raise ConfigError("\n".join(words for _, words in sorted(self._mistakes)))

    def name_unknown(self) -> None:
        """Count what nobody asked for among the mistakes."""
        for key in self._table:
            if key not in self._asked:
                self._wrong(key, f"no such setting{_nearest(key, self._asked)}", None)
        for asked in self._asked.values():
            for inner in asked:
                inner.name_unknown()

    def _ask(self, key: str) -> Any:
        self._asked.setdefault(key, [])
        return self._table.get(key)

    def _wrong(self, key: str, words: str, default: T) -> T:
        if len(self._mistakes) < MOST_MISTAKES:
            at = (*self._at, key)
            line, name = line_of(self._text, at), _path(at)
            self._mistakes.append((line, f"{self.path}:{line}: {name}: {words}"))
        return default


def read(path: Path, *, longest_bytes: int = LONGEST_FILE_BYTES) -> Settings:
    """Read a file; one that does not exist is empty.

    Raises :class:`ConfigError` where it cannot be read, or is not TOML.
    """
    try:
        # On a stranger's stick there may be a pipe in its place, that never ends.
        with os.fdopen(os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC), "rb") as file:
            data = file.read(longest_bytes + 1)
    except FileNotFoundError:
        data = b""
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror}") from error
    if len(data) > longest_bytes:
        raise ConfigError(f"{path}: over {longest_bytes >> 10} KB is no file of settings")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise ConfigError(f"{path}:{line}: not UTF-8 text") from error
    text = text.replace("\r\n", "\n")
    try:
        return Settings(path, text, tomllib.loads(text), (), [])
    except ValueError as error:  # TOMLDecodeError, or an integer of thousands of digits
        reason, line = _line_in_message(str(error), text)
        raise ConfigError(f"{path}:{line}: {reason}") from error
    except RecursionError as error:
        raise ConfigError(f"{path}: nested too deeply") from error


def line_of(text: str, key: tuple[str | int, ...]) -> int:
    """Line, from 1, on which a key of a valid TOML text is written; 1 where it is not.

    It follows the longest beginning of the text that is valid and does not have the key yet,
    which is found by halving: reading a beginning takes time that grows with its length.
    """
    lines = text.split("\n")
    if not _has(tomllib.loads(text), key):
        return 1
    without, having = 0, len(lines)
    while having - without > 1:
        middle = (without + having) // 2
        # A beginning that ends in the middle of a value of several lines is no TOML.
        for count in (*range(middle, having), *range(middle - 1, without, -1)):
            try:
                table = tomllib.loads("\n".join(lines[:count]))
            except ValueError:
                continue
            without, having = (without, count) if _has(table, key) else (count, having)
            break
        else:
            break
    return without + 1


def _has(table: Any, key: tuple[str | int, ...]) -> bool:
    for part in key:
        if isinstance(part, int):
            if not isinstance(table, list) or part >= len(table):
                return False
        elif not isinstance(table, dict) or part not in table:
            return False
        table = table[part]
    return True


def _line_in_message(message: str, text: str) -> tuple[str, int]:
    """tomllib says "... (at line 3, column 5)" or "... (at end of document)"."""
    reason, _, place = message.rpartition(" (at ")
    words = place.replace(",", "").rstrip(")").split()
    if words[:1] == ["line"]:
        return reason, int(words[1])
    return reason or message, text.rstrip("\n").count("\n") + 1


def _nearest(word: str, known: Collection[str]) -> str:
    near = get_close_matches(word.lower(), known, n=1, cutoff=0.5)
    if near:
        return f"; did you mean {near[0]!r}?"
    return f"; there is {', '.join(known)}" if known else ""


def _path(at: tuple[str | int, ...]) -> str:
    """Where a value stands, as a person counts: ``athlete 2: strap.address``."""
    path = ""
    for part in at:
        if isinstance(part, int):
            path += f" {part + 1}: "
        else:
            path += ("." if path and not path.endswith(" ") else "") + _key(part)
    return path.removesuffix(": ")


def _key(key: str) -> str:
    return key if key.isprintable() and len(key) <= 40 else _shown(key)


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 40 else f"{text[:37]}..."
