"""The readiness corner over the board: who is next and how long, and nothing else for the room."""

from __future__ import annotations

import textwrap
import time
from collections.abc import Awaitable, Callable, Coroutine
from typing import TYPE_CHECKING, ClassVar, TypeVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container
from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from device.corner_queue import Place
from device.errors import BeatwiseError
from ui import corner_words
from ui.forgetful import Forgetful
from ui.header import KeyList, Keys
from ui.pick import Pick, Words, told
from ui.picking import Item
from ui.sizes import size_classes
from ui.terminal import Glyphs, plain

if TYPE_CHECKING:
    from textual._path import CSSPathType
    from textual.app import App

    from device.corner import Corner
    from ui.private import Desk

Said = TypeVar("Said")

MARK_WIDTH, NAME_WIDTH = 6, 18
HEADING = "The quiet corner: a seated test"


class CornerList(Widget):
    """A line for everybody in the queue. Names are untrusted, of any script and length."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        f"corner-list--{part}" for part in ("mark", "name", "now", "told")
    }

    places: reactive[tuple[Place, ...]] = reactive(())

    def __init__(self, glyphs: Glyphs) -> None:
        super().__init__()
        self.glyphs = glyphs

    def render(self) -> Content:
        """Those there is room for."""
        style = {
            part: self.get_visual_style(f"corner-list--{part}")
            for part in ("mark", "name", "now", "told")
        }
        if not self.places:
            return Content.styled(corner_words.NOBODY, style["told"])
        lines = []
        for at, place in enumerate(self.places):
            mark = corner_words.mark(self.places, at)
            name = Content(plain(place.athlete, self.glyphs)).truncate(NAME_WIDTH, pad=True)
            where = plain(corner_words.told(place), self.glyphs)
            line = Content.assemble(
                (f"{mark:<{MARK_WIDTH}}", style["mark"]),
                name.stylize(style["now" if mark == "now" else "name"]),
                "  ",
                (where, style["told"]),
            )
            lines.append(line.truncate(self.size.width))
            if place.cure is not None:
                cure = plain(place.cure, self.glyphs)
                lines += [
                    Content.styled(f"{'':{MARK_WIDTH}}{part}", style["now"])
                    for part in textwrap.wrap(cure, max(10, self.size.width - MARK_WIDTH))
                ]
        return Content("\n").join(lines[: self.size.height])


class Told(Widget):
    """What came of the last key. Untrusted text."""

    said: reactive[str] = reactive("", layout=True)

    def __init__(self, glyphs: Glyphs) -> None:
        super().__init__()
        self.glyphs = glyphs

    def render(self) -> Content:
        """Wrapped by the widget."""
        return Content(plain(self.said, self.glyphs))


class CornerScreen(Forgetful[None]):
    """The queue; it stays for as long as somebody is at the keys."""

    CSS_PATH: ClassVar[CSSPathType | None] = ["dialogs.tcss", "corner.tcss"]
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("t", "test", "Take a test"),
        Binding("r", "result", "My result"),
        Binding("l", "give_up", "Leave the queue"),
        Binding("escape", "leave", "Back"),
    ]
    KEYS: ClassVar[KeyList] = (
        ("t", "take a test"),
        ("r", "my result"),
        ("l", "leave the queue"),
        ("esc", "back"),
    )

    places: reactive[tuple[Place, ...]] = reactive((), repaint=False)
    said: reactive[str] = reactive("", repaint=False)

    def __init__(
        self,
        corner: Corner,
        let_in: Callable[[str], Awaitable[bool]],
        prepared: Callable[[str], Awaitable[bool]],
        glyphs: Glyphs,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """``let_in`` asks for somebody's PIN, and tells whether it was right.

        ``prepared`` lets who has none choose one before there is a result, and tells whether they
        may go on.
        """
        super().__init__(glyphs, clock=clock)
        self.corner = corner
        self.let_in = let_in
        self.prepared = prepared

    def compose(self) -> ComposeResult:
        """What it is about, the queue, what came of the last key."""
        self.add_class(*size_classes(self.app.size), update=False)
        with Container(classes="dialog"):
            yield Words(HEADING, told(corner_words.HOW), self.glyphs)
            yield CornerList(self.glyphs).data_bind(CornerScreen.places)
            yield Told(self.glyphs).data_bind(CornerScreen.said)
        yield Keys(self.KEYS)

    def on_mount(self) -> None:
        """The queue as it stands."""
        super().on_mount()
        self.places = self.corner.places()

    def look(self) -> None:
        """The queue as it stands now; away where nobody is here."""
        self.places = self.corner.places()
        super().look()

    def action_test(self) -> None:
        """Take a place in the queue."""
        self._start(self._test())

    def action_result(self) -> None:
        """See what one's own test said."""
        self._start(self._result())

    def action_give_up(self) -> None:
        """Out of the queue, or off the seat."""
        self._start(self._give_up())

    # -- what is asked, one thing after the other

    def _start(self, work: Coroutine[None, None, None]) -> None:
        async def done() -> None:
            self.said = ""
            try:
                await work
            except BeatwiseError as error:
                self.said = str(error)
            self.touched()
            self.look()

        self.touched()
        self.run_worker(done(), group="corner", exclusive=True)

    async def _test(self) -> None:
        from ui.corner_dialogs import BeforeTest

        who = await self._who("Who takes a seated test?")
        if who is None or not await self._knows_the_day(who):
            return
        await self.corner.may_test(who)
        if not await self.prepared(who):
            return
        await self.corner.join(who)
        answers = None
        try:
            answers = await self._ask(BeforeTest(who, self.glyphs, clock=self.clock))
        finally:
            if answers is None:  # nobody was there any more, or the screen is gone
                self.corner.leave(who)
        if answers is None:
            return
        self.corner.answer(who, answers)
        called = any(one.athlete == who and one.turn == "strap" for one in self.corner.places())
        self.said = corner_words.SIT_DOWN if called else corner_words.WAIT

    async def _result(self) -> None:
        from ui.corner_dialogs import CornerResult

        who = await self._who("Whose result?")
        if who is None or not await self.let_in(who) or not await self._knows_the_day(who):
            return
        said = await self.corner.told(who)
        shown = CornerResult(self.corner, said, self.glyphs, clock=self.clock)
        await self._ask(shown)

    async def _knows_the_day(self, who: str) -> bool:
        """Whether the day is known, or is now said; whoever comes next is asked again."""
        from ui.corner_dialogs import AskDay

        if await self.corner.today(who) is not None:
            return True
        day = await self._ask(AskDay(self.glyphs, said=self.corner.said, clock=self.clock))
        if day is not None:
            self.corner.on_day(who, day)
        return day is not None

    async def _give_up(self) -> None:
        turns = ("asked", "waits", "strap", "sits")
        here = [one.athlete for one in self.corner.places() if one.turn in turns]
        if not here:
            self.said = corner_words.NOBODY
            return
        items = [Item(name, name) for name in here]
        pick = Pick("Who leaves the corner?", items, self.glyphs, clock=self.clock)
        who = await self._ask(pick)
        if who is not None:
            self.corner.leave(who)

    async def _who(self, asked: str) -> str | None:
        places = self.corner.places()
        people = sorted(self.corner.people(), key=lambda one: one.name.casefold())
        if not people:
            self.said = "Nobody is in the roster yet: the keeper adds you."
            return None
        items = [Item(one.name, one.name, corner_words.on_what(places, one)) for one in people]
        return await self._ask(Pick(asked, items, self.glyphs, clock=self.clock))

    async def _ask(self, dialog: Forgetful[Said]) -> Said | None:
        """What is said in a dialog; None where it is left, or nobody is there any more."""
        said: Said | None = await self.app.push_screen_wait(dialog)
        return said


def open_corner(app: App[None], corner: Corner, desk: Desk, glyphs: Glyphs) -> None:
    """Show the corner over the board; results are behind the PINs of a desk."""

    async def allowed(who: str) -> bool:
        from ui.private import let_in

        return await let_in(app, desk, who, glyphs)

    async def prepared(who: str) -> bool:
        from ui.private import before_a_test

        return await before_a_test(app, desk, who, glyphs)

    app.push_screen(CornerScreen(corner, allowed, prepared, glyphs))
