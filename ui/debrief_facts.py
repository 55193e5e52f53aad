"""A debrief as lines of text: the same on the screen and in the terminal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from device.ratings import WORDS
from hrv.alpha1_shift import RUNS, Alpha1Shift
from hrv.refusal import Refusal
from ui import words
from ui.words import UNKNOWN, clock

if TYPE_CHECKING:
    from device.debrief import Debrief
    from device.recovery import Recovery
    from device.retrace import Blank

BEFORE = {
    "why": "what for",
    "target": "target from",
    "morning": "this morning",
    "plan": "steps",
}
SHORT = {
    "too_short": "shorter than 40 min",
    "unsteady_effort": "no steady effort",
    "unsteady_speed": "no steady effort",
    "hilly": "not level",
}
"""Why there is no drift, by the name of its refusal."""

Fact = tuple[str, str]
"""A label, and what stands beside it."""


@dataclass(frozen=True, slots=True)
class ZoneLine:
    """One zone and how long the heart rate was in it."""

    name: str
    limits: str
    """Where it begins and ends: "120-133", "below 120"."""
    seconds: float
    share: float
    """Of the known time, 0 to 1."""


def heading(told: Debrief) -> str:
    """Which session it was."""
    start = told.stored.start
    when = "" if start.started is None else f", {words.day(start.started)} {start.started.year}"
    doubt = f" ({words.DOUBTED})" if when and start.clock_trusted is False else ""
    cut = ", interrupted" if told.stored.outcome is None else ""
    return f"{start.athlete or 'Nobody in particular'}: {start.purpose}{when}{doubt}{cut}"


def facts(told: Debrief) -> tuple[Fact, ...]:
    """Everything that is one number, or the reason why it is none."""
    paused_s = told.retrace.paused_s
    paused = f", paused {clock(paused_s)}" if paused_s else ""
    found = [
        ("duration", f"{clock(told.moving_s)}{paused}"),
        ("heart rate", heart_rate(told)),
        ("intended", intended(told)),
        ("drift", drift(told)),
        ("TRIMP", refusal(told.trimp) if isinstance(told.trimp, Refusal) else f"{told.trimp:.0f}"),
    ]
    if isinstance(shift := told.alpha1_shift, Alpha1Shift) and shift.flagged:
        found.append(("alpha 1", shifted(shift)))
    if (recovery := told.recovery) is not None:
        found.append(("recovery", recovered(recovery)))
    found += [("felt", felt(told)), ("artefacts", artefacts(told)), ("no data", no_data(told))]
    return tuple(found)


def short_facts(told: Debrief) -> tuple[Fact, ...]:
    """The same for a screen with little room: what the title says is left out, reasons are cut."""
    drifted = told.drift
    cut = {"drift": f"{UNKNOWN} {SHORT[drifted.name]}"} if isinstance(drifted, Refusal) else {}
    if isinstance(shift := told.alpha1_shift, Alpha1Shift) and shift.flagged:
        cut["alpha 1"] = f"{shift.moved:+.2f} in {RUNS} runs: try a ramp"
        if told.recovery is not None:  # gives up its second line for it
            cut["recovery"] = recovered(told.recovery).partition(",")[0]
    return tuple(
        (label, cut.get(label, value)) for label, value in facts(told) if label != "duration"
    )


def heart_rate(told: Debrief) -> str:
    """Mean and highest."""
    mean, highest = words.whole(told.mean_hr_bpm), words.whole(told.highest_hr_bpm)
    return f"mean {mean}, highest {highest} bpm"


def intended(told: Debrief) -> str:
    """The range that was meant, as it was stored at the start."""
    floor_bpm, ceiling_bpm = told.stored.start.floor_bpm, told.stored.start.ceiling_bpm
    match floor_bpm, ceiling_bpm:
        case None, None:
            return "any heart rate"
        case None, _:
            return f"up to {ceiling_bpm:.0f} bpm"
        case _, None:
            return f"from {floor_bpm:.0f} bpm"
    return f"{floor_bpm:.0f} to {ceiling_bpm:.0f} bpm"


def drift(told: Debrief) -> str:
    """How much, and what it takes for granted."""
    found = told.drift
    if isinstance(found, Refusal):
        return refusal(found)
    return f"{found.pct:+.1f} %" + ("" if found.caveat is None else f", {found.caveat}")


def shifted(shift: Alpha1Shift) -> str:
    """That a threshold may have moved: a reason to look, and nothing is changed by itself."""
    way = "rose" if shift.moved > 0 else "fell"
    where = f"{shift.from_bpm} to {shift.to_bpm} bpm"
    by = f"{way} by {abs(shift.moved):.2f} at {where} over {RUNS} runs"
    return f"{by}; a ramp would tell whether your threshold moved"


def refusal(why: Refusal) -> str:
    """In place of a number."""
    return f"{UNKNOWN} {why.reason}"


def recovered(recovery: Recovery) -> str:
    """The minute after the hardest effort; where nobody marked its end, only perhaps."""
    fell, end = f"{recovery.hrr60_bpm:.0f} beats in 1 min", clock(recovery.end_s)
    if recovery.marked:
        return f"{fell}, from {end}"
    return f"perhaps {fell}, if the effort ended at {end}"


def felt(told: Debrief) -> str:
    """Session RPE and the load made of it."""
    if told.rpe_cr10 is None or told.session_load is None:
        return "not answered" if told.rpe_asked else "not asked"
    return f"{cr10(told.rpe_cr10)}; load {told.session_load:.0f}"


def cr10(rating: float) -> str:
    """A rating with its word, where it has one."""
    word = WORDS.get(int(rating)) if rating == int(rating) else None
    return f"{rating:g} of 10" + ("" if word is None else f", {word}")


def artefacts(told: Debrief) -> str:
    """How much of the signal was no heartbeat."""
    if told.artefact_pct is None:
        return UNKNOWN
    lost = f", {told.lost_beats} beats lost" if told.lost_beats else ""
    return f"{told.artefact_pct:.1f} %{lost}"


def no_data(told: Debrief) -> str:
    """All time without heart rate in one line."""
    total_s = sum(blank.length_s for blank in told.blanks)
    if not told.blanks:
        return "none missing"
    times = "once" if len(told.blanks) == 1 else f"{len(told.blanks)} times"
    return f"{clock(total_s)} in all, {times}"


def blank(one: Blank) -> str:
    """One stretch without data, named."""
    return f"{clock(one.from_s)} to {clock(one.to_s)}, {one.reason}"


def happened(told: Debrief) -> tuple[str, ...]:
    """Laps, notes and pauses, with their time; what was decided before the start, without."""
    lines = []
    laps = 0
    for mark in told.retrace.marks:
        at = clock(mark.t_s)
        match mark.kind:
            case "why" | "target" | "morning" | "plan":
                lines.append(f"{BEFORE[mark.kind]}: {mark.text}")
            case "lap":
                laps += 1
                lines.append(f"{at} lap {laps}")
            case "note":
                lines.append(f"{at} note: {mark.text}")
            case "pause":
                lines.append(f"{at} paused" + (f": {mark.text}" if mark.text else ""))
            case "resume":
                lines.append(f"{at} went on")
            case "clock":
                lines.append(f"{at} the clock of this machine was {mark.text}")
    return tuple(lines)


def zone_lines(told: Debrief) -> tuple[ZoneLine, ...]:
    """Every zone, the highest first; empty where the athlete has none."""
    zones, times = told.zones, told.zone_time
    if zones is None or times is None:
        return ()
    known_s = sum(times.seconds) or 1.0
    lines = []
    for index, (name, seconds) in enumerate(zip(zones.names, times.seconds, strict=True)):
        low_bpm, high_bpm = zones.limits_bpm(index)
        match low_bpm, high_bpm:
            case None, _:
                limits = f"to {high_bpm:.0f}"
            case _, None:
                limits = f"from {low_bpm:.0f}"
            case _:
                limits = f"{low_bpm:.0f}-{high_bpm:.0f}"
        label = f"Z{name}" if name[:1].isdigit() else name
        lines.append(ZoneLine(label, limits, seconds, seconds / known_s))
    return tuple(reversed(lines))
