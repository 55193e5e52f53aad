"""`make test-bluetooth`: the Bluetooth scenarios against the real bluetoothd, in a virtual machine.

    run.py [--debian trixie] [--arch amd64] [--suite listen] [--suite app] [SCENARIO ...]

Two suites: `listen`, the sensor alone, and `app`, the installed application, which has two machines
to share it. All run at the same time, because they wait more than they compute. Skips, saying why,
where this machine cannot. Exit code 1 if a scenario failed.
"""

import argparse
import asyncio
import fcntl
import signal
import sys
import textwrap
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from image import CACHE, QEMU, CannotRun, Image, cached_image, install_app, require_machine, venv
from machine import LOG, booted

SHARES = {"listen": 1, "app": 2}
"""Machines of each suite."""
READY_WITHIN_S = 180.0
SILENT_AT_MOST_S = 240.0
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


class BootFailed(Exception):
    """The guest did not get as far as the first scenario; ``str()`` says how far."""


async def run(image: Image, part: Part, outcomes: Counter[str]) -> None:
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
                        print(f"{part.name}: {text}", flush=True)
                    case {"note": text}:
                        print(f"{part.name}: note: {text}", flush=True)
                    case {"scenario": name, "outcome": outcome, "seconds": seconds, "why": why}:
                        outcomes[outcome] += 1
                        print(f"{outcome} {seconds:6.1f} s  {part.suite}: {name}", flush=True)
                        if why:
                            print(textwrap.indent(why.rstrip(), "    "), flush=True)
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
        outcomes["failed"] += 1
        print(f"failed: the machine {part.name} ended or fell silent; see {LOG}", flush=True)


async def boot_and_run(image: Image, part: Part, outcomes: Counter[str]) -> None:
    """Run the scenarios; a boot that goes wrong is repeated once, and it is said."""
    try:
        await run(image, part, outcomes)
    except BootFailed as error:
        print(f"note: {error}; booting once more", flush=True)
        try:
            await run(image, part, outcomes)
        except BootFailed as again:
            outcomes["failed"] += 1
            print(f"failed: {again}, twice; see {LOG}", flush=True)


async def run_all(image: Image, parts: Sequence[Part]) -> Counter[str]:
    """Run them at the same time; how many scenarios passed and failed."""
    task = asyncio.current_task()
    assert task is not None
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    outcomes: Counter[str] = Counter()
    async with asyncio.TaskGroup() as running:
        for part in parts:
            running.create_task(boot_and_run(image, part, outcomes))
    return outcomes


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
            outcomes = asyncio.run(run_all(guest, parts(suites, arguments.scenarios)))
    except CannotRun as reason:
        print(f"skipped: {reason}")
        outcomes = Counter(skipped=1)
    except (KeyboardInterrupt, asyncio.CancelledError):
        print("interrupted")
        return 130
    print(", ".join(f"{outcomes[what]} {what}" for what in ("passed", "failed", "skipped")))
    return 1 if outcomes["failed"] else 0


if __name__ == "__main__":
    sys.exit(main())
