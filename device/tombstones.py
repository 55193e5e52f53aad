"""That somebody was erased, without saying who: a backup that is restored must not bring them back.

One line of JSON each in ``erased.jsonl`` in the data folder, beside the database rather than in it:
a database may be damaged and begun anew, and then is when a backup is restored. A line holds a slow
salted hash of the name. It says nothing to who reads it; who already suspects a name can find out
that this name was erased here, and nothing else.
"""

import json
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import scrypt
from pathlib import Path

from device.names import name_key
from device.whole_file import append

LARGEST_BYTES = 4 << 20
_N, _R, _P = 1 << 12, 8, 1
"""Each name of a backup is hashed once at a restore: a tenth of a second on a Pi Zero 2 W."""


@dataclass(frozen=True, slots=True)
class Tombstone:
    """One erasure."""

    id: str
    """Tells it from others of the same name: who was erased may sign up again."""
    salt: bytes
    """The same for all of a data folder."""
    mark: bytes
    """Hash of the name."""


def path(data: Path) -> Path:
    """Where they are kept."""
    return data / "erased.jsonl"


def load(data: Path) -> tuple[Tombstone, ...]:
    """All of a data folder; a line cut off by a power cut is left out."""
    try:
        with path(data).open("rb") as file:
            lines = file.read(LARGEST_BYTES).splitlines()
    except OSError:
        return ()
    return tuple(stone for line in lines if (stone := _read(line)) is not None)


def add(data: Path, name: str) -> None:
    """Put one up; it is on the disk afterwards. Raises :class:`OSError`."""
    known = load(data)
    salt = known[0].salt if known else secrets.token_bytes(16)
    stone = Tombstone(secrets.token_hex(8), salt, _mark(name, salt))
    keep(data, (stone,))


def keep(data: Path, stones: Iterable[Tombstone]) -> None:
    """Append to those of a data folder; raises :class:`OSError`."""
    lines = [{"id": s.id, "salt": s.salt.hex(), "mark": s.mark.hex()} for s in stones]
    append(path(data), "".join(f"\n{json.dumps(line)}\n" for line in lines))


def erased_among(names: Iterable[str], stones: Iterable[Tombstone]) -> set[str]:
    """Those of ``names`` that have one."""
    marks: dict[bytes, set[bytes]] = {}
    for stone in stones:
        marks.setdefault(stone.salt, set()).add(stone.mark)
    return {
        name
        for name in names
        if any(_mark(name, salt) in of_salt for salt, of_salt in marks.items())
    }


def _mark(name: str, salt: bytes) -> bytes:
    return scrypt(name_key(name).encode(), salt=salt, n=_N, r=_R, p=_P, dklen=16)


def _read(line: bytes) -> Tombstone | None:
    try:
        fields = json.loads(line)
        return Tombstone(
            str(fields["id"]), bytes.fromhex(fields["salt"]), bytes.fromhex(fields["mark"])
        )
    except (ValueError, TypeError, KeyError):
        return None
