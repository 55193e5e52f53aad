"""In the guest: the real world as an Environment, and the port to the straps on the host."""

import asyncio
import json
import os
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Literal

from bluetooth_bench import BATTERY_PCT, STRAP_ADDRESS, STRAP_NAME, Ear, Heard, ticks
from bluez import Bluez, eventually

from sensors.ble import Limits
from sensors.radio import Radio

RR_TICKS = [ticks(k) for k in range(1000)]


class Port:
    """A virtio port to the host, by name: whole lines of JSON."""

    def __init__(self, name: str) -> None:
        for entry in Path("/sys/class/virtio-ports").iterdir():
            if (entry / "name").read_text().strip() == name:
                self._fd = os.open(f"/dev/{entry.name}", os.O_RDWR)
                return
        raise LookupError(f"the host gave us no port named {name}")

    def say(self, **message: object) -> None:
        line = json.dumps(message).encode() + b"\n"
        while line:
            line = line[os.write(self._fd, line) :]

    async def ask(self, **message: object) -> dict[str, Any]:
        """Say it, and return the answer; the event loop goes on meanwhile."""
        self.say(**message)
        answer: dict[str, Any] = json.loads(await asyncio.to_thread(self._line))
        return answer

    def _line(self) -> bytes:
        line = b""
        while not line.endswith(b"\n"):
            line += os.read(self._fd, 65536)
        return line


class Guest:
    """bluetooth_bench.Environment with the real BlueZ, a strap on the host, and ``listen``."""

    # Everything takes a little longer on an emulated processor; what only costs waiting is short.
    limits = Limits(scan_s=8.0, choose_s=0.5, silence_s=5.0, first_wait_s=0.5, longest_wait_s=4.0)
    patience_s = 40.0
    period_s: float | None = 0.5
    """Of the strap: seconds between two notifications; None: each comes when its beat has."""

    def __init__(self, control: Port, bluez: Bluez) -> None:
        self.radio = Radio(limits=self.limits)
        self.bluez = bluez
        self._control = control

    async def set_up(self) -> None:
        """From nothing to an adapter that is up, and a strap that advertises."""
        await self.bluez.start()
        await self.bluez.attach(lambda: self.tell("plug"))
        await self.tell(
            "wear",
            name=STRAP_NAME,
            address=STRAP_ADDRESS,
            battery_pct=BATTERY_PCT,
            rr_ticks=RR_TICKS,
            period_s=self.period_s,
        )

    def program(self) -> Ear:
        return Heard(self)

    async def reset(self) -> None:
        await self.tell("reset")
        await self.bluez.start()
        if not self.bluez.attached:
            await self.bluez.attach(lambda: self.tell("plug"))
        await self.bluez.power(True)
        await self.bluez.forget_devices()
        await eventually(self._unlinked, within_s=20, what="the strap to be unlinked")
        await self.tell("reset")

    async def strap(self, command: str) -> None:
        match command:
            case "unplug":
                await self.tell("settle")
                await self.bluez.detach()
                await self.tell("unplug")
            case "plug":
                await self.bluez.attach(lambda: self.tell("plug"))
            case _:
                await self.tell(command)

    async def power(self, on: bool) -> None:
        await self.tell("settle")
        await self.bluez.power(on)

    async def bluetoothd(self, what: Literal["term", "kill", "start"]) -> None:
        if what == "start":
            await self.bluez.start()
            await self.bluez.power(True)
        else:
            await self.tell("settle")
            await self.bluez.stop(what)

    @asynccontextmanager
    async def company(self, count: int) -> AsyncIterator[Sequence[str]]:
        addresses = [f"{STRAP_ADDRESS[:-2]}{k:02X}" for k in range(count)]
        for k, address in enumerate(addresses):
            await self.tell(
                "wear",
                name=f"{STRAP_NAME} {k}",
                address=address,
                battery_pct=BATTERY_PCT,
                rr_ticks=RR_TICKS,
                period_s=self.period_s,
            )
        try:
            yield addresses
        finally:
            for address in addresses:
                await self.tell("take_off", address=address)

    async def places(self, count: int) -> None:
        await self.tell("places", count=count)

    async def sent(self, address: str | None = None) -> Sequence[Sequence[int]]:
        """Of one strap; where none is named, of the one every scenario is about."""
        sent: list[list[int]] = await self.tell("sent", address=address)
        return [run for run in sent if run]

    async def linked(self) -> bool:
        return bool(await self.tell("linked"))

    async def _unlinked(self) -> bool:
        return not await self.linked()

    async def tell(self, command: str, **arguments: object) -> Any:
        """One command to the bench on the host (tests/vm/bench.py), and its answer."""
        answer = await self._control.ask(command=command, **arguments)
        if "error" in answer:
            raise RuntimeError(f"the strap: {answer['error']}")
        return answer["ok"]
