"""The live screen: one pane an athlete, and one glance says how it stands."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container, Vertical
from textual.message import Message
from textual.reactive import reactive
from textual.screen import Screen
from textual.worker import Worker, WorkerCancelled

from device.errors import BeatwiseError
from device.reading import Reading
from ui import words
from ui.big_number import BigNumber
from ui.big_word import BigWord
from ui.facts import Facts
from ui.gauges import Moment, Sentence
from ui.header import Header, Keys
from ui.sizes import HEIGHTS, WIDTHS, size_classes
from ui.tachogram import Tachogram
from ui.terminal import Glyphs
from ui.zone_bar import ZoneBar

if TYPE_CHECKING:
    from ui.overview import Measure, Plan


class LivePane(Container):
    """One athlete's session: its worker is the session, and dies with the pane."""

    moment: reactive[Moment | None] = reactive(None, repaint=False)

    @dataclass
    class ReadingArrived(Message, bubble=False):
        """A new reading; on a slow screen the newest replaces those still waiting."""

        reading: Reading

        def can_replace(self, message: Message) -> bool:
            """Only the newest reading is worth drawing."""
            return isinstance(message, LivePane.ReadingArrived)

    def __init__(self, plan: Plan, measure: Measure, glyphs: Glyphs) -> None:
        super().__init__()
        self.plan = plan
        self.measure = measure
        self.glyphs = glyphs
        self.session: Worker[None] | None = None
        self.newest = Reading(t_s=0.0)
        self.ended: str | None = None
        """Why the session is over, once it is."""

    def compose(self) -> ComposeResult:
        """A heading, the number, what it means, and the trace."""
        glyphs, plan = self.glyphs, self.plan
        title = f"{plan.athlete}  {glyphs.dot}  {plan.purpose}"
        yield Header(glyphs, title, plan.source).data_bind(LivePane.moment)
        with Container(id="glance"):
            yield BigNumber(glyphs).data_bind(LivePane.moment)
            with Vertical(id="meaning"):
                yield BigWord(glyphs).data_bind(LivePane.moment)
                yield Sentence(glyphs).data_bind(LivePane.moment)
                yield Facts(glyphs).data_bind(LivePane.moment)
        yield ZoneBar(glyphs, plan).data_bind(LivePane.moment)
        yield Tachogram(glyphs).data_bind(LivePane.moment)

    def on_mount(self) -> None:
        """Start measuring once the first frame is out."""
        self.call_after_refresh(self._start)

    def _start(self) -> None:
        self.session = self.run_worker(self._measure(), exit_on_error=True)

    async def _measure(self) -> None:
        try:
            await self.measure(self.plan, self.show)
        except BeatwiseError as error:
            self.ended = str(error)
        else:
            self.ended = "it ended by itself; the session is saved"
        self.show(self.newest)

    def show(self, reading: Reading) -> None:
        """Hand a reading to the screen; never waits for it to be drawn."""
        self.newest = reading
        self.post_message(self.ReadingArrived(reading))

    def on_live_pane_reading_arrived(self, message: ReadingArrived) -> None:
        """Say what the reading means, and pass both down."""
        reading = message.reading
        standing = words.standing(reading, self.plan.purpose, ended=self.ended)
        if self.moment is None or self.moment.standing.kind != standing.kind:
            self.set_classes(f"-{standing.kind}")
        self.moment = Moment(reading, standing)

    async def end(self) -> None:
        """End the session and wait until it is saved."""
        if self.session is not None:
            self.session.cancel()
            with suppress(WorkerCancelled):
                await self.session.wait()


class LiveScreen(Screen[None]):
    """A pane for each athlete measured; a person alone is a mapping of one."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("q,escape", "end", "End the session", priority=True)
    ]
    VERTICAL_BREAKPOINTS = HEIGHTS
    HORIZONTAL_BREAKPOINTS = WIDTHS

    def __init__(self, plans: Mapping[str, Plan], measure: Measure, glyphs: Glyphs) -> None:
        super().__init__()
        self.panes = {athlete: LivePane(plan, measure, glyphs) for athlete, plan in plans.items()}
        self.glyphs = glyphs

    def compose(self) -> ComposeResult:
        """The panes above the keys."""
        self.add_class(*size_classes(self.app.size), update=False)
        yield from self.panes.values()
        yield Keys((("q", "end the session, it is saved"),))

    def action_end(self) -> None:
        """Save, then leave: to home, or out of the app where there is no home."""
        self.run_worker(self._end(), group="end", exclusive=True)

    async def _end(self) -> None:
        await self.save()
        if len(self.app.screen_stack) > 1:
            self.dismiss()
        else:
            self.app.exit()

    async def save(self) -> None:
        """End every session, and wait until all are saved."""
        for pane in self.panes.values():
            await pane.end()
