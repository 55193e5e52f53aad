"""A whole session in numbers, added up beat by beat."""

import math
from dataclasses import dataclass

from device.recent import Beat
from hrv.alpha1_shift import Alpha1AtHr


@dataclass(frozen=True, slots=True)
class Summary:
    """A session as a whole; None where a number cannot be known."""

    t_s: float
    """How long it lasted."""
    n_beats: int
    lost_beats: int
    mean_hr_bpm: float | None
    rmssd_ms: float | None
    artefact_pct: float | None
    malformed: int
    doubled: int
    time_inside_s: float | None
    known_s: float
    alpha1_at_hr: tuple[Alpha1AtHr, ...]
    """What later runs are compared with; empty where ten minutes were not run."""


@dataclass(slots=True)
class Total:
    """Sums over a session, so that its length costs nothing."""

    n_beats: int = 0
    flagged: int = 0
    lost_beats: int = 0
    accepted: int = 0
    accepted_ms: float = 0.0
    pairs: int = 0
    squares: float = 0.0
    malformed: int = 0
    doubled: int = 0
    time_inside_s: float | None = None
    known_s: float = 0.0

    def add(self, beat: Beat, previous: Beat | None) -> None:
        """Count a decided beat, and the pair it makes with the one before."""
        if not beat.accepted:
            self.flagged += 1
            return
        self.accepted += 1
        self.accepted_ms += beat.rr_ms
        if previous is not None and previous.accepted and not beat.gap_before:
            self.pairs += 1
            self.squares += (beat.rr_ms - previous.rr_ms) ** 2

    def summary(self, t_s: float, alpha1_at_hr: tuple[Alpha1AtHr, ...]) -> Summary:
        """What they come to after ``t_s``."""
        beats = self.n_beats + self.lost_beats
        return Summary(
            t_s=t_s,
            n_beats=self.n_beats,
            lost_beats=self.lost_beats,
            mean_hr_bpm=60_000 * self.accepted / self.accepted_ms if self.accepted else None,
            rmssd_ms=math.sqrt(self.squares / self.pairs) if self.pairs else None,
            artefact_pct=100.0 * (self.flagged + self.lost_beats) / beats if beats else None,
            malformed=self.malformed,
            doubled=self.doubled,
            time_inside_s=self.time_inside_s,
            known_s=self.known_s,
            alpha1_at_hr=alpha1_at_hr,
        )
