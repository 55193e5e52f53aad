"""The morning from strap to verdict: test, questions, verdict, one after the other."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container
from textual.reactive import reactive
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Input

from device.errors import BeatwiseError
from ui import morning_words
from ui.feel import FeelPane
from ui.gauges import Moment
from ui.header import Header, Keys
from ui.morning import MorningPane
from ui.morning_keys import KeyList, keys_of
from ui.sizes import HEIGHTS, WIDTHS, size_classes
from ui.terminal import Glyphs
from ui.trouble import Trouble
from ui.which_day import WhichDayPane

if TYPE_CHECKING:
    from device.morning_record import Answers, Choice
    from ui.morning_plan import Attempt, Begin, LoadMorning, MorningPlan, Today
    from ui.verdict import VerdictPane

Stage = Literal["reading", "trouble", "day", "test", "feel", "verdict"]


class KeysNow(Keys):
    """The keys that do something at this moment."""

    now: reactive[KeyList] = reactive(())

    def __init__(self) -> None:
        super().__init__(())

    def watch_now(self, now: KeyList) -> None:
        """Other keys."""
        self.keys = now


class TitleNow(Header):
    """The first line, with what is going on behind the name."""

    says: reactive[str] = reactive("Beatwise")

    def watch_says(self, says: str) -> None:
        """Another title."""
        self.title = says


class MorningScreen(Screen[None]):
    """One pane after another; the questions may be answered while the ring empties."""

    CSS_PATH = "morning.tcss"
    VERTICAL_BREAKPOINTS = HEIGHTS
    HORIZONTAL_BREAKPOINTS = WIDTHS
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("q", "leave", "Leave"),
        Binding("escape", "back", "Back"),
        Binding("f", "feel", "How do you feel"),
        Binding("r", "again", "Take it again"),
    ]

    stage: reactive[Stage] = reactive("reading")
    says: reactive[str] = reactive("Beatwise")
    now: reactive[KeyList] = reactive(())
    moment: reactive[Moment | None] = reactive(None, repaint=False)

    def __init__(self, load: LoadMorning, begin: Begin, glyphs: Glyphs) -> None:
        super().__init__()
        self.load = load
        self.begin = begin
        self.glyphs = glyphs
        self.plan: MorningPlan | None = None
        self.attempt: Attempt | None = None
        self.test: MorningPane | None = None
        self.feel: FeelPane | None = None
        self.answers: Answers | None = None
        self.over = False
        """The measuring has come to its end."""
        self.refused = False
        """It gave no number, and may be taken again."""

    def compose(self) -> ComposeResult:
        """An empty frame until the plan is read."""
        self.add_class(*size_classes(self.app.size), update=False)
        yield TitleNow(self.glyphs, "Beatwise").data_bind(MorningScreen.says, MorningScreen.moment)
        yield Container(id="stage")
        yield KeysNow().data_bind(MorningScreen.now)

    def on_mount(self) -> None:
        """Read the plan once a frame is drawn."""
        self.call_after_refresh(lambda: self.run_worker(self._read()))

    async def _read(self) -> None:
        try:
            self.plan = plan = await self.load()
            self.query_one(TitleNow).source = plan.source
            self.attempt = self.begin(plan)
        except BeatwiseError as error:
            await self._to("trouble", Trouble(str(error), self.glyphs))
            return
        if plan.today is not None:
            await self._show_verdict(plan.today)
        elif plan.day is None:
            await self._to("day", WhichDayPane())
        else:
            await self._begin_test()

    async def on_which_day_pane_told(self, message: WhichDayPane.Told) -> None:
        """The day is known now."""
        if self.attempt is not None:
            self.attempt.on_day(message.day)
            await self.query_one(WhichDayPane).remove()
            await self._begin_test()

    async def _begin_test(self) -> None:
        assert self.plan is not None  # noqa: S101 - narrows: both are read before any pane is
        assert self.attempt is not None  # noqa: S101
        self.feel = FeelPane(self.glyphs, self.plan.said)
        await self._stage.mount(self.feel)
        self.test = MorningPane(self.attempt, self.plan.protocol, self.glyphs)
        await self._to("test", self.test)

    @property
    def _stage(self) -> Container:
        return self.query_one("#stage", Container)

    async def _to(self, stage: Stage, pane: Widget) -> None:
        """Show one pane, mounting it where it is new."""
        if not pane.is_attached:
            await self._stage.mount(pane)
        for one in self._stage.children:
            one.display = one is pane
        self.stage = stage
        self._tell()
        focus = pane.query(Input).first() if isinstance(pane, WhichDayPane) else pane
        self.call_after_refresh(focus.focus)

    def _tell(self) -> None:
        """Title and keys, as things stand."""
        if self.plan is None:
            self.now = keys_of(self.stage, None, None, over=self.over)
            return
        view = None if self.test is None else self.test.view
        taken = self.plan.protocol if self.test is None else self.test.protocol
        sheet = None if self.feel is None else self.feel.sheet
        self.says = morning_words.title(self.plan, self.stage, taken, view, self.glyphs.dot)
        self.now = keys_of(self.stage, view, sheet, over=self.over, refused=self.refused)

    async def on_morning_pane_changed(self) -> None:
        """Another phase: other keys; the cue to stand up is never hidden behind a question."""
        test = self.test
        if test is not None and test.view.phase == "stand_up" and self.stage == "feel":
            await self._to("test", test)
        self._tell()

    def on_morning_pane_seen(self) -> None:
        """Hand the moment to the first line."""
        if self.test is not None:
            self.moment = self.test.moment
            if self.stage == "feel":
                self._tell()

    async def on_morning_pane_over(self, message: MorningPane.Over) -> None:
        """Ask how one feels, where that is not answered yet; then judge."""
        self.over = message.trouble is None
        if not self.over:
            self._tell()
        elif self.answers is not None:
            await self._judge(self.answers)
        elif self.feel is not None:
            await self._to("feel", self.feel)

    def on_feel_pane_changed(self) -> None:
        """Another question: other keys."""
        self._tell()

    async def on_feel_pane_done(self, message: FeelPane.Done) -> None:
        """Back to the ring, or on to the verdict."""
        self.answers = message.answers
        if self.over:
            await self._judge(message.answers)
        elif self.test is not None:
            await self._to("test", self.test)

    async def _judge(self, answers: Answers) -> None:
        if self.attempt is None:
            return
        try:
            today = await self.attempt.judge(answers)
        except BeatwiseError as error:
            await self._to("trouble", Trouble(str(error), self.glyphs))
        else:
            await self._show_verdict(today)

    async def _show_verdict(self, today: Today) -> None:
        from ui.verdict import VerdictPane

        self.refused = today.result is not None and today.result.outcome == "refused"
        await self._to("verdict", VerdictPane(self.glyphs, today))

    def on_verdict_pane_chosen(self, message: VerdictPane.Chosen) -> None:
        """Keep the choice."""
        self.run_worker(self._choose(message.choice), group="choice", exclusive=True)

    async def _choose(self, choice: Choice) -> None:
        if self.attempt is not None:
            try:
                await self.attempt.choose(choice)
            except BeatwiseError as error:
                self.notify(str(error), severity="error", timeout=60, markup=False)

    async def action_feel(self) -> None:
        """Answer the questions while the ring empties."""
        if self.stage != "test" or self.feel is None or self.test is None:
            return
        if self.test.view.phase not in ("preview", "stand_up", "done"):
            await self._to("feel", self.feel)

    async def action_again(self) -> None:
        """Take a refused test once more; the refused one is kept as such."""
        if self.stage == "verdict" and self.refused:
            await self._stage.remove_children()
            self.test = self.feel = self.answers = None
            self.over = self.refused = False
            await self._read()

    async def action_back(self) -> None:
        """From the questions to the ring; from anywhere else, leave."""
        if self.stage == "feel" and not self.over and self.test is not None:
            await self._to("test", self.test)
        else:
            self.action_leave()

    def action_leave(self) -> None:
        """Save, then leave: to home, or out of the app where there is no home."""
        self.run_worker(self._leave(), group="leave", exclusive=True)

    async def _leave(self) -> None:
        await self.save()
        if len(self.app.screen_stack) > 1:
            self.dismiss()
        else:
            self.app.exit()

    async def save(self) -> None:
        """End what is being measured, and wait until it is saved."""
        if self.test is not None:
            await self.test.end()
