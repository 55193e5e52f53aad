"""The strap, on the host: Bumble's own heart rate service, and the far end of the guest's adapter.

    strap.py HCI_SOCKET CONTROL_SOCKET

The guest's UART is connected to HCI_SOCKET; over CONTROL_SOCKET, one JSON object a line, the guest
says what befalls the strap ({"command": "drop"}), and each line is answered by one when it has
taken effect: {"ok": value} or {"error": text}. Commands are the methods of :class:`Bench` named
after them; bluetooth_bench.Environment tells what they mean.
"""

import asyncio
import json
import logging
import sys
from collections.abc import Awaitable, Callable
from typing import Any

from bumble import hci
from bumble.controller import Controller
from bumble.core import AdvertisingData
from bumble.device import Connection, Device, DeviceConfiguration
from bumble.gatt import GATT_BATTERY_SERVICE, GATT_HEART_RATE_SERVICE
from bumble.profiles.battery_service import BatteryService
from bumble.profiles.heart_rate_service import HeartRateService
from bumble.transport import open_transport
from bumble.transport.common import Transport
from virtual_radio import ADAPTER_ADDRESS, Adapter, Air

ADVERTISING_INTERVAL_MS = 100
SUPERVISION_TIMEOUT = hci.HCI_ErrorCode.CONNECTION_TIMEOUT_ERROR


class Strap:
    """A peripheral that notifies one RR a frame, of a sequence known beforehand."""

    def __init__(
        self, air: Air, *, name: str, address: str, battery_pct: int, rr_ticks: list[int]
    ) -> None:
        self.controller = Controller("strap", link=air)
        self.device = Device.from_config_with_hci(
            DeviceConfiguration(
                name=name,
                address=hci.Address(address),
                advertising_interval_min=ADVERTISING_INTERVAL_MS,
                advertising_interval_max=ADVERTISING_INTERVAL_MS,
            ),
            self.controller,
            self.controller,
        )
        self.heart_rate = HeartRateService(
            read_heart_rate_measurement=lambda connection: self._measurement(0),
            body_sensor_location=HeartRateService.BodySensorLocation.CHEST,
        )
        self.device.add_services([self.heart_rate, BatteryService(lambda connection: battery_pct)])
        self.device.advertising_data = bytes(
            AdvertisingData(
                [
                    (AdvertisingData.FLAGS, bytes([0x06])),
                    (AdvertisingData.COMPLETE_LOCAL_NAME, name.encode()),
                    (
                        AdvertisingData.INCOMPLETE_LIST_OF_16_BIT_SERVICE_CLASS_UUIDS,
                        bytes(GATT_HEART_RATE_SERVICE) + bytes(GATT_BATTERY_SERVICE),
                    ),
                ]
            )
        )
        characteristic = self.heart_rate.heart_rate_measurement_characteristic
        characteristic.on(characteristic.EVENT_SUBSCRIPTION, self._on_subscription)
        self.device.on(self.device.EVENT_CONNECTION, self._on_connection)

        self.rr_ticks = rr_ticks
        self.count = 0
        self.silent = False
        self.subscribed = False
        self.sent: list[list[int]] = []
        """What was notified, one list for each subscription."""
        self.unlinked = asyncio.Event()
        self.unlinked.set()
        self.last_notified_s = 0.0

    async def advertise(self) -> None:
        """Switch on."""
        await self.device.power_on()
        await self.device.start_advertising(auto_restart=True)

    async def beat(self, period_s: float) -> None:
        """Notify every ``period_s`` for ever, while somebody listens."""
        clock = asyncio.get_running_loop().time
        while True:
            await asyncio.sleep(period_s)
            if not self.subscribed or self.silent:
                continue
            rr_ticks = self.rr_ticks[self.count % len(self.rr_ticks)]
            self.count += 1
            self.sent[-1].append(rr_ticks)
            self.last_notified_s = clock()
            await self.notify(self._measurement(rr_ticks))

    async def notify(self, value: Any) -> None:
        """Hand one frame to the stack; ``value`` is a measurement, or bytes to send as they are."""
        await self.device.notify_subscribers(
            self.heart_rate.heart_rate_measurement_characteristic, value
        )

    def _measurement(self, rr_ticks: int) -> HeartRateService.HeartRateMeasurement:
        # Bumble truncates seconds to ticks (0.8 s becomes 819). A quotient by 1024 is exact in
        # binary, so the ticks that went in come out.
        return HeartRateService.HeartRateMeasurement(
            heart_rate=round(60 * 1024 / rr_ticks) if rr_ticks else 0,
            sensor_contact_detected=True,
            rr_intervals=(rr_ticks / 1024,),
        )

    def _on_subscription(self, _connection: Connection, notify: bool, _indicate: bool) -> None:
        print("strap: subscribed" if notify else "strap: unsubscribed")
        if notify and not self.subscribed:
            self.sent.append([])
        self.subscribed = notify

    def _on_connection(self, connection: Connection) -> None:
        print("strap: linked with", connection.peer_address)
        self.unlinked.clear()
        connection.on(connection.EVENT_DISCONNECTION, self._on_disconnection)

    def _on_disconnection(self, reason: int) -> None:
        print(f"strap: link ended, reason 0x{reason:02x}")
        self.subscribed = False
        self.unlinked.set()


