"""What is known of a morning test at one moment, and what comes of it."""

from dataclasses import dataclass
from typing import Literal

from device.morning_protocol import Confidence
from device.reading import Link, RecentBeat

Phase = Literal[
    "preview", "settle", "record", "extend", "stand_up", "stand_settle", "stand_record", "done"
]
Cue = Literal["start", "change", "stand", "end"]
TestOutcome = Literal["accepted", "refused"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Integrity:
    """The counts behind accept, extend and refuse."""

    n_beats: int = 0
    """Intervals received."""
    flagged: int = 0
    """Of these, not usable: ectopic, missed, extra, or otherwise no normal beat."""
    pairs: int = 0
    """Successive differences that count."""
    lost_beats: int = 0
    """Known to be missing where the link had gaps."""
    doubled: int = 0
    """Notifications that came twice and were counted once."""
    gaps: int = 0
    longest_gap_s: float = 0.0
    gap_s: float = 0.0
    """Time that no interval covers, all gaps together."""
    artefact_pct: float | None = None
    """100 (flagged + lost) / (received + lost); None where nothing was received."""
    ectopic_pct: float | None = None
    """Of the intervals received; None while it runs."""
    sum_rr_s: float = 0.0
    """Sum of the intervals: to be held against ``elapsed_s``."""
    elapsed_s: float = 0.0
    """Time that has passed."""
    contact_lost_s: float = 0.0
    """The longest stretch off the skin."""
    identical_pct: float | None = None
    """Successive intervals that are the same to the tick: above 50 the firmware smooths."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Orthostatic:
    """Standing against lying: trends only, no verdict rests on them."""

    supine_hr_bpm: float | None
    supine_rmssd_ms: float | None
    standing_hr_bpm: float | None
    standing_rmssd_ms: float | None
    delta_hr_bpm: float | None
    """Standing less supine."""
    peak_hr_bpm: float | None
    """The highest of the first 30 s after the cue, over 5 beats."""
    ratio_30_15: float | None
    """Longest RR of beats 20 to 40 over shortest of beats 5 to 25 after standing (Ewing-type)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What came of the test: a number, or the reasons why there is none."""

    outcome: TestOutcome
    confidence: Confidence = "full"
    reasons: tuple[str, ...] = ()
    """Refused: why. Accepted: what made it longer or less sure. In plain words."""
    rmssd_ms: float | None = None
    """None when refused, as the next two."""
    ln_rmssd: float | None = None
    hr_bpm: float | None = None
    pairs: int = 0
    artefact_pct: float | None = None
    counts: Integrity = Integrity()
    """Of the recording that counts."""
    record_from_s: float | None = None
    record_to_s: float | None = None
    """Where that recording lies in the session; None where none was begun."""
    orthostatic: Orthostatic | None = None

    @property
    def problem(self) -> str | None:
        """Why it cannot be used, one line; None if accepted."""
        return None if self.outcome == "accepted" else "; ".join(self.reasons)


@dataclass(frozen=True, slots=True, kw_only=True)
class MorningView:
    """The snapshot after each event; None where something is not known or does not apply."""

    t_s: float = 0.0
    phase: Phase = "preview"
    remaining_s: float | None = None
    """Of this phase; None in preview and when done."""
    total_s: float | None = None
    """How long this phase lasts in all."""
    ready: bool = False
    """Preview only: RR flows cleanly, the clock may start."""
    armed: bool = False
    """Preview only: the key was pressed, it begins as soon as it is ready."""
    advice: tuple[str, ...] = ()
    """In preview what to try, in order; later one cause and one cure. Empty: all is well."""
    link: Link = "searching"
    reason: str | None = None
    """Why the link is as it is, in plain words."""
    sensor_name: str | None = None
    battery_pct: int | None = None
    contact: bool | None = None
    """Skin contact; None where the sensor does not report it."""
    optical: bool = False
    """The sensor cannot serve this test; ``advice`` says why. Starting ends in a refusal."""
    silent_s: float | None = None
    """Seconds since the sensor last said something; None before it first did."""
    recent: tuple[RecentBeat, ...] = ()
    """The intervals of the last 120 s, oldest first: the tachogram."""
    breath: float | None = None
    """Paced breathing: -1 (empty) to 1 (full); None when breathing is free."""
    counts: Integrity = Integrity()
    """Of the recording; before it, of the last 30 s."""
    cue: Cue | None = None
    """A tone is due now; only in the one snapshot in which the phase changed."""
    result: Result | None = None
    """When done."""
