"""The keys of the board, one each; there is no other way from it."""

from __future__ import annotations

from ui.header import KeyList

KEYS: KeyList = (("o", "over"), ("s", "stale"), ("n", "no strap"))
