"""In the guest: the installed application as the program under test, its store its testimony."""

import signal
import tempfile
from collections import Counter
from dataclasses import replace
from pathlib import Path

from bluetooth_bench import Ear
from program import Line, Program, shows_a_heart_rate
from world import Guest

from device.folder import Places
from device.history import StoredSession, open_history
from sensors.ble import Limits
from sensors.events import Connected, Disconnected, Searching, SensorEvent

SYNC_S, SILENCE_S = 1.0, 5.0
SETTINGS = f"[store]\nsync_s = {SYNC_S}\n[bluetooth]\nsilence_s = {SILENCE_S}\n"


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
        return App(self, data or data_folder(), *words)


def data_folder() -> Path:
    """A fresh one, with settings that make a scenario short."""
    data = Path(tempfile.mkdtemp(prefix="data-"))
    Places(data).config.write_text(SETTINGS)
    return data


class App(Ear):
    """One `beatwise live --headless`: what it says on its lines, and what it has stored.

    Its lines name the link in plain words, and no beats. So it is they that ``says`` waits for, and
    for anything else the database is asked; when it has ended, ``events`` are what it stored.
    """

    def __init__(self, guest: AppGuest, data: Path, *words: str) -> None:
        super().__init__(guest.patience_s)
        self.data = data
        self._guest = guest
        self._words = words
        self._program = Program(self._take)
        self._link: str | None = None
        self._found: Counter[type[SensorEvent]] = Counter()

    @property
    def lines(self) -> list[Line]:
        """All it has said."""
        return self._program.lines

    # --- its life --------------------------------------------------------------------------------

    async def begin(self) -> None:
        await self._program.begin("live", "--headless", *self._words, data=self.data)

    async def stop(self) -> None:
        """Ctrl-C: the session is over."""
        await self._program.end(signal.SIGINT, 0, patience_s=self._patience_s)
        last = self.lines[-1]
        assert (last["event"], last["trouble"]) == ("summary", None), self.lines[-3:]
        session = self._newest()
        assert session is not None, "nothing was stored"
        assert session.outcome == "stopped", session
        self.events = self._stored()

    async def kill(self) -> None:
        """It is killed, as by the kernel when memory is short."""
        await self._program.end(signal.SIGKILL, -signal.SIGKILL, patience_s=self._patience_s)
        self.events = self._stored()

    def check(self) -> None:
        self._program.check()

    def _take(self, line: Line) -> None:
        """A line about the link is the event behind it; the first after a link is its end."""
        if line["event"] != "link":
            return
        event: SensorEvent
        if line["state"] == "connected":
            event = Connected(line["sensor"])
        elif self._link == "connected":
            event = Disconnected(line["reason"])
        else:
            event = Searching(line["reason"])
        self._link = line["state"]
        self.hear(replace(event, t_s=line["t_s"]))

    # --- what it stored --------------------------------------------------------------------------

    def _newest(self) -> StoredSession | None:
        with open_history(Places(self.data).database) as history:
            return next(iter(history.sessions(limit=1)), None)

    def _stored(self) -> list[SensorEvent]:
        return stored_events(self.data)

    # --- waiting ---------------------------------------------------------------------------------

    async def beats(self, count: int = 3) -> None:
        """Wait until the strap has sent so many more and a line shows a fresh heart rate."""
        due = await self._sent() + count

        async def sent() -> bool:
            return await self._sent() >= due

        patience_s = self._patience_s
        await self._program.until(sent, f"{count} beats sent", patience_s=patience_s)
        await self._program.says(shows_a_heart_rate, "heart rate", patience_s=patience_s)

    async def one(self, kind: type[SensorEvent]) -> SensorEvent:
        """Wait until one more of this kind is on the disk."""
        at = self._found[kind]
        self._found[kind] += 1

        def stored() -> list[SensorEvent]:
            return [event for event in self._stored() if isinstance(event, kind)]

        async def is_there() -> bool:
            return len(stored()) > at

        what = f"{kind.__name__} on the disk"
        await self._program.until(is_there, what, patience_s=self._patience_s)
        return stored()[at]

    async def _sent(self) -> int:
        return sum(len(run) for run in await self._guest.sent())


def stored_events(data: Path, athlete: str | None = None) -> list[SensorEvent]:
    """What is on the disk of the newest session, or of the newest of one athlete."""
    with open_history(Places(data).database) as history:
        newest = history.sessions(athlete=athlete, limit=1)
        return list(history.events(newest[0].id)) if newest else []
