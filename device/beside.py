"""What a gym knows of the corner, which is no part of training."""

from datetime import date
from typing import Protocol


class Beside(Protocol):
    """What goes on in the room beside training: the corner with its seated tests."""

    def notices(self) -> tuple[str, ...]:
        """For the board, a line each."""
        ...

    def said_day(self, athlete: str) -> date | None:
        """Which day it is, as this athlete has said there; None where they have not."""
        ...

    async def close(self) -> None:
        """The gym closes, or the machine goes down: all of it saved when this returns."""
