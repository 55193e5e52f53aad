"""What is near: whether there is an adapter to hear with, and the straps it hears.

bleak answers from what it remembers, and its memory outlives a bluetoothd that was killed. Whether
Bluetooth works at all is therefore asked of ``org.bluez`` itself.
"""

import asyncio
import unicodedata
from collections.abc import Awaitable, Callable, Collection, Coroutine, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, Protocol, TypeVar

from bleak import BleakAdapter, BleakClient, BleakScanner
from bleak.backends.device import BLEDevice
from bleak.backends.scanner import AdvertisementData
from bleak.exc import BleakError
from bleak.uuids import normalize_uuid_16
from dbus_fast import BusType, Message, MessageFlag, MessageType, unpack_variants
from dbus_fast.aio import MessageBus

HEART_RATE_SERVICE = normalize_uuid_16(0x180D)
LONGEST_NAME = 32
"""Characters of a strap's name worth showing."""

TROUBLE = (BleakError, OSError, EOFError, KeyError, AssertionError)
"""What bleak 3.1 raises when Bluetooth fails in mid-call. OSError (TimeoutError among it) and
EOFError come from the D-Bus socket; KeyError when an object it looks up has just been withdrawn
(adapter unplugged during service discovery), AssertionError when its own bus has."""

T = TypeVar("T")


async def within(limit_s: float, step: Coroutine[Any, Any, T], *, grace_s: float = 2.5) -> T:
    """The result of ``step``, or TimeoutError after ``limit_s``, whatever the step does then.

    ``asyncio.timeout`` is not enough: a cancelled ``connect()`` of bleak first waits, without
    limit, for bluetoothd to confirm a disconnect. Here a step that will not end is given up.
    A caller who is cancelled lets a step that is about to end do so: a scan cut while it starts
    would go on inside bluetoothd.
    """
    task = asyncio.create_task(step)
    task.add_done_callback(lambda ended: ended.cancelled() or ended.exception())
    try:
        await asyncio.wait({task}, timeout=limit_s)
    except asyncio.CancelledError:
        await asyncio.wait({task}, timeout=0.5)
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
class AdapterState:
    """Whether Bluetooth can be used, and how to say it."""

    state: Literal["ready", "off", "none", "no service"]
    words: str


READY = AdapterState("ready", "Bluetooth is ready")
OFF = AdapterState("off", "Bluetooth is off")
NONE = AdapterState("none", "no Bluetooth adapter")
NO_SERVICE = AdapterState("no service", "the Bluetooth service is not running")


async def adapter_state(*, adapters: Path = Path("/sys/class/bluetooth")) -> AdapterState:
    """Ask ``org.bluez``, without starting it, in less than a second.

    ``adapters`` is where the kernel lists its adapters: a machine that has none often runs no
    bluetoothd either, and then the adapter is what is missing.
    """
    try:
        objects = await within(0.8, _bluez_objects(), grace_s=0.1)
    except (OSError, EOFError):
        objects = None
    if objects is None:
        return NO_SERVICE if _kernel_has_one(adapters) else NONE
    found = [o["org.bluez.Adapter1"] for o in objects.values() if "org.bluez.Adapter1" in o]
    if not found:
        return NONE
    return READY if any(adapter.get("Powered") for adapter in found) else OFF


def _kernel_has_one(adapters: Path) -> bool:
    return any(adapters.glob("hci*"))


