"""What must happen when Bluetooth fails: one file for every rung.

Each scenario runs the program against a world it can break, and asserts on the events that come
out: it recovers, it loses no beat that arrived, it doubles none, it says why in plain words. The
world is an :class:`Environment`: a stand-in ``org.bluez`` on a private dbus-daemon
(tests/test_sensors_bluez.py), or the real bluetoothd in a virtual machine; the program is
:func:`sensors.ble.listen` itself, or there also the installed application.

Standard library, bleak and sensors only, no pytest: the file is copied into the virtual machine.
"""

import asyncio
import sys
import time
import traceback
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bluetooth_bench import (
    BATTERY_PCT,
    STRAP_ADDRESS,
    STRAP_NAME,
    Environment,
    another_process,
    heard,
    ticks,
)
from bluetooth_room import adapter_full, room_of_straps

from sensors.ble import LOOKING, LOST, NOT_FOUND
from sensors.discovery import nearby
from sensors.events import (
    BodyLocation,
    Connected,
    Disconnected,
    Malformed,
    Searching,
    StrapDetails,
)
from sensors.radio import NO_SERVICE, NONE, OFF, READY

__all__ = [
    "BATTERY_PCT", "SCENARIOS", "STRAP_ADDRESS", "STRAP_NAME", "Environment", "Result", "Scenario",
    "run", "ticks",
]  # fmt: skip


async def first_beats(env: Environment) -> None:
    """Finds the strap, links, tells its battery and place, and brings its beats."""
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
    """The strap hangs up three times: linked again each time, no beat doubled by it."""
    async with heard(env) as ear:
        for _ in range(3):  # a subscription left behind would double the later ones
            await ear.beats(2)
            await env.strap("drop")
            lost = await ear.says(Disconnected, LOST)
            assert "doubled" not in lost.reason
        await ear.beats(4)


async def strap_lost_and_back(env: Environment) -> None:
    """Out of range in mid-session: said, looked for, linked again when it is back."""
    async with heard(env) as ear:
        await ear.beats(2)
        await env.strap("lost")
        await ear.says(Disconnected, LOST)
        await ear.says(Searching, f"{STRAP_ADDRESS} not found: {NOT_FOUND}")
        await env.strap("return")
        await ear.beats()


async def strap_comes_late(env: Environment) -> None:
    """No strap near at first: said, and taken as soon as there is one."""
    await env.strap("vanish")
    async with heard(env) as ear:
        await ear.says(Searching, f"no strap found: {NOT_FOUND}")
        await env.strap("return")
        await ear.beats()


async def strap_does_not_answer(env: Environment) -> None:
    """Heard, but it does not answer, and BlueZ 5.82 forgets it: said, and scanned for again."""
    await env.strap("deaf")
    async with heard(env) as ear:
        await ear.says(Searching, "connecting to")
        await ear.says(Searching, f"the strap does not answer: {NOT_FOUND}")
        await ear.says(Searching, "connecting to")
        await env.strap("hear")
        await ear.beats()


async def strap_silent(env: Environment) -> None:
    """Linked but silent, which BlueZ does not report: noticed, left, linked anew."""
    async with heard(env) as ear:
        await ear.beats(2)
        await env.strap("silent")
        await ear.says(Disconnected, "strap connected but silent for")
        await ear.says(Searching, LOOKING)  # the old link is gone by then
        await env.strap("speak")
        await ear.beats()


async def strap_garbles(env: Environment) -> None:
    """A frame that is nonsense costs itself and not the link."""
    async with heard(env) as ear:
        await ear.beats(2)
        await env.strap("garble")
        await ear.one(Malformed)
        await ear.beats(2)
    assert not any(isinstance(event, Disconnected) for event in ear.events)


async def power_off_while_linked(env: Environment) -> None:
    """Bluetooth is switched off in mid-session: said, waited for, linked again."""
    async with heard(env) as ear:
        await ear.beats(2)
        await env.power(False)
        await ear.says(Disconnected, OFF.words)
        await ear.says(Searching, OFF.words)
        await env.power(True)
        await ear.beats()


