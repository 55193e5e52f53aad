"""What must happen when Bluetooth fails: one file for every rung.

Each scenario runs :func:`sensors.ble.listen` itself against a world it can break, and asserts on
the events that come out: it recovers, it loses no beat that arrived, it doubles none, it says why
in plain words. The world is an :class:`Environment`: a stand-in ``org.bluez`` on a private
dbus-daemon (tests/test_sensors_bluez.py), or the real bluetoothd in a virtual machine.

Standard library, bleak and sensors only, no pytest: the file is copied into the virtual machine.
"""

import asyncio
import sys
import time
import traceback
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal, Protocol

from sensors.ble import LOOKING, LOST, NOT_FOUND, Limits, listen
from sensors.discovery import nearby
from sensors.events import (
    BodyLocation,
    Connected,
    Disconnected,
    HeartRateMeasurement,
    Malformed,
    Searching,
    SensorEvent,
    StrapDetails,
)
from sensors.radio import NO_SERVICE, NONE, OFF, READY, Radio

STRAP_NAME = "Strap H10"
STRAP_ADDRESS = "F0:F1:F2:F3:F4:F5"
BATTERY_PCT = 87


def ticks(k: int) -> int:
    """The single RR of the strap's ``k``-th notification: it counts, so a loss or a double shows.

    586 to 1561 ms, and 1000 notifications before a value comes again.
    """
    return 600 + k % 1000


class Environment(Protocol):
    """The world round the program: one strap, one adapter, one bluetoothd, and what befalls them.

    The strap is named STRAP_NAME, has STRAP_ADDRESS (static random), advertises 0x180D, and serves
    0x2A37 (notify), 0x2A38 (1, chest) and 0x2A19 (BATTERY_PCT). While a central is subscribed it
    notifies every ``period_s`` a clean frame with exactly one RR of ``ticks(k)``, where k counts
    all its notifications since the environment began and is never reset: flags 0x16, heart rate
    ``round(60 * 1024 / ticks(k))``. While nobody is subscribed it sends nothing and k stands.
    """

    limits: Limits
    """Time limits for ``listen`` that suit this rung."""
    radio: Radio
    """A Radio(), made in the running event loop."""
    period_s: float
    """Seconds between two notifications."""
    patience_s: float
    """How long a scenario waits for any one thing before it calls it missing."""

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

    async def sent(self) -> Sequence[Sequence[int]]:
        """RR ticks of every clean notification since ``reset``, one list for each subscription.

        A list begins when a central subscribes to 0x2A37 and ends when it unsubscribes or the
        link goes. What was sent is what the strap handed to its stack while subscribed.
        """

    async def linked(self) -> bool:
        """Whether the strap has a link now, as the strap sees it."""


class Missing(AssertionError):
    """What a scenario waited for did not come."""


class Heard:
    """``listen`` at work, and all it has said. Each wait goes on where the last one ended."""

    def __init__(self, env: Environment) -> None:
        self.events: list[SensorEvent] = []
        self._env = env
        self._at = 0
        self._news = asyncio.Event()
        self.listening = asyncio.create_task(listen(self._hear, limits=env.limits, radio=env.radio))

    def _hear(self, event: SensorEvent) -> None:
        self.events.append(event)
        self._news.set()

    async def _next(self, wanted: Callable[[SensorEvent], bool], what: str) -> SensorEvent:
        try:
            async with asyncio.timeout(self._env.patience_s):
                while True:
                    while self._at < len(self.events):
                        self._at += 1
                        if wanted(self.events[self._at - 1]):
                            return self.events[self._at - 1]
                    if self.listening.done():
                        self.listening.result()
                    self._news.clear()
                    await self._news.wait()
        except TimeoutError:
            said = "\n".join(str(event) for event in self.events[-12:])
            raise Missing(
                f"no {what} within {self._env.patience_s} s; last heard:\n{said}"
            ) from None

    async def says(self, kind: type[Searching | Disconnected], words: str) -> None:
        """Wait for an event of this kind whose reason contains the words."""

        def found(event: SensorEvent) -> bool:
            return (
                isinstance(event, Searching | Disconnected)
                and isinstance(event, kind)
                and words in event.reason
            )

        await self._next(found, f"{kind.__name__} with {words!r}")

    async def beats(self, count: int = 3) -> None:
        """Wait for so many notifications more."""
        for _ in range(count):
            await self._next(lambda e: isinstance(e, HeartRateMeasurement), "notification")

    async def one(self, kind: type[SensorEvent]) -> SensorEvent:
        """Wait for the next event of this kind."""
        return await self._next(lambda event: isinstance(event, kind), kind.__name__)

    def runs(self) -> list[list[int]]:
        """RR ticks as they came out, one list for each link."""
        links: list[list[int]] = []
        for event in self.events:
            if isinstance(event, Connected):
                links.append([])
            elif isinstance(event, HeartRateMeasurement):
                links[-1].extend(event.rr_ticks)
        return [run for run in links if run]

    async def stop(self) -> None:
        """Cancel, and wait until it has ended and dropped the link."""
        self.listening.cancel()
        await asyncio.wait({self.listening})


