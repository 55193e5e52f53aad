"""The leaves of the morning test: checklist, advice, the state of the signal, the cue to stand."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, ClassVar

from textual.reactive import reactive

from ui import lettering, morning_words, shapes
from ui.picture import Picture, Row
from ui.terminal import plain

if TYPE_CHECKING:
    from device.morning_view import MorningView


class ViewPicture(Picture):
    """A leaf of the morning test: :meth:`fact_of` picks what it shows of a view."""

    view: reactive[MorningView | None] = reactive(None, repaint=False)

    def watch_view(self, view: MorningView | None) -> None:
        """Draw again where the fact has changed."""
        shown = None if view is None else self.fact_of(view)
        if shown != self.shown:
            self.shown = shown
            self.changed()

    def fact_of(self, view: MorningView) -> object:
        """The part of a view this leaf shows; compared with ``==``."""
        raise NotImplementedError


class Checklist(ViewPicture):
    """Strap, battery, contact, RR: a mark and a word each."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "checklist--well",
        "checklist--amiss",
        "checklist--open",
        "checklist--value",
    }
    STYLES: ClassVar[dict[str, str]] = {
        "w": "checklist--well",
        "x": "checklist--amiss",
        "o": "checklist--open",
        "v": "checklist--value",
    }

    def fact_of(self, view: MorningView) -> tuple[tuple[str, str, bool | None], ...]:
        """The list."""
        return morning_words.checklist(view)

    def draw(self, width: int, height: int) -> list[Row]:
        """One line each; solid is well, shaded is still open, a cross is amiss."""
        glyphs = self.glyphs
        marks = {True: glyphs.solid * 2, None: glyphs.shade * 2, False: glyphs.artefact * 2}
        letters = {True: "w", None: "o", False: "x"}
        rows: list[Row] = []
        listed = self.shown if isinstance(self.shown, tuple) else ()
        for name, value, well in listed:
            letter = letters[well]
            text = f"{marks[well]} {name:<13}{plain(value, glyphs)}"
            rows.append((text, letter * 3 + "o" * 13 + ("x" if well is False else "v") * width))
        if height >= 2 * len(rows):
            rows = [row for pair in ((row, ("", "")) for row in rows) for row in pair]
        return rows


class Advice(ViewPicture):
    """What to try where no strap is found or no heartbeat comes, in this order."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"advice--number", "advice--text", "advice--heading"}
    STYLES: ClassVar[dict[str, str]] = {
        "n": "advice--number",
        "t": "advice--text",
        "h": "advice--heading",
    }

    def fact_of(self, view: MorningView) -> tuple[str, ...]:
        """The advice of the preview."""
        return view.advice if view.phase == "preview" else ()

    def draw(self, width: int, height: int) -> list[Row]:
        """A numbered list, wrapped; one alone has no number."""
        advice = self.shown if isinstance(self.shown, tuple) else ()
        items: list[list[Row]] = []
        for number, line in enumerate(advice, start=1):
            head = f"{number}  " if len(advice) > 1 else ""
            wrapped = textwrap.wrap(plain(line, self.glyphs), width - len(head))
            parts = [part for part in wrapped if part]
            items.append(
                [
                    (f"{head if at == 0 else ' ' * len(head)}{part}", "n" * len(head) + "t" * width)
                    for at, part in enumerate(parts)
                ]
            )
        apart: list[Row] = [("", "")] if sum(map(len, items)) + len(items) < height else []
        rows: list[Row] = [row for item in items for row in [*apart, *item]]
        heading = "Try this, in this order:" if len(advice) > 1 else "Try this:"
        return [(heading, "h" * width), *rows] if rows else []


class SignalFacts(ViewPicture):
    """How well the signal arrives: small, and never a word about the heart."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"signal-facts--label", "signal-facts--value"}
    STYLES: ClassVar[dict[str, str]] = {"l": "signal-facts--label", "v": "signal-facts--value"}

    def fact_of(self, view: MorningView) -> tuple[tuple[str, str], ...]:
        """Time left, and the counts."""
        first = (("time left", morning_words.time_left(view)),)
        return first + morning_words.signal_facts(view.counts)

    def draw(self, width: int, height: int) -> list[Row]:
        """One fact a line, in two columns where one is too short."""
        facts = self.shown if isinstance(self.shown, tuple) else ()
        half = -(-len(facts) // 2)
        columns = [facts] if height >= len(facts) else [facts[:half], facts[half:]]
        column_width = min(22, width // len(columns))
        rows: list[Row] = []
        for y in range(max(map(len, columns), default=0)):
            text, letters = "", ""
            for column in columns:
                label, value = column[y] if y < len(column) else ("", "")
                cell = f"{label:<11}{value}"
                text += cell.ljust(column_width)
                letters += ("l" * 11 + "v" * len(value)).ljust(column_width)
            rows.append((text, letters))
        return rows


class StandUp(ViewPicture):
    """The whole screen says: stand up."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"stand-up--cue", "stand-up--text"}
    STYLES: ClassVar[dict[str, str]] = {"c": "stand-up--cue", "t": "stand-up--text"}

    def fact_of(self, view: MorningView) -> bool:
        """Whether it is time."""
        return view.phase == "stand_up"

    def draw(self, width: int, height: int) -> list[Row]:
        """An arrow upwards over two words."""
        glyphs = self.glyphs
        scale = max(1, min(width * 3 // 4 // lettering.width_of("STAND UP"), height // 8))
        if glyphs.drawing == "ascii":
            said: list[Row] = [("S T A N D   U P".center(width), "c" * width)]
        else:
            word = lettering.to_text(lettering.word("STAND UP", scale), glyphs)
            said = [(row.center(width), "c" * width) for row in word]
        room = height - len(said) - 5
        size = max(4, min(width // 2, 2 * room) // 2 * 2)
        arrow = shapes.cells("c", shapes.pixels(shapes.arrow_up, size, size), glyphs)
        left = (width - size) // 2
        below = "stand up now, without haste; if you feel dizzy, sit down and press q"
        rows: list[Row] = [("", "")]
        rows += [(" " * left + t, " " * left + s) for t, s in arrow]
        rows += [("", ""), *said, ("", ""), (below.center(width), "t" * width)]
        return rows