async def power_off_while_scanning(env: Environment) -> None:
    """Bluetooth is switched off during a scan: said, waited for, linked."""
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
    """Off and on again during a scan, which is then silently dead: another one finds it."""
    await env.strap("vanish")
    async with heard(env) as ear:
        await ear.says(Searching, LOOKING)
        await asyncio.sleep(env.limits.scan_s / 3)
        await env.power(False)
        await env.power(True)
        await env.strap("return")
        await ear.beats()


async def adapter_unplugged(env: Environment) -> None:
    """The adapter is pulled out in mid-session: said, waited for, linked again."""
    async with heard(env) as ear:
        await ear.beats(2)
        await env.strap("unplug")
        await ear.says(Disconnected, NONE.words)
        await ear.says(Searching, NONE.words)
        await env.strap("plug")
        await ear.beats()


async def bluetoothd_stopped(env: Environment) -> None:
    """bluetoothd is stopped and started, as by an update: said, linked again."""
    async with heard(env) as ear:
        await ear.beats(2)
        await env.bluetoothd("term")
        await ear.says(Disconnected, NO_SERVICE.words)
        await ear.says(Searching, NO_SERVICE.words)
        await env.bluetoothd("start")
        await ear.beats()


async def bluetoothd_killed(env: Environment) -> None:
    """bluetoothd is killed, and nobody is told: noticed by the silence, said, linked again."""
    async with heard(env, in_flight=sys.maxsize) as ear:
        await ear.beats(2)
        await env.bluetoothd("kill")
        await ear.says(Disconnected, NO_SERVICE.words)
        await ear.says(Searching, NO_SERVICE.words)
        await env.bluetoothd("start")
        await ear.beats()


async def program_killed_while_linked(env: Environment) -> None:
    """Another program was killed and BlueZ kept its link: taken over, though no scan finds it."""
    async with another_process(env):
        pass
    assert await env.linked(), "the environment should keep the link of a killed program"
    async with heard(env) as ear:
        await ear.one(Connected)
        await ear.beats()
    assert not any(isinstance(e, Searching) and NOT_FOUND in e.reason for e in ear.events)


async def second_subscriber(env: Environment) -> None:
    """Another program listens too, and BlueZ sends all twice to both: counted once."""
    async with heard(env) as ear:
        await ear.beats(2)
        async with another_process(env):
            ear.skip()
            await ear.beats(4)
        await ear.beats(2)
        assert not any(isinstance(event, Disconnected) for event in ear.events)
        await env.strap("drop")
        await ear.says(Disconnected, "doubled notifications dropped")


async def scan_while_linked(env: Environment) -> None:
    """A scan beside a link disturbs no beat, and lists the linked strap."""
    async with heard(env) as ear:
        await ear.beats(2)
        straps = await nearby(env.limits.scan_s, radio=env.radio)
        ear.skip()
        await ear.beats(2)
    assert [(s.name, s.address, s.connected) for s in straps] == [(STRAP_NAME, STRAP_ADDRESS, True)]
    assert not any(isinstance(event, Disconnected) for event in ear.events)


async def cancelled_anywhere(env: Environment) -> None:
    """Ended while it looks, connects, or measures: the strap is let go every time."""
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
    """Off, unplugged and a dead bluetoothd are told apart."""
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


Scenario = Callable[[Environment], Awaitable[None]]

SCENARIOS: dict[str, Scenario] = {
    scenario.__name__: scenario
    for scenario in (
        first_beats,
        strap_hangs_up,
        strap_lost_and_back,
        strap_comes_late,
        strap_does_not_answer,
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
        room_of_straps,
        adapter_full,
    )
}


@dataclass(frozen=True, slots=True)
class Result:
    seconds: float
    failure: str | None
    """The traceback; None when it passed."""


async def run(scenario: Scenario, env: Environment, *, limit_s: float) -> Result:
    """Run one scenario; whatever goes wrong in it is told and not raised."""
    began_s = time.monotonic()
    failure = None
    try:
        async with asyncio.timeout(limit_s):
            await env.reset()
            await scenario(env)
    except Exception:  # noqa: BLE001  whatever it is, the others shall run and this be shown
        failure = traceback.format_exc()
    return Result(time.monotonic() - began_s, failure)
