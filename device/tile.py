"""What a room may see of an athlete: the effort against the intent, and whether it is live.

Heart-rate variability and readiness have no field here, so that no screen on a wall can show them.
"""

from dataclasses import dataclass
from typing import Literal

TileState = Literal["inside", "over", "under", "warming up", "unknown", "paused", "no strap"]
"""``unknown``: a strap is there, and no heart rate that may be judged, or no band to judge by.

``warming up``: still under the floor, as one is to be in a warm-up.
"""
TileFreshness = Literal["none", "fresh", "ageing", "stale"]
"""Of the last word of the strap: over 3 s ageing, over 10 s stale; none before the first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tile:
    """One athlete on the board."""

    athlete: str
    """By whom the tile is found; untrusted text of any script and length."""
    purpose: str
    state: TileState
    freshness: TileFreshness = "none"
    hr_bpm: float | None = None
    """Live heart rate; None where it is not."""
    last_hr_bpm: float | None = None
    """The last one known, for showing it struck out; never for judging."""
    silent_s: float | None = None
    """Since the strap last said something."""
    floor_bpm: float | None = None
    ceiling_bpm: float | None = None
    estimate: bool = False
    """The ceiling rests on a formula of age."""
    beats_off: float | None = None
    """Above the ceiling (positive) or below the floor (negative); 0 inside."""
    time_inside_s: float | None = None
    """The reward: time as intended. None where nothing could be held against a band."""
    running_s: float = 0.0
    guest: bool = False
    broadcast_only: bool = False
    """Heart rate from advertisements, without a link: no beats, nothing kept but the time."""


@dataclass(frozen=True, slots=True)
class Welcome:
    """A known strap came into range and signed its athlete in, a moment ago."""

    athlete: str
    purpose: str
    ceiling_bpm: float | None
    t_s: float


@dataclass(frozen=True, slots=True)
class WhoseStrap:
    """A strap nobody is known by, held near for long enough: whose is it?"""

    address: str
    name: str
    """As it may stand on a screen."""
    t_s: float


@dataclass(frozen=True, slots=True)
class Board:
    """Everything the screen on the wall shows at one moment."""

    t_s: float = 0.0
    tiles: tuple[Tile, ...] = ()
    """In an order that does not jump: by when they came."""
    welcome: Welcome | None = None
    whose: WhoseStrap | None = None
    notices: tuple[str, ...] = ()
    """The radio, the disk, the clock: a line each, in plain words."""
