"""``sensors.room.Room``: many straps over a scripted radio, in virtual time."""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import replace
from itertools import pairwise

import pytest
from bleak.exc import BleakError
from hypothesis import given, settings
from hypothesis import strategies as st
from scripted_radio import HANG, Link, Script, frame, let_go
from virtual_time import now_s, run

from sensors.events import Disconnected, HeartRateMeasurement, Searching, SensorEvent
from sensors.radio import OFF, READY
from sensors.room import Room
from sensors.straps import Sighting

BEATS = [frame(k) for k in range(100)]


class Scene:
    """A room at work: what it overhears, and what each strap says."""

    def __init__(self, script: Script) -> None:
        self.script = script
        self.room = Room(radio=script.radio, clock=now_s)
        self.sightings: list[Sighting] = []
        self.events: dict[str, list[SensorEvent]] = {}

    async def _go(
        self,
        for_s: float,
        straps: list[str],
        later: dict[float, Callable[[], object]],
        beside: Callable[[], Coroutine[None, None, None]] | None,
    ) -> None:
        tasks = [asyncio.create_task(self.room.overhear(self.sightings.append))]
        for address in straps:
            events = self.events[address] = []
            tasks.append(asyncio.create_task(self.room.listen(address)(events.append)))
        if beside is not None:
            tasks.append(asyncio.create_task(beside()))
        for at_s, what in later.items():
            asyncio.get_running_loop().call_later(at_s, what)
        await asyncio.wait(tasks, timeout=for_s, return_when=asyncio.FIRST_EXCEPTION)
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)
        await let_go()
        for task in tasks:
            if not task.cancelled():
                task.result()

    def play(
        self,
        for_s: float,
        straps: list[str] | None = None,
        later: dict[float, Callable[[], object]] | None = None,
        beside: Callable[[], Coroutine[None, None, None]] | None = None,
    ) -> None:
        run(self._go(for_s, straps or [], later or {}, beside))

    def beats(self, address: str) -> list[float]:
        return [e.t_s for e in self.events[address] if isinstance(e, HeartRateMeasurement)]

    def first_beat_s(self, address: str) -> float | None:
        return next(iter(self.beats(address)), None)

    def said(self, address: str) -> list[str]:
        return [e.reason for e in self.events[address] if isinstance(e, Searching | Disconnected)]


def test_what_is_near_is_overheard_with_its_strength() -> None:
    scene = Scene(Script(air={"AA:AA": -60, "BB:BB": -127}))
    scene.play(2.2)
    assert scene.sightings[:2] == [
        Sighting(0.5, "AA:AA", "Strap AA", -60),
        Sighting(0.5, "BB:BB", "Strap BB", None),
    ]
    assert len(scene.sightings) == 8
    assert scene.script.log[-1][1] == "scan ends"


def test_a_scan_that_is_always_on_is_begun_anew_every_few_seconds() -> None:
    scene = Scene(Script())
    scene.play(22)
    assert scene.script.times("scan starts") == [0, 5, 10, 15, 20]


def test_overhearing_survives_an_adapter_that_is_off() -> None:
    script = Script(state=OFF)
    scene = Scene(script)
    notices = []

    def on() -> None:
        notices.append(scene.room.notices())
        script.state = READY

    scene.play(60, later={40: on, 50: lambda: notices.append(scene.room.notices())})
    assert notices == [("Bluetooth is off",), ()]
    assert 40 < scene.sightings[0].t_s < 42


def test_what_report_raises_ends_the_overhearing() -> None:
    script = Script()

    def report(_: Sighting) -> None:
        raise RuntimeError("full")

    with pytest.raises(RuntimeError, match="full"):
        run(Room(radio=script.radio, clock=now_s).overhear(report))
    assert script.log[-1][1] == "scan ends"


def beating(_: str) -> Link:
    return Link(payloads=BEATS, drops=False)


def addresses(count: int) -> list[str]:
    return [f"{k:02}:AA" for k in range(count)]


def test_of_thirty_straps_the_five_that_are_here_link_promptly() -> None:
    here, away = addresses(5), [f"{k:02}:BB" for k in range(25)]
    script = Script(air=dict.fromkeys(here, -60), otherwise=beating, connect_s=2.0)
    scene = Scene(script)
    scene.play(60, [*away, *here])
    first = sorted(scene.first_beat_s(address) or 999 for address in here)
    assert first[-1] < 5 * (2.0 + 1.0) + 2
    assert not any(client.address in away for client in script.clients)
    assert all(len(scene.beats(address)) > 40 for address in here)


