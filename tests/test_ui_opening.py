"""Before the first session: what is drawn first, what is loaded behind it, and what is asked."""

import argparse
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import ui_scenes as scenes
from textual.pilot import Pilot

from device import roster
from device.athlete import Athlete
from device.errors import StoreError
from device.history import SessionStart
from device.station import Station, open_station
from sensors.events import HeartRateMeasurement
from ui.app import BeatwiseApp
from ui.asked_for import AskedFor
from ui.going_on import GoingOn
from ui.late import Late
from ui.live import LiveScreen
from ui.overview import CutOff, Plan, Settled
from ui.terminal import BLOCKS
from ui.wiring import local_now

CUT_OFF = replace(scenes.plan("tempo"), cut_off=CutOff(4, "tempo", 754.0))


def opening(
    settled: Settled,
    begun: list[Plan] | None = None,
    prepare: Callable[[], object] | None = None,
) -> BeatwiseApp:
    def begin(plan: Plan) -> scenes.Scripted:
        if begun is not None:
            begun.append(plan)
        return scenes.shows(scenes.live())(plan)

    return BeatwiseApp(
        scenes.load,
        begin,
        prepare=prepare,
        settle=lambda: settled,
        glyphs=BLOCKS,
        sixteen_colours=True,
    )


async def shown(pilot: Pilot[None], screen: type) -> None:
    """What is prepared in a thread comes when it comes."""
    while not isinstance(pilot.app.screen, screen):
        await pilot.pause()
    await scenes.settle(pilot)


async def test_a_title_is_drawn_before_anything_is_loaded():
    drawn = []
    app = opening(Settled(scenes.plan()), prepare=lambda: drawn.append(scenes.lines_of(app)))
    async with app.run_test(size=(80, 24)) as pilot:
        await shown(pilot, LiveScreen)
        assert "inside your easy range" in "\n".join(scenes.lines_of(app))
    ((title, *rest),) = drawn
    assert title.strip() == "Beatwise"
    assert not any(line.strip() for line in rest)


async def test_what_cannot_be_prepared_ends_it_and_is_said_afterwards():
    def prepare() -> None:
        raise StoreError("another Beatwise is using it")

    app = opening(Settled(scenes.plan()), prepare=prepare)
    async with app.run_test(size=(80, 24)) as pilot:
        while app.mistake is None:
            await pilot.pause()
    assert str(app.mistake) == "another Beatwise is using it"


@pytest.mark.parametrize(
    ("key", "begun"), [("c", [CUT_OFF]), ("n", [scenes.plan()]), ("q", []), ("escape", [])]
)
async def test_what_was_cut_off_is_offered_and_either_is_one_key(key, begun):
    found: list[Plan] = []
    app = opening(Settled(scenes.plan(), CUT_OFF), found)
    async with app.run_test(size=(80, 24)) as pilot:
        await shown(pilot, GoingOn)
        text = "\n".join(scenes.lines_of(app))
        assert "Go on with the tempo session of 13 min?" in text
        assert found == []
        await pilot.press(key)
        await scenes.settle(pilot)
        assert found == begun
        assert isinstance(app.screen, LiveScreen) == bool(begun)
        assert app.is_running == bool(begun)


OPTIONS = argparse.Namespace(
    source="sim:3", athlete="Anna", purpose="easy", ceiling=None, unit=None, steps=None,
    override=False, why="", resume=False, wait=False, for_s=None,
)  # fmt: skip


def cut_off(station: Station, *, source: str = "sim:3", beats: int = 60) -> None:
    """A session that nobody ended."""
    start = SessionStart(
        athlete="Anna",
        purpose="tempo",
        source=source,
        started=local_now() - timedelta(minutes=10),
        beatwise_version="0",
        method_version="1",
    )
    writer = station.store.begin(start)
    for second in range(beats):
        writer.append(HeartRateMeasurement(60, (1024,), t_s=float(second)))
    station.store.commit()


@pytest.fixture
def anna(tmp_path: Path) -> Path:
    roster.save(tmp_path, Athlete("Anna", birth_year=1985, resting_bpm=52.0, max_bpm=188.0))
    return tmp_path


@pytest.mark.parametrize(
    ("was", "options", "offered"),
    [
        ({}, {}, True),
        ({}, {"resume": True}, False),  # it was said, and is not asked
        ({"beats": 5}, {}, False),
        ({"source": "ble"}, {}, False),  # a strap cannot go on with a simulation
        (None, {}, False),
    ],
)
def test_only_what_can_be_gone_on_with_is_offered(anna, was, options, offered):
    if was is not None:
        with open_station(anna, now=local_now()) as station:
            cut_off(station, **was)
    with open_station(anna, now=local_now()) as station:
        told = AskedFor(station, argparse.Namespace(**{**vars(OPTIONS), **options})).settle()
    assert (told.cut_off is not None) == offered
    if told.cut_off is not None and told.cut_off.cut_off is not None:
        assert told.plan.purpose == "easy"
        assert (told.cut_off.purpose, told.cut_off.cut_off.lasted_s) == ("tempo", 59.0)


@pytest.mark.parametrize("go_on", [True, False])
async def test_what_was_chosen_is_what_is_measured(anna, go_on):
    options = argparse.Namespace(**{**vars(OPTIONS), "source": "sim:3@max", "for_s": 90.0})
    with open_station(anna, now=local_now()) as station:
        cut_off(station, source=options.source)
    with open_station(anna, now=local_now()) as station:
        asked = AskedFor(station, options)
        settled = asked.settle()
        assert settled.cut_off is not None
        await asked.begin(settled.cut_off if go_on else settled.plan).measure(lambda _: None)
        sessions = {one.id: one for one in station.store.sessions()}
    assert len(sessions) == (1 if go_on else 2)
    assert sessions[1].outcome == ("finished" if go_on else None)


def test_settings_that_cannot_be_read_are_said_before_anything_is_drawn(tmp_path):
    (tmp_path / "config.toml").write_text("[cues]\nvolume_pct = 800\n")
    with pytest.raises(Exception, match="volume_pct"):
        Late(argparse.Namespace(data=tmp_path))