async def _bluez_objects() -> dict[str, dict[str, Any]] | None:
    """Everything bluetoothd publishes, by path and interface; None if it does not answer."""
    bus = MessageBus(bus_type=BusType.SYSTEM)
    try:
        await bus.connect()
        reply = await bus.call(
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
    if reply.message_type is not MessageType.METHOD_RETURN:
        return None
    objects: dict[str, dict[str, Any]] = unpack_variants(reply.body[0])
    return objects


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


@dataclass(eq=False)
class Radio:
    """What all listeners of a process share: one adapter, used by one at a time.

    Two scans or connects at once fail in bluetoothd, and the second listener must not take the
    first one's strap. A lock belongs to the event loop that first waited for it, so that a process
    with a second loop needs a second Radio.
    """

    client: Callable[[BLEDevice, Callable[[Any], None]], Client] = BleakClient
    scanner: Callable[[Callable[[BLEDevice, AdvertisementData], None], list[str]], Scanner] = (
        BleakScanner
    )
    adapter: Callable[[], Awaitable[Adapter]] = BleakAdapter.get
    state: Callable[[], Awaitable[AdapterState]] = adapter_state
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    """Held over scan and connect."""
    held: set[str] = field(default_factory=set)
    """Addresses of the straps that listeners of this process are linked to."""


RADIO = Radio()


@dataclass(frozen=True, slots=True)
class Strap:
    """A strap that is near, or linked to this machine already."""

    name: str | None
    """What it calls itself: untrusted, for :func:`display_name`."""
    address: str
    rssi_dbm: int | None
    """The strongest heard; None for one that is linked, which advertises no more."""
    connected: bool
    device: BLEDevice = field(repr=False, compare=False)
    """bleak's handle, to connect with; good until the next scan."""


def display_name(name: str | None, address: str | None = None) -> str:
    """A name from the air made fit for a screen.

    Control characters (escape sequences begin with one), invisible and direction-changing ones and
    line breaks become spaces, runs of spaces one, and what is longer than LONGEST_NAME is cut.
    Without a name it is the address.
    """
    shown = "".join(" " if unicodedata.category(c)[0] in "CZ" else c for c in name or "")
    shown = " ".join(shown.split())
    if len(shown) > LONGEST_NAME:
        shown = shown[: LONGEST_NAME - 1].rstrip() + "…"
    return shown or address or "a strap without a name"


def choose(straps: Iterable[Strap], address: str | None, held: Collection[str]) -> Strap | None:
    """The strap with ``address``, else the one heard loudest, of those nobody holds."""
    free = [
        strap
        for strap in straps
        if strap.address not in held
        and (address is None or strap.address.upper() == address.upper())
    ]
    return max(free, key=lambda strap: (strap.rssi_dbm or -128, strap.address), default=None)


async def linked(radio: Radio, *, call_s: float = 5.0) -> list[Strap]:
    """Straps that bluetoothd is linked to: they advertise no more, and no scan finds them.

    A program that was killed leaves its strap in this state.
    """
    adapter = await within(call_s, _get(radio))
    devices = await within(call_s, adapter.get_connected_devices([HEART_RATE_SERVICE]))
    return [Strap(device.name, device.address, None, True, device) for device in devices]


async def _get(radio: Radio) -> Adapter:
    return await radio.adapter()


async def scan(
    radio: Radio,
    seconds: float,
    *,
    until: Callable[[Strap], bool] = lambda _: False,
    linger_s: float = 0.0,
    call_s: float = 5.0,
) -> list[Strap]:
    """Straps that advertise, heard for ``seconds``, or for ``linger_s`` after the first ``until``.

    The caller holds ``radio.lock``. Always bounded: an adapter switched off and on ends a scan
    without a word.
    """
    heard: dict[str, Strap] = {}
    enough = asyncio.Event()

    def hear(device: BLEDevice, advertisement: AdvertisementData) -> None:
        before = heard.get(device.address)
        rssi_dbm = max(advertisement.rssi, before.rssi_dbm or -128 if before else -128)
        name = advertisement.local_name or device.name
        strap = Strap(name, device.address, rssi_dbm, False, device)
        heard[device.address] = strap
        if until(strap):
            enough.set()

    scanner = radio.scanner(hear, [HEART_RATE_SERVICE])
    try:
        await within(call_s, scanner.start())
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await enough.wait()
                await asyncio.sleep(linger_s)
    finally:
        with suppress(*TROUBLE):
            await within(call_s, scanner.stop())
    return list(heard.values())


class BluetoothUnavailable(OSError):
    """No scan is possible; ``str()`` says why in plain words."""


async def nearby(seconds: float, *, radio: Radio = RADIO) -> list[Strap]:
    """All straps near, the linked ones first, then by signal strength.

    Raises:
        BluetoothUnavailable: there is no adapter, it is off, or the service does not run.
    """
    state = await radio.state()
    if state.state != "ready":
        raise BluetoothUnavailable(state.words)
    try:
        async with radio.lock:
            straps = await linked(radio)
            known = {strap.address for strap in straps}
            straps += [s for s in await scan(radio, seconds) if s.address not in known]
    except TROUBLE as error:
        state = await radio.state()
        words = state.words if state.state != "ready" else f"the scan failed: {error}"
        raise BluetoothUnavailable(words) from error
    return sorted(straps, key=lambda s: (not s.connected, -(s.rssi_dbm or -128), s.address))
