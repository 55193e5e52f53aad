"""Everybody who trains here now: the whole gym with a simulated room, in virtual time."""

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import time, timedelta
from pathlib import Path

import pytest
from gym_scenes import ANNA, BEGAN, BEN, CHRIS, UNKNOWN, station_of, totals, train, trainee

from device import roster
from device.athlete import Athlete, Strap
from device.errors import BeatwiseError, NotHere
from device.floor import Floor
from device.guests import all_guests
from device.gym import Gym
from device.happening import Asked, Came, Left
from device.measure import Measurement
from device.past_session import look
from device.purpose import Purpose
from device.station import Station
from device.tile import Board
from device.visit import Visit
from sensors.events import HeartRateMeasurement, Source
from sensors.synthetic_straps import SyntheticStraps


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


def test_what_is_near_the_screen_is_what_the_settings_say(tmp_path: Path) -> None:
    with station_of(tmp_path / "data", CHRIS, config="[kiosk]\nnear_dbm = -30\n") as station:
        happened = train(station, [trainee(UNKNOWN, (5.0, 200.0))], for_s=60.0)
    assert happened == []


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


# -- what turns out to be otherwise


def test_swapped_straps_are_put_right_and_what_was_measured_follows(station: Station) -> None:
    # Each wears the other's strap, and their hearts are told apart by what they do.
    people = [
        trainee(ANNA.strap.address, (5.0, 2000.0), purpose="recovery"),
        trainee(BEN.strap.address, (30.0, 2000.0), purpose="tempo"),
    ]
    seen = Seen()
    hands = [
        (400.0, lambda gym: gym.choose("Anna", Purpose.TEMPO)),
        (900.0, seen),
        (900.5, lambda gym: gym.swap("Anna", "Ben")),
        (903.0, seen),
    ]
    train(station, people, hands, for_s=1200.0)
    before, after = seen
    of = {tile.athlete: tile for tile in before.tiles}
    now = {tile.athlete: tile for tile in after.tiles}
    assert of["Anna"].hr_bpm is not None
    assert of["Anna"].hr_bpm < 125 < (of["Ben"].hr_bpm or 0)
    assert (now["Anna"].hr_bpm or 0) > 125 > (now["Ben"].hr_bpm or 999)
    assert (now["Anna"].purpose, now["Ben"].purpose) == ("tempo", "easy")
    assert now["Anna"].floor_bpm == of["Anna"].floor_bpm
    assert now["Ben"].ceiling_bpm == of["Ben"].ceiling_bpm
    assert now["Anna"].time_inside_s != pytest.approx(of["Ben"].time_inside_s, abs=30)
    stored = {one.start.athlete: one for one in station.store.sessions()}
    assert len(stored) == 2
    assert stored["Anna"].start.source.endswith(BEN.strap.address)
    assert stored["Anna"].start.purpose == "tempo"
    assert stored["Anna"].start.floor_bpm == of["Anna"].floor_bpm
    # As if it had never been otherwise: everything judged is judged by the right band.
    for name in ("Anna", "Ben"):
        told = look(station.store, station.places.data, stored[name].id)
        assert stored[name].summary is not None
        assert told.retrace.summary.n_beats == stored[name].summary["n_beats"]
        marks = station.store.marks(stored[name].id)
        assert [mark.t_s for mark in marks] == sorted(mark.t_s for mark in marks)
        assert sum(mark.kind == "target" for mark in marks) == 1
    kinds = {name: {m.kind for m in station.store.marks(one.id)} for name, one in stored.items()}
    assert "under" in kinds["Anna"]
    assert "over" not in kinds["Ben"]


def test_a_strap_given_to_one_who_waits_for_theirs_takes_its_session_along(
    station: Station,
) -> None:
    seen = Seen()
    hands = [
        (100.0, lambda gym: gym.sign_in("Chris", Purpose.STEADY)),
        (120.0, lambda gym: gym.swap("Chris", "Anna")),
        (125.0, seen),
    ]
    train(station, [trainee(ANNA.strap.address, (5.0, 300.0))], hands, for_s=200.0)
    states = {tile.athlete: tile.state for tile in seen[0].tiles}
    assert states.pop("Chris") != "no strap"
    assert states == {"Anna": "no strap"}
    (stored,) = station.store.sessions()
    assert (stored.start.athlete, stored.start.purpose) == ("Chris", "steady")


