"""`make test-bluetooth`: the Bluetooth scenarios against the real bluetoothd, in a virtual machine.

    run.py [--suite trixie] [--arch amd64] [SCENARIO ...]

Skips, saying why, where the machine cannot. Exit code 1 if a scenario failed.
"""

import argparse
import asyncio
import fcntl
import signal
import sys
import textwrap
from collections import Counter
from collections.abc import Sequence

from image import CACHE, QEMU, CannotRun, Image, cached_image, require_machine, venv
from machine import LOG, booted

READY_WITHIN_S = 180.0
SILENT_AT_MOST_S = 240.0
"""Longer than any scenario may take."""


class BootFailed(Exception):
    """The guest did not get as far as the first scenario; ``str()`` says how far."""


async def run(image: Image, scenarios: Sequence[str], outcomes: Counter[str]) -> None:
    """Boot, and print and count one line a scenario. Raises BootFailed before the first one."""
    ready, ended = False, False
    limit = asyncio.timeout(READY_WITHIN_S)
    try:
        async with limit, booted(image, scenarios) as reports:
            async for report in reports:
                limit.reschedule(asyncio.get_running_loop().time() + SILENT_AT_MOST_S)
                match report:
                    case {"ready": text}:
                        ready = True
                        print(text, flush=True)
                    case {"note": text}:
                        print(f"note: {text}", flush=True)
                    case {"scenario": name, "outcome": outcome, "seconds": seconds, "why": why}:
                        outcomes[outcome] += 1
                        print(f"{outcome} {seconds:6.1f} s  {name}", flush=True)
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
        raise BootFailed(f"the virtual machine {how}")
    if not ended:
        outcomes["failed"] += 1
        print(f"failed: the virtual machine ended or fell silent; see {LOG}", flush=True)


async def boot_and_run(image: Image, scenarios: Sequence[str]) -> Counter[str]:
    """Run the scenarios; a boot that goes wrong is repeated once, and it is said."""
    task = asyncio.current_task()
    assert task is not None
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    outcomes: Counter[str] = Counter()
    try:
        await run(image, scenarios, outcomes)
    except BootFailed as error:
        print(f"note: {error}; booting once more", flush=True)
        try:
            await run(image, scenarios, outcomes)
        except BootFailed as again:
            outcomes["failed"] += 1
            print(f"failed: {again}, twice; see {LOG}", flush=True)
    return outcomes


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("scenarios", nargs="*", metavar="SCENARIO")
    parser.add_argument("--suite", default="trixie")
    parser.add_argument("--arch", default="amd64", choices=sorted(QEMU))
    arguments = parser.parse_args()
    try:
        require_machine(arguments.arch)
        CACHE.mkdir(exist_ok=True)
        with (CACHE / "lock").open("w") as lock:
            # Two runs at once would build the same image, and starve each other of processors.
            fcntl.flock(lock, fcntl.LOCK_EX)
            guest = cached_image(arguments.suite, arguments.arch)
            venv()
            outcomes = asyncio.run(boot_and_run(guest, arguments.scenarios))
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
