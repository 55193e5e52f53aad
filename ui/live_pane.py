"""One athlete's session on the screen: its worker is the session, and dies with the pane."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass, replace
from importlib import import_module
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.containers import Container, Vertical
from textual.message import Message
from textual.reactive import reactive
from textual.worker import Worker, WorkerCancelled

from device.errors import BeatwiseError
from device.ramp import Ramp
from device.reading import Reading
from device.second_opinion import SecondOpinion
from device.trail import Trail
from ui import words
from ui.big_number import BigNumber
from ui.big_word import BigWord
from ui.clocks import Clocks
from ui.facts import Facts
from ui.gauges import Moment, Sentence
from ui.header import Header
from ui.intent_line import IntentLine
from ui.live_keys import Situation
from ui.tachogram import Tachogram
from ui.ten_minutes import TenMinutes
from ui.zone_bar import ZoneBar

if TYPE_CHECKING:
    from textual.widgets import Input

    from ui.overview import Begin, Plan, Run
    from ui.ramp_result import RampPicture, RampResult
    from ui.terminal import Glyphs

SAID_S = 4.0
"""So long a key's answer stands where the sentence is."""
LONGEST_NOTE = 200


class LivePane(Container):
    """At a glance: a number, a bar, a sentence, two clocks. The rest is a key away."""

    moment: reactive[Moment | None] = reactive(None, repaint=False)

    @dataclass
    class ReadingArrived(Message, bubble=False):
        """A new reading; on a slow screen the newest replaces those still waiting."""

        reading: Reading

        def can_replace(self, message: Message) -> bool:
            """Only the newest reading is worth drawing."""
            return isinstance(message, LivePane.ReadingArrived)

    class OtherKeys(Message):
        """Other keys do something now."""

    def __init__(self, plan: Plan, begin: Begin, glyphs: Glyphs) -> None:
        super().__init__()
        self.plan = plan
        self.begin = begin
        self.glyphs = glyphs
        self.session: Worker[None] | None = None
        self.steering: Run | None = None
        self.newest = Reading(t_s=0.0)
        self.ended: str | None = None
        """Why the session is over, once it is."""
        self.trail = Trail()
        self.second_opinion = SecondOpinion()
        self.ramp = Ramp(plan.max_bpm) if plan.purpose == "ramp" else None
        self.result: RampResult | None = None
        self.situation = Situation(ramp=self.ramp is not None)
        self._laps = 0
        self._said: tuple[str, float] | None = None
        self._kind: words.Kind | None = None

    @property
    def session_id(self) -> int | None:
        """Of the session, once saved; None also where no heart was heard in it."""
        return self.steering.session_id if self.steering and self.newest.n_beats else None

    def compose(self) -> ComposeResult:
        """Glance and details; the style sheet shows the one or the other."""
        glyphs, plan = self.glyphs, self.plan
        title = f"{plan.athlete}  {glyphs.dot}  {plan.purpose}"
        yield Header(glyphs, title, plan.source).data_bind(LivePane.moment)
        with Container(id="glance"):
            yield BigNumber(glyphs).data_bind(LivePane.moment)
            with Vertical(id="meaning"):
                yield BigWord(glyphs).data_bind(LivePane.moment)
                yield Sentence(glyphs).data_bind(LivePane.moment)
                yield IntentLine(glyphs, plan).data_bind(LivePane.moment)
                yield Facts(glyphs).data_bind(LivePane.moment)
        yield ZoneBar(glyphs, plan).data_bind(LivePane.moment)
        yield Clocks(glyphs, plan).data_bind(LivePane.moment)
        yield TenMinutes(glyphs, plan).data_bind(LivePane.moment)
        yield Tachogram(glyphs).data_bind(LivePane.moment)

    def on_mount(self) -> None:
        """Start measuring once the first frame is out."""
        self.call_after_refresh(self._start)

    def _start(self) -> None:
        self.session = self.run_worker(self._measure(), exit_on_error=True)

    async def _measure(self) -> None:
        if self.ramp is not None:  # brings numpy: not while a beat waits
            await asyncio.to_thread(import_module, "hrv.thresholds")
        try:
            self.steering = self.begin(self.plan)
            await self.steering.measure(self.show)
        except BeatwiseError as error:
            self.ended = str(error)
        else:
            self.ended = "it ended by itself; the session is saved"
        if self.ramp is not None and self.ramp.points:
            self.ramp.end("there is nothing more to measure")
        self.show(self.newest)

    def show(self, reading: Reading) -> None:
        """Hand a reading to the screen; never waits for it to be drawn."""
        self.newest = reading
        self.trail.add(reading)
        if self.ramp is not None:
            self.ramp.add(reading)
        self.post_message(self.ReadingArrived(reading))

    async def on_live_pane_reading_arrived(self, message: ReadingArrived) -> None:
        """Say what the reading means, and pass both down."""
        reading = message.reading
        stop = None if self.ramp is None else self.ramp.stop
        if stop is not None and self.result is None:
            await self._read_off()
        standing = words.standing(reading, self.plan.purpose, ended=self.ended, stop=stop)
        if self._said is not None and standing.kind not in ("stale", "lost"):
            standing = replace(standing, sentence=self._said[0])
            if reading.t_s >= self._said[1]:
                self._said = None
        if self._kind != standing.kind:
            self.remove_class(f"-{self._kind}").add_class(f"-{standing.kind}")
            self._kind = standing.kind
        self.moment = Moment(
            reading,
            standing,
            self.trail.points,
            self.trail.drift_pct,
            self.second_opinion.add(reading),
        )
        self._now(ended=self.ended is not None, paused=reading.paused)

    def _now(self, **changes: bool) -> None:
        situation = replace(self.situation, **changes)
        if situation != self.situation:
            self.situation = situation
            self.post_message(self.OtherKeys())

    def _say(self, sentence: str) -> None:
        self._said = sentence, self.newest.t_s + SAID_S
        self.show(self.newest)

    # -- what the keys do

    def pause_or_resume(self) -> None:
        """Whichever applies."""
        if self.steering is not None:
            if self.newest.paused:
                self.steering.resume()
            else:
                self.steering.pause()

    def lap(self) -> None:
        """Mark this moment."""
        if self.steering is not None:
            self.steering.lap()
            self._laps += 1
            self._say(f"lap {self._laps} at {words.clock(self.newest.running_s)}")

    def toggle_details(self) -> None:
        """The numbers behind the glance, where room is short then the beats, and back."""
        now = self.situation
        roomy = self.screen.has_class("-tall")
        beats = now.details and not now.beats and not roomy
        self._now(details=not now.details or beats, beats=beats, roomy=roomy)
        self.set_class(self.situation.details, "-details")
        self.set_class(beats, "-beats")

    async def ask_note(self) -> None:
        """A line to type into, above the keys."""
        from textual.widgets import Input

        line = Input(placeholder="a note, Enter keeps it", max_length=LONGEST_NOTE, compact=True)
        await self.mount(line)
        line.focus()
        self._now(noting=True)

    async def leave_note(self) -> None:
        """Take the line away again."""
        await self.query("Input").remove()
        self._now(noting=False)

    async def on_input_submitted(self, message: Input.Submitted) -> None:
        """Keep the note."""
        message.stop()
        text = message.value.strip()
        await self.leave_note()
        if text and self.steering is not None and self.ended is None:
            self.steering.note(text)
            self._say("noted")

    # -- the ramp test

    def end_ramp(self) -> None:
        """The athlete has had enough; measuring goes on while they walk."""
        if self.ramp is not None:
            self.ramp.end()
            self.show(self.newest)

    async def _read_off(self) -> None:
        from ui.ramp_result import RampPicture, RampResult

        ramp = self.ramp
        if ramp is None or ramp.stop is None:
            return
        result = RampResult(ramp.stop, ramp.points, ramp.result(), self.plan.on_file)
        if self.steering is not None and self.ended is None and result.thresholds is not None:
            self.steering.note(result.kept)
        picture = RampPicture(self.glyphs)
        await self.mount(picture, after=self.query_one(Clocks))
        self.add_class("-read-off")
        self._tell(result, picture)

    def _tell(self, result: RampResult, picture: RampPicture | None = None) -> None:
        from ui.ramp_result import RampPicture

        self.result = result
        (picture or self.query_one(RampPicture)).tell(result)
        self._now(ramp=False, question=result.asked)

    async def answer(self, *, accept: bool) -> None:
        """Keep the proposed threshold in the athlete's file, or leave everything as it is."""
        result = self.result
        if result is None or result.thresholds is None or self.steering is None:
            return
        said = "Not accepted: your ceiling stays as it was."
        if accept:
            bpm = result.thresholds.proposed_bpm
            try:
                await self.steering.accept(bpm)
            except BeatwiseError as error:
                said = f"It could not be kept: {error}"
            else:
                said = f"Kept: {bpm:.0f} bpm is your HRVT1 from now on."
        self._tell(replace(result, answer=said))

    async def end(self) -> None:
        """End the session and wait until it is saved."""
        if self.session is not None:
            self.session.cancel()
            with suppress(WorkerCancelled):
                await self.session.wait()
