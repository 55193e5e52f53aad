"""The corner with a whole gym in virtual time: straps lent and given back, results for one."""

import asyncio
from collections.abc import Callable, Coroutine, Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import inline_threads
import pytest
from gym_scenes import ANNA, BEGAN, BEN, CHRIS, station_of, trainee

from device import roster
from device import station as station_module
from device.corner import Corner
from device.corner_queue import Place
from device.erase import erase
from device.errors import NotHere, StoreError
from device.gym import Gym
from device.morning_attempt import STOPPED, MorningAttempt
from device.morning_history import mornings
from device.morning_protocol import IN_THE_GYM
from device.morning_record import Answers
from device.purpose import Purpose
from device.simulated_gym import SimulatedCalls, simulated_gym
from device.station import Station
from device.trusted_clock import Judgement
from hrv.decision import Symptoms, Verdict
from sensors.synthetic_room import Trainee
from sensors.synthetic_straps import SyntheticStraps

WELL, POORLY = Answers(), Answers(symptoms=Symptoms.SYSTEMIC)
ALWAYS = (0.0, 100_000.0)

Hands = Sequence[tuple[float, Callable[[Gym, Corner], Coroutine[Any, Any, Any] | None]]]


@pytest.fixture
def station(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Station]:
    monkeypatch.setattr(station_module, "judge_here", lambda *_: Judgement("synchronised"))
    with station_of(tmp_path / "data", ANNA, BEN, CHRIS) as opened:
        yield opened


def resting(athlete: Any, *stays: tuple[float, float]) -> Trainee:
    """Somebody who sits still all the time."""
    return trainee(athlete.strap.address, *(stays or (ALWAYS,)), purpose="morning")


def sit(
    station: Station,
    people: Sequence[Trainee],
    hands: Hands,
    *,
    for_s: float = 600.0,
    seats: int = 1,
    close: bool = False,
) -> None:
    """Let the gym and its corner run for so long."""

    async def work() -> None:
        loop = asyncio.get_running_loop()

        def now() -> Any:
            return BEGAN.replace(hour=8) + timedelta(seconds=loop.time())

        straps = SyntheticStraps(people)
        gym = Gym(station, straps, now=now)
        corner = gym.beside = Corner(station, gym, now=now, clock=straps.now_s, seats=seats)
        running = asyncio.ensure_future(gym.run(until_s=for_s))
        for at_s, act in hands:
            await asyncio.sleep(at_s - loop.time())
            done = act(gym, corner)
            if asyncio.iscoroutine(done):
                await done
        if close:
            running.cancel()
        await asyncio.wait({running})
        assert running.cancelled() is close

    inline_threads.run(work())


def join(name: str, answers: Answers = WELL) -> Callable[[Gym, Corner], Any]:
    async def joined(_: Gym, corner: Corner) -> None:
        await corner.join(name)
        corner.answer(name, answers)

    return joined


class Seen(list[tuple[Place, ...]]):
    """The queue, each time it is looked at; and the board beside it."""

    def __init__(self) -> None:
        super().__init__()
        self.boards: list[list[str]] = []
        self.notices: list[tuple[str, ...]] = []

    def __call__(self, gym: Gym, corner: Corner) -> None:
        self.append(corner.places())
        self.notices.append(gym.board().notices)
        self.boards.append([tile.athlete for tile in gym.board().tiles])


