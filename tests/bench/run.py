"""`make bench`: runs the benchmarks, prints and writes docs/BENCHMARKS.md.

With ``--board`` only the board is measured, and its section written anew.

Imports nothing heavy: see `processes`.
"""

import os
import platform
import sys
from importlib.metadata import version
from pathlib import Path

import arithmetic
import board
import drawing
import whole

ROOT = Path(__file__).resolve().parents[2]
REPORT = ROOT / "docs" / "BENCHMARKS.md"


def main() -> None:
    """Print the report and keep it."""
    if sys.argv[1:] == ["--board"]:  # the last section of the report
        others = REPORT.read_text().partition(board.TITLE)[0].rstrip()
        REPORT.write_text(f"{others}\n\n{board.section()}\n")
        return
    if not whole.DATA.is_dir():
        sys.exit(f"the recordings made by others are not here: {whole.DATA}")
    opening = _opening()
    processes = whole.processes()
    screens = drawing.section()
    # One thread for all: a dot product should not wake a thread that spins.
    os.environ["OPENBLAS_NUM_THREADS"] = "1"
    sections = [
        opening,
        *arithmetic.sections(sys.argv[1:]),
        whole.processes_section(processes),
        screens,
        whole.memory_section(),
        board.section(),
    ]
    text = "\n\n".join(sections) + "\n"
    print(text)
    REPORT.parent.mkdir(exist_ok=True)
    REPORT.write_text(text)


def _opening() -> str:
    names = ("neurokit2", "hrv-analysis", "fathon", "numpy", "scipy")
    cpu = next(
        (line.split(":")[1].strip() for line in _lines("/proc/cpuinfo") if "model name" in line),
        platform.processor(),
    )
    memory_gb = int(_lines("/proc/meminfo")[0].split()[1]) / 1024 / 1024
    return f"""# Benchmarks

Written by `make bench`; do not edit.

- **Machine**: {cpu}, {os.cpu_count()} cores, {memory_gb:.0f} GB, {platform.system()}
  {platform.release()}, Python {platform.python_version()}; shared with other work, load
  {os.getloadavg()[0]:.1f} at the start. Read the ratios, not the times.
- **Peers**: {", ".join(f"{name} {version(name)}" for name in names)}.
- All times are CPU time, medians, in one run. OPENBLAS_NUM_THREADS=1 for everybody, but for
  whole processes, which are started as a person would.
- Beats: the first 100,000 intervals of nsr001, a healthy person's day."""


def _lines(path: str) -> list[str]:
    return Path(path).read_text().splitlines()


if __name__ == "__main__":
    main()