@asynccontextmanager
async def heard(
    env: Environment, *, in_flight: int = 1, joins: bool = False
) -> AsyncIterator[Heard]:
    """Run ``listen``; at the end no beat may be lost or doubled, and the link must be gone.

    Of each subscription every beat must have come out once and in order; only at its end may
    ``in_flight`` be missing, that were on their way when the link broke.
    """
    listening = Heard(env)
    try:
        yield listening
        due = await env.sent()  # what is sent while it stops need not come out
    finally:
        await listening.stop()
    times = [event.t_s for event in listening.events]
    assert all(a <= b for a, b in pairwise(times)), "events out of the order of time"
    assert not await env.linked(), "cancelled, but still linked"
    sent = await env.sent()
    for run in listening.runs():
        which = next((i for i, source in enumerate(sent) if source[0] == run[0]), None)
        assert which is not None, f"no subscription began with {run[0]}: {sent}"
        assert run == list(sent[which][: len(run)]), f"sent {sent[which]}, came out {run}"
        missing = len(due[which]) - len(run) if which < len(due) else 0
        assert missing <= in_flight, f"lost the last {missing} of {due[which]}"
    flat = [ticks for run in listening.runs() for ticks in run]
    assert len(set(flat)) == len(flat), f"doubled: {flat}"


async def first_beats(env: Environment) -> None:
    async with heard(env) as ear:
        await ear.says(Searching, LOOKING)
        connected = await ear.one(Connected)
        await ear.one(StrapDetails)
        await ear.beats(5)
    details = next(e for e in ear.events if isinstance(e, StrapDetails))
    assert isinstance(connected, Connected)
    assert (connected.name, connected.address) == (STRAP_NAME, STRAP_ADDRESS)
    assert (details.battery_pct, details.body_location) == (BATTERY_PCT, BodyLocation.CHEST)


async def strap_hangs_up(env: Environment) -> None:
    async with heard(env) as ear:
        for _ in range(3):  # a subscription left behind would double the later ones
            await ear.beats(2)
            await env.strap("drop")
            await ear.says(Disconnected, LOST)
        await ear.beats(4)


async def strap_lost_and_back(env: Environment) -> None:
    async with heard(env) as ear:
        await ear.beats(2)
        await env.strap("lost")
        await ear.says(Disconnected, LOST)
        await ear.says(Searching, f"{STRAP_ADDRESS} not found: {NOT_FOUND}")
        await env.strap("return")
        await ear.beats()


async def strap_comes_late(env: Environment) -> None:
    await env.strap("vanish")
    async with heard(env) as ear:
        await ear.says(Searching, f"no strap found: {NOT_FOUND}")
        await env.strap("return")
        await ear.beats()


async def strap_gone_while_connecting(env: Environment) -> None:
    async with heard(env) as ear:
        await ear.says(Searching, "connecting to")
        await env.strap("vanish")
        await asyncio.sleep(env.limits.connect_s / 2)
        await env.strap("return")
        await ear.beats()


async def strap_silent(env: Environment) -> None:
    async with heard(env) as ear:
        await ear.beats(2)
        await env.strap("silent")
        await ear.says(Disconnected, "strap connected but silent for")
        await ear.says(Searching, LOOKING)  # the old link is gone by then
        await env.strap("speak")
        await ear.beats()


async def strap_garbles(env: Environment) -> None:
    async with heard(env) as ear:
        await ear.beats(2)
        await env.strap("garble")
        await ear.one(Malformed)
        await ear.beats(2)
    assert not any(isinstance(event, Disconnected) for event in ear.events)


async def power_off_while_linked(env: Environment) -> None:
    async with heard(env) as ear:
        await ear.beats(2)
        await env.power(False)
        await ear.says(Disconnected, OFF.words)
        await ear.says(Searching, OFF.words)
        await env.power(True)
        await ear.beats()


async def power_off_while_scanning(env: Environment) -> None:
    await env.strap("vanish")
    async with heard(env) as ear:
        await ear.says(Searching, LOOKING)
        await asyncio.sleep(env.limits.scan_s / 3)
        await env.power(False)
        await ear.says(Searching, OFF.words)
        await env.power(True)
        await env.strap("return")
        await ear.says(Searching, LOOKING)
        await ear.beats()


async def power_off_and_on_while_scanning(env: Environment) -> None:
    await env.strap("vanish")
    async with heard(env) as ear:
        await ear.says(Searching, LOOKING)
        await asyncio.sleep(env.limits.scan_s / 3)
        await env.power(False)
        await env.power(True)
        await env.strap("return")
        await ear.beats()


