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
    LOST,
    NOT_FOUND,
    Frames,
    Limits,
    NoLink,
    Outbox,
    hear_out,
    in_words,
    open_link,
)
from sensors.discovery import Strap, choose, display_name, linked, scan
from sensors.events import Connected, Disconnected, Elapsed, Emit, Searching
from sensors.radio import RADIO, TROUBLE, Radio

__all__ = ["LOOKING", "LOST", "NOT_FOUND", "Limits", "boottime_s", "listen", "retry_wait_s"]

LOOKING = "looking for a strap"

log = logging.getLogger(__name__)


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
    outbox = Outbox(clock)
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
        adapter_failed = False
        try:
            await _require_adapter(radio)
            if anew:
                outbox.put(Searching(LOOKING))
            beating = await _one_link(outbox, address, limits, radio, adopt=first)
            anew = True
        except NoLink as trouble:
            beating = None
            state = await radio.state()
            anew = adapter_failed = state.state != "ready"
            reason = state.words if adapter_failed else str(trouble)
            log.info("no link: %s (%r)", reason, trouble.__cause__)
            outbox.put(Searching(reason))
        first = False
        address = address or beating
        failures = 1 if beating else failures + 1
        await _pause(retry_wait_s(failures, limits), radio, adapter_failed=adapter_failed)


async def _require_adapter(radio: Radio) -> None:
    state = await radio.state()
    if state.state != "ready":
        raise NoLink(state.words)


async def _pause(wait_s: float, radio: Radio, *, adapter_failed: bool) -> None:
    """Wait; when it was the adapter that failed, only until it is back."""
    loop = asyncio.get_running_loop()
    until_s = loop.time() + wait_s
    while (rest_s := until_s - loop.time()) > 0:
        await asyncio.sleep(min(rest_s, 1.0) if adapter_failed else rest_s)
        if adapter_failed and (await radio.state()).state == "ready":
            return


async def _one_link(
    outbox: Outbox, address: str | None, limits: Limits, radio: Radio, *, adopt: bool
) -> str | None:
    """One link from scan to end; the strap's address if it sent beats, else None."""
    async with AsyncExitStack() as link:
        gone = asyncio.Event()
        async with radio.lock:
            strap = await _find(outbox, address, limits, radio, adopt=adopt)
            outbox.put(Searching(f"connecting to {display_name(strap.name, strap.address)}"))
            client = await link.enter_async_context(open_link(strap, gone, limits, radio))
        outbox.put(Connected(strap.name or strap.address, strap.address))
        frames = Frames(outbox)
        began_s = outbox.now_s()
        reason = await hear_out(client, gone, frames, limits)
        if gone.is_set():
            await asyncio.sleep(limits.settle_s)
        if (state := await radio.state()).state != "ready":
            reason = state.words
        # The lifetime is said because some straps drop every link after the same 30, 45 or 150 s.
        reason += f", after {outbox.now_s() - began_s:.1f} s"
        if frames.doubles:
            reason += f"; {frames.doubles} doubled notifications dropped"
        log.info("link to %s ended: %s", strap.address, reason)
        frames.closed = True
        outbox.put(Disconnected(reason))
    return strap.address if frames.beats else None


async def _find(
    outbox: Outbox, address: str | None, limits: Limits, radio: Radio, *, adopt: bool
) -> Strap:
    """The strap to link to.

    Before the first scan, and when a scan finds nothing, those that bluetoothd is still linked to
    count as well: the program was killed, or a disconnect was given up. Not before every scan:
    bleak remembers links of a bluetoothd that was killed. A scan comes before every other attempt,
    because BlueZ 5.82 forgets a device whose connect failed.
    """
    near: list[Strap] = []
    try:
        straps = await linked(radio, call_s=limits.call_s) if adopt else []
        if (strap := choose(straps, address, radio.held)) is not None:
            return strap
        near = await scan(
            radio,
            limits.scan_s,
            until=lambda strap: choose([strap], address, radio.held) is not None,
            linger_s=0.0 if address else limits.choose_s,
            start_s=limits.scan_start_s,
            call_s=limits.call_s,
        )
        straps = near + await linked(radio, call_s=limits.call_s)
    except TROUBLE as error:
        raise NoLink(in_words("the scan", error)) from error
    if (strap := choose(straps, address, radio.held)) is None:
        which = f"strap {address} not found" if address else "no strap found"
        others = f" ({len(near)} other{'s' * (len(near) > 1)} near)" if near else ""
        raise NoLink(f"{which}{others}: {NOT_FOUND}")
    if not address and len(near) > 1:
        name = display_name(strap.name, strap.address)
        outbox.put(Searching(f"{len(near)} straps near, the nearest is {name} ({strap.address})"))
    return strap
