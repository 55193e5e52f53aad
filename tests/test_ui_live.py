"""Steering a live session: before it, while it runs, and after it has ended by itself."""

import asyncio
from dataclasses import replace

import pytest
import ui_scenes as scenes

from device.errors import StoreError
from device.intent import Band
from device.reading import Reading
from device.steps import parse_steps
from ui import live_keys
from ui.app import BeatwiseApp
from ui.before import BeforeScreen
from ui.home import HomeScreen
from ui.live import LiveScreen
from ui.live_keys import Situation
from ui.overview import CutOff, Overview, Plan, Show, ThisMorning
from ui.terminal import BLOCKS

HARD = Band(160.0, None, "above LTHR", estimate=False)
AMBER = ThisMorning("AMBER", "RMSSD is below your range", uncapped=HARD, binds=True)


class Sessions:
    """Sessions that show what they are told to, and remember what they were asked."""

    def __init__(self, *readings: Reading, then_end: bool = False) -> None:
        self.readings = readings
        self.then_end = then_end
        self.runs: list[scenes.Scripted] = []

    def __call__(self, plan: Plan) -> scenes.Scripted:
        async def script(_: Plan, show: Show) -> None:
            for reading in self.readings:
                show(reading)
            if not self.then_end:
                await asyncio.Event().wait()

        self.runs.append(scenes.Scripted(script, plan))
        return self.runs[-1]

    @property
    def asked(self) -> list[str]:
        return [what for run in self.runs for what in run.asked]


def app(sessions: Sessions, on: Plan | None = None, home: Overview | None = None) -> BeatwiseApp:
    async def load() -> Overview:
        return home or scenes.overview()

    live = None if home else on or scenes.plan()
    return BeatwiseApp(load, sessions, live=live, glyphs=BLOCKS, sixteen_colours=True)


async def pressed(one: BeatwiseApp, *keys: str, size: tuple[int, int] = (80, 24)) -> str:
    async with one.run_test(size=size) as pilot:
        await scenes.settle(pilot)
        for key in keys:
            await pilot.press(key)
            await scenes.settle(pilot)
        return "\n".join(scenes.lines_of(one))


SITUATIONS = {
    "running": Situation(),
    "paused": Situation(paused=True),
    "details": Situation(details=True),
    "beats": Situation(details=True, beats=True),
    "details with room": Situation(details=True, roomy=True),
    "noting": Situation(noting=True),
    "ramp": Situation(ramp=True),
    "question": Situation(question=True),
    "ended": Situation(ended=True),
    "ended with a question": Situation(ended=True, question=True),
}


@pytest.mark.parametrize("situation", SITUATIONS.values(), ids=SITUATIONS)
def test_the_last_line_fits_a_console_and_every_key_on_it_is_obeyed(situation):
    keys = live_keys.keys_of(situation)
    assert sum(len(key) + len(what) + 3 for key, what in keys) + 3 * (len(keys) - 1) + 2 <= 80
    told = {key for key, _ in keys} - {"enter"}
    obeyed = {
        key for action, key in live_keys.ACTIONS.items() if live_keys.obeyed(action, situation)
    }
    assert obeyed == told


async def test_space_pauses_and_goes_on_again():
    sessions = Sessions(scenes.live())
    await pressed(app(sessions), "space")
    assert sessions.asked == ["pause"]
    paused = Sessions(scenes.PAUSED)
    text = await pressed(app(paused), "space")
    assert paused.asked == ["resume"]
    assert "go on" in text.split("\n")[-1]


async def test_a_lap_is_kept_and_said():
    sessions = Sessions(scenes.live())
    text = await pressed(app(sessions), "l", "l")
    assert sessions.asked == ["lap", "lap"]
    assert "lap 2 at 12:34" in text


async def test_a_note_is_typed_without_its_letters_being_keys():
    sessions = Sessions(scenes.live())
    text = await pressed(app(sessions), "n", *"quld", "space", "x", "enter")
    assert sessions.asked == ["note quld x"]
    assert "noted" in text


@pytest.mark.parametrize("keys", [("n", "a", "escape"), ("n", "enter"), ("n", "space", "enter")])
async def test_no_note_is_kept_where_none_was_made(keys):
    sessions = Sessions(scenes.live())
    text = await pressed(app(sessions), *keys)
    assert not sessions.asked
    assert "pause" in text.split("\n")[-1]


