"""The bench that Bluetooth scenarios run on: a world that can be broken, and an ear on the program.

Standard library, bleak and sensors only, no pytest: it also runs in the virtual machine.
"""

import asyncio
import sys
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from itertools import pairwise
from typing import Literal, Protocol

from sensors.ble import Limits, listen
from sensors.events import (
    Connected,
    Disconnected,
    HeartRateMeasurement,
    Searching,
    SensorEvent,
)
from sensors.radio import Radio

STRAP_NAME = "Strap H10"
STRAP_ADDRESS = "F0:F1:F2:F3:F4:F5"
BATTERY_PCT = 87


def ticks(k: int) -> int:
    """The single RR of the strap's ``k``-th notification: it counts, so a loss or a double shows.

    586 to 1561 ms, and 1000 notifications before a value comes again.
    """
    return 600 + k % 1000


class Environment(Protocol):
    """The program, and the world round it: a strap, an adapter, a bluetoothd, what befalls them.

    The strap is named STRAP_NAME, has STRAP_ADDRESS (static random), advertises 0x180D, and serves
    0x2A37 (notify), 0x2A38 (1, chest) and 0x2A19 (BATTERY_PCT). While a central is subscribed it
    notifies, at a pace of its own, a clean frame with exactly one RR of ``ticks(k)``, where k
    counts all its notifications since the environment began and is never reset: flags 0x16, heart
    rate ``round(60 * 1024 / ticks(k))``. While nobody is subscribed it sends nothing and k stands.
    """

    limits: Limits
    """Time limits that the program keeps on this rung."""
    radio: Radio
    """A Radio() of the scenario's own, made in the running event loop."""
    patience_s: float
    """How long a scenario waits for any one thing before it calls it missing."""

    def program(self) -> "Ear":
        """The program under test, not begun yet: ``listen`` itself, or the whole application."""

    async def reset(self) -> None:
        """Before each scenario: everything runs, nothing is linked.

        bluetoothd runs, the adapter is plugged in and powered, the strap is in range, unlinked,
        advertising, speaking and forgotten by BlueZ, and ``sent`` is empty.
        """

    async def strap(self, command: str) -> None:
        """One command to the strap or to the adapter's plug; returns when it has taken effect.

        ``drop``     the strap hangs up; it advertises again at once
        ``lost``     it goes out of range: the link times out on both sides, no advertising
        ``vanish``   out of range for advertising and connecting; an existing link is not cut
        ``return``   in range again
        ``deaf``     it is heard, but answers no wish to connect
        ``hear``     it answers again
        ``silent``   it stops notifying, the link stays (k stands still)
        ``speak``    it notifies again
        ``garble``   one notification more, malformed: the single byte 0x16 (k stands still)
        ``unplug``   the adapter is pulled out
        ``plug``     the adapter is back, powered
        """

    async def power(self, on: bool) -> None:
        """The adapter's Powered property, as ``bluetoothctl power on|off`` sets it."""

    async def bluetoothd(self, what: Literal["term", "kill", "start"]) -> None:
        """Stop it with SIGTERM or SIGKILL, or start it (and power the adapter)."""

    def company(self, count: int) -> AbstractAsyncContextManager[Sequence[str]]:
        """So many straps more, of the same kind: their addresses. At the end they leave."""

    async def places(self, count: int) -> None:
        """The adapter takes no more links than this, until ``reset``."""

    async def sent(self, address: str | None = None) -> Sequence[Sequence[int]]:
        """RR ticks of every clean notification since ``reset``, one list for each subscription.

        A list begins when a central subscribes to 0x2A37 and ends when it unsubscribes or the
        link goes. What was sent is what the strap handed to its stack while subscribed. Of one
        strap; where none is named, of the one every scenario is about.
        """

    async def linked(self) -> bool:
        """Whether the strap has a link now, as the strap sees it."""


class Missing(AssertionError):
    """What a scenario waited for did not come."""


