"""`make test-bluetooth`: the Bluetooth scenarios against the real bluetoothd, in a virtual machine.

    run.py [--debian trixie] [--arch amd64] [--suite listen] [--suite app] [SCENARIO ...]

Two suites: `listen`, the sensor alone, and `app`, the installed application, which has two machines
to share it. All run at the same time, because they wait more than they compute. Skips, saying why,
where this machine cannot. Exit code 1 if a scenario failed. A run of all that passes writes what it
found into docs/RELIABILITY.md.
"""

import argparse
import asyncio
import fcntl
import signal
import sys
import textwrap
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from image import CACHE, QEMU, CannotRun, Image, cached_image, install_app, require_machine, venv
from machine import LOG, booted

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from reliability import write_section

SHARES = {"listen": 1, "app": 2}
"""Machines of each suite."""
READY_WITHIN_S = 180.0
SILENT_AT_MOST_S = 330.0
"""Longer than any scenario may take."""


@dataclass(frozen=True, slots=True)
class Part:
    """What one machine runs."""

    suite: str
    share: int
    shares: int
    scenarios: Sequence[str]
    """All of the suite, if none is named."""

    @property
    def name(self) -> str:
        """What is printed, and the folder of its logs."""
        return self.suite if self.shares == 1 else f"{self.suite}-{self.share}"

    @property
    def words(self) -> str:
        """As guest.py reads them."""
        wanted = ",".join(self.scenarios)
        return f"SUITE={self.suite} SHARE={self.share}/{self.shares} SCENARIOS={wanted}"


def parts(suites: Sequence[str], scenarios: Sequence[str]) -> list[Part]:
    """A part for each machine; one machine a suite is enough for few scenarios."""
    return [
        Part(suite, share + 1, shares, scenarios)
        for suite in suites
        for shares in [1 if len(scenarios) == 1 else SHARES[suite]]
        for share in range(shares)
    ]


@dataclass(slots=True)
class Found:
    """What the machines have reported."""

    machine: str = ""
    """What they are, in the guest's words."""
    outcomes: Counter[str] = field(default_factory=Counter)
    suites: dict[str, set[str]] = field(default_factory=dict)
    """Of each thing that happens, by whom it was survived."""

    def take(self, suite: str, report: Mapping[str, Any]) -> None:
        """Count a scenario's end, and print a line of it."""
        outcome, name, why = report["outcome"], report["scenario"], report["why"]
        self.outcomes[outcome] += 1
        print(f"{outcome} {report['seconds']:6.1f} s  {suite}: {name}", flush=True)
        if why:
            print(textwrap.indent(why.rstrip(), "    "), flush=True)
        self.suites.setdefault(report["about"], set()).add(suite)

    def section(self) -> str:
        """Of docs/RELIABILITY.md."""

        def mark(suites: set[str], suite: str) -> str:
            return "yes" if suite in suites else ""

        rows = "\n".join(
            f"| {about} | {mark(suites, 'app')} | {mark(suites, 'listen')} |"
            for about, suites in sorted(self.suites.items(), key=lambda row: "app" not in row[1])
        )
        return f"""## Bluetooth that fails

Written by `make test-bluetooth`; do not edit. Everything below is done to a real bluetoothd in a
virtual machine (one of them: {self.machine}), whose adapter and straps are emulated.
Each time the program must recover by itself and say in plain words what is wrong, and each beat
that the strap has sent while linked must be there once: in the database, for the application, the
installed `beatwise live --headless` or `beatwise kiosk --headless`.

| what happens, and what comes of it | the application | its sensor alone |
|---|---|---|
{rows}"""


class BootFailed(Exception):
    """The guest did not get as far as the first scenario; ``str()`` says how far."""


async def run(image: Image, part: Part, found: Found) -> None:
    """Boot, and print and count one line a scenario. Raises BootFailed before the first one."""
    ready, ended = False, False
    limit = asyncio.timeout(READY_WITHIN_S)
    try:
        async with limit, booted(image, part.name, part.words) as reports:
            async for report in reports:
                limit.reschedule(asyncio.get_running_loop().time() + SILENT_AT_MOST_S)
                match report:
                    case {"ready": text}:
                        ready = True
                        found.machine = text
                        print(f"{part.name}: {text}", flush=True)
                    case {"note": text}:
                        print(f"{part.name}: note: {text}", flush=True)
                    case {"scenario": _}:
                        found.take(part.suite, report)
                    case {"end": True}:
                        ended = True
    except TimeoutError:
        pass
    if not ready:
        how = (
            f"was not ready within {READY_WITHIN_S:.0f} s" if limit.expired() else "ended too soon"
        )
        raise BootFailed(f"the virtual machine {part.name} {how}")
    if not ended:
        found.outcomes["failed"] += 1
        print(f"failed: the machine {part.name} ended or fell silent; see {LOG}", flush=True)


async def boot_and_run(image: Image, part: Part, found: Found) -> None:
    """Run the scenarios; a boot that goes wrong is repeated once, and it is said."""
    try:
        await run(image, part, found)
    except BootFailed as error:
        print(f"note: {error}; booting once more", flush=True)
        try:
            await run(image, part, found)
        except BootFailed as again:
            found.outcomes["failed"] += 1
            print(f"failed: {again}, twice; see {LOG}", flush=True)


async def run_all(image: Image, parts: Sequence[Part]) -> Found:
    """Run them at the same time."""
    task = asyncio.current_task()
    assert task is not None
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    found = Found()
    async with asyncio.TaskGroup() as running:
        for part in parts:
            running.create_task(boot_and_run(image, part, found))
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("scenarios", nargs="*", metavar="SCENARIO")
    parser.add_argument("--debian", default="trixie")
    parser.add_argument(
        "--suite", action="append", choices=sorted(SHARES), help="may be said twice"
    )
    parser.add_argument("--arch", default="amd64", choices=sorted(QEMU))
    arguments = parser.parse_args()
    try:
        require_machine(arguments.arch)
        CACHE.mkdir(exist_ok=True)
        with (CACHE / "lock").open("w") as lock:
            # Two runs at once would build the same image, and starve each other of processors.
            fcntl.flock(lock, fcntl.LOCK_EX)
            guest = cached_image("bench", arguments.debian, arguments.arch)
            install_app()
            venv()
            suites = arguments.suite or list(SHARES)
            found = asyncio.run(run_all(guest, parts(suites, arguments.scenarios)))
    except CannotRun as reason:
        print(f"skipped: {reason}")
        found = Found(outcomes=Counter(skipped=1))
    except (KeyboardInterrupt, asyncio.CancelledError):
        print("interrupted")
        return 130
    outcomes = found.outcomes
    print(", ".join(f"{outcomes[what]} {what}" for what in ("passed", "failed", "skipped")))
    if not outcomes["failed"] and not outcomes["skipped"] and sys.argv == sys.argv[:1]:
        write_section("bluetooth", found.section())
    return 1 if outcomes["failed"] else 0


if __name__ == "__main__":
    sys.exit(main())
