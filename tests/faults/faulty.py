"""A program with a disk, a clock and a moment of death that can be told to go wrong: faulty.c."""

import ctypes
import mmap
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

SOURCE = Path(__file__).with_name("faulty.c")
NO_COMPILER = "no C compiler here to build the faulty disk with: sudo apt install gcc libc6-dev"


class Control(ctypes.Structure):
    """What goes wrong, changed at any moment while the program runs; as faulty.c has it."""

    room_bytes: int
    refuse: int
    sync_refuse: int
    sync_ms: int
    clock_offset_s: int
    clock_synced: int
    kill_at: int
    changes: int
    _fields_ = [
        (name, ctypes.c_int64)
        for name in (
            "room_bytes",
            "refuse",
            "sync_refuse",
            "sync_ms",
            "clock_offset_s",
            "clock_synced",
            "kill_at",
            "changes",
        )
    ]


def why_not() -> str | None:
    """Why faults cannot be injected on this machine; None where they can."""
    return None if shutil.which("cc") or shutil.which("gcc") else NO_COMPILER


def build(folder: Path) -> Path:
    """Compile faulty.c; some tenths of a second."""
    library = folder / "faulty.so"
    compiler = shutil.which("cc") or "gcc"
    options = ("-std=gnu11", "-O2", "-fPIC", "-shared", "-Wall")
    subprocess.run(
        [compiler, *options, "-o", library, SOURCE, "-ldl"], check=True, capture_output=True
    )
    return library


@dataclass(frozen=True, slots=True)
class Faults:
    """Faults for programs started with this environment."""

    control: Control
    environment: dict[str, str]
    log: Path
    """What was written, for power_cut.py."""


def faults(library: Path, at: Path, data: Path) -> Faults:
    """Faults for programs that write below ``data``; what belongs to them is kept in ``at``."""
    at.mkdir(parents=True, exist_ok=True)
    data.mkdir(parents=True, exist_ok=True)
    shared, log = at / "control", at / "log"
    shared.write_bytes(bytes(ctypes.sizeof(Control)))
    with shared.open("r+b") as opened:
        # The map lives for as long as the block of numbers that looks into it.
        control = Control.from_buffer(mmap.mmap(opened.fileno(), 0))
    control.room_bytes = -1
    environment = {
        **os.environ,
        "LD_PRELOAD": str(library),
        "FAULTY_CONTROL": str(shared),
        "FAULTY_FOLDER": str(data),
        "FAULTY_LOG": str(log),
    }
    return Faults(control, environment, log)
