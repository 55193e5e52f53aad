"""Scenarios of a room: several straps at once, on every rung."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager

from bluetooth_bench import STRAP_ADDRESS, Environment, Missing, compare, runs

from sensors.events import Disconnected, HeartRateMeasurement, SensorEvent
from sensors.radio import NONE
from sensors.room import Room
from sensors.straps import Sighting


class Crowd:
    """A room at work: what it overhears, and what each strap says."""

    def __init__(self, env: Environment, addresses: Sequence[str]) -> None:
        self.room = Room(radio=env.radio, limits=env.limits)
        self.sightings: list[Sighting] = []
        self.events: dict[str, list[SensorEvent]] = {address: [] for address in addresses}
        self._patience_s = env.patience_s * 2

    async def listen(self) -> None:
        """Until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self.room.overhear(self.sightings.append))
            for address, events in self.events.items():
                tasks.create_task(_run(self.room, address, events))

    def count(self, address: str) -> int:
        return sum(isinstance(e, HeartRateMeasurement) for e in self.events[address])

    async def until(self, holds: Callable[[], bool], what: str) -> None:
        try:
            async with asyncio.timeout(self._patience_s):
                while not holds():  # noqa: ASYNC110  many lists, no event of their own
                    await asyncio.sleep(0.02)
        except TimeoutError:
            last = {address: events[-6:] for address, events in self.events.items()}
            raise Missing(f"not {what}; notices: {self.room.notices()}; {last}") from None

    async def beat(self, addresses: Sequence[str]) -> None:
        """Wait until each has brought three beats more."""
        due = {address: self.count(address) + 3 for address in addresses}
        await self.until(
            lambda: all(self.count(address) >= due[address] for address in addresses),
            f"all of {addresses} beat",
        )


async def _run(room: Room, address: str, events: list[SensorEvent]) -> None:
    await room.listen(address)(events.append)


@asynccontextmanager
async def crowd(env: Environment, addresses: Sequence[str]) -> AsyncIterator[Crowd]:
    """Run the room; at the end no beat of any strap may be lost or doubled."""
    present = Crowd(env, addresses)
    listening = asyncio.create_task(present.listen())
    try:
        yield present
        due = {address: await env.sent(address) for address in addresses}
    finally:
        listening.cancel()
        await asyncio.wait({listening})
    for address, events in present.events.items():
        compare(runs(events), await env.sent(address), due[address], in_flight=1)
    assert not await env.linked(), "ended, but still linked"


async def room_of_straps(env: Environment) -> None:
    """Four straps at once: one that leaves disturbs no other, an adapter pulled costs none."""
    async with env.company(3) as others:
        everybody = [STRAP_ADDRESS, *others]
        async with crowd(env, everybody) as room:
            await room.beat(everybody)
            await env.strap("lost")
            await room.until(
                lambda: any(isinstance(e, Disconnected) for e in room.events[STRAP_ADDRESS]),
                "told that the strap is gone",
            )
            await room.beat(others)
            await env.strap("return")
            await room.beat(everybody)
            for other in others:
                assert not any(isinstance(event, Disconnected) for event in room.events[other])
            await env.strap("unplug")
            await room.until(lambda: room.room.notices() == (NONE.words,), "told of the adapter")
            await env.strap("plug")
            await room.beat(everybody)
            await room.until(lambda: room.room.notices() == (), "well again")
        assert {sighting.address for sighting in room.sightings} >= set(everybody)


async def adapter_full(env: Environment) -> None:
    """A third strap where the adapter takes two: said, and linked when one leaves."""
    async with env.company(2) as others:
        await env.places(2)
        async with crowd(env, [STRAP_ADDRESS, *others]) as room:
            await room.until(lambda: "full" in str(room.room.notices()), "told that it is full")
            inside = [address for address in room.events if room.count(address)]
            [outside] = set(room.events) - set(inside)
            assert len(inside) == 2, inside
            await room.beat(inside)
            assert not any(isinstance(e, Disconnected) for a in inside for e in room.events[a])
            await env.strap("lost" if STRAP_ADDRESS in inside else "return")
            if STRAP_ADDRESS in inside:
                await room.beat([outside])
