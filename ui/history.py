"""The history: how the mornings went, and a look at one of them."""

from __future__ import annotations

import textwrap
from datetime import date, timedelta
from typing import TYPE_CHECKING, ClassVar

from rich.style import Style
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container
from textual.reactive import reactive
from textual.screen import Screen

from device.errors import BeatwiseError
from ui import history_plot, words
from ui.header import Header, Keys
from ui.history_plot import MARKS, Window
from ui.picture import Picture, Row
from ui.sizes import HEIGHTS, WIDTHS, size_classes
from ui.terminal import Glyphs, plain
from ui.trouble import Trouble

if TYPE_CHECKING:
    from ui.gauges import Moment
    from ui.past_mornings import DayPoint, LoadDays, LookAt

SPANS: tuple[tuple[str, int | None], ...] = (("4 weeks", 28), ("6 months", 182), ("all", None))
NONE_YET = "No mornings yet. Press m on the home screen when you wake, or import a history."
MEANINGS = (
    ("counts", "counts"),
    ("imported", "imported"),
    ("excluded", "left out"),
    ("refused", "refused"),
)
STANDINGS = {
    "counts": "in your baseline",
    "imported": "imported",
    "excluded": "kept out of your baseline",
    "refused": "refused",
}


class HistoryPicture(Picture):
    """A leaf of the history: the days, how far back, and the day one is at."""

    days: reactive[tuple[DayPoint, ...]] = reactive((), repaint=False)
    read: reactive[bool] = reactive(False, repaint=False)
    """Whether the days are known yet."""
    span: reactive[int] = reactive(0, repaint=False)
    chosen: reactive[date | None] = reactive(None, repaint=False)

    def watch_days(self) -> None:
        """Draw again."""
        self.changed()

    def watch_read(self) -> None:
        """Draw again."""
        self.changed()

    def watch_span(self) -> None:
        """Draw again."""
        self.changed()

    def watch_chosen(self) -> None:
        """Draw again."""
        self.changed()

    def fact(self, moment: Moment) -> object:  # noqa: ARG002 - shows no moment
        """Nothing of a session."""
        return None


class HistoryPlot(HistoryPicture):
    """The band, the points, the 7-day mean, the heart rate."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        f"history-plot--{part}"
        for part in (
            "axis", "band", "tint", "edge", "week", "heart", "counts", "imported", "excluded",
            "refused", "cursor", "green", "amber", "red", "grey",
        )
    }  # fmt: skip
    STYLES: ClassVar[dict[str, str]] = {
        "x": "history-plot--axis",
        "b": "history-plot--band",
        "t": "history-plot--edge",
        "w": "history-plot--week",
        "h": "history-plot--heart",
        "p": "history-plot--counts",
        "i": "history-plot--imported",
        "e": "history-plot--excluded",
        "r": "history-plot--refused",
        "c": "history-plot--cursor",
        "g": "history-plot--green",
        "a": "history-plot--amber",
        "d": "history-plot--red",
        "n": "history-plot--grey",
    }

    def draw(self, width: int, height: int) -> list[Row]:
        """As far back as is asked for."""
        if not self.read:
            return [("reading your mornings...", "x" * width)]
        if not self.days:
            return [(line, "x" * width) for line in textwrap.wrap(NONE_YET, width)]
        return history_plot.draw(
            self.days,
            window_of(self.days, self.span),
            self.chosen,
            width,
            height,
            self.glyphs,
            tinted=not self.app.current_theme.ansi,
        )

    def style_of(self, letter: str) -> Style:
        """Capital letters stand on the background of the band."""
        if not letter.isupper():
            return super().style_of(letter)
        tint = self.get_component_rich_style("history-plot--tint")
        return super().style_of(letter.lower()) + Style(bgcolor=tint.bgcolor)


class Legend(HistoryPicture):
    """How far back, and what each glyph means."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "legend--span",
        "legend--other",
        "legend--text",
    }
    STYLES: ClassVar[dict[str, str]] = {
        "t": "legend--text",
        "s": "legend--span",
        "o": "legend--other",
    }

    def draw(self, width: int, height: int) -> list[Row]:  # noqa: ARG002 - one line
        """One line; what does not fit on the right is left away."""
        text, letters = "", ""
        for at, (name, _) in enumerate(SPANS):
            text += f" {name} "
            letters += ("s" if at == self.span else "o") * (len(name) + 2)
        there = {day.mark for day in self.days}
        marks = MARKS[self.glyphs.drawing]
        said = [f"{marks[mark]} {meaning}" for mark, meaning in MEANINGS if mark in there]
        line = {"braille": "⠤⠤", "blocks": "▄▄", "ascii": ".."}[self.glyphs.drawing]
        room = width - len(text) - 1
        long, short = (
            apart.join([*said, f"{line} {mean}"])
            for apart, mean in (("    ", "7-day mean"), ("  ", "7-day"))
        )
        right = long if len(long) <= room else short if len(short) <= room else ""
        gap = max(1, width - len(text) - len(right))
        return [(text + " " * gap + right, letters + " " * gap + "t" * len(right))]


