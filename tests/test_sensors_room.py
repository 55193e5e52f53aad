"""``sensors.room.Room``: many straps over a scripted radio, in virtual time."""

import asyncio
from collections import Counter
from collections.abc import Callable, Coroutine
from dataclasses import replace
from functools import partial
from itertools import pairwise
from typing import Any

import pytest
from bleak.exc import BleakDBusError, BleakDeviceNotFoundError, BleakError
from hypothesis import given, settings
from hypothesis import strategies as st
from scripted_radio import HANG, Failure, Link, Script, frame, let_go
from virtual_time import now_s, run

from sensors.events import Disconnected, HeartRateMeasurement, Searching, SensorEvent
from sensors.lately import MOST_REMEMBERED
from sensors.radio import NO_SERVICE, NONE, OFF, READY, AdapterState
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
    worst_s = sum(costs_s.get(kind, connect_s + 1.0) for kind in here) + 6
    for address, kind in kinds.items():
        if kind == "good":
            assert (scene.first_beat_s(address) or 999) < worst_s
            assert len(scene.beats(address)) > 150 - worst_s - 5


LIMIT = BleakDBusError("org.bluez.Error.Failed", ["le-connection-concurrent-connection-limit"])


def test_a_full_adapter_is_said_and_a_place_is_taken_when_one_leaves() -> None:
    here = addresses(4)
    script = Script(
        air=dict.fromkeys(here, -60), otherwise=beating, places={"hci0": 3}, when_full=LIMIT
    )
    scene = Scene(script)
    notices: list[tuple[str, ...]] = []

    def leave() -> None:
        notices.append(scene.room.notices())
        script.clients[0].drop()
        del script.air[script.clients[0].address]

    scene.play(50, here, {30: leave, 45: lambda: notices.append(scene.room.notices())})
    late = script.clients[3].address
    assert "adapter full: 3 of 3" in scene.said(late)
    assert notices == [("adapter full: 3 of 3",)] * 2
    assert 30 < (scene.first_beat_s(late) or 0) < 34
    tries = [what for at, what in script.log if what == f"connect {late}" and at < 30]
    assert len(tries) == 1, "one refusal is enough, nobody asks again while nothing has changed"


@pytest.mark.parametrize("failure", [HANG, BleakDeviceNotFoundError("", "not found"), BleakError()])
def test_an_adapter_that_only_fails_when_full_is_found_out_in_the_end(failure: Failure) -> None:
    here = addresses(4)
    script = Script(
        air=dict.fromkeys(here, -60), otherwise=beating, places={"hci0": 3}, when_full=failure
    )
    scene = Scene(script)
    notices: list[tuple[str, ...]] = []
    scene.play(
        100,
        here,
        {
            1.7: lambda: notices.append(scene.room.notices()),
            90: lambda: notices.append(scene.room.notices()),
        },
    )
    full = "adapter seems full: 3 of 3"
    assert notices == [(), (full,)]
    late = script.clients[3].address
    assert full in scene.said(late)
    # Three until it is believed, and one in spite of it a minute later.
    assert len([what for _, what in script.log if what == f"connect {late}"]) in (3, 4)
    assert all(len(scene.beats(address)) > 80 for address in here if address != late)


def test_a_strap_that_fails_far_away_makes_no_adapter_full() -> None:
    here = addresses(4)
    script = Script(air=dict.fromkeys(here, -60), otherwise=beating)
    script.air["03:AA"] = -92
    script.otherwise = lambda address: (
        Link(connect=BleakError()) if address == "03:AA" else beating(address)
    )
    scene = Scene(script)
    seen: set[tuple[str, ...]] = set()
    scene.play(300, here, {float(s): lambda: seen.add(scene.room.notices()) for s in range(1, 300)})
    assert seen == {()}


def test_a_full_adapter_is_tried_again_though_nobody_has_left() -> None:
    here = addresses(4)
    script = Script(
        air=dict.fromkeys(here, -60), otherwise=beating, places={"hci0": 3}, when_full=LIMIT
    )
    scene = Scene(script)
    scene.play(90, here, {30: lambda: script.places.update({"hci0": 4})})
    late = script.clients[3].address
    assert 60 < (scene.first_beat_s(late) or 0) < 66
    assert scene.room.notices() == ()


