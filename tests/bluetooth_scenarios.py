"""What must happen when Bluetooth fails: one file for every rung.

Each scenario runs :func:`sensors.ble.listen` itself against a world it can break, and asserts on
the events that come out: it recovers, it loses no beat that arrived, it doubles none, it says why
in plain words. The world is an :class:`Environment`: a stand-in ``org.bluez`` on a private
dbus-daemon (tests/test_sensors_bluez.py), or the real bluetoothd in a virtual machine.

Standard library, bleak and sensors only, no pytest: the file is copied into the virtual machine.
"""

from collections.abc import Sequence
from typing import Literal, Protocol

from sensors.ble import Limits
from sensors.discovery import Radio

STRAP_NAME = "Strap H10"
STRAP_ADDRESS = "F0:F1:F2:F3:F4:F5"
BATTERY_PCT = 87


def ticks(k: int) -> int:
    """The single RR of the strap's ``k``-th notification: it counts, so a loss or a double shows.

    586 to 1561 ms, and 1000 notifications before a value comes again.
    """
    return 600 + k % 1000


class Environment(Protocol):
    """The world round the program: one strap, one adapter, one bluetoothd, and what befalls them.

    The strap is named STRAP_NAME, has STRAP_ADDRESS (static random), advertises 0x180D, and serves
    0x2A37 (notify), 0x2A38 (1, chest) and 0x2A19 (BATTERY_PCT). While a central is subscribed it
    notifies every ``period_s`` a clean frame with exactly one RR of ``ticks(k)``, where k counts
    all its notifications since the environment began and is never reset: flags 0x16, heart rate
    ``round(60 * 1024 / ticks(k))``. While nobody is subscribed it sends nothing and k stands.
    """

    limits: Limits
    """Time limits for ``listen`` that suit this rung."""
    radio: Radio
    """A Radio(), made in the running event loop."""
    period_s: float
    """Seconds between two notifications."""
    patience_s: float
    """How long a scenario waits for any one thing before it calls it missing."""

    async def reset(self) -> None:
        """Before each scenario: everything runs, nothing is linked.

        bluetoothd runs, the adapter is plugged in and powered, the strap is in range, unlinked,
        advertising, speaking and forgotten by BlueZ, and ``sent`` is empty.
        """

    async def strap(self, command: str) -> None:
        """One command to the strap or to the adapter's plug; returns when it has taken effect.

        ``drop``     the strap hangs up; it advertises again at once
        ``lost``     it goes out of range: the link times out on both sides, no advertising
        ``vanish``   out of range for advertising and connecting; an existing link is not cut
        ``return``   in range again
        ``silent``   it stops notifying, the link stays (k stands still)
        ``speak``    it notifies again
        ``garble``   one notification more, malformed: the single byte 0x16 (k stands still)
        ``unplug``   the adapter is pulled out
        ``plug``     the adapter is back, powered
        """

    async def power(self, on: bool) -> None:
        """The adapter's Powered property, as ``bluetoothctl power on|off`` sets it."""

    async def bluetoothd(self, what: Literal["term", "kill", "start"]) -> None:
        """Stop it with SIGTERM or SIGKILL, or start it (and power the adapter)."""

    async def sent(self) -> Sequence[Sequence[int]]:
        """RR ticks of every clean notification since ``reset``, one list for each subscription.

        A list begins when a central subscribes to 0x2A37 and ends when it unsubscribes or the
        link goes. What was sent is what the strap handed to its stack while subscribed.
        """

    async def linked(self) -> bool:
        """Whether the strap has a link now, as the strap sees it."""
