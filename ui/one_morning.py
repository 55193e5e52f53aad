"""A look at one morning: every beat, every number, its quality, and what was said."""

from __future__ import annotations

import textwrap
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container
from textual.screen import Screen

from ui import tachogram, words
from ui.header import Header, Keys
from ui.picture import Picture, Row
from ui.sizes import HEIGHTS, WIDTHS, size_classes
from ui.tachogram import ARTEFACT, AXIS, AXIS_WIDTH, GAP, LINE
from ui.terminal import Glyphs, plain

if TYPE_CHECKING:
    from device.morning_record import StoredMorning
    from device.reading import RecentBeat
    from ui.past_mornings import PastMorning

LABEL_WIDTH = 11


class WholeTrace(Picture):
    """All beats of a recording from edge to edge, artefacts and gaps marked."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        f"tachogram--{part}" for part in ("line", "artefact", "gap", "axis")
    }
    STYLES: ClassVar[dict[str, str]] = {
        LINE: "tachogram--line",
        ARTEFACT: "tachogram--artefact",
        GAP: "tachogram--gap",
        AXIS: "tachogram--axis",
    }

    def __init__(self, glyphs: Glyphs, beats: tuple[RecentBeat, ...]) -> None:
        super().__init__(glyphs)
        self.beats = beats

    def draw(self, width: int, height: int) -> list[Row]:
        """The heading, and the trace behind its axis."""
        beats = self.beats
        if len(beats) < 2 or width <= AXIS_WIDTH + 10 or height < 3:
            return [("no beats are kept of this morning", AXIS * width)]
        start_s = beats[0].time_s - beats[0].rr_ms / 1000
        length_s = beats[-1].time_s - start_s
        wide = width - AXIS_WIDTH
        # The scrolling trace shows a fixed time; these beats are moved together until all fit.
        window_s = tachogram.draw((), 0.0, wide, 1, self.glyphs).window_s
        shrink = 0.99 * window_s / length_s
        moved = [replace(beat, time_s=(beat.time_s - start_s) * shrink) for beat in beats]
        trace = tachogram.draw(moved, window_s, wide, height - 1, self.glyphs)
        flagged = sum(not beat.normal for beat in beats)
        heading = f" ms between beats, all {length_s:.0f} s: {len(beats)} beats, {flagged} flagged"
        legend = f"{self.glyphs.artefact} artefact  {self.glyphs.shade} gap "
        rows = [(heading + legend.rjust(width - len(heading)), AXIS * width)]
        for y, (cells, letters) in enumerate(zip(trace.cells, trace.letters, strict=True)):
            edge_ms = {0: trace.high_ms, len(trace.cells) - 1: trace.low_ms}.get(y)
            axis = f"{'' if edge_ms is None else f'{edge_ms:.0f}':>{AXIS_WIDTH - 1}} "
            rows.append((axis + "".join(cells), AXIS * AXIS_WIDTH + "".join(letters)))
        return rows


class Table(Picture):
    """A heading, and labels with their values."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"table--heading", "table--label", "table--value"}
    STYLES: ClassVar[dict[str, str]] = {
        "h": "table--heading",
        "l": "table--label",
        "v": "table--value",
    }

    def __init__(self, glyphs: Glyphs, heading: str, facts: tuple[tuple[str, str], ...]) -> None:
        super().__init__(glyphs)
        self.heading = heading
        self.facts = facts

    def draw(self, width: int, height: int) -> list[Row]:  # noqa: ARG002 - cut by the widget
        """One line each; a long value goes on below."""
        rows: list[Row] = [(self.heading, "h" * len(self.heading))]
        for label, value in self.facts:
            parts = textwrap.wrap(plain(value, self.glyphs), max(8, width - LABEL_WIDTH - 1))
            for at, part in enumerate(parts or [words.UNKNOWN]):
                name = label if at == 0 else ""
                text = f"{name:<{LABEL_WIDTH}}{part}"
                rows.append((text, "l" * LABEL_WIDTH + "v" * len(part)))
        return rows


