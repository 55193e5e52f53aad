"""A simulated gym: who trains in it, with straps nobody has to wear."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from device.athlete import Athlete, Strap
from device.intent import Purpose
from device.names import name_key
from sensors.synthetic_room import Trainee, comings_and_goings

if TYPE_CHECKING:
    from device.corner import Lender
    from device.sources import OpenedSource
    from sensors.synthetic_straps import SyntheticStraps

MOST = 200
"""More than this is no room that one receiver hears."""
PURPOSES = (
    *(Purpose.EASY, Purpose.STEADY, Purpose.EASY, Purpose.TEMPO),
    *(Purpose.RECOVERY, Purpose.INTERVALS, Purpose.EASY),
)
"""What the first, second, ... athlete comes for who has no plan: mostly easy, as it should be."""
NAMES = (
    *("Anna", "Ben", "Carla", "David", "Elif", "Finn", "Grace", "Hiro", "Inés", "Jonas"),
    *("Katya", "Luca", "Maja", "Noah", "Olga", "Pedro", "Quinn", "Rosa", "Samir", "Tove"),
    *("Uma", "Viktor", "Wanda", "Xenia", "Yusuf", "Zoë", "Aylin", "Björn", "Chloé", "Dario"),
)

COME_EVERY_S = 4.0
"""At the beginning one comes after the other."""
STAY_S = (20 * 60.0, 60 * 60.0)
AWAY_S = (3 * 60.0, 20 * 60.0)
VISITOR_COMES_S = 45.0
VISITOR_WAITS_S = 90.0
"""At the screen, to be asked who they are."""


def simulated_gym(
    known: Sequence[Athlete], n: int, *, weekday: int, seed: int = 1
) -> tuple[tuple[Athlete, ...], tuple[Trainee, ...]]:
    """``n`` athletes and everybody who walks in: they, and a visitor whom nobody knows.

    The athletes are those of the roster in its order, then invented ones. Who has no strap, or no
    plan for the day, gets one for as long as the simulation lasts. ``weekday`` is 0 on a Monday.
    """
    athletes = []
    for number in range(n):
        one = known[number] if number < len(known) else _invented(number - len(known), known)
        strap = one.strap if one.strap is not None and one.strap.address is not None else None
        today = None if one.plan is None else one.plan[weekday]
        plan = (today or PURPOSES[number % len(PURPOSES)],) * 7
        athletes.append(replace(one, strap=strap or Strap(_address(number)), plan=plan))
    people = [_trainee(one, number, seed) for number, one in enumerate(athletes)]
    return tuple(athletes), (*people, _visitor(n, seed))


def _invented(number: int, known: Sequence[Athlete]) -> Athlete:
    taken = {one.name for one in known}
    free = [name for name in NAMES if name not in taken] or list(NAMES)
    again, at = divmod(number, len(free))
    name = free[at] if not again else f"{free[at]} {again + 1}"
    return Athlete(name, resting_bpm=46.0 + number % 7 * 3, max_bpm=176.0 + number % 11 * 2)


def _trainee(one: Athlete, number: int, seed: int) -> Trainee:
    assert one.strap is not None  # noqa: S101 - everybody has got one
    purpose = None if one.plan is None else one.plan[0]
    resting_bpm = one.resting_bpm or 55.0
    return Trainee(
        address=one.strap.address or _address(number),
        strap_name=one.strap.name or f"Simulated strap {number + 1}",
        stays=comings_and_goings(
            number, seed, first_s=1.0 + COME_EVERY_S * number, stay_s=STAY_S, away_s=AWAY_S
        ),
        seed=seed * MOST + number,
        purpose=purpose or Purpose.EASY,
        resting_bpm=resting_bpm,
        max_bpm=max(one.max_bpm or 185.0, resting_bpm + 60.0),
        broadcasts=number % 6 == 5,
    )


def _visitor(n: int, seed: int) -> Trainee:
    comes_s = VISITOR_COMES_S + COME_EVERY_S * n
    return Trainee(
        address=_address(MOST),
        strap_name="Somebody's strap",
        stays=comings_and_goings(n, seed, first_s=comes_s, stay_s=STAY_S, away_s=AWAY_S),
        seed=seed * MOST + n,
        at_the_screen_s=VISITOR_WAITS_S,
    )


def _address(number: int) -> str:
    """A random static address, as straps have: the two highest bits are set."""
    return f"F5:1A:00:00:{number // 256:02X}:{number % 256:02X}"


class SimulatedCalls:
    """Lends what a gym lends, and tells the simulated wearers, who else would train on."""

    def __init__(self, gym: Lender, straps: SyntheticStraps) -> None:
        self._gym = gym
        self._straps = straps
        self._seated: dict[str, str] = {}

    def roster(self) -> Sequence[Athlete]:
        """Everybody who may test."""
        return self._gym.roster()

    async def lend(self, athlete: str) -> OpenedSource:
        """The strap, whose wearer goes to the corner and sits down."""
        source = await self._gym.lend(athlete)
        if source.spec.address is not None:
            self._seated[name_key(athlete)] = source.spec.address
            self._straps.sit_down(source.spec.address)
        return source

    def take_back(self, athlete: str) -> None:
        """Its wearer gets up, and trains again."""
        self._straps.get_up(self._seated.pop(name_key(athlete), ""))
        self._gym.take_back(athlete)
