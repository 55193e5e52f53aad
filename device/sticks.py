"""USB sticks that are plugged in."""

import os
import re
from collections.abc import Iterable
from pathlib import Path

PLACES = ("/media/", "/run/media/", "/mnt/")
"""Where a stick is mounted: by a desktop, by udisks, by hand, or by a rule of ours."""
_ESCAPED = re.compile(r"\\([0-7]{3})")


def plugged_in(mounts: Path = Path("/proc/self/mounts")) -> tuple[Path, ...]:
    """Every mounted folder that is a stick's, in order of their names."""
    try:
        lines = mounts.read_text(encoding="utf-8", errors="surrogateescape").splitlines()
    except OSError:
        return ()
    return tuple(sorted(_mounted(lines)))


def takes_files(stick: Path) -> bool:
    """Whether a stick can be written to: some have a lock, or a damaged file system."""
    return os.access(stick, os.W_OK)


def _mounted(lines: Iterable[str]) -> Iterable[Path]:
    """Of ``/proc/mounts``: device, folder, type, ...; blanks in a name are written in octal."""
    for line in lines:
        _, _, rest = line.partition(" ")
        folder = _ESCAPED.sub(lambda found: chr(int(found[1], 8)), rest.partition(" ")[0])
        if folder.startswith(PLACES):
            yield Path(folder)
