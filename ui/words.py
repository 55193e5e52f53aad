"""From a reading to words: which state it is, and the one sentence that says so."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from datetime import datetime

    from device.intent import Band
    from device.reading import Reading

UNKNOWN = "--"
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

Kind = Literal[
    "searching",
    "waiting",
    "live",
    "inside",
    "above",
    "below",
    "over",
    "under",
    "paused",
    "stop",
    "stale",
    "lost",
    "ended",
]

JUDGED: tuple[Kind, ...] = ("live", "inside", "above", "below", "over", "under", "stop")
"""The states with a heart rate that holds now."""

ANNOUNCED_S = 10.0
"""The next step is told so long before."""
ABOUT = 0.5
"""Beats that are no beat."""

QUIET_AFTER_S = 3.0
"""Silence that is told beside a heart rate that is still shown; a strap notifies every second."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How it stands with a session at this moment."""

    kind: Kind
    word: str
    """Large: readable from two metres."""
    sentence: str
    """Says what to do, or what is being done about it."""


def standing(
    reading: Reading, purpose: str, *, ended: str | None = None, stop: str | None = None
) -> Standing:
    """What the live screen says about a reading. Reasons are passed on as they came.

    ``ended`` says why the session is over, once it is; ``stop`` why a ramp test is.
    """
    if ended is not None:
        return Standing("ended", "ENDED", ended)
    if reading.paused:
        return Standing("paused", "PAUSED", _paused(reading))
    if reading.link != "connected":
        return _without_link(reading)
    if reading.freshness == "none":
        return Standing("waiting", "WAITING", "linked: waiting for the first heartbeats")
    if reading.freshness == "stale" or reading.hr_bpm is None:
        return Standing("stale", "NO SIGNAL", _no_signal(reading))
    if stop is not None:
        return Standing("stop", "STOP", f"{stop}: slow down and walk")
    return _live(reading, purpose)


def _paused(reading: Reading) -> str:
    if reading.link == "lost":
        return f"strap lost: {reading.reason or 'looking for it'}"
    if reading.strap_off:
        return "the strap is off: it goes on by itself"
    return "nothing is judged or counted"


def _without_link(reading: Reading) -> Standing:
    reason = reading.reason
    if reading.freshness == "none":
        return Standing("searching", "SEARCHING", f"{reason or 'looking for a strap'}...")
    since = f" {spell_out(reading.silent_s)} ago" if reading.silent_s is not None else ""
    return Standing("lost", "LOST", f"strap lost{since}: {reason or 'looking for it'}")


def _no_signal(reading: Reading) -> str:
    if reading.contact is False:
        return "no skin contact: wet the strap, and tighten it"
    if reading.silent_s is not None and reading.silent_s >= 1:
        return f"no heartbeat for {spell_out(reading.silent_s)}: is the strap in place?"
    if reading.quality:
        return reading.quality[0]
    return "no heartbeat that can be trusted: is the strap in place?"


def _live(reading: Reading, purpose: str) -> Standing:
    kind, word, sentence = _judged(reading, purpose)
    if (step := announced(reading, purpose)) is not None:
        sentence = step
    return Standing(kind, word, sentence)


def announced(reading: Reading, purpose: str) -> str | None:
    """What comes next, shortly before it does; None at any other time."""
    now = reading.step
    if now is None or now.next is None or now.remaining_s > ANNOUNCED_S:
        return None
    soon = f"in {math.ceil(now.remaining_s)} s"
    if purpose == "ramp":
        return f"{soon}: half a km/h faster"
    return f"{soon}: {now.next.name}, {band_words(now.next.band)}"


