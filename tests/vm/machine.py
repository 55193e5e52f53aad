"""One boot: a strap here, a guest there, a serial line between; and what the guest reports."""

import asyncio
import json
import tempfile
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import IO, Any

from image import CACHE, CHECKOUT, HERE, QEMU, Image, venv

LOG = CACHE / "log"
"""Of the last boot, in a folder for each machine: console.log (kernel, bluetoothd and scenarios),
bench.log (the straps) and qemu.log."""
LIMIT_S = 3600
"""No boot is longer: `timeout` sees to it, should we hang."""

MACHINE = {
    # A Pi 4 is a cortex-a72. The second serial port of each, after the console, is for HCI.
    "amd64": ("-machine", "pc", "-cpu", "max"),
    "arm64": ("-machine", "virt", "-cpu", "cortex-a72"),
}
SECOND_SERIAL_PORT = {"amd64": "isa-serial", "arm64": "pci-serial"}
CONSOLE = {"amd64": "ttyS0", "arm64": "ttyAMA0"}


@asynccontextmanager
async def booted(
    image: Image, name: str, words: str
) -> AsyncIterator[AsyncIterator[dict[str, Any]]]:
    """A guest told these words (guest.py knows them): its reports, until it is off."""
    log = LOG / name
    log.mkdir(parents=True, exist_ok=True)
    async with AsyncExitStack() as stack:
        # Not in the checkout: the path of a Unix socket has room for 107 characters.
        sockets = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="beatwise-vm-")))
        hci, control = sockets / "hci", sockets / "control"
        said = stack.enter_context((log / "bench.log").open("wb"))
        bench = (venv() / "bin/python", HERE / "bench.py", hci, control)
        await stack.enter_async_context(running(*bench, stdout=said, stderr=said))
        await listening(control)
        said = stack.enter_context((log / "qemu.log").open("wb"))
        command = _qemu(image, hci, control, log / "console.log", words)
        qemu = await stack.enter_async_context(running(*command, stdout=PIPE, stderr=said))
        yield _reports(qemu)


async def _reports(qemu: Process) -> AsyncIterator[dict[str, Any]]:
    assert qemu.stdout is not None
    while line := await qemu.stdout.readline():
        yield json.loads(line)
    await qemu.wait()  # it hangs up a moment before it ends


def _qemu(image: Image, hci: Path, control: Path, console: Path, words: str) -> tuple[str, ...]:
    disk, kernel, initrd = (image.folder / n for n in ("root.ext4", "vmlinuz", "initrd.gz"))
    shared = "mount_tag=checkout,security_model=none,readonly=on,multidevs=remap"
    return (
        *(QEMU[image.arch], "-accel", "tcg,thread=multi", "-smp", "2", "-m", "1024"),
        *("-nodefaults", "-no-reboot", "-display", "none", "-nic", "none"),
        *(*MACHINE[image.arch], "-serial", f"file:{console}"),
        *("-chardev", f"socket,id=hci,path={hci}"),
        *("-device", f"{SECOND_SERIAL_PORT[image.arch]},chardev=hci"),
        # The disk is a snapshot: whatever the guest does to it is forgotten.
        *("-drive", f"file={disk},format=raw,if=none,id=disk,snapshot=on"),
        *("-device", "virtio-blk-pci,drive=disk", "-device", "virtio-rng-pci"),
        *("-virtfs", f"local,path={CHECKOUT},{shared}"),
        *("-device", "virtio-serial-pci"),
        *("-chardev", "stdio,id=report,signal=off"),
        *("-device", "virtserialport,chardev=report,name=report"),
        *("-chardev", f"socket,id=control,path={control}"),
        *("-device", "virtserialport,chardev=control,name=control"),
        *("-kernel", str(kernel), "-initrd", str(initrd), "-append"),
        # What the kernel does not know becomes its first process' environment: our words.
        f"console={CONSOLE[image.arch]} quiet loglevel=4 panic=-1 mitigations=off {words}",
    )


async def listening(socket: Path) -> None:
    """Wait until somebody does; that the socket exists is not enough."""
    while True:
        try:
            _, writer = await asyncio.open_unix_connection(socket)
        except (FileNotFoundError, ConnectionRefusedError):
            await asyncio.sleep(0.05)
        else:
            writer.close()
            return


@asynccontextmanager
async def running(
    *command: str | Path, stdout: int | IO[bytes], stderr: IO[bytes]
) -> AsyncIterator[Process]:
    """The command, ended on the way out, however that is."""
    process = await asyncio.create_subprocess_exec(
        # Whatever kills us, even SIGKILL, ends it too.
        *("setpriv", "--pdeathsig", "TERM"),
        *("timeout", "--kill-after=5", str(LIMIT_S), *command),
        # Open, though nothing is ever written: at its end qemu would hang up the report's port.
        stdin=PIPE,
        stdout=stdout,
        stderr=stderr,
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()
