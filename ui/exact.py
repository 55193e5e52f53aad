"""Sends a terminal the cells that have changed, and none to the left of them.

Textual's own update begins every stretch at the left edge of its widget. On a board that is one
widget it would send nearly all of it, every second. And it says how cells look for each stretch
anew; here only where that changes from one stretch to the next.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.color import ColorSystem
from rich.control import Control
from textual._compositor import ChopsUpdate, Compositor
from textual.strip import Strip

if TYPE_CHECKING:
    from rich.console import Console


class ExactUpdate(ChopsUpdate):
    """Stretches of cells, each from its first to its last."""

    def render_segments(self, console: Console) -> str:
        """What the terminal is sent."""
        colours = console._color_system or ColorSystem.TRUECOLOR  # noqa: SLF001 - as Textual does
        sent: list[str] = []
        look = ""
        for y, x1, x2 in self.spans:
            for end, (x, strip) in zip(self.chop_ends[y], self.chops[y].items(), strict=False):
                if strip is None or x >= x2 or end <= x1:
                    continue
                first = max(x, x1)
                sent.append(Control.move_to(first, y).segment.text)
                for text, style, _ in strip.crop(first - x, min(end, x2) - x):
                    wanted = "" if style is None else Strip.render_ansi(style, colours)
                    if wanted != look:
                        sent.append(f"\x1b[0;{wanted}m" if wanted else "\x1b[0m")
                        look = wanted
                    sent.append(text)
        return "".join([*sent, "\x1b[0m"] if look else sent)


class ExactCompositor(Compositor):
    """Textual's, but for what it sends."""

    def render_partial_update(self) -> ChopsUpdate | None:
        """What has changed since it was last asked."""
        update = super().render_partial_update()
        return update and ExactUpdate(update.chops, update.spans, update.chop_ends)
