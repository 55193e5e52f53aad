"""Whole processes: CPU time and peak memory, each started anew.

Imports nothing heavy: on Linux a child's peak counts from what its parent held.
"""

import os
import statistics
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from tempfile import TemporaryDirectory


@dataclass(frozen=True, slots=True)
class Cost:
    """Median CPU time (user and system) and largest peak memory of one command."""

    cpu_ms: float
    peak_mb: float


def costs(commands: dict[str, Sequence[str]], rounds: int) -> dict[str, Cost]:
    """Run the commands in turn, so that a busy machine is busy for all of them.

    Bytecode is kept for everybody, as after any installation, whatever the environment says:
    else ours would be compiled at every start, beside peers that came compiled.
    """
    cpu_ms: dict[str, list[float]] = {name: [] for name in commands}
    peak_mb: dict[str, list[float]] = {name: [] for name in commands}
    with TemporaryDirectory() as bytecode:
        env = os.environ | {"PYTHONPYCACHEPREFIX": bytecode}
        env.pop("PYTHONDONTWRITEBYTECODE", None)
        for counted in range(-1, rounds):  # the first time only fills the caches
            for name, command in commands.items():
                child = subprocess.Popen(command, stdout=subprocess.DEVNULL, env=env)
                _, status, used = os.wait4(child.pid, 0)
                child.returncode = os.waitstatus_to_exitcode(status)
                if child.returncode:
                    raise subprocess.CalledProcessError(child.returncode, command)
                if counted >= 0:
                    cpu_ms[name].append(1000 * (used.ru_utime + used.ru_stime))
                    peak_mb[name].append(used.ru_maxrss / 1024)
    return {name: Cost(statistics.median(cpu_ms[name]), max(peak_mb[name])) for name in commands}


GROWTH = """
import sys
sys.path.insert(0, {folder!r})
import recordings
{setup}
rr_ms = recordings.day()
def peak_mb():
    with open("/proc/self/status") as lines:
        return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024
before = peak_mb()
{job}
print(peak_mb() - before)
"""


def growth_mb(folder: str, setup: str, job: str) -> float:
    """How much the peak memory of a fresh process grows while a job works on 100,000 beats."""
    code = GROWTH.format(folder=folder, setup=setup, job=job)
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code], capture_output=True, text=True, check=True
    )
    return float(done.stdout)
