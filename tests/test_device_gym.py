"""Everybody who trains here now: the whole gym with a simulated room, in virtual time."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from gym_scenes import ANNA, BEGAN, BEN, CHRIS, UNKNOWN, station_of, train, trainee

from device.errors import NotHere
from device.gym import Came, Gym, Left
from device.intent import Purpose
from device.station import Station
from device.tile import Board


@pytest.fixture
def station(tmp_path: Path) -> Iterator[Station]:
    with station_of(tmp_path / "data", ANNA, BEN, CHRIS) as opened:
        yield opened


class Seen(list[Board]):
    """The board, each time it is looked at."""

    def __call__(self, gym: Gym) -> None:
        self.append(gym.board())


def test_a_known_strap_signs_in_its_athlete_and_walking_away_signs_out(station: Station) -> None:
    seen = Seen()
    people = [trainee(ANNA.strap.address, (5.0, 300.0)), trainee(BEN.strap.address, (60.0, 500.0))]
    looks = [(at_s, seen) for at_s in (4.0, 12.0, 100.0, 306.0, 320.0, 380.0)]
    happened = train(station, people, looks, for_s=600.0)
    came, left = ([one for one in happened if isinstance(one, kind)] for kind in (Came, Left))
    assert [(one.athlete, one.purpose, one.ceiling_bpm) for one in came] == [
        ("Anna", "easy", 148.0),
        ("Ben", "easy", 144.0),
    ]
    assert 5.0 < came[0].t_s < 10.0
    assert [one.athlete for one in left] == ["Anna", "Ben"]
    assert 360.0 < left[0].t_s < 363.0
    empty, welcome, both, ageing, stale, gone = seen
    assert (empty.tiles, empty.welcome) == ((), None)
    assert welcome.welcome is not None
    assert welcome.welcome.athlete == "Anna"
    assert [tile.athlete for tile in both.tiles] == ["Anna", "Ben"]
    assert {tile.freshness for tile in both.tiles} == {"fresh"}
    assert both.welcome is None
    assert ageing.tiles[0].freshness == "ageing"
    assert (stale.tiles[0].freshness, stale.tiles[0].hr_bpm) == ("stale", None)
    assert stale.tiles[0].last_hr_bpm is not None
    assert [tile.athlete for tile in gone.tiles] == ["Ben"]
    stored = station.store.sessions()
    assert [(one.start.athlete, one.outcome) for one in stored] == [
        ("Ben", "stopped"),
        ("Anna", "stopped"),
    ]
    assert stored[1].summary is not None
    assert stored[1].summary["n_beats"] > 300


def test_an_unknown_strap_is_asked_about_at_the_screen_and_claimed(station: Station) -> None:
    seen = Seen()
    hands = [
        (10.0, seen),
        (20.0, seen),
        (21.0, lambda gym: gym.claim(UNKNOWN, "Chris", Purpose.STEADY)),
        (40.0, seen),
    ]
    train(station, [trainee(UNKNOWN, (5.0, 200.0))], hands, for_s=100.0)
    before, asked, claimed = seen
    assert before.whose is None
    assert asked.whose is not None
    assert (asked.whose.address, asked.whose.name) == (UNKNOWN, "Strap 0C")
    assert claimed.whose is None
    assert [(tile.athlete, tile.purpose) for tile in claimed.tiles] == [("Chris", "steady")]


def test_what_nobody_could_mean_is_refused_in_one_line(station: Station) -> None:
    def refused(gym: Gym) -> None:
        with pytest.raises(NotHere, match="Ben is not signed in"):
            gym.sign_out("Ben")
        with pytest.raises(NotHere, match="not heard any more"):
            gym.claim(UNKNOWN, "Chris", Purpose.EASY)

    train(station, [], [(1.0, refused)], for_s=3.0)


@pytest.mark.parametrize(
    ("off", "again"), [(timedelta(minutes=5), True), (timedelta(hours=4), False)]
)
def test_sessions_that_were_cut_off_go_on_when_their_straps_are_heard_again(
    tmp_path: Path, off: timedelta, again: bool
) -> None:
    people = [trainee(one.strap.address, (1.0, 10_000.0)) for one in (ANNA, BEN)]
    data = tmp_path / "data"
    with station_of(data, ANNA, BEN) as station:
        train(
            station,
            people,
            [(60.0, lambda gym: gym.choose("Anna", Purpose.STEADY))],
            for_s=300.0,
            cut=True,
        )
        before = station.store.sessions()
        assert [one.outcome for one in before] == [None, None]
    with station_of(data, ANNA, BEN) as station:
        train(station, people, for_s=100.0, began=BEGAN + timedelta(seconds=300) + off)
        after = station.store.sessions()
        assert ([one.id for one in after] == [one.id for one in before]) is again
        gone_on = {one.start.athlete: one for one in after[-2:]}
        assert {one.outcome for one in gone_on.values()} == ({"stopped"} if again else {None})
        if again:
            kinds = [
                mark.text for mark in station.store.marks(after[0].id) if mark.kind == "resume"
            ]
            assert kinds == ["switched off"]
            assert 595.0 < (after[0].ended_s or 0.0) < 705.0
