"""In the guest: the real world as an Environment, and the scenarios run in it, one after the other.

Reports to the host over a port of its own, one JSON object a line: {"ready": text} when the adapter
is up, {"note": text}, {"scenario": name, "outcome": passed|failed, "seconds": s, "why": text}, and
{"end": true}. Everything printed goes to the console's log.
"""

import asyncio
import json
import os
import platform
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

import bluetooth_scenarios as scenarios
from bluetooth_bench import BATTERY_PCT, STRAP_ADDRESS, STRAP_NAME, ticks
from bluez import BLUETOOTHD, Bluez, eventually

from sensors.ble import Limits
from sensors.radio import Radio

PERIOD_S = 0.5
SCENARIO_LIMIT_S = 150.0
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
    """bluetooth_bench.Environment, with the real BlueZ and a strap on the host."""

    # Everything takes a little longer on an emulated processor; what only costs waiting is short.
    limits = Limits(scan_s=8.0, choose_s=0.5, silence_s=5.0, first_wait_s=0.5, longest_wait_s=4.0)
    period_s = PERIOD_S
    patience_s = 40.0

    def __init__(self, control: Port, bluez: Bluez) -> None:
        self.radio = Radio()
        self._control = control
        self._bluez = bluez

    async def set_up(self) -> None:
        """From nothing to an adapter that is up, and a strap that advertises."""
        await self._bluez.start()
        await self._bluez.attach(lambda: self._tell("plug"))
        await self._tell(
            "wear",
            name=STRAP_NAME,
            address=STRAP_ADDRESS,
            battery_pct=BATTERY_PCT,
            rr_ticks=RR_TICKS,
            period_s=PERIOD_S,
        )

    async def reset(self) -> None:
        await self._tell("reset")
        await self._bluez.start()
        if not self._bluez.attached:
            await self._bluez.attach(lambda: self._tell("plug"))
        await self._bluez.power(True)
        await self._bluez.forget_devices()
        await eventually(self._unlinked, within_s=20, what="the strap to be unlinked")
        await self._tell("reset")

    async def strap(self, command: str) -> None:
        match command:
            case "unplug":
                await self._tell("settle")
                await self._bluez.detach()
                await self._tell("unplug")
            case "plug":
                await self._bluez.attach(lambda: self._tell("plug"))
            case _:
                await self._tell(command)

    async def power(self, on: bool) -> None:
        await self._tell("settle")
        await self._bluez.power(on)

    async def bluetoothd(self, what: Literal["term", "kill", "start"]) -> None:
        if what == "start":
            await self._bluez.start()
            await self._bluez.power(True)
        else:
            await self._tell("settle")
            await self._bluez.stop(what)

    async def sent(self) -> Sequence[Sequence[int]]:
        sent: list[list[int]] = await self._tell("sent")
        return [run for run in sent if run]

    async def linked(self) -> bool:
        return bool(await self._tell("linked"))

    async def _unlinked(self) -> bool:
        return not await self.linked()

    async def _tell(self, command: str, **arguments: object) -> Any:
        answer = await self._control.ask(command=command, **arguments)
        if "error" in answer:
            raise RuntimeError(f"the strap: {answer['error']}")
        return answer["ok"]


def about() -> str:
    """What this guest is, and how long it took to come up."""
    bluez = subprocess.run([BLUETOOTHD, "--version"], capture_output=True, text=True, check=True)
    uptime_s = Path("/proc/uptime").read_text().split()[0]
    return (
        f"Linux {platform.release()}, BlueZ {bluez.stdout.strip()}, "
        f"Python {platform.python_version()}, ready after {uptime_s} s"
    )


async def main() -> None:
    report, control = Port("report"), Port("control")
    guest = Guest(control, await Bluez.connect(lambda text: report.say(note=text)))
    await guest.set_up()
    report.say(ready=about())
    wanted = [name for name in os.environ.get("SCENARIOS", "").split(",") if name]
    for name in wanted or scenarios.SCENARIOS:
        if name not in scenarios.SCENARIOS:
            why = f"no such scenario; there are: {', '.join(scenarios.SCENARIOS)}"
            report.say(scenario=name, outcome="failed", seconds=0.0, why=why)
            continue
        print(f"--- {name}")
        (result,) = await scenarios.run([name], guest, limit_s=SCENARIO_LIMIT_S)
        report.say(
            scenario=name,
            outcome="failed" if result.failure else "passed",
            seconds=round(result.seconds, 1),
            why=result.failure,
        )
    report.say(end=True)


if __name__ == "__main__":
    asyncio.run(main())
