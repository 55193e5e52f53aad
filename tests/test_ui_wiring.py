"""What the home screen is told of each purpose on a day with a verdict."""

import argparse
from dataclasses import replace
from pathlib import Path

import pytest

from device import roster, sources, station
from device.athlete import Athlete, Strap
from device.intent import Band, Purpose, band_for
from device.this_morning import Cap
from ui import wiring
from ui.overview import SourceCard

ANNA = Athlete("Anna", birth_year=1988, resting_bpm=52.0, max_bpm=187.0)
CARD = SourceCard("simulated", "simulated athlete 7")


def cap(verdict, *, overridden: bool = False) -> Cap:
    purpose = Purpose.EASY if verdict == "AMBER" else Purpose.RECOVERY
    band = band_for(purpose, ANNA, year=2025)
    return Cap(verdict, "RMSSD is low.", "take it easy", band, overridden)


def plan(purpose: Purpose, told: Cap | None) -> wiring.Plan:
    return wiring._plan(purpose, athlete=ANNA, cap=told, year=2025, card=CARD)


@pytest.mark.parametrize(
    ("purpose", "verdict", "binds"),
    [
        (Purpose.EASY, "AMBER", False),
        (Purpose.TEMPO, "AMBER", True),
        (Purpose.INTERVALS, "AMBER", True),
        (Purpose.RAMP, "AMBER", False),
        (Purpose.RECOVERY, "RED", False),
        (Purpose.EASY, "RED", True),
    ],
)
def test_a_verdict_binds_only_what_it_changes(purpose, verdict, binds):
    told = plan(purpose, cap(verdict))
    assert told.morning is not None
    assert told.morning.binds == binds
    assert told.morning.rest == (verdict == "RED")
    assert told.morning.uncapped == band_for(purpose, ANNA, year=2025)


def test_a_choice_of_the_morning_is_not_asked_again():
    told = plan(Purpose.TEMPO, cap("AMBER", overridden=True))
    assert told.overridden
    assert told.morning is not None
    assert not told.morning.binds
    assert told.band == band_for(Purpose.TEMPO, ANNA, year=2025)


def test_without_a_verdict_nothing_is_said_of_the_morning():
    assert plan(Purpose.TEMPO, None).morning is None


@pytest.mark.parametrize(
    ("source", "own", "called"),
    [
        ("ble", None, "the nearest strap"),
        ("ble", Strap(), "the nearest strap"),
        ("ble", Strap("F0:F1:F2:F3:F4:F5"), "your strap"),
        ("ble", Strap("F0:F1:F2:F3:F4:F5", "Polar H10 1234ABCD"), "Polar H10 1234ABCD"),
        ("ble", Strap(None, "Polar H10 1234ABCD"), "the nearest strap"),  # an address finds it
        ("ble:F0:00:00:00:00:01", Strap(None, "Polar H10"), "F0:00:00:00:00:01"),
        ("sim:7", Strap(None, "Polar H10"), "simulated athlete 7"),
    ],
)
def test_a_strap_is_called_what_it_is_to_its_athlete(source, own, called):
    athlete = replace(ANNA, strap=own)
    assert wiring.source_card(sources.parse(source), None, athlete).name == called


async def test_an_accepted_threshold_is_in_the_athletes_file_and_in_the_ceiling(tmp_path: Path):
    roster.save(tmp_path, ANNA)
    options = argparse.Namespace(source="sim:7@max", athlete="Anna", unit=None)
    with station.open_station(tmp_path, now=wiring.local_now()) as one:
        home = wiring.Wiring.of(one, options)
        before = await home.load()
        run = home.begin(next(told for told in before.plans if told.purpose == "ramp"))
        await run.accept(139.5)
        after = await home.load()
    easy = next(told.band for told in after.plans if told.purpose == "easy")
    assert easy == Band(None, 139.5, "your accepted HRVT1 (DFA α1 ramp)", estimate=False)
    assert roster.load(tmp_path, "Anna").hrvt1_bpm == 139.5
