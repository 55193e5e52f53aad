"""The quiet corner of a gym: seated tests, one or several at once, beside those who train.

A strap comes from the gym and goes back to it, whose next session is capped by what the test said.
What was measured is only ever given to who asks for one athlete; the queue knows nothing of it.
"""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial
from typing import Protocol

from device import trusted_clock
from device.athlete import Athlete
from device.corner_queue import CornerQueue, Place
from device.day_tests import DayTests, Told
from device.errors import BeatwiseError, NotHere, StoreError
from device.morning_attempt import MorningAttempt, MorningIntended
from device.morning_protocol import IN_THE_GYM
from device.morning_record import Answers, Choice
from device.morning_view import MorningView
from device.names import name_key, same_name
from device.said_days import SaidDays
from device.sources import OpenedSource
from device.station import Station
from sensors.events import SensorEvent

RESULTS_KEPT = 50
"""Tests kept in memory as well, for whoever comes back to ask; the disk may have refused them."""


class Lender(Protocol):
    """Who has the straps: the gym."""

    def roster(self) -> Sequence[Athlete]:
        """Everybody who may test."""
        ...

    async def lend(self, athlete: str) -> OpenedSource:
        """Their strap, off the board until it is taken back; raises a BeatwiseError."""
        ...

    def take_back(self, athlete: str) -> None:
        """It trains again."""


@dataclass(frozen=True, slots=True)
class _Lent:
    athlete: Athlete
    source: OpenedSource
    answers: Answers