def test_after_a_failure_the_places_belong_to_those_who_had_them() -> None:
    here = addresses(4)
    script = Script(
        adapters={"hci0": dict.fromkeys(here, -60)}, otherwise=beating, places={"hci0": 3},
        when_full=LIMIT,
    )  # fmt: skip
    late = here[0]
    del script.adapters["hci0"][late]
    scene = Scene(script)
    scene.play(
        110,
        here,
        {
            20: lambda: script.adapters["hci0"].update({late: -30}),
            30: lambda: script.pull("hci0"),
            60: lambda: script.plug("hci0"),
            # One of them has gone home meanwhile, which is found out 10 s later.
            90: lambda: script.pull("hci0"),
            92: lambda: script.plug("hci0"),
            92.1: lambda: script.adapters["hci0"].pop(here[3]),
        },
    )
    for address in here[1:3]:
        assert 60 < next(at for at in scene.beats(address) if at > 31) < 66
    assert not [at for at in scene.beats(late) if at < 92]
    assert 100 < (scene.first_beat_s(late) or 0) < 107
    assert not script.radio.expected


def two(count: int, **more: Any) -> Script:
    """Straps that two adapters hear, the second louder."""
    return Script(
        adapters={
            "hci0": dict.fromkeys(addresses(count), -60),
            "hci1": dict.fromkeys(addresses(count), -40),
        },
        otherwise=beating,
        **more,
    )


def test_links_are_spread_over_the_adapters() -> None:
    script = two(8)
    scene = Scene(script)
    scene.play(40, addresses(8))
    on = Counter(client.adapter for client in script.clients)
    assert on == {"hci0": 4, "hci1": 4}
    assert all(len(scene.beats(address)) > 20 for address in addresses(8))


def test_when_one_adapter_is_full_the_other_takes_the_rest() -> None:
    script = two(8, places={"hci0": 2, "hci1": 7}, when_full=LIMIT)
    scene = Scene(script)
    notices: list[tuple[str, ...]] = []
    scene.play(60, addresses(8), {50: lambda: notices.append(scene.room.notices())})
    assert (len(script.links_of("hci0")), len(script.links_of("hci1"))) == (0, 0)
    assert all(len(scene.beats(address)) > 20 for address in addresses(8))
    assert notices == [("adapter hci0 full: 2 of 2",)]


def test_a_strap_is_linked_by_the_adapter_that_hears_it() -> None:
    script = Script(adapters={"hci0": {}, "hci1": {"AA:AA": -60}}, otherwise=beating)
    scene = Scene(script)
    scene.play(10, ["AA:AA"])
    assert [client.adapter for client in script.clients] == ["hci1"]


def test_nearness_is_measured_by_one_ear() -> None:
    script = Script(
        adapters={"hci0": {"AA:AA": -70, "BB:BB": -50}, "hci1": {"AA:AA": -30, "CC:CC": -30}}
    )
    scene = Scene(script)
    scene.play(4)
    assert {(s.address, s.rssi_dbm) for s in scene.sightings} == {
        ("AA:AA", -70),
        ("BB:BB", -50),
        ("CC:CC", None),
    }


@pytest.mark.parametrize("count", [1, 8])
def test_an_adapter_pulled_and_put_back_costs_no_session(count: int) -> None:
    here = addresses(count)
    script = Script(adapters={"hci0": dict.fromkeys(here, -60)}, otherwise=beating)
    scene = Scene(script)
    notices: list[tuple[str, ...]] = []
    scene.play(
        120,
        here,
        {
            30: lambda: script.pull("hci0"),
            50: lambda: notices.append(scene.room.notices()),
            60: lambda: script.plug("hci0", "hci3"),  # as the kernel likes to
            110: lambda: notices.append(scene.room.notices()),
        },
    )
    assert notices == [(NONE.words,), ()]
    for address in here:
        assert any(said.startswith(NONE.words) for said in scene.said(address))
        beats = scene.beats(address)
        assert not [at for at in beats if 30 < at < 60]
        assert 60 < next(at for at in beats if at > 30) < 62 + 3 * count
        assert len([at for at in beats if at > 60]) > 50 - 3 * count


