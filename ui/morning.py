"""The morning test: the strap is found, the person sits still, the ring empties."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container, Vertical
from textual.message import Message
from textual.reactive import reactive
from textual.worker import Worker, WorkerCancelled

from device.errors import BeatwiseError
from device.morning_protocol import Posture, Protocol, ProtocolName, protocol
from device.morning_view import MorningView
from device.reading import Reading
from ui import breath, morning_words
from ui.big_word import BigWord
from ui.countdown import Countdown
from ui.gauges import Moment, Sentence
from ui.morning_gauges import Advice, Checklist, SignalFacts, StandUp
from ui.tachogram import Tachogram
from ui.terminal import Glyphs

if TYPE_CHECKING:
    from ui.morning_plan import Attempt

POSTURES: tuple[Posture, ...] = ("seated", "supine", "standing")
LENGTHS: tuple[ProtocolName, ...] = ("standard", "quick", "long", "orthostatic")
BREATH_FRAMES_PER_S = 8.0
"""How often the disc moves; only the cells at its edge are sent."""
LONGEST_GUESS_S = 1.5
"""So far the disc goes on by itself when no view comes."""


class MorningPane(Container, can_focus=True):
    """One attempt: its worker is the measuring, and dies with the pane."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space,enter", "start", "Start"),
        Binding("m", "moved", "I moved"),
        Binding("p", "next_posture", "Posture"),
        Binding("l", "next_length", "Length"),
        Binding("b", "breathing", "Paced breathing"),
    ]

    view: reactive[MorningView] = reactive(MorningView, repaint=False)
    moment: reactive[Moment | None] = reactive(None, repaint=False)
    breath: reactive[float | None] = reactive(None, repaint=False)
    protocol: reactive[Protocol] = reactive(Protocol, repaint=False)

    @dataclass
    class ViewArrived(Message, bubble=False):
        """A new view; on a slow screen the newest replaces those still waiting."""

        view: MorningView

        def can_replace(self, message: Message) -> bool:
            """Each tells all there is."""
            return isinstance(message, MorningPane.ViewArrived)

    @dataclass
    class Changed(Message):
        """Another phase, or another protocol: other keys do something now."""

        view: MorningView

    class Seen(Message):
        """A view has been taken in."""

        def can_replace(self, message: Message) -> bool:
            """One of them is enough."""
            return isinstance(message, MorningPane.Seen)

    class Over(Message):
        """The measuring has come to its end, and is saved."""

        def __init__(self, trouble: str | None) -> None:
            super().__init__()
            self.trouble = trouble
            """Why it ended otherwise than by being done."""

    def __init__(
        self,
        attempt: Attempt,
        taken: Protocol,
        glyphs: Glyphs,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__()
        self.attempt = attempt
        self.set_reactive(MorningPane.protocol, taken)
        self.glyphs = glyphs
        self.clock = clock
        self.worker: Worker[None] | None = None
        self.newest = MorningView()
        self.ended: str | None = None
        self._phase = 0.0
        """Of the breath, when the view last told it."""
        self._told_at = 0.0

    def compose(self) -> ComposeResult:
        """The preview, the ring, and the cue: one of them is shown."""
        glyphs = self.glyphs
        with Container(id="preview"):
            with Vertical(id="preview-said"):
                yield BigWord(glyphs).data_bind(MorningPane.moment)
                yield Sentence(glyphs).data_bind(MorningPane.moment)
                yield Checklist(glyphs).data_bind(MorningPane.view)
            yield Advice(glyphs).data_bind(MorningPane.view)
            yield Tachogram(glyphs).data_bind(MorningPane.moment)
        with Container(id="still"):
            yield Countdown(glyphs).data_bind(MorningPane.view, MorningPane.breath)
            with Vertical(id="still-said"):
                yield BigWord(glyphs).data_bind(MorningPane.moment)
                yield Sentence(glyphs).data_bind(MorningPane.moment)
                yield SignalFacts(glyphs).data_bind(MorningPane.view)
        yield StandUp(glyphs).data_bind(MorningPane.view)

    def on_mount(self) -> None:
        """Start measuring once the first frame is out."""
        self.set_classes("-preview")
        self.call_after_refresh(self._start)
        self.set_interval(1.0 / BREATH_FRAMES_PER_S, self._breathe)

    def _start(self) -> None:
        self.worker = self.run_worker(self._measure(), exit_on_error=True)

    async def _measure(self) -> None:
        trouble = None
        try:
            await self.attempt.measure(self.show)
        except BeatwiseError as error:
            trouble = str(error)
        else:
            if self.newest.phase != "done":
                trouble = "the heartbeats ended before the test did"
        if trouble is not None:
            self.ended = trouble
            self.show(self.newest)
        self.post_message(self.Over(trouble))

    def show(self, view: MorningView) -> None:
        """Hand a view to the screen; never waits for it to be drawn."""
        self.newest = view
        self.post_message(self.ViewArrived(view))

    def on_morning_pane_view_arrived(self, message: ViewArrived) -> None:
        """Say what the view means, and pass both down."""
        view, before = message.view, self.view
        said = morning_words.standing(view, self.protocol, ended=self.ended)
        classes = {f"-{view.phase}", f"-{said.kind}"}
        if view.phase == "preview" and view.advice and not view.optical:
            classes.add("-advice")
        if classes != self.classes:
            self.set_classes(classes)
        self.view = view
        self.moment = Moment(reading_of(view), said)
        self._hear_breath(view)
        self._breathe()
        if _state(view) != _state(before):
            self.post_message(self.Changed(view))
        self.post_message(self.Seen())

    def _breathe(self) -> None:
        """Move the disc, also between two views."""
        self.breath = None if self.view.breath is None else breath.fullness(self._phase_now())

    def _phase_now(self) -> float:
        since_s = min(LONGEST_GUESS_S, self.clock() - self._told_at)
        return breath.later(self._phase, since_s, self.protocol.breaths_per_min or 0.0)

    def _hear_breath(self, view: MorningView) -> None:
        if view.breath is not None:
            self._phase = breath.phase_of(view.breath, self._phase_now())
        self._told_at = self.clock()

    def action_start(self) -> None:
        """Let the clock start."""
        if self.view.phase == "preview" and self.ended is None:
            self.attempt.start()

    def action_moved(self) -> None:
        """Say that one moved or spoke; only while that matters."""
        if self.view.phase in ("record", "extend", "stand_record"):
            self.attempt.moved()

    def action_next_posture(self) -> None:
        """Another posture: another baseline."""
        if not self.protocol.stands:
            at = (POSTURES.index(self.protocol.posture) + 1) % len(POSTURES)
            self._take(protocol(self.protocol.name, POSTURES[at], paced=self._paced))

    def action_next_length(self) -> None:
        """Another length."""
        at = (LENGTHS.index(self.protocol.name) + 1) % len(LENGTHS)
        posture = "seated" if self.protocol.stands else self.protocol.posture
        self._take(protocol(LENGTHS[at], posture, paced=self._paced))

    def action_breathing(self) -> None:
        """Paced or free."""
        self._take(protocol(self.protocol.name, self.protocol.posture, paced=not self._paced))

    @property
    def _paced(self) -> bool:
        return self.protocol.breaths_per_min is not None

    def _take(self, taken: Protocol) -> None:
        if self.view.phase == "preview" and self.ended is None:
            self.protocol = taken
            self.attempt.take(taken)
            self.post_message(self.Changed(self.view))

    async def end(self) -> None:
        """End the measuring and wait until it is saved."""
        if self.worker is not None:
            self.worker.cancel()
            with suppress(WorkerCancelled):
                await self.worker.wait()


def _state(view: MorningView) -> tuple[object, ...]:
    return view.phase, view.ready, view.armed, view.link


def reading_of(view: MorningView) -> Reading:
    """A view as the trace and the header know it."""
    return Reading(
        t_s=view.t_s,
        link=view.link,
        reason=view.reason,
        sensor_name=view.sensor_name,
        battery_pct=view.battery_pct,
        contact=view.contact,
        recent=view.recent,
    )
