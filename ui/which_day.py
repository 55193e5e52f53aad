"""Which day is it? Asked where the clock cannot be trusted, so that no test lands in 1970."""

from __future__ import annotations

from datetime import date

from textual.app import ComposeResult
from textual.containers import Container
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget
from textual.widgets import Input

ASKED = (
    "This machine cannot be sure of the date, and a test under the wrong day would mislead you"
    " for weeks. Which day is it?"
)
NO_DATE = "That is no day of the calendar. Say it like 2026-03-31."
FIRST, LAST = date(2020, 1, 1), date(2099, 12, 31)


class Said(Widget):
    """The question, or what was wrong with the answer."""

    text: reactive[str] = reactive(ASKED, layout=True)

    def render(self) -> Content:
        """Wrapped."""
        return Content(self.text)


class WhichDayPane(Container):
    """One question."""

    text: reactive[str] = reactive(ASKED)

    class Told(Message):
        """The athlete said it."""

        def __init__(self, day: date) -> None:
            super().__init__()
            self.day = day

    def __init__(self, *, said: date | None = None) -> None:
        """``said`` is what stands there at first."""
        super().__init__()
        self.said = said

    def compose(self) -> ComposeResult:
        """The question, and room for the answer."""
        yield Said().data_bind(WhichDayPane.text)
        yield Input(
            "" if self.said is None else self.said.isoformat(),
            placeholder="year-month-day",
            restrict=r"[0-9-]*",
            max_length=10,
            compact=True,
        )

    def on_input_submitted(self, message: Input.Submitted) -> None:
        """Take a day that can be; ask again otherwise."""
        message.stop()
        try:
            day = date.fromisoformat(message.value)
        except ValueError:
            day = None
        if day is None or not FIRST <= day <= LAST:
            self.text = NO_DATE
        else:
            self.post_message(self.Told(day))
