"""Who comes to a simulated room and when, where they stand, and how loud their straps are there."""

import math
import random
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, replace

from sensors.synthetic import Trouble, Window
from sensors.synthetic_effort import SCENARIOS, Effort
from sensors.synthetic_heart import SLOWER_TAU_S, Heart, gauss

AT_A_METRE_DBM = -60.0
"""A strap on a chest, heard at 1 m: some 0 dBm sent, 40 dB of free space, 20 of body and case."""
PATH_LOSS = 2.2
"""Exponent of the loss over distance: 2 in free space, more in a room with people in it."""
SHADOWING_DB = 3.0
"""Scatter of one advertisement to the next while nobody moves."""

DOOR_M, SCREEN_M = 9.0, 0.6
WALK_M_PER_S = 1.0
AT_THE_SCREEN_S = 12.0
"""Whoever comes in walks up to the screen, stands there for so long, and goes to their place. Who
is not known there stays longer."""
PLACES_M = (3.0, 10.0)

DROPS_EVERY_S = 900.0
"""Links break so often, on average."""
DROP_LENGTHS_S = (4.0, 8.0, 15.0, 25.0, 90.0)
"""For so long, each as likely: short ones are hardly seen, the longest closes a tile."""
STAYS = 400
"""So often one comes again: weeks of simulated time."""
PATIENCE_S = 1800.0
"""Whoever is called to a seat does not go home before so long."""


