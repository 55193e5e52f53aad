"""Typing a PIN, without a screen: which digits are there, and what stands below them."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from device.pins import DIGITS, Wait, Wrong, pin_mistake

LONGEST = DIGITS[1]
BACK, ENTER = "back", "enter"
"""What a key means that is no digit."""
KEYS: tuple[tuple[str, ...], ...] = (
    ("1", "2", "3"),
    ("4", "5", "6"),
    ("7", "8", "9"),
    (BACK, "0", ENTER),
)
"""The pad, row by row."""
LOOKING = "one moment"


@dataclass(frozen=True, slots=True)
class Entry:
    """What has been typed so far; the digits themselves are never shown."""

    digits: str = ""
    said: str = ""
    """The line below the dots."""
    looking: bool = False
    """A PIN is being looked at: keys do nothing."""
    first: str | None = None
    """A new PIN, typed once; None where it is not, or no new one is wanted."""

    def pressed(self, key: str) -> Entry:
        """After a digit, or one taken back."""
        if self.looking:
            return self
        if key == BACK:
            return replace(self, digits=self.digits[:-1], said="")
        return replace(self, digits=(self.digits + key)[:LONGEST], said="")

    def looked_at(self) -> Entry:
        """While the answer is not known."""
        return replace(self, looking=True, said=LOOKING)

    def answered(self, said: str) -> Entry:
        """Empty again, with what was answered."""
        return Entry(said=said, first=self.first)

    def once_more(self) -> Entry:
        """A new PIN was typed: again, so that no slip of a finger locks anybody out."""
        if words := pin_mistake(self.digits):
            return Entry(said=words)
        return Entry(first=self.digits, said="and once more")


def in_words(answer: Wrong | Wait) -> str:
    """What is answered to a PIN that opens nothing."""
    if isinstance(answer, Wrong):
        return f"wrong PIN; {wait_words(answer.wait_s)}" if answer.wait_s else "wrong PIN"
    return wait_words(answer.wait_s)


def wait_words(left_s: float) -> str:
    """How long is still to be waited, to the second below two minutes."""
    seconds = math.ceil(left_s)
    return f"next try in {seconds} s" if seconds < 120 else f"next try in {-(-seconds // 60)} min"
