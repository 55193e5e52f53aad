"""Where things live, and the lock that keeps two programs from writing there at once."""

import errno
import fcntl
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from device.errors import StoreError

PRIVATE = 0o700
"""Mode of a folder made here: heartbeats are nobody else's business."""


@dataclass(frozen=True, slots=True)
class Places:
    """Every path under one data folder; none of them need exist."""

    data: Path

    @property
    def config(self) -> Path:
        """Settings, written by a person."""
        return self.data / "config.toml"

    @property
    def athletes(self) -> Path:
        """One file an athlete."""
        return self.data / "athletes"

    @property
    def database(self) -> Path:
        """Sessions and their beats."""
        return self.data / "beatwise.db"

    @property
    def lock(self) -> Path:
        """Held by the one program that writes here; holds its process number."""
        return self.data / "beatwise.lock"


def places(data: Path | None = None, *, environ: Mapping[str, str] = os.environ) -> Places:
    """The data folder: as asked for, else ``BEATWISE_DATA``, else as the XDG specification says."""
    if data is None and environ.get("BEATWISE_DATA"):
        data = Path(environ["BEATWISE_DATA"])
    if data is None:
        data = platformdirs.user_data_path("beatwise", appauthor=False)
    return Places(data.expanduser().absolute())


def make(data: Path) -> None:
    """Make the data folder, readable by its owner alone.

    Raises :class:`StoreError` where it can neither be found nor made.
    """
    try:
        data.mkdir(mode=PRIVATE, parents=True, exist_ok=True)
    except OSError as error:
        reason = "a file is in its place" if isinstance(error, FileExistsError) else error.strerror
        raise StoreError(
            f"cannot make the data folder {data}: {reason}; say another with --data"
        ) from error


@contextmanager
def hold(data: Path) -> Iterator[None]:
    """Be the one program that writes in this data folder, which must exist.

    The lock ends with the process, however it ends. Where even the lock's file cannot be written,
    nobody else can write either and there is nothing to hold.

    Raises :class:`StoreError` where another process holds it.
    """
    path = Places(data).lock
    lock = _open(path)
    if lock is None:
        yield
        return
    try:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise StoreError(
                f"another Beatwise{_holder(lock)} is using {data}: end it first"
            ) from None
        _sign(lock)
        # The file stays when the lock goes: removing it would let two hold locks on two files.
        yield
    finally:
        os.close(lock)


_NOT_WRITABLE = (
    *(errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOSPC, errno.EDQUOT),
    errno.EISDIR,  # a folder in its place can be locked just as well
)


def _open(path: Path) -> int | None:
    try:
        return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        if error.errno not in _NOT_WRITABLE:
            raise StoreError(f"cannot use the lock {path}: {error.strerror}") from error
    try:
        return os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return None


def _holder(lock: int) -> str:
    try:
        pid = os.pread(lock, 20, 0).decode("ascii", "replace").strip()
    except OSError:
        return ""  # it stands in no folder
    return f" (pid {pid})" if pid.isdigit() else ""


def _sign(lock: int) -> None:
    try:
        os.ftruncate(lock, 0)
        os.pwrite(lock, f"{os.getpid()}\n".encode(), 0)
    except OSError:
        return  # read-only or full: the lock holds all the same, only nameless
