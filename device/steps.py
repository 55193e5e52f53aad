"""A session in steps by time: warm-up, work and recovery, cool-down; or the stages of a ramp."""

import re
from bisect import bisect_right
from dataclasses import dataclass
from itertools import accumulate

from device.errors import BeatwiseError
from device.intent import Band

FOUR_BY_FOUR = "10:00,4x(4:00/3:00),5:00"
"""Intervals where nothing else is asked for: 4 x 4 min (Helgerud 2007), 3 min easy between."""
WARM_UP = "warm-up"
ANNOUNCED_S = 10.0
"""A change is announced so long before."""
LONGEST_S = 24 * 3600.0

RAMP_WARM_UP_S = 600.0
RAMP_STAGE_S = 120.0
RAMP_STAGE_KMH = 0.5
RAMP_STAGES = 30
"""Of a ramp test: +0.5 km/h each 2 min (SCIENCE 6); more stages than anybody will run."""


class BadSteps(BeatwiseError, ValueError):
    """A plan of steps that cannot be understood."""


@dataclass(frozen=True, slots=True)
class Step:
    """One part of a session."""

    name: str
    duration_s: float
    band: Band | None
    """Its own target; None leaves the heart rate unjudged."""


@dataclass(frozen=True, slots=True)
class StepNow:
    """Where in its steps a session is."""

    step: Step
    index: int
    """From 0."""
    of: int
    remaining_s: float
    next: Step | None
    """None in the last."""


class Steps:
    """Steps one after another, from the session's first second."""

    def __init__(self, steps: tuple[Step, ...], text: str | None = None) -> None:
        """``text`` is the plan as typed; None where it was not."""
        self.steps = steps
        self.text = text
        self._ends_s = tuple(accumulate(step.duration_s for step in steps))

    def at(self, t_s: float) -> StepNow | None:
        """The step at a moment; ``t_s`` is running time, pauses left out. None after the last."""
        index = bisect_right(self._ends_s, t_s)
        if index == len(self.steps):
            return None
        following = self.steps[index + 1] if index + 1 < len(self.steps) else None
        return StepNow(
            self.steps[index], index, len(self.steps), self._ends_s[index] - t_s, following
        )


_TIME = r"\d{1,2}(?::[0-5]\d){1,2}"
_REPEATS = re.compile(rf"(\d{{1,2}})x\(({_TIME})/({_TIME})\)")


def parse_steps(text: str, *, easy: Band | None, work: Band | None) -> Steps:
    """Read ``10:00,4x(4:00/3:00),5:00``: warm-up, 4 times 4 min work and 3 min recovery, cool-down.

    ``easy`` is the target of everything but the work. Raises :class:`BadSteps`.
    """
    parts = text.replace(" ", "").lower().split(",")
    steps: list[Step] = []
    for place, part in enumerate(parts):
        if repeats := _REPEATS.fullmatch(part):
            n, work_s, rest_s = int(repeats[1]), _time_s(repeats[2]), _time_s(repeats[3])
            for number in range(1, n + 1):
                steps.append(Step(f"work {number}/{n}", work_s, work))
                steps.append(Step("recovery", rest_s, easy))
        elif re.fullmatch(_TIME, part):
            if place == 0 and len(parts) > 1:
                steps.append(Step(WARM_UP, _time_s(part), easy))
            elif place == len(parts) - 1 and len(parts) > 1:
                steps.append(Step("cool-down", _time_s(part), easy))
            else:
                steps.append(Step("work", _time_s(part), work))
        else:
            raise BadSteps(f"--steps: {part!r} is no step; say {FOUR_BY_FOUR}, times as min:s")
    total_s = sum(step.duration_s for step in steps)
    if not all(step.duration_s > 0 for step in steps) or not 0 < total_s <= LONGEST_S:
        raise BadSteps(f"--steps {text}: every step needs a time above 0, together at most 24 h")
    return Steps(tuple(steps), text)


def ramp_steps() -> Steps:
    """A ramp test: warm-up, then stages, without a target (SCIENCE 6)."""
    stages = (Step(f"stage {n}", RAMP_STAGE_S, None) for n in range(1, RAMP_STAGES + 1))
    return Steps((Step(WARM_UP, RAMP_WARM_UP_S, None), *stages))


def _time_s(text: str) -> float:
    seconds = 0
    for part in text.split(":"):
        seconds = seconds * 60 + int(part)
    return float(seconds)
