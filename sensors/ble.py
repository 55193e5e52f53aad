"""A heart rate strap over Bluetooth LE: find it, stay with it, say what is wrong.

Written against bleak 3.1 and BlueZ 5.66 to 5.82. What those do when a link breaks, and what has to
be done about it, stands beside each step; tests/bluetooth_scenarios.py proves it.
"""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, replace

from bleak.exc import BleakDeviceNotFoundError
from bleak.uuids import normalize_uuid_16

from sensors.discovery import (
    RADIO,
    TROUBLE,
    Client,
    Radio,
    Strap,
    choose,
    display_name,
    linked,
    scan,
    within,
)
from sensors.events import (
    BodyLocation,
    Connected,
    Disconnected,
    Elapsed,
    Emit,
    HeartRateMeasurement,
    Malformed,
    MalformedFrame,
    Searching,
    SensorEvent,
    StrapDetails,
    decode,
)

HEART_RATE_MEASUREMENT = normalize_uuid_16(0x2A37)
BODY_SENSOR_LOCATION = normalize_uuid_16(0x2A38)
BATTERY_LEVEL = normalize_uuid_16(0x2A19)

LOOKING = "looking for a strap"
NOT_FOUND = "moisten it, wear it, another app may hold it"
LOST = "strap out of range or switched off"

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Limits:
    """How long each step may take, in seconds."""

    tick_s: float = 1.0
    """Between two Elapsed."""
    scan_s: float = 10.0
    choose_s: float = 2.0
    """A scan goes on so long after the first strap was heard, to hear the others."""
    connect_s: float = 20.0
    call_s: float = 5.0
    """Any other call: starting a scan, subscribing, reading a characteristic."""
    disconnect_s: float = 5.0
    """bluetoothd needs 2 s for it."""
    silence_s: float = 10.0
    """A link that brings no notification for so long counts as lost."""
    settle_s: float = 0.5
    """bluetoothd reports the end of the link before the end of the adapter that caused it."""
    first_wait_s: float = 1.0
    longest_wait_s: float = 30.0


def boottime_s() -> float:
    """Seconds since the machine started, time asleep included."""
    return time.clock_gettime(time.CLOCK_BOOTTIME)


def retry_wait_s(failures: int, limits: Limits) -> float:
    """Wait after so many failures in a row (1 or more): doubles from the first to the longest."""
    return min(limits.longest_wait_s, limits.first_wait_s * 2.0 ** min(failures - 1, 30))


async def listen(
    emit: Emit,
    *,
    address: str | None = None,
    clock: Callable[[], float] = boottime_s,
    limits: Limits | None = None,
    radio: Radio = RADIO,
) -> None:
    """Report a strap's beats until cancelled, whatever happens to the link.

    Takes the strap with ``address``, else the one heard loudest. Once a strap has sent a beat it
    stays with that strap: another runner's beats must not slip into the session. An ``emit`` that
    raises ends it with that exception. When cancelled it first drops the link, which takes a few
    seconds at most.
    """
    outbox = _Outbox(clock)
    limits = limits or Limits()
    try:
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(_tick(outbox, limits.tick_s))
            tasks.create_task(_keep_linked(outbox, address, limits, radio))
            while True:
                emit(await outbox.events.get())
    except BaseExceptionGroup as group:
        if len(group.exceptions) == 1:  # its own type tells the caller more than a group of one
            raise group.exceptions[0] from None
        raise


class _Outbox:
    """Events on their way out: stamped with the time, and so in the order of time."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self.events: asyncio.Queue[SensorEvent] = asyncio.Queue()
        self._clock = clock
        self._began_s = clock()
        self._searching: str | None = None

    def now_s(self) -> float:
        return self._clock() - self._began_s

    def put(self, event: SensorEvent) -> None:
        if isinstance(event, Searching):
            if event.reason == self._searching:
                return  # said already, and still so
            self._searching = event.reason
        elif isinstance(event, Connected | Disconnected):
            self._searching = None
        self.events.put_nowait(replace(event, t_s=self.now_s()))


async def _tick(outbox: _Outbox, tick_s: float) -> None:
    loop = asyncio.get_running_loop()
    due_s = loop.time()
    while True:
        due_s = max(due_s + tick_s, loop.time())
        await asyncio.sleep(due_s - loop.time())
        outbox.put(Elapsed(0.0))


class _NoLink(Exception):
    """This attempt did not lead to a link; ``str()`` says why in plain words."""


async def _keep_linked(outbox: _Outbox, address: str | None, limits: Limits, radio: Radio) -> None:
    """Link, and link again when it ends, with growing waits, for ever."""
    failures = 0
    first = True
    while True:
        try:
            if (state := await radio.state()).state != "ready":
                raise _NoLink(state.words)
            if not failures:
                outbox.put(Searching(LOOKING))
            beating = await _one_link(outbox, address, limits, radio, adopt=first)
        except (_NoLink, *TROUBLE) as error:
            beating = None
            state = await radio.state()
            outbox.put(Searching(state.words if state.state != "ready" else str(error)))
        first = False
        address = address or beating
        failures = 0 if beating else failures + 1
        await _pause(retry_wait_s(max(failures, 1), limits), radio)


async def _pause(wait_s: float, radio: Radio) -> None:
    """Wait; when it was the adapter that failed, only until it is back."""
    loop = asyncio.get_running_loop()
    until_s = loop.time() + wait_s
    adapter_failed = (await radio.state()).state != "ready"
    while (rest_s := until_s - loop.time()) > 0:
        await asyncio.sleep(min(rest_s, 1.0) if adapter_failed else rest_s)
        if adapter_failed and (await radio.state()).state == "ready":
            return


async def _one_link(
    outbox: _Outbox, address: str | None, limits: Limits, radio: Radio, *, adopt: bool
) -> str | None:
    """One link from scan to end; the strap's address if it sent beats, else None."""
    async with AsyncExitStack() as link:
        gone = asyncio.Event()
        async with radio.lock:
            strap = await _find(outbox, address, limits, radio, adopt=adopt)
            outbox.put(Searching(f"connecting to {display_name(strap.name, strap.address)}"))
            client = await link.enter_async_context(_linked(strap, gone, limits, radio))
        outbox.put(Connected(strap.name or strap.address, strap.address))
        frames = _Frames(outbox)
        began_s = outbox.now_s()
        reason = await _hear_out(client, gone, frames, limits)
        if gone.is_set():
            await asyncio.sleep(limits.settle_s)
        if (state := await radio.state()).state != "ready":
            reason = state.words
        # The lifetime is said because some straps drop every link after the same 30, 45 or 150 s.
        reason += f", after {outbox.now_s() - began_s:.1f} s"
        if frames.doubles:
            reason += f"; {frames.doubles} doubled notifications dropped"
        log.info("link to %s ended: %s", strap.address, reason)
        outbox.put(Disconnected(reason))
    return strap.address if frames.beats else None


