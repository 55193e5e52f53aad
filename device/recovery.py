"""The highest heart rate of a session, and the minute after its hardest effort (HRR60)."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from device.judged import WORK
from device.mark import Mark
from device.retrace import Retrace
from hrv.drift import hrr60
from hrv.time_in_zone import WARM_UP_S

RECOVERY_NEAR_TOP_BPM = 10.0
RECOVERY_LEAST_BPM = 20.0
"""Where nobody marked it, an effort ends within so much of the session's highest heart rate, and
only where the heart rate falls by so much in the next minute (our decision)."""
ARTEFACT_MOST_PCT = 5.0
"""False beats rise and fall faster than any heart: where more of the last minute are false, neither
the highest heart rate nor a recovery is looked for (our decision)."""
RECOVERY_SEEN_AFTER_S = 65
"""HRR60 looks at 55 to 65 s after the effort: the mean of 10 s that ends here."""


@dataclass(frozen=True, slots=True)
class Recovery:
    """The minute after the hardest effort."""

    hrr60_bpm: float
    end_s: float
    """When the effort ended, in session seconds."""
    marked: bool
    """Whether the athlete marked that end; else it is where the heart rate fell the most."""


def highest_bpm(retraced: Retrace) -> float | None:
    """The highest mean of 10 s with no artefacts near; still no HRmax.

    None where for half the time there are artefacts: then it may have been in that half.
    """
    known = np.isfinite(retraced.hr_bpm)
    clean = known & (retraced.artefact_pct <= ARTEFACT_MOST_PCT)
    enough = 2 * np.count_nonzero(clean) > np.count_nonzero(known)
    return float(retraced.hr_bpm[clean].max()) if enough else None


def effort_ends_s(marks: Sequence[Mark]) -> list[float]:
    """When a piece of work was over or somebody paused, in session seconds."""
    found = [mark.t_s for mark in marks if mark.kind == "pause" and not mark.text]
    steps = [mark for mark in marks if mark.kind == "step"]
    return found + [after.t_s for work, after in pairwise(steps) if work.text.startswith(WORK)]


def recovery(retraced: Retrace, effort_ends_s: Sequence[float] = ()) -> Recovery | None:
    """After the marked end with the highest heart rate, else where it fell the most.

    None where no effort ended, or what came after it is not known.
    """
    hr_bpm = retraced.hr_bpm
    seen_until = len(hr_bpm) - 1 - RECOVERY_SEEN_AFTER_S
    marked = [round(end_s) for end_s in effort_ends_s if 0 < round(end_s) <= seen_until]
    marked = [end for end in marked if math.isfinite(hr_bpm[end])]
    if marked:
        end = max(marked, key=lambda at: float(hr_bpm[at]))
    else:
        found = _steepest_fall(hr_bpm, retraced.artefact_pct)
        if found is None:
            return None
        end = found
    # Each heart rate is the mean of the 10 s before it: these two are the windows of HRR60.
    windows = (hr_bpm[end], hr_bpm[end + RECOVERY_SEEN_AFTER_S])
    fell_bpm = hrr60((float(end), end + 60.0), windows, float(end))
    return None if fell_bpm is None else Recovery(fell_bpm, float(end), bool(marked))


def _steepest_fall(hr_bpm: NDArray[np.float64], artefact_pct: NDArray[np.float64]) -> int | None:
    """The second at which the effort ended, as far as the heart rate tells; None if it does not."""
    ahead = RECOVERY_SEEN_AFTER_S
    clean = np.isfinite(hr_bpm) & (artefact_pct <= ARTEFACT_MOST_PCT)
    clean[: int(WARM_UP_S)] = False
    if not clean.any():
        return None
    near_top = hr_bpm >= hr_bpm[clean].max() - RECOVERY_NEAR_TOP_BPM
    ends = np.flatnonzero((clean & near_top)[:-ahead] & clean[ahead:])
    if not ends.size:
        return None
    fell_bpm = hr_bpm[ends] - hr_bpm[ends + ahead]
    if fell_bpm.max() < RECOVERY_LEAST_BPM:
        return None
    # On a plateau many seconds come before the same fall: the effort ended with the last of them.
    return int(ends[np.flatnonzero(fell_bpm >= fell_bpm.max() - 0.5)[-1]])
