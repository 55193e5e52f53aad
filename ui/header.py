"""The first and the last line of every screen: who, on what, and which keys do something."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from ui.gauges import Gauge, Moment
from ui.terminal import Glyphs, plain

if TYPE_CHECKING:
    from ui.overview import SourceCard, SourceKind

BADGES: dict[SourceKind, str] = {"simulated": " SIMULATED ", "replay": " REPLAY "}
"""What must never be taken for a person who is running now."""


class Header(Gauge):
    """Names on the left, where the heartbeats come from on the right. Names are untrusted."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"header--badge", "header--source"}

    def __init__(self, glyphs: Glyphs, title: str, source: SourceCard | None = None) -> None:
        super().__init__(glyphs)
        self.title = title
        self.source = source

    def fact(self, moment: Moment) -> str | None:
        """What the sensor calls itself."""
        return moment.reading.sensor_name

    def render(self) -> Content:
        """One line; where there is little room the names give way, the badge stays."""
        badge = BADGES.get(self.source.kind, "") if self.source else ""
        named = self.shown if isinstance(self.shown, str) else None
        source = plain(named or (self.source.name if self.source else ""), self.glyphs)
        right = Content.assemble(
            (f"{source} ", self.get_visual_style("header--source")),
            (badge, self.get_visual_style("header--badge")),
        )
        left = Content(plain(self.title, self.glyphs))
        room = self.size.width - len(badge) - 1
        if left.cell_length + right.cell_length + 1 > self.size.width:
            right = Content.styled(badge, self.get_visual_style("header--badge"))
            left = left.truncate(max(0, room), ellipsis=self.glyphs.drawing == "braille")
        gap = max(1, self.size.width - left.cell_length - right.cell_length)
        return Content.assemble(left, " " * gap, right)


KeyList = tuple[tuple[str, str], ...]
"""Each key and what it does."""


class Keys(Widget):
    """The keys that do something here."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"keys--key"}

    keys: reactive[KeyList] = reactive(())

    def __init__(self, keys: KeyList) -> None:
        super().__init__()
        self.set_reactive(Keys.keys, keys)

    def render(self) -> Content:
        """Each key and what it does."""
        key_style = self.get_visual_style("keys--key")
        return Content("   ").join(
            Content.assemble((f" {key} ", key_style), f" {what}") for key, what in self.keys
        )
