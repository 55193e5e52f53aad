"""Opens a gym and closes it, and sees off whoever has left and whose day is over."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, time

from device.closing import ClosingTime
from device.errors import StoreError
from device.floor import Floor
from device.gym_book import GymBook
from device.gym_clock import GymClock
from device.wearers import Wearers

LOOK_S = 1.0
"""So often it is looked who has left, and what the time is."""
HOUSE_S = 60.0
"""So often it is looked whether the day of a guest is over, and the clock to be trusted."""


class Caretaker:
    """Whoever looks after a gym in which nobody is in charge."""

    def __init__(
        self,
        floor: Floor,
        wearers: Wearers,
        book: GymBook,
        *,
        clock: Callable[[], float],
        now: Callable[[], datetime],
        closes: time | None,
        tell: Callable[[str], object],
    ) -> None:
        """``clock`` is the gym's, ``now`` the wall clock; ``tell`` is told what went wrong."""
        self.over = asyncio.Event()
        """Set when the gym is to be closed for good."""
        self.until_s: float | None = None
        """Of the gym's clock: then it is, too."""
        self._floor = floor
        self._wearers = wearers
        self._book = book
        self._clock = clock
        self._now = now
        self.closing = ClosingTime(closes)
        self._wall = GymClock()
        self._was_set = asyncio.Event()
        self._tell = tell
        self._looked_s = 0.0

    async def open(self) -> None:
        """See who was here when the program ended, and whose day is over."""
        try:
            worn, here = await asyncio.to_thread(self._book.open)
        except StoreError as error:
            self._tell(str(error))
            return
        for one in here:
            self._wearers.add(one)
        for address, name in worn:
            if (found := self._wearers.find(name)) is not None:
                self._wearers.wears_today(address, found)

    async def keep_looking(self) -> None:
        """Look, also while nothing is heard at all."""
        while True:
            await asyncio.sleep(LOOK_S)
            self.look()

    def look(self) -> None:
        """Once a second of the gym's clock, however often called: who has left, is it time?"""
        t_s = self._clock()
        if t_s < self._looked_s + LOOK_S:
            return
        self._looked_s = t_s
        for visit in tuple(self._floor.visits):
            if visit.is_over(t_s):
                self._floor.leave(visit, walked_past=visit.walked_past)
        now, elapsed_s = self._now(), asyncio.get_running_loop().time()
        if (said := self._wall.was_set(now, elapsed_s)) is not None:
            self._tell(said)
            self._was_set.set()
        if self.closing.has_come(now, elapsed_s):
            self.send_home()
        if self.until_s is not None and t_s >= self.until_s:
            self.over.set()

    def notices(self) -> tuple[str, ...]:
        """What a person should know of the wall clock."""
        said = self._wall.notice(self._now(), self.closing.closes)
        return () if said is None else (said,)

    async def keep_house(self) -> None:
        """Judge the clock, see off the guests of yesterday: now and then, and when it is set."""
        day = self._now().date()
        while True:
            try:
                self._wall.judge(await asyncio.to_thread(self._book.moment))
            except StoreError as error:
                self._tell(str(error))
            self._was_set.clear()
            with suppress(TimeoutError):
                async with asyncio.timeout(HOUSE_S):
                    await self._was_set.wait()
            if day != (day := self._now().date()):
                self._wearers.forget_today()
            await self._see_off_guests()

    async def _see_off_guests(self) -> None:
        present = tuple(visit.name for visit in self._floor.visits)
        try:
            gone = await asyncio.to_thread(self._book.see_off_guests, present)
        except StoreError as error:
            self._tell(str(error))
            return
        for one in gone:
            self._wearers.remove(one.name)

    def send_home(self) -> None:
        """Sign everybody out."""
        for visit in tuple(self._floor.visits):
            self._floor.leave(visit)
        self._wearers.forget_today()
