"""The home screen: what one can start, up to where easy goes, and what was done last."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.screen import Screen
from textual.widget import Widget

from ui import lettering, words
from ui.header import Header, KeyList, Keys
from ui.picture import Picture, Row
from ui.sizes import HEIGHTS, WIDTHS, size_classes
from ui.terminal import Glyphs, plain

if TYPE_CHECKING:
    from ui.overview import Overview, PastSession, Plan

NO_CEILING = (
    "Easy has no ceiling yet: put your birth year, or your resting and highest heart rate, into "
    "your profile."
)
MORNING = "what can today bear?"
START_KEYS = {
    "r": "recovery",
    "e": "easy",
    "s": "steady",
    "t": "tempo",
    "i": "intervals",
    "p": "ramp",
}


class Notes(Widget):
    """What the athlete should know before starting: why the source is what it is."""

    def __init__(self, lines: Iterable[str], glyphs: Glyphs) -> None:
        super().__init__()
        self.text = "\n".join(plain(line, glyphs) for line in lines)

    def render(self) -> Content:
        """One line each; untrusted text."""
        return Content(self.text)


class StartList(Widget):
    """A key, a purpose, and the heart rate that purpose means today."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "start-list--heading",
        "start-list--key",
        "start-list--purpose",
        "start-list--band",
    }

    def __init__(self, plans: tuple[Plan, ...], glyphs: Glyphs) -> None:
        super().__init__()
        self.plans = plans
        self.glyphs = glyphs

    def render(self) -> Content:
        """One line for each key that works."""
        heading = Content.styled("Start", self.get_visual_style("start-list--heading"))
        key, purpose, band = (
            self.get_visual_style(f"start-list--{part}") for part in ("key", "purpose", "band")
        )
        keys = {name: letter for letter, name in START_KEYS.items()}
        morning = Content.assemble((" m ", key), ("  morning    ", purpose), (MORNING, band))
        lines = [morning] + [
            Content.assemble(
                (f" {keys[plan.purpose]} ", key),
                (f"  {plan.purpose:<11}", purpose),
                (_band(plan), band),
            )
            for plan in self.plans
            if plan.purpose in keys
        ]
        apart = "\n\n" if self.size.height >= 2 * len(lines) else "\n"
        below = "\n\n" if self.size.height > 2 * len(lines) + 1 else "\n"
        return Content(below).join([heading, Content(apart).join(lines)])


class EasyCeiling(Picture):
    """The one large number of this screen: how high an easy heart may go today."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"easy-ceiling--figures", "easy-ceiling--label"}
    STYLES: ClassVar[dict[str, str]] = {"f": "easy-ceiling--figures", "l": "easy-ceiling--label"}

    def __init__(self, plans: tuple[Plan, ...], glyphs: Glyphs) -> None:
        super().__init__(glyphs)
        self.band = next((plan.band for plan in plans if plan.purpose == "easy"), None)

    def draw(self, width: int, height: int) -> list[Row]:
        """The number, between what it is and where it comes from."""
        if self.band is None or self.band.ceiling_bpm is None:
            return [(line, "l" * width) for line in textwrap.wrap(NO_CEILING, width)]
        wide = max(5, min((width - 8) // 3, (height - 4) * 7 // 6))
        high = lettering.best_height(wide, (height - 4) * 2)
        figures = lettering.figures(f"{self.band.ceiling_bpm:.0f}", wide, high, 2)
        rows = [(row, "f" * len(row)) for row in lettering.to_text(figures, self.glyphs)]
        text, letters = rows[-1]
        rows[-1] = (f"{text} bpm", f"{letters}llll")
        below = textwrap.wrap(plain(self.band.told_origin, self.glyphs), width)
        apart = height - 2 - len(rows) - max(2, len(below))
        return [
            ("Easy today: up to", "l" * width),
            *[("", "")] * (1 if height > 4 else 0),
            *rows,
            *[("", "")] * apart,
            *((line, "l" * width) for line in below),
        ]


class LastSessions(Widget):
    """The last sessions, the newest on top."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "last-sessions--heading",
        "last-sessions--quiet",
        "last-sessions--warning",
        "last-sessions--picked",
    }

    at: reactive[int | None] = reactive(None)
    """Which is picked, 0 is the newest; None: none yet."""

    def __init__(self, overview: Overview, glyphs: Glyphs) -> None:
        super().__init__()
        self.overview = overview
        self.glyphs = glyphs

    @property
    def picked(self) -> PastSession | None:
        """The one that Enter opens."""
        sessions = self.overview.sessions
        return sessions[self.at or 0] if sessions else None

    def pick(self, step: int) -> None:
        """One further down or up the list."""
        last = len(self.overview.sessions) - 1
        self.at = None if last < 0 else 0 if self.at is None else max(0, min(last, self.at + step))

    def render(self) -> Content:
        """As many as there is room for, the picked one among them."""
        quiet = self.get_visual_style("last-sessions--quiet")
        warning = self.get_visual_style("last-sessions--warning")
        lines = [Content.styled("Last sessions", self.get_visual_style("last-sessions--heading"))]
        room = max(0, self.size.height - 1)
        first = max(0, (self.at or 0) - room + 1)
        mark = self.get_visual_style("last-sessions--picked")
        lines += [
            Content.assemble(
                (self.glyphs.arrow_right if first + row == self.at else " ", mark),
                (f"{words.day(past.started)}{'?' if past.doubted else ' '} ", quiet),
                f"{plain(past.purpose, self.glyphs)[:10]:<10}  ",
                f"{words.lasted(past.duration_s):>8}",
                f"{words.whole(past.mean_hr_bpm, 'bpm'):>10}",
                ("  interrupted" if past.interrupted else "", warning),
            )
            for row, past in enumerate(self.overview.sessions[first : first + room])
        ]
        if len(lines) == 1:
            lines.append(Content.styled(" none yet", quiet))
        return Content("\n").join(lines)


