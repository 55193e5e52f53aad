"""A strap that is near: what is known of it before there is a link, and which to choose."""

from collections.abc import Container, Iterable
from dataclasses import dataclass, field

from bleak.backends.device import BLEDevice

SILENT_DBM = -127
"""What bleak and the Core Specification say when the signal strength is unknown."""


@dataclass(frozen=True, slots=True)
class Strap:
    """A strap that is near, or linked to this machine already."""

    name: str | None
    """What it calls itself: untrusted, for :func:`sensors.strap_name.display_name`."""
    address: str
    rssi_dbm: int | None
    """The strongest heard; None for one that is linked and advertises no more."""
    connected: bool
    device: BLEDevice = field(repr=False, compare=False)
    """bleak's handle, to connect with on that adapter; good until a connect fails."""
    adapter: str = ""
    """The adapter that heard it or is linked to it: "hci0"."""


def choose(straps: Iterable[Strap], address: str | None, held: Container[str]) -> Strap | None:
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