class OneMorningScreen(Screen[None]):
    """The trace over three tables."""

    CSS_PATH = "morning.tcss"
    VERTICAL_BREAKPOINTS = HEIGHTS
    HORIZONTAL_BREAKPOINTS = WIDTHS
    BINDINGS: ClassVar[list[BindingType]] = [Binding("q,escape,enter", "leave", "Back")]

    def __init__(self, past: PastMorning, glyphs: Glyphs) -> None:
        super().__init__()
        self.past = past
        self.glyphs = glyphs

    def compose(self) -> ComposeResult:
        """The trace, and what was measured, how well, and what was said."""
        self.add_class(*size_classes(self.app.size), update=False)
        glyphs, past = self.glyphs, self.past
        one = past.morning
        day = f"{words.WEEKDAYS[one.day.weekday()]} {one.day.day} {words.MONTHS[one.day.month - 1]}"
        at = "" if one.taken is None else f" {one.taken.hour:02}:{one.taken.minute:02}"
        yield Header(glyphs, f"{one.athlete}  {glyphs.dot}  {day} {one.day.year}{at}")
        yield WholeTrace(glyphs, past.beats)
        with Container(id="tables"):
            yield Table(glyphs, "Measured", past.metrics or measured(one))
            yield Table(glyphs, "Quality", quality(one) + standing(one))
            yield Table(glyphs, "Said", said(one))
        yield Keys((("q", "back"),))

    def action_leave(self) -> None:
        """Back to the history."""
        self.dismiss()


def measured(one: StoredMorning) -> tuple[tuple[str, str], ...]:
    """What is kept of a test even without its beats."""
    return (
        ("RMSSD", words.whole(one.rmssd_ms, "ms")),
        ("heart rate", words.whole(one.hr_bpm, "bpm")),
    )


def standing(one: StoredMorning) -> tuple[tuple[str, str], ...]:
    """What standing up did, where the test went on standing."""
    told = (one.detail or {}).get("orthostatic")
    if not isinstance(told, dict):
        return ()
    values = (
        words.whole(told.get("standing_hr_bpm"), "bpm"),
        f"RMSSD {words.whole(told.get('standing_rmssd_ms'), 'ms')}",
        f"peak {words.whole(told.get('peak_hr_bpm'), 'bpm')}",
        f"30:15 ratio {words.two_places(told.get('ratio_30_15'))}",
    )
    return (("standing", ", ".join(values)),)


def quality(one: StoredMorning) -> tuple[tuple[str, str], ...]:
    """How far the number can be trusted, and whether it counts."""
    facts: list[tuple[str, str]] = [("outcome", one.outcome)]
    if one.imported_from is not None:
        facts.append(("imported", one.imported_from))
    if one.problem is not None:
        facts.append(("problem", one.problem))
    facts += [
        ("confidence", one.confidence or words.UNKNOWN),
        ("artefact", words.UNKNOWN if one.artefact_pct is None else f"{one.artefact_pct:.1f} %"),
        ("taken as", one.protocol),
        ("schedule", "usual hours" if one.on_schedule else "outside the usual hours"),
    ]
    return tuple(facts)


def said(one: StoredMorning) -> tuple[tuple[str, str], ...]:
    """The answers, the verdict as it was shown, and what was made of it."""
    answers = one.answers
    feeling = answers.feeling
    facts: list[tuple[str, str]] = []
    if feeling is None:
        facts.append(("feeling", "not answered"))
    else:
        facts += [
            (item, "not answered" if value is None else f"{value} of 5")
            for item, value in asdict(feeling).items()
        ]
    facts.append(("symptoms", answers.symptoms.value))
    if answers.tags:
        facts.append(("tags", ", ".join(answers.tags)))
    if answers.note:
        facts.append(("note", answers.note))
    verdict = words.UNKNOWN if one.verdict is None else f"{one.verdict.value} ({one.rule})"
    return (*facts, ("verdict", verdict), ("choice", one.choice or words.UNKNOWN))
