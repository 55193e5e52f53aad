"""A simulated room: the same at every speed, and as a room is."""

import asyncio
import math
from collections.abc import Sequence

import pytest
import virtual_time

from sensors.events import (
    Connected,
    Disconnected,
    Elapsed,
    HeartRateMeasurement,
    Searching,
    SensorEvent,
)
from sensors.straps import Sighting
from sensors.synthetic_room import Trainee, comings_and_goings
from sensors.synthetic_straps import SyntheticStraps


def trainee(number: int, *stays: tuple[float, float], **more: object) -> Trainee:
    usual = {"strap_name": f"Strap {number}", "seed": number, "link_breaks": False}
    return Trainee(address=f"A{number}", stays=stays, **(usual | more))  # type: ignore[arg-type]


def live(
    people: Sequence[Trainee],
    *,
    for_s: float,
    listen: Sequence[tuple[float, str]] = (),
    speed: float = 1.0,
) -> tuple[list[Sighting], list[list[SensorEvent]]]:
    """What is heard of a room, and what each of these listeners is told, from when on."""
    heard: list[Sighting] = []
    told: list[list[SensorEvent]] = [[] for _ in listen]

    async def until(t_s: float, room: SyntheticStraps) -> None:
        while room.now_s() < t_s:  # noqa: ASYNC110 - the time of the room, not the loop's
            await asyncio.sleep(0 if speed == math.inf else (t_s - room.now_s()) / speed)

    async def work() -> None:
        room = SyntheticStraps(people, speed=speed)
        tasks = [asyncio.ensure_future(room.overhear(heard.append))]
        for (at_s, address), events in zip(listen, told, strict=True):
            await until(at_s, room)
            tasks.append(asyncio.ensure_future(room.listen(address)(events.append)))
        await until(for_s, room)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    if speed == math.inf:
        asyncio.run(work())
    else:
        virtual_time.run(work())
    return heard, told


def test_a_strap_is_heard_while_its_wearer_is_here_and_nobody_listens() -> None:
    one = trainee(1, (10.0, 100.0), (200.0, 300.0))
    heard, ((*events,),) = live([one], for_s=400.0, listen=[(50.0, "A1")])
    times_s = [sighting.t_s for sighting in heard]
    assert times_s == sorted(times_s)
    assert 10.0 < times_s[0] < 13.0
    assert max(times_s) < 50.5, "linked from then on, and looked for after that"
    assert {sighting.name for sighting in heard} == {"Strap 1"}
    links = [e for e in events if isinstance(e, Connected | Disconnected)]
    assert [type(event) for event in links] == [Connected, Disconnected, Connected, Disconnected]
    assert links[0].name == "Strap 1"
    assert 48.0 < links[1].t_s < 54.0
    assert 150.0 <= links[2].t_s < 185.0
    seconds = [event.t_s for event in events if isinstance(event, Elapsed)]
    assert seconds == [float(second) for second in range(1, len(seconds) + 1)]
    assert len(seconds) >= 349


def test_who_walks_up_is_loudest_at_the_screen() -> None:
    heard, _ = live([trainee(1, (0.0, 200.0))], for_s=200.0)
    by_s = {round(sighting.t_s): sighting.rssi_dbm or -999 for sighting in heard}

    def mean(from_s: int, to_s: int) -> float:
        found = [level for at_s, level in by_s.items() if from_s <= at_s < to_s]
        return sum(found) / len(found)

    assert mean(1, 4) < -74
    assert mean(10, 20) > -60
    assert mean(60, 200) < -66


def test_a_strap_that_is_not_in_the_room_is_looked_for_and_comes() -> None:
    _, ((*late,), (*never,)) = live(
        [trainee(1, (60.0, 90.0))], for_s=80.0, listen=[(0.0, "A1"), (0.0, "nobody's")]
    )
    assert isinstance(late[0], Searching)
    first = next(event for event in late if isinstance(event, Connected))
    assert 60.0 < first.t_s < 62.0
    assert {type(event) for event in never} == {Searching, Elapsed}


@pytest.mark.parametrize("speed", [7.0, 1000.0, math.inf])
def test_the_same_people_do_the_same_at_every_speed(speed: float) -> None:
    people = [
        trainee(n, *comings_and_goings(n, 1, first_s=5.0 * n, stay_s=(50, 90), away_s=(9, 20)))
        for n in range(4)
    ]
    heard, _ = live(people, for_s=300.0)
    fast, _ = live(people, for_s=300.0, speed=speed)
    until_s = min(heard[-1].t_s, fast[-1].t_s)
    assert len(heard) > 500
    assert [one for one in fast if one.t_s <= until_s] == [
        one for one in heard if one.t_s <= until_s
    ]


