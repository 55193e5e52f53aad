"""Pictures of every screen in its states, looked at by eye whenever one changes."""

import pytest
import ui_scenes as scenes

from device.intent import Band
from ui.overview import Overview
from ui.terminal import ASCII, BLOCKS, BRAILLE

CONSOLE = {"glyphs": BLOCKS, "sixteen_colours": True}
LARGE = {"glyphs": BRAILLE, "sixteen_colours": False}
ESTIMATE = Band(None, 137.6, "0.75 of an estimated HRmax, ±10", estimate=True)
EMPTY = Overview("Anna", scenes.STRAP, (scenes.plan(band=None),))
GUESSED = Overview("Anna", scenes.STRAP, (scenes.plan(band=ESTIMATE),))


@pytest.mark.parametrize("state", scenes.STATES)
def test_a_console_of_80_by_24_in_16_colours(snap_compare, state):
    plan = scenes.plan(source=scenes.SIMULATED if state == "inside" else scenes.STRAP)
    app = scenes.app(scenes.STATES[state], on=plan, **CONSOLE)
    assert snap_compare(app, terminal_size=(80, 24), run_before=scenes.settle)


@pytest.mark.parametrize("state", ["inside", "over", "stale"])
def test_a_large_terminal_in_true_colour(snap_compare, state):
    app = scenes.app(scenes.STATES[state], **LARGE)
    assert snap_compare(app, terminal_size=(160, 50), run_before=scenes.settle)


def test_a_terminal_that_has_only_ascii(snap_compare):
    app = scenes.app(scenes.live(), glyphs=ASCII, sixteen_colours=True)
    assert snap_compare(app, terminal_size=(80, 24), run_before=scenes.settle)


def test_a_session_that_ended_by_itself(snap_compare):
    app = scenes.app(scenes.live(), then_end=True, **CONSOLE)
    assert snap_compare(app, terminal_size=(80, 24), run_before=scenes.settle)


@pytest.mark.parametrize("size", [(80, 24), (110, 34)], ids=["console", "large"])
@pytest.mark.parametrize("scene", scenes.SCENES)
def test_a_scene_of_a_live_run(snap_compare, scene, size):
    app, keys = scenes.SCENES[scene](**(CONSOLE if size == (80, 24) else LARGE))

    async def settle(pilot):
        await scenes.settle(pilot)
        for key in keys:
            await pilot.press(key)
            await scenes.settle(pilot)

    assert snap_compare(app, terminal_size=size, run_before=settle)


def test_steady_has_a_floor_and_no_zones_are_known(snap_compare):
    band = Band(142.0, 151.0, "halfway to LTHR", estimate=False)
    plan = scenes.Plan("Anna", "steady", scenes.STRAP, band)
    app = scenes.app(scenes.UNDER, on=plan, **CONSOLE)
    assert snap_compare(app, terminal_size=(80, 24), run_before=scenes.settle)


@pytest.mark.parametrize(
    "home", [scenes.overview(), EMPTY, GUESSED], ids=["full", "empty", "guess"]
)
def test_home_on_a_console(snap_compare, home):
    app = scenes.app(home=home, **CONSOLE)
    assert snap_compare(app, terminal_size=(80, 24), run_before=scenes.settle)


def test_home_on_a_large_terminal(snap_compare):
    assert snap_compare(scenes.app(**LARGE), terminal_size=(160, 50), run_before=scenes.settle)
