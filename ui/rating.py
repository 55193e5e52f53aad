"""How hard was it, all in all: asked once after a session, one key an answer."""

from __future__ import annotations

from typing import ClassVar

from device.ratings import WORDS
from ui.picture import Picture, Row
from ui.terminal import Glyphs

ASKED = "How hard was it, all in all?"
KEYS: dict[str, int] = {**{f"{n}": n for n in range(10)}, "m": 10}
"""A rating has one digit, but for the highest: m, the most there is."""
LONGEST_WORD = 24


class RatingQuestion(Picture):
    """The scale from 0 to 10, with the key and the word of each."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        f"rating-question--{part}" for part in ("asked", "key", "word", "chosen")
    }
    STYLES: ClassVar[dict[str, str]] = {
        "q": "rating-question--asked",
        "k": "rating-question--key",
        "w": "rating-question--word",
        "c": "rating-question--chosen",
    }

    def __init__(self, glyphs: Glyphs, chosen: float | None = None) -> None:
        super().__init__(glyphs)
        self.chosen = chosen

    def draw(self, width: int, height: int) -> list[Row]:  # noqa: ARG002 - cut by the widget
        """Two columns where all do not fit below one another."""
        cells = [self._cell(key, rating) for key, rating in KEYS.items()]
        columns = 1 if height > len(cells) + 1 else 2
        length = -(-len(cells) // columns)
        rows: list[Row] = [(ASKED, "q" * len(ASKED)), ("", "")]
        if height < length + 2:
            rows.pop()
        for at in range(length):
            line = cells[at::length]
            rows.append(("".join(text for text, _ in line), "".join(marks for _, marks in line)))
        return rows

    def _cell(self, key: str, rating: int) -> Row:
        chosen = self.chosen == rating
        mark = self.glyphs.arrow_right if chosen else " "
        word = WORDS.get(rating, "")
        said = f"{rating}, {word}" if key == "m" else word
        text = f"{mark}  {key}   {said:<{LONGEST_WORD}}"
        return text, "c kkk  " + ("c" if chosen else "w") * (len(text) - 7)