async def adapter_unplugged(env: Environment) -> None:
    async with heard(env) as ear:
        await ear.beats(2)
        await env.strap("unplug")
        await ear.says(Disconnected, NONE.words)
        await ear.says(Searching, NONE.words)
        await env.strap("plug")
        await ear.beats()


async def bluetoothd_stopped(env: Environment) -> None:
    async with heard(env) as ear:
        await ear.beats(2)
        await env.bluetoothd("term")
        await ear.says(Disconnected, NO_SERVICE.words)
        await ear.says(Searching, NO_SERVICE.words)
        await env.bluetoothd("start")
        await ear.beats()


async def bluetoothd_killed(env: Environment) -> None:
    """Nobody is told: bleak goes on reporting a link, and the strap goes on sending."""
    async with heard(env, in_flight=sys.maxsize) as ear:
        await ear.beats(2)
        await env.bluetoothd("kill")
        await ear.says(Disconnected, NO_SERVICE.words)
        await ear.says(Searching, NO_SERVICE.words)
        await env.bluetoothd("start")
        await ear.beats()


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


async def program_killed_while_linked(env: Environment) -> None:
    """BlueZ keeps the link, the strap does not advertise: no scan would ever find it."""
    async with another_process(env):
        pass
    assert await env.linked(), "the environment should keep the link of a killed program"
    async with heard(env) as ear:
        await ear.one(Connected)
        await ear.beats()
    assert not any(isinstance(e, Searching) and NOT_FOUND in e.reason for e in ear.events)


async def second_subscriber(env: Environment) -> None:
    """BlueZ then sends each notification twice, to both."""
    async with heard(env) as ear:
        await ear.beats(2)
        async with another_process(env):
            await ear.beats(4)
        await ear.beats(2)
    assert not any(isinstance(event, Disconnected) for event in ear.events)


async def scan_while_linked(env: Environment) -> None:
    async with heard(env) as ear:
        await ear.beats(2)
        straps = await nearby(env.limits.scan_s, radio=env.radio)
        await ear.beats(2)
    assert [(s.name, s.address, s.connected) for s in straps] == [(STRAP_NAME, STRAP_ADDRESS, True)]
    assert not any(isinstance(event, Disconnected) for event in ear.events)


async def cancelled_anywhere(env: Environment) -> None:
    """``heard`` asserts that the link is gone."""
    for words in (LOOKING, "connecting to"):
        async with heard(env) as ear:
            await ear.says(Searching, words)
    async with heard(env) as ear:
        await ear.one(Connected)
    async with heard(env) as ear:
        await ear.beats(1)
    async with heard(env) as ear:
        await ear.beats(1)
        await env.strap("drop")
        await ear.one(Disconnected)
    async with heard(env) as ear:
        await ear.beats(2)


async def adapter_states(env: Environment) -> None:
    assert await env.radio.state() == READY
    await env.power(False)
    assert await env.radio.state() == OFF
    await env.power(True)
    await env.strap("unplug")
    assert await env.radio.state() == NONE
    await env.strap("plug")
    await env.bluetoothd("kill")
    assert await env.radio.state() == NO_SERVICE
    await env.bluetoothd("start")
    assert await env.radio.state() == READY


SCENARIOS: dict[str, Callable[[Environment], Awaitable[None]]] = {
    scenario.__name__: scenario
    for scenario in (
        first_beats,
        strap_hangs_up,
        strap_lost_and_back,
        strap_comes_late,
        strap_gone_while_connecting,
        strap_silent,
        strap_garbles,
        power_off_while_linked,
        power_off_while_scanning,
        power_off_and_on_while_scanning,
        adapter_unplugged,
        bluetoothd_stopped,
        bluetoothd_killed,
        program_killed_while_linked,
        second_subscriber,
        scan_while_linked,
        cancelled_anywhere,
        adapter_states,
    )
}


@dataclass(frozen=True, slots=True)
class Result:
    name: str
    seconds: float
    failure: str | None
    """The traceback; None when it passed."""


async def run(names: Iterable[str], env: Environment, *, limit_s: float = 300.0) -> list[Result]:
    """Run scenarios one after the other, all of them even if one fails."""
    results = []
    for name in names:
        began_s = time.monotonic()
        failure = None
        try:
            async with asyncio.timeout(limit_s):
                await env.reset()
                await SCENARIOS[name](env)
        except Exception:  # noqa: BLE001  whatever it is, the others shall run and this be shown
            failure = traceback.format_exc()
        results.append(Result(name, time.monotonic() - began_s, failure))
    return results


async def _listen_aloud() -> None:
    """The second program: say so at each beat."""

    def say(event: SensorEvent) -> None:
        if isinstance(event, HeartRateMeasurement):
            sys.stdout.write("beat\n")
            sys.stdout.flush()

    await listen(say, address=STRAP_ADDRESS)


if __name__ == "__main__" and sys.argv[1:] == ["listen"]:
    asyncio.run(_listen_aloud())
