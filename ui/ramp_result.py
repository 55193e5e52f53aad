"""What came of a ramp test: the regression, the thresholds or why there are none, one question."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from ui import regression, words
from ui.picture import Picture, Row
from ui.terminal import plain

if TYPE_CHECKING:
    from device.ramp import RampPoint
    from hrv.refusal import Refusal
    from hrv.thresholds import Thresholds
    from ui.gauges import Moment
    from ui.terminal import Glyphs

CONTESTED = (
    "Contested: in studies alpha 1 put this threshold about 10 beats too high, give or take 16. "
    "The talk test outranks it."
)


@dataclass(frozen=True, slots=True)
class RampResult:
    """The result and everything it was made from."""

    stop: str
    """Why the ramp was over."""
    points: tuple[RampPoint, ...]
    told: Thresholds | Refusal
    can_keep: bool = False
    """There is a file of this athlete to write it to."""
    answer: str | None = None
    """What became of the question, in words; None while it is open."""

    @property
    def thresholds(self) -> Thresholds | None:
        """None where they were refused."""
        from hrv.thresholds import Thresholds

        return self.told if isinstance(self.told, Thresholds) else None

    @property
    def asked(self) -> bool:
        """Whether the question is open."""
        return self.can_keep and self.answer is None and self.thresholds is not None

    @property
    def kept(self) -> str:
        """Both thresholds in one line, for the session's notes."""
        told = self.thresholds
        if told is None:
            return ""
        hrvt2 = "none" if told.hrvt2_bpm is None else f"{told.hrvt2_bpm:.1f}"
        return (
            f"ramp: HRVT1 {told.hrvt1_bpm:.1f} bpm, at own alpha 1 {told.individual_alpha1:.2f}"
            f" {told.individual_bpm:.1f} bpm, HRVT2 {hrvt2} bpm, R2 {told.fit.r2:.2f},"
            f" {told.fit.n} points"
        )


class RampPicture(Picture):
    """The plot on the left, the words on the right; narrow, the words alone."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        f"ramp--{part}" for part in ("point", "line", "guide", "axis", "words", "question")
    }
    STYLES: ClassVar[dict[str, str]] = {
        regression.POINT: "ramp--point",
        regression.LINE: "ramp--line",
        regression.GUIDE: "ramp--guide",
        regression.AXIS: "ramp--axis",
        "w": "ramp--words",
        "q": "ramp--question",
    }

    def __init__(self, glyphs: Glyphs) -> None:
        super().__init__(glyphs)
        self.result: RampResult | None = None

    def fact(self, moment: Moment) -> None:
        """Nothing of the moment: it stays as it was read off."""
        del moment

    def tell(self, result: RampResult) -> None:
        """Show this one."""
        self.result = result
        self.changed()

    def draw(self, width: int, height: int) -> list[Row]:
        """Plot and words."""
        if (result := self.result) is None:
            return []
        wide = width // 2 if width >= 60 else 0
        told = result.thresholds
        fit = None if told is None else told.fit
        plot = regression.draw(result.points, fit, wide, height, self.glyphs) if wide else []
        lines = self._lines(result, width - wide - (2 if wide else 0))
        blank = (" " * wide, " " * wide)
        rows: list[Row] = []
        for y in range(max(len(plot), len(lines))):
            left, letters = plot[y] if y < len(plot) else blank
            text, letter = lines[y] if y < len(lines) else ("", "w")
            apart = 2 if wide else 0
            left, letters = left.ljust(wide + apart), letters.ljust(wide + apart)
            rows.append((left + text, letters + letter * len(text)))
        return rows

    def _lines(self, result: RampResult, width: int) -> list[tuple[str, str]]:
        lines = []
        for text, letter in said(result):
            wrapped = textwrap.wrap(plain(text, self.glyphs), max(12, width)) or [""]
            lines += [(line, letter) for line in wrapped]
        return lines


def said(result: RampResult) -> list[tuple[str, str]]:
    """What the words are: each with the letter of its style."""
    told = result.thresholds
    lines = [(f"The ramp is over: {result.stop}.", "w"), ("", "w")]
    if told is None:
        lines += [("No threshold from this ramp:", "q"), (f"{_reason(result)}.", "w")]
        return lines
    hrvt2 = words.whole(told.hrvt2_bpm, "bpm") if told.hrvt2_bpm else "not reached"
    own = f"own alpha 1 of {told.individual_alpha1:.2f}"
    lines += [
        (f"HRVT1 {told.hrvt1_bpm:.0f} bpm, at alpha 1 0.75", "q"),
        (f"or {told.individual_bpm:.0f} bpm, at your {own}", "q"),
        (f"HRVT2 {hrvt2}, at alpha 1 0.50", "q"),
        (f"{told.fit.n} points, R2 {told.fit.r2:.2f}", "w"),
        ("", "w"),
    ]
    if result.answer is not None:
        lines.append((result.answer, "q"))
    elif result.asked:
        lines.append((f"Accept the lower one, {told.proposed_bpm:.0f}, as your easy ceiling?", "q"))
    else:
        lines.append(("No athlete's file to keep it in: put it there as hrvt1_bpm.", "w"))
    return [*lines, ("", "w"), (CONTESTED, "w")]


def _reason(result: RampResult) -> str:
    from hrv.refusal import Refusal

    return result.told.reason.replace("α1", "alpha 1") if isinstance(result.told, Refusal) else ""
