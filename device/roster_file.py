"""A whole roster in one file: what a gym writes once and every device reads.

The same keys as ``athletes/*.toml``, once for each athlete::

    [[athlete]]
    name = "Anna"
    birth_year = 1985
    max_bpm = 188
    [athlete.strap]
    address = "F0:F1:F2:F3:F4:F5"
"""

from collections.abc import Iterable
from dataclasses import fields, replace
from pathlib import Path

from device import athlete, roster, settings
from device.athlete import Athlete
from device.errors import ConfigError, StoreError
from device.names import name_key
from device.whole_file import whole

LONGEST_BYTES = 512 << 10
"""Some three thousand athletes, all of whom have a strap."""


def read(path: Path) -> tuple[Athlete, ...]:
    """Read everybody in a roster, in its order.

    Raises :class:`device.errors.ConfigError` naming file, line and key of every mistake.
    """
    if not path.is_file():
        raise ConfigError(f"{path}: there is no such file")
    file = settings.read(path, longest_bytes=LONGEST_BYTES)
    tables = file.tables("athlete")
    found = []
    names: set[str] = set()
    for table in tables:
        one = athlete.of_table(table)
        if one.name and name_key(one.name) in names:
            table.mistake("name", f"{one.name!r} is in this roster already")
        names.add(name_key(one.name))
        found.append(one)
    file.check()
    if not found:
        raise ConfigError(f"{path}: nobody is in it; each athlete begins with [[athlete]]")
    return tuple(found)


def write(path: Path, people: Iterable[Athlete]) -> None:
    """Write everybody into a roster, whole or not at all; one that is there is replaced.

    Raises :class:`device.errors.StoreError` where it cannot be written.
    """
    text = "\n".join(f"[[athlete]]\n{roster.as_toml(one, table='athlete.')}" for one in people)
    try:
        with whole(path) as file:
            file.write(text.encode())
    except OSError as error:
        raise StoreError(f"{path} cannot be written: {error.strerror or error}") from error


def take_in(data_dir: Path, people: tuple[Athlete, ...]) -> tuple[Athlete, ...]:
    """Add or update each in the data folder; nobody is removed. Returns them as they are now.

    What the roster does not say stays as it is: a threshold from a ramp test, a strap claimed here.
    A file that says the same already is left alone.

    Raises a :class:`device.errors.BeatwiseError` where one cannot be saved.
    """
    known = {name_key(one.name): one for one in roster.load_all(data_dir).athletes}
    merged = []
    for one in people:
        before = known.get(name_key(one.name))
        after = one if before is None else _updated(before, one)
        if after != before:
            roster.save(data_dir, after)
        merged.append(after)
    return tuple(merged)


def _updated(before: Athlete, said: Athlete) -> Athlete:
    names = (field.name for field in fields(said) if field.name != "name")
    values = {name: getattr(said, name) for name in names}
    return replace(before, **{name: value for name, value in values.items() if value is not None})
