"""What a room may see of a reading."""

from dataclasses import fields, replace

import pytest

from device.intent import Band
from device.reading import Reading
from device.tile import Board, Tile, Welcome, WhoseStrap
from device.tiles import tile_of

BAND = Band(120.0, 140.0, "a test", estimate=True)
LIVE = Reading(
    100.0,
    hr_bpm=130.0,
    last_hr_bpm=130.0,
    rmssd_ms=12.0,
    dfa_alpha1=0.8,
    freshness="fresh",
    silent_s=0.5,
    link="connected",
    inside="inside",
    beats_off=0.0,
    time_inside_s=40.0,
    running_s=90.0,
)


def test_a_live_reading_is_shown() -> None:
    assert tile_of("Anna", "steady", LIVE, BAND, guest=True) == Tile(
        athlete="Anna",
        purpose="steady",
        state="inside",
        freshness="fresh",
        hr_bpm=130.0,
        last_hr_bpm=130.0,
        silent_s=0.5,
        floor_bpm=120.0,
        ceiling_bpm=140.0,
        estimate=True,
        beats_off=0.0,
        time_inside_s=40.0,
        running_s=90.0,
        guest=True,
    )


@pytest.mark.parametrize(
    ("late_s", "freshness", "live"),
    [
        (2.5, "fresh", True),
        (2.6, "ageing", True),
        (4.4, "ageing", True),
        (4.5, "ageing", False),
        (9.5, "ageing", False),
        (9.6, "stale", False),
        (3600.0, "stale", False),
    ],
)
def test_a_reading_that_nothing_renews_grows_old(late_s: float, freshness: str, live: bool) -> None:
    tile = tile_of("Anna", "easy", LIVE, BAND, late_s=late_s)
    assert tile.freshness == freshness
    assert (tile.hr_bpm is not None, tile.state == "inside") == (live, live)
    assert tile.last_hr_bpm == 130.0
    assert tile.beats_off == (0.0 if live else None)


@pytest.mark.parametrize(
    ("changed", "state"),
    [
        ({"inside": "over", "beats_off": 4.0}, "over"),
        ({"inside": "under", "beats_off": -4.0}, "under"),
        ({"inside": None}, "unknown"),
        ({"hr_bpm": None, "inside": None}, "unknown"),
        ({"paused": True}, "paused"),
        ({"paused": True, "strap_off": True, "hr_bpm": None, "inside": None}, "no strap"),
        ({"silent_s": None, "hr_bpm": None, "inside": None}, "no strap"),
    ],
)
def test_every_state_has_its_word(changed: dict[str, object], state: str) -> None:
    assert tile_of("Anna", "easy", replace(LIVE, **changed), BAND).state == state  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("inside", "state"), [("under", "warming up"), ("inside", "inside"), ("over", "over")]
)
def test_nobody_is_under_in_a_warm_up(inside: str, state: str) -> None:
    reading = replace(LIVE, inside=inside)  # type: ignore[arg-type]
    assert tile_of("Anna", "tempo", reading, BAND, warming_up=True).state == state
    assert tile_of("Anna", "tempo", reading, BAND).state == inside


def test_before_anything_was_measured_there_is_no_strap() -> None:
    tile = tile_of("Anna", "easy", None, None)
    assert (tile.state, tile.freshness, tile.hr_bpm, tile.silent_s) == (
        "no strap",
        "none",
        None,
        None,
    )


def test_nothing_private_has_a_place_on_the_board() -> None:
    names = {field.name for kind in (Tile, Board, Welcome, WhoseStrap) for field in fields(kind)}
    private = ("rmssd", "hrv", "sdnn", "alpha", "readiness", "verdict", "reason", "artefact", "cap")
    assert not [name for name in names for word in private if word in name]