class HomeScreen(Screen[None]):
    """Calm enough for somebody half asleep: a list, a number, a list."""

    VERTICAL_BREAKPOINTS = HEIGHTS
    HORIZONTAL_BREAKPOINTS = WIDTHS
    BINDINGS: ClassVar[list[BindingType]] = [
        *(Binding(key, f"start('{name}')", name) for key, name in START_KEYS.items()),
        Binding("m", "app.morning", "Morning test"),
        Binding("c", "go_on", "Go on with what was cut off"),
        Binding("h", "app.history", "History"),
        Binding("down", "pick(1)", "Older session"),
        Binding("up", "pick(-1)", "Newer session"),
        Binding("enter", "open", "Look back"),
        Binding("q", "app.quit", "Quit"),
    ]

    overview: reactive[Overview | None] = reactive(None, recompose=True)
    trouble: reactive[str | None] = reactive(None, recompose=True)
    """Why the overview could not be read; what was read before stays."""

    class Chosen(Message):
        """A session was asked for."""

        def __init__(self, plan: Plan) -> None:
            super().__init__()
            self.plan = plan

    class Opened(Message):
        """A session of the list is to be looked at again."""

        def __init__(self, session_id: int) -> None:
            super().__init__()
            self.session_id = session_id

    def __init__(self, glyphs: Glyphs) -> None:
        super().__init__()
        self.glyphs = glyphs

    def compose(self) -> ComposeResult:
        """An empty frame until the overview is read, then what it says."""
        self.add_class(*size_classes(self.app.size), update=False)
        overview, glyphs = self.overview, self.glyphs
        if overview is None:
            yield Header(glyphs, "Beatwise")
            with Container(id="home"):
                yield Notes([self.trouble or ""], glyphs)
        else:
            notes = [self.trouble, overview.source.reason, *overview.notes]
            yield Header(glyphs, f"Beatwise  {glyphs.dot}  {overview.athlete}", overview.source)
            with Container(id="home"):
                yield Notes(filter(None, notes), glyphs)
                with Container(id="today"):
                    yield StartList(overview.plans, glyphs)
                    yield EasyCeiling(overview.plans, glyphs)
                yield LastSessions(overview, glyphs)
        again: KeyList = ()
        if overview is not None and (plan := overview.cut_off) is not None and plan.cut_off:
            lasted = words.lasted(plan.cut_off.lasted_s)
            again = (("c", f"go on with {plan.purpose} of {lasted}, cut off"),)
        back: KeyList = ()
        if overview is not None and any(past.id is not None for past in overview.sessions):
            back = (("enter", "look back"),)
        yield Keys((*again, *back, ("h", "history"), ("q", "quit")))

    def action_pick(self, step: int) -> None:
        """Another session of the list."""
        for listed in self.query(LastSessions):
            listed.pick(step)

    def action_open(self) -> None:
        """Ask for the session that is picked, else for the newest."""
        for listed in self.query(LastSessions):
            past = listed.picked
            if past is not None and past.id is not None:
                self.post_message(self.Opened(past.id))

    def action_go_on(self) -> None:
        """Ask for the session that was cut off; where there is none, nothing."""
        if self.overview is not None and self.overview.cut_off is not None:
            self.post_message(self.Chosen(self.overview.cut_off))

    def action_start(self, purpose: str) -> None:
        """Ask for a session of this purpose; a purpose that is not on the list does nothing."""
        for plan in self.overview.plans if self.overview is not None else ():
            if plan.purpose == purpose:
                self.post_message(self.Chosen(plan))


def _band(plan: Plan) -> str:
    if plan.purpose == "ramp":
        return "a test: where easy ends"
    unit = " bpm" if plan.band is not None else ""
    return f"{words.band_words(plan.band)}{unit}"