def _judged(reading: Reading, purpose: str) -> tuple[Kind, str, str]:
    """The alert that holds; without one, where the heart rate is. Only an alert asks for more."""
    off = math.floor(abs(reading.beats_off or 0.0) + ABOUT)
    beats = f"{off} beat{'' if off == 1 else 's'}" if off else "just"
    side = reading.inside
    match reading.alert:
        case "over" if side == "over":
            return "over", "OVER", f"{beats} over: ease off"
        case "walk" if side == "over":
            return "over", "WALK", f"{beats} over: walk until it is down"
        case "over" | "walk":
            return "over", "OVER", "coming back: keep it there"
        case "under" if side == "under":
            return "under", "UNDER", f"{beats} under: pick it up"
        case "under":
            return "under", "UNDER", "coming back: keep it there"
    if side == "over":
        return "above", "ABOVE", f"{beats} above your {purpose} range"
    if side == "under":
        return "below", "BELOW", f"{beats} below your {purpose} range"
    return _calm(reading, purpose)


def _calm(reading: Reading, purpose: str) -> tuple[Kind, str, str]:
    if reading.freshness == "ageing" and (reading.silent_s or 0.0) >= QUIET_AFTER_S:
        sentence = f"no heartbeat for {spell_out(reading.silent_s)}"
    elif reading.contact is False:
        sentence = "poor skin contact: wet the strap"
    elif reading.quality:
        sentence = reading.quality[0]
    elif reading.inside == "inside":
        sentence = f"inside your {purpose} range"
    elif purpose == "ramp":
        warm_up = reading.step is not None and reading.step.index == 0
        sentence = "warm up, very easy" if warm_up else "go on until it says stop"
    else:
        sentence = "measuring"
    return ("inside", "INSIDE", sentence) if reading.inside else ("live", "LIVE", sentence)


def spell_out(seconds: float | None) -> str:
    """A waiting time as one says it: "12 s", "4 min", "2 h"."""
    if seconds is None:
        return UNKNOWN
    if seconds < 120:
        return f"{int(seconds)} s"
    return f"{int(seconds) // 60} min" if seconds < 7200 else f"{int(seconds) // 3600} h"


def clock(seconds: float) -> str:
    """A duration: ``9:05``, ``1:02:33``."""
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def lasted(seconds: float) -> str:
    """How long a past session was: whole minutes, or seconds where it was not one."""
    return f"{seconds:.0f} s" if seconds < 60 else f"{seconds / 60:.0f} min"


def whole(value: float | None, unit: str = "") -> str:
    """A number without decimals and its unit."""
    return UNKNOWN if value is None else f"{value:.0f} {unit}".rstrip()


def km(metres: float) -> str:
    """A distance, cut to ten metres."""
    return f"{metres // 10 / 100:.2f} km"


def signed_pct(value: float | None) -> str:
    """A change in percent, with its sign."""
    return UNKNOWN if value is None else f"{value:+.0f} %"


def two_places(value: float | None) -> str:
    """A number with two decimals."""
    return UNKNOWN if value is None else f"{value:.2f}"


def contact(contact: bool | None) -> str:
    """Skin contact, three-valued."""
    return UNKNOWN if contact is None else "good" if contact else "none"


def inside_share(reading: Reading) -> str:
    """Time inside the band, and its share of the time in which the heart rate was known."""
    if not reading.known_s or reading.time_inside_s is None:
        return UNKNOWN
    return f"{clock(reading.time_inside_s)} {100 * reading.time_inside_s / reading.known_s:.0f}%"


def band_words(band: Band | None) -> str:
    """A band as one says it: "up to 142", "128 to 142", "from 160"."""
    match band and (band.floor_bpm, band.ceiling_bpm):
        case (None, float() | int() as ceiling_bpm):
            return f"up to {ceiling_bpm:.0f}"
        case (float() | int() as floor_bpm, None):
            return f"from {floor_bpm:.0f}"
        case (float() | int() as floor_bpm, float() | int() as ceiling_bpm):
            return f"{floor_bpm:.0f} to {ceiling_bpm:.0f}"
    return "any heart rate"


DOUBTED = "the clock of this machine could not be trusted then"


def day(moment: datetime) -> str:
    """A past day and time, without asking what today is: ``Thu 20 Nov  07:15``."""
    weekday, month = WEEKDAYS[moment.weekday()], MONTHS[moment.month - 1]
    return f"{weekday} {moment.day:2} {month}  {moment.hour:02}:{moment.minute:02}"
