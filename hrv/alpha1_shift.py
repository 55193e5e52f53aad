"""Has α1 at the same heart rate moved over ten runs? Then a threshold may have, and no more.

No threshold follows by itself: what is flagged is a reason to take the ramp again (our decision,
SCIENCE 6, no paper behind the number). α1 of one run scatters: two minutes of it by 0.03 to 0.15
and five by up to 0.10 within three real runs, and between days nobody has measured it here. So
five minutes of each run are asked for, and the change has to stand out of the runs' own scatter:
somebody stable whose runs scatter by 0.05, 0.08 or 0.10 is then told of a change that is none
after 0.2, 3 and 4 % of them (simulated, normal). Another strap, heat and tiredness move α1 too.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from math import fsum, sqrt

from hrv.refusal import Refusal

RUNS = 10
"""So many runs, the newest and those before it, are compared (our decision, like all here)."""
FLAG_ABOVE = 0.15
"""α1 moved by more from the first of them to the last."""
BIN_BPM = 5
"""Heart rates this close count as the same: at the −0.018 per bpm of the worked ramp, α1 differs
by no more than 0.09 from one edge to the other."""
LEAST_POINTS = 60
"""Five minutes of points every 5 s."""
T_LEAST = 2.306
"""Student's t, 8 degrees of freedom, 5 % two-sided: ten runs less the two numbers of a line."""


@dataclass(frozen=True, slots=True)
class Alpha1AtHr:
    """Mean α1 of one run while the heart rate of the same two minutes lay in one bin."""

    from_bpm: int
    """The bin is ``[from_bpm, from_bpm + 5)``."""
    dfa_alpha1: float
    n: int
    """Points every 5 s that it is the mean of."""


@dataclass(frozen=True, slots=True)
class Alpha1Shift:
    """What ten runs say at one heart rate."""

    from_bpm: int
    moved: float
    """Along the fitted line, from the first run to the last; negative: it fell."""
    t: float
    """``moved`` over its standard error; infinite where the runs lie on the line."""

    @property
    def to_bpm(self) -> int:
        """Where the bin ends, itself not in it."""
        return self.from_bpm + BIN_BPM

    @property
    def flagged(self) -> bool:
        """More than 0.15, and more than the runs scatter by."""
        return abs(self.moved) > FLAG_ABOVE and abs(self.t) > T_LEAST


def alpha1_shift(runs: Sequence[Sequence[Alpha1AtHr]]) -> Alpha1Shift | Refusal:
    """How far α1 moved over the last ten runs that share a heart rate with the newest.

    Args:
        runs: comparable runs, steady and of the same kind of sensor, the oldest first; of each
            its bins, in any order.

    Of the heart rates of the newest run that one is taken that most of the last ten runs have, and
    of several the one where the newest has most points. Refused as "too_few_points" where the
    newest run has no bin of five minutes, or as "too_few_runs".
    """
    enough = [{one.from_bpm: one for one in run if one.n >= LEAST_POINTS} for run in runs]
    newest = enough[-1] if enough else {}
    shared = {
        from_bpm: [run[from_bpm].dfa_alpha1 for run in enough if from_bpm in run][-RUNS:]
        for from_bpm in newest
    }
    if not shared:
        minutes = LEAST_POINTS * 5 // 60
        return Refusal("too_few_points", f"no {minutes} clean minutes at one heart rate")
    from_bpm = max(shared, key=lambda at: (len(shared[at]), newest[at].n, -at))
    alpha1 = shared[from_bpm]
    if len(alpha1) < RUNS:
        where = f"{from_bpm} to {from_bpm + BIN_BPM} bpm"
        return Refusal("too_few_runs", f"{len(alpha1)} of {RUNS} runs at {where}")
    return Alpha1Shift(from_bpm, *_line(alpha1))


def _line(values: Sequence[float]) -> tuple[float, float]:
    """How far a straight line through them goes from the first to the last, and its t."""
    n = len(values)
    mean, middle = fsum(values) / n, (n - 1) / 2
    xx = fsum((at - middle) ** 2 for at in range(n))
    slope = fsum((at - middle) * value for at, value in enumerate(values)) / xx
    left = fsum((value - mean - slope * (at - middle)) ** 2 for at, value in enumerate(values))
    error = sqrt(left / (n - 2) / xx)
    moved = slope * (n - 1)
    return moved, slope / error if error > 0.0 else math.copysign(math.inf, slope)
