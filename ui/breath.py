"""Paced breathing between two views: where the moving shape is, without jerks.

The test says how full the lungs should be once or twice a second; a shape that is followed has to
move more often. Fullness is -cos of a phase; which half of the breath it is, the time tells.
"""

import math


def phase_of(breath: float, expected: float) -> float:
    """The phase with this fullness that lies nearest to the one expected, in radians."""
    half = math.acos(max(-1.0, min(1.0, -breath)))
    return min((half, math.tau - half), key=lambda phase: apart(phase, expected))


def later(phase: float, seconds: float, per_min: float) -> float:
    """The phase so many seconds on."""
    return (phase + math.tau * per_min / 60.0 * seconds) % math.tau


def fullness(phase: float) -> float:
    """-1 empty, 1 full."""
    return -math.cos(phase)


def apart(one: float, other: float) -> float:
    """How far two phases lie apart, the shorter way round."""
    away = abs(one - other) % math.tau
    return min(away, math.tau - away)
