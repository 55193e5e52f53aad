"""Which straps are near: one scan, and those that are linked already and advertise no more."""

import asyncio
import unicodedata
from collections.abc import Callable, Collection, Iterable
from contextlib import suppress
from dataclasses import dataclass, field, replace

from bleak.backends.device import BLEDevice
from bleak.backends.scanner import AdvertisementData
from bleak.uuids import normalize_uuid_16

from sensors.radio import RADIO, TROUBLE, AdapterState, Radio, adapter_state, within

__all__ = [
    "AdapterState", "BluetoothUnavailable", "Strap", "adapter_state", "choose", "display_name",
    "linked", "nearby", "scan",
]  # fmt: skip

HEART_RATE_SERVICE = normalize_uuid_16(0x180D)
SILENT_DBM = -127
"""What bleak and the Core Specification say when the signal strength is unknown."""
LONGEST_NAME = 32
"""Characters of a strap's name worth showing."""


@dataclass(frozen=True, slots=True)
class Strap:
    """A strap that is near, or linked to this machine already."""

    name: str | None
    """What it calls itself: untrusted, for :func:`display_name`."""
    address: str
    rssi_dbm: int | None
    """The strongest heard; None for one that is linked and advertises no more."""
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
    return max(free, key=loudness, default=None)


def loudness(strap: Strap) -> tuple[int, str]:
    """To sort by signal strength; equals by address, so that the order is always the same."""
    return (SILENT_DBM if strap.rssi_dbm is None else strap.rssi_dbm, strap.address)


async def linked(radio: Radio, *, call_s: float = 5.0) -> list[Strap]:
    """Straps that bluetoothd is linked to: they advertise no more, and no scan finds them.

    A program that was killed leaves its strap in this state.
    """
    adapter = await within(call_s, radio.adapter())
    devices = await within(call_s, adapter.get_connected_devices([HEART_RATE_SERVICE]))
    return [Strap(device.name, device.address, None, True, device) for device in devices]


async def scan(
    radio: Radio,
    seconds: float,
    *,
    until: Callable[[Strap], bool] = lambda _: False,
    linger_s: float = 0.0,
    start_s: float = 30.0,
    call_s: float = 5.0,
) -> list[Strap]:
    """Straps that advertise, heard for ``seconds``, or for ``linger_s`` after the first ``until``.

    The caller holds ``radio.lock``. Always bounded: an adapter switched off and on ends a scan
    without a word.
    """
    heard: dict[str, Strap] = {}
    enough = asyncio.Event()

    def hear(device: BLEDevice, advertisement: AdvertisementData) -> None:
        rssi_dbm = advertisement.rssi if advertisement.rssi > SILENT_DBM else None
        name = advertisement.local_name or device.name
        strap = Strap(name, device.address, rssi_dbm, False, device)
        before = heard.get(device.address, strap)
        heard[device.address] = replace(strap, rssi_dbm=max(before, strap, key=loudness).rssi_dbm)
        if until(strap):
            enough.set()

    scanner = radio.scanner(hear, [HEART_RATE_SERVICE])
    try:
        await within(start_s, scanner.start())
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
    return sorted(straps, key=lambda s: (s.connected, *loudness(s)), reverse=True)
