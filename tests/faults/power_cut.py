"""What a disk may hold after the power went, worked out from everything a program wrote.

The model is that of a journalling file system on a medium with a write cache, where only a sync
that has returned promises anything:

* Of what was written to a file since its last sync, every 512-byte sector may be there or not,
  in any combination: writes are lost, reordered and torn.
* A file's length is that of some moment since its last sync, with zeroes where it grew but
  nothing arrived.
* Names made, moved and removed become lasting in their order (they share a journal), up to some
  moment since the last sync of a folder; SQLite's own sync of a new log's folder is one.

So it loses more than ext4 does, and never what was synced.
"""

import random
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from pathlib import Path

SECTOR_BYTES = 512
_ENTRY = struct.Struct("<IIQQqQ")


class Kind(IntEnum):
    """What was done; as faulty.c numbers it."""

    CREATED = 1
    WRITTEN = 2
    CUT = 3
    SYNCED = 4
    RENAMED = 5
    REMOVED = 6
    FOLDER_MADE = 7
    FOLDER_SYNCED = 8


@dataclass(frozen=True, slots=True)
class Change:
    """One change to the disk, or one promise by it."""

    kind: Kind
    t_s: float
    """On the monotonic clock."""
    file: int
    at: int
    """Offset of a write, length of a cut; how many changes a sync had before it when it began."""
    path: str
    data: bytes


def recorded(log: Path) -> Iterator[Change]:
    """Read what faulty.c has written down."""
    read = log.read_bytes()
    at = 0
    while at + _ENTRY.size <= len(read):
        kind, path_bytes, t_ns, file, offset, data_bytes = _ENTRY.unpack_from(read, at)
        path_at = at + _ENTRY.size
        data_at = path_at + path_bytes
        at = data_at + data_bytes
        path = read[path_at:data_at].decode()
        yield Change(Kind(kind), t_ns / 1e9, file, offset, path, read[data_at:at])


@dataclass(slots=True)
class _File:
    synced: bytes = b""
    since: list[tuple[int, Change]] = field(default_factory=list)
    """Numbered writes and cuts that no sync has covered."""


@dataclass(slots=True)
class _Name:
    number: int
    change: Change
    made: _File | None
    """The file that a new name stands for."""


class Disk:
    """A disk to which changes are made one after another, and whose power may go at any time."""

    def __init__(self) -> None:
        self._files: dict[int, _File] = {}
        self._lasting: dict[str, _File | None] = {}
        """By path; None is a folder."""
        self._names: list[_Name] = []
        """Changes of names that no sync has made lasting."""
        self._number = 0

    def change(self, change: Change) -> None:
        """Take in the next change."""
        number, self._number = self._number, self._number + 1
        match change.kind:
            case Kind.CREATED:
                made = self._files[change.file] = _File()
                self._names.append(_Name(number, change, made))
            case Kind.WRITTEN | Kind.CUT:
                self._files[change.file].since.append((number, change))
            case Kind.SYNCED:
                file = self._files[change.file]
                covered = [one for at, one in file.since if at < change.at]
                file.synced = _all(file.synced, covered)
                file.since = [(at, one) for at, one in file.since if at >= change.at]
            case Kind.FOLDER_SYNCED:
                while self._names and self._names[0].number < change.at:
                    _rename(self._lasting, self._names.pop(0))
            case Kind.RENAMED | Kind.REMOVED | Kind.FOLDER_MADE:
                self._names.append(_Name(number, change, None))

    def everything(self) -> dict[str, bytes]:
        """Every file as the program sees it: nothing lost."""
        names = _named(self._lasting, self._names)
        return {
            path: _all(file.synced, [one for _, one in file.since])
            for path, file in names.items()
            if file is not None
        }

    def power_cut(self, chance: random.Random, into: Path) -> None:
        """Put into an empty folder what might be left if the power went now."""
        kept_names = chance.choice((0, len(self._names), chance.randint(0, len(self._names))))
        for path, file in sorted(_named(self._lasting, self._names[:kept_names]).items()):
            if file is None:
                (into / path).mkdir(parents=True, exist_ok=True)
            else:
                (into / path).parent.mkdir(parents=True, exist_ok=True)
                (into / path).write_bytes(_some(file, chance))


def _named(lasting: dict[str, _File | None], more: Sequence[_Name]) -> dict[str, _File | None]:
    names = dict(lasting)
    for one in more:
        _rename(names, one)
    return names


def _rename(names: dict[str, _File | None], name: _Name) -> None:
    change = name.change
    match change.kind:
        case Kind.CREATED:
            names[change.path] = name.made
        case Kind.FOLDER_MADE:
            names[change.path] = None
        case Kind.REMOVED:
            names.pop(change.path, None)
        case Kind.RENAMED:
            to, below = change.data.decode(), f"{change.path}/"
            for path in [*names]:
                if path == change.path or path.startswith(below):
                    names[to + path[len(change.path) :]] = names.pop(path)


def _all(content: bytes, changes: Sequence[Change]) -> bytes:
    whole = bytearray(content)
    for change in changes:
        _apply(whole, change)
    return bytes(whole)


def _apply(whole: bytearray, change: Change) -> None:
    if change.kind is Kind.CUT:
        del whole[change.at :]
        whole.extend(bytes(change.at - len(whole)))
    else:
        whole.extend(bytes(max(0, change.at - len(whole))))
        whole[change.at : change.at + len(change.data)] = change.data


def _some(file: _File, chance: random.Random) -> bytes:
    """What may be left of a file: one of its lengths, and of each sector one of its states."""
    whole = bytearray(file.synced)
    lengths = [len(whole)]
    states: dict[int, list[bytes]] = {}
    for _, change in file.since:
        _apply(whole, change)
        lengths.append(len(whole))
        if change.kind is Kind.WRITTEN:
            end = change.at + len(change.data)
            for sector in range(change.at // SECTOR_BYTES, -(-end // SECTOR_BYTES)):
                at = sector * SECTOR_BYTES
                states.setdefault(sector, []).append(bytes(whole[at : at + SECTOR_BYTES]))
    share = chance.choice((0.0, 0.5, 0.9, 1.0))
    newest = share == 1.0
    length = lengths[-1] if newest else chance.choice(lengths)
    left = bytearray(file.synced[:length].ljust(length, b"\0"))
    for sector, known in states.items():
        if chance.random() < share:
            state = known[-1] if newest else chance.choice(known)
            at = sector * SECTOR_BYTES
            left[at : at + SECTOR_BYTES] = state
    return bytes(left[:length])
