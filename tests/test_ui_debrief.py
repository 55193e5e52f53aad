"""A session that is over on the screen, in the terminal and for scripts."""

import asyncio
from dataclasses import replace

import pytest
import ui_debrief_scenes as scenes
import ui_scenes
from textual.pilot import Pilot

from device.debrief import Debrief
from device.errors import StoreError
from device.mark import Mark
from device.reading import Reading
from device.retrace import Blank
from hrv.alpha1_shift import Alpha1Shift
from ui import debrief_facts, hr_trace
from ui.app import BeatwiseApp
from ui.debrief import DebriefScreen
from ui.debrief_json import as_json
from ui.home import HomeScreen
from ui.overview import Overview, Show
from ui.past_runs import Debriefs
from ui.run_pictures import Blanks
from ui.sessions_command import page
from ui.terminal import ASCII, BLOCKS, BRAILLE, GLYPHS

SIZES = [(80, 24), (160, 50)]


@pytest.fixture(scope="module")
def told():
    return scenes.told()


async def pressed(app: scenes.DebriefApp, *keys: str, size: tuple[int, int] = (80, 24)) -> str:
    async with app.run_test(size=size) as pilot:
        await settle(pilot)
        for key in keys:
            await pilot.press(key)
            await settle(pilot)
        return "\n".join(ui_scenes.lines_of(app))


async def settle(pilot: Pilot[None]) -> None:
    for _ in range(4):
        await pilot.pause()


@pytest.mark.parametrize("glyphs", GLYPHS.values(), ids=GLYPHS)
@pytest.mark.parametrize("size", SIZES)
async def test_what_is_essential_is_there_without_a_key(told, size, glyphs) -> None:
    text = await pressed(scenes.DebriefApp(told, glyphs), size=size)
    for essential in (
        "Anna", "Thu 20 Nov", "mostly easy: 89 % under your ceiling", "147", "Z2",
        "drift", "assumes steady effort", "TRIMP", "recovery", "artefacts", "no data", "3 times",
    ):  # fmt: skip
        assert essential in text


async def test_after_the_session_it_is_asked_how_hard_it_was_and_once(told) -> None:
    app = scenes.DebriefApp(told, ask=True)
    text = await pressed(app, "4")
    assert app.rated == [(12, 4.0)]
    assert "How hard" not in text
    assert "4 of 10, rather hard" in text


async def test_the_highest_rating_has_a_key_of_its_own(told) -> None:
    app = scenes.DebriefApp(told, ask=True)
    await pressed(app, "m")
    assert app.rated == [(12, 10.0)]


async def test_no_answer_is_kept_too_so_that_it_is_not_asked_again(told) -> None:
    app = scenes.DebriefApp(told, ask=True)
    text = await pressed(app, "s")
    assert app.rated == [(12, None)]
    assert "not answered" in text
    asked = scenes.told(rpe_asked=True)
    assert "How hard" not in await pressed(scenes.DebriefApp(asked, ask=True))


async def test_a_number_means_nothing_where_nothing_is_asked(told) -> None:
    app = scenes.DebriefApp(told)
    await pressed(app, "4", "s")
    assert app.rated == []


async def test_it_can_be_said_anew(told) -> None:
    app = scenes.DebriefApp(scenes.told(rpe_asked=True, rpe_cr10=3.0))
    text = await pressed(app, "r")
    assert "► " in next(line for line in text.split("\n") if "moderate" in line)
    again = scenes.DebriefApp(scenes.told(rpe_asked=True, rpe_cr10=3.0))
    await pressed(again, "r", "7")
    assert again.rated == [(12, 7.0)]


async def test_a_disk_that_takes_no_answer_is_told_of(told) -> None:
    app = scenes.DebriefApp(told, ask=True, trouble=StoreError("the disk is full"))
    assert "the disk is full" in await pressed(app, "4")