async def test_the_rest_is_a_key_away_and_so_is_the_glance():
    glance = await pressed(app(Sessions(scenes.live())))
    details = await pressed(app(Sessions(scenes.live())), "d")
    beats = await pressed(app(Sessions(scenes.live())), "d", "d")
    again = await pressed(app(Sessions(scenes.live())), "d", "d", "d")
    for fact in ("RMSSD", "alpha 1", "nearing VT1", "battery", "link", "drift", "last 10 min"):
        assert fact not in glance
        assert fact in details
    assert "ms between beats" not in details
    assert "ms between beats" in beats
    assert "last 10 min" not in beats
    assert again == glance


async def test_where_there_is_room_the_details_show_ten_minutes_and_the_beats():
    details = await pressed(app(Sessions(scenes.live())), "d", size=(160, 50))
    again = await pressed(app(Sessions(scenes.live())), "d", "d", size=(160, 50))
    assert "last 10 min" in details
    assert "ms between beats" in details
    assert "RMSSD" not in again


async def test_a_session_that_ended_by_itself_offers_nothing_that_does_nothing():
    sessions = Sessions(scenes.live(), then_end=True)
    text = await pressed(app(sessions), "space", "l", "n", "x", "y")
    assert not sessions.asked
    assert text.split("\n")[-1].split() == ["d", "details", "q", "leave"]


async def test_intervals_show_the_step_its_target_and_what_is_next():
    steps = parse_steps("10:00,4x(4:00/3:00),5:00", easy=scenes.EASY, work=HARD)
    plan = replace(scenes.plan("intervals", band=HARD), steps=steps)
    reading = scenes.live(166.0, step=steps.at(1200.0), running_s=1200.0)
    text = await pressed(app(Sessions(reading), on=plan))
    for said in ("work 2/4: from 160 bpm", "then recovery, up to 142 bpm", "left of this step"):
        assert said in text


# -- before


def capped(purpose: str = "intervals") -> Overview:
    plan = replace(scenes.plan(purpose), morning=AMBER)
    return Overview("Anna", scenes.STRAP, (plan,))


async def test_before_the_start_the_ceiling_says_where_it_comes_from():
    guess = Band(None, 137.6, "75 % of Tanaka's HRmax for your age", estimate=True)
    home = Overview("Anna", scenes.STRAP, (scenes.plan(band=guess),))
    text = " ".join((await pressed(app(Sessions(), home=home), "e")).split())
    assert "up to 138 bpm" in text
    assert "an estimate, give or take 10 beats: 75 % of Tanaka's" in text


async def test_this_morning_caps_and_one_key_overrides_it():
    sessions = Sessions(scenes.live())
    text = await pressed(app(sessions, home=capped()), "i")
    assert "This morning AMBER: RMSSD is below your range" in text
    assert "override this morning" in text.split("\n")[-1]
    text = await pressed(app(sessions, home=capped()), "i", "o")
    assert "Overridden, on your word." in text
    await pressed(app(sessions, home=capped()), "i", "o", "space")
    assert [(run.plan.overridden, run.plan.band) for run in sessions.runs] == [(True, HARD)]


async def test_an_override_can_be_taken_back():
    sessions = Sessions(scenes.live())
    await pressed(app(sessions, home=capped()), "i", "o", "o", "space")
    assert [(run.plan.overridden, run.plan.band) for run in sessions.runs] == [(False, scenes.EASY)]


async def test_where_nothing_binds_there_is_no_key_to_override():
    sessions = Sessions(scenes.live())
    text = await pressed(app(sessions, home=scenes.overview()), "e", "o")
    assert "override" not in text
    await pressed(app(sessions, home=scenes.overview()), "e", "o", "space")
    assert not sessions.runs[0].plan.overridden


async def test_what_for_goes_with_the_session():
    sessions = Sessions(scenes.live())
    home = scenes.overview()
    await pressed(app(sessions, home=home), "e", "w", *"q w", "enter", "space")
    assert [run.plan.why for run in sessions.runs] == ["q w"]


