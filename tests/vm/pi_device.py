"""A device: an arm64 machine with systemd and a disk that lasts from one boot to the next."""

import asyncio
import json
import os
import signal
import subprocess
import tempfile
import time
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from image import CACHE, CHECKOUT, HERE, QEMU, Image, venv
from machine import CONSOLE, MACHINE, SECOND_SERIAL_PORT, listening, running

LOG = CACHE / "log" / "device"
MEMORY_MB = 512
"""As much as the smallest Pi has, a Zero 2 W."""
READY_WITHIN_S = 400.0


class NotAsExpected(AssertionError):
    """The device did something else; ``str()`` is what was done and what came of it."""


@dataclass(frozen=True, slots=True)
class Said:
    """What a program on the device said, and how it ended."""

    code: int | None
    """None: it had not ended when the time was over."""
    out: str
    err: str


class Line:
    """One JSON object a line, both ways."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer
        self._one_at_a_time = asyncio.Lock()

    @classmethod
    async def to(cls, socket: Path) -> "Line":
        """To whoever listens there."""
        return cls(*await asyncio.open_unix_connection(socket, limit=2**24))

    async def ask(self, **question: object) -> dict[str, Any]:
        """Say it and wait for the answer."""
        async with self._one_at_a_time:
            self._writer.write(json.dumps(question).encode() + b"\n")
            await self._writer.drain()
            return await self.hear()

    async def hear(self) -> dict[str, Any]:
        """The next line."""
        line = await self._reader.readline()
        if not line:
            raise NotAsExpected("the device hung up")
        heard: dict[str, Any] = json.loads(line)
        return heard


class Device:
    """The device while it is on: what it runs, what is seen on its screen, its straps."""

    def __init__(
        self, qemu: Process, pid_file: Path, agent: Line, monitor: Line, straps: Line
    ) -> None:
        self._qemu, self._pid_file = qemu, pid_file
        self._agent, self._monitor, self._straps = agent, monitor, straps

    async def run(self, *words: str, limit_s: float = 60.0) -> Said:
        """Run a program on it, as root."""
        answer = await self._agent.ask(run=words, limit_s=limit_s)
        return Said(answer["code"], answer["out"], answer["err"])

    async def sh(self, script: str, *, limit_s: float = 60.0) -> str:
        """What a shell script prints; raises NotAsExpected unless it ends well."""
        said = await self.run("bash", "-euc", script, limit_s=limit_s)
        if said.code != 0:
            raise NotAsExpected(f"{script}\nended with {said.code}:\n{said.out}{said.err}")
        return said.out

    async def strap(self, command: str, **arguments: object) -> Any:
        """One command to the bench beside it (bench.py)."""
        answer = await self._straps.ask(command=command, **arguments)
        if "error" in answer:
            raise NotAsExpected(f"the strap: {answer['error']}")
        return answer["ok"]

    async def picture(self, file: Path) -> None:
        """What its display shows, as a PNG."""
        await self._tell_qemu("screendump", filename=str(file), format="png")

    async def press(self, *keys: str) -> None:
        """Keys of a keyboard on it, together, by qemu's names."""
        pressed = [{"type": "qcode", "data": key} for key in keys]
        await self._tell_qemu("send-key", keys=pressed)

    async def cut_power(self) -> None:
        """Pull the plug: what it had not written is lost."""
        # The process we started only watches over it.
        os.kill(int(self._pid_file.read_text()), signal.SIGKILL)
        await self._qemu.wait()

    async def shut_down(self) -> None:
        """As a person would, and wait until it is off."""
        await self.run("systemctl", "--no-block", "poweroff")
        async with asyncio.timeout(120):
            await self._qemu.wait()

    async def _tell_qemu(self, command: str, **arguments: object) -> None:
        answer = await self._monitor.ask(execute=command, arguments=arguments)
        while "event" in answer:
            answer = await self._monitor.hear()
        if "error" in answer:
            raise NotAsExpected(f"qemu: {command}: {answer['error']}")


