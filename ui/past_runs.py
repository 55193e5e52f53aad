"""What the screens are told of a session that is over, and who keeps what is said of it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from device.debrief import Debrief


@dataclass(frozen=True, slots=True)
class Debriefs:
    """Both raise a BeatwiseError where the store cannot be read or written."""

    look: Callable[[int], Awaitable[Debrief]]
    """Judges a stored session anew, by its number."""
    rate: Callable[[int, float | None], Awaitable[None]]
    """Keeps how hard a session was, CR10; None is no answer."""
