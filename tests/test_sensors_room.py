"""``sensors.room.Room``: many straps over a scripted radio, in virtual time."""

import asyncio
from collections.abc import Callable

import pytest
from scripted_radio import Link, Script, frame
from virtual_time import now_s, run

from sensors.events import HeartRateMeasurement, SensorEvent
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
        self, for_s: float, straps: list[str], later: dict[float, Callable[[], object]]
    ) -> None:
        tasks = [asyncio.create_task(self.room.overhear(self.sightings.append))]
        for address in straps:
            events = self.events[address] = []
            tasks.append(asyncio.create_task(self.room.listen(address)(events.append)))
        for at_s, what in later.items():
            asyncio.get_running_loop().call_later(at_s, what)
        await asyncio.wait(tasks, timeout=for_s, return_when=asyncio.FIRST_EXCEPTION)
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)
        for task in tasks:
            if not task.cancelled():
                task.result()

    def play(
        self,
        for_s: float,
        straps: list[str] | None = None,
        later: dict[float, Callable[[], object]] | None = None,
    ) -> None:
        run(self._go(for_s, straps or [], later or {}))

    def first_beat_s(self, address: str) -> float | None:
        beats = (e.t_s for e in self.events[address] if isinstance(e, HeartRateMeasurement))
        return next(beats, None)


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


def test_of_thirty_straps_the_five_that_are_here_link_promptly() -> None:
    here = [f"{k:02}:AA" for k in range(5)]
    away = [f"{k:02}:BB" for k in range(25)]
    script = Script(
        air=dict.fromkeys(here, -60),
        otherwise=lambda: Link(payloads=BEATS, drops=False),
        connect_s=2.0,
    )
    scene = Scene(script)
    scene.play(60, [*away, *here])
    first = sorted(scene.first_beat_s(address) or 999 for address in here)
    assert first[-1] < 5 * (2.0 + 1.0) + 2
    assert not any(client.address in away for client in script.clients)
