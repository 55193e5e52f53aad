"""Unmodified bleak over a real D-Bus, against a stand-in for bluetoothd."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Sequence
from functools import partial
from pathlib import Path
from typing import Literal

import pytest
import pytest_asyncio
from bluetooth_scenarios import SCENARIOS, STRAP_ADDRESS, STRAP_NAME, ticks
from bluez_stand_in import Bluetoothd, Strap, private_bus

from sensors.ble import Limits
from sensors.events import HeartRateMeasurement, encode
from sensors.radio import Radio, adapter_state

pytestmark = pytest.mark.skipif(
    shutil.which("dbus-daemon") is None, reason="dbus-daemon is not installed (apt: dbus-daemon)"
)

QUICK = Limits(
    scan_s=0.6, choose_s=0.05, connect_s=0.8, call_s=1.0, disconnect_s=1.0, silence_s=0.5,
    settle_s=0.05, first_wait_s=0.05, longest_wait_s=0.2,
)  # fmt: skip


def frame(k: int) -> bytes:
    return encode(HeartRateMeasurement(round(60 * 1024 / ticks(k)), (ticks(k),), contact=True))


class StandIn:
    """The Environment of the scenarios, with the stand-in and one strap."""

    limits = QUICK
    period_s = 0.04
    patience_s = 5.0

    def __init__(self, bus_address: str, kernel_adapters: Path) -> None:
        self.radio = Radio(state=partial(adapter_state, adapters=kernel_adapters))
        self.worn = Strap(STRAP_NAME, STRAP_ADDRESS, frame)
        self.bluetoothd_ = Bluetoothd(
            bus_address, [self.worn], period_s=self.period_s, advertise_s=0.02
        )

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

    async def sent(self) -> Sequence[Sequence[int]]:
        return [[ticks(k) for k in run] for run in self.worn.sent]

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
