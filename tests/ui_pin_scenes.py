"""An app that shows a pad for PINs above something, for its tests."""

from pathlib import Path

from textual.app import App
from textual.pilot import Pilot
from textual.widgets import Static

import ui.pin_pad
from ui.pin_pad import PinPad
from ui.terminal import BRAILLE, Glyphs
from ui.theme import MANY, SIXTEEN


class PadApp(App[None]):
    """Pushes the pad it is given, and remembers how it was left."""

    CSS_PATH = Path(ui.pin_pad.__file__).with_name("beatwise.tcss")

    def __init__(
        self, pad: PinPad, glyphs: Glyphs = BRAILLE, sixteen_colours: bool = False
    ) -> None:
        super().__init__(ansi_color=sixteen_colours)
        self.pad = pad
        self.left: bool | str | None = None
        theme = SIXTEEN if sixteen_colours else MANY
        self.register_theme(theme)
        self.theme = theme.name

    def compose(self):
        yield Static("\n".join("the board goes on" for _ in range(60)))

    def on_mount(self):
        self.push_screen(self.pad, self._left)

    def _left(self, allowed):
        self.left = allowed or "left"


async def typed(pilot: Pilot[None], digits: str) -> None:
    """Digits and OK; waits until they were looked at."""
    await pilot.press(*digits, "enter")
    await pilot.app.workers.wait_for_complete()
    await pilot.pause()
