"""What all leaf widgets share: one fact each, drawn again only when that fact has changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from ui.terminal import Glyphs, plain

if TYPE_CHECKING:
    from device.reading import Reading
    from device.second_opinion import Opinion
    from ui.words import Standing


@dataclass(frozen=True, slots=True)
class Moment:
    """What a pane hands down: the newest reading, and what it means in words."""

    reading: Reading
    standing: Standing
    trail: tuple[float | None, ...] = ()
    """Mean heart rate of every 5 s of the last 10 minutes."""
    drift_pct: float | None = None
    """So far; None before it can be told."""
    opinion: Opinion | None = None
    """What alpha 1 says beside the heart rate."""


class Gauge(Widget):
    """A leaf: :meth:`fact` picks what it shows of a moment."""

    moment: reactive[Moment | None] = reactive(None, repaint=False)

    def __init__(self, glyphs: Glyphs) -> None:
        super().__init__()
        self.set_reactive(Widget.auto_links, False)  # no links here: not looked for in each frame
        self.glyphs = glyphs
        self.shown: object = None

    def watch_moment(self, moment: Moment | None) -> None:
        """Draw again, without laying out again, where the fact has changed."""
        shown = None if moment is None else self.fact(moment)
        if shown != self.shown:
            self.shown = shown
            self.changed()

    def fact(self, moment: Moment) -> object:
        """The part of a moment this gauge shows; compared with ``==``."""
        raise NotImplementedError

    def changed(self) -> None:
        """Show the new fact."""
        self.refresh()


class Sentence(Gauge):
    """The one sentence of state. It can hold a reason somebody else wrote: never markup."""

    def fact(self, moment: Moment) -> str:
        """The sentence."""
        return moment.standing.sentence

    def render(self) -> Content:
        """The sentence, wrapped."""
        return Content(plain(self.shown, self.glyphs) if isinstance(self.shown, str) else "")