async def _find(
    outbox: _Outbox, address: str | None, limits: Limits, radio: Radio, *, adopt: bool
) -> Strap:
    """The strap to link to.

    Before the first scan, and when a scan finds nothing, those that bluetoothd is still linked to
    count as well: the program was killed, or a disconnect was given up. Not before every scan:
    bleak remembers links of a bluetoothd that was killed. A scan comes before every other attempt,
    because BlueZ 5.82 forgets a device whose connect failed.
    """
    if adopt and (strap := choose(await linked(radio, call_s=limits.call_s), address, radio.held)):
        return strap
    near = await scan(
        radio,
        limits.scan_s,
        until=lambda strap: choose([strap], address, radio.held) is not None,
        linger_s=0.0 if address else limits.choose_s,
        call_s=limits.call_s,
    )
    strap = choose(near, address, radio.held)
    if strap is None:
        strap = choose(await linked(radio, call_s=limits.call_s), address, radio.held)
    if strap is None:
        which = f"strap {address} not found" if address else "no strap found"
        others = f" ({len(near)} others near)" if near else ""
        raise _NoLink(f"{which}{others}: {NOT_FOUND}")
    if not address and len(near) > 1:
        name = display_name(strap.name, strap.address)
        outbox.put(Searching(f"{len(near)} straps near, the nearest is {name} ({strap.address})"))
    return strap


@asynccontextmanager
async def _linked(
    strap: Strap, gone: asyncio.Event, limits: Limits, radio: Radio
) -> AsyncIterator[Client]:
    """A fresh client, linked, and left cleanly whatever happens.

    A client that is not disconnected, even after its link is gone, goes on delivering: the next
    one would bring every notification twice (bleak issue 2002).
    """
    client = radio.client(strap.device, lambda _: gone.set())
    radio.held.add(strap.address)
    try:
        try:
            await within(limits.connect_s, client.connect())
        except TimeoutError as error:
            raise _NoLink(f"the strap does not answer: {NOT_FOUND}") from error
        except BleakDeviceNotFoundError as error:
            raise _NoLink(LOST) from error
        yield client
    finally:
        with suppress(*TROUBLE):
            await within(limits.disconnect_s, client.disconnect())
        radio.held.discard(strap.address)


async def _hear_out(client: Client, gone: asyncio.Event, frames: "_Frames", limits: Limits) -> str:
    """Subscribe and wait for the end of the link; returns the reason for it.

    The end is a callback (strap gone, adapter gone, bluetoothd stopped) or silence: a bluetoothd
    that was killed, or a strap that hangs, leaves a link that looks alive.
    """
    try:
        await within(limits.call_s, client.start_notify(HEART_RATE_MEASUREMENT, frames.receive))
    except TROUBLE as error:
        return LOST if gone.is_set() else f"the strap refuses to send its beats ({error})"
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


async def _read_details(client: Client, outbox: _Outbox, limits: Limits) -> None:
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


def is_double(previous: HeartRateMeasurement | None, current: HeartRateMeasurement) -> bool:
    """The same frame with RR again in less than 0.25 s (SCIENCE 1.2, rule 1)."""
    return (
        previous is not None
        and bool(current.rr_ticks)
        and current.t_s - previous.t_s < 0.25
        and replace(previous, t_s=current.t_s) == current
    )


class _Frames:
    """The notifications of one link."""

    def __init__(self, outbox: _Outbox) -> None:
        self.outbox = outbox
        self.last_s = 0.0
        """Loop time of the last notification of any kind."""
        self.beats = False
        self.doubles = 0
        self._previous: HeartRateMeasurement | None = None

    def receive(self, _: object, payload: bytearray) -> None:
        """Called by bleak, which would swallow an exception: so nothing here raises."""
        self.last_s = asyncio.get_running_loop().time()
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
