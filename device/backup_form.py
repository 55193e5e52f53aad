"""What a backup is made of: a zip of two age files, which common tools open where Beatwise is gone.

``key.age`` holds a key of its own, encrypted with the passphrase; ``beatwise.tar.age`` holds the
files, encrypted with that key. age's own passphrase mode would want everything in memory at once,
and a Pi has little. Without Beatwise::

    unzip beatwise-....zip && age -d -i key.age beatwise.tar.age | tar x

age authenticates every block and the end: what was changed or cut off is refused. All of the
cryptography is pyrage's, Python's way to the Rust implementation of age.
"""

import io
import os
import tarfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO, Protocol
from zipfile import BadZipFile, ZipFile

from device.errors import BeatwiseError

KEY, FILES = "key.age", "beatwise.tar.age"
LARGEST_KEY_BYTES = 64 << 10
SHORTEST_PASSPHRASE = 8
BLOCK_BYTES = 1 << 20


class BadBackup(BeatwiseError, ValueError):
    """A file that is no backup, is damaged, or is not opened by this passphrase."""


class Sink(Protocol):
    """Where bytes go."""

    def write(self, data: bytes, /) -> int:
        """Take them."""
        ...

    def flush(self) -> None:
        """Let go of what was kept back."""


class Tar:
    """A tar archive as a stream to be read: never whole in memory, and no second copy on a disk."""

    def __init__(self, files: Iterable[tuple[str, Path | bytes]]) -> None:
        self._blocks = _blocks(files)
        self._left = b""

    def read(self, size: int = -1, /) -> bytes:
        """At most ``size`` bytes; none at the end."""
        while not self._left and (block := next(self._blocks, None)) is not None:
            self._left = block  # of an empty file none is left: that is not the end
        size = len(self._left) if size < 0 else size
        given, self._left = self._left[:size], self._left[size:]
        return given


def write(out: BinaryIO, files: Iterable[tuple[str, Path | bytes]], passphrase: str) -> None:
    """Write a backup of these files, each under its name, and read it back once.

    Raises:
        OSError: a file cannot be read, or ``out`` takes nothing.
        BadBackup: it does not read back as it was written.
    """
    import pyrage  # some megabytes, for this alone

    key = pyrage.x25519.Identity.generate()
    with ZipFile(out, "w") as archive:
        archive.writestr(KEY, wrap(str(key), passphrase))
        with archive.open(FILES, "w", force_zip64=True) as encrypted:
            try:
                pyrage.encrypt_io(Tar(files), encrypted, [key.to_public()])
            except pyrage.EncryptError as error:
                raise OSError(f"cannot be encrypted: {error}") from error
    with ZipFile(out) as archive:
        _decrypt(archive, key, _Nowhere())


def read(path: Path, passphrase: str, sink: Sink) -> None:
    """Decrypt the tar archive in a backup into ``sink``, of which nothing is to be believed
    before this has returned.

    Raises:
        BadBackup: no backup, damaged, cut off, or the wrong passphrase.
        OSError: the disk does not take it.
    """
    import pyrage

    if not path.is_file():  # what has no end is not looked into for one
        raise BadBackup(f"{path}: " + ("is no file" if path.exists() else "there is no such file"))
    try:
        with ZipFile(path) as archive:
            wrapped = _key_in(archive)
            key = pyrage.x25519.Identity.from_str(unwrap(wrapped, passphrase))
            _decrypt(archive, key, sink)
    except BadZipFile as error:
        raise BadBackup(f"{path} is no backup of Beatwise, or it was cut off: {error}") from error
    except BadBackup as error:
        raise BadBackup(f"{path}: {error}") from error


def wrap(key: str, passphrase: str) -> bytes:
    """A key, encrypted with a passphrase: slowly, so that guessing takes long."""
    from pyrage import passphrase as age

    wrapped: bytes = age.encrypt(f"{key}\n".encode(), passphrase)
    return wrapped


def unwrap(wrapped: bytes, passphrase: str) -> str:
    """The key again; raises :class:`BadBackup`."""
    import pyrage

    _must_fit(wrapped)
    try:
        key: bytes = pyrage.passphrase.decrypt(wrapped, passphrase)
    except pyrage.DecryptError as error:
        if "work" in str(error).lower():
            raise BadBackup("made on a machine so fast that this one cannot open it") from error
        raise BadBackup("the passphrase is wrong, or the file is damaged") from error
    return key.decode("ascii").strip()


def _must_fit(wrapped: bytes) -> None:
    """Refuse what needs more memory than is free: Linux would end the program, without a word.

    age makes the passphrase as slow as the machine is fast, by a power of two that stands in the
    second line of the file: so many KB of scrypt.
    """
    stanza = wrapped[:200].split(b"\n")[1:2]
    words = stanza[0].split() if stanza else []
    if len(words) != 4 or words[1] != b"scrypt" or not words[3].isdigit():
        return  # none of ours: age will say what it is
    need_kb, free_kb = 1 << min(int(words[3]), 40), _free_kb()
    if free_kb is not None and need_kb > free_kb:
        raise BadBackup(
            f"made on a machine with more memory: opening it takes {need_kb >> 10} MB, and"
            f" {free_kb >> 10} MB are free here"
        )


def _free_kb(meminfo: Path = Path("/proc/meminfo")) -> int | None:
    """What programs can still have, as Linux estimates it; None where it does not say."""
    try:
        for line in meminfo.read_text(encoding="ascii").splitlines():
            if line.startswith("MemAvailable:"):
                return int(line.split()[1])
    except (OSError, ValueError, IndexError):
        return None
    return None


def _key_in(archive: ZipFile) -> bytes:
    if sorted(archive.namelist()) != sorted((KEY, FILES)):
        raise BadBackup("no backup of Beatwise")
    if archive.getinfo(KEY).file_size > LARGEST_KEY_BYTES:
        raise BadBackup("damaged: its key is too long")
    return archive.read(KEY)


class _Nowhere:
    def write(self, data: bytes, /) -> int:
        return len(data)

    def flush(self) -> None:
        pass


def _decrypt(archive: ZipFile, key: object, sink: Sink) -> None:
    import pyrage

    with archive.open(FILES) as encrypted:
        try:
            pyrage.decrypt_io(encrypted, sink, [key])
        except pyrage.DecryptError as error:
            raise BadBackup(f"damaged or cut off: {error}") from error
        except OSError as error:
            if error.errno is not None:  # of the disk; age's own have no number
                raise
            raise BadBackup(f"damaged or cut off: {error}") from error


def _blocks(files: Iterable[tuple[str, Path | bytes]]) -> Iterator[bytes]:
    for name, content in files:
        member = tarfile.TarInfo(name)
        member.mode = 0o600
        if isinstance(content, bytes):
            source: BinaryIO = io.BytesIO(content)
            member.size = len(content)
        else:
            source = content.open("rb")
            member.size = os.fstat(source.fileno()).st_size
        yield member.tobuf(tarfile.PAX_FORMAT)
        with source:
            left = member.size
            while left:
                block = source.read(min(left, BLOCK_BYTES))
                if not block:
                    raise OSError(f"{name} became shorter while it was read")
                left -= len(block)
                yield block
        yield bytes(-member.size % tarfile.BLOCKSIZE)
    yield bytes(2 * tarfile.BLOCKSIZE)