class DayLine(HistoryPicture):
    """The day one is at, in words."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"day-line--day", "day-line--text", "day-line--quiet"}
    STYLES: ClassVar[dict[str, str]] = {
        "d": "day-line--day",
        "t": "day-line--text",
        "q": "day-line--quiet",
    }

    def draw(self, width: int, height: int) -> list[Row]:  # noqa: ARG002 - cut by the widget
        """Numbers on the first line, the reason on the next."""
        day = next((one for one in self.days if one.day == self.chosen), None)
        if day is None:
            return []
        name = (
            f"{words.WEEKDAYS[day.day.weekday()]} {day.day.day} {words.MONTHS[day.day.month - 1]}"
        )
        facts = [f"RMSSD {words.whole(day.rmssd_ms, 'ms')}", words.whole(day.hr_bpm, "bpm")]
        if day.l7_ms is not None:
            facts.append(f"7-day mean {day.l7_ms:.0f}")
        if day.band_ms is not None:
            facts.append(f"range {day.band_ms[0]:.0f} to {day.band_ms[1]:.0f}")
        said = f"  {self.glyphs.dot}  ".join(facts)
        said_why = f"{day.verdict}: {day.why}" if day.verdict else day.why
        why = plain(f"{STANDINGS[day.mark]}; {said_why}", self.glyphs)
        rows: list[Row] = [(f"{name}   {said}", "d" * (len(name) + 3) + "t" * len(said))]
        return rows + [(line, "q" * len(line)) for line in textwrap.wrap(why, width)]


class HistoryScreen(Screen[None]):
    """Left and right go from day to day, Enter looks at one, w changes how far back."""

    CSS_PATH = "morning.tcss"
    VERTICAL_BREAKPOINTS = HEIGHTS
    HORIZONTAL_BREAKPOINTS = WIDTHS
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("q,escape", "leave", "Back"),
        Binding("w", "span", "How far back"),
        Binding("left", "step(-1)", "Day before"),
        Binding("right", "step(1)", "Day after"),
        Binding("home", "step(-10000)", "First"),
        Binding("end", "step(10000)", "Last"),
        Binding("enter", "look", "Look at it"),
    ]

    days: reactive[tuple[DayPoint, ...]] = reactive(())
    read: reactive[bool] = reactive(False)
    span: reactive[int] = reactive(0)
    chosen: reactive[date | None] = reactive(None)

    def __init__(self, athlete: str, load: LoadDays, look: LookAt, glyphs: Glyphs) -> None:
        super().__init__()
        self.athlete = athlete
        self.load = load
        self.look = look
        self.glyphs = glyphs

    def compose(self) -> ComposeResult:
        """The plot between what it shows and the day one is at."""
        self.add_class(*size_classes(self.app.size), update=False)
        glyphs = self.glyphs
        own = HistoryScreen
        yield Header(glyphs, f"{self.athlete}  {glyphs.dot}  mornings")
        with Container(id="history"):
            for leaf in (Legend(glyphs), HistoryPlot(glyphs), DayLine(glyphs)):
                yield leaf.data_bind(own.days, own.read, own.span, own.chosen)
        arrows = f"{glyphs.arrow_left} {glyphs.arrow_right}"
        yield Keys((("w", "how far back"), (arrows, "day"), ("enter", "look at it"), ("q", "back")))

    def on_mount(self) -> None:
        """Read the days once a frame is drawn."""
        self.call_after_refresh(lambda: self.run_worker(self._read()))

    async def _read(self) -> None:
        try:
            self.days = days = await self.load()
            self.read = True
        except BeatwiseError as error:
            await self.query_one("#history").mount(Trouble(str(error), self.glyphs), before=0)
            return
        if days:
            self.chosen = days[-1].day

    def action_span(self) -> None:
        """The next longer one, then the shortest again."""
        self.span = (self.span + 1) % len(SPANS)
        if self.days and self.chosen is not None:
            self.chosen = max(self.chosen, self._shown()[0].day)

    def action_step(self, steps: int) -> None:
        """To another day with a test, among those that are shown."""
        shown = self._shown()
        at = next((n for n, day in enumerate(shown) if day.day == self.chosen), len(shown) - 1)
        if shown:
            self.chosen = shown[max(0, min(len(shown) - 1, at + steps))].day

    def _shown(self) -> list[DayPoint]:
        if not self.days:
            return []
        window = window_of(self.days, self.span)
        return [day for day in self.days if day.day >= window.first]

    def action_look(self) -> None:
        """Look at the test of this day."""
        self.run_worker(self._look(), group="look", exclusive=True)

    async def _look(self) -> None:
        from ui.one_morning import OneMorningScreen

        day = next((one for one in self.days if one.day == self.chosen), None)
        try:
            past = None if day is None else await self.look(day)
        except BeatwiseError as error:
            self.notify(str(error), severity="error", timeout=60, markup=False)
            return
        if past is not None and self.is_current:
            self.app.push_screen(OneMorningScreen(past, self.glyphs))

    def action_leave(self) -> None:
        """Back to where one came from, or out."""
        if len(self.app.screen_stack) > 1:
            self.dismiss()
        else:
            self.app.exit()


def window_of(days: tuple[DayPoint, ...], span: int) -> Window:
    """From the newest day back."""
    last = days[-1].day
    length = SPANS[span][1]
    if length is None:
        return Window(min(days[0].day, last - timedelta(days=27)), last)
    return Window(last - timedelta(days=length - 1), last)