def test_a_strap_that_comes_back_is_linked_at_once_however_long_it_was_away() -> None:
    script = Script(air={}, otherwise=beating)
    scene = Scene(script)
    scene.play(3700, ["AA:AA"], {3600.25: lambda: script.air.update({"AA:AA": -60})})
    assert 3600 < (scene.first_beat_s("AA:AA") or 0) < 3603


def test_one_heard_by_a_scan_that_is_always_on_is_not_looked_for_again() -> None:
    script = Script(otherwise=beating)
    room = Room(radio=script.radio, clock=now_s)
    events: list[SensorEvent] = []

    async def session() -> float:
        overhearing = asyncio.create_task(room.overhear(lambda _: None))
        await asyncio.sleep(3.1)
        listening = asyncio.create_task(room.listen("AA:AA")(events.append))
        await asyncio.sleep(2)
        for task in (overhearing, listening):
            task.cancel()
        await asyncio.wait({overhearing, listening})
        return script.times("connect")[0]

    assert run(session()) == 3.1


def test_the_scan_goes_on_between_links_however_many_straps_wait() -> None:
    here = addresses(12)
    script = Script(air=dict.fromkeys(here, -60), otherwise=beating, connect_s=3.0)
    scene = Scene(script)
    scene.play(60, here)
    heard = sorted({sighting.t_s for sighting in scene.sightings})
    assert max(b - a for a, b in pairwise(heard)) < 5
    work = [what.split()[0] for _, what in script.log if what.startswith(("scan s", "connect"))]
    assert all("scan" in pair for pair in pairwise(work)), work


def test_no_strap_that_fails_delays_another_by_more_than_its_turn() -> None:
    bad = {
        "00:BB": Link(connect=HANG), "01:BB": Link(connect=BleakError("no")),
        "02:BB": Link(subscribe=HANG), "03:BB": Link(drops=False),
        "04:BB": Link(payloads=BEATS[:2]),
    }  # fmt: skip
    good = addresses(3)
    script = Script(
        air=dict.fromkeys([*bad, *good], -60),
        otherwise=lambda address: replace(bad[address]) if address in bad else beating(address),
    )
    scene = Scene(script)
    scene.play(120, [*bad, *good])
    for address in good:
        assert (scene.first_beat_s(address) or 999) < 30
        assert not any(isinstance(event, Disconnected) for event in scene.events[address])


KINDS: dict[str, Callable[[], Link]] = {
    "good": lambda: Link(payloads=BEATS * 2, drops=False),
    "short": lambda: Link(payloads=BEATS[:2]),
    "silent": lambda: Link(drops=False),
    "refuses": lambda: Link(connect=BleakError("no")),
    "hangs": lambda: Link(connect=HANG),
}


@settings(max_examples=25)
@given(
    here=st.lists(st.sampled_from(sorted(KINDS)), min_size=1, max_size=8),
    away=st.integers(0, 25),
    adapters=st.integers(1, 2),
    connect_s=st.sampled_from([0.1, 1.0, 3.0]),
)
def test_an_adapter_is_held_only_while_it_works_and_never_for_a_strap_that_is_away(
    here: list[str], away: int, adapters: int, connect_s: float
) -> None:
    kinds = dict(zip(addresses(len(here)), here, strict=True))
    absent = [f"{k:02}:BB" for k in range(away)]
    near = dict.fromkeys(kinds, -60)
    script = Script(
        adapters={f"hci{k}": near for k in range(adapters)},
        otherwise=lambda address: KINDS[kinds[address]](),
        connect_s=connect_s,
    )
    scene = Scene(script)
    idle: list[tuple[float, str]] = []

    async def watch() -> None:
        await asyncio.sleep(0.017)  # beside every other moment of this world
        while True:
            at_work = {adapter for adapter, _ in script.uses}
            idle.extend(
                (now_s(), ear.name)
                for ear in script.radio.air.ears.values()
                if ear.lock.locked() and ear.name not in at_work
            )
            await asyncio.sleep(0.05)

    scene.play(150, [*absent, *kinds], beside=watch)
    assert not idle
    assert {client.address for client in script.clients} <= set(kinds)
    # A hanging connect costs 10 s, and 5 s until it is given up; two scans between two turns.
    costs_s = {"hangs": 16.0, "refuses": 1.0}
    worst_s = sum(costs_s.get(kind, connect_s + 1.0) for kind in here) + 3
    for address, kind in kinds.items():
        if kind == "good":
            assert (scene.first_beat_s(address) or 999) < worst_s
            assert len(scene.beats(address)) > 150 - worst_s - 5
