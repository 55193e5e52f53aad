"""Picking one of many, without a screen: what is typed narrows the list, arrows move in it."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace

from device.names import name_key

LONGEST_TYPED = 30


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to pick."""

    key: str
    """What picking it gives."""
    label: str
    """Untrusted text."""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Picking:
    """The list as it stands."""

    items: tuple[Item, ...]
    typed: str = ""
    at: int = 0
    """Place in :attr:`shown`."""

    @property
    def shown(self) -> Sequence[Item]:
        """Those that have a word which begins with what was typed."""
        wanted = _typable(self.typed)
        return [item for item in self.items if _begins(_typable(item.label), wanted)]

    @property
    def picked(self) -> Item | None:
        """The one that Enter takes; None where nothing is left."""
        shown = self.shown
        return shown[self.at] if self.at < len(shown) else None

    def moved(self, step: int) -> Picking:
        """Further down or up, no further than the ends."""
        return replace(self, at=max(0, min(len(self.shown) - 1, self.at + step)))

    def with_typed(self, character: str) -> Picking:
        """Narrower by a letter; one that would leave nothing is not taken."""
        narrower = replace(self, typed=(self.typed + character)[:LONGEST_TYPED], at=0)
        return narrower if narrower.shown else self

    def taken_back(self) -> Picking:
        """Wider again."""
        return replace(self, typed=self.typed[:-1], at=0)

    def window(self, rows: int) -> range:
        """The places to show in so many rows, the picked one among them."""
        first = max(0, min(self.at - rows // 2, len(self.shown) - rows))
        return range(first, min(len(self.shown), first + rows))


def _begins(label: str, wanted: str) -> bool:
    return label.startswith(wanted) or any(word.startswith(wanted) for word in label.split())


def _typable(text: str) -> str:
    """Without capitals and accents: a keyboard has not everybody's."""
    letters = unicodedata.normalize("NFKD", name_key(text))
    return "".join(letter for letter in letters if not unicodedata.combining(letter))
