"""Alpha 1 as a second opinion beside the heart rate: what it suggests, and how far to trust it.

Experimental and contested (see `hrv.thresholds`); never more than an opinion. Bounds, hysteresis
and dwell of SCIENCE 6, "live colours": our decisions on Rogers 2021.
"""

from dataclasses import dataclass

from device.reading import Reading

LEVELS = ("above VT2", "above VT1", "nearing VT1", "below VT1")
"""What alpha 1 suggests, from hardest to easiest."""
BOUNDS = (0.50, 0.75, 1.00)
"""VT2, VT1, and where the easiest begins."""
HYSTERESIS = 0.05
DWELL_S = 15.0
"""So far beyond a bound, and so long, before another level is told."""
NOT_BEFORE_S = 600.0
"""Not in the warm-up."""
ARTEFACT_MOST_PCT = 5.0
"""With more there is no opinion."""


@dataclass(frozen=True, slots=True)
class Opinion:
    """What alpha 1 says at a moment."""

    alpha1: float | None
    suggests: str | None
    """One of LEVELS; None while it is not to be trusted."""
    trust: str
    """Why it may be believed or not, in plain words."""


class SecondOpinion:
    """Changes its mind only 0.05 beyond a bound, and only after 15 s there."""

    def __init__(self) -> None:
        self._level: int | None = None
        self._other: tuple[int, float] | None = None

    def add(self, reading: Reading) -> Opinion:
        """What it says of a reading, given in order of time."""
        alpha1, artefact_pct = reading.dfa_alpha1, reading.artefact_pct
        if reading.t_s < NOT_BEFORE_S:
            return self._none(alpha1, "not in the first 10 min")
        if artefact_pct is not None and artefact_pct > ARTEFACT_MOST_PCT:
            return self._none(alpha1, f"{artefact_pct:.0f} % artefact: not trusted")
        if alpha1 is None:
            return self._none(None, "needs 2 min of clean beats")
        self._move(alpha1, reading.t_s)
        suggests = None if self._level is None else LEVELS[self._level]
        return Opinion(alpha1, suggests, "experimental")

    def _none(self, alpha1: float | None, trust: str) -> Opinion:
        self._level = self._other = None
        return Opinion(alpha1, None, trust)

    def _move(self, alpha1: float, t_s: float) -> None:
        wanted = sum(alpha1 >= bound for bound in BOUNDS)
        if self._level is None:
            self._level = wanted
        up, down = self._level < wanted, self._level > wanted
        beyond = (up and alpha1 >= BOUNDS[wanted - 1] + HYSTERESIS) or (
            down and alpha1 < BOUNDS[wanted] - HYSTERESIS
        )
        if not beyond:
            self._other = None
        elif self._other is None or self._other[0] != wanted:
            self._other = wanted, t_s
        elif t_s - self._other[1] >= DWELL_S:
            self._level, self._other = wanted, None
