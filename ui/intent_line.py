"""What this minute is meant to be, and where that comes from; in steps also what comes next."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, ClassVar

from device.steps import RAMP_STAGE_KMH
from hrv.hr_max import HR_MAX_ERROR_BPM
from ui import words
from ui.picture import Picture, Row
from ui.terminal import plain
from ui.zone_bar import band_label

if TYPE_CHECKING:
    from device.steps import StepNow
    from ui.gauges import Moment
    from ui.overview import Plan
    from ui.terminal import Glyphs


class IntentLine(Picture):
    """A step with its number and the next one; else the ceiling and what it rests on."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"intent-line--now", "intent-line--quiet"}
    STYLES: ClassVar[dict[str, str]] = {"n": "intent-line--now", "q": "intent-line--quiet"}

    def __init__(self, glyphs: Glyphs, plan: Plan) -> None:
        super().__init__(glyphs)
        self.plan = plan

    def fact(self, moment: Moment) -> tuple[str, ...]:
        """Its lines, the first one large in meaning."""
        return lines_of(self.plan, moment.reading.step)

    def draw(self, width: int, height: int) -> list[Row]:
        """Wrapped, as far as there is room."""
        first, *rest = self.shown if isinstance(self.shown, tuple) else ("",)
        rows = [(line, "n" * len(line)) for line in self._wrapped(first, width)]
        for text in rest:
            rows += [(line, "q" * len(line)) for line in self._wrapped(text, width)]
        return rows[:height]

    def _wrapped(self, text: str, width: int) -> list[str]:
        return textwrap.wrap(plain(text, self.glyphs), max(8, width))


def lines_of(plan: Plan, now: StepNow | None) -> tuple[str, ...]:
    """What is intended at a moment, in words."""
    if now is not None and plan.purpose == "ramp":
        return ramp_lines(now)
    if now is not None:
        step = f"{now.step.name}: {band_label(now.step.band)}"
        following = "the last step"
        if now.next is not None:
            following = f"then {now.next.name}, {band_label(now.next.band)}"
        return (step, following)
    if plan.band is None:
        return ("no range: nothing is judged",) if plan.purpose != "ramp" else ("",)
    return (f"{plan.purpose}: {band_label(plan.band)}", *origin_lines(plan))


def ramp_lines(now: StepNow) -> tuple[str, ...]:
    """How much faster than in the warm-up this stage is, and the next."""
    if now.index == 0:
        return ("warm-up: very easy, flat", f"then {RAMP_STAGE_KMH:g} km/h faster every 2 min")
    return (
        f"{now.step.name}: {now.index * RAMP_STAGE_KMH:.1f} km/h over the warm-up",
        f"then {(now.index + 1) * RAMP_STAGE_KMH:.1f} km/h over it",
    )


def origin_lines(plan: Plan) -> tuple[str, ...]:
    """Where the range comes from, and what this morning made of it."""
    lines = []
    if (band := plan.band) is not None:
        guess = f"an estimate, give or take {HR_MAX_ERROR_BPM:.0f}: " if band.estimate else ""
        lines.append(f"{guess}{band.origin}")
    if plan.overridden:
        lines.append("your choice, against this morning")
    elif (morning := plan.morning) is not None and morning.binds:
        lines.append(f"{morning.verdict} this morning")
    return tuple(lines)


def spoken(plan: Plan) -> str:
    """A whole plan of steps in one line: ``10:00 warm-up, 4:00 work 1/4``."""
    steps = plan.steps.steps if plan.steps is not None else ()
    return ", ".join(f"{words.clock(step.duration_s)} {step.name}" for step in steps)
