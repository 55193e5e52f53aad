"""From a moment of the morning test to words: one large one, and one sentence that says what to do.

While it is measured no heart rate and no HRV is told: nobody shall steer what they see.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ui import words
from ui.words import Standing

if TYPE_CHECKING:
    from datetime import date

    from device.morning_protocol import Protocol
    from device.morning_view import Integrity, MorningView
    from ui.morning_plan import MorningPlan


def standing(view: MorningView, protocol: Protocol, *, ended: str | None = None) -> Standing:
    """What the screen says; advice and reasons are passed on as they came.

    ``ended`` says why the test is over, where it ended otherwise than by being done.
    """
    if ended is not None:
        return Standing("ended", "ENDED", ended)
    if view.phase == "preview":
        return _preview(view)
    if view.advice:
        return Standing("stale", "SIGNAL", view.advice[0])
    paced = protocol.breaths_per_min is not None
    breathe = "breathe in as the disc grows, out as it shrinks" if paced else "breathe as you like"
    match view.phase:
        case "settle":
            return Standing("live", "SETTLE", f"nothing counts yet: be still, {breathe}")
        case "record":
            return Standing("inside", "RECORD", f"stay as you are, {breathe}")
        case "extend":
            return Standing("inside", "LONGER", "a little longer, to be sure: stay as you are")
        case "stand_up":
            return Standing("over", "STAND UP", "stand up now, without haste")
        case "stand_settle":
            return Standing("live", "SETTLE", "stand still, arms loose: nothing counts yet")
        case "stand_record":
            return Standing("inside", "RECORD", "stay standing, arms loose")
    return Standing("inside", "DONE", "that is all: you may move")


def _preview(view: MorningView) -> Standing:
    if view.link != "connected":
        word, kind = ("LOST", "lost") if view.link == "lost" else ("SEARCHING", "searching")
        reason = view.reason or "looking for a strap"
        return Standing("lost" if kind == "lost" else "searching", word, f"{reason}...")
    if view.optical:
        said = view.advice[0] if view.advice else "this sensor sends no heartbeats of its own"
        return Standing("lost", "NO RR", said)
    if not view.ready and view.armed:
        return Standing("waiting", "WAITING", "it begins as soon as the heartbeats come cleanly")
    if not view.ready:
        said = "waiting until the heartbeats come cleanly: sit still"
        return Standing("waiting", "WAITING", said)
    return Standing("inside", "READY", "when you are comfortable, press space")


def checklist(view: MorningView) -> tuple[tuple[str, str, bool | None], ...]:
    """What is looked at before the clock starts: its name, how it stands, and whether that is well.

    None is not yet, or not known; neither is a fault.
    """
    linked = view.link == "connected"
    battery = "not known" if view.battery_pct is None else f"{view.battery_pct} %"
    contact = {True: "yes", False: "no", None: "not reported"}[view.contact]
    low = view.battery_pct is not None and view.battery_pct < 15
    if not linked:
        rr, rr_well = "not yet", None
    elif view.optical:
        rr, rr_well = "none usable", False
    elif view.ready:
        rr, rr_well = "arriving cleanly", True
    elif view.recent:
        rr, rr_well = "arriving, not clean yet", None
    else:
        rr, rr_well = "not yet", None
    return (
        ("strap", view.sensor_name or ("found" if linked else "not found yet"), linked or None),
        ("battery", battery + (", low" if low else ""), None if not view.battery_pct else not low),
        ("skin contact", contact if linked else "--", view.contact if linked else None),
        ("RR intervals", rr, rr_well),
    )


def time_left(view: MorningView) -> str:
    """How much longer this phase lasts; a time steers nobody."""
    return words.UNKNOWN if view.remaining_s is None else f"{words.clock(view.remaining_s + 0.5)}"


def signal_facts(counts: Integrity) -> tuple[tuple[str, str], ...]:
    """The integrity of what was received, never what it says of the heart."""
    share = counts.artefact_pct
    rr_share = None if not counts.elapsed_s else 100.0 * counts.sum_rr_s / counts.elapsed_s
    return (
        ("artefact", words.whole(share, "%")),
        ("RR to time", words.whole(rr_share, "%")),
        ("lost beats", f"{counts.lost_beats}"),
        ("doubled", f"{counts.doubled}"),
        ("gaps", f"{counts.gaps}"),
        ("off skin", f"{counts.contact_lost_s:.0f} s"),
    )


def date_words(day: date) -> str:
    """A day: ``Thu 20 Nov``."""
    return f"{words.WEEKDAYS[day.weekday()]} {day.day} {words.MONTHS[day.month - 1]}"


def protocol_words(protocol: Protocol) -> str:
    """A protocol as one says it: "seated, 1 + 2 min, free breathing"."""
    settle, record = protocol.settle_s / 60, protocol.record_s / 60
    length = f"{settle:g} + {record:g} min"
    if protocol.stands:
        length = f"lying {length}, then standing {length}"
    posture = "" if protocol.stands else f"{protocol.posture}, "
    pace = protocol.breaths_per_min
    breathing = "free breathing" if pace is None else f"paced {pace:g}/min"
    return f"{posture}{length}, {breathing}"


def title(
    plan: MorningPlan, stage: str, taken: Protocol, view: MorningView | None, dot: str
) -> str:
    """The first line: who, what, and while the questions are answered how the test goes on."""
    parts = [plan.athlete, "morning test"]
    if stage == "test":
        parts.append(protocol_words(taken))
    elif stage == "feel" and view is not None and view.remaining_s is not None:
        parts.append(f"still measuring, {time_left(view)} left")
    elif stage == "verdict":
        day = plan.day
        parts[1] = "today" if day is None else date_words(day)
    return f"  {dot}  ".join(parts)
