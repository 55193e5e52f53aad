"""Leaf widgets: each draws one fact of a session, and only when that fact has changed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, ClassVar

from rich.segment import Segment
from rich.style import Style
from textual.content import Content
from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget

from ui import lettering
from ui.terminal import Glyphs, plain

if TYPE_CHECKING:
    from device.reading import Reading
    from ui.words import Kind, Standing


REVERSE = Style(reverse=True)


@dataclass(frozen=True, slots=True)
class Moment:
    """What a pane hands down: the newest reading, and what it means in words."""

    reading: Reading
    standing: Standing


class Gauge(Widget):
    """A leaf: :meth:`fact` picks what it shows, and it is drawn again when that differs."""

    moment: reactive[Moment | None] = reactive(None, repaint=False)

    def __init__(self, glyphs: Glyphs, *, id: str | None = None, classes: str | None = None):  # noqa: A002 - Textual's name for it
        super().__init__(id=id, classes=classes)
        self.glyphs = glyphs
        self.shown: object = None

    def watch_moment(self, moment: Moment | None) -> None:
        """Draw again, without laying out again, where the fact has changed."""
        shown = None if moment is None else self.fact(moment)
        if shown != self.shown:
            self.shown = shown
            self.refresh()

    def fact(self, moment: Moment) -> object:
        """The part of a moment this gauge shows; compared with ``==``."""
        raise NotImplementedError


class Fact(Gauge):
    """A label and a value on one line."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"fact--label", "fact--value"}

    def __init__(self, glyphs: Glyphs, label: str, value_of: Callable[[Reading], str]) -> None:
        super().__init__(glyphs)
        self.label = label
        self.value_of = value_of

    def fact(self, moment: Moment) -> str:
        """The value as text."""
        return self.value_of(moment.reading)

    def render_line(self, y: int) -> Strip:
        """The label, and the value at a fixed column."""
        label = f"{self.label:<9}" if y == 0 else ""
        value = f"{self.shown or ''}" if y == 0 else ""
        text = f"{label}{value}"[: self.size.width].ljust(self.size.width)
        keys = ["label"] * len(label) + ["value"] * (len(text) - len(label))
        return painted(
            text, keys, lambda key: self.get_component_rich_style(f"fact--{key}"), self.glyphs
        )


class Sentence(Gauge):
    """The one sentence of state. It can hold a reason somebody else wrote: never markup."""

    def fact(self, moment: Moment) -> tuple[Kind, str]:
        """The sentence, and the state it is told in."""
        return moment.standing.kind, moment.standing.sentence

    def render(self) -> Content:
        """The sentence, wrapped."""
        return Content(plain(self.shown[1], self.glyphs)) if self.shown else Content("")


class BigWord(Gauge):
    """The state in one large word."""

    def fact(self, moment: Moment) -> tuple[Kind, str]:
        """The word, and the state that colours it."""
        return moment.standing.kind, moment.standing.word

    def render_line(self, y: int) -> Strip:
        """A row of the word's letters; without half blocks, spaced capitals in reverse."""
        width, height = self.size
        style = self.rich_style
        if not self.shown:
            return Strip.blank(width, style)
        _, text = self.shown
        if self.glyphs.drawing == "ascii":
            rows = [f"  {' '.join(text)}  "]
            top = (height - 1) // 2
            width, style = len(rows[0]), style + REVERSE
        else:
            scale = 2 if height >= 6 and 2 * lettering.width_of(text) <= width else 1
            rows = lettering.to_text(lettering.word(text, scale), self.glyphs)
            top = 0
        row = rows[y - top] if top <= y < top + len(rows) else ""
        return filled(row, width, style, self.glyphs).adjust_cell_length(
            self.size.width, self.rich_style
        )


def painted(
    text: str, keys: Sequence[str], style_of: Callable[[str], Style], glyphs: Glyphs
) -> Strip:
    """One line whose every character has the style its key names; neighbours are joined."""
    segments = []
    start = 0
    by_reverse = glyphs.solid if glyphs.solid_by_reverse else None
    runs = groupby(zip(text, keys, strict=True), lambda cell: (cell[0] == by_reverse, cell[1]))
    for (solid, key), run in runs:
        end = start + sum(1 for _ in run)
        style = style_of(key)
        segments.append(
            Segment(" " * (end - start), style + REVERSE)
            if solid
            else Segment(text[start:end], style)
        )
        start = end
    return Strip(segments, len(text))


def filled(text: str, width: int, style: Style, glyphs: Glyphs) -> Strip:
    """One line in one style, as wide as its widget."""
    text = text[:width].ljust(width)
    return painted(text, [""] * width, lambda _: style, glyphs)
