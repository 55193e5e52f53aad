"""What own data and the admin's screen share: keys that start something, and what came of it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Coroutine
from typing import ClassVar, TypeVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container
from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from device import backup_list
from device.erase import Erased
from device.errors import BeatwiseError
from ui.cells import drawable
from ui.forgetful import Forgetful
from ui.header import KeyList, Keys
from ui.pick import Line, Pick, Words
from ui.picking import Item
from ui.private import Desk, picked_of
from ui.sizes import size_classes
from ui.terminal import Glyphs

Done = TypeVar("Done")


class Outcome(Widget):
    """What is being done, or what came of it. Untrusted text."""

    said: reactive[str] = reactive("", layout=True)

    def __init__(self, glyphs: Glyphs) -> None:
        super().__init__()
        self.glyphs = glyphs

    def render(self) -> Content:
        """Wrapped by the widget, a line each."""
        return Content("\n".join(drawable(line, self.glyphs) for line in self.said.split("\n")))


class DeskScreen(Forgetful[None]):
    """Facts, and below them what came of the last key."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", "Back")]
    KEYS: ClassVar[KeyList] = ()
    """Each key and what it does."""
    lists_keys: ClassVar[bool] = False
    """The lines are the keys."""

    said: reactive[str] = reactive("", repaint=False)
    lines: reactive[tuple[Line, ...]] = reactive((), recompose=True)

    def __init__(
        self,
        heading: str,
        desk: Desk,
        glyphs: Glyphs,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(glyphs, clock=clock)
        self.heading = heading
        self.desk = desk

    def compose(self) -> ComposeResult:
        """The box in the middle."""
        self.add_class(*size_classes(self.app.size), update=False)
        with Container(classes="dialog"):
            yield Words(self.heading, self.lines, self.glyphs, keys=self.lists_keys)
            yield Outcome(self.glyphs).data_bind(DeskScreen.said)
        yield Keys((*self.KEYS, ("esc", "back")))

    def on_mount(self) -> None:
        """Read what there is, once a frame is drawn."""
        self.start(self.read())

    def start(self, work: Coroutine[None, None, None]) -> None:
        """Do something that asks or takes a while, one thing at a time; its mistakes are said."""
        if self.at_work:
            work.close()
            return

        async def told() -> None:
            try:
                await work
            except BeatwiseError as error:
                self.said = str(error)
            self.touched()

        self.touched()
        self.run_worker(told(), group="desk", exclusive=True)

    async def read(self) -> None:
        """Set the lines."""
        self.lines = await self.at(self.said, self.facts)

    def facts(self) -> tuple[Line, ...]:
        """What stands below the heading; asked in a thread."""
        raise NotImplementedError

    async def at(self, what: str, work: Callable[[], Done]) -> Done:
        """Do ``work`` in a thread, saying what it is; the screen stays meanwhile."""
        self.said = what
        self.at_work = True
        try:
            return await asyncio.to_thread(work)
        finally:
            self.at_work = False

    async def sure(
        self, heading: str, lines: tuple[Line, ...], yes: str, no: str = "No, keep everything"
    ) -> bool:
        """Whether somebody really wants it: "no" is what Enter takes."""
        items = [Item("no", no), Item("yes", yes)]
        pick = Pick(heading, items, self.glyphs, lines=lines, clock=self.clock)
        return await picked_of(self.app, pick) == "yes"

    async def backups_that_go(self) -> tuple[Line, ...]:
        """What an erasure does to backups, said before it is done."""
        data = self.desk.places.data
        there = await self.at(self.said, lambda: backup_list.reachable(data))
        if not there:
            return ()
        if len(there) == 1:
            return (("", f"A backup goes with it, and everybody in it: {there[0]}"),)
        return (("", f"{len(there)} backups go with it, and everybody in them."),)


def backups_gone(erased: Erased) -> tuple[str, ...]:
    """That there are fewer backups now, and what to do."""
    if not erased.backups:
        return ()
    many = "A backup" if len(erased.backups) == 1 else f"{len(erased.backups)} backups"
    return (f"{many} went with it: the keeper makes a new one.",)
