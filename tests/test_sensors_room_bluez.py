"""A room of straps: unmodified bleak over a real D-Bus, against a stand-in for bluetoothd."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
import pytest_asyncio
from bluetooth_bench import ticks
from bluez_stand_in import Bluetoothd
from bluez_strap import HCI0, HCI1, Strap
from private_bus import private_bus
from test_sensors_bluez import QUICK, frame

from sensors.events import Connected, Disconnected, HeartRateMeasurement, SensorEvent
from sensors.radio import NO_SERVICE, NONE, OFF, Radio, adapter_state
from sensors.room import Room
from sensors.straps import Sighting

pytestmark = pytest.mark.skipif(
    shutil.which("dbus-daemon") is None, reason="dbus-daemon is not installed (apt: dbus-daemon)"
)


class Gym:
    """A bluetoothd with many straps, and a room that listens to all of them."""

    def __init__(self, bluetoothd: Bluetoothd, kernel_adapters: Path) -> None:
        self.bluetoothd = bluetoothd
        self.radio = Radio(state=partial(adapter_state, adapters=kernel_adapters), limits=QUICK)
        self.room = Room(radio=self.radio)
        self.sightings: list[Sighting] = []
        self.events: dict[str, list[SensorEvent]] = {}

    def enter(self, count: int, *, adapter: str = HCI0) -> list[Strap]:
        """So many straps walk in."""
        first = len(self.bluetoothd.straps)
        straps = [
            Strap(f"Strap {k}", f"F0:F1:F2:F3:F4:{k:02X}", frame, adapter=adapter)
            for k in range(first, first + count)
        ]
        self.bluetoothd.straps += straps
        return straps

    @asynccontextmanager
    async def listening(self, straps: list[Strap]) -> AsyncIterator[None]:
        tasks = [asyncio.create_task(self.room.overhear(self.sightings.append))]
        for strap in straps:
            events = self.events[strap.address] = []
            tasks.append(asyncio.create_task(self.room.listen(strap.address)(events.append)))
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.wait(tasks)
        assert not any(strap.linked for strap in straps), "cancelled, but still linked"
        for strap in straps:
            self.each_beat_once(strap)

    def each_beat_once(self, strap: Strap) -> None:
        """Each that was sent has come out once and in order, but for the last of a link."""
        runs: list[list[int]] = []
        for event in self.events[strap.address]:
            if isinstance(event, Connected):
                runs.append([])
            elif isinstance(event, HeartRateMeasurement):
                runs[-1].extend(event.rr_ticks)
        sent = [[ticks(k) for k in run] for run in strap.sent]
        assert [run for run in runs if run] == [
            due[: len(run)]
            for run, due in zip(filter(None, runs), filter(None, sent), strict=False)
        ]

    def beats(self, strap: Strap) -> int:
        return sum(isinstance(e, HeartRateMeasurement) for e in self.events[strap.address])

    async def until(self, holds: Callable[[], object]) -> None:
        """Wait for something to become true."""
        async with asyncio.timeout(20):
            while not holds():  # noqa: ASYNC110  many lists, no event of their own
                await asyncio.sleep(0.01)

    async def all_beat(self, straps: list[Strap]) -> None:
        """Wait until each has brought a few beats more."""
        before = {strap.address: self.beats(strap) for strap in straps}
        await self.until(lambda: all(self.beats(s) >= before[s.address] + 3 for s in straps))


@pytest_asyncio.fixture
async def gym(tmp_path: Path) -> AsyncIterator[Gym]:
    (tmp_path / "hci0").touch()
    async with private_bus() as address:
        bluetoothd = Bluetoothd(address, [], period_s=0.04, advertise_s=0.02)
        yield Gym(bluetoothd, tmp_path)
        await bluetoothd.stop(killed=True)


async def test_twelve_straps_beat_and_twelve_more_that_are_away_are_waited_for(gym: Gym) -> None:
    here, away = gym.enter(12), gym.enter(12)
    for strap in away:
        strap.in_range = False
    await gym.bluetoothd.start()
    async with gym.listening([*away, *here]):
        await gym.all_beat(here)
        away[5].in_range = True
        await gym.all_beat([away[5]])
        assert not any(isinstance(e, Disconnected) for s in here for e in gym.events[s.address])
    assert {s.address for s in gym.sightings} == {s.address for s in [*here, away[5]]}
    assert {s.rssi_dbm for s in gym.sightings} == {-50}


@pytest.mark.parametrize(
    ("fail", "mend", "words"),
    [
        (Bluetoothd.unplug, Bluetoothd.plug, NONE.words),
        (partial(Bluetoothd.power, on=False), partial(Bluetoothd.power, on=True), OFF.words),
        (Bluetoothd.stop, Bluetoothd.start, NO_SERVICE.words),
        (partial(Bluetoothd.stop, killed=True), Bluetoothd.start, NO_SERVICE.words),
    ],
    ids=["adapter pulled", "switched off", "bluetoothd stopped", "bluetoothd killed"],
)
async def test_bluetooth_that_fails_costs_none_of_eight_sessions(
    fail: Callable[[Bluetoothd], object],
    mend: Callable[[Bluetoothd], object],
    words: str,
    gym: Gym,
) -> None:
    here = gym.enter(8)
    await gym.bluetoothd.start()
    async with gym.listening(here):
        await gym.all_beat(here)
        if asyncio.iscoroutine(stopping := fail(gym.bluetoothd)):
            await stopping
        await gym.until(lambda: gym.room.notices() == (words,))
        for strap in here:
            await gym.until(lambda s=strap: words in str(gym.events[s.address]))
        if asyncio.iscoroutine(starting := mend(gym.bluetoothd)):
            await starting
        await gym.all_beat(here)
        await gym.until(lambda: gym.room.notices() == ())


async def test_two_adapters_each_link_to_what_they_hear(gym: Gym) -> None:
    near_one, near_other = gym.enter(3), gym.enter(3, adapter=HCI1)
    await gym.bluetoothd.start()
    gym.bluetoothd.plug(HCI1)
    async with gym.listening([*near_one, *near_other]):
        await gym.all_beat([*near_one, *near_other])
        assert [str(dongle) for dongle in (await gym.radio.state()).adapters] == [
            "hci0 AA:BB:CC:DD:EE:00 on, linked to 3",
            "hci1 AA:BB:CC:DD:EE:01 on, linked to 3",
        ]
        gym.bluetoothd.unplug(HCI1)
        await gym.until(lambda: gym.room.notices() == ("adapter hci1 is gone",))
        assert not any(isinstance(e, Disconnected) for s in near_one for e in gym.events[s.address])
        for strap in near_other:
            strap.adapter = HCI0  # they walk over
        await gym.all_beat([*near_one, *near_other])


@pytest.mark.parametrize(
    ("says", "words"),
    [
        ("le-connection-concurrent-connection-limit", "adapter full: 3 of 3"),
        ("Too many links", "adapter full: 3 of 3"),
        # bleak tries again on this one by itself, until our time is up.
        (
            "le-connection-abort-by-local",
            "adapter seems full: 3 of 3",
        ),
    ],
)
async def test_a_full_adapter_is_said_and_a_place_is_taken_when_one_leaves(
    says: str, words: str, gym: Gym
) -> None:
    here = gym.enter(4)
    gym.bluetoothd.places[HCI0] = 3
    gym.bluetoothd.when_full = ("org.bluez.Error.Failed", says)
    await gym.bluetoothd.start()
    async with gym.listening(here):
        await gym.until(lambda: gym.room.notices() == (words,))
        [late] = [strap for strap in here if not strap.linked]
        await gym.until(lambda: words in str(gym.events[late.address]))
        await gym.all_beat([strap for strap in here if strap is not late])
        leaver = next(strap for strap in here if strap.linked)
        leaver.in_range = False
        gym.bluetoothd.cut(leaver)
        await gym.all_beat([late])


async def test_a_broadcast_heart_rate_comes_through_as_it_changes(gym: Gym) -> None:
    [strap] = gym.enter(1)
    strap.polar = bytes([0x23, 0, 70, 70])
    await gym.bluetoothd.start()
    async with gym.listening([]):
        await gym.until(lambda: gym.sightings)
        gym.bluetoothd.broadcast(strap, bytes([0x27, 0, 71, 71]))
        await gym.until(lambda: any(s.bpm == 71 for s in gym.sightings))
    assert [s.bpm for s in gym.sightings if s.bpm is not None] == [71]


async def test_straps_that_a_killed_program_left_linked_are_overheard_and_taken_over(
    gym: Gym,
) -> None:
    left, other = gym.enter(2)
    await gym.bluetoothd.start()
    gym.bluetoothd.leave_linked(left)
    async with gym.listening([]):
        silent = Sighting(0.0, left.address, None, None)
        await gym.until(lambda: sum(replace(s, t_s=0.0) == silent for s in gym.sightings) >= 2)
    gym.sightings.clear()
    async with gym.listening([left]):
        await gym.all_beat([left])
        await gym.until(lambda: sum(s.address == other.address for s in gym.sightings) >= 50)
        told = [s for s in gym.sightings if s.address == left.address]
        assert len(told) <= 1, "it is ours now, and is not told of beside its beats"
