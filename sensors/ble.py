"""A heart rate strap over Bluetooth LE: find it, stay with it, say what is wrong.

Written against bleak 3.1 and BlueZ 5.66 to 5.82. What those do when a link breaks, and what has to
be done about it, stands beside each step; tests/bluetooth_scenarios.py proves it.
"""

import asyncio
import logging
import time
from collections.abc import Callable
from contextlib import AsyncExitStack

from sensors.ble_link import (
    AWAY,
    LOST,
    NOT_FOUND,
    Frames,
    NoLink,
    NoPlace,
    NotNear,
    Outbox,
    hear_out,
    in_words,
    open_link,
)
from sensors.bluez import TROUBLE, Client
from sensors.ear import Ear
from sensors.events import Connected, Disconnected, Elapsed, Emit, Searching
from sensors.limits import Limits, retry_wait_s
from sensors.near import Strap, choose
from sensors.radio import RADIO, Radio
from sensors.strap_name import display_name

__all__ = ["AWAY", "LOOKING", "LOST", "NOT_FOUND", "Limits", "boottime_s", "listen", "retry_wait_s"]

LOOKING = "looking for a strap"

log = logging.getLogger(__name__)


def boottime_s() -> float:
    """Seconds since the machine started, time asleep included."""
    return time.clock_gettime(time.CLOCK_BOOTTIME)


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
    outbox = Outbox(clock)
    limits = limits or radio.limits
    try:
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(_tick(outbox, limits.tick_s))
            tasks.create_task(_keep_linked(outbox, address, limits, radio))
            while True:
                event = await outbox.events.get()
                if isinstance(event, Connected):
                    address = event.address
                emit(event)
    except BaseExceptionGroup as group:
        if len(group.exceptions) == 1:  # its own type tells the caller more than a group of one
            raise group.exceptions[0] from None
        raise
    finally:
        radio.expected.discard(address or "")


async def _tick(outbox: Outbox, tick_s: float) -> None:
    loop = asyncio.get_running_loop()
    due_s = loop.time()
    while True:
        due_s = max(due_s + tick_s, loop.time())
        await asyncio.sleep(due_s - loop.time())
        outbox.put(Elapsed(0.0))


async def _keep_linked(outbox: Outbox, address: str | None, limits: Limits, radio: Radio) -> None:
    """Link, and link again when it ends, with growing waits, for ever."""
    failures = 0
    first = anew = True
    while True:
        failed: NoLink | None = None
        adapter_failed = False
        beating = None
        try:
            await _require_adapter(radio)
            if anew:
                outbox.put(Searching(LOOKING))
            beating = await _one_link(outbox, address, limits, radio, adopt=first)
            anew = True
        except NoLink as trouble:
            failed = trouble
            state = await radio.air.survey()
            anew = adapter_failed = state.state != "ready"
            reason = state.words if adapter_failed else str(trouble)
            log.info("no link: %s (%r)", reason, trouble.__cause__)
            outbox.put(Searching(reason))
        first = False
        address = address or beating
        if isinstance(failed, NotNear) and not adapter_failed:
            radio.expected.discard(address or "")
        if isinstance(failed, NoPlace) and not adapter_failed:
            await radio.place()
            continue
        failures = 1 if beating else failures + 1
        wait_s = retry_wait_s(failures, limits)
        if adapter_failed:
            await _adapter_back(radio, wait_s)
        elif isinstance(failed, NotNear):
            await radio.air.heard(_wanted(radio, address), wait_s)
        else:
            await asyncio.sleep(wait_s)


async def _require_adapter(radio: Radio) -> None:
    state = await radio.air.survey()
    if state.state != "ready":
        raise NoLink(state.words)


async def _adapter_back(radio: Radio, wait_s: float) -> None:
    """Wait, but only until an adapter is back."""
    loop = asyncio.get_running_loop()
    until_s = loop.time() + wait_s
    while (rest_s := until_s - loop.time()) > 0:
        await asyncio.sleep(min(rest_s, 1.0))
        if (await radio.air.survey(max_age_s=0.5)).state == "ready":
            return


def _wanted(radio: Radio, address: str | None) -> Callable[[Strap], bool]:
    return lambda strap: choose([strap], address, radio.held) is not None


