"""The state in one large word, readable from two metres."""

from __future__ import annotations

from typing import ClassVar

from ui import lettering
from ui.gauges import Moment
from ui.picture import Picture, Row


class BigWord(Picture):
    """Capitals as large as there is room for."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"big-word--letters"}
    STYLES: ClassVar[dict[str, str]] = {"w": "big-word--letters"}

    def fact(self, moment: Moment) -> str:
        """The word."""
        return moment.standing.word

    def draw(self, width: int, height: int) -> list[Row]:
        """The word in large letters; where there are no half blocks, spaced out between bars."""
        if not isinstance(self.shown, str):
            return []
        if self.glyphs.drawing == "ascii":
            bar = self.glyphs.solid * 2
            rows = [""] * ((height - 1) // 2) + [f"{bar} {' '.join(self.shown)} {bar}"]
        else:
            room = min(height * 2 // lettering.WORD_HEIGHT, width // lettering.width_of(self.shown))
            rows = lettering.to_text(lettering.word(self.shown, max(1, room)), self.glyphs)
        return [(row, "w" * len(row)) for row in rows]