def test_a_seated_test_beside_those_who_train_caps_what_its_athlete_does_next(
    station: Station,
) -> None:
    seen = Seen()
    told: list[Any] = []

    async def look(_: Gym, corner: Corner) -> None:
        told.append(await corner.told("anna"))

    hands = [
        (20.0, join("Anna", POORLY)),
        (40.0, seen),
        (100.0, seen),
        (300.0, seen),
        (300.0, look),
    ]
    people = [resting(ANNA), trainee(BEN.strap.address, ALWAYS)]
    sit(station, people, hands, for_s=400.0)
    assert [[(one.athlete, one.turn) for one in places] for places in seen] == [
        [("Anna", "sits")],
        [("Anna", "sits")],
        [("Anna", "done")],
    ]
    assert 80.0 < (seen[0][0].left_s or 0.0) < 120.0
    assert seen.boards == [["Ben"], ["Ben"], ["Ben", "Anna"]]
    (kept,) = mornings(station.store, "Anna")
    assert (kept.protocol, kept.outcome, kept.day) == (IN_THE_GYM.key(), "accepted", BEGAN.date())
    assert kept.answers == POORLY
    (anna,) = told
    assert anna.readiness.decision.verdict is Verdict.RED
    assert anna.result.outcome == "accepted"
    before, test, after = station.store.sessions(athlete="Anna")[::-1]
    assert (before.start.purpose, test.start.purpose) == ("easy", "morning")
    assert test.id == kept.session_id
    # 148 is her easy ceiling; RED caps ten below.
    assert (before.start.ceiling_bpm, after.start.ceiling_bpm) == (148.0, 138.0)


@pytest.mark.parametrize("seats", [1, 2])
def test_one_after_the_other_or_as_many_at_once_as_there_are_seats(
    station: Station, seats: int
) -> None:
    seen = Seen()
    hands = [(10.0, join("Anna")), (11.0, join("Ben")), (60.0, seen), (200.0, seen), (500.0, seen)]
    sit(station, [resting(ANNA), resting(BEN)], hands, seats=seats)
    turns = [{one.athlete: one.turn for one in places} for places in seen]
    assert turns[0] == {"Anna": "sits", "Ben": "sits" if seats == 2 else "waits"}
    assert turns[1] == {"Anna": "done", "Ben": "done" if seats == 2 else "sits"}
    assert turns[2] == {"Anna": "done", "Ben": "done"}
    assert [one.outcome for name in ("Anna", "Ben") for one in mornings(station.store, name)] == [
        "accepted",
        "accepted",
    ]


async def refusal(corner: Corner, name: str) -> str:
    with pytest.raises(NotHere) as refused:
        await corner.join(name)
    return str(refused.value)


