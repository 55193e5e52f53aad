"""In the guest: the installed application as the program under test, its store its testimony."""

import asyncio
import json
import os
import signal
import sys
import tempfile
from asyncio.subprocess import PIPE, Process
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from bluetooth_bench import Ear
from world import Guest

from device.folder import Places
from device.history import StoredSession, open_history
from sensors.ble import Limits
from sensors.events import Connected, Disconnected, Searching, SensorEvent

INSTALLED = Path("/beatwise/.vm/app")
"""Where the host installed the wheel."""
SYNC_S, SILENCE_S = 1.0, 5.0
SETTINGS = f"[store]\nsync_s = {SYNC_S}\n[bluetooth]\nsilence_s = {SILENCE_S}\n"
LOOK_S = 0.25


class AppGuest(Guest):
    """The same world, and in it `beatwise live --headless`."""

    # The application's own, but for what a person may set in config.toml.
    limits = Limits(silence_s=SILENCE_S)
    patience_s = 90.0
    period_s = None  # a heart, because the application holds the intervals against the clock

    def program(self) -> "App":
        return self.app()

    def app(self, *words: str, data: Path | None = None) -> "App":
        """The application with more words on its command line, with a data folder of its own."""
        if data is None:
            data = Path(tempfile.mkdtemp(prefix="data-"))
            Places(data).config.write_text(SETTINGS)
        return App(self, data, *words)


async def beatwise(*words: str, data: Path) -> Process:
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


class App(Ear):
    """One `beatwise live --headless`: what it says on its lines, and what it has stored.

    Its lines name the link in plain words, and no beats. So it is they that ``says`` waits for, and
    for anything else the database is asked; when it has ended, ``events`` are what it stored.
    """

    def __init__(self, guest: AppGuest, data: Path, *words: str) -> None:
        super().__init__(guest.patience_s)
        self.data = data
        self.lines: list[dict[str, Any]] = []
        self._guest = guest
        self._words = words
        self._process: Process | None = None
        self._reading: asyncio.Task[None] | None = None
        self._found: Counter[type[SensorEvent]] = Counter()

    # --- its life --------------------------------------------------------------------------------

    async def begin(self) -> None:
        self._process = await beatwise("live", "--headless", *self._words, data=self.data)
        self._reading = asyncio.create_task(self._read())

    async def stop(self) -> None:
        """Ctrl-C: the session is over."""
        await self._end(signal.SIGINT, 0)
        assert self.lines[-1]["event"] == "summary", f"no summary: {self.lines[-3:]}"
        assert self.lines[-1]["trouble"] is None, self.lines[-1]
        session = self.stored()
        assert session is not None, "nothing was stored"
        assert session.outcome == "stopped", session
        self.events = self.stored_events()

    async def kill(self) -> None:
        """It is killed, as by the kernel when memory is short."""
        await self._end(signal.SIGKILL, -signal.SIGKILL)
        self.events = self.stored_events()

    async def _end(self, number: signal.Signals, code: int) -> None:
        assert self._process is not None
        assert self._reading is not None
        self.check()
        self._process.send_signal(number)
        async with asyncio.timeout(self._patience_s):
            await self._reading
            complaint = (await self._process.stderr.read()).decode() if self._process.stderr else ""
        ended_with = await self._process.wait()
        assert ended_with == code, f"ended with {ended_with}: {complaint}"
        assert "Traceback" not in complaint, complaint

    def check(self) -> None:
        if self._process is not None:
            code = self._process.returncode
            assert code is None, f"the application ended by itself with {code}: {self.lines[-3:]}"

    async def _read(self) -> None:
        assert self._process is not None
        assert self._process.stdout is not None
        while line := await self._process.stdout.readline():
            print(line.decode().rstrip())
            before = self.link
            told = json.loads(line)
            self.lines.append(told)
            if told["event"] == "link":
                self.hear(_event(told, before))
        self._news.set()

    # --- what it says ----------------------------------------------------------------------------

    @property
    def link(self) -> str | None:
        """How the last line about it has it."""
        states = (line["state"] for line in reversed(self.lines) if line["event"] == "link")
        return next(states, None)

    @property
    def session_id(self) -> int | None:
        """As its last line names it."""
        number: int | None = self.lines[-1].get("session") if self.lines else None
        return number

    def readings(self) -> list[dict[str, Any]]:
        """Its line of each second."""
        return [line for line in self.lines if line["event"] == "reading"]

    # --- what it stored --------------------------------------------------------------------------

    def stored(self) -> StoredSession | None:
        """The newest session on the disk."""
        with open_history(Places(self.data).database) as history:
            return next(iter(history.sessions(limit=1)), None)

    def stored_events(self) -> list[SensorEvent]:
        """What is on the disk of the newest session."""
        with open_history(Places(self.data).database) as history:
            newest = history.sessions(limit=1)
            return list(history.events(newest[0].id)) if newest else []

    # --- waiting ---------------------------------------------------------------------------------

    async def beats(self, count: int = 3) -> None:
        """Wait until the strap has sent so many more and a line shows a fresh heart rate."""
        due = await self._sent() + count

        async def sent() -> bool:
            return await self._sent() >= due

        await self._until(sent, f"{count} beats sent")
        shown = len(self.lines)

        async def shows() -> bool:
            return any(
                line["event"] == "reading" and line["freshness"] == "fresh" and line["hr_bpm"]
                for line in self.lines[shown:]
            )

        await self._until(shows, "line with a fresh heart rate")

    async def one(self, kind: type[SensorEvent]) -> SensorEvent:
        """Wait until one more of this kind is on the disk."""
        at = self._found[kind]
        self._found[kind] += 1

        def stored() -> list[SensorEvent]:
            return [event for event in self.stored_events() if isinstance(event, kind)]

        async def is_there() -> bool:
            return len(stored()) > at

        await self._until(is_there, f"{kind.__name__} on the disk")
        return stored()[at]

    async def _sent(self) -> int:
        return sum(len(run) for run in await self._guest.sent())

    async def _until(self, holds: Callable[[], Awaitable[bool]], what: str) -> None:
        try:
            async with asyncio.timeout(self._patience_s):
                while not await holds():
                    self.check()
                    await asyncio.sleep(LOOK_S)
        except TimeoutError:
            raise self.missing(f"{what} (lines: {self.lines[-4:]})") from None


def _event(told: dict[str, Any], before: str | None) -> SensorEvent:
    """The event behind a line about the link."""
    event: SensorEvent
    if told["state"] == "connected":
        event = Connected(told["sensor"])
    elif before == "connected":
        event = Disconnected(told["reason"])
    else:
        event = Searching(told["reason"])
    return replace(event, t_s=told["t_s"])