async def test_every_stretch_without_data_is_a_key_away(told) -> None:
    text = await pressed(scenes.DebriefApp(told), "b")
    assert "strap lost: the strap went out of range" in text
    assert "linked, but no heartbeat came" in text
    assert "Time in zones" in await pressed(scenes.DebriefApp(told), "b", "b")


def test_too_many_stretches_for_the_room_leave_the_longest_in_order() -> None:
    blanks = tuple(Blank(100.0 * n, 100.0 * n + n, "silent", f"number {n}") for n in range(1, 9))
    rows = [text for text, _ in Blanks(BRAILLE, blanks).draw(60, 4)]
    assert rows[0] == "Without heart rate: the 3 longest of 8"
    assert [row.split()[-1] for row in rows[1:]] == ["6", "7", "8"]


# -- the trace


@pytest.mark.parametrize("glyphs", GLYPHS.values(), ids=GLYPHS)
@pytest.mark.parametrize(("bpm", "above"), [(148.0, True), (147.0, False), (120.0, False)])
def test_what_is_over_the_ceiling_lies_above_its_line_whatever_the_colours(glyphs, bpm, above):
    rows = [text for text, _ in hr_trace.draw([bpm] * 600, [147.0], 60, 9, glyphs)]
    line = next(y for y, row in enumerate(rows) if row.startswith("147 "))
    drawn = [y for y, row in enumerate(rows[:-1]) if y != line and row[4:].strip()]
    assert drawn
    assert all((y < line) == above for y in drawn)


def test_between_floor_and_ceiling_it_lies_between_their_lines() -> None:
    rows = [text for text, _ in hr_trace.draw([146.0] * 600, [142.0, 151.0], 60, 9, ASCII)]
    upper, lower = (next(y for y, row in enumerate(rows) if row.startswith(f"{bpm} "))
                    for bpm in (151, 142))  # fmt: skip
    (drawn,) = [y for y, row in enumerate(rows[:-1]) if "." in row]
    assert upper < drawn < lower


def test_columns_without_heart_rate_are_shaded_and_nothing_is_drawn_across() -> None:
    hr_bpm = [120.0] * 200 + [float("nan")] * 200 + [160.0] * 200
    rows = [text for text, _ in hr_trace.draw(hr_bpm, [], 64, 8, ASCII)][:-1]
    for row in rows:
        assert row[4:].count(ASCII.shade) == 20


@pytest.mark.parametrize(
    ("hr_bpm", "said"),
    [([], "no heart rate is known"), ([float("nan")] * 50, "no heart rate is known")],
)
def test_without_a_heart_rate_it_says_so(hr_bpm, said) -> None:
    assert hr_trace.draw(hr_bpm, [147.0], 60, 9, BLOCKS)[0][0] == said


@pytest.mark.parametrize("seconds", [1, 7, 59, 600, 36_000])
@pytest.mark.parametrize("width", [20, 80, 160])
def test_a_session_of_any_length_fills_the_width(seconds, width) -> None:
    rows = hr_trace.draw([130.0] * seconds, [147.0], width, 9, BLOCKS)
    assert [len(text) for text, _ in rows] == [width] * 9


# -- in the terminal and for scripts


def test_a_page_names_everything(told) -> None:
    text = "\n".join(page(told, ASCII))
    assert text.isascii()
    for part in ("mostly easy: 89 %", "25:0", "strap lost: the strap went out of range", "Z5"):
        assert part in text
    assert max(len(line) for line in text.split("\n")) <= 80


def test_laps_notes_and_pauses_are_told_with_their_time() -> None:
    marks = (
        Mark(0.0, "why", "first run after the cold"),
        Mark(60.0, "lap"),
        Mark(90.0, "note", "calf\x1b[31m"),
        Mark(100.0, "pause"),
        Mark(160.0, "resume"),
    )
    lines = page(scenes.told(scenes.events(300), marks=marks), BRAILLE)
    for part in ("what for: first run", "1:00 lap 1", "1:30 note: calf", "1:40 paused"):
        assert any(part in line for line in lines)
    assert not any("\x1b" in line for line in lines)