class Bench:
    """The strap, the air and the adapter, and what befalls them: one method a command."""

    def __init__(self, hci_transport: Transport) -> None:
        self.hci_transport = hci_transport
        self.air = Air()  # type: ignore[no-untyped-call]  # LocalLink says not what it returns
        self.adapter: Adapter | None = None
        self.strap: Strap | None = None
        self.period_s = 1.0
        self.beating: asyncio.Task[None] | None = None

    @property
    def worn(self) -> Strap:
        if self.strap is None:
            raise LookupError("no strap yet: send the command wear first")
        return self.strap

    async def wear(self, period_s: float, **strap: Any) -> None:
        """Put on a strap of this name, address, battery and sequence of beats, and switch it on."""
        self.strap = Strap(self.air, **strap)
        self.period_s = period_s
        await self.strap.advertise()
        self.beating = asyncio.create_task(self.strap.beat(period_s))

    async def settle(self) -> None:
        """Wait until what was notified has had half a period to arrive.

        A link that is cut in the same instant as a notification may lose it on its way up through
        kernel and bluetoothd; no program could help that, and no scenario is about it.
        """
        clock = asyncio.get_running_loop().time
        since_s = clock() - self.worn.last_notified_s
        if since_s < self.period_s / 2:
            await asyncio.sleep(self.period_s / 2 - since_s)

    async def reset(self) -> None:
        """In range, speaking, unlinked, nothing sent yet; the running count goes on."""
        self.air.in_range = True
        self.worn.silent = False
        await self._hang_up()
        self.worn.sent.clear()

    async def drop(self) -> None:
        await self.settle()
        await self._hang_up()

    async def lost(self) -> None:
        await self.settle()
        self.air.in_range = False
        # Bumble's links have no supervision timeout, so each end is told that it ran out.
        for controller in (self.adapter, self.worn.controller):
            if controller is not None:
                for connection in list(controller.le_connections.values()):
                    controller.on_le_disconnected(connection, SUPERVISION_TIMEOUT)
        await self._unlinked()

    async def vanish(self) -> None:
        self.air.in_range = False

    # "return" is no name for a method.
    async def come_back(self) -> None:
        self.air.in_range = True

    async def silent(self) -> None:
        self.worn.silent = True

    async def speak(self) -> None:
        self.worn.silent = False

    async def garble(self) -> None:
        await self.worn.notify(b"\x16")

    async def sent(self) -> list[list[int]]:
        return self.worn.sent

    async def linked(self) -> bool:
        return bool(self.worn.device.connections)

    async def unplug(self) -> None:
        """The guest has no adapter any more: whoever was linked with it hears nothing."""
        if self.adapter is not None:
            self.air.remove_controller(self.adapter)
            self.adapter = None
        if self.strap is not None:
            controller = self.strap.controller
            for connection in list(controller.le_connections.values()):
                controller.on_le_disconnected(connection, SUPERVISION_TIMEOUT)
            await self._unlinked()

    async def plug(self) -> None:
        """A fresh controller at the end of the guest's UART."""
        await self.unplug()
        # Whatever half packet the last one was sent must not be taken for the start of the next.
        self.hci_transport.source.parser.reset()  # type: ignore[attr-defined]  # a StreamPacketSource
        self.adapter = Adapter(
            "adapter",
            host_source=self.hci_transport.source,
            host_sink=self.hci_transport.sink,
            link=self.air,
            public_address=ADAPTER_ADDRESS,
        )

    async def _hang_up(self) -> None:
        for connection in list(self.worn.device.connections.values()):
            await connection.disconnect()
        await self._unlinked()

    async def _unlinked(self) -> None:
        await self.worn.unlinked.wait()


async def serve(bench: Bench, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Obey one guest, line by line."""
    commands: dict[str, Callable[..., Awaitable[object]]] = {
        "wear": bench.wear,
        "settle": bench.settle,
        "reset": bench.reset,
        "drop": bench.drop,
        "lost": bench.lost,
        "vanish": bench.vanish,
        "return": bench.come_back,
        "silent": bench.silent,
        "speak": bench.speak,
        "garble": bench.garble,
        "sent": bench.sent,
        "linked": bench.linked,
        "unplug": bench.unplug,
        "plug": bench.plug,
    }
    while line := await reader.readline():
        arguments = json.loads(line)
        name = arguments.pop("command")
        print("command:", name)
        task = asyncio.ensure_future(commands[name](**arguments))
        # Whatever goes wrong is the guest's to report: it knows the scenario.
        await asyncio.wait({task}, timeout=20)
        if not task.done():
            task.cancel()
            answer: dict[str, object] = {"error": f"{name} took no effect within 20 s"}
        elif (error := task.exception()) is not None:
            answer = {"error": f"{name}: {error!r}"}
        else:
            answer = {"ok": task.result()}
        print("answer:", answer)
        writer.write(json.dumps(answer).encode() + b"\n")
        await writer.drain()


async def main(hci_socket: str, control_socket: str) -> None:
    bench = Bench(await open_transport(f"unix-server:{hci_socket}"))
    server = await asyncio.start_unix_server(
        lambda reader, writer: serve(bench, reader, writer), control_socket, limit=2**20
    )
    print("listening")
    await server.serve_forever()


if __name__ == "__main__":
    sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr]  # it is a text stream
    logging.basicConfig(level="WARNING", stream=sys.stdout)
    asyncio.run(main(*sys.argv[1:]))
