"""A dialog on a shared screen: where nobody is any more it goes away, with what it showed."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar, TypeVar

from textual.screen import ModalScreen

from ui.sizes import HEIGHTS, WIDTHS
from ui.terminal import Glyphs

if TYPE_CHECKING:
    from textual._path import CSSPathType

Result = TypeVar("Result")

PRIVATE = "private"
"""The group of the workers that lead somebody through dialogs; one at a time."""
IDLE_S = 30.0
LOOK_S = 1.0


class Forgetful(ModalScreen[Result]):
    """Leaves after :data:`IDLE_S` without a key or a touch, unless it is at work."""

    CSS_PATH: ClassVar[CSSPathType | None] = "dialogs.tcss"
    VERTICAL_BREAKPOINTS = HEIGHTS
    HORIZONTAL_BREAKPOINTS = WIDTHS

    def __init__(self, glyphs: Glyphs, *, clock: Callable[[], float] = time.monotonic) -> None:
        """``clock`` only goes forward."""
        super().__init__()
        self.glyphs = glyphs
        self.clock = clock
        self.at_work = False
        """Something is being done that a person waits for."""
        self._touched_s = clock()

    def on_mount(self) -> None:
        """Look at the clock once a second."""
        self.set_interval(LOOK_S, self.look)

    def on_screen_resume(self) -> None:
        """Whoever has left the dialog above is here."""
        self.touched()

    def touched(self) -> None:
        """Somebody is here."""
        self._touched_s = self.clock()

    def look(self) -> None:
        """Leave where nobody has been for a while."""
        idle = self.clock() - self._touched_s >= IDLE_S
        # is_current is true of a screen that can be seen behind a dialog, too.
        if idle and self.app.screen is self and not self.at_work:
            self.action_leave()

    def action_leave(self) -> None:
        """Back to what is below, with nothing decided."""
        self.dismiss(None)
