"""One link to a strap, from connecting to its end."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import replace

from bleak.exc import BleakDeviceNotFoundError
from bleak.uuids import normalize_uuid_16

from sensors.beat_clock import is_double
from sensors.bluez import TROUBLE, Client, within
from sensors.events import (
    BodyLocation,
    Connected,
    Disconnected,
    HeartRateMeasurement,
    Malformed,
    MalformedFrame,
    Searching,
    SensorEvent,
    StrapDetails,
    decode,
)
from sensors.limits import Limits
from sensors.near import Strap
from sensors.radio import Radio

HEART_RATE_MEASUREMENT = normalize_uuid_16(0x2A37)
BODY_SENSOR_LOCATION = normalize_uuid_16(0x2A38)
BATTERY_LEVEL = normalize_uuid_16(0x2A19)

NOT_FOUND = "moisten it, wear it, another app may hold it"
AWAY = "strap out of range or switched off"
LOST = "out of range, switched off, or it hung up"
"""Of a link that ended: up to BlueZ 5.82 nobody is told which (5.83 has a signal for it). What is
said next tells: heard, it hung up and is being connected to; out of range or off, it is not found.
"""

log = logging.getLogger(__name__)


class Outbox:
    """Events on their way out: stamped with the time, and so in the order of time."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self.events: asyncio.Queue[SensorEvent] = asyncio.Queue()
        self._clock = clock
        self._began_s = clock()
        self._searching: str | None = None

    def now_s(self) -> float:
        """Seconds since the listening began."""
        return self._clock() - self._began_s

    def put(self, event: SensorEvent) -> None:
        """Stamp and send; a Searching that only repeats the last one is left out."""
        if isinstance(event, Searching):
            if event.reason == self._searching:
                return
            self._searching = event.reason
        elif isinstance(event, Connected | Disconnected):
            self._searching = None
        self.events.put_nowait(replace(event, t_s=self.now_s()))


def in_words(step: str, error: Exception) -> str:
    """That the step failed, and why; some errors of a D-Bus that breaks have no message."""
    return f"{step} failed: {str(error) or type(error).__name__}"


class NoLink(Exception):
    """This attempt did not lead to a link; ``str()`` says why in plain words."""


class NotNear(NoLink):
    """The strap was not heard."""


class NoPlace(NoLink):
    """The strap was heard, but the adapter takes no more links."""


@asynccontextmanager
async def open_link(
    strap: Strap, gone: asyncio.Event, connect_s: float, limits: Limits, radio: Radio
) -> AsyncIterator[Client]:
    """A fresh client, linked, and left cleanly whatever happens.

    A client that is not disconnected, even after its link is gone, goes on delivering: the next
    one would bring every notification twice (bleak issue 2002).
    """
    client = radio.client(strap.device, lambda _: gone.set())
    try:
        try:
            await within(connect_s, client.connect())
        except TimeoutError as error:
            raise NoLink(f"the strap does not answer: {NOT_FOUND}") from error
        except BleakDeviceNotFoundError as error:
            raise NoLink(AWAY) from error
        except TROUBLE as error:
            raise NoLink(in_words("connecting", error)) from error
        yield client
    finally:
        with suppress(*TROUBLE):
            await within(limits.disconnect_s, client.disconnect(), finish_s=limits.disconnect_s)


async def hear_out(client: Client, gone: asyncio.Event, frames: "Frames", limits: Limits) -> str:
    """Subscribe and wait for the end of the link; returns the reason for it.

    The end is a callback (strap gone, adapter gone, bluetoothd stopped) or silence: a bluetoothd
    that was killed, or a strap that hangs, leaves a link that looks alive.
    """
    try:
        await within(limits.call_s, client.start_notify(HEART_RATE_MEASUREMENT, frames.receive))
    except TROUBLE as error:
        return LOST if gone.is_set() else in_words("asking for the beats", error)
    details = asyncio.create_task(_read_details(client, frames.outbox, limits))
    loop = asyncio.get_running_loop()
    frames.last_s = loop.time()
    try:
        while not gone.is_set():
            rest_s = frames.last_s + limits.silence_s - loop.time()
            if rest_s <= 0:
                return f"strap connected but silent for {limits.silence_s:g} s"
            with suppress(TimeoutError):
                async with asyncio.timeout(rest_s):
                    await gone.wait()
        return LOST
    finally:
        details.cancel()
        await asyncio.wait({details})


async def _read_details(client: Client, outbox: Outbox, limits: Limits) -> None:
    """Battery and body location; a strap that lacks or refuses them has None."""

    async def read(characteristic: str) -> int | None:
        try:
            value = await within(limits.call_s, client.read_gatt_char(characteristic))
        except TROUBLE as error:
            log.debug("no %s: %s", characteristic, error)
            return None
        return value[0] if len(value) == 1 else None

    battery_pct = await read(BATTERY_LEVEL)
    location = await read(BODY_SENSOR_LOCATION)
    outbox.put(
        StrapDetails(
            battery_pct if battery_pct is not None and battery_pct <= 100 else None,
            BodyLocation(location) if location in set(BodyLocation) else None,
        )
    )


class Frames:
    """The notifications of one link, until its end has been told."""

    def __init__(self, outbox: Outbox) -> None:
        self.outbox = outbox
        self.last_s = 0.0
        """Loop time of the last notification of any kind."""
        self.beats = False
        self.doubles = 0
        self.closed = False
        """bluetoothd takes 2 s to disconnect, and delivers meanwhile."""
        self._previous: HeartRateMeasurement | None = None

    def receive(self, _: object, payload: bytearray) -> None:
        """Called by bleak, which would swallow an exception: so nothing here raises."""
        self.last_s = asyncio.get_running_loop().time()
        if self.closed:
            return
        try:
            measurement = decode(bytes(payload), self.outbox.now_s())
        except MalformedFrame as error:
            self.outbox.put(Malformed(bytes(payload), str(error)))
            return
        if is_double(self._previous, measurement):
            if not self.doubles:
                log.warning("notifications arrive doubled: the second of each is dropped")
            self.doubles += 1
            return
        self._previous = measurement
        self.beats = True
        self.outbox.put(measurement)
