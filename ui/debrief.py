"""A session that is over: the verdict in a sentence, the trace, and the numbers under it."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container
from textual.content import Content
from textual.reactive import reactive
from textual.screen import Screen
from textual.widget import Widget

from device.errors import BeatwiseError
from ui import words
from ui.header import Header, Keys
from ui.one_morning import Table
from ui.rating import KEYS, RatingQuestion
from ui.run_pictures import Blanks, RunTrace, ZoneTimes
from ui.sizes import HEIGHTS, WIDTHS, size_classes
from ui.terminal import Glyphs, plain

if TYPE_CHECKING:
    from device.debrief import Debrief
    from ui.past_runs import Debriefs

READING = "reading its beats..."


class VerdictSentence(Widget):
    """The one sentence; it can hold a reason somebody else wrote."""

    def __init__(self, sentence: str, glyphs: Glyphs) -> None:
        super().__init__()
        self.sentence = plain(sentence, glyphs)

    def render(self) -> Content:
        """The sentence, wrapped."""
        return Content(self.sentence)


class DebriefScreen(Screen[None]):
    """After a session, and whenever it is opened again. The rating is asked once."""

    CSS_PATH: ClassVar = ["morning.tcss", "debrief.tcss"]
    VERTICAL_BREAKPOINTS = HEIGHTS
    HORIZONTAL_BREAKPOINTS = WIDTHS
    BINDINGS: ClassVar[list[BindingType]] = [
        *(Binding(key, f"answer('{key}')", show=False) for key in KEYS),
        Binding("s", "skip", "Not now"),
        Binding("r", "ask", "Rate it"),
        Binding("b", "blanks", "Time without data"),
        Binding("q,escape,enter", "leave", "Back"),
    ]

    told: reactive[Debrief | None] = reactive(None, recompose=True)
    trouble: reactive[str | None] = reactive(None, recompose=True)
    """Why it cannot be read, or what was said of it not be kept."""
    asking: reactive[bool] = reactive(False, recompose=True)
    listing: reactive[bool] = reactive(False, recompose=True)
    """The stretches without data instead of the numbers."""

    def __init__(self, debriefs: Debriefs, session_id: int, glyphs: Glyphs, *, ask: bool) -> None:
        """``ask`` how hard it was, where that was never asked before."""
        super().__init__()
        self.debriefs = debriefs
        self.session_id = session_id
        self.glyphs = glyphs
        self.ask = ask

    def compose(self) -> ComposeResult:
        """An empty frame until the beats are read, then what they say."""
        self.add_class(*size_classes(self.app.size), update=False)
        glyphs, told = self.glyphs, self.told
        if told is None:
            yield Header(glyphs, "Beatwise")
            yield VerdictSentence(self.trouble or READING, glyphs)
        else:
            from device import debrief_words  # arithmetic: here by now

            yield Header(glyphs, title(told, glyphs))
            yield VerdictSentence(self.trouble or debrief_words.verdict(told), glyphs)
            yield RunTrace(glyphs, told)
            yield from self._below(told)
        yield Keys(self._keys())

    def _below(self, told: Debrief) -> ComposeResult:
        from ui import debrief_facts

        glyphs = self.glyphs
        if self.asking:
            yield RatingQuestion(glyphs, told.rpe_cr10)
        elif self.listing:
            yield Blanks(glyphs, told.blanks)
        else:
            with Container(id="counted"):
                yield ZoneTimes(glyphs, debrief_facts.zone_lines(told))
                yield Table(glyphs, "Counted", debrief_facts.short_facts(told))
                yield Blanks(glyphs, told.blanks)

    def _keys(self) -> tuple[tuple[str, str], ...]:
        if self.told is None:
            return (("q", "back"),)
        if self.asking:
            return (("0-9 m", "how hard"), ("s", "no answer"), ("q", "back"))
        listing = "numbers" if self.listing else "time without data"
        return (("r", "how hard it was"), ("b", listing), ("q", "back"))

    def on_mount(self) -> None:
        """Read the beats once a frame is drawn."""
        self.call_after_refresh(lambda: self.run_worker(self._read()))

    async def _read(self) -> None:
        try:
            told = await self.debriefs.look(self.session_id)
        except BeatwiseError as error:
            self.trouble = str(error)
            return
        self.set_reactive(DebriefScreen.asking, self.ask and not told.rpe_asked)
        self.told = told

    async def action_answer(self, key: str) -> None:
        """Keep an answer."""
        if self.asking:
            await self._rate(float(KEYS[key]))

    async def action_skip(self) -> None:
        """Keep that there is none: it is not asked again by itself."""
        if self.asking and self.told is not None:
            if self.told.rpe_asked:
                self.asking = False
            else:
                await self._rate(None)

    async def _rate(self, cr10: float | None) -> None:
        from device.debrief import rated

        if self.told is None:
            return
        try:
            await self.debriefs.rate(self.session_id, cr10)
        except BeatwiseError as error:
            self.trouble = str(error)
            return
        self.set_reactive(DebriefScreen.asking, False)
        self.set_reactive(DebriefScreen.trouble, None)
        self.told = rated(self.told, cr10)

    def action_ask(self) -> None:
        """Say it, or say it anew."""
        if self.told is not None:
            self.asking = True

    def action_blanks(self) -> None:
        """The list of stretches without data, or the numbers again."""
        if self.told is not None and not self.asking:
            self.listing = not self.listing

    def action_leave(self) -> None:
        """Back to where one came from."""
        self.dismiss()


def title(told: Debrief, glyphs: Glyphs) -> str:
    """Who, what, when and how long."""
    start = told.stored.start
    parts = [start.athlete or "Nobody in particular", start.purpose]
    if start.started is not None:
        doubt = "?" if start.clock_trusted is False else ""
        parts.append(f"{words.day(start.started)}{doubt}")
    parts.append(words.clock(told.moving_s))
    if told.stored.outcome is None:
        parts.append("interrupted")
    return f"  {glyphs.dot}  ".join(parts)
