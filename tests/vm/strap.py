"""A strap, on the host: Bumble's own heart rate service, and beats known beforehand."""

import asyncio
from typing import Any

from bumble import hci
from bumble.controller import Controller
from bumble.core import AdvertisingData
from bumble.device import Connection, Device, DeviceConfiguration
from bumble.gatt import GATT_BATTERY_SERVICE, GATT_HEART_RATE_SERVICE
from bumble.profiles.battery_service import BatteryService
from bumble.profiles.heart_rate_service import HeartRateService
from virtual_radio import Air

ADVERTISING_INTERVAL_MS = 100


class Strap:
    """A peripheral that notifies one RR a frame, of a sequence known beforehand."""

    def __init__(
        self,
        air: Air,
        *,
        name: str,
        address: str,
        battery_pct: int,
        rr_ticks: list[int],
        period_s: float | None = None,
    ) -> None:
        """``period_s`` is the time between two frames; None: each comes when its beat has."""
        self.controller = Controller(name, link=air)
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
        self.period_s = period_s
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

    @property
    def next_rr_ticks(self) -> int:
        """What the next frame tells."""
        return self.rr_ticks[self.count % len(self.rr_ticks)]

    @property
    def wait_s(self) -> float:
        """Between the last frame and the next."""
        return self.next_rr_ticks / 1024 if self.period_s is None else self.period_s

    async def beat(self) -> None:
        """Notify for ever, while somebody listens; in time, however long a notification takes.

        Intervals that fall behind the clock by a fortieth are taken for milliseconds, rightly.
        """
        clock = asyncio.get_running_loop().time
        due_s = clock()
        while True:
            due_s = max(due_s + self.wait_s, clock())
            await asyncio.sleep(due_s - clock())
            if not self.subscribed or self.silent:
                continue
            rr_ticks = self.next_rr_ticks
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
        print(f"{self.device.name}:", "subscribed" if notify else "unsubscribed")
        if notify and not self.subscribed:
            self.sent.append([])
        self.subscribed = notify

    def _on_connection(self, connection: Connection) -> None:
        print(f"{self.device.name}: linked with", connection.peer_address)
        self.unlinked.clear()
        connection.on(connection.EVENT_DISCONNECTION, self._on_disconnection)

    def _on_disconnection(self, reason: int) -> None:
        print(f"{self.device.name}: link ended, reason 0x{reason:02x}")
        self.subscribed = False
        self.unlinked.set()
