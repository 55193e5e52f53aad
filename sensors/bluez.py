"""What is used of bleak and BlueZ, which adapters there are, and whether they work.

bleak answers from what it remembers, and its memory outlives a bluetoothd that was killed. Whether
Bluetooth works at all is therefore asked of ``org.bluez`` itself.
"""

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal, Protocol, TypeVar

from bleak import BleakAdapter, BleakScanner
from bleak.backends.device import BLEDevice
from bleak.backends.scanner import AdvertisementData
from bleak.exc import BleakError
from dbus_fast import BusType, Message, MessageFlag, MessageType, unpack_variants
from dbus_fast.aio import MessageBus
from dbus_fast.errors import AuthError, InvalidAddressError

TROUBLE = (BleakError, OSError, EOFError, KeyError, AssertionError)
"""What bleak 3.1 raises when Bluetooth fails in mid-call. OSError (TimeoutError among it) and
EOFError come from the D-Bus socket; KeyError when an object it looks up has just been withdrawn
(adapter unplugged during service discovery), AssertionError when its own bus has."""

T = TypeVar("T")


async def within(
    limit_s: float, step: Coroutine[Any, Any, T], *, finish_s: float = 0.5, grace_s: float = 2.5
) -> T:
    """The result of ``step``, or TimeoutError after ``limit_s``, whatever the step does then.

    ``asyncio.timeout`` is not enough: a cancelled ``connect()`` of bleak first waits, without
    limit, for bluetoothd to confirm a disconnect. Here a cancelled step that has not ended after
    twice ``grace_s`` is given up. A caller who is cancelled lets the step go on for ``finish_s``:
    a scan cut while it starts would go on inside bluetoothd.
    """
    task = asyncio.create_task(step)
    task.add_done_callback(lambda ended: ended.cancelled() or ended.exception())
    try:
        await asyncio.wait({task}, timeout=limit_s)
    except asyncio.CancelledError:
        await asyncio.wait({task}, timeout=finish_s)
        raise
    finally:
        for _ in range(2):
            if not task.done():
                task.cancel()
                await asyncio.wait({task}, timeout=grace_s)
    if not task.done() or task.cancelled():
        raise TimeoutError(f"no answer within {limit_s:g} s")
    return task.result()


@dataclass(frozen=True, slots=True)
class Dongle:
    """An adapter as bluetoothd lists it: the board's own, or one in a USB socket."""

    name: str
    """What the kernel calls it: "hci0"."""
    address: str
    powered: bool
    linked: frozenset[str] = frozenset()
    """Addresses of all devices it is linked to, by whatever program."""

    def __str__(self) -> str:
        links = f", linked to {len(self.linked)}" if self.linked else ""
        return f"{self.name} {self.address} {'on' if self.powered else 'off'}{links}"


@dataclass(frozen=True, slots=True)
class AdapterState:
    """Whether Bluetooth can be used, and how to say it."""

    state: Literal["ready", "off", "none", "no service"]
    words: str
    adapters: tuple[Dongle, ...] = field(default=(), compare=False)
    """All there are, on or off, by name."""


READY = AdapterState("ready", "Bluetooth is ready")
OFF = AdapterState("off", "Bluetooth is off")
NONE = AdapterState("none", "no Bluetooth adapter")
NO_SERVICE = AdapterState("no service", "the Bluetooth service is not running")
NO_ANSWER = AdapterState("no service", "the Bluetooth service does not answer")
DENIED = AdapterState(
    "no service", "no permission to use Bluetooth: add this user to the group bluetooth"
)


async def adapter_state(
    *, limit_s: float = 0.8, adapters: Path = Path("/sys/class/bluetooth")
) -> AdapterState:
    """Ask ``org.bluez`` whether there is an adapter and whether it is on, without starting it.

    ``adapters`` is where the kernel lists its adapters: a machine that has none often runs no
    bluetoothd either, and then the adapter is what is missing.
    """
    try:
        reply = await within(limit_s, _ask_bluez(), grace_s=0.1)
    except TimeoutError:
        return NO_ANSWER
    except (OSError, EOFError, AuthError, InvalidAddressError):  # no D-Bus at all
        reply = None
    if reply is not None and reply.error_name == "org.freedesktop.DBus.Error.AccessDenied":
        return DENIED
    if reply is None or reply.message_type is not MessageType.METHOD_RETURN:
        return NO_SERVICE if _kernel_has_one(adapters) else NONE
    found = _adapters(unpack_variants(reply.body[0]))
    if not found:
        return NONE
    return replace(READY if any(each.powered for each in found) else OFF, adapters=found)


def _adapters(objects: Mapping[str, Mapping[str, Mapping[str, Any]]]) -> tuple[Dongle, ...]:
    devices = [
        each["org.bluez.Device1"] for each in objects.values() if "org.bluez.Device1" in each
    ]
    found = []
    for path, interfaces in sorted(objects.items()):
        adapter = interfaces.get("org.bluez.Adapter1")
        if adapter is None or "central" not in adapter.get("Roles", ("central",)):
            continue
        linked = frozenset(
            device["Address"]
            for device in devices
            if device.get("Connected") and device.get("Adapter") == path
        )
        name = path.rpartition("/")[2]
        found.append(Dongle(name, adapter.get("Address", ""), bool(adapter.get("Powered")), linked))
    return tuple(found)


def _kernel_has_one(adapters: Path) -> bool:
    return any(adapters.glob("hci*"))


async def _ask_bluez() -> Message:
    """The reply of bluetoothd, or an error's, to the question what objects it has."""
    bus = MessageBus(bus_type=BusType.SYSTEM)
    try:
        await bus.connect()
        return await bus.call(
            Message(
                destination="org.bluez",
                path="/",
                interface="org.freedesktop.DBus.ObjectManager",
                member="GetManagedObjects",
                # Starting bluetoothd where there is no adapter can take D-Bus 25 s.
                flags=MessageFlag.NO_AUTOSTART,
            )
        )
    finally:
        bus.disconnect()


class Client(Protocol):
    """What :class:`bleak.BleakClient` is used for."""

    async def connect(self) -> None:
        """Link, and find the services."""

    async def disconnect(self) -> None:
        """Drop the link, and the D-Bus connection that subscribed to it."""

    async def start_notify(self, char_specifier: str, callback: Callable[..., None], /) -> None:
        """Call ``callback(characteristic, payload)`` for each notification."""

    async def read_gatt_char(self, char_specifier: str, /) -> bytearray:
        """Read a characteristic's value."""


class Scanner(Protocol):
    """What :class:`bleak.BleakScanner` is used for."""

    async def start(self) -> None:
        """Begin to hear advertisements."""

    async def stop(self) -> None:
        """End it."""


class Adapter(Protocol):
    """What :class:`bleak.BleakAdapter` is used for."""

    async def get_connected_devices(self, service_uuids: list[str], /) -> list[BLEDevice]:
        """Devices that bluetoothd has a link to and that offer one of the services."""


Hear = Callable[[BLEDevice, AdvertisementData], None]


def bleak_scanner(hear: Hear, service_uuids: list[str], adapter: str) -> Scanner:
    """A scanner on one adapter."""
    return BleakScanner(hear, service_uuids, bluez={"adapter": adapter})


async def bleak_adapter(adapter: str) -> Adapter:
    """bleak's view of one adapter."""
    return await BleakAdapter.get(bluez={"adapter": adapter})