def test_alpha_1_that_moved_has_a_row_and_the_recovery_makes_room(told) -> None:
    fact = dict(debrief_facts.short_facts(told))
    assert "alpha 1" not in fact
    assert "," in fact["recovery"]
    moved = dict(debrief_facts.short_facts(replace(told, alpha1_shift=Alpha1Shift(135, 0.21, 4.0))))
    assert moved["alpha 1"] == "+0.21 in 10 runs: try a ramp"
    assert moved["recovery"] == fact["recovery"].partition(",")[0]


def test_json_says_why_a_number_is_missing(told) -> None:
    found = as_json(told)
    assert found["judged"] == "mostly easy"
    assert found["no_trimp"] is None
    assert len(found["blanks"]) == 3  # type: ignore[arg-type]
    short = as_json(scenes.told(scenes.events(300), athlete=scenes.Athlete("Anna")))
    assert short["drift_pct"] is None
    assert short["no_drift"]
    assert short["zones"] is None
    assert short["no_trimp"] == ("your profile lacks resting heart rate, highest heart rate, sex")


def test_zones_add_up_to_the_known_time(told) -> None:
    seconds = sum(line.seconds for line in debrief_facts.zone_lines(told))
    assert seconds == pytest.approx(told.moving_s - told.unknown_s, abs=1.0)


# -- pictures, looked at by eye when they change

PICTURES = {"numbers": (), "asked": (), "without data": ("b",)}


@pytest.mark.parametrize("state", PICTURES)
def test_a_console_of_80_by_24_in_16_colours(snap_compare, told, state) -> None:
    app = scenes.DebriefApp(told, BLOCKS, sixteen_colours=True, ask=state == "asked")
    press = [*PICTURES[state]]
    assert snap_compare(app, terminal_size=(80, 24), run_before=settle, press=press)


@pytest.mark.parametrize("state", PICTURES)
def test_a_large_terminal_in_true_colour(snap_compare, told, state) -> None:
    app = scenes.DebriefApp(told, BRAILLE, ask=state == "asked")
    press = [*PICTURES[state]]
    assert snap_compare(app, terminal_size=(160, 50), run_before=settle, press=press)


# -- in the app


class Run:
    """A session of the home screen that shows one reading and ends when it is told to."""

    session_id = 12

    def __init__(self, reading: Reading) -> None:
        self.reading = reading

    async def measure(self, show: Show) -> None:
        show(self.reading)
        await asyncio.Event().wait()


def app_with(told: Debrief, *, live: bool) -> BeatwiseApp:
    looked = scenes.DebriefApp(told)
    sessions = [replace(ui_scenes.SESSIONS[0], id=12), replace(ui_scenes.SESSIONS[1], id=11)]

    async def load() -> Overview:
        return ui_scenes.overview(sessions=sessions)

    return BeatwiseApp(
        load,
        lambda _: Run(ui_scenes.live()),  # type: ignore[arg-type, return-value]
        live=ui_scenes.plan() if live else None,
        debriefs=Debriefs(looked._look, looked._rate),
        glyphs=BLOCKS,
        sixteen_colours=True,
    )


async def test_a_session_that_ends_is_looked_back_on_and_then_one_is_out(told) -> None:
    app = app_with(told, live=True)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("q")
        await settle(pilot)
        assert isinstance(app.screen, DebriefScreen)
        assert app.screen.session_id == 12
        await pilot.press("s", "q")
        await settle(pilot)
    assert app.return_code == 0


@pytest.mark.parametrize(("keys", "session_id"), [(["enter"], 12), (["down", "down", "enter"], 11)])
async def test_a_session_of_the_home_list_is_opened_again(told, keys, session_id) -> None:
    app = app_with(told, live=False)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        for key in keys:
            await pilot.press(key)
        await settle(pilot)
        assert isinstance(app.screen, DebriefScreen)
        assert app.screen.session_id == session_id
        await pilot.press("q")
        await settle(pilot)
        assert isinstance(app.screen, HomeScreen)
