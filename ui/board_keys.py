"""The keys of the board, one each; there is no other way from it."""

from __future__ import annotations

from collections.abc import Collection

from textual.content import Content
from textual.geometry import Size

from ui.header import KeyList, Keys

QUESTIONS: KeyList = (("o", "over"), ("s", "stale"), ("n", "no strap"))
PEOPLE: KeyList = (("i", "sign in"), ("e", "sign out"), ("p", "purpose"), ("x", "swap straps"))
BEHIND: KeyList = (("c", "corner"), ("m", "my data"), ("a", "admin"))
"""Shown where something lies behind them."""
APART = 3


def keys_of(behind: Collection[str]) -> KeyList:
    """The keys that do something."""
    return (*QUESTIONS, *PEOPLE, *(key for key in BEHIND if key[0] in behind))


def lines_of(keys: KeyList, width: int) -> list[KeyList]:
    """The keys in as few lines as they need, none of them broken."""
    lines: list[list[tuple[str, str]]] = [[]]
    room = width
    for key, what in keys:
        needed = len(key) + len(what) + 3
        if lines[-1] and needed > room:
            lines.append([])
            room = width
        lines[-1].append((key, what))
        room -= needed + APART
    return [tuple(line) for line in lines]


class BoardKeys(Keys):
    """All the keys, in one line where there is room and in two on a console."""

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:  # noqa: ARG002
        """As many lines as the keys need."""
        return len(lines_of(self.keys, width))

    def watch_keys(self) -> None:
        """They may need more lines, or fewer."""
        self.refresh(layout=True)

    def render(self) -> Content:
        """Each key and what it does."""
        style = self.get_visual_style("keys--key")
        return Content("\n").join(
            Content(" " * APART).join(
                Content.assemble((f" {key} ", style), f" {what}") for key, what in line
            )
            for line in lines_of(self.keys, self.size.width)
        )
