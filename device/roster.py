"""The athletes of a data folder: found by name, saved whole or not at all."""

import json
import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import count
from pathlib import Path

from device import athlete, settings
from device.athlete import DAYS, Athlete
from device.errors import ConfigError, StoreError, UnknownAthlete
from device.folder import PRIVATE, Places
from device.names import name_key, name_mistake, same_name, slug
from device.whole_file import sync_folder
from hrv.zones import Zones


@dataclass(frozen=True, slots=True)
class Roster:
    """Everybody, and whose file cannot be used."""

    athletes: tuple[Athlete, ...]
    """By name."""
    mistakes: tuple[ConfigError, ...]
    """One for each file with mistakes; they keep nobody else from training."""


def load_all(data_dir: Path) -> Roster:
    """Read every athlete's file."""
    found: dict[str, Athlete] = {}
    mistakes = []
    for path in _files(data_dir):
        try:
            one = athlete.read(path)
        except ConfigError as error:
            mistakes.append(error)
            continue
        if name_key(one.name) in found:
            mistakes.append(ConfigError(f"{path}: another file already has {one.name!r}"))
        else:
            found[name_key(one.name)] = one
    return Roster(tuple(found[key] for key in sorted(found)), tuple(mistakes))


def load(data_dir: Path, name: str) -> Athlete:
    """Read one athlete's file, found by the name in it.

    Raises:
        UnknownAthlete: there is no such athlete; says who there is.
        ConfigError: there is, and the file has mistakes.
    """
    path = _find(data_dir, name)
    if path is None:
        suspect = Places(data_dir).athletes / f"{slug(name)}.toml"
        if suspect.is_file():
            athlete.read(suspect)  # names the mistake that hides the athlete, if that is it
        raise UnknownAthlete(_unknown(name, [known for _, known in _names(data_dir)]))
    return athlete.read(path)


def save(data_dir: Path, one: Athlete) -> Path:
    """Write an athlete's file, whole or not at all; returns which. Comments in it are lost.

    Raises:
        ConfigError: the athlete would not be read back, the reason in words.
        StoreError: the disk refuses.
    """
    if words := name_mistake(one.name):
        raise ConfigError(f"name: {words}")
    path = _find(data_dir, one.name) or _free_path(data_dir, one.name)
    part = path.with_name(f".{path.name}.part")  # hidden and without .toml: never read as one
    try:
        path.parent.mkdir(mode=PRIVATE, parents=True, exist_ok=True)
        with part.open("wb") as file:
            # What UTF-8 cannot say becomes an escape that reading it back refuses.
            file.write(as_toml(one).encode("utf-8", "backslashreplace"))
            file.flush()
            os.fsync(file.fileno())
        athlete.read(part)
        part.replace(path)
        sync_folder(path.parent)
    except ConfigError as error:
        raise ConfigError(str(error).replace(str(part), str(path))) from error
    except OSError as error:
        raise StoreError(f"{path} cannot be written: {error.strerror or error}") from error
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)
    return path


def _files(data_dir: Path) -> list[Path]:
    return sorted(path for path in Places(data_dir).athletes.glob("*.toml") if path.is_file())


def _names(data_dir: Path) -> Iterator[tuple[Path, str]]:
    """Each readable file with the name in it, whatever else may be wrong there."""
    for path in _files(data_dir):
        with suppress(ConfigError):
            name = settings.read(path).text("name", None)
            if name is not None and not name_mistake(name):
                yield path, name


def _find(data_dir: Path, name: str) -> Path | None:
    for path, known in _names(data_dir):
        if same_name(name, known):
            return path
    return None


def _free_path(data_dir: Path, name: str) -> Path:
    folder = Places(data_dir).athletes
    for number in count(1):
        path = folder / (slug(name) + (f"-{number}" if number > 1 else "") + ".toml")
        if not path.exists():
            return path
    raise AssertionError("count() does not end")


def _unknown(name: str, known: list[str]) -> str:
    shown = repr(name if len(name) <= 40 else f"{name[:37]}...")
    if not known:
        return f"no athlete {shown}: there is none yet in this data folder"
    near = get_close_matches(name_key(name), [name_key(one) for one in known], n=1, cutoff=0.5)
    hint = next(
        (f"did you mean {one!r}? There" for one in known if [name_key(one)] == near), "there"
    )
    others = ", ".join(known[:10]) + (", ..." if len(known) > 10 else "")
    return f"no athlete {shown}; {hint} is {others}"


def as_toml(one: Athlete, table: str = "") -> str:
    """An athlete as ``athletes/*.toml`` has it; ``table`` is what the sections lie in."""
    keys = ("birth_year", "resting_bpm", "max_bpm", "lthr_bpm", "vt1_bpm", "hrvt1_bpm")
    numbers = ((key, getattr(one, key)) for key in keys)
    lines = [f"name = {_quoted(one.name)}"]
    lines += [f"{key} = {number!r}" for key, number in numbers if number is not None]
    if one.sex is not None:
        lines.append(f"sex = {_quoted(one.sex)}")
    if isinstance(one.zones, str):
        lines.append(f"zones = {_quoted(one.zones)}")
    if isinstance(one.zones, Zones):
        lines += ["", f"[{table}zones]"]
        lines.append(f"names = [{', '.join(_quoted(name) for name in one.zones.names)}]")
        lines.append(f"bounds_bpm = [{', '.join(repr(bpm) for bpm in one.zones.bounds_bpm)}]")
    if one.strap is not None:
        lines += ["", f"[{table}strap]"]
        parts = (("address", one.strap.address), ("name", one.strap.name))
        lines += [f"{key} = {_quoted(text)}" for key, text in parts if text is not None]
    if one.plan is not None:
        planned = zip(DAYS, one.plan, strict=True)
        lines += ["", f"[{table}plan]"]
        lines += [f"{day} = {_quoted(purpose)}" for day, purpose in planned if purpose is not None]
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    """A TOML basic string; JSON's escapes are TOML's, and DEL is the one JSON leaves alone."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
