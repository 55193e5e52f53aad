"""A Radio whose straps, links and failures are written down, for virtual time."""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from typing import Any

from bleak.backends.device import BLEDevice
from bleak.backends.scanner import AdvertisementData
from virtual_time import now_s

from sensors.events import HeartRateMeasurement, encode
from sensors.radio import NO_SERVICE, NONE, READY, AdapterState, Dongle, Radio

HANG = "hang"
"""Instead of an error: the call never returns, and ignores being cancelled, twice."""
Failure = Exception | str | None


def frame(k: int) -> bytes:
    return encode(HeartRateMeasurement(60, (800 + k,)))


@dataclass
class Link:
    """What the next client will see."""

    connect: Failure = None
    subscribe: Failure = None
    payloads: Sequence[bytes] = ()
    """Notified once a second, the first after a second."""
    times: int = 1
    """How often each is delivered."""
    drops: bool = True
    """Whether the link goes a second after the last payload; else it stays, silent."""
    disconnect: Failure = None
    battery: bytes | Failure = b"\x57"
    location: bytes | Failure = b"\x01"


async def meet(failure: Failure, takes_s: float = 0.0) -> None:
    """Take the time, then fail as told."""
    for _ in range(2 if failure == HANG else 0):
        with suppress(asyncio.CancelledError):
            await asyncio.Event().wait()
    if failure == HANG:
        await asyncio.Event().wait()  # the end of the loop must be able to end it
    await asyncio.sleep(takes_s)
    if isinstance(failure, Exception):
        raise failure


async def let_go() -> None:
    """End what was given up and still hangs, which the end of the loop alone does not."""
    for _ in range(3):
        for task in asyncio.all_tasks() - {asyncio.current_task()}:
            task.cancel()
        await asyncio.sleep(0)


