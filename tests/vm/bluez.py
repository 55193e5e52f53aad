"""In the guest: bluetoothd, the adapter on the UART, and what the tests steer of BlueZ."""

import asyncio
import contextlib
import platform
import sys
from asyncio.subprocess import Process
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, Literal

from dbus_fast import BusType, Message, MessageType, Variant
from dbus_fast.aio import MessageBus

BLUETOOTHD = "/usr/libexec/bluetooth/bluetoothd"
# The console is the first serial port on a PC, and no 16550 at all on arm64.
UART = "/dev/ttyS0" if platform.machine() == "aarch64" else "/dev/ttyS1"
ADAPTER = "/org/bluez/hci0"

ATTEMPTS = 4
POWERED_WITHIN_S = 12.0
"""An adapter is up 1 to 3 s after it was attached; the kernel waits 10 s for a lost Reset."""


class NoAdapter(RuntimeError):
    """The adapter did not come up; the virtual machine is no use."""


class Bluez:
    """One bluetoothd and one adapter, which can be started, broken and repaired."""

    def __init__(self, bus: MessageBus, note: Callable[[str], None]) -> None:
        self._bus = bus
        self._note = note
        self._bluetoothd: Process | None = None
        self._btattach: Process | None = None

    @classmethod
    async def connect(cls, note: Callable[[str], None]) -> "Bluez":
        """Reach the system bus; ``note`` is told what a person should know."""
        return cls(await MessageBus(bus_type=BusType.SYSTEM).connect(), note)

    # --- the daemon ------------------------------------------------------------------------------

    async def start(self) -> None:
        """Start bluetoothd unless it runs, and wait until it answers."""
        if self._bluetoothd is None:
            # Its words go to the console, hence to the log on the host.
            self._bluetoothd = await asyncio.create_subprocess_exec(
                BLUETOOTHD, "--nodetach", stdout=sys.stdout, stderr=sys.stdout
            )
        await eventually(self._answers, within_s=30, what="bluetoothd to answer")

    async def stop(self, how: Literal["term", "kill"]) -> None:
        """End bluetoothd in good order, or at once."""
        if self._bluetoothd is None:
            return
        if how == "term":
            self._bluetoothd.terminate()
        else:
            self._bluetoothd.kill()
        await self._bluetoothd.wait()
        self._bluetoothd = None

    # --- the adapter -----------------------------------------------------------------------------

    @property
    def attached(self) -> bool:
        return self._btattach is not None and self._btattach.returncode is None

    async def attach(self, plug: Callable[[], Awaitable[object]]) -> None:
        """Give the kernel an adapter and wait until it is powered; ``plug`` readies its far end.

        About one attach in 25 loses its first HCI Reset on the way (the kernel says "Opcode 0x0c03
        failed: -110"), hence the further attempts. Raises NoAdapter.
        """
        for attempt in range(1, ATTEMPTS + 1):
            await self.detach()
            await plug()
            self._btattach = await asyncio.create_subprocess_exec(
                *("btattach", "--bredr", UART, "--protocol", "h4"),
                stdout=asyncio.subprocess.DEVNULL,
            )
            with contextlib.suppress(TimeoutError):
                await self.power(True)
                return
            self._note(f"attempt {attempt} to attach the adapter failed")
        raise NoAdapter(f"the adapter did not come up in {ATTEMPTS} attempts")

    async def detach(self) -> None:
        """Pull the adapter out: hci0 is gone when this returns."""
        if self._btattach is not None:
            with contextlib.suppress(ProcessLookupError):
                self._btattach.terminate()
            await self._btattach.wait()
            self._btattach = None
        await eventually(
            lambda: asyncio.sleep(0, not Path("/sys/class/bluetooth/hci0").exists()),
            within_s=30,
            what="hci0 to vanish",
        )

    async def power(self, on: bool) -> None:
        """Set Powered as soon as there is an adapter, and wait until it is.

        An adapter that is being powered already (bluetoothd does so to a new one) refuses: asked
        again. Raises TimeoutError.
        """

        async def set_powered() -> bool:
            await self._call(
                *(ADAPTER, "org.freedesktop.DBus.Properties", "Set"),
                *("ssv", ["org.bluez.Adapter1", "Powered", Variant("b", on)]),
            )
            return await self.powered() is on

        await eventually(set_powered, within_s=POWERED_WITHIN_S, what=f"Powered to be {on}")

    async def powered(self) -> bool | None:
        """The adapter's Powered; None where there is no adapter or no bluetoothd."""
        adapter = (await self._objects()).get(ADAPTER, {}).get("org.bluez.Adapter1")
        return None if adapter is None else adapter["Powered"].value

    async def forget_devices(self) -> None:
        """Remove every device BlueZ knows; a linked one is disconnected by that."""
        for path, interfaces in (await self._objects()).items():
            if "org.bluez.Device1" in interfaces:
                await self._call(ADAPTER, "org.bluez.Adapter1", "RemoveDevice", "o", [path])

    # --- D-Bus -----------------------------------------------------------------------------------

    async def _answers(self) -> bool:
        return "/org/bluez" in await self._objects()

    async def _objects(self) -> dict[str, dict[str, dict[str, Variant]]]:
        reply = await self._call(
            "/", "org.freedesktop.DBus.ObjectManager", "GetManagedObjects", "", []
        )
        return reply[0] if reply else {}

    async def _call(
        self, path: str, interface: str, member: str, signature: str, body: list[Any]
    ) -> list[Any] | None:
        """Call org.bluez; None when it answers with an error, as it may in every broken state."""
        reply = await self._bus.call(
            Message(
                destination="org.bluez",
                path=path,
                interface=interface,
                member=member,
                signature=signature,
                body=body,
            )
        )
        if reply is None or reply.message_type is MessageType.ERROR:
            return None
        return reply.body


async def eventually(holds: Callable[[], Awaitable[object]], *, within_s: float, what: str) -> None:
    """Poll until it holds. Raises TimeoutError saying what was waited for."""
    try:
        async with asyncio.timeout(within_s):
            while True:
                if await holds():
                    return
                await asyncio.sleep(0.1)
    except TimeoutError:
        raise TimeoutError(f"waited {within_s:.0f} s for {what}") from None
