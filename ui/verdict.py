"""The verdict: what today can bear, in one word, and why. What to make of it is the athlete's."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container, Vertical
from textual.message import Message
from textual.reactive import reactive

from ui import lettering, shapes
from ui.evidence import evidence
from ui.personal_band import PersonalBand, Standing
from ui.picture import Picture, Row
from ui.terminal import Glyphs, plain

if TYPE_CHECKING:
    from device.morning_record import Choice
    from device.morning_view import Orthostatic
    from ui.gauges import Moment
    from ui.morning_plan import Today

SYMBOLS = {
    "GREEN": shapes.TICK,
    "AMBER": shapes.CAUTION,
    "RED": shapes.STOP,
    "GREY": shapes.OPEN,
}
MEANINGS = {
    "GREEN": "as planned",
    "AMBER": "easy: below the ceiling, at most an hour, no intervals",
    "RED": "rest, or a gentle walk",
    "GREY": "no verdict from HRV: go by how you feel",
}
CHOICES: tuple[tuple[str, Choice], ...] = (("f", "follow"), ("e", "easier"), ("h", "harder"))
TO_DO = (
    "Refused, so there is no number today. Put it right and take it again, or go by how you feel."
)


class VerdictWord(Picture):
    """Symbol and word, as large as there is room for, and what it means for today."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"verdict-word--letters", "verdict-word--meaning"}
    STYLES: ClassVar[dict[str, str]] = {"w": "verdict-word--letters", "m": "verdict-word--meaning"}

    def __init__(self, glyphs: Glyphs, verdict: str) -> None:
        super().__init__(glyphs)
        self.verdict = verdict

    def draw(self, width: int, height: int) -> list[Row]:
        """The symbol on the left, the word beside it, what it means below the word."""
        size = max(2, min(2 * (height - 1), width // 4) // 2 * 2)
        symbol = shapes.pixels(SYMBOLS[self.verdict], size, size)
        rows = shapes.cells("w", symbol, self.glyphs)
        beside = self._word(width - size - 4, height - 2)
        if height - len(beside) >= 3:
            beside.append(("", ""))
        meaning = MEANINGS[self.verdict]
        beside.append((meaning, "m" * len(meaning)))
        lines: list[Row] = []
        for y in range(max(len(rows), len(beside))):
            text, letters = rows[y] if y < len(rows) else (" " * size, " " * size)
            more, more_letters = beside[y] if y < len(beside) else ("", "")
            lines.append((f"{text}    {more}", f"{letters}    {more_letters}"))
        return lines

    def _word(self, width: int, height: int) -> list[Row]:
        if self.glyphs.drawing == "ascii":
            bar = self.glyphs.solid * 2
            word = [f"{bar} {' '.join(self.verdict)} {bar}"]
        else:
            scale = max(1, min(width // lettering.width_of(self.verdict), 2 * height // 5))
            word = lettering.to_text(lettering.word(self.verdict, scale), self.glyphs)
        return [(row, "w" * len(row)) for row in word]


class TodaysCeiling(Picture):
    """How high the heart may go today, in this athlete's own beats per minute."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"todays-ceiling--figures", "todays-ceiling--label"}
    STYLES: ClassVar[dict[str, str]] = {
        "f": "todays-ceiling--figures",
        "l": "todays-ceiling--label",
    }

    def __init__(self, glyphs: Glyphs, today: Today) -> None:
        super().__init__(glyphs)
        self.today = today

    def draw(self, width: int, height: int) -> list[Row]:
        """The number between what it is and where it comes from."""
        ceiling = self.today.ceiling
        verdict = self.today.readiness.decision.verdict.value
        if ceiling is None or ceiling.ceiling_bpm is None:
            said = "no ceiling yet: your profile holds neither a birth year nor heart rates"
            return [(line, "l" * width) for line in textwrap.wrap(said, width)]
        heading = "today up to" if verdict == "AMBER" else "easy today up to"
        wide = max(5, min((width - 10) // 3, (height - 3) * 7 // 6))
        high = lettering.best_height(wide, max(6, (height - 3) * 2))
        figures = lettering.figures(f"{ceiling.ceiling_bpm:.0f}", wide, high, 2)
        rows = [(row, "f" * len(row)) for row in lettering.to_text(figures, self.glyphs)]
        text, letters = rows[-1]
        rows[-1] = (f"{text} bpm", f"{letters}llll")
        below = textwrap.wrap(plain(ceiling.told_origin, self.glyphs), width)
        return [(heading, "l" * width), *rows, *((line, "l" * width) for line in below[:2])]


class Why(Picture):
    """The reason, the two pieces of evidence, and the rule that was applied."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"why--reason", "why--evidence", "why--rule"}
    STYLES: ClassVar[dict[str, str]] = {
        "r": "why--reason",
        "e": "why--evidence",
        "n": "why--rule",
    }

    def __init__(self, glyphs: Glyphs, today: Today) -> None:
        super().__init__(glyphs)
        self.today = today

    def draw(self, width: int, height: int) -> list[Row]:
        """Wrapped lines; close together where there is little room."""
        readiness, glyphs = self.today.readiness, self.glyphs
        rows: list[Row] = []

        def say(text: str, letter: str, mark: str = "") -> None:
            for at, line in enumerate(textwrap.wrap(plain(text, glyphs), width - len(mark))):
                head = mark if at == 0 else " " * len(mark)
                rows.append((head + line, letter * (len(head) + len(line))))

        say(readiness.decision.reason, "r")
        rows.append(("", ""))
        result = self.today.result
        if result is not None and result.outcome == "refused":
            say(TO_DO, "e")
        else:
            for piece in evidence(readiness):
                say(piece, "e", f"{glyphs.arrow_right} ")
            if result is not None and result.confidence != "full":
                reasons = "; ".join(result.reasons)
                say(f"confidence {result.confidence}{': ' if reasons else ''}{reasons}", "n")
        if result is not None and (standing := standing_words(result.orthostatic)):
            say(standing, "n")
        for flag in self.today.flags:
            say(flag, "e", f"{glyphs.arrow_right} ")
        stage = readiness.baseline.stage.value
        say(f"rule {readiness.decision.rule}, baseline {stage} ({readiness.baseline.n})", "n")
        return rows if len(rows) <= height else [row for row in rows if row[0]]


def standing_words(values: Orthostatic | None) -> str:
    """What standing up did, in one line; a trend, on which no verdict rests."""
    if values is None or values.delta_hr_bpm is None:
        return ""
    ratio = "" if values.ratio_30_15 is None else f", 30:15 ratio {values.ratio_30_15:.2f}"
    return f"on standing up: heart rate {values.delta_hr_bpm:+.0f} bpm{ratio}"


class ChoiceLine(Picture):
    """Follow, easier, harder: what was chosen stands out, and nothing is said about it."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "choice-line--key",
        "choice-line--text",
        "choice-line--chosen",
    }
    STYLES: ClassVar[dict[str, str]] = {
        "t": "choice-line--text",
        "k": "choice-line--key",
        "c": "choice-line--chosen",
    }

    choice: reactive[str | None] = reactive(None, repaint=False)

    def watch_choice(self) -> None:
        """Draw again."""
        self.changed()

    def fact(self, moment: Moment) -> object:  # noqa: ARG002 - shows no moment
        """Nothing of a session."""
        return None

    def draw(self, width: int, height: int) -> list[Row]:  # noqa: ARG002 - one line
        """One line."""
        text, letters = "You decide:", "t" * 11
        for key, choice in CHOICES:
            chosen = choice == self.choice
            mark = self.glyphs.arrow_right if chosen else " "
            text += f"   {mark} {key}  {choice}"
            letters += "tttckkkt" + ("c" if chosen else "t") * len(choice)
        return [(text, letters)]


class VerdictPane(Container, can_focus=True):
    """A day's verdict; the choice is kept and never talked about again."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(key, f"choose('{choice}')", choice) for key, choice in CHOICES
    ]

    choice: reactive[str | None] = reactive(None, repaint=False)

    class Chosen(Message):
        """What the athlete makes of it."""

        def __init__(self, choice: Choice) -> None:
            super().__init__()
            self.choice = choice

    def __init__(self, glyphs: Glyphs, today: Today) -> None:
        super().__init__()
        self.glyphs = glyphs
        self.today = today
        self.set_reactive(VerdictPane.choice, today.choice)
        self.verdict = today.readiness.decision.verdict.value
        self.add_class(f"-{self.verdict.lower()}")

    def compose(self) -> ComposeResult:
        """The word, the ceiling beside the reason, the band, the choice."""
        glyphs, today = self.glyphs, self.today
        yield VerdictWord(glyphs, self.verdict)
        with Container(id="because"):
            if self.verdict != "RED":
                yield TodaysCeiling(glyphs, today)
            yield Why(glyphs, today)
        with Vertical(id="where"):
            yield PersonalBand(glyphs, Standing.of(today.readiness))
            yield ChoiceLine(glyphs).data_bind(VerdictPane.choice)

    def action_choose(self, choice: Choice) -> None:
        """Keep it."""
        self.choice = choice
        self.post_message(self.Chosen(choice))
