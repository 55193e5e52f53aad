"""An app with a desk behind PINs, above something that stands for the board."""

from pathlib import Path
from typing import Any

from furnished import NOW
from textual.app import App
from textual.pilot import Pilot
from textual.widgets import Static

import ui.private
from device import roster
from device.folder import Places
from device.pins import Pins
from device.store import Store
from ui.private import Desk, newest
from ui.terminal import BRAILLE, Glyphs
from ui.theme import MANY, SIXTEEN


def desk(places: Places, store: Store, told: list[str]) -> Desk:
    """A desk that writes down whom it would tell of what."""

    async def sign_out(who: str) -> None:
        told.append(f"sign out {who}")

    return Desk(
        places=places,
        store=store,
        pins=Pins(store),
        people=lambda: roster.load_all(places.data).athletes,
        now=lambda: NOW,
        sign_out=sign_out,
        roster_changed=lambda: told.append("roster changed"),
        close_at=lambda closes: told.append(f"closes at {closes}"),
        leave=lambda: told.append("leave"),
        newest_before=newest(store),
    )


class DeskApp(App[None]):
    """Opens the one or the other."""

    CSS_PATH = Path(ui.private.__file__).with_name("beatwise.tcss")

    def __init__(self, desk: Desk, glyphs: Glyphs = BRAILLE, sixteen_colours: bool = False) -> None:
        super().__init__(ansi_color=sixteen_colours)
        self.desk = desk
        self.glyphs = glyphs
        theme = SIXTEEN if sixteen_colours else MANY
        self.register_theme(theme)
        self.theme = theme.name

    def compose(self):
        yield Static("the board")

    def own_data(self) -> None:
        ui.private.open_own_data(self, self.desk, self.glyphs)

    def admin(self) -> None:
        ui.private.open_admin(self, self.desk, self.glyphs)


async def settle(pilot: Pilot[None]) -> None:
    """Until nothing is waited for but a person."""
    for _ in range(3):
        await pilot.pause()
        while any(getattr(screen, "at_work", False) for screen in pilot.app.screen_stack):
            await pilot.pause()


async def press(pilot: Pilot[Any], *keys: str) -> None:
    for key in keys:
        await pilot.press(key)
        await settle(pilot)


async def type_pin(pilot: Pilot[Any], digits: str) -> None:
    await pilot.press(*digits)
    await press(pilot, "enter")
