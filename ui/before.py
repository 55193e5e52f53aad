"""Before a session: what it is for, how high the heart may go, where that comes from, and start."""

from __future__ import annotations

import textwrap
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container
from textual.screen import Screen

from hrv.hr_max import HR_MAX_ERROR_BPM
from ui import intent_line, lettering
from ui.header import Header, KeyList, Keys
from ui.picture import Picture, Row
from ui.sizes import HEIGHTS, WIDTHS, size_classes
from ui.terminal import plain
from ui.zone_bar import band_label

if TYPE_CHECKING:
    from textual.widgets import Input

    from device.intent import Band
    from ui.gauges import Moment
    from ui.overview import Plan
    from ui.terminal import Glyphs

LONGEST_WHY = 200
RAMP = (
    "Ten minutes of warm-up, then half a km/h faster every two minutes, flat, from very easy.",
    "It ends when alpha 1 stays below 0.5 for two minutes, or at 90 % of your highest heart rate.",
    "Or on your word (x). Stop at once if anything feels wrong.",
)


class Intent(Picture):
    """Purpose and range in large letters, and everything they rest on in plain words."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        f"intent--{part}" for part in ("purpose", "figures", "words", "caution")
    }
    STYLES: ClassVar[dict[str, str]] = {
        "p": "intent--purpose",
        "f": "intent--figures",
        "w": "intent--words",
        "c": "intent--caution",
    }

    def __init__(self, glyphs: Glyphs, plan: Plan) -> None:
        super().__init__(glyphs)
        self.plan = plan

    def fact(self, moment: Moment) -> None:
        """Nothing of a moment: nothing is measured yet."""
        del moment

    def tell(self, plan: Plan) -> None:
        """The athlete changed something."""
        self.plan = plan
        self.changed()

    def draw(self, width: int, height: int) -> list[Row]:
        """The purpose, the number, the words."""
        rows = self._large(width) if height >= 14 else []
        for text, letter in told(self.plan):
            wrapped = textwrap.wrap(plain(text, self.glyphs), max(20, min(width, 76))) or [""]
            rows += [(line, letter * len(line)) for line in wrapped]
        return rows

    def _large(self, width: int) -> list[Row]:
        band = self.plan.band
        bounds = [] if band is None else [band.floor_bpm, band.ceiling_bpm]
        figures = [f"{bpm:.0f}" for bpm in bounds if bpm is not None]
        if not figures or self.plan.steps is not None or width < 40:
            return []
        drawn = [
            lettering.to_text(lettering.figures(text, 6, 10, 2), self.glyphs) for text in figures
        ]
        rule = self.glyphs.rule * 3
        rows: list[Row] = []
        for y, parts in enumerate(zip(*drawn, strict=True)):
            between = f"  {rule if y == 2 else '   '}  "
            text = between.join(parts) + (" bpm" if y == len(drawn[0]) - 1 else "")
            rows.append((text, "f" * len(text)))
        return [*rows, ("", "")]


def told(plan: Plan) -> list[tuple[str, str]]:
    """Everything worth knowing before the start: each line with the letter of its style."""
    lines = [(f"{plan.purpose}: {band_label(plan.band)}", "p")]
    if plan.purpose == "ramp":
        lines = [("ramp test: it looks for your thresholds", "p")]
        lines += [(text, "w") for text in RAMP]
        if plan.max_bpm is None:
            lines.append(("Your highest heart rate is not known: mind yourself.", "c"))
    elif plan.band is None:
        lines.append(("Nothing is known to set a range by: nothing is judged.", "w"))
    if plan.steps is not None and plan.purpose != "ramp":
        lines = [(plan.purpose, "p"), (intent_line.spoken(plan), "w")]
        for name, text in bands_of(plan):
            lines.append((f"{name}: {text}", "w"))
    if plan.band is not None:
        lines.append(_origin(plan.band))
    if (morning := plan.morning) is not None:
        lines += [("", "w"), (f"This morning {morning.verdict}: {morning.reason}", "w")]
        if plan.overridden:
            lines.append(("Overridden, on your word.", "c"))
        elif morning.rest:
            lines.append(("Rest, or a gentle walk, is proposed instead.", "c"))
        elif morning.binds:
            lines.append(("So the ceiling is your easy one today.", "c"))
    if plan.why:
        lines += [("", "w"), (f"What for: {plan.why}", "w")]
    return lines


def _origin(band: Band) -> tuple[str, str]:
    if not band.estimate:
        return band.origin, "w"
    return f"an estimate, give or take {HR_MAX_ERROR_BPM:.0f} beats: {band.origin}", "c"


def bands_of(plan: Plan) -> list[tuple[str, str]]:
    """Each different target of the steps, by the name of its first step."""
    found: dict[str, str] = {}
    for step in plan.steps.steps if plan.steps is not None else ():
        found.setdefault(band_label(step.band), step.name.partition(" ")[0])
    return [(name, text) for text, name in found.items()]


class BeforeScreen(Screen["Plan | None"]):
    """Purpose first. Dismissed with the plan as it is to be run, or with None."""

    VERTICAL_BREAKPOINTS = HEIGHTS
    HORIZONTAL_BREAKPOINTS = WIDTHS
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space,enter", "start", "Start"),
        Binding("o", "override", "Override this morning"),
        Binding("w", "why", "What for"),
        Binding("q,escape", "back", "Back"),
    ]

    def __init__(self, plan: Plan, glyphs: Glyphs) -> None:
        super().__init__()
        self.plan = plan
        self.glyphs = glyphs
        self.as_capped = plan
        self.asking = False

    def compose(self) -> ComposeResult:
        """Title, intent, keys."""
        self.add_class(*size_classes(self.app.size), update=False)
        title = f"{self.plan.athlete}  {self.glyphs.dot}  before you start"
        yield Header(self.glyphs, title, self.plan.source)
        with Container(id="before"):
            yield Intent(self.glyphs, self.plan)
        yield Keys(self._keys())

    def _keys(self) -> KeyList:
        if self.asking:
            return (("enter", "keep it"), ("esc", "leave it"))
        morning = self.plan.morning
        override: KeyList = ()
        if morning is not None and morning.binds:
            what = "mind this morning" if self.plan.overridden else "override this morning"
            override = (("o", what),)
        return (("space", "start"), *override, ("w", "what for"), ("q", "back"))

    def _tell(self, plan: Plan) -> None:
        self.plan = plan
        self.query_one(Intent).tell(plan)
        self.query_one(Keys).keys = self._keys()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """While something is typed, only that; no override where nothing binds."""
        if self.asking:
            return action == "back" or super().check_action(action, parameters)
        if action == "override":
            return self.plan.morning is not None and self.plan.morning.binds
        return super().check_action(action, parameters)

    def action_start(self) -> None:
        """As it stands."""
        if not self.asking:
            self.dismiss(self.plan)

    def action_override(self) -> None:
        """The athlete outranks the strap; and back again."""
        plan, morning = self.plan, self.plan.morning
        if self.asking or morning is None:
            return
        if plan.overridden:
            self._tell(replace(self.as_capped, why=plan.why))
        else:
            band, steps = morning.uncapped, morning.uncapped_steps
            self._tell(replace(plan, overridden=True, band=band, steps=steps))

    async def action_why(self) -> None:
        """In the athlete's own words."""
        from textual.widgets import Input

        if self.asking:
            return
        line = Input(self.plan.why, placeholder="what for?", max_length=LONGEST_WHY, compact=True)
        await self.query_one("#before").mount(line)
        line.focus()
        self._ask(asking=True)

    def _ask(self, *, asking: bool) -> None:
        self.asking = asking
        self.query_one(Keys).keys = self._keys()

    async def on_input_submitted(self, message: Input.Submitted) -> None:
        """Keep the words."""
        message.stop()
        await message.input.remove()
        self._ask(asking=False)
        self._tell(replace(self.plan, why=message.value.strip()))

    async def action_back(self) -> None:
        """Away from the line that is typed, else to home."""
        if self.asking:
            await self.query("Input").remove()
            self._ask(asking=False)
        else:
            self.dismiss(None)
