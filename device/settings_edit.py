"""Changing one setting in a file a person wrote: comments and everything else stay as they are."""

import copy
import tomllib
from pathlib import Path
from typing import Any

from device import settings
from device.errors import ConfigError, StoreError
from device.whole_file import whole


def put(path: Path, table: str | None, key: str, value: str | None) -> None:
    """Set a text, or take the setting out (None); whole or not at all.

    Raises:
        ConfigError: the file has mistakes, or is written in a way that only a person can change.
        StoreError: the disk refuses.
    """
    settings.read(path)  # names the mistake, if there is one
    text = path.read_text(encoding="utf-8-sig") if path.exists() else ""
    before = tomllib.loads(text)
    changed = _with_line(text, before, table, key, value)
    if _parsed(changed) != _changed(before, table, key, value):
        raise ConfigError(f"{path}: {key} cannot be changed from here; change it by hand")
    try:
        with whole(path) as out:
            out.write(changed.encode())
    except OSError as error:
        raise StoreError(f"{path} cannot be written: {error.strerror or error}") from error


def _with_line(
    text: str, before: dict[str, Any], table: str | None, key: str, value: str | None
) -> str:
    lines = text.splitlines(keepends=True)
    if lines and not lines[-1].endswith("\n"):
        lines[-1] += "\n"
    new = [] if value is None else [f'{key} = "{value}"\n']
    inside = before if table is None else before.get(table, {})
    if isinstance(inside, dict) and key in inside:
        at = settings.line_of(text, (key,) if table is None else (table, key)) - 1
        lines[at : at + 1] = new
    elif table is None:
        lines[:0] = new
    elif table in before:
        at = settings.line_of(text, (table,))
        lines[at:at] = new
    elif new:
        lines += [*(["\n"] if lines else []), f"[{table}]\n", *new]
    return "".join(lines)


def _changed(
    before: dict[str, Any], table: str | None, key: str, value: str | None
) -> dict[str, Any]:
    wanted = copy.deepcopy(before)
    inside = wanted if table is None else wanted.setdefault(table, {})
    if value is None:
        inside.pop(key, None)
    else:
        inside[key] = value
    return {name: found for name, found in wanted.items() if found != {}}


def _parsed(text: str) -> dict[str, Any] | None:
    try:
        return {name: found for name, found in tomllib.loads(text).items() if found != {}}
    except ValueError:
        return None