async def test_one_can_go_back_before_anything_is_measured():
    sessions = Sessions(scenes.live())
    one = app(sessions, home=scenes.overview())
    async with one.run_test() as pilot:
        await scenes.settle(pilot)
        await pilot.press("e")
        await scenes.settle(pilot)
        assert isinstance(one.screen, BeforeScreen)
        await pilot.press("q")
        await scenes.settle(pilot)
        assert isinstance(one.screen, HomeScreen)
    assert not sessions.runs


async def test_home_offers_to_go_on_with_what_was_cut_off():
    again = replace(scenes.plan(), cut_off=CutOff(7, "easy", 725.0))
    sessions = Sessions(scenes.live())
    one = app(sessions, home=replace(scenes.overview(), cut_off=again))
    async with one.run_test() as pilot:
        await scenes.settle(pilot)
        assert "go on with easy of 12 min, cut off" in "\n".join(scenes.lines_of(one))
        await pilot.press("c", "c")
        await scenes.settle(pilot)
        assert isinstance(one.screen, LiveScreen)
    assert [run.plan.cut_off for run in sessions.runs] == [again.cut_off]


async def test_home_has_nothing_to_go_on_with_where_nothing_was_cut_off():
    sessions = Sessions(scenes.live())
    assert "cut off" not in await pressed(app(sessions, home=scenes.overview()), "c")
    assert not sessions.runs


# -- the ramp test


async def test_a_ramp_shows_its_stage_and_alpha_1_while_it_runs():
    text = await pressed(app(Sessions(*scenes.ramp_readings(50)), on=scenes.RAMP))
    for said in ("stage 3: 1.5 km/h over the warm-up", "alpha 1", "end the ramp", "go on until"):
        assert said in text


async def test_a_ramp_that_is_over_reads_off_the_thresholds_and_asks():
    sessions = Sessions(*scenes.ramp_readings())
    text = await pressed(app(sessions, on=scenes.RAMP), size=(110, 34))
    for said in ("HRVT1 147 bpm", "HRVT2 161 bpm", "R2 1.00", "Accept the lower one, 141"):
        assert said in text
    assert text.split("\n")[-1].split()[:4] == ["y", "accept", "n", "do"]
    assert [what.split(":")[0] for what in sessions.asked] == ["note ramp"]


@pytest.mark.parametrize("then_end", [False, True])
async def test_the_lower_threshold_is_kept_once_it_is_accepted(then_end):
    sessions = Sessions(*scenes.ramp_readings(), then_end=then_end)
    text = await pressed(app(sessions, on=scenes.RAMP), "y", "y")
    accepted = [what for what in sessions.asked if what.startswith("accept")]
    assert len(accepted) == 1
    assert "Kept: 141 bpm is your HRVT1" in " ".join(text.split())
    assert " y " not in text.split("\n")[-1]


async def test_a_threshold_that_is_not_accepted_changes_nothing():
    sessions = Sessions(*scenes.ramp_readings())
    text = await pressed(app(sessions, on=scenes.RAMP), "n")
    assert not [what for what in sessions.asked if what.startswith("accept")]
    assert "Not accepted: your ceiling" in " ".join(text.split())


async def test_a_threshold_that_cannot_be_kept_says_why():
    class Refusing(scenes.Scripted):
        async def accept(self, hrvt1_bpm: float) -> None:
            raise StoreError("the card is full")

    sessions = Sessions(*scenes.ramp_readings())

    def begin(plan: Plan) -> scenes.Scripted:
        return Refusing(sessions(plan).script, plan)

    one = BeatwiseApp(scenes.load, begin, live=scenes.RAMP, glyphs=BLOCKS, sixteen_colours=True)
    text = await pressed(one, "y", size=(110, 34))
    assert "It could not be kept: the card is full" in " ".join(text.split())


async def test_a_ramp_that_was_ended_too_early_is_refused_in_words():
    sessions = Sessions(*scenes.ramp_readings(60))
    text = await pressed(app(sessions, on=scenes.RAMP), "x", size=(110, 34))
    assert "No threshold from this ramp:" in text
    assert "24 are needed" in " ".join(text.split())
    assert not sessions.asked


async def test_without_a_file_nothing_is_asked():
    text = await pressed(
        app(Sessions(*scenes.ramp_readings()), on=replace(scenes.RAMP, on_file=False))
    )
    assert "accept" not in text.split("\n")[-1]
    assert "hrvt1_bpm" in text
