"""The screens through a pseudo-terminal, paired with a bare Textual app: targets 6 and 7.

Imports nothing heavy: see `processes`.
"""

import json
import os
import pty
import select
import signal
import statistics
import struct
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from fcntl import ioctl
from pathlib import Path
from termios import TIOCSWINSZ

ROUNDS = 9
COUNT = 400
"""Events for each size: 200 notifications and 200 seconds."""
SIZES = ((80, 24), (100, 30), (160, 50))
PATIENCE_S = 120.0
RESIDENT_AFTER_S = 30.0

FRAME_RATIO, RESIDENT_MB, UPDATE_MS, UPDATE_BYTES, LATENCY_MS = 1.35, 56.0, 7.0, 6000, 50.0
"""What is wanted."""
UPDATE_COLUMNS = (
    *("screen", "CPU ms, mean", "95 %", "wanted", "bytes, median", "95 %", "largest", "wanted"),
    *("drawn after ms, median", "99 %", "wanted"),
)

BARE = """
from textual.app import App
from textual.widgets import Static
class Bare(App):
    def compose(self):
        yield Static("the first frame")
Bare().run()
"""
WATCHED = Path(__file__).with_name("watched.py")
BEATWISE = str(Path(sys.executable).with_name("beatwise"))


@dataclass(frozen=True, slots=True)
class Frame:
    """The first whole frame of a screen."""

    cpu_ms: float
    wall_ms: float
    resident_mb: float


@dataclass(frozen=True, slots=True)
class Update:
    """What it costs to draw: mean and 95th percentile of CPU, median and so on of the bytes."""

    name: str
    cpu_ms: tuple[float, float]
    bytes_drawn: tuple[float, float, float]
    """Median, 95th percentile, largest."""
    latency_ms: tuple[float, float]
    """Median and 99th percentile."""


class Screen:
    """A program in a pseudo-terminal."""

    def __init__(self, command: Sequence[str], size: tuple[int, int], bytecode: str) -> None:
        began = time.perf_counter()
        self.pid, self.terminal = pty.fork()
        if self.pid == 0:
            # Bytecode is kept for everybody: see `processes.costs`.
            os.environ.update(
                TERM="xterm-256color", COLORTERM="truecolor", PYTHONPYCACHEPREFIX=bytecode
            )
            os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
            os.environ.pop("DBUS_SYSTEM_BUS_ADDRESS", None)
            os.execvp(command[0], command)  # noqa: S606 - a benchmark's own command
        self.began = began
        self.size = size
        ioctl(self.terminal, TIOCSWINSZ, struct.pack("HHHH", size[1], size[0], 0, 0))

    def first_frame(self) -> Frame:
        """Read until the cursor has been in the last row: only a whole frame goes there."""
        last_row, drawn = b"\x1b[%d;1H" % self.size[1], b""
        while last_row not in drawn:
            if not self._read(PATIENCE_S):
                sys.exit(f"no first frame: {drawn[-500:]!r}")
            drawn += self._newest
        wall_ms = 1000 * (time.perf_counter() - self.began)
        return Frame(self._cpu_ms(), wall_ms, self.resident_mb())

    def run(self, for_s: float | None = None) -> None:
        """Go on reading, until it ends or for a time."""
        end_s = time.perf_counter() + (PATIENCE_S if for_s is None else for_s)
        while (left_s := end_s - time.perf_counter()) > 0:
            if self._read(left_s) and not self._newest:
                return

    def resident_mb(self) -> float:
        """Memory in use now."""
        lines = Path(f"/proc/{self.pid}/status").read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) / 1024

    def press(self, key: str) -> None:
        """Type a key."""
        os.write(self.terminal, key.encode())

    def _cpu_ms(self) -> float:
        """Of all its threads, finer than the ticks of /proc/PID/stat."""
        total_ns = 0
        for task in Path(f"/proc/{self.pid}/task").iterdir():
            total_ns += int((task / "schedstat").read_text().split()[0])
        return total_ns / 1e6

    def _read(self, wait_s: float) -> bool:
        ready, _, _ = select.select([self.terminal], [], [], wait_s)
        try:
            self._newest = os.read(self.terminal, 65536) if ready else b""
        except OSError:  # its other end is closed
            self._newest = b""
        return bool(ready)


@contextmanager
def screen(command: Sequence[str], size: tuple[int, int], bytecode: str) -> Iterator[Screen]:
    """A program in a pseudo-terminal, gone afterwards."""
    one = Screen(command, size, bytecode)
    try:
        yield one
    finally:
        os.kill(one.pid, signal.SIGKILL)
        os.waitpid(one.pid, 0)
        os.close(one.terminal)


def section() -> str:
    """First frames, resident memory, updates, and how long a notification takes to be seen."""
    with tempfile.TemporaryDirectory() as folder:
        return "\n\n".join(
            ("## The live screens (targets 6 and 7)", _frames(folder), _updates(folder))
        )