def test_what_two_hearts_say_differs_and_what_one_says_again_does_not() -> None:
    people = [trainee(n, (0.0, 400.0)) for n in (1, 2)]
    listeners = [(10.0, "A1"), (10.0, "A2")]
    _, (first, second) = live(people, for_s=300.0, listen=listeners)
    _, (again, _) = live(people, for_s=300.0, listen=listeners)
    beats = [[e for e in told if isinstance(e, HeartRateMeasurement)] for told in (first, second)]
    assert len(beats[0]) > 280
    assert beats[0] != beats[1]
    assert first == again


def test_links_break_now_and_then_and_heart_rates_are_told_in_passing() -> None:
    one = trainee(3, (0.0, 20_000.0), link_breaks=True, broadcasts=True, purpose="tempo")
    heard, ((*events,),) = live([one], for_s=9000.0, listen=[(5.0, "A3")], speed=math.inf)
    breaks = [event for event in events if isinstance(event, Disconnected)]
    assert 2 <= len(breaks) <= 30
    told = [sighting.bpm for sighting in heard if sighting.t_s > 1000.0]
    assert len(told) > 5000, "linked or not"
    assert all(bpm is not None and 80 < bpm < 190 for bpm in told)


def test_a_listener_that_ends_leaves_the_room_as_it_was() -> None:
    async def work() -> None:
        heard: list[Sighting] = []
        room = SyntheticStraps([trainee(1, (0.0, 10_000.0))])
        living = asyncio.ensure_future(room.overhear(heard.append))
        for _ in range(50):
            listening = asyncio.ensure_future(room.listen("A1")(lambda _: None))
            await asyncio.sleep(20.0)
            listening.cancel()
            await asyncio.wait({listening})
            before = len(heard)
            await asyncio.sleep(20.0)
            assert len(heard) > before + 10, "it advertises again"
        assert len(room._due) <= 3
        living.cancel()
        await asyncio.wait({living})
        assert room._due == []

    virtual_time.run(work())


def bpm_of(events: Sequence[SensorEvent]) -> list[int]:
    return [one.bpm for one in events if isinstance(one, HeartRateMeasurement) and one.bpm]


@pytest.mark.parametrize("waits_s", [0.0, 60.0])
def test_who_sits_down_comes_to_rest_as_a_heart_does_and_trains_again_afterwards(
    waits_s: float,
) -> None:
    one = trainee(1, (0.0, 4000.0), purpose="steady")
    training_bpm = 55.0 + one.effort(1000.0) * 130.0
    seated = one.seated(1000.0)

    def beats(who: Trainee, from_s: float) -> list[float]:
        truth = who.heart_from(from_s).truth(300.0)
        return [truth.hr_bpm(at_s, at_s + 10.0) for at_s in (0.0, 120.0 - waits_s, 290.0)]

    first, later, last = beats(seated, 1000.0 + waits_s)
    # Nobody's heart is at rest at once; after two minutes it nearly is, however long one listens.
    assert first > 55.0 + 0.7 * (training_bpm - 55.0) * math.exp(-waits_s / 48.0)
    assert 55.0 < later < 55.0 + 0.15 * (training_bpm - 55.0)
    assert last == pytest.approx(55.0, abs=3.0)
    risen = seated.risen(1400.0)
    assert risen.effort(1399.0) < 0.01
    assert risen.effort(1400.0) == one.effort(0.0)
    assert risen.effort(1600.0) == one.effort(200.0)


def test_who_sits_stays_for_a_while_and_whatever_comes_later_comes_later() -> None:
    one = trainee(1, (0.0, 1000.0), (1200.0, 2000.0), (2500.0, 3000.0))
    assert one.seated(900.0).stays == ((0.0, 2700.0), (2900.0, 3700.0), (4200.0, 4700.0))
    assert one.seated(1300.0).stays[1] == (1200.0, 3100.0)
    away = one.seated(1100.0)
    assert (away.stays, away.effort(1150.0)) == (one.stays, 0.0)


def test_a_room_knows_who_sits_by_their_straps() -> None:
    async def work() -> list[list[int]]:
        room = SyntheticStraps([trainee(n, (0.0, 9000.0), purpose="steady") for n in (1, 2)])
        living = asyncio.ensure_future(room.overhear(lambda _: None))
        await asyncio.sleep(1000.0)
        room.sit_down("A1")
        room.sit_down("nobody's")
        told: list[list[SensorEvent]] = [[], []]
        tasks = [asyncio.ensure_future(room.listen(f"A{n}")(told[n - 1].append)) for n in (1, 2)]
        await asyncio.sleep(240.0)
        for task in (living, *tasks):
            task.cancel()
        await asyncio.gather(living, *tasks, return_exceptions=True)
        return [bpm_of(events) for events in told]

    sitting, training = virtual_time.run(work())
    assert sitting[-1] < 70 < sitting[0]
    assert min(training) > 120
