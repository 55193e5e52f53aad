"""Files that outlive a pulled plug: written whole or not at all, or appended to line by line."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from device.errors import StoreError


@contextmanager
def whole(path: Path) -> Iterator[BinaryIO]:
    """A file to write, and to read back; it takes its name when the block ends well.

    Hidden until then, and gone if it does not. Raises :class:`OSError`.
    """
    part = path.with_name(f".{path.name}.part")
    try:
        # On a stranger's stick a link may lie there, to a file of ours: never written through.
        part.unlink(missing_ok=True)
        handle = os.open(part, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o666)
        with os.fdopen(handle, "w+b") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
        with suppress(OSError):  # not every file system of a stick can
            sync_folder(path.parent)
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


def new_file(to: Path, name: str) -> Path:
    """Where a new file goes: under ``name`` in a folder, else where ``to`` says.

    Raises :class:`StoreError` where something is there already, or no folder to put it into.
    """
    target = to / name if to.is_dir() else to
    if not target.parent.is_dir():
        raise StoreError(f"there is no folder {target.parent}: is the stick there?")
    if target.exists():
        raise StoreError(f"{target} is there already: say another name, or a folder")
    return target


def append(path: Path, text: str) -> None:
    """Add ASCII lines to the end of a file, made where it is missing; raises :class:`OSError`.

    ``text`` begins with a newline: the last line there may have been cut off.
    """
    handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        os.write(handle, text.encode("ascii"))
        os.fsync(handle)
    finally:
        os.close(handle)


def sync_folder(folder: Path) -> None:
    """A rename is on the disk only when the folder is; raises :class:`OSError`."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
