"""What a simulated athlete does: effort as a pure function of time, one for each purpose."""

from bisect import bisect_right
from collections.abc import Callable, Mapping
from types import MappingProxyType

Effort = Callable[[float], float]
"""Seconds since the start to the share of the heart rate reserve this effort asks for in the end:
0 at rest, 1 at the maximum."""


def along(*knots: tuple[float, float]) -> Effort:
    """Effort that goes straight from knot to knot, each ``(t_s, effort)``, and stays at the last.

    Two knots at one time are a step.
    """
    times_s = [t_s for t_s, _ in knots]

    def effort(t_s: float) -> float:
        after = bisect_right(times_s, t_s)
        if after in (0, len(knots)):
            return knots[max(0, after - 1)][1]
        (from_s, begin), (to_s, end) = knots[after - 1], knots[after]
        return begin + (end - begin) * (t_s - from_s) / (to_s - from_s)

    return effort


def _stairs(low: float, high: float, *, steps: int, step_s: float, from_s: float) -> Effort:
    """At ``low`` until ``from_s``, then up to ``high`` in equal steps, then cools down."""
    knots = [(0.0, low)]
    for step in range(1, steps + 1):
        t_s = from_s + (step - 1) * step_s
        knots += [(t_s, knots[-1][1]), (t_s, low + (high - low) * step / steps)]
    end_s = from_s + steps * step_s
    return along(*knots, (end_s, high), (end_s, 0.35))


def _hard_and_easy(hard: float, easy: float, *, hard_s: float, easy_s: float) -> Effort:
    def effort(t_s: float) -> float:
        return hard if t_s % (hard_s + easy_s) < hard_s else easy

    return effort


_warming_up = along((0.0, 0.25), (60.0, 0.42), (480.0, 0.58))
_four_by_four = _hard_and_easy(0.94, 0.50, hard_s=240.0, easy_s=180.0)


def _easy(t_s: float) -> float:
    """Warms up, carried away once at 3:30; then easy, with a hill too fast every 9 minutes."""
    if 210.0 <= t_s < 290.0:
        return 0.80
    hill_s = (t_s - 720.0) % 540.0
    return 0.78 if t_s >= 720.0 and hill_s < 85.0 else _warming_up(t_s)


def _intervals(t_s: float) -> float:
    """Ten minutes of warm-up, four times four minutes hard with three easy, then cool-down."""
    if t_s < 600.0:
        return _warming_up(t_s)
    return _four_by_four(t_s - 600.0) if t_s < 600.0 + 4 * 420.0 else 0.40


SCENARIOS: Mapping[str, Effort] = MappingProxyType(
    {
        "morning": along((0.0, 0.06), (45.0, 0.0)),
        "recovery": along((0.0, 0.20), (120.0, 0.38), (300.0, 0.45)),
        "easy": _easy,
        "steady": along((0.0, 0.25), (60.0, 0.42), (600.0, 0.66), (900.0, 0.70)),
        "tempo": along(
            *((0.0, 0.25), (60.0, 0.42), (600.0, 0.60), (620.0, 0.82)),
            *((1820.0, 0.84), (1840.0, 0.45)),
        ),
        "intervals": _intervals,
        "ramp": _stairs(0.38, 1.0, steps=13, step_s=120.0, from_s=600.0),
    }
)
"""By purpose; ``morning`` is sitting still after waking."""