def _frames(folder: str) -> str:
    commands = {
        "a bare Textual app: one line": (sys.executable, "-c", BARE),
        "`beatwise`, the home screen": (BEATWISE, "--data", f"{folder}/h", "--source", "sim:7"),
        "`beatwise live`": (BEATWISE, "--data", f"{folder}/l", "live", "--source", "sim:7"),
    }
    found: dict[str, list[Frame]] = {name: [] for name in commands}
    for counted in range(-1, ROUNDS):  # the first time only fills the caches
        for name, command in commands.items():
            with screen(command, (100, 30), f"{folder}/bytecode") as one:
                frame = one.first_frame()
            if counted >= 0:
                found[name].append(frame)
    bare_ms = statistics.median(frame.cpu_ms for frame in next(iter(found.values())))
    lines = [
        f"First frame at 100x30 through a pseudo-terminal, medians of {ROUNDS} runs in turn.",
        "That of Beatwise is a title, drawn before everything else is loaded.",
        "",
        "| | CPU ms | wall ms | MB then | ratio of CPU | wanted |",
        "|---|---:|---:|---:|---:|---|",
    ]
    for name, frames in found.items():
        cpu_ms, wall_ms, resident_mb = (
            statistics.median(getattr(frame, field) for frame in frames)
            for field in ("cpu_ms", "wall_ms", "resident_mb")
        )
        ratio = cpu_ms / bare_ms
        wanted = "" if cpu_ms == bare_ms else _at_most(ratio, FRAME_RATIO)
        numbers = f"{cpu_ms:.0f} | {wall_ms:.0f} | {resident_mb:.0f} | {ratio:.2f}"
        lines.append(f"| {name} | {numbers} | {wanted} |")
    return "\n".join([*lines, "", _resident(folder)])


def _resident(folder: str) -> str:
    lines = [
        f"Resident memory of `beatwise live` {RESIDENT_AFTER_S:.0f} s after its start. With a",
        "strap, bleak is loaded and looks for one; of the simulation half an hour passes.",
        "",
        "| source | MB | wanted |",
        "|---|---:|---|",
    ]
    for source in ("ble", "sim:7@60"):
        command = (BEATWISE, "--data", f"{folder}/r-{source}", "live", "--source", source)
        with screen(command, (100, 30), f"{folder}/bytecode") as one:
            one.run(RESIDENT_AFTER_S)
            resident_mb = one.resident_mb()
        lines.append(f"| `{source}` | {resident_mb:.1f} | {_at_most(resident_mb, RESIDENT_MB)} |")
    return "\n".join(lines)


def _updates(folder: str) -> str:
    found = [_watched(folder, "bare Textual, one line", (100, 30), "bare", kind="line")]
    for width, height in SIZES:
        name = f"glance, {width}x{height}"
        found.append(_watched(folder, name, (width, height), *_live(f"{folder}/{width}")))
    details = _live(f"{folder}/details")
    found.append(_watched(folder, "details, 100x30", (100, 30), *details, key="d"))
    lines = [
        f"Updates of a live screen: {COUNT} events each, a strap's notifications and the seconds",
        "between them, one every 100 ms, stored, judged, told and drawn. CPU is of the process",
        "with its commits. CPU and bytes are those of the seconds, which draw most; the time from",
        "the event until the last byte of its frame is written is of all that draw something.",
        "",
        f"| {' | '.join(UPDATE_COLUMNS)} |",
        "|---|---:|---:|---|---:|---:|---:|---|---:|---:|---|",
    ]
    for each in found:
        bare = each is found[0]
        lines.append(
            f"| {each.name} | {each.cpu_ms[0]:.1f} | {each.cpu_ms[1]:.1f}"
            f" | {'' if bare else _at_most(each.cpu_ms[0], UPDATE_MS)}"
            f" | {each.bytes_drawn[0]:.0f} | {each.bytes_drawn[1]:.0f} | {each.bytes_drawn[2]:.0f}"
            f" | {'' if bare else _at_most(each.bytes_drawn[1], UPDATE_BYTES)}"
            f" | {each.latency_ms[0]:.1f} | {each.latency_ms[1]:.1f}"
            f" | {'' if bare else _at_most(each.latency_ms[1], LATENCY_MS)} |"
        )
    return "\n".join(lines)


def _live(data: str) -> tuple[str, ...]:
    """Each on data of its own: what was cut off would be offered to the next."""
    return "beatwise", "--data", data, "live", "--source", "sim:7"


def _watched(
    folder: str,
    name: str,
    size: tuple[int, int],
    *what: str,
    kind: str = "Elapsed",
    key: str | None = None,
) -> Update:
    """CPU and bytes of the events of a kind; the time until drawn is of all that drew."""
    report = Path(folder) / "report.json"
    report.unlink(missing_ok=True)
    command = (sys.executable, str(WATCHED), str(report), str(COUNT), *what)
    with screen(command, size, f"{folder}/bytecode") as one:
        one.first_frame()
        if key is not None:
            one.run(1.5)
            one.press(key)
        one.run()
    if not report.exists():
        sys.exit(f"{name}: it ended without a report")
    rows = json.loads(report.read_text())[10:]
    cpu_ms = [row[1] for row in rows if row[0] == kind]
    drawn = [row[2] for row in rows if row[0] == kind]
    latency_ms = [row[3] for row in rows if row[3] is not None]
    return Update(
        name,
        (statistics.mean(cpu_ms), _percentile(cpu_ms, 95)),
        (statistics.median(drawn), _percentile(drawn, 95), max(drawn)),
        (statistics.median(latency_ms), _percentile(latency_ms, 99)),
    )


def _percentile(values: Sequence[float], percent: int) -> float:
    return statistics.quantiles(values, n=100, method="inclusive")[percent - 1]


def _at_most(value: float, wanted: float) -> str:
    return f"{wanted:g}: {'reached' if value <= wanted else '**missed**'}"


if __name__ == "__main__":
    print(section())
