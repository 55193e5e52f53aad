"""Sends a terminal the cells that have changed, and none to the left of them.

Textual's own update begins every stretch at the left edge of its widget. On a board that is one
widget it would send nearly all of it, every second.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.control import Control
from textual._compositor import ChopsUpdate, Compositor

if TYPE_CHECKING:
    from rich.console import Console


class ExactUpdate(ChopsUpdate):
    """Stretches of cells, each from its first to its last."""

    def render_segments(self, console: Console) -> str:
        """What the terminal is sent."""
        sent: list[str] = []
        for y, x1, x2 in self.spans:
            for end, (x, strip) in zip(self.chop_ends[y], self.chops[y].items(), strict=False):
                if strip is not None and x < x2 and end > x1:
                    first = max(x, x1)
                    sent.append(Control.move_to(first, y).segment.text)
                    sent.append(strip.crop(first - x, min(end, x2) - x).render(console))
        return "".join(sent)


class ExactCompositor(Compositor):
    """Textual's, but for what it sends."""

    def render_partial_update(self) -> ChopsUpdate | None:
        """What has changed since it was last asked."""
        update = super().render_partial_update()
        return update and ExactUpdate(update.chops, update.spans, update.chop_ends)
