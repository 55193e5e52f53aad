"""How the athlete feels: it outranks the strap.

How far each number can be trusted is said in the words of :mod:`hrv.zones`.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields, replace

import numpy as np

LOW_SUM = 12
"""Of 25: at or below this a day is low whatever is usual (our decision)."""
OWN_MEAN_FROM_N = 14
"""Entries needed before a day is compared with one's own mean (our decision)."""
OWN_MEAN_DAYS = 28
"""How far back that mean looks (our decision)."""
LEAST_SD = 2.0
"""The least distance from one's own mean that counts (our decision)."""


@dataclass(frozen=True, slots=True)
class Wellness:
    """Five answers from 1 to 5, higher is better (layout of McLean 2010, abstract read).

    None is an item not answered: unknown, not average. Raises ValueError where no item is answered,
    or an answer is outside the scale.
    """

    fatigue: int | None = None
    sleep: int | None = None
    soreness: int | None = None
    stress: int | None = None
    mood: int | None = None

    def __post_init__(self) -> None:
        _check_answers(self, 5)
        if not self._answered:
            raise ValueError("of the five items at least one must be answered")

    @property
    def sum(self) -> int | None:
        """5 (worst) to 25; None unless all five items are answered."""
        answered = self._answered
        return sum(answered) if len(answered) == len(fields(self)) else None

    def updated(self, later: "Wellness") -> "Wellness":
        """With what was answered later; an item left open then stays as it was."""
        said = {name: value for name, value in asdict(later).items() if value is not None}
        return replace(self, **said)

    def is_low(self, earlier_sums: Sequence[int] = ()) -> bool | None:
        """Whether the athlete feels poor: any item 1, a low sum, or far below the own mean.

        One answered item of 1 is enough, whatever is left open; for all else the five of them are
        needed, and None is unknown. ``earlier_sums`` are those of the 28 days before, without
        today, and only of days with all five.
        """
        if min(self._answered) == 1:
            return True
        if self.sum is None:
            return None
        if self.sum <= LOW_SUM:
            return True
        if len(earlier_sums) < OWN_MEAN_FROM_N:
            return False
        return self.sum <= float(np.mean(earlier_sums)) - _distance(earlier_sums)

    @property
    def _answered(self) -> tuple[int, ...]:
        values = (self.fatigue, self.sleep, self.soreness, self.stress, self.mood)
        return tuple(value for value in values if value is not None)


@dataclass(frozen=True, slots=True)
class Hooper:
    """Four answers from 1 to 7, higher is *worse* (Hooper & Mackinnon; abstract read)."""

    fatigue: int
    sleep: int
    soreness: int
    stress: int

    def __post_init__(self) -> None:
        _check_answers(self, 7)

    @property
    def sum(self) -> int:
        """4 (best) to 28."""
        return self.fatigue + self.sleep + self.soreness + self.stress

    def is_low(self, earlier_sums: Sequence[int] = ()) -> bool:
        """Whether the athlete feels poor, judged only against the own mean of 28 days."""
        if len(earlier_sums) < OWN_MEAN_FROM_N:
            return False
        return self.sum >= float(np.mean(earlier_sums)) + _distance(earlier_sums)


def _distance(earlier_sums: Sequence[int]) -> float:
    return max(float(np.std(earlier_sums, ddof=1)), LEAST_SD)


def _check_answers(answers: Wellness | Hooper, most: int) -> None:
    for field in fields(answers):
        value = getattr(answers, field.name)
        if value is None and isinstance(answers, Wellness):
            continue
        if value not in range(1, most + 1):
            raise ValueError(f"{field.name} must be a whole number from 1 to {most}, not {value}")