def test_a_swap_while_one_session_is_only_beginning_puts_both_right(
    station: Station, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = [trainee(ANNA.strap.address, (5.0, 900.0)), trainee(BEN.strap.address, (60.0, 900.0))]
    begin = Floor._begin
    gyms: list[Gym] = []

    async def interrupted(floor: Floor, visit: Visit) -> Measurement:
        if visit.name == "Ben":
            gyms.pop().swap("Anna", "Ben")
        return await begin(floor, visit)

    monkeypatch.setattr(Floor, "_begin", interrupted)
    train(station, people, [(1.0, gyms.append)], for_s=200.0)
    assert not gyms
    stored = {one.start.athlete: one.start.source for one in station.store.sessions()}
    assert stored["Anna"].endswith(BEN.strap.address)
    assert stored["Ben"].endswith(ANNA.strap.address)


def test_what_was_judged_anew_is_as_if_it_had_been_meant_so(
    tmp_path: Path, station: Station
) -> None:
    people = [trainee(ANNA.strap.address, (5.0, 5000.0), purpose="intervals", link_breaks=True)]
    hands = [
        (1500.0, lambda gym: gym.choose("Anna", Purpose.STEADY)),
        (1700.0, lambda gym: gym.choose("Anna", Purpose.INTERVALS)),
    ]
    train(station, people, hands, for_s=1900.0)
    with station_of(tmp_path / "other", replace(ANNA, plan=(Purpose.INTERVALS,) * 7)) as other:
        train(other, people, for_s=1900.0)
        (changed,), (never,) = station.store.sessions(), other.store.sessions()
        assert totals(changed.summary) == pytest.approx(totals(never.summary))
        assert changed.start == never.start
        marks, meant = station.store.marks(changed.id), other.store.marks(never.id)
        assert [(mark.kind, mark.text) for mark in marks] == [(m.kind, m.text) for m in meant]
        assert [mark.t_s for mark in marks] == pytest.approx([m.t_s for m in meant], abs=1e-5)
        assert len(marks) > 5


def test_a_strap_that_is_not_theirs_is_taken_back_and_claimed_with_its_beats(
    station: Station,
) -> None:
    seen = Seen()
    hands = [
        (100.0, lambda gym: gym.not_you("Anna")),
        (102.0, seen),
        (130.0, lambda gym: gym.sign_in("Chris", Purpose.EASY, ANNA.strap.address)),
        (135.0, seen),
    ]
    train(station, [trainee(ANNA.strap.address, (5.0, 900.0))], hands, for_s=300.0)
    nobodys, claimed = seen
    assert nobodys.tiles == ()
    assert nobodys.whose is not None
    assert nobodys.whose.address == ANNA.strap.address
    assert [tile.athlete for tile in claimed.tiles] == ["Chris"]
    assert claimed.whose is None
    (stored,) = station.store.sessions()
    assert stored.start.athlete == "Chris"
    assert stored.summary is not None
    assert stored.summary["t_s"] > 280


@pytest.mark.parametrize("whose", ["Chris", "Anna"])
def test_anothers_strap_is_claimed_for_the_day_and_stays_theirs(
    station: Station, whose: str
) -> None:
    """Whoever stands at the screen changes nobody else's file."""
    before = {one.name: one for one in roster.load_all(station.places.data).athletes}
    hands = [
        (100.0, lambda gym: gym.not_you("Anna")),
        (130.0, lambda gym: gym.claim(ANNA.strap.address, whose, Purpose.EASY)),
    ]
    people = [trainee(ANNA.strap.address, (5.0, 300.0), (400.0, 700.0))]
    happened = train(station, people, hands, for_s=600.0)
    came = [one.athlete for one in happened if isinstance(one, Came)]
    assert came[-1] == whose, "today the strap is theirs"
    after = {one.name: one for one in roster.load_all(station.places.data).athletes}
    assert replace(after["Anna"], strap=ANNA.strap) == before["Anna"]
    assert after["Anna"].strap is not None
    assert after["Anna"].strap.address == ANNA.strap.address
    assert after["Chris"] == before["Chris"]
    seen = Seen()
    train(station, people, [(30.0, seen)], for_s=60.0, began=BEGAN + timedelta(days=1))
    assert [tile.athlete for tile in seen[0].tiles] == ["Anna"]


def test_a_session_that_nobody_claims_is_kept_as_nobodys(station: Station) -> None:
    hands = [(100.0, lambda gym: gym.not_you("Anna"))]
    happened = train(station, [trainee(ANNA.strap.address, (5.0, 900.0))], hands, for_s=600.0)
    (stored,) = station.store.sessions()
    assert (stored.start.athlete, stored.outcome) == (None, "stopped")
    assert len([one for one in happened if isinstance(one, Left)]) == 1, "and not again"


@pytest.mark.parametrize(
    ("from_s", "to_s"), [(40.0, 160.0), (1.0, 160.0), (40.0, 370.0), (61.0, 75.0)]
)
def test_a_swap_while_the_disk_refuses_is_made_and_saved_when_it_takes_things_again(
    tmp_path: Path, station: Station, from_s: float, to_s: float
) -> None:
    """As if the disk had been well: in names, bands, sums and marks."""
    people = [
        trainee(ANNA.strap.address, (5.0, 250.0), purpose="recovery"),
        trainee(BEN.strap.address, (5.0, 250.0), purpose="tempo"),
    ]
    seen = Seen()
    hands = [
        (60.0, lambda gym: gym.swap("Anna", "Ben")),
        (70.0, seen),
        (90.0, lambda gym: gym.choose("Anna", Purpose.TEMPO)),
        (120.0, lambda gym: gym.swap("Anna", "Ben")),
        (121.0, lambda gym: gym._floor.find("Anna").measurement.note("tired")),
        (140.0, lambda gym: gym.swap("Ben", "Anna")),
    ]

    def refuse(gym: Gym) -> None:
        gym._station.store._connect()
        gym._station.store._db.execute("PRAGMA query_only = ON")

    def take_again(gym: Gym) -> None:
        gym._station.store._db.execute("PRAGMA query_only = OFF")

    with station_of(tmp_path / "well", ANNA, BEN) as well:
        train(well, people, hands, for_s=400.0)
        expected = _all_of(well)
    train(station, people, [*hands, (from_s, refuse), (to_s, take_again)], for_s=400.0)
    board_well, board = seen
    assert [replace(one, time_inside_s=None) for one in board.tiles] == [
        replace(one, time_inside_s=None) for one in board_well.tiles
    ]
    assert "not saving" in str(board.notices)
    assert _all_of(station) == expected


def _all_of(station: Station) -> list[object]:
    """Everything that is kept of the sessions, by strap."""
    return sorted(
        (
            one.start.source,
            one.start.athlete,
            one.start.purpose,
            one.start.ceiling_bpm,
            one.summary,
            [(mark.kind, mark.text, round(mark.t_s, 3)) for mark in station.store.marks(one.id)],
        )
        for one in station.store.sessions()
    )


# -- coming and going


def test_who_only_walks_past_leaves_nothing_and_costs_nobody_a_beat(station: Station) -> None:
    people = [trainee(ANNA.strap.address, (5.0, 50.0)), trainee(BEN.strap.address, (30.0, 400.0))]
    happened = train(station, people, for_s=600.0)
    left = [(one.athlete, one.session) for one in happened if isinstance(one, Left)]
    (stored,) = station.store.sessions()
    assert left == [("Anna", None), ("Ben", stored.id)]
    assert stored.start.athlete == "Ben"
    told = look(station.store, station.places.data, stored.id)
    assert stored.summary is not None
    assert told.retrace.summary.n_beats == stored.summary["n_beats"] > 300
    (rows,) = station.store.rows("SELECT count(*) FROM mark WHERE session_id != ?", (stored.id,))
    assert rows[0] == 0


@pytest.mark.parametrize(
    "confirm",
    [
        lambda gym: gym.choose("Anna", Purpose.EASY),
        lambda gym: gym.swap("Anna", "Ben"),
        lambda gym: gym.sign_out("Anna"),
    ],
    ids=["purpose", "swap", "sign out"],
)
def test_a_short_session_that_somebody_spoke_of_is_kept(
    station: Station, confirm: Callable[[Gym], None]
) -> None:
    people = [trainee(one.strap.address, (5.0, 50.0)) for one in (ANNA, BEN)]
    train(station, people, [(30.0, confirm)], for_s=300.0)
    assert "Anna" in {one.start.athlete for one in station.store.sessions()}


def test_a_short_rest_of_a_session_that_was_cut_off_is_kept(tmp_path: Path) -> None:
    with station_of(tmp_path / "data", ANNA) as station:
        train(station, [trainee(ANNA.strap.address, (5.0, 900.0))], for_s=100.0, cut=True)
    with station_of(tmp_path / "data") as station:
        people = [trainee(ANNA.strap.address, (5.0, 40.0))]
        train(station, people, for_s=300.0, began=BEGAN + timedelta(seconds=110))
        (stored,) = station.store.sessions()
        assert stored.outcome == "stopped"
        assert stored.summary is not None
        assert stored.summary["n_beats"] > 150


def test_a_sign_out_lasts_for_as_long_as_the_strap_is_here(station: Station) -> None:
    hands = [(100.0, lambda gym: gym.sign_out("Anna"))]
    people = [trainee(ANNA.strap.address, (5.0, 400.0), (500.0, 900.0))]
    happened = train(station, people, hands, for_s=700.0)
    times_s = [one.t_s for one in happened if isinstance(one, Came)]
    assert len(times_s) == 2
    assert times_s[1] > 500.0


def test_at_closing_time_everybody_is_signed_out_once(tmp_path: Path) -> None:
    config = '[kiosk]\ncloses = "18:10"\n'
    with station_of(tmp_path / "data", ANNA, BEN, config=config) as station:
        people = [trainee(one.strap.address, (5.0, 3000.0)) for one in (ANNA, BEN)]
        hands = [(1200.0, lambda gym: gym.sign_in("Ben", Purpose.EASY))]
        happened = train(station, people, hands, for_s=1300.0)
        left = [one for one in happened if isinstance(one, Left)]
        assert [one.t_s for one in left] == pytest.approx([601, 601, 1301], abs=1.5)
        assert not any(one.left_open for one in left)


def test_a_closing_time_holds_as_soon_as_it_is_changed(tmp_path: Path) -> None:
    config = '[kiosk]\ncloses = "18:10"\n'
    with station_of(tmp_path / "data", ANNA, config=config) as station:
        hands = [
            (300.0, lambda gym: gym.close_at(time(18, 20))),
            (900.0, lambda gym: gym.close_at(time(18, 12))),  # has passed: it comes tomorrow
        ]
        people = [trainee(ANNA.strap.address, (5.0, 3000.0))]
        happened = train(station, people, hands, for_s=1300.0)
        left = [one.t_s for one in happened if isinstance(one, Left)]
        assert left == pytest.approx([1301], abs=1.5)


def test_after_a_cut_sessions_go_on_when_the_straps_are_heard(tmp_path: Path) -> None:
    people = [trainee(ANNA.strap.address, (5.0, 3000.0)), trainee(UNKNOWN, (10.0, 3000.0))]
    hands = [(60.0, lambda gym: gym.sign_in("Chris", Purpose.STEADY, UNKNOWN))]
    with station_of(tmp_path / "data", ANNA, CHRIS) as station:
        happened = train(station, people, hands, for_s=600.0, cut=True)
        assert {one.left_open for one in happened if isinstance(one, Left)} == {True}
        assert {one.outcome for one in station.store.sessions()} == {None}
    later = BEGAN + timedelta(seconds=600 + 240)
    again = [trainee(one.address, (0.0, 3000.0)) for one in people]
    seen = Seen()
    with station_of(tmp_path / "data") as station:
        train(station, again, [(120.0, seen)], for_s=300.0, began=later)
        stored = station.store.sessions()
        marks = [station.store.marks(one.id) for one in stored]
    assert {tile.athlete: tile.purpose for tile in seen[0].tiles} == {
        "Anna": "easy",
        "Chris": "steady",
    }
    assert {one.start.athlete for one in stored} == {"Anna", "Chris"}
    assert len(stored) == 2
    for one, kept in zip(stored, marks, strict=True):
        assert one.outcome == "stopped"
        assert one.summary is not None
        assert one.summary["t_s"] == pytest.approx(1110, abs=30)
        assert ("pause", "switched off") in [(mark.kind, mark.text) for mark in kept]


def test_an_hour_after_a_cut_it_is_another_session(tmp_path: Path) -> None:
    people = [trainee(ANNA.strap.address, (5.0, 3000.0))]
    with station_of(tmp_path / "data", ANNA) as station:
        train(station, people, for_s=100.0, cut=True)
    with station_of(tmp_path / "data") as station:
        train(station, people, for_s=100.0, began=BEGAN + timedelta(hours=1))
        assert [one.outcome for one in station.store.sessions()] == ["stopped", None]


def test_a_strap_is_lent_to_the_corner_and_comes_back(station: Station) -> None:
    seen = Seen()
    heard: list[object] = []

    async def test(gym: Gym) -> None:
        lent = await gym.lend("Anna")
        sitting = asyncio.ensure_future(lent.start(0)(heard.append))
        await asyncio.sleep(60.0)
        seen(gym)
        sitting.cancel()
        gym.take_back("Anna")

    people = [trainee(ANNA.strap.address, (5.0, 900.0))]
    train(station, people, [(100.0, test), (200.0, seen)], for_s=300.0)
    in_the_corner, back = seen
    assert in_the_corner.tiles == ()
    assert sum(isinstance(event, HeartRateMeasurement) for event in heard) > 50
    assert [tile.athlete for tile in back.tiles] == ["Anna"]
    assert [one.outcome for one in station.store.sessions()] == ["stopped", "stopped"]


def test_a_strap_that_only_tells_its_heart_rate_in_passing_is_shown_so(station: Station) -> None:
    class Deaf(SyntheticStraps):
        """Hears, and cannot link to anything: the adapter is full."""

        def listen(self, address: str) -> Source:
            return super().listen("nobody's")

        def notices(self) -> tuple[str, ...]:
            return ("adapter full: 7 of 7",)

    seen = Seen()
    people = [trainee(ANNA.strap.address, (5.0, 900.0), broadcasts=True)]
    train(station, people, [(300.0, seen)], for_s=400.0, straps=Deaf)
    (board,) = seen
    (tile,) = board.tiles
    assert tile.broadcast_only
    assert tile.freshness == "fresh"
    assert tile.hr_bpm == pytest.approx(129, abs=25)
    assert tile.state in ("inside", "over")
    assert (tile.time_inside_s or 0.0) + 120 > 100
    assert board.notices == ("adapter full: 7 of 7",)


def test_nobody_is_under_while_warming_up(station: Station) -> None:
    seen = Seen()
    people = [trainee(ANNA.strap.address, (1.0, 900.0), purpose=Purpose.RECOVERY)]
    choose = (10.0, lambda gym: gym.choose("Anna", Purpose.TEMPO))
    train(station, people, [choose, *((at_s, seen) for at_s in (300.0, 590.0, 660.0))], for_s=700.0)
    tiles = [board.tiles[0] for board in seen]
    assert [tile.state for tile in tiles] == ["warming up", "warming up", "under"]
    assert all(tile.hr_bpm < tile.floor_bpm for tile in tiles)


# -- guests


def test_a_guest_trains_and_is_gone_from_the_disk_after_the_day(station: Station) -> None:
    hands = [(30.0, lambda gym: gym.sign_in_guest("Gast\u200d", 40, Purpose.EASY, UNKNOWN))]
    people = [trainee(UNKNOWN, (5.0, 400.0), (500.0, 900.0))]
    seen = Seen()
    train(station, people, [*hands, (200.0, seen), (600.0, seen)], for_s=800.0)
    for board in seen:
        assert board.notices == ()
        (tile,) = board.tiles
        assert (tile.athlete, tile.guest, tile.estimate) == ("Gast\u200d", True, True)
        assert tile.ceiling_bpm is not None
    assert {one.start.athlete for one in station.store.sessions()} == {"Gast\u200d"}
    assert len(station.store.sessions()) == 2
    train(station, [], for_s=3.0, began=BEGAN + timedelta(days=1))
    assert station.store.sessions() == []
    assert all_guests(station.store) == ()
    data = b"".join(path.read_bytes() for path in station.places.data.rglob("*") if path.is_file())
    assert b"Gast" not in data


@pytest.mark.parametrize("name", ["anna", "", "a\u202eb", "x" * 300, "\x1b[2J"])
def test_a_guest_whose_name_cannot_be_is_refused(station: Station, name: str) -> None:
    def refused(gym: Gym) -> None:
        with pytest.raises(BeatwiseError) as caught:
            gym.sign_in_guest(name, 40, Purpose.EASY, UNKNOWN)
        assert "\n" not in str(caught.value)
        assert len(str(caught.value)) < 200
        assert not gym.board().tiles

    train(station, [], [(1.0, refused)], for_s=3.0)


# -- names from the air and from people


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("[bold]Polar[/bold]", "[bold]Polar[/bold]"),  # markup is text, whoever draws it
        ("\x1b]0;own\x07\x1b[2JH10", "]0;own [2JH10"),
        ("\u202e01H raloP", "01H raloP"),
        ("x" * 300, "x" * 31 + "…"),
        ("a\nb\u2028c", "a b c"),
        ("", UNKNOWN),
    ],
)
def test_a_name_from_the_air_is_made_fit_for_a_screen_and_for_a_file(
    station: Station, name: str, shown: str
) -> None:
    seen = Seen()
    hands = [
        (20.0, seen),
        (20.5, lambda gym: gym.claim(UNKNOWN, "Chris", Purpose.EASY)),
        (60.0, seen),
    ]
    happened = train(station, [trainee(UNKNOWN, (5.0, 300.0), strap_name=name)], hands, for_s=90.0)
    asked, trained = seen
    assert asked.whose is not None
    assert asked.whose.name == shown
    assert [one.name for one in happened if isinstance(one, Asked)] == [shown]
    assert trained.tiles[0].athlete == "Chris"
    assert trained.notices == ()
    kept = roster.load(station.places.data, "Chris")
    assert kept.strap == Strap(UNKNOWN, shown if name else None)


@pytest.mark.parametrize("name", ["[red]Anna[/]", "אנה", "ا" * 64, "a\u0301" * 32, "A & B <x>"])
def test_an_athletes_name_is_carried_as_it_is(tmp_path: Path, name: str) -> None:
    seen = Seen()
    strap = Strap("F0:00:00:00:00:0A")
    with station_of(tmp_path / "data", Athlete(name, max_bpm=180.0, strap=strap)) as station:
        people = [trainee(strap.address or "", (5.0, 300.0))]
        train(station, people, [(60.0, seen)], for_s=90.0)
        assert [one.start.athlete for one in station.store.sessions()] == [name]
    assert [tile.athlete for tile in seen[0].tiles] == [name]


def test_a_name_that_nobody_has_is_told_in_one_line(station: Station) -> None:
    def refused(gym: Gym) -> None:
        for name in ("\x1b[2J", "x" * 300, "", "\u202eanna"):
            for act in (gym.sign_out, gym.not_you, gym.usual_purpose, gym.take_back):
                with pytest.raises(BeatwiseError) as caught:
                    act(name)
                assert len(str(caught.value)) < 120

    train(station, [], [(1.0, refused)], for_s=3.0)
