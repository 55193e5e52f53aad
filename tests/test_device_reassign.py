"""A session or a morning test that was somebody else's, put right when it is over."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from gym_scenes import ANNA, BEGAN, BEN, station_of, totals, train, trainee

from device.alerts import AlertKind
from device.errors import StoreError
from device.history import SessionStart
from device.mark import Mark
from device.morning_history import keep, mornings
from device.morning_record import StoredMorning
from device.past_session import look
from device.ratings import rate, ratings
from device.readiness_today import readiness
from device.reassign import reassign
from device.station import Station
from hrv.decision import Verdict
from ui.__main__ import main

SLOW = replace(BEN, max_bpm=150.0)
"""Whose easy ceiling is far below Anna's."""
DAY = date(2026, 11, 21)


@pytest.fixture
def station(tmp_path: Path) -> Iterator[Station]:
    with station_of(tmp_path / "data", ANNA, SLOW) as opened:
        yield opened


def trained(station: Station, for_s: float = 1800.0, *, cut: bool = False) -> int:
    """A session of half an hour in Anna's easy range, too fast for Ben."""
    assert ANNA.strap is not None
    assert ANNA.strap.address is not None
    people = [trainee(ANNA.strap.address, (5.0, 1700.0), purpose="easy")]

    def note(gym: object) -> None:
        visit = gym._floor.find("Anna")  # type: ignore[attr-defined]
        visit.measurement.note("new shoes")
        visit.measurement.lap()

    train(station, people, [(300.0, note)], for_s=for_s, cut=cut)
    return station.store.sessions()[0].id


def test_a_session_is_judged_anew_by_the_band_of_whose_it_was(station: Station) -> None:
    session = trained(station)
    rate(station.store, session, 4.0)
    before = station.store.session(session)
    after = reassign(station, session, SLOW)
    assert (after.start.athlete, after.start.purpose) == ("Ben", "easy")
    assert after.start.ceiling_bpm == 123.0
    assert before.start.ceiling_bpm == 148.0
    assert (after.outcome, after.ended_s) == (before.outcome, before.ended_s)
    assert before.summary is not None
    assert after.summary is not None
    assert after.summary["time_inside_s"] < before.summary["time_inside_s"] / 2
    unchanged = before.summary | {"time_inside_s": after.summary["time_inside_s"]}
    assert totals(after.summary) == pytest.approx(totals(unchanged))
    marks = station.store.marks(session)
    assert ("note", "new shoes") in [(mark.kind, mark.text) for mark in marks]
    assert "lap" in [mark.kind for mark in marks]
    assert {"over", "walk"} <= {mark.kind for mark in marks}
    assert sum(mark.kind == "target" for mark in marks) == 1
    told = look(station.store, station.places.data, session)
    assert (told.rpe_cr10, ratings(station.store, [session])[session].cr10) == (4.0, 4.0)


def test_there_and_back_is_where_it_was(station: Station) -> None:
    session = trained(station)
    before, marks = station.store.session(session), station.store.marks(session)
    reassign(station, session, SLOW)
    assert reassign(station, session, ANNA).start == before.start
    assert totals(station.store.session(session).summary) == pytest.approx(totals(before.summary))
    again = station.store.marks(session)
    assert [(mark.kind, mark.text) for mark in again] == [(mark.kind, mark.text) for mark in marks]


def test_a_session_that_was_cut_off_can_be_put_right_too(tmp_path: Path) -> None:
    with station_of(tmp_path / "data", ANNA, SLOW) as station:
        session = trained(station, 900.0, cut=True)
    with station_of(tmp_path / "data") as station:
        after = reassign(station, session, SLOW)
        assert (after.start.athlete, after.outcome, after.summary) == ("Ben", None, None)


def test_a_morning_test_goes_with_its_beats_and_its_history_follows(station: Station) -> None:
    def morning(name: str, days_ago: int, rmssd_ms: float, session: int | None = None) -> None:
        keep(
            station.store,
            StoredMorning(
                athlete=name,
                day=DAY - timedelta(days=days_ago),
                protocol="standard seated",
                protocol_name="standard",
                method_version="1",
                outcome="accepted",
                rmssd_ms=rmssd_ms,
                hr_bpm=60.0,
                session_id=session,
                choice="harder" if session else None,
                rule="7" if session else None,
                verdict=Verdict.RED if session else None,
            ),
        )

    for days_ago in range(1, 31):
        morning("Anna", days_ago, 40.0 + days_ago % 3)
        morning("Ben", days_ago, 80.0 + days_ago % 3)
    writer = station.store.begin(
        SessionStart(
            athlete="Anna",
            purpose="morning",
            source="ble",
            started=BEGAN,
            beatwise_version="1",
            method_version="1",
        )
    )
    writer.mark(Mark(1.0, "note", "coughed"))
    station.store.commit()
    session = writer.session_id or 0
    morning("Anna", 0, 81.0, session)
    with pytest.raises(StoreError, match="being measured"):
        reassign(station, session, SLOW)
    writer.finish("finished", ended_s=180.0)
    station.store.commit()
    assert readiness(station.store, "Ben", DAY).test is None
    reassign(station, session, SLOW)
    assert mornings(station.store, "Anna", since=DAY) == []
    (moved,) = mornings(station.store, "Ben", since=DAY)
    assert (moved.rmssd_ms, moved.session_id) == (81.0, session)
    assert (moved.rule, moved.verdict, moved.choice) == (None, None, None)
    told = readiness(station.store, "Ben", DAY)
    assert told.test is not None
    assert told.decision.verdict is Verdict.GREEN
    assert [mark.text for mark in station.store.marks(session)] == ["coughed"]


def test_a_session_that_is_not_there_is_told(station: Station) -> None:
    with pytest.raises(StoreError, match="there is no session 12"):
        reassign(station, 12, ANNA)


def test_a_disk_that_refuses_changes_nothing(station: Station) -> None:
    session = trained(station)
    before, marks = station.store.session(session), station.store.marks(session)

    def full(_: object) -> None:
        raise StoreError("the disk is full")

    writes, station.store.write = station.store.write, full  # type: ignore[method-assign,assignment]
    with pytest.raises(StoreError, match="the disk is full"):
        reassign(station, session, SLOW)
    station.store.write = writes  # type: ignore[method-assign]
    assert (station.store.session(session), station.store.marks(session)) == (before, marks)


def test_the_command_says_what_it_did(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = tmp_path / "data"
    with station_of(data, ANNA, SLOW) as station:
        session = trained(station)
    told = ["--data", str(data), "reassign", str(session), "--athlete", "ben"]
    assert main(told) == 0
    assert (
        capsys.readouterr().out == f"session {session} (easy, Sat 21 Nov  18:00): Ben, not Anna\n"
    )
    assert main([*told[:-1], "Bne"]) == 2
    assert "did you mean 'Ben'" in capsys.readouterr().err
    assert main(told[:-2]) == 2
    assert "whose is it? Say --athlete" in capsys.readouterr().err


def test_every_alert_is_judged_anew() -> None:
    from device import judged_anew

    assert set(AlertKind.__args__) < set(judged_anew._JUDGED)
