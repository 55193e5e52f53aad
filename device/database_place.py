"""What stands where the database should be, when it is no file that could be one."""

import errno
import stat
from pathlib import Path


def obstacle(path: Path) -> str | None:
    """What is in the database's place, "a folder"; None for a file, or nothing.

    Raises :class:`OSError` for a link to what is not there: its disk may only be late.
    """
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        if path.is_symlink():
            words = f"it is a link to {path.readlink()}, which is not there"
            raise OSError(errno.ENOENT, words, str(path)) from None
        return None
    if stat.S_ISREG(mode):
        return None
    return "a folder" if stat.S_ISDIR(mode) else "a pipe or a device"


def was_emptied(path: Path) -> bool:
    """Whether there is a file with nothing in it: a file system was mended, or something cut it.

    A database that was only just begun looks so for an instant, if the plug is pulled in it.
    """
    return path.is_file() and path.stat().st_size == 0


def has_log(path: Path) -> bool:
    """Whether commits may wait beside the database that are not in it."""
    log = path.with_name(f"{path.name}-wal")
    return log.is_file() and log.stat().st_size > 0
