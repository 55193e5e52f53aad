"""The first frame: a title, while everything that takes its time to load is still on its way."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.screen import Screen

from ui.header import Header

if TYPE_CHECKING:
    from ui.terminal import Glyphs


class Opening(Screen[None]):
    """Shown until there is something to show."""

    def __init__(self, glyphs: Glyphs) -> None:
        super().__init__()
        self.glyphs = glyphs

    def compose(self) -> ComposeResult:
        """The title, where it will stay."""
        yield Header(self.glyphs, "Beatwise")