@dataclass
class Script:
    """The world: links in order, and what scans hear. ``radio`` is what ``listen`` gets."""

    links: list[Link] = field(default_factory=list)
    air: dict[str, int] = field(default_factory=lambda: {"AA:AA": -60})
    """Address to RSSI in dBm of the straps that advertise."""
    linked: list[str] = field(default_factory=list)
    """Addresses that bluetoothd is linked to before the program starts."""
    names: dict[str, str] = field(default_factory=dict)
    """What straps call themselves, where it is not "Strap AA"."""
    polar: dict[str, bytes] = field(default_factory=dict)
    """Manufacturer data that they send with it."""
    adapters: dict[str, dict[str, int]] = field(default_factory=dict)
    """What each adapter hears, where there is not one that hears ``air``."""
    off: set[str] = field(default_factory=set)
    """Those of them that are switched off."""
    places: dict[str, int] = field(default_factory=dict)
    """How many links an adapter takes; what it says beyond is ``when_full``."""
    when_full: Failure = HANG
    connect_s: float = 0.0
    """What a connect takes."""
    otherwise: Callable[[str], Link] = lambda address: Link(drops=False)
    """The links after ``links``, by address."""
    state: AdapterState = READY
    scan_start: Failure = None
    scan_stop: Failure = None
    adapter: Failure = None
    log: list[tuple[float, str]] = field(default_factory=list)
    """What was done to the radio, with the time."""
    clients: list["ScriptedClient"] = field(default_factory=list)
    asked: int = 0
    """How often somebody wanted to know which adapters there are."""
    uses: list[tuple[str, str]] = field(default_factory=list)
    """Which adapter does what just now: "scan", or an address that it is connecting to."""
    scanning: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when a scan is about to start."""

    def __post_init__(self) -> None:
        self._addresses: dict[str, str] = {}
        self._pulled: dict[str, dict[str, int]] = {}
        self.radio = Radio(
            client=lambda device, gone: ScriptedClient(self, device, gone),
            scanner=lambda heard, _, adapter: ScriptedScanner(self, heard, adapter),
            adapter=self._get_adapter,
            state=self._state,
        )

    def note(self, what: str) -> None:
        self.log.append((round(now_s(), 3), what))

    def times(self, what: str) -> list[float]:
        return [at for at, done in self.log if done.startswith(what)]

    async def _state(self) -> AdapterState:
        self.asked += 1
        names = [] if self.state in (NONE, NO_SERVICE) else self.adapters or ["hci0"]
        return replace(
            self.state,
            adapters=tuple(
                Dongle(
                    name,
                    self._addresses.setdefault(name, f"AD:{name}"),
                    self.state == READY and name not in self.off,
                    frozenset(self.links_of(name)),
                )
                for name in names
            ),
        )

    def links_of(self, adapter: str) -> list[str]:
        """Addresses of the straps that it is linked to."""
        return [c.address for c in self.clients if c.is_connected and c.adapter == adapter]

    async def _get_adapter(self, adapter: str) -> "Script | Script.Idle":
        await meet(self.adapter)
        return self if adapter == "hci0" else self.Idle()

    async def get_connected_devices(self, service_uuids: list[str], /) -> list[BLEDevice]:
        return [BLEDevice(address, None, None) for address in self.linked]

    class Idle:
        """An adapter that was linked to nothing before the program started."""

        async def get_connected_devices(self, service_uuids: list[str], /) -> list[BLEDevice]:
            return []

    def pull(self, adapter: str) -> None:
        """Pull an adapter out: its links end."""
        self._pulled[adapter] = self.adapters.pop(adapter)
        self.state = READY if self.adapters else NONE
        for client in self.clients:
            if client.is_connected and client.adapter == adapter:
                client.drop()

    def plug(self, adapter: str, name: str | None = None) -> None:
        """Put it back, where it may get another name."""
        self.adapters[name or adapter] = self._pulled.pop(adapter)
        self._addresses[name or adapter] = self._addresses[adapter]
        self.state = READY

    @contextmanager
    def using(self, adapter: str, what: str) -> Iterator[None]:
        """While a scan runs or a connect is under way."""
        self.uses.append((adapter, what))
        try:
            yield
        finally:
            self.uses.remove((adapter, what))


class ScriptedScanner:
    def __init__(
        self,
        script: Script,
        heard: Callable[[BLEDevice, AdvertisementData], None],
        adapter: str,
    ) -> None:
        self._script, self._heard, self._adapter = script, heard, adapter
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        self._script.note("scan starts")
        self._script.scanning.set()
        self._script.uses.append((self._adapter, "scan"))
        await meet(self._script.scan_start)
        self._task = asyncio.create_task(self._advertise())

    async def stop(self) -> None:
        self._script.note("scan ends")
        self._script.uses.remove((self._adapter, "scan"))
        if self._task is not None:
            self._task.cancel()
        await meet(self._script.scan_stop)

    async def _advertise(self) -> None:
        while True:
            await asyncio.sleep(0.5)
            script = self._script
            near = script.adapters.get(self._adapter, {} if script.adapters else script.air)
            for address, rssi_dbm in near.items():
                name = script.names.get(address, f"Strap {address[:2]}")
                device = BLEDevice(address, name, self._adapter)
                said = {0x006B: script.polar[address]} if address in script.polar else {}
                self._heard(device, AdvertisementData(name, said, {}, [], None, rssi_dbm, ()))


class ScriptedClient:
    def __init__(self, script: Script, device: BLEDevice, gone: Callable[[Any], None]) -> None:
        self._script, self._gone = script, gone
        self.address = device.address
        self.adapter = device.details or "hci0"
        self.link = script.links.pop(0) if script.links else script.otherwise(device.address)
        self.is_connected = False
        self._task: asyncio.Task[None] | None = None
        script.clients.append(self)

    async def connect(self) -> None:
        self._script.note(f"connect {self.address}")
        script, adapter = self._script, self.adapter
        with script.using(adapter, self.address):
            if len(script.links_of(adapter)) >= script.places.get(adapter, 99):
                await meet(script.when_full)
            await meet(self.link.connect, script.connect_s)
        self.is_connected = True

    async def start_notify(self, _: str, callback: Callable[..., None], /) -> None:
        await meet(self.link.subscribe)
        self._task = asyncio.create_task(self._notify(callback))

    async def _notify(self, callback: Callable[..., None]) -> None:
        for payload in self.link.payloads:
            await asyncio.sleep(1)
            for _ in range(self.link.times):
                callback(None, bytearray(payload))
        if self.link.drops:
            await asyncio.sleep(1)
            self.drop()

    def drop(self) -> None:
        """The link ends, and no word of ours."""
        self.is_connected = False
        if self._task is not None:
            self._task.cancel()
        self._gone(self)

    async def read_gatt_char(self, characteristic: str, /) -> bytearray:
        value = self.link.battery if "2a19" in characteristic else self.link.location
        if isinstance(value, bytes):
            return bytearray(value)
        await meet(value)
        return bytearray()

    async def disconnect(self) -> None:
        self._script.note(f"disconnect {self.address}")
        if self._task is not None:
            self._task.cancel()
        if self.is_connected or self.link.disconnect is not None:
            with self._script.using(self.adapter, self.address):
                await meet(self.link.disconnect, 2.0)  # what bluetoothd takes
        self.is_connected = False
        self._script.note(f"left {self.address}")