def test_when_one_of_two_adapters_is_pulled_its_straps_go_to_the_other() -> None:
    script = two(6)
    scene = Scene(script)
    notices: list[tuple[str, ...]] = []
    scene.play(
        90,
        addresses(6),
        {30: lambda: script.pull("hci1"), 80: lambda: notices.append(scene.room.notices())},
    )
    assert notices == [("adapter hci1 is gone",)]
    moved = script.clients[6:]
    assert [client.adapter for client in moved] == ["hci0"] * 3
    stayed = set(addresses(6)) - {client.address for client in moved}
    for address in stayed:
        assert not any(isinstance(event, Disconnected) for event in scene.events[address])
    for client in moved:
        assert len([at for at in scene.beats(client.address) if at > 35]) > 30


def test_an_adapter_switched_off_is_said_unless_it_was_never_on() -> None:
    script = two(2)
    script.off = {"hci1"}
    scene = Scene(script)
    notices: list[tuple[str, ...]] = []

    def note() -> None:
        notices.append(scene.room.notices())

    scene.play(
        40, later={9: note, 10: script.off.clear, 20: lambda: script.off.add("hci1"), 39: note}
    )
    assert notices == [(), ("adapter hci1 is off",)]


@pytest.mark.parametrize("state", [OFF, NO_SERVICE])
def test_bluetooth_that_fails_under_eight_straps_is_said_once_and_comes_back(
    state: AdapterState,
) -> None:
    here = addresses(8)
    script = Script(air=dict.fromkeys(here, -60), otherwise=beating)
    scene = Scene(script)
    asked = 0

    def fail() -> None:
        nonlocal asked
        asked = script.asked
        script.state = state
        for client in script.clients:
            client.drop()

    def back() -> None:
        nonlocal asked
        asked = script.asked - asked
        script.state = READY

    scene.play(120, here, {30: fail, 60: back})
    for address in here:
        assert [said for said in scene.said(address) if said == state.words] == [state.words]
        assert 60 < next(at for at in scene.beats(address) if at > 31) < 75
    assert asked < 4 * 30, "eight who wait for the adapter ask for it together"


def test_a_broadcast_heart_rate_is_shown_while_it_is_alive() -> None:
    script = Script()

    def say(count: int, bpm: int) -> None:
        script.polar["AA:AA"] = bytes([0x23 | (count % 8) << 2, 0, bpm, bpm])

    say(0, 60)
    scene = Scene(script)
    scene.play(9, later={k + 0.25: partial(say, k, 60 + k) for k in range(1, 5)})
    told = [(s.t_s, s.bpm) for s in scene.sightings if s.bpm is not None]
    assert told == [(1.5, 61), (2.5, 62), (3.5, 63), (4.5, 64)]


@pytest.mark.parametrize("said", [b"", b"\x72", b"\x72\xff\x01", bytes(200), b"\x3b\x1b\x54"])
def test_malformed_broadcasts_are_sightings_like_any_other(said: bytes) -> None:
    scene = Scene(Script(polar={"AA:AA": said}))
    scene.play(2.2)
    assert [s.bpm for s in scene.sightings] == [None] * 4


def test_names_from_the_air_are_told_fit_for_a_screen() -> None:
    wild = "\x1b]0;owned\x07[red]\u202e" + "H" * 248
    script = Script(names={"AA:AA": wild}, otherwise=beating)
    scene = Scene(script)
    scene.play(5, ["AA:AA"])
    assert scene.sightings[0].name == wild  # as it came; who shows it uses display_name
    assert all(said.isprintable() and len(said) < 60 for said in scene.said("AA:AA"))


def test_strangers_by_the_thousand_fill_no_memory() -> None:
    script = Script(air={})
    scene = Scene(script)

    def crowd(minute: int) -> None:
        script.air = {f"{minute}:{k}": -60 for k in range(300)}

    scene.play(60, ["AA:AA"], {float(m): partial(crowd, m) for m in range(1, 60)})
    assert len(script.radio.air._recent) <= MOST_REMEMBERED
