"""The disk under a data folder: is there room, may it be written, is it wearing out?"""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from device.finding import Finding

LEAST_FREE_BYTES = 200 * 1024 * 1024
"""A year of daily sessions takes about a tenth of it; the rest is for everybody else."""
FORGETFUL = ("tmpfs", "ramfs", "overlay")
"""What is written here is gone when the power is."""
WORN_PCT = 90
"""Of the life its maker promised; from here a card is to be replaced."""


def disk(data: Path, *, root: Path = Path("/")) -> Iterator[Finding]:
    """Examine the disk of a folder that need not exist yet; /proc and /sys are under ``root``."""
    existing = next(path for path in (data, *data.parents) if path.exists())
    yield _folder(data, existing)
    yield _room(data, existing, root)
    yield wear(existing, root)


def _room(data: Path, existing: Path, root: Path) -> Finding:
    kind = file_system(existing, root)
    if kind in FORGETFUL:
        return Finding(
            "disk",
            False,
            f"{data} is in memory ({kind}) and forgotten at power-off",
            "put it on a partition of its own (docs/PI.md, Power)",
        )
    free = shutil.disk_usage(existing).free
    words = f"{free / 2**30:.1f} GB free"
    if free < LEAST_FREE_BYTES:
        return Finding("disk", False, words, "make room, or sessions will not be saved")
    return Finding("disk", True, words)


def _folder(data: Path, existing: Path) -> Finding:
    if os.access(existing, os.W_OK | os.X_OK):
        return Finding("folder", True, str(data))
    if os.statvfs(existing).f_flag & os.ST_RDONLY:
        cure = "the file system is read-only: put the data on a partition of its own (docs/PI.md)"
        return Finding("folder", False, f"{existing} cannot be written", cure)
    return Finding(
        "folder",
        False,
        f"{existing} cannot be written by user {os.geteuid()}",
        "say another with --data, or run it as its owner",
    )


def file_system(path: Path, root: Path) -> str | None:
    """Kind of the file system a path is on, "ext4"; None where the kernel does not say."""
    device = path.stat().st_dev
    number = f"{os.major(device)}:{os.minor(device)}"
    for line in _lines(root / "proc/self/mountinfo"):
        before, _, after = line.partition(" - ")
        if before.split()[2:3] == [number] and after:
            return after.split()[0]
    return None


def wear(path: Path, root: Path) -> Finding:
    """How much was written, how worn the chip says it is, and what the file system complains of."""
    device = path.stat().st_dev
    partition = (root / f"sys/dev/block/{os.major(device)}:{os.minor(device)}").resolve()
    told = []
    if (errors := _number(root / f"sys/fs/ext4/{partition.name}/errors_count")) is not None:
        if errors:
            return Finding(
                "wear",
                False,
                f"the file system has seen {errors} errors",
                "take a backup (beatwise backup), then replace the card",
            )
        told.append("file system sound")
    if written := _number(root / f"sys/fs/ext4/{partition.name}/lifetime_write_kbytes"):
        told.append(f"{written / 2**20:.0f} GB written in its life")
    used_pct = _used_pct(partition.parent / "device/life_time")
    if used_pct is not None and used_pct >= WORN_PCT:
        return Finding(
            "wear",
            False,
            f"the chip has used {used_pct} % of its life",
            "take a backup (beatwise backup), then replace it",
        )
    told.append("a card does not tell its wear" if used_pct is None else f"{used_pct} % worn")
    return Finding("wear", True, ", ".join(told))


def _used_pct(life_time: Path) -> int | None:
    """An eMMC tells it in tenths, two of them, hexadecimal: "0x01 0x03"; SD cards do not."""
    for line in _lines(life_time):
        tenths = [int(word, 16) for word in line.split()]
        if tenths and 0 < max(tenths) <= 11:
            return max(tenths) * 10
    return None


def _number(path: Path) -> int | None:
    return next((int(line) for line in _lines(path) if line.isdigit()), None)


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return []
