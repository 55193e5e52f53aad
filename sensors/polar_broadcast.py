"""Heart rate that a Polar strap says in its advertisements, without a link.

The format is that of Polar's published SDK (``BleAdvertisementContent`` and
``BlePolarHrAdvertisement``; Android and iOS agree): behind the company id 0x006B come blocks. In a
block's first byte bit 6 set means data of another kind, whose length is the next byte. Clear means
the heart rate, to the end of the advertisement: flags (bit 0 battery, 1 contact, 2 to 4 a frame
counter, 5 broadcast), one byte unused here, a fast average, and in exactly four bytes a slow one,
which is the one to show.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from sensors.events import PLAUSIBLE_BPM
from sensors.lately import remember

COMPANY = 0x006B
"""Polar Electro, in the Bluetooth SIG's list of company identifiers."""


@dataclass(frozen=True, slots=True)
class Broadcast:
    """One frame as it was sent."""

    bpm: int
    frame: int
    """0 to 7: counts the frames that carry a new measurement."""


def decode(manufacturer_data: Mapping[int, bytes]) -> Broadcast | None:
    """The heart rate in an advertisement; None where there is none, or none that makes sense."""
    content = manufacturer_data.get(COMPANY, b"")
    at = 0
    while at < len(content) and content[at] & 0x40:
        at += 2 + content[at + 1] if at + 1 < len(content) else 2
    block = content[at:]
    if len(block) < 3:
        return None
    bpm = block[3] if len(block) == 4 else block[2]
    return Broadcast(bpm, block[0] >> 2 & 0x07) if bpm in PLAUSIBLE_BPM else None


class Broadcasts:
    """The last frame of each strap: a strap on a table repeats it for minutes."""

    def __init__(self) -> None:
        self._last: dict[str, Broadcast] = {}

    def news(self, address: str, manufacturer_data: Mapping[int, bytes]) -> int | None:
        """Heart rate in bpm if this frame is a new one of this strap; its first tells nothing.

        Old straps (H6, first H7) leave the counter at one value: with them a heart rate that has
        changed is news.
        """
        frame = decode(manufacturer_data)
        if frame is None:
            return None
        before = self._last.get(address)
        remember(self._last, address, frame)
        return frame.bpm if before not in (None, frame) else None
