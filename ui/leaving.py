"""How one leaves the application, by whatever way it is told: with everything saved."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable, Collection
from typing import TYPE_CHECKING, Any, ClassVar, runtime_checkable
from typing import Protocol as Structure

from textual.app import App
from textual.binding import Binding, BindingType

if TYPE_CHECKING:
    from device.errors import BeatwiseError

ENDINGS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
"""Being told to leave, from the keyboard or from outside."""


@runtime_checkable
class Saving(Structure):
    """A screen on which something is measured."""

    async def save(self) -> None:
        """End it, and wait until it is saved."""


class Leaving(App[None]):
    """An app that saves what is being measured before it ends."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+c", "quit", "Quit", show=False, priority=True),
        Binding("ctrl+q", "quit", "Quit", show=False, priority=True),
    ]

    def __init__(self, *, unheard: Collection[signal.Signals] = (), **options: Any) -> None:
        """``unheard`` are the signals that mean nothing here, of those that end an app."""
        super().__init__(**options)
        self.leaving = False
        self.mistake: BeatwiseError | None = None
        """Why there is nothing to show: said once the screen is gone."""
        self._endings = tuple(number for number in ENDINGS if number not in unheard)
        self._told_early = False
        """To leave, before the event loop could be told."""

    def run(self, *args: Any, headless: bool = False, **options: Any) -> Any:
        """Draw until the person leaves; returns what it was left with, which a snapshot needs.

        A signal in the first instant would only cancel something that is starting, and be lost:
        it is remembered until the loop can hear it.

        Raises the :class:`device.errors.BeatwiseError` of what could not be prepared or settled.
        """

        def remember(*_: object) -> None:
            self._told_early = True

        if not headless:
            for number in self._endings:
                signal.signal(number, remember)
        draw: Callable[..., Any] = super().run
        left = draw(*args, headless=headless, **options)
        if self.mistake is not None:
            raise self.mistake
        return left

    def on_mount(self) -> None:
        """Leave in order when told to from outside."""
        if not self.is_headless:
            loop = asyncio.get_running_loop()
            for number in self._endings:
                loop.add_signal_handler(number, self.leave)
            if self._told_early:
                self.leave()

    async def action_quit(self) -> None:
        """Save what is being measured, then leave; asked twice, leave without waiting."""
        self.leave()

    def leave(self) -> None:
        """Save what is being measured, then leave; told twice, without waiting."""
        if self.leaving:
            self.exit()
            return
        self.leaving = True
        self.run_worker(self._save_and_exit())

    async def _save_and_exit(self) -> None:
        for screen in self.screen_stack:
            if isinstance(screen, Saving):
                await screen.save()
        self.exit()
