"""Unmodified bleak over a real D-Bus, against a stand-in for bluetoothd."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Literal

import pytest
import pytest_asyncio
from bluetooth_bench import STRAP_ADDRESS, STRAP_NAME, Heard, heard, ticks
from bluetooth_scenarios import SCENARIOS
from bluez_stand_in import Bluetoothd
from bluez_strap import HCI0, Strap
from private_bus import private_bus

from sensors.ble import LOOKING, Limits
from sensors.discovery import nearby
from sensors.events import Disconnected, HeartRateMeasurement, Searching, encode
from sensors.radio import DENIED, NO_ANSWER, NO_SERVICE, Radio, adapter_state

pytestmark = pytest.mark.skipif(
    shutil.which("dbus-daemon") is None, reason="dbus-daemon is not installed (apt: dbus-daemon)"
)

PERIOD_S = 0.04
"""Between two notifications of the strap."""
QUICK = Limits(
    scan_start_s=1.0, scan_s=0.6, choose_s=0.05, connect_s=0.8, call_s=1.0, disconnect_s=1.0,
    silence_s=0.5, settle_s=0.05, first_wait_s=0.05, longest_wait_s=0.2, cycle_s=0.3, least_s=0.05,
    check_s=0.5, spread_s=0.1, crowded_connect_s=0.8,
)  # fmt: skip


def frame(k: int) -> bytes:
    return encode(HeartRateMeasurement(round(60 * 1024 / ticks(k)), (ticks(k),), contact=True))


class StandIn:
    """The Environment of the scenarios, with the stand-in and one strap."""

    limits = QUICK
    patience_s = 5.0

    def __init__(self, bus_address: str, kernel_adapters: Path) -> None:
        self.radio = Radio(state=partial(adapter_state, adapters=kernel_adapters), limits=QUICK)
        self.worn = Strap(STRAP_NAME, STRAP_ADDRESS, frame)
        self.bluetoothd_ = Bluetoothd(bus_address, [self.worn], period_s=PERIOD_S, advertise_s=0.02)

    def program(self) -> Heard:
        return Heard(self)

    async def reset(self) -> None:
        await self.bluetoothd_.start()

    async def strap(self, command: str) -> None:
        match command:
            case "drop":
                self.bluetoothd_.cut(self.worn)
            case "lost":
                self.worn.in_range = False
                self.bluetoothd_.cut(self.worn)
            case "vanish" | "return":
                self.worn.in_range = command == "return"
            case "deaf" | "hear":
                self.worn.answers = command == "hear"
            case "silent" | "speak":
                self.worn.speaking = command == "speak"
            case "garble":
                self.bluetoothd_.notify(self.worn, b"\x16")
            case "unplug":
                self.bluetoothd_.unplug()
            case "plug":
                self.bluetoothd_.plug()
            case _:
                raise ValueError(command)

    async def power(self, on: bool) -> None:
        self.bluetoothd_.power(on)

    async def bluetoothd(self, what: Literal["term", "kill", "start"]) -> None:
        if what == "start":
            await self.bluetoothd_.start()
        else:
            await self.bluetoothd_.stop(killed=what == "kill")

    @asynccontextmanager
    async def company(self, count: int) -> AsyncIterator[Sequence[str]]:
        straps = [
            Strap(f"{STRAP_NAME} {k}", f"{STRAP_ADDRESS[:-2]}{k:02X}", frame) for k in range(count)
        ]
        self.bluetoothd_.straps += straps
        yield [strap.address for strap in straps]
        for strap in straps:
            strap.in_range = False
            self.bluetoothd_.forget(strap)

    async def places(self, count: int) -> None:
        self.bluetoothd_.places[HCI0] = count

    async def sent(self, address: str | None = None) -> Sequence[Sequence[int]]:
        straps = self.bluetoothd_.straps
        strap = next(s for s in straps if s.address == (address or STRAP_ADDRESS))
        return [[ticks(k) for k in run] for run in strap.sent]

    async def linked(self) -> bool:
        return self.worn.linked


@pytest_asyncio.fixture
async def env(tmp_path: Path) -> AsyncIterator[StandIn]:
    (tmp_path / "hci0").touch()
    async with private_bus() as address:
        world = StandIn(address, tmp_path)
        yield world
        await world.bluetoothd_.stop(killed=True)


@pytest.mark.parametrize("name", SCENARIOS)
async def test_listen_survives(name: str, env: StandIn) -> None:
    async with asyncio.timeout(30):
        await env.reset()
        await SCENARIOS[name](env)


FAULTS = [
    ("Connect", "org.bluez.Error.Failed", "le-connection-abort-by-remote"),
    ("Connect", "org.bluez.Error.InProgress", "Operation already in progress"),
    ("StartNotify", "org.bluez.Error.NotPermitted", "Notify acquired"),
    ("ReadValue", "org.bluez.Error.Failed", "Operation failed with ATT error: 0x0e"),
    ("ReadValue", "org.bluez.Error.NotAuthorized", ""),
    ("SetDiscoveryFilter", "org.bluez.Error.Failed", ""),
    ("StartDiscovery", "org.bluez.Error.InProgress", "Operation already in progress"),
    ("StopDiscovery", "org.bluez.Error.InProgress", "Operation already in progress"),
]


@pytest.mark.parametrize(("method", "error", "text"), FAULTS)
async def test_an_error_of_bluetoothd_is_survived(
    method: str, error: str, text: str, env: StandIn
) -> None:
    await env.reset()
    env.bluetoothd_.refuse[method] = [(error, text)] * 2
    async with heard(env) as ear:
        await ear.beats(3)
    assert not env.bluetoothd_.refuse[method], "the error was never met"


@pytest.mark.parametrize(
    "method", ["Connect", "StartNotify", "ReadValue", "StartDiscovery", "StopDiscovery"]
)
async def test_a_call_that_is_never_answered_is_given_up(method: str, env: StandIn) -> None:
    await env.reset()
    env.bluetoothd_.hang.add(method)
    async with heard(env) as ear:
        await asyncio.sleep(0.5)
        env.bluetoothd_.hang.clear()
        await ear.beats(3)


async def test_a_link_that_bluetoothd_will_not_end_is_used_again(env: StandIn) -> None:
    await env.reset()
    async with heard(env) as ear:
        await ear.beats(1)
        env.bluetoothd_.refuse["Disconnect"] = [("org.bluez.Error.Failed", "")]
        await env.strap("silent")
        await ear.says(Disconnected, "silent")
        await ear.says(Searching, LOOKING)
        await env.strap("speak")
        await ear.beats(3)


async def test_a_disconnect_that_is_never_answered_is_given_up(env: StandIn) -> None:
    await env.reset()
    env.bluetoothd_.hang.add("Disconnect")
    ear = Heard(env)
    await ear.begin()
    await ear.beats(1)
    async with asyncio.timeout(5):
        await ear.stop()
    env.bluetoothd_.hang.clear()
    assert env.worn.linked, "the stand-in cannot have dropped it"
    async with heard(env) as ear:
        await ear.beats(3)


async def test_of_two_straps_the_louder_is_taken_and_both_are_near(env: StandIn) -> None:
    other = Strap("Quiet \x1b[31mone", "F0:F1:F2:F3:F4:00", frame, rssi_dbm=-90)
    env.bluetoothd_.straps.append(other)
    await env.reset()
    async with heard(env) as ear:
        await ear.says(Searching, f"2 straps near, the nearest is {STRAP_NAME} ({STRAP_ADDRESS})")
        await ear.beats(1)
        assert not other.linked
        near = await nearby(0.2, radio=env.radio)
    assert [(strap.address, strap.rssi_dbm, strap.connected) for strap in near] == [
        (STRAP_ADDRESS, None, True),
        (other.address, -90, False),
    ]


async def test_a_lost_system_bus_is_survived(tmp_path: Path) -> None:
    """The dbus-daemon itself is restarted: bleak loses every connection at once."""
    (tmp_path / "hci0").touch()
    async with private_bus() as address:
        env = StandIn(address, tmp_path)
        await env.reset()
        ear = Heard(env)
        await ear.begin()
        await ear.beats(2)
    await env.bluetoothd_.stop(killed=True)
    await ear.says(Disconnected, NO_SERVICE.words)
    async with private_bus() as address:
        env.bluetoothd_ = Bluetoothd(address, [env.worn], period_s=PERIOD_S, advertise_s=0.02)
        await env.reset()
        await ear.beats(2)
        await ear.stop()
        await env.bluetoothd_.stop(killed=True)


async def test_a_bluetoothd_that_hangs_or_denies_is_told_apart(env: StandIn) -> None:
    await env.reset()
    env.bluetoothd_.refuse["GetManagedObjects"] = [("org.freedesktop.DBus.Error.AccessDenied", "")]
    assert await env.radio.state() == DENIED
    env.bluetoothd_.hang.add("GetManagedObjects")
    assert await adapter_state(limit_s=0.1) == NO_ANSWER
