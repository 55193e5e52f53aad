"""What all listeners of a process share: the adapters, the scan, and who holds which strap."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Iterable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from bleak import BleakClient
from bleak.backends.device import BLEDevice

from sensors.air import Air
from sensors.bluez import (
    DENIED,
    NO_ANSWER,
    NO_SERVICE,
    NONE,
    OFF,
    READY,
    TROUBLE,
    Adapter,
    AdapterState,
    Client,
    Dongle,
    adapter_state,
    bleak_adapter,
    bleak_scanner,
    within,
)
from sensors.ear import HEART_RATE_SERVICE, Ear, OpenScanner
from sensors.limits import Limits
from sensors.near import Strap, choose, loudness

__all__ = [
    "DENIED", "NONE", "NO_ANSWER", "NO_SERVICE", "OFF", "RADIO", "READY", "TROUBLE", "AdapterState",
    "Client", "Dongle", "Radio", "adapter_state", "within",
]  # fmt: skip

AT_LEAST_S = 1.0
"""Between two looks for a place."""


@dataclass(eq=False)
class Radio:
    """The adapters, used by one at a time each.

    A lock belongs to the event loop that first waited for it, so that a process with a second loop
    needs a second Radio.
    """

    client: Callable[[BLEDevice, Callable[[Any], None]], Client] = BleakClient
    scanner: OpenScanner = bleak_scanner
    adapter: Callable[[str], Coroutine[Any, Any, Adapter]] = bleak_adapter
    # A machine under load may be slow to answer: that must not pass for a Bluetooth that failed.
    state: Callable[[], Awaitable[AdapterState]] = field(
        default=partial(adapter_state, limit_s=5.0)
    )
    limits: Limits = field(default_factory=Limits)

    def __post_init__(self) -> None:
        self.air = Air(self.scanner, self.state, self.limits)
        self.held: dict[str, Ear] = {}
        """Address of each strap that a listener of this process links to, or is about to."""
        self.expected: set[str] = set()
        """Addresses of the straps that lost their link with the adapter: they come first."""
        self._waiting: set[asyncio.Event] = set()

    def take(self, straps: Iterable[Strap], address: str | None) -> tuple[Strap, Ear] | None:
        """Choose a strap, and the adapter to link it by; it is held until :meth:`release`.

        Of the adapters that heard it, one with a free place, then the one with the fewest links.
        None when there is no such strap, or when all are full, or will be with those who were
        linked until the adapter failed.
        """
        ways = [
            (strap, ear)
            for strap in straps
            if (ear := self.air.ears.get(strap.adapter)) is not None and ear.usable
        ]
        chosen = choose((strap for strap, _ in ways), address, self.held)
        if chosen is None:
            return None
        first = 0 if chosen.address in self.expected else len(self.expected - self.held.keys())
        ways = [
            (strap, ear)
            for strap, ear in ways
            if strap.address == chosen.address and (strap.connected or ear.worth_trying(first))
        ]
        if not ways:
            return None
        strap, ear = max(ways, key=_preference)
        ear.take(strap)
        self.held[strap.address] = ear
        self.expected.discard(strap.address)
        self.air.forget(strap.address)
        return strap, ear

    def release(self, strap: Strap) -> None:
        """Its link has ended, or was none: there is a place again."""
        self.held.pop(strap.address).release(strap)
        self.air.forget(strap.address)
        for waiting in self._waiting:
            waiting.set()

    async def place(self) -> None:
        """Wait until a place has become free, or a full adapter is worth trying again."""
        now_s = asyncio.get_running_loop().time()
        waits_s = [ear.places.try_s - now_s if ear.full else AT_LEAST_S for ear in self.air.usable]
        free = asyncio.Event()
        self._waiting.add(free)
        try:
            async with asyncio.timeout(max(AT_LEAST_S, min(waits_s, default=AT_LEAST_S))):
                await free.wait()
        except TimeoutError:
            pass
        finally:
            self._waiting.discard(free)

    async def linked(self) -> list[Strap]:
        """Straps that bluetoothd is linked to: they advertise no more, and no scan finds them.

        A program that was killed leaves its strap in this state.
        """
        call_s = self.limits.call_s
        straps = []
        for ear in self.air.usable:
            adapter = await within(call_s, self.adapter(ear.name))
            devices = await within(call_s, adapter.get_connected_devices([HEART_RATE_SERVICE]))
            straps += [Strap(d.name, d.address, None, True, d, ear.name) for d in devices]
        return straps

    def notices(self) -> tuple[str, ...]:
        """What a person should know now, a line each; nothing when all is well."""
        if self.air.state is None:
            return ()
        if self.air.state.state != "ready":
            return (self.air.state.words,)
        lost = [e for _, e in sorted(self.air.ears.items()) if e.was_usable and not e.usable]
        words = [f"adapter {ear.name} is {'off' if ear.present else 'gone'}" for ear in lost]
        words += [
            f"adapter {ear.name} cannot scan: {str(ear.trouble) or type(ear.trouble).__name__}"
            for ear in self.air.usable
            if ear.trouble is not None
        ]
        return (*words, *self.full())

    def full(self) -> list[str]:
        """The adapters that take no more links, in words."""
        full = (e for e in self.air.usable if e.places.full(len(e.dongle.linked)))
        return [self.words(ear) for ear in full]

    def words(self, ear: Ear) -> str:
        """That an adapter is full."""
        return ear.places.words("adapter" if len(self.air.usable) == 1 else f"adapter {ear.name}")


def _preference(way: tuple[Strap, Ear]) -> tuple[bool, bool, int, tuple[int, str]]:
    strap, ear = way
    return strap.connected, not ear.full, -ear.links(), loudness(strap)


RADIO = Radio()
