"""The keys of the board, one each; there is no other way from it."""

from __future__ import annotations

from collections.abc import Iterable

from ui.header import KeyList

KEYS: KeyList = (("o", "over"), ("s", "stale"), ("n", "no strap"))
BEHIND = {"c": "corner", "m": "my data", "a": "admin"}
"""What may lie behind further keys, where there is something."""


def with_those_behind(keys: Iterable[str]) -> KeyList:
    """All keys that do something."""
    return (*KEYS, *((key, BEHIND[key]) for key in keys))