@dataclass(frozen=True, slots=True)
class Seat:
    """Somebody leaves off what they do, and sits still until they get up."""

    from_s: float
    effort: float
    """Of what they left off."""
    to_s: float = math.inf

    def left_of_it(self, t_s: float) -> float:
        """What is left of that effort: the heart slows down as after any other."""
        return self.effort * math.exp(-(t_s - self.from_s) / SLOWER_TAU_S)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trainee:
    """Somebody with a strap. The same values do the same."""

    address: str
    strap_name: str
    stays: tuple[Window, ...]
    """When they are in the room, in order."""
    seed: int = 1
    purpose: str = "easy"
    """What they do there: a key of :data:`sensors.synthetic_effort.SCENARIOS`."""
    resting_bpm: float = 55.0
    max_bpm: float = 185.0
    broadcasts: bool = False
    """The strap tells its heart rate in its advertisements as well, linked or not."""
    link_breaks: bool = True
    at_the_screen_s: float = AT_THE_SCREEN_S
    seat: Seat | None = None
    """Where they sit now, or sat last."""

    def seated(self, t_s: float) -> "Trainee":
        """The same, who sits down now; whatever else they had before comes later for it."""
        stays = self.stays
        if (stay := self.stay_at(t_s)) is not None:
            at = stays.index(stay)
            later_s = max(0.0, t_s + PATIENCE_S - stay[1])
            after = tuple((from_s + later_s, to_s + later_s) for from_s, to_s in stays[at + 1 :])
            stays = (*stays[:at], (stay[0], stay[1] + later_s), *after)
        return replace(self, stays=stays, seat=Seat(t_s, self.effort(t_s)))

    def risen(self, t_s: float) -> "Trainee":
        """The same, who gets up now and begins anew what they came for."""
        return self if self.seat is None else replace(self, seat=replace(self.seat, to_s=t_s))

    def sits(self, t_s: float) -> bool:
        """Whether they sit still at a moment."""
        return self.seat is not None and self.seat.from_s <= t_s < self.seat.to_s

    def stay_at(self, t_s: float) -> Window | None:
        """The stay that a moment lies in."""
        before = bisect_right(self.stays, t_s, key=lambda stay: stay[0])
        stay = self.stays[before - 1] if before else None
        return stay if stay is not None and t_s < stay[1] else None

    def comes_s(self, t_s: float) -> float:
        """When they are here, from a moment on: then, or when they come next."""
        after = bisect_right(self.stays, t_s, key=lambda stay: stay[1])
        return max(t_s, self.stays[after][0]) if after < len(self.stays) else math.inf

    def distance_m(self, t_s: float) -> float | None:
        """How far from the receiver; None while not in the room."""
        stay = self.stay_at(t_s)
        if stay is None:
            return None
        since_s = t_s - stay[0]
        walked_m = WALK_M_PER_S * since_s
        if walked_m < DOOR_M - SCREEN_M:
            return DOOR_M - walked_m
        leaves_s = (DOOR_M - SCREEN_M) / WALK_M_PER_S + self.at_the_screen_s
        place_m = random.Random(f"place {self.seed}").uniform(*PLACES_M)  # noqa: S311
        return min(place_m, SCREEN_M + max(0.0, since_s - leaves_s) * WALK_M_PER_S)

    def rssi_dbm(self, t_s: float, chance: random.Random) -> int | None:
        """How loud an advertisement is heard; None while not in the room."""
        distance_m = self.distance_m(t_s)
        if distance_m is None:
            return None
        loss_db = 10.0 * PATH_LOSS * math.log10(distance_m)
        return round(AT_A_METRE_DBM - loss_db + SHADOWING_DB * gauss(chance))

    def effort(self, t_s: float) -> float:
        """What they do now, as :data:`sensors.synthetic_effort.Effort`."""
        stay, seat = self.stay_at(t_s), self.seat
        if seat is not None and self.sits(t_s):
            return seat.left_of_it(t_s)
        if stay is None:
            return 0.0
        risen_s = -math.inf if seat is None or t_s < seat.from_s else seat.to_s
        return SCENARIOS[self.purpose](t_s - max(stay[0], risen_s))

    def broadcast_bpm(self, t_s: float) -> int | None:
        """Heart rate that an advertisement tells."""
        reserve_bpm = self.max_bpm - self.resting_bpm
        return round(self.resting_bpm + self.effort(t_s) * reserve_bpm) if self.broadcasts else None

    def heart_from(self, t_s: float) -> Heart:
        """The heart, its time beginning at a moment."""
        effort: Effort = lambda later_s: self.effort(t_s + later_s)  # noqa: E731
        if self.sits(t_s):
            # Where the heart has come to by now; from there on it slows down by itself.
            now = self.effort(t_s)
            effort = lambda later_s: now if later_s <= 0.0 else 0.0  # noqa: E731
        # Another seed at another time: nobody's heart says the same twice.
        return Heart(
            seed=self.seed * 1_000_003 + round(t_s),
            effort=effort,
            resting_bpm=self.resting_bpm,
            max_bpm=self.max_bpm,
        )

    def trouble_from(self, t_s: float) -> Trouble:
        """What happens to a link from a moment on; times count from there."""
        drops = []
        for begins_s, ends_s in self._away_from_the_link():
            if ends_s > t_s:
                drops.append((max(0.0, begins_s - t_s), ends_s - t_s))
            if begins_s > t_s and ends_s == math.inf:
                break
        return Trouble(ectopic_pct=0.2, lost_pct=0.2, drops=tuple(drops))

    def _away_from_the_link(self) -> Iterator[Window]:
        """Before, between and after the stays, and when a link breaks within one."""
        left_s = 0.0
        for number, (from_s, to_s) in enumerate(self.stays):
            if from_s > left_s:
                yield left_s, from_s
            chance = random.Random(f"drops {self.seed} {number}")  # noqa: S311
            at_s = from_s + chance.expovariate(1.0 / DROPS_EVERY_S)
            while self.link_breaks and at_s < to_s:
                back_s = min(to_s, at_s + chance.choice(DROP_LENGTHS_S))
                yield at_s, back_s
                at_s = back_s + chance.expovariate(1.0 / DROPS_EVERY_S)
            left_s = to_s
        yield left_s, math.inf


def comings_and_goings(
    number: int, seed: int, *, first_s: float, stay_s: Window, away_s: Window
) -> tuple[Window, ...]:
    """When somebody is in the room: for so long each time, and so long away in between."""
    chance = random.Random(f"stays {seed} {number}")  # noqa: S311 - a simulation, not a secret
    stays = []
    comes_s = first_s
    for _ in range(STAYS):
        goes_s = comes_s + chance.uniform(*stay_s)
        stays.append((comes_s, goes_s))
        comes_s = goes_s + chance.uniform(*away_s)
    return tuple(stays)
