"""This morning's verdict in a session: AMBER caps at easy, RED proposes rest and caps lower."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from test_device_readiness_today import NOW, TODAY, one, past

from device.athlete import Athlete
from device.config import Config
from device.folder import Places
from device.intent import Purpose
from device.morning_history import keep, keep_all
from device.morning_record import Answers
from device.sources import parse
from device.station import Station
from device.store import Store
from device.this_morning import Cap, cap_of
from hrv.decision import Symptoms

ANNA = Athlete("Anna", resting_bpm=50.0, max_bpm=190.0, lthr_bpm=170.0)
EASY_BPM = 0.89 * 170.0


@pytest.fixture
def station(tmp_path: Path) -> Iterator[Station]:
    with Store.open(tmp_path / "beatwise.db", now=NOW) as store:
        keep_all(store, past())
        yield Station(Places(tmp_path), Config(), store)


def cap(station: Station, day: date = TODAY) -> Cap | None:
    return cap_of(station.store, ANNA, day)


def test_a_good_morning_or_none_caps_nothing(station: Station) -> None:
    assert cap(station) is None
    keep(station.store, one(rmssd_ms=59.0))
    assert cap(station) is None
    assert cap(station, TODAY + timedelta(days=1)) is None


def test_amber_caps_at_the_easy_ceiling_and_says_why(station: Station) -> None:
    keep(station.store, one(rmssd_ms=46.0))
    told = cap(station)
    assert told is not None
    assert told.verdict == "AMBER"
    assert told.band is not None
    assert told.band.ceiling_bpm == pytest.approx(EASY_BPM)
    assert str(told).startswith("AMBER this morning: below VT1, at most 60 minutes, no intervals. ")


def test_red_proposes_rest_and_caps_at_recovery(station: Station) -> None:
    keep(station.store, one(rmssd_ms=59.0, answers=Answers(symptoms=Symptoms.SYSTEMIC)))
    told = cap(station)
    assert told is not None
    assert (told.verdict, told.advice) == ("RED", "rest or a gentle walk")
    assert told.band is not None
    assert told.band.ceiling_bpm == pytest.approx(EASY_BPM - 10)


def test_who_chose_to_go_harder_in_the_morning_is_not_asked_again(station: Station) -> None:
    keep(station.store, one(rmssd_ms=46.0, choice="harder"))
    told = cap(station)
    assert told is not None
    assert told.overridden
    intended = station.intend(Purpose.TEMPO, ANNA, parse("sim"), now=NOW)
    assert intended.overridden
    assert intended.band is not None
    assert intended.band.ceiling_bpm == 170.0


@pytest.mark.parametrize(
    ("said", "ceiling_bpm", "overridden"),
    [
        ({}, EASY_BPM, False),
        ({"override": True}, 170.0, True),
        ({"ceiling_bpm": 165.0}, 165.0, True),
    ],
)
def test_the_athlete_outranks_the_strap(
    station: Station, said: dict[str, object], ceiling_bpm: float, overridden: bool
) -> None:
    keep(station.store, one(rmssd_ms=46.0))
    intended = station.intend(Purpose.TEMPO, ANNA, parse("sim"), now=NOW, **said)  # type: ignore[arg-type]
    assert intended.band is not None
    assert intended.band.ceiling_bpm == pytest.approx(ceiling_bpm)
    assert intended.overridden is overridden


def test_the_work_of_intervals_is_capped_too(station: Station) -> None:
    keep(station.store, one(rmssd_ms=46.0))
    intended = station.intend(Purpose.INTERVALS, ANNA, parse("sim"), now=NOW)
    assert intended.steps is not None
    bounds = {
        (step.band.floor_bpm, step.band.ceiling_bpm)
        for step in intended.steps.steps
        if step.band is not None
    }
    assert bounds == {(None, EASY_BPM)}
