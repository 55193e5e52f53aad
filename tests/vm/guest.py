"""In the guest: scenarios in the real world, one after the other, as the kernel's words say.

SUITE=listen|app SHARE=1/2 SCENARIOS=name,name: of the scenarios named, or of the whole suite, the
first of two shares. Reports to the host over a port of its own, one JSON object a line: {"ready":
text} when the adapter is up, {"note": text}, {"scenario": name, "outcome": passed|failed,
"seconds": s, "why": text, "about": text}, and {"end": true}. Everything printed goes to the
console's log.
"""

import asyncio
import os
import platform
import subprocess
from pathlib import Path

import app_scenarios
import bluetooth_scenarios
from app import AppGuest
from bluez import BLUETOOTHD, Bluez
from world import Guest, Port

SCENARIO_LIMIT_S = 240.0
SUITES = {
    "listen": (Guest, bluetooth_scenarios.SCENARIOS),
    "app": (AppGuest, app_scenarios.SCENARIOS),
}


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
    world, scenarios = SUITES[os.environ["SUITE"]]
    guest = world(control, await Bluez.connect(lambda text: report.say(note=text)))
    await guest.set_up()
    report.say(ready=about())
    wanted = [name for name in os.environ.get("SCENARIOS", "").split(",") if name]
    share, shares = map(int, os.environ["SHARE"].split("/"))
    for name in (wanted or list(scenarios))[share - 1 :: shares]:
        if name not in scenarios:
            why = f"no such scenario; there are: {', '.join(scenarios)}"
            report.say(scenario=name, outcome="failed", seconds=0.0, why=why, about="")
            continue
        print(f"--- {name}")
        result = await bluetooth_scenarios.run(scenarios[name], guest, limit_s=SCENARIO_LIMIT_S)
        report.say(
            scenario=name,
            outcome="failed" if result.failure else "passed",
            seconds=round(result.seconds, 1),
            why=result.failure,
            about=(scenarios[name].__doc__ or "").splitlines()[0],
        )
    report.say(end=True)


if __name__ == "__main__":
    asyncio.run(main())
