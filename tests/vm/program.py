"""In the guest: the installed program as a process, and the JSON lines it writes."""

import asyncio
import json
import os
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

INSTALLED = Path("/beatwise/.vm/app")
"""Where the host installed the wheel."""
LOOK_S = 0.25

Line = dict[str, Any]


async def beatwise(*words: str | Path, data: Path) -> Process:
    """Start the installed program, as a user's shell would, and not the checkout."""
    environment = {
        "PATH": os.environ["PATH"],
        "LANG": os.environ["LANG"],
        "HOME": "/root",
        "PYTHONPATH": f"/opt/site:{INSTALLED}",
        # The image has no bytecode; from the second start on there is some.
        "PYTHONPYCACHEPREFIX": "/tmp/bytecode",  # noqa: S108 - the guest is ours alone
    }
    command = (sys.executable, INSTALLED / "bin/beatwise", "--data", data, *words)
    return await asyncio.create_subprocess_exec(
        *command, stdout=PIPE, stderr=PIPE, env=environment, cwd="/"
    )


class Program:
    """One headless run: its lines as they come, and its end."""

    def __init__(self, hear: Callable[[Line], object] = lambda _: None) -> None:
        """``hear`` is told each line."""
        self.lines: list[Line] = []
        self._hear = hear
        self._process: Process | None = None
        self._reading: asyncio.Task[None] | None = None
        self._complaint = ""

    async def begin(self, *words: str | Path, data: Path) -> None:
        """Start it."""
        self._process = await beatwise(*words, data=data)
        self._reading = asyncio.create_task(self._read(self._process))

    async def end(self, number: signal.Signals, code: int, *, patience_s: float) -> None:
        """Send a signal, and wait until it has ended as it should."""
        assert self._process is not None
        assert self._reading is not None
        self.check()
        self._process.send_signal(number)
        async with asyncio.timeout(patience_s):
            await self._reading
            ended_with = await self._process.wait()
        assert ended_with == code, f"ended with {ended_with}: {self._complaint}"
        assert "Traceback" not in self._complaint, self._complaint

    def check(self) -> None:
        """Raise if it has ended by itself."""
        if self._process is not None:
            code = self._process.returncode
            last = f"{self.lines[-3:]}\n{self._complaint}"
            assert code is None, f"it ended by itself with {code}: {last}"

    async def until(
        self, holds: Callable[[], Awaitable[object]], what: str, *, patience_s: float
    ) -> None:
        """Ask again and again until it holds."""
        try:
            async with asyncio.timeout(patience_s):
                while not await holds():
                    self.check()
                    await asyncio.sleep(LOOK_S)
        except TimeoutError:
            last = "\n".join(map(str, self.lines[-8:]))
            raise AssertionError(f"no {what} within {patience_s} s; last lines:\n{last}") from None

    async def says(self, wanted: Callable[[Line], object], what: str, *, patience_s: float) -> None:
        """Wait for such a line among those that come from now on."""
        shown = len(self.lines)

        async def said() -> bool:
            return any(wanted(line) for line in self.lines[shown:])

        await self.until(said, what, patience_s=patience_s)

    async def _read(self, process: Process) -> None:
        async with asyncio.TaskGroup() as both:
            both.create_task(self._read_complaints(process))
            both.create_task(self._read_lines(process))

    async def _read_complaints(self, process: Process) -> None:
        assert process.stderr is not None
        while line := await process.stderr.readline():
            print(line.decode().rstrip())
            self._complaint += line.decode()

    async def _read_lines(self, process: Process) -> None:
        assert process.stdout is not None
        while line := await process.stdout.readline():
            print(line.decode().rstrip())
            told = json.loads(line)
            self.lines.append(told)
            self._hear(told)


def shows_a_heart_rate(line: Line) -> bool:
    """Whether this is the line of a second in which all is well."""
    return line["event"] == "reading" and line["freshness"] == "fresh" and bool(line["hr_bpm"])
