"""How many links an adapter takes: no adapter says so, it is found out.

A controller that has no place left refuses HCI LE Create Connection with "connection limit
exceeded" (0x09), which the kernel makes EMLINK and bluetoothd has words for. Those are believed,
but seldom come: tried with kernel 6.12 and BlueZ 5.82, the kernel asks again at each advertisement
and ``Connect`` is not answered at all; users also report "le-connection-abort-by-local", as after
interference, and that the device disappears. Such failures are taken for a full adapter only when
they come again and again to straps close by, while others are linked.
"""

from dataclasses import dataclass

CLEAR_WORDS = ("concurrent-connection-limit", "Too many links")
"""BlueZ 5.62 and later; before. Both are EMLINK."""
LOUD_DBM = -75
"""A strap heard as loud as this is not out of range."""
FAILURES_ENOUGH = 3
"""So many in a row, none of them explained by distance, mean that there is no place."""
FEWEST = 2
"""Every adapter that users report on takes this many links."""
FIRST_WAIT_S = 60.0
"""A full adapter is tried again after so long, though no link has ended; then twice as long."""
LONGEST_WAIT_S = 600.0


@dataclass
class Places:
    """What one adapter has been found to hold. Times are in seconds, on one clock."""

    most: int = 0
    """The most links held at once."""
    full_at: int | None = None
    """So many links were held when another was refused; None while none was."""
    certain: bool = False
    """Whether the adapter said so itself."""
    failures: int = 0
    """In a row, that a full adapter would explain."""
    try_s: float = 0.0
    """When to try again in spite of it."""
    wait_s: float = FIRST_WAIT_S

    def accepted(self, links: int) -> None:
        """A link was made; there are ``links`` now."""
        self.most = max(self.most, links)
        self.failures = 0
        self.wait_s = FIRST_WAIT_S
        if self.full_at is not None and links > self.full_at:
            self.full_at = None

    def refused(self, links: int, why: str, rssi_dbm: int | None, now_s: float) -> None:
        """Connecting to a strap just heard at ``rssi_dbm`` failed, while there were ``links``."""
        if any(words in why for words in CLEAR_WORDS):
            self._fill(links, now_s, certain=True)
        elif links >= FEWEST and rssi_dbm is not None and rssi_dbm >= LOUD_DBM:
            self.failures += 1
            if self.failures >= FAILURES_ENOUGH and not self.full(links):
                self._fill(links, now_s, certain=False)

    def _fill(self, links: int, now_s: float, *, certain: bool) -> None:
        known = self.full(links)
        self.full_at, self.certain = links, certain
        if not known:
            self.put_off(now_s)

    def full(self, links: int) -> bool:
        """Whether another link would be refused, as far as is known."""
        return self.full_at is not None and links >= self.full_at

    def worth_trying(self, links: int, now_s: float) -> bool:
        """Whether to ask it for another link."""
        return not self.full(links) or now_s >= self.try_s

    def put_off(self, now_s: float) -> None:
        """It is full, and was or will be asked all the same: not again for a while."""
        self.try_s = now_s + self.wait_s
        self.wait_s = min(2 * self.wait_s, LONGEST_WAIT_S)

    def words(self, name: str) -> str:
        """How to say that it is full."""
        return (
            f"{name} {'full' if self.certain else 'seems full'}: {self.full_at} of {self.full_at}"
        )
