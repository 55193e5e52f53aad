"""A stand-in for bluetoothd: ``org.bluez`` on a private dbus-daemon, for unmodified bleak.

It imitates what D-Bus clients see of BlueZ 5.82 (as traced in a virtual machine, where the same
scenarios run against the real one), and it can be made to fail. Messages are handled raw, because
BlueZ publishes and withdraws single properties and objects at run time.
"""

import asyncio
from contextlib import suppress
from typing import Any

from bluez_objects import CHARACTERISTIC, DEVICE, OBJECTS, PROPERTIES, Objects, properties
from bluez_strap import HCI0, HCI1, Strap
from dbus_fast import Message, MessageType
from dbus_fast.aio import MessageBus

ADAPTER = "org.bluez.Adapter1"


class DBusError(Exception):
    """The error name and its text, as a reply."""


class Bluetoothd:
    """The daemon. ``start`` and ``stop`` may be called again and again, like the real one's."""

    def __init__(
        self, bus_address: str, straps: list[Strap], *, period_s: float, advertise_s: float
    ) -> None:
        self.straps = straps
        self.period_s = period_s
        self.advertise_s = advertise_s
        self.disconnect_s = 0.1
        self.refuse: dict[str, list[tuple[str, str]]] = {}
        """Errors to answer the next calls of a method with: name and text."""
        self.hang: set[str] = set()
        """Methods that are never answered."""
        self.forgets_after_failure = True
        """BlueZ 5.82 withdraws a device whose connect was aborted; 5.66 keeps it."""
        self._address = bus_address
        self._objects = Objects()
        self._subscribers: dict[str, set[str]] = {}
        """Characteristic path to D-Bus clients; like BlueZ's it outlives the link."""
        self.places: dict[str, int] = {}
        """How many links an adapter takes; what it answers beyond is ``when_full``."""
        self.when_full = ("org.bluez.Error.Failed", "le-connection-concurrent-connection-limit")
        self._scanners: set[tuple[str, str]] = set()
        """Adapter and D-Bus client."""
        self._connecting: dict[str, asyncio.Future[None]] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    # Its life.

    async def start(self) -> None:
        bus = self._objects.bus = await MessageBus(bus_address=self._address).connect()
        bus.add_message_handler(self._receive)
        await bus.call(
            Message(
                destination="org.freedesktop.DBus",
                path="/org/freedesktop/DBus",
                interface="org.freedesktop.DBus",
                member="AddMatch",
                signature="s",
                body=["type='signal',member='NameOwnerChanged'"],
            )
        )
        await bus.request_name("org.bluez")
        self.plug()
        self._spawn(self._air())
        self._spawn(self._beat())

    async def stop(self, *, killed: bool = False) -> None:
        """SIGTERM powers off and withdraws everything first; SIGKILL leaves no word."""
        if (bus := self._objects.bus) is None:
            return
        if not killed:
            for adapter in (HCI0, HCI1):
                self.power(False, adapter)
                self.unplug(adapter)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for strap in self.straps:
            strap.linked = strap.subscribed = False
        self._objects.bus = None
        for remembered in (self._objects.tree, self._subscribers, self._scanners, self._connecting):
            remembered.clear()
        bus.disconnect()
        with suppress(EOFError, OSError):  # the dbus-daemon went first
            await bus.wait_for_disconnect()  # type: ignore[no-untyped-call]

    def _spawn(self, work: Any) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    # What befalls it.

    def plug(self, adapter: str = HCI0) -> None:
        self._objects.publish(
            adapter,
            ADAPTER,
            properties(
                Address=f"AA:BB:CC:DD:EE:0{adapter[-1]}", Alias="pi", Name="pi", Powered=True,
                Discovering=False, UUIDs=[], Roles=["central", "peripheral"],
            ),
        )  # fmt: skip

    def unplug(self, adapter: str = HCI0) -> None:
        self._cut_all(adapter)
        for path in sorted(self._objects.tree, reverse=True):
            if path.startswith(adapter):
                self._objects.withdraw(path)

    def power(self, on: bool, adapter: str = HCI0) -> None:
        if not on:
            self._cut_all(adapter)
            self._objects.change(adapter, ADAPTER, Discovering=False)
        self._objects.change(adapter, ADAPTER, Powered=on)

    def cut(self, strap: Strap) -> None:
        """End a link. Hanging up and getting lost look the same over D-Bus."""
        strap.linked = strap.subscribed = False
        if self._objects.value(strap.path, DEVICE, "Connected"):
            self._objects.change(strap.path, DEVICE, ServicesResolved=False)
            self._objects.change(strap.path, DEVICE, Connected=False)

    def leave_linked(self, strap: Strap) -> None:
        """It is linked to, and by no program any more: the one that did was killed."""
        strap.linked = True
        self._objects.publish(strap.path, DEVICE, strap.as_device())
        self._objects.change(strap.path, DEVICE, Connected=True)
        self._spawn(self._resolve_services(strap))

    def forget(self, strap: Strap) -> None:
        self.cut(strap)
        for path in sorted(self._objects.tree, reverse=True):
            if path.startswith(strap.path):
                self._objects.withdraw(path)

    def broadcast(self, strap: Strap, polar: bytes) -> None:
        """It says something else in its advertisements."""
        strap.polar = polar
        said = strap.as_device()["ManufacturerData"].value
        self._objects.change(strap.path, DEVICE, ManufacturerData=said)

    def notify(self, strap: Strap, payload: bytes) -> bool:
        """Deliver a notification once to every subscribed client; whether there was one."""
        clients = self._subscribers.get(strap.measurement_path, set())
        if not strap.linked or not clients:
            return False
        if not strap.subscribed:
            strap.subscribed = True
            strap.sent.append([])
        for _ in clients:
            self._objects.change(strap.measurement_path, CHARACTERISTIC, Value=payload)
        return True

    def _cut_all(self, adapter: str) -> None:
        self._scanners = {(at, client) for at, client in self._scanners if at != adapter}
        for strap in self.straps:
            if strap.adapter == adapter:
                self.cut(strap)

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(self.period_s)
            for strap in self.straps:
                if strap.speaking and self.notify(strap, strap.frame(strap.k)):
                    strap.sent[-1].append(strap.k)
                    strap.k += 1

    async def _air(self) -> None:
        """Advertisements reach those who scan, and those who wait to connect."""
        while True:
            await asyncio.sleep(self.advertise_s)
            for strap in self.straps:
                if not strap.in_range or strap.linked:
                    continue
                if not self._objects.value(strap.adapter, ADAPTER, "Powered"):
                    continue
                scanned = any(adapter == strap.adapter for adapter, _ in self._scanners)
                waiting = self._connecting.get(strap.path)
                if waiting is not None and not waiting.done() and strap.answers:
                    waiting.set_result(None)
                if scanned and strap.path not in self._objects.tree:
                    self._objects.publish(strap.path, DEVICE, strap.as_device())
                elif scanned:
                    self._objects.change(strap.path, DEVICE, RSSI=strap.rssi_dbm)

    async def _resolve_services(self, strap: Strap) -> None:
        """BlueZ publishes the services some time after Connect has returned."""
        await asyncio.sleep(0.02)
        if strap.linked:
            for path, interface, values in strap.services():
                self._objects.publish(path, interface, values)
            self._objects.change(strap.path, DEVICE, ServicesResolved=True)

    # Its methods.

    def _receive(self, message: Message) -> bool:
        if message.message_type is MessageType.SIGNAL:
            if message.member == "NameOwnerChanged" and not message.body[2]:
                self._client_left(message.body[0])
            return False
        if message.message_type is not MessageType.METHOD_CALL:
            return False
        if message.destination != "org.bluez":
            return False
        self._spawn(self._answer(message))
        return True

    def _client_left(self, client: str) -> None:
        self._scanners = {(at, who) for at, who in self._scanners if who != client}
        for path in self._subscribers:
            self._unsubscribe(path, client)

    def _unsubscribe(self, path: str, client: str) -> None:
        self._subscribers[path].discard(client)
        for strap in self.straps:
            if not self._subscribers.get(strap.measurement_path):
                strap.subscribed = False

    async def _answer(self, message: Message) -> None:
        try:
            signature, body = await self._call(message, str(message.member))
            reply = Message.new_method_return(message, signature, body)
        except DBusError as error:
            reply = Message.new_error(message, *error.args)
        if self._objects.bus is not None:
            self._objects.bus.send(reply)

    async def _call(self, message: Message, member: str) -> tuple[str, list[Any]]:
        path = str(message.path)
        if member in self.hang:
            await asyncio.Event().wait()
        if self.refuse.get(member):
            if member == "StopDiscovery":  # the session ends all the same
                self._scanners.discard((path, str(message.sender)))
            raise DBusError(*self.refuse[member].pop(0))
        if message.interface == OBJECTS:
            return "a{oa{sa{sv}}}", [self._objects.tree]
        if message.interface not in (*self._objects.tree.get(path, ()), PROPERTIES):
            raise DBusError("org.freedesktop.DBus.Error.UnknownObject", f"no {path} here")
        strap = next((s for s in self.straps if path.startswith(s.path)), None)
        match message.interface, member:
            case (_, "Set"):
                self.power(message.body[2].value, path)
            case (_, "StartDiscovery" | "StopDiscovery" | "SetDiscoveryFilter"):
                self._discover(path, member, str(message.sender))
            case (_, "Connect") if strap is not None:
                await self._connect(strap)
            case (_, "Disconnect") if strap is not None:
                await self._disconnect(strap)
            case (_, "ReadValue" | "StartNotify" | "StopNotify") if strap is not None:
                return self._gatt(strap, path, member, str(message.sender))
            case _:
                raise DBusError("org.freedesktop.DBus.Error.UnknownMethod", member)
        return "", []

    def _discover(self, adapter: str, member: str, client: str) -> None:
        if not self._objects.value(adapter, ADAPTER, "Powered"):
            raise DBusError("org.bluez.Error.NotReady", "Resource Not Ready")
        scanner = adapter, client
        if member == "StartDiscovery":
            if scanner in self._scanners:
                raise DBusError("org.bluez.Error.InProgress", "Operation already in progress")
            self._scanners.add(scanner)
        elif member == "StopDiscovery":
            if scanner not in self._scanners:
                raise DBusError("org.bluez.Error.Failed", "No discovery started")
            self._scanners.remove(scanner)
        discovering = any(at == adapter for at, _ in self._scanners)
        self._objects.change(adapter, ADAPTER, Discovering=discovering)

    async def _connect(self, strap: Strap) -> None:
        if not self._objects.value(strap.adapter, ADAPTER, "Powered"):
            raise DBusError("org.bluez.Error.Failed", "Input/output error")
        links = sum(other.linked for other in self.straps if other.adapter == strap.adapter)
        if links >= self.places.get(strap.adapter, links + 1):
            raise DBusError(*self.when_full)
        answered = self._connecting[strap.path] = asyncio.get_running_loop().create_future()
        try:
            await answered
        finally:
            del self._connecting[strap.path]
        strap.linked = True
        self._objects.change(strap.path, DEVICE, Connected=True)
        self._spawn(self._resolve_services(strap))

    async def _disconnect(self, strap: Strap) -> None:
        waiting = self._connecting.get(strap.path)
        if waiting is not None and not waiting.done():
            waiting.set_exception(DBusError("org.bluez.Error.Failed", "Operation aborted"))
            if self.forgets_after_failure:
                self.forget(strap)
            return
        await asyncio.sleep(self.disconnect_s)
        self.cut(strap)

    def _gatt(self, strap: Strap, path: str, member: str, client: str) -> tuple[str, list[Any]]:
        if not strap.linked:
            raise DBusError("org.bluez.Error.Failed", "Not connected")
        if member == "ReadValue":
            return "ay", [bytes([strap.battery_pct if path.endswith("char0017") else 1])]
        clients = self._subscribers.setdefault(path, set())
        if member == "StartNotify":
            clients.add(client)
        else:
            self._unsubscribe(path, client)
        self._objects.change(path, CHARACTERISTIC, Notifying=bool(clients))
        return "", []