async def _one_link(
    outbox: Outbox, address: str | None, limits: Limits, radio: Radio, *, adopt: bool
) -> str | None:
    """One link from scan to end; the strap's address if it sent beats, else None."""
    async with AsyncExitStack() as link:
        gone = asyncio.Event()
        strap, ear = await _find(outbox, address, limits, radio, adopt=adopt)
        link.callback(radio.release, strap)
        client = await _connect(link, strap, ear, gone, outbox, limits, radio)
        outbox.put(Connected(strap.name or strap.address, strap.address))
        frames = Frames(outbox)
        began_s = outbox.now_s()
        reason = await hear_out(client, gone, frames, limits)
        if gone.is_set():
            await asyncio.sleep(limits.settle_s)
        if (state := await radio.air.survey()).state != "ready":
            reason = state.words
            if frames.beats:
                radio.expected.add(strap.address)
        # The lifetime is said because some straps drop every link after the same 30, 45 or 150 s.
        reason += f", after {outbox.now_s() - began_s:.1f} s"
        if frames.doubles:
            reason += f"; {frames.doubles} doubled notifications dropped"
        log.info("link to %s ended: %s", strap.address, reason)
        frames.closed = True
        outbox.put(Disconnected(reason))
    return strap.address if frames.beats else None


async def _connect(
    link: AsyncExitStack,
    strap: Strap,
    ear: Ear,
    gone: asyncio.Event,
    outbox: Outbox,
    limits: Limits,
    radio: Radio,
) -> Client:
    """A client for the strap, when it is its turn; it is left at the end of ``link``."""
    loop = asyncio.get_running_loop()
    asked_s = loop.time()
    try:
        async with ear.turn():
            waited_s = loop.time() - asked_s
            if waited_s > limits.stale_s and not radio.air.heard_since_taken(strap):
                raise NotNear(LOOKING)  # noqa: TRY301
            outbox.put(Searching(f"connecting to {display_name(strap.name, strap.address)}"))
            crowded = ear.waiting or radio.air.wanted
            connect_s = limits.crowded_connect_s if crowded else limits.connect_s
            client = await link.enter_async_context(
                open_link(strap, gone, connect_s, limits, radio)
            )
    except NotNear:
        raise
    except NoLink as trouble:
        await radio.air.survey()
        if ear.usable and ear.refused(strap, str(trouble.__cause__)):
            raise NoPlace(radio.words(ear)) from trouble.__cause__
        raise
    ear.accepted(strap)
    return client


async def _find(
    outbox: Outbox, address: str | None, limits: Limits, radio: Radio, *, adopt: bool
) -> tuple[Strap, Ear]:
    """The strap to link to, and by which adapter; it is held.

    Before the first scan, and when a scan finds nothing, those that bluetoothd is still linked to
    count as well: the program was killed, or a disconnect was given up. Not before every scan:
    bleak remembers links of a bluetoothd that was killed. A scan comes before every other attempt,
    because BlueZ 5.82 forgets a device whose connect failed.
    """
    wanted = _wanted(radio, address)
    near: list[Strap] = []
    try:
        straps = await radio.linked() if adopt else []
        if (taken := radio.take(straps, address)) is not None:
            return taken
        linger_s = 0.0 if address else limits.choose_s
        if len(radio.air.usable) > 1:
            linger_s = max(linger_s, limits.spread_s)
        near = await radio.air.look(wanted, limits.scan_s, linger_s=linger_s)
        heard = any(wanted(strap) for strap in near)
        straps = near if heard else near + await radio.linked()
    except TROUBLE as error:
        raise NoLink(in_words("the scan", error)) from error
    taken = radio.take(straps, address)
    if taken is None and heard:
        raise NoPlace("; ".join(radio.full()) or LOOKING)
    others = len({strap.address for strap in near})
    if taken is None:
        which = f"strap {address} not found" if address else "no strap found"
        aside = f" ({others} other{'s' * (others > 1)} near)" if others else ""
        raise NotNear(f"{which}{aside}: {NOT_FOUND}")
    if not address and others > 1:
        name = display_name(taken[0].name, taken[0].address)
        outbox.put(Searching(f"{others} straps near, the nearest is {name} ({taken[0].address})"))
    return taken