def test_what_is_refused_says_why_and_what_to_do(
    station: Station, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []

    def tried(name: str) -> Callable[[Gym, Corner], Any]:
        async def work(_: Gym, corner: Corner) -> None:
            said.append(await refusal(corner, name))

        return work

    async def ask(_: Gym, corner: Corner) -> None:
        with pytest.raises(NotHere) as refused:
            await corner.told("Ben")
        said.append(str(refused.value))

    def doubt(*_: object) -> None:
        monkeypatch.setattr(station_module, "judge_here", lambda *_: Judgement("unknown"))

    hands = [
        (10.0, join("Anna")),
        (11.0, tried("Anna")),
        (12.0, tried("Chris")),
        (13.0, tried("Dora")),
        (14.0, ask),
        (300.0, tried("Anna")),
        (301.0, doubt),
        (302.0, tried("Ben")),
    ]
    sit(station, [resting(ANNA), resting(BEN)], hands)
    assert said == [
        "Anna is in the queue already",
        "no strap of Chris is heard: put it on, and come closer",
        "nobody here is called 'Dora': the keeper adds you to the roster",
        "Ben has not tested today: take a test first",
        "Anna has tested today: the result is behind the PIN",
        "nobody knows which day it is: say the date first",
    ]


def test_a_date_that_somebody_says_is_believed_of_their_own_test_and_of_nobody_elses(
    station: Station, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(station_module, "judge_here", lambda *_: Judgement("unknown"))
    said = BEGAN.date() - timedelta(days=400)
    refused: list[str] = []

    async def others(_: Gym, corner: Corner) -> None:
        assert corner.said == said
        refused.append(await refusal(corner, "Ben"))

    hands = [
        (10.0, lambda _, corner: corner.on_day("Anna", said)),
        (11.0, join("Anna", POORLY)),
        (12.0, others),
    ]
    sit(station, [resting(ANNA), resting(BEN)], hands, for_s=400.0)
    (kept,) = mornings(station.store, "Anna")
    assert (kept.day, kept.taken) == (said, None)
    ceilings = [one.start.ceiling_bpm for one in station.store.sessions(athlete="Anna")[::-1]]
    assert ceilings == [148.0, None, 138.0], "what the test said caps what she does next"
    assert refused == ["nobody knows which day it is: say the date first"]


def test_a_strap_that_goes_away_is_a_refusal_and_may_be_tried_again(station: Station) -> None:
    seen, told = Seen(), []

    async def look(_: Gym, corner: Corner) -> None:
        told.append(await corner.told("Anna"))

    hands = [
        (10.0, join("Anna")),
        (150.0, seen),
        (150.0, look),
        (320.0, join("Anna")),
        (680.0, seen),
    ]
    sit(station, [resting(ANNA, (0.0, 100.0), (300.0, 9000.0))], hands, for_s=700.0)
    assert [[one.turn for one in places] for places in seen] == [["again"], ["done"]]
    assert told[0].result.outcome == "refused"
    assert "no beats for" in told[0].result.reasons[0]
    assert [one.outcome for one in mornings(station.store, "Anna")] == ["refused", "accepted"]


@pytest.mark.parametrize("after_s", [0.0, 60.0])
def test_whoever_leaves_the_seat_trains_again_and_the_next_is_called(
    station: Station, after_s: float
) -> None:
    seen = Seen()
    hands = [
        (10.0, join("Anna")),
        (10.0, join("Ben")),
        (10.0 + after_s, lambda _, corner: corner.leave("Anna")),
        (110.0 + after_s, seen),
    ]
    sit(station, [resting(ANNA), resting(BEN)], hands, for_s=400.0)
    assert [[(one.athlete, one.turn) for one in places] for places in seen] == [[("Ben", "sits")]]
    assert seen.boards == [["Anna"]]
    assert [notices[-1] for notices in seen.notices] == ["in the corner: Ben"]  # below the clock's
    assert [one.outcome for one in mornings(station.store, "Anna")] == (
        ["refused"] if after_s else []
    )


def test_whoever_asks_too_early_is_told_so(station: Station) -> None:
    async def look(_: Gym, corner: Corner) -> None:
        with pytest.raises(NotHere, match="the test of Anna is not over yet"):
            await corner.told("Anna")

    sit(station, [resting(ANNA)], [(10.0, join("Anna")), (60.0, look)], for_s=70.0)


def test_closing_stops_everybody_and_saves_what_was_begun(station: Station) -> None:
    hands = [(10.0, join("Anna")), (11.0, join("Ben")), (60.0, lambda *_: None)]
    sit(station, [resting(ANNA), resting(BEN)], hands, close=True)
    (anna,) = mornings(station.store, "Anna")
    assert anna.problem == STOPPED
    assert mornings(station.store, "Ben") == []
    (session,) = [one for one in station.store.sessions() if one.start.purpose == "morning"]
    assert session.outcome == "stopped"


async def _harder(_: Gym, corner: Corner) -> None:
    await corner.choose(await corner.told("Anna"), "harder")


def test_what_the_athlete_makes_of_it_is_heeded_on_the_floor(station: Station) -> None:
    hands = [
        (10.0, join("Anna", POORLY)),
        (200.0, _harder),
        (201.0, lambda gym, _: gym.sign_out("Anna")),
        (202.0, lambda gym, _: gym.sign_in("Anna", Purpose.EASY, ANNA.strap.address)),
    ]
    sit(station, [resting(ANNA)], hands, for_s=300.0)
    assert [one.choice for one in mornings(station.store, "Anna")] == ["harder"]
    newest = station.store.sessions(athlete="Anna")[0]
    assert newest.start.ceiling_bpm == 148.0


def test_a_result_is_found_again_after_a_restart(station: Station) -> None:
    sit(station, [resting(ANNA)], [(10.0, join("Anna", POORLY))], for_s=300.0)
    told: list[Any] = []

    async def look(_: Gym, corner: Corner) -> None:
        told.append(await corner.told("Anna"))
        await corner.choose(told[0], "easier")

    sit(station, [resting(ANNA)], [(10.0, look)], for_s=30.0)
    assert (told[0].readiness.decision.verdict, told[0].result) == (Verdict.RED, None)
    assert [one.choice for one in mornings(station.store, "Anna")] == ["easier"]


def test_whoever_has_not_answered_keeps_nobody_waiting(station: Station) -> None:
    seen = Seen()
    hands = [(10.0, lambda _, corner: corner.join("Anna")), (11.0, join("Ben")), (60.0, seen)]
    sit(station, [resting(ANNA), resting(BEN)], hands, for_s=100.0)
    assert [(one.athlete, one.turn) for one in seen[0]] == [("Ben", "sits"), ("Anna", "asked")]
    assert seen.boards == [[]]


def test_whoever_comes_from_running_has_no_result_and_may_try_again(station: Station) -> None:
    seen = Seen()
    running = trainee(ANNA.strap.address, ALWAYS, purpose="tempo")
    sit(station, [running], [(900.0, join("Anna")), (1400.0, seen)], for_s=1500.0)
    assert [[one.turn for one in places] for places in seen] == [["again"]]


def test_who_trains_in_a_simulated_gym_sits_down_when_called_and_gets_a_result(
    station: Station,
) -> None:
    people, trainees = simulated_gym((ANNA, BEN), 2, weekday=0)
    seen = Seen()

    async def work() -> None:
        loop = asyncio.get_running_loop()
        straps = SyntheticStraps(trainees)

        def now() -> Any:
            return BEGAN.replace(hour=8) + timedelta(seconds=loop.time())

        gym = Gym(station, straps, now=now, people=people, kind="sim")
        calls = SimulatedCalls(gym, straps)
        corner = gym.beside = Corner(station, calls, now=now, clock=straps.now_s)
        running = asyncio.ensure_future(gym.run(until_s=1300.0))
        await asyncio.sleep(600.0)
        await corner.join("Anna")
        corner.answer("Anna", WELL)
        await asyncio.sleep(600.0)
        seen(gym, corner)
        await asyncio.wait({running})

    inline_threads.run(work())
    assert [(one.athlete, one.turn) for one in seen[0]] == [("Anna", "done")]
    assert seen.boards == [["Ben", "Anna"]]
    (kept,) = mornings(station.store, "Anna")
    assert (kept.outcome, kept.problem) == ("accepted", None)
    assert 40.0 < (kept.hr_bpm or 0.0) < 75.0


def test_who_is_erased_is_forgotten_once_all_that_was_begun_is_written(station: Station) -> None:
    told: list[Any] = []

    async def erased(gym: Gym, corner: Corner) -> None:
        trains = any(tile.athlete == "Anna" for tile in gym.board().tiles)
        await corner.forget("Anna")
        if trains:
            gym.sign_out("Anna")
            await asyncio.sleep(0.5)
        assert not station.store.writes("Anna")
        told.append([one.outcome for one in mornings(station.store, "Anna")])
        assert corner.places() == ()
        erase(station.store, station.places, "Anna")
        roster.save(station.places.data, ANNA)  # somebody of the same name

    async def look(_: Gym, corner: Corner) -> None:
        with pytest.raises(NotHere, match="has not tested today"):
            await corner.told("Anna")
        assert corner.places() == ()

    # On the seat; and with a result.
    sit(station, [resting(ANNA)], [(10.0, join("Anna")), (60.0, erased), (70.0, look)], for_s=90.0)
    hands = [(10.0, join("Anna")), (200.0, erased), (210.0, look)]
    sit(station, [resting(ANNA)], hands, for_s=220.0)
    assert told == [["refused"], ["accepted"]]
    assert mornings(station.store, "Anna") == []


def test_a_history_that_cannot_be_read_leaves_no_seat_taken(
    station: Station, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = Seen()

    async def unreadable(*_: Any) -> Any:
        raise StoreError("the disk does not give it back")

    monkeypatch.setattr(MorningAttempt, "judge", unreadable)
    hands = [(10.0, join("Anna")), (11.0, join("Ben")), (200.0, seen), (400.0, seen)]
    sit(station, [resting(ANNA), resting(BEN)], hands, for_s=420.0)
    assert [[(one.athlete, one.turn) for one in places] for places in seen] == [
        [("Ben", "sits"), ("Anna", "again")],
        [("Anna", "again"), ("Ben", "again")],
    ]
