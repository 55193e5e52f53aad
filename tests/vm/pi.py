"""`make test-pi`: from a fresh system to a device that measures, on an emulated arm64 machine.

    pi.py

An arm64 Debian trixie with systemd, 512 MB and a display is booted; `install.sh --offline` installs
what `deploy/bundle.py` bundled; the steps (pi_steps.py) then use the device as people do, and pull
its plug. Skips, saying why, where this machine cannot. Exit code 1 if a step failed. What it cost
in time and memory is written into docs/RELIABILITY.md.
"""

import asyncio
import fcntl
import signal
import subprocess
import sys
import textwrap
import time
import traceback
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from image import CACHE, CHECKOUT, CannotRun, cached_image, require_machine, venv
from pi_device import LOG, Disk, NotAsExpected, switched_on
from pi_proof import Proof
from pi_steps import BOOTS, ESSENTIAL, Step

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from reliability import write_section

STEP_LIMIT_S = 1800.0
"""Ten times what the longest takes where nothing else runs."""


def make_bundle() -> Path:
    """The folder that a USB stick would hold, seen from this machine."""
    out = CACHE / "bundle"
    words = ("--machine", "aarch64", "--python", "3.13", "--out", out)
    subprocess.run(
        [sys.executable, CHECKOUT / "deploy/bundle.py", *words],
        check=True,
        stdout=subprocess.DEVNULL,
    )
    (bundle,) = (path for path in out.iterdir() if path.is_dir())
    return bundle


async def attempt(step: Step, proof: Proof) -> bool:
    """Take a step, and print how it went."""
    began_s = time.monotonic()
    why = ""
    try:
        async with asyncio.timeout(STEP_LIMIT_S):
            await step(proof)
    except (NotAsExpected, AssertionError, ConnectionError) as error:
        why = str(error) or traceback.format_exc()
    except TimeoutError:
        why = f"not done within {STEP_LIMIT_S:.0f} s:\n{traceback.format_exc()}"
    print(
        f"{'failed' if why else 'passed'} {time.monotonic() - began_s:6.1f} s  {step.__name__}",
        flush=True,
    )
    if why:
        print(textwrap.indent(why.rstrip(), "    "), flush=True)
    return not why


async def prove(disk: Disk, proof: Proof) -> Counter[str]:
    """Boot after boot, step after step."""
    task = asyncio.current_task()
    assert task is not None
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    outcomes: Counter[str] = Counter()
    for name, steps in BOOTS.items():
        async with switched_on(disk, name) as (device, ready_s):
            print(f"{name}: the device obeys after {ready_s:.0f} s", flush=True)
            proof.device = device
            for step in steps:
                passed = await attempt(step, proof)
                outcomes["passed" if passed else "failed"] += 1
                if not passed and step in ESSENTIAL:
                    break
            if outcomes["failed"]:
                await proof.tell_what_it_logged()
                print(f"its logs: {LOG}", flush=True)
        if outcomes["failed"]:
            break
    return outcomes


def main() -> int:
    """Prove it, or say why not."""
    try:
        require_machine("arm64")
        CACHE.mkdir(exist_ok=True)
        with (CACHE / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            with ThreadPoolExecutor() as beside:
                bundle = beside.submit(make_bundle)
                image = cached_image("device", "trixie", "arm64")
                venv()
                proof = Proof(bundle.result())
            with Disk(image) as disk:
                outcomes = asyncio.run(prove(disk, proof))
    except CannotRun as reason:
        print(f"skipped: {reason}")
        outcomes = Counter(skipped=1)
    except (KeyboardInterrupt, asyncio.CancelledError):
        print("interrupted")
        return 130
    else:
        if not outcomes["failed"]:
            write_section("arm64", proof.report())
    print(", ".join(f"{outcomes[what]} {what}" for what in ("passed", "failed", "skipped")))
    return 1 if outcomes["failed"] else 0


if __name__ == "__main__":
    sys.exit(main())
