"""The live screen: one pane an athlete, and one glance says how it stands."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.screen import Screen

from ui import live_keys
from ui.header import Keys
from ui.live_pane import LivePane
from ui.sizes import HEIGHTS, WIDTHS, size_classes

if TYPE_CHECKING:
    from ui.overview import Begin, Plan
    from ui.terminal import Glyphs


class LiveScreen(Screen[None]):
    """A pane for each athlete measured; a person alone is a mapping of one."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("q,escape", "end", "End the session"),
        Binding("space", "pause", "Pause or go on"),
        Binding("l", "lap", "Lap"),
        Binding("n", "note", "Note"),
        Binding("n", "decline", "Do not accept"),
        Binding("y", "accept", "Accept"),
        Binding("d", "details", "Details"),
        Binding("x", "end_ramp", "End the ramp"),
        Binding("escape", "leave_note", "No note"),
    ]

    class Ended(Message):
        """It is over and saved; None where there is nothing to look back on."""

        def __init__(self, session_id: int | None) -> None:
            super().__init__()
            self.session_id = session_id

    VERTICAL_BREAKPOINTS = HEIGHTS
    HORIZONTAL_BREAKPOINTS = WIDTHS

    def __init__(self, plans: Mapping[str, Plan], begin: Begin, glyphs: Glyphs) -> None:
        super().__init__()
        self.panes = {athlete: LivePane(plan, begin, glyphs) for athlete, plan in plans.items()}
        self.glyphs = glyphs

    @property
    def pane(self) -> LivePane:
        """The one the keys are for: a person alone."""
        return next(iter(self.panes.values()))

    def compose(self) -> ComposeResult:
        """The panes above the keys."""
        self.add_class(*size_classes(self.app.size), update=False)
        yield from self.panes.values()
        yield Keys(live_keys.keys_of(self.pane.situation))

    def on_live_pane_other_keys(self) -> None:
        """Tell those that do something now."""
        self.query_one(Keys).keys = live_keys.keys_of(self.pane.situation)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """A key that is not told is not obeyed."""
        if action in live_keys.ACTIONS:
            return live_keys.obeyed(action, self.pane.situation)
        return super().check_action(action, parameters)

    def action_pause(self) -> None:
        """Pause, or go on."""
        self.pane.pause_or_resume()

    def action_lap(self) -> None:
        """Mark this moment."""
        self.pane.lap()

    async def action_note(self) -> None:
        """Ask for a note."""
        await self.pane.ask_note()

    async def action_leave_note(self) -> None:
        """No note after all."""
        await self.pane.leave_note()

    def action_details(self) -> None:
        """The numbers behind the glance, or the glance again."""
        self.pane.toggle_details()

    def action_end_ramp(self) -> None:
        """The athlete has had enough."""
        self.pane.end_ramp()

    def action_accept(self) -> None:
        """Keep the proposed threshold."""
        self.run_worker(self.pane.answer(accept=True), group="answer", exclusive=True)

    def action_decline(self) -> None:
        """Do not keep it."""
        self.run_worker(self.pane.answer(accept=False), group="answer", exclusive=True)

    def action_end(self) -> None:
        """Save, then leave."""
        self.run_worker(self._end(), group="end", exclusive=True)

    async def _end(self) -> None:
        await self.save()
        self.post_message(self.Ended(self.pane.session_id))

    async def save(self) -> None:
        """End every session, and wait until all are saved."""
        for pane in self.panes.values():
            await pane.end()
