"""One line where a screen cannot go on: what is wrong, in the words of whoever found it."""

from __future__ import annotations

from textual.content import Content
from textual.widget import Widget

from ui.terminal import Glyphs, plain


class Trouble(Widget, can_focus=True):
    """The line, wrapped; untrusted text."""

    def __init__(self, said: str, glyphs: Glyphs) -> None:
        super().__init__()
        self.said = plain(said, glyphs)

    def render(self) -> Content:
        """As it came."""
        return Content(self.said)
