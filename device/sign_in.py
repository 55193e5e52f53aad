"""Whose strap is it? Known ones by their address, an unknown one by who stands at the screen.

Nearness is told by signal strength alone, and that is rough: bodies, pockets and walls take 10 dB
and more. So nothing is ever guessed: unless one strap is near, and well above every other one, and
stays so, nobody is asked.
"""

from collections import deque
from dataclasses import dataclass
from statistics import median

from sensors.straps import Sighting

HELD_S = 3.0
"""So long one strap has to be the nearest: whoever walks past is gone by then."""
WINDOW_S = 3.0
"""Loudness is the median of so long: straps advertise one to four times a second, and single
advertisements scatter by 5 dB and more."""
FEWEST = 2
"""Advertisements within the window before a strap counts as here."""
MARGIN_DB = 10
"""Above the next one: in free space three times as near. Less could be a shoulder in between."""
MOST_HEARD = 200
"""Addresses remembered at once: nobody's room, but a sender of made-up ones is bounded by it."""
GONE_S = 60.0
"""A strap not heard for so long is no longer here."""


@dataclass(frozen=True, slots=True)
class Near:
    """What is near the screen at a moment."""

    strap: Sighting | None
    """The newest word of the one strap that is nearest beyond doubt; None where none is."""
    crowded: bool = False
    """Several are near, and none stands out: they have to come one by one."""


class Nearness:
    """Hears the straps that nobody is signed in with, and tells which of them is at the screen."""

    def __init__(self, near_dbm: int) -> None:
        """``near_dbm`` as :attr:`device.config.Kiosk.near_dbm`."""
        self._near_dbm = near_dbm
        self._heard: dict[str, deque[Sighting]] = {}
        self._leads: str | None = None
        self._leads_since_s = 0.0

    def hear(self, sighting: Sighting) -> None:
        """Take in an advertisement."""
        heard = self._heard.pop(sighting.address, None) or deque()
        self._heard[sighting.address] = heard  # the newest are last
        heard.append(sighting)
        while heard[0].t_s < sighting.t_s - WINDOW_S:
            heard.popleft()
        if len(self._heard) > MOST_HEARD:
            self.forget(next(iter(self._heard)))
        self._lead(sighting.t_s)

    def forget(self, address: str) -> None:
        """It is signed in, or does not matter any more."""
        self._heard.pop(address, None)
        if self._leads == address:
            self._leads = None

    def last(self, address: str) -> Sighting | None:
        """The newest word of a strap; None where it is not here."""
        heard = self._heard.get(address)
        return heard[-1] if heard else None

    def is_here(self, address: str, t_s: float) -> bool:
        """Whether it was heard often enough to say that it is in the room, however loud."""
        heard = self._heard.get(address, ())
        return sum(t_s - one.t_s <= WINDOW_S for one in heard) >= FEWEST

    def near(self, t_s: float) -> Near:
        """Which strap is at the screen."""
        levels = self._lead(t_s)
        if self._leads is not None and t_s - self._leads_since_s >= HELD_S:
            return Near(self._heard[self._leads][-1])
        close = [level for level in levels if level >= self._near_dbm]
        return Near(None, crowded=len(close) > 1 and self._leads is None)

    def _lead(self, t_s: float) -> list[float]:
        """Look who leads now; returns how loud everybody is, the loudest first."""
        while self._heard:  # the oldest are first
            address, heard = next(iter(self._heard.items()))
            if t_s - heard[-1].t_s <= GONE_S:
                break
            self.forget(address)
        levels = sorted(
            (
                (level, address)
                for address in self._heard
                if (level := self._loudness(address, t_s)) is not None
            ),
            reverse=True,
        )
        leads = None
        if levels and levels[0][0] >= self._near_dbm:
            next_dbm = levels[1][0] if len(levels) > 1 else -float("inf")
            leads = levels[0][1] if levels[0][0] - next_dbm >= MARGIN_DB else None
        if leads != self._leads:
            self._leads, self._leads_since_s = leads, t_s
        return [level for level, _ in levels]

    def _loudness(self, address: str, t_s: float) -> float | None:
        """Median dBm of the last seconds; None where it is not heard now."""
        heard = self._heard.get(address, ())
        levels = [
            one.rssi_dbm for one in heard if one.rssi_dbm is not None and t_s - one.t_s <= WINDOW_S
        ]
        return median(levels) if len(levels) >= FEWEST else None


class Away:
    """Straps that sign nobody in until they have been gone: whose athletes have done for today."""

    def __init__(self) -> None:
        self._heard_s: dict[str, float] = {}

    def send(self, address: str, t_s: float) -> None:
        """From now on it is, although it is still heard."""
        self._heard_s[address] = t_s

    def is_here(self, address: str, t_s: float) -> bool:
        """Whether such a strap is still heard."""
        return t_s - self._heard_s.get(address, -GONE_S) <= WINDOW_S

    def recall(self, address: str) -> None:
        """It is not: somebody has signed in with it."""
        self._heard_s.pop(address, None)

    def has(self, sighting: Sighting) -> bool:
        """Whether a strap that is heard is one of them; heard on and on, it stays one."""
        last_s = self._heard_s.pop(sighting.address, None)
        if last_s is None or sighting.t_s - last_s > GONE_S:
            return False
        self._heard_s[sighting.address] = sighting.t_s  # the newest are last
        while len(self._heard_s) > MOST_HEARD:
            del self._heard_s[next(iter(self._heard_s))]
        return True