class Corner:
    """The tests of one corner; every method belongs to the event loop that the gym runs in.

    What people decide at the screen raises a :class:`device.errors.BeatwiseError` with one line.
    """

    def __init__(
        self,
        station: Station,
        lender: Lender,
        *,
        now: Callable[[], datetime],
        clock: Callable[[], float],
        seats: int = 1,
    ) -> None:
        """``now`` is the wall clock with its offset; ``clock`` only goes forward."""
        self._station = station
        self._tests = DayTests(station.store, calm=station.config.readiness.calm)
        self._lender = lender
        self._now = now
        self._clock = clock
        self._queue = CornerQueue(seats)
        self._sittings: dict[str, asyncio.Task[bool]] = {}
        self._lent: dict[str, _Lent] = {}
        self._joining: set[str] = set()
        self._tested: dict[str, tuple[MorningAttempt, Told]] = {}
        self._closed = False
        self._said_days = SaidDays()

    # -- what the room may see

    def places(self) -> tuple[Place, ...]:
        """Who sits, who is next, and how long."""
        return self._queue.places(self._clock())

    def notices(self) -> tuple[str, ...]:
        """The same in a line for the board; none where nobody is here."""
        places = self.places()
        here = [one.athlete for one in places if one.turn in ("strap", "sits")]
        after = [one.athlete for one in places if one.turn == "waits"]
        said = [f"in the corner: {', '.join(here)}"] if here else []
        return (*said, *(f"next there: {name}" for name in after[:1]))

    def people(self) -> tuple[Athlete, ...]:
        """Everybody who may test."""
        return tuple(self._lender.roster())

    # -- what people decide

    async def today(self, athlete: str) -> date | None:
        """The day, where the clock can name it or this athlete has said it."""
        now = self._now()
        judged = await asyncio.to_thread(self._station.clock, now)
        if judged.trusted:
            return now.date()
        return self.said_day(athlete)

    def said_day(self, athlete: str) -> date | None:
        """Which day it is, as this athlete has said; None where they have not."""
        return self._said_days.of(athlete, self._now().date())

    def on_day(self, athlete: str, day: date) -> None:
        """An athlete says which day it is; a clock that agrees is believed until it restarts."""
        now = self._now()
        trusted_clock.confirm(self._station.places.data, day, now)
        self._said_days.say(athlete, day, now.date())

    @property
    def said(self) -> date | None:
        """Which day it is, as somebody said last."""
        return self._said_days.last(self._now().date())

    async def may_test(self, athlete: str) -> Athlete:
        """Who it is.

        Raises :class:`device.errors.NotHere` where there is no day, or a test already.
        """
        one = self._athlete(athlete)
        day = await self.today(one.name)
        if day is None:
            raise NotHere("nobody knows which day it is: say the date first")
        if await asyncio.to_thread(self._tests.taken, one, day):
            raise NotHere(f"{one.name} has tested today: the result is behind the PIN")
        if name_key(one.name) in self._lent or name_key(one.name) in self._joining:
            raise NotHere(f"{one.name} is in the queue already")
        return one

    async def join(self, athlete: str) -> None:
        """Take a place in the queue; the strap is off the board from now on.

        Nobody is called before :meth:`answer`.

        Raises :class:`device.errors.NotHere` where there is no strap, or as :meth:`may_test`.
        """
        one = await self.may_test(athlete)
        key = name_key(one.name)
        self._joining.add(key)
        try:
            source = await self._lender.lend(one.name)
        finally:
            self._joining.discard(key)
        self._lent[key] = _Lent(one, source, Answers())
        self._queue.join(one.name)

    def answer(self, athlete: str, answers: Answers) -> None:
        """How they feel, asked before any number is known; then they are called in turn."""
        key = name_key(athlete)
        if key in self._lent and key not in self._sittings:
            self._lent[key] = replace(self._lent[key], answers=answers)
            self._queue.ready(athlete)
            self._call()

    def leave(self, athlete: str) -> None:
        """Out of the queue, or off the seat: what was begun is kept as stopped."""
        key = name_key(athlete)
        self._queue.leave(athlete)
        if key in self._sittings:
            self._sittings[key].cancel()
        elif key in self._lent:
            self._give_back(key)
        self._call()

    async def forget(self, athlete: str) -> None:
        """They are erased: out of the corner, all that was begun written, nothing known of them."""
        key = name_key(athlete)
        sitting = self._sittings.get(key)
        self.leave(athlete)
        if sitting is not None:
            await asyncio.wait({sitting})
        self._queue.leave(athlete)
        self._tested.pop(key, None)
        self._said_days.forget(athlete)

    async def told(self, athlete: str) -> Told:
        """What today's test said; raises :class:`device.errors.NotHere` where there is none."""
        one, day = self._athlete(athlete), await self.today(athlete)
        kept = self._tested.get(name_key(one.name))
        if kept is not None and kept[1].day == day:
            return kept[1]
        found = None if day is None else await asyncio.to_thread(self._tests.look, one, day)
        if found is None and name_key(one.name) in self._lent:
            raise NotHere(f"the test of {one.name} is not over yet")
        if found is None:
            raise NotHere(f"{one.name} has not tested today: take a test first")
        return found

    async def choose(self, told: Told, choice: Choice) -> None:
        """What they make of it; raises :class:`device.errors.StoreError`."""
        key = name_key(told.athlete.name)
        kept = self._tested.get(key)
        if kept is not None and kept[1].day == told.day:
            attempt, known = kept
            self._tested[key] = attempt, replace(known, choice=choice)
            await attempt.choose(choice)
        else:
            await asyncio.to_thread(self._tests.choose, told, choice)

    async def close(self) -> None:
        """Stop whoever sits, and wait until all is saved."""
        self._closed = True
        sitting = tuple(self._sittings.values())
        for key in tuple(self._lent):
            self.leave(self._lent[key].athlete.name)
        if sitting:
            await asyncio.wait(sitting)

    # -- sitting

    def _call(self) -> None:
        for name in () if self._closed else self._queue.called():
            key = name_key(name)
            task = self._sittings[key] = asyncio.create_task(self._sit(self._lent[key]))
            # Not in the task itself: one that is cancelled before it began does nothing at all.
            task.add_done_callback(partial(self._rise, key))

    def _rise(self, key: str, task: asyncio.Task[bool]) -> None:
        name = self._lent[key].athlete.name
        del self._sittings[key]
        self._give_back(key)
        failed = task.cancelled() or task.exception() is not None
        self._queue.over(name, self._clock(), usable=not failed and task.result())
        self._call()
        if not task.cancelled():
            task.result()  # a mistake of the program: told, once the seat is free

    def _give_back(self, key: str) -> None:
        lent = self._lent.pop(key)
        with suppress(BeatwiseError):  # taken off the roster meanwhile
            self._lender.take_back(lent.athlete.name)

    async def _sit(self, lent: _Lent) -> bool:
        one = lent.athlete
        day, now = await self.today(one.name), self._now()
        config = self._station.config
        intended = MorningIntended(
            athlete=one.name,
            protocol=IN_THE_GYM,
            source=lent.source,
            started=now if day == now.date() else None,
            day=day,
        )
        attempt = MorningAttempt(
            intended,
            self._station.store,
            alone=True,
            sync_s=config.store.sync_s,
            calm=config.readiness.calm,
        )

        def show(_: SensorEvent, view: MorningView) -> None:
            self._queue.seen(one.name, view)

        result = await attempt.measure(show)
        try:
            judged = await attempt.judge(lent.answers)
        except StoreError:  # of the history: said to whoever asks for the result
            return False
        told = Told(one, date.fromordinal(judged.day), judged, result, None, attempt.trouble)
        self._tested.pop(name_key(one.name), None)
        self._tested[name_key(one.name)] = attempt, told
        if len(self._tested) > RESULTS_KEPT:
            del self._tested[next(iter(self._tested))]
        return result.outcome == "accepted" and judged.signals.problem is None

    def _athlete(self, name: str) -> Athlete:
        found = next((one for one in self.people() if same_name(one.name, name)), None)
        if found is None:
            raise NotHere(f"nobody here is called {name[:64]!r}: the keeper adds you to the roster")
        return found
