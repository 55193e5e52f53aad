"""What is known about one athlete at one moment: the snapshot every screen and script reads."""

from dataclasses import dataclass
from typing import Literal

from device.alerts import Alert, AlertState
from device.steps import StepNow

Freshness = Literal["none", "fresh", "ageing", "stale"]
Link = Literal["searching", "connected", "lost"]
Side = Literal["under", "inside", "over"]


@dataclass(frozen=True, slots=True)
class RecentBeat:
    """One interval of the tachogram."""

    time_s: float
    """When the beat that ended it fell, in session seconds."""
    rr_ms: float
    normal: bool
    """False where the interval is an artefact or an ectopic beat."""
    gap_before: bool
    """True where beats are missing between this interval and the one before."""


@dataclass(frozen=True, slots=True)
class Reading:
    """Everything the session knows at ``t_s``; None where it does not know."""

    t_s: float
    """Seconds since the session began."""
    hr_bpm: float | None = None
    """Heart rate that may be judged; None as soon as the signal is missing for 5 s."""
    last_hr_bpm: float | None = None
    """The last known heart rate, for showing it struck out; never for judging."""
    rmssd_ms: float | None = None
    """RMSSD of the last 60 s; None while too little of it is usable."""
    dfa_alpha1: float | None = None
    """DFA alpha 1 of the last 120 s; None while too little of it is usable."""
    zone: int | None = None
    """Number of the athlete's zone, 0 below the first; None without zones or heart rate."""
    artefact_pct: float | None = None
    """Share of flagged and lost beats among those of the last 60 s."""
    freshness: Freshness = "none"
    silent_s: float | None = None
    """Seconds since the sensor last said something; None before it first did."""
    link: Link = "searching"
    reason: str | None = None
    """Why the link is as it is, in plain words."""
    sensor_name: str | None = None
    battery_pct: int | None = None
    contact: bool | None = None
    """Skin contact; None where the sensor does not report it."""
    n_beats: int = 0
    lost_beats: int = 0
    malformed: int = 0
    """Frames that had to be dropped whole."""
    doubled: int = 0
    """Notifications that came twice and were counted once."""
    inside: Side | None = None
    """Where the heart rate is against the intended band; None without either."""
    beats_off: float | None = None
    """Beats per minute above the ceiling (positive) or below the floor (negative); 0 inside."""
    time_inside_s: float | None = None
    """Seconds inside the intended band; None where nothing could be held against one."""
    known_s: float = 0.0
    """Seconds for which the heart rate was known."""
    recent: tuple[RecentBeat, ...] = ()
    """The intervals of the last 120 s, oldest first."""
    quality: tuple[str, ...] = ()
    """Warnings about the signal, in plain words; empty when there is none."""
    paused: bool = False
    """By key, or because the strap is off; nothing is judged and no time is counted."""
    strap_off: bool = False
    """The strap said that it has no skin contact, and no heartbeat has come since."""
    running_s: float = 0.0
    """Seconds since the first heartbeat, pauses left out."""
    distance_m: float | None = None
    """Since the first count of a sensor that counts it; None without one."""
    last_km_s: float | None = None
    """Running time of the last whole kilometre."""
    step: StepNow | None = None
    """Where in its steps the session is; None without steps, and after the last."""
    alert: AlertState | None = None
    """What holds now; None where all is well or nothing is judged."""
    fired: Alert | None = None
    """What is to be said at this very moment; in one reading only."""
