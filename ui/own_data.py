"""An athlete's own data on a shared screen: what is kept, taken along on a stick, and erased."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import ClassVar

from textual.binding import Binding, BindingType

from device import morning_history
from device.erase import erase
from device.export import MOST_SESSIONS, export
from device.history import open_history
from device.names import same_name
from ui.desk_screen import DeskScreen, backups_gone
from ui.header import KeyList
from ui.pick import Line, Tell, told
from ui.pin_pad import AskPin, NewPin
from ui.private import Desk, stick
from ui.terminal import Glyphs


class OwnData(DeskScreen):
    """Shown to its owner, who has typed the PIN."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("e", "export", "Take it along"),
        Binding("p", "pin", "Another PIN"),
        Binding("d", "erase", "Erase it"),
    ]
    KEYS: ClassVar[KeyList] = (("e", "onto a stick"), ("p", "another PIN"), ("d", "erase it all"))

    def __init__(
        self,
        desk: Desk,
        who: str,
        glyphs: Glyphs,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(f"What is kept of {who}", desk, glyphs, clock=clock)
        self.who = who

    def facts(self) -> tuple[Line, ...]:
        """Counted on the disk."""
        with open_history(self.desk.places.database) as history:
            sessions = history.sessions(athlete=self.who, limit=MOST_SESSIONS)
            mornings = morning_history.mornings(history, self.who)
        days = [one.start.started for one in sessions if one.start.started is not None]
        span = f", {min(days):%Y-%m-%d} to {max(days):%Y-%m-%d}" if days else ""
        one = next((one for one in self.desk.people() if same_name(one.name, self.who)), None)
        strap = one and one.strap and (one.strap.address or one.strap.name)
        return (
            ("sessions", f"{len(sessions)}{span}"),
            ("mornings", f"{len(mornings)}"),
            ("strap", strap or "none"),
            ("", ""),
            ("", "It lies on this device, and in backups that its keeper makes."),
        )

    def action_export(self) -> None:
        """Everything onto a stick."""
        self.start(self._export())

    def action_pin(self) -> None:
        """Choose another PIN."""
        self.start(self._pin())

    def action_erase(self) -> None:
        """Everything gone, after being asked twice."""
        self.start(self._erase())

    async def _export(self) -> None:
        to = await stick(self.app, self.glyphs, "Onto which stick?")
        if to is None:
            return
        places, now = self.desk.places, self.desk.now()

        def write() -> str:
            with open_history(places.database) as history:
                made = export(history, places, self.who, to, now=now)
            return "\n".join((f"{made.path.name} is on the stick.", *made.notes))

        self.said = await self.at("writing...", write)

    async def _pin(self) -> None:
        if await self.app.push_screen_wait(NewPin(self.desk.pins, self.who, self.glyphs)):
            self.said = "The new PIN is set."

    async def _erase(self) -> None:
        lines = (
            *self.lines[:3],
            ("", "Profile and PIN go too. Nobody can bring it back."),
            *await self.backups_that_go(),
        )
        if not await self.sure(f"Erase everything of {self.who}?", lines, "Yes, erase it all"):
            return
        why = f"To erase everything: PIN of {self.who}"
        pad = AskPin(self.desk.pins, self.who, self.glyphs, why=why, clock=self.clock)
        if not await self.app.push_screen_wait(pad):
            return
        await self.desk.signed_out(self.who)
        desk = self.desk
        erased = await self.at("erasing...", lambda: erase(desk.store, desk.places, self.who))
        desk.roster_changed()
        self.lines = ()
        lines = told((*backups_gone(erased), *erased.remains))
        await self.app.push_screen_wait(Tell("It is gone", lines, self.glyphs))
        self.dismiss(None)