class Disk:
    """The device's card: a copy of the image, thrown away at the end."""

    def __init__(self, image: Image) -> None:
        self.image = image
        self.file = CACHE / "device.ext4"
        copy = ("cp", "--sparse=always", image.folder / "root.ext4", self.file)
        subprocess.run(copy, check=True)

    def __enter__(self) -> "Disk":
        return self

    def __exit__(self, *_: object) -> None:
        self.file.unlink(missing_ok=True)


@asynccontextmanager
async def switched_on(disk: Disk, name: str) -> AsyncIterator[tuple[Device, float]]:
    """The device from power-on to power-off, and how many seconds it took to obey."""
    LOG.mkdir(parents=True, exist_ok=True)
    async with AsyncExitStack() as stack:
        sockets = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="beatwise-vm-")))
        hci, control = sockets / "hci", sockets / "control"
        said = stack.enter_context((LOG / f"{name}-bench.log").open("wb"))
        bench = (venv() / "bin/python", HERE / "bench.py", hci, control)
        await stack.enter_async_context(running(*bench, stdout=said, stderr=said))
        await listening(control)
        said = stack.enter_context((LOG / f"{name}-qemu.log").open("wb"))
        began_s = time.monotonic()
        command = _qemu(disk, LOG / f"{name}-console.log", sockets)
        qemu = await stack.enter_async_context(running(*command, stdout=PIPE, stderr=said))
        async with asyncio.timeout(READY_WITHIN_S):
            await listening(sockets / "monitor")
            monitor, agent = [await Line.to(sockets / name) for name in ("monitor", "agent")]
            await monitor.hear()
            await monitor.ask(execute="qmp_capabilities")
            straps = await Line.to(control)
            await straps.ask(command="plug")
            await agent.hear()
        ready_s = time.monotonic() - began_s
        yield Device(qemu, sockets / "pid", agent, monitor, straps), ready_s


def _qemu(disk: Disk, console: Path, sockets: Path) -> tuple[str, ...]:
    arch = disk.image.arch
    readonly = "security_model=none,readonly=on,multidevs=remap"
    return (
        *(QEMU[arch], "-accel", "tcg,thread=multi", "-smp", "2", "-m", str(MEMORY_MB)),
        *("-nodefaults", "-no-reboot", "-display", "none", "-nic", "none"),
        *("-pidfile", str(sockets / "pid")),
        *(*MACHINE[arch], "-serial", f"file:{console}"),
        *("-chardev", f"socket,id=hci,path={sockets / 'hci'}"),
        *("-device", f"{SECOND_SERIAL_PORT[arch]},chardev=hci"),
        *("-drive", f"file={disk.file},format=raw,if=none,id=disk,cache=writeback"),
        *("-device", "virtio-blk-pci,drive=disk", "-device", "virtio-rng-pci"),
        *("-device", "virtio-gpu-pci", "-device", "virtio-keyboard-pci"),
        *("-virtfs", f"local,path={CHECKOUT},mount_tag=checkout,{readonly}"),
        *("-device", "virtio-serial-pci"),
        *("-chardev", f"socket,id=agent,path={sockets / 'agent'},server=on,wait=off"),
        *("-device", "virtserialport,chardev=agent,name=agent"),
        *("-qmp", f"unix:{sockets / 'monitor'},server=on,wait=off"),
        *("-kernel", str(disk.image.folder / "vmlinuz")),
        *("-initrd", str(disk.image.folder / "initrd.gz"), "-append"),
        # What the kernel does not know becomes the environment of the first process: FIRST.
        (
            f"console={CONSOLE[arch]} quiet loglevel=4 panic=-1 mitigations=off FIRST=/sbin/init"
            " systemd.journald.forward_to_console=1 systemd.show_status=0"
        ),
    )