class Ear:
    """The program at work, and all it has said. Each wait goes on where the last one ended."""

    def __init__(self, patience_s: float) -> None:
        self.events: list[SensorEvent] = []
        self._patience_s = patience_s
        self._at = 0
        self._news = asyncio.Event()

    async def begin(self) -> None:
        """Start the program."""
        raise NotImplementedError

    async def stop(self) -> None:
        """End it as its user would, and wait until it has dropped the link."""
        raise NotImplementedError

    def check(self) -> None:
        """Raise if the program has ended by itself."""

    def hear(self, event: SensorEvent) -> None:
        """What the program says goes in here."""
        self.events.append(event)
        self._news.set()

    def skip(self) -> None:
        """The next wait is for what comes from now on."""
        self._at = len(self.events)

    async def _next(self, wanted: Callable[[SensorEvent], bool], what: str) -> SensorEvent:
        try:
            async with asyncio.timeout(self._patience_s):
                while True:
                    while self._at < len(self.events):
                        self._at += 1
                        if wanted(self.events[self._at - 1]):
                            return self.events[self._at - 1]
                    self.check()
                    self._news.clear()
                    await self._news.wait()
        except TimeoutError:
            raise self.missing(what) from None

    def missing(self, what: str) -> Missing:
        """What to raise when the patience is over."""
        said = "\n".join(str(event) for event in self.events[-12:])
        return Missing(f"no {what} within {self._patience_s} s; last heard:\n{said}")

    async def says(
        self, kind: type[Searching | Disconnected], words: str
    ) -> Searching | Disconnected:
        """Wait for an event of this kind whose reason contains the words."""

        def found(event: SensorEvent) -> bool:
            return (
                isinstance(event, Searching | Disconnected)
                and isinstance(event, kind)
                and words in event.reason
            )

        event = await self._next(found, f"{kind.__name__} with {words!r}")
        assert isinstance(event, Searching | Disconnected)
        return event

    async def beats(self, count: int = 3) -> None:
        """Wait for so many notifications more."""
        for _ in range(count):
            await self._next(lambda e: isinstance(e, HeartRateMeasurement), "notification")

    async def one(self, kind: type[SensorEvent]) -> SensorEvent:
        """Wait for the next event of this kind."""
        return await self._next(lambda event: isinstance(event, kind), kind.__name__)

    def runs(self) -> list[list[int]]:
        """RR ticks as they came out, one list for each link."""
        return runs(self.events)


def runs(events: Iterable[SensorEvent]) -> list[list[int]]:
    """Their RR ticks, one list for each link."""
    links: list[list[int]] = []
    for event in events:
        if isinstance(event, Connected):
            links.append([])
        elif isinstance(event, HeartRateMeasurement):
            links[-1].extend(event.rr_ticks)
    return [run for run in links if run]


class Heard(Ear):
    """``listen`` itself, and nothing round it."""

    def __init__(self, env: Environment) -> None:
        super().__init__(env.patience_s)
        self._env = env
        self._listening: asyncio.Task[None] | None = None

    async def begin(self) -> None:
        self._listening = asyncio.create_task(
            listen(self.hear, limits=self._env.limits, radio=self._env.radio)
        )

    async def stop(self) -> None:
        assert self._listening is not None
        self._listening.cancel()
        await asyncio.wait({self._listening})

    def check(self) -> None:
        if self._listening is not None and self._listening.done():
            self._listening.result()


@asynccontextmanager
async def heard(
    env: Environment, *, program: Ear | None = None, in_flight: int = 1
) -> AsyncIterator[Ear]:
    """Run the program; at the end no beat may be lost or doubled, and the link must be gone.

    Of each subscription every beat must have come out once and in order; only at its end may
    ``in_flight`` be missing, that were on their way when the link broke.
    """
    listening = program or env.program()
    await listening.begin()
    try:
        yield listening
        due = await env.sent()  # what is sent while it stops need not come out
    finally:
        await listening.stop()
    times = [event.t_s for event in listening.events]
    assert all(a <= b for a, b in pairwise(times)), "events out of the order of time"
    assert not await env.linked(), "ended, but still linked"
    compare(listening.runs(), await env.sent(), due, in_flight=in_flight)


def compare(
    came_out: Sequence[Sequence[int]],
    sent: Sequence[Sequence[int]],
    due: Sequence[Sequence[int]],
    *,
    in_flight: int,
) -> None:
    """What came out, link by link, against what was sent; ``due`` is what had to come out."""
    for run in came_out:
        which = next((i for i, source in enumerate(sent) if source[0] == run[0]), None)
        assert which is not None, f"no subscription began with {run[0]}: {sent}"
        assert run == list(sent[which][: len(run)]), f"sent {sent[which]}, came out {run}"
        missing = len(due[which]) - len(run) if which < len(due) else 0
        assert missing <= in_flight, f"lost the last {missing} of {due[which]}"
    flat = [ticks for run in came_out for ticks in run]
    assert len(set(flat)) == len(flat), f"doubled: {flat}"


@asynccontextmanager
async def another_process(env: Environment) -> AsyncIterator[None]:
    """A second program that listens to the strap too, and is killed at the end."""
    child = await asyncio.create_subprocess_exec(
        sys.executable, __file__, "listen", stdout=asyncio.subprocess.PIPE
    )
    assert child.stdout is not None
    try:
        async with asyncio.timeout(env.patience_s + 20):  # the start of Python is slow in a VM
            assert await child.stdout.readline() == b"beat\n", "the other program heard nothing"
        yield
    finally:
        with suppress(ProcessLookupError):
            child.kill()
        await child.wait()


async def _listen_aloud() -> None:
    """The second program: say so at each beat."""

    def say(event: SensorEvent) -> None:
        if isinstance(event, HeartRateMeasurement):
            sys.stdout.write("beat\n")
            sys.stdout.flush()

    await listen(say, address=STRAP_ADDRESS)


if __name__ == "__main__" and sys.argv[1:] == ["listen"]:
    asyncio.run(_listen_aloud())
