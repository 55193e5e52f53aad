"""The history as plain text: every day where it belongs, every kind of day told apart."""

import asyncio
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pytest
import ui_morning_scenes as mornings
import ui_scenes as scenes

from device.errors import StoreError
from ui import history_plot
from ui.canvas import Canvas
from ui.history import window_of
from ui.history_plot import AXIS_WIDTH, MARKS, Window
from ui.past_mornings import DayPoint
from ui.terminal import ASCII, BLOCKS, BRAILLE

GLYPHS = [BRAILLE, BLOCKS, ASCII]
LAST = date(2025, 11, 21)


def day(ago, mark="counts", rmssd_ms=58.0, **changes):
    point = DayPoint(
        LAST - timedelta(days=ago),
        mark,
        rmssd_ms,
        52.0,
        58.0,
        (50.0, 66.0),
        "GREEN",
        "Inside your normal range.",
        ago,
    )
    return replace(point, **changes)


def drawn(days, width=79, height=20, glyphs=BLOCKS, span=0, chosen=None, *, tinted=False):
    window = window_of(tuple(days), span)
    return history_plot.draw(days, window, chosen, width, height, glyphs, tinted=tinted)


def texts(rows):
    return [text for text, _ in rows]


def cells_of(rows, glyph):
    return [
        (x, y) for y, text in enumerate(texts(rows)) for x, seen in enumerate(text) if seen == glyph
    ]


@pytest.mark.parametrize("glyphs", GLYPHS, ids=lambda glyphs: glyphs.drawing)
def test_every_kind_of_day_has_a_glyph_of_its_own(glyphs):
    marks = MARKS[glyphs.drawing]
    assert len(set(marks.values())) == 4
    days = [day(9, "imported"), day(6, "excluded"), day(3, "refused", None), day(0)]
    rows = texts(drawn(days, glyphs=glyphs))[:14]
    for mark in marks.values():
        assert sum(row[AXIS_WIDTH:].count(mark) for row in rows) == 1


def test_a_day_stands_at_its_date_and_a_higher_value_stands_higher():
    rows = drawn([day(20, rmssd_ms=40.0), day(10, rmssd_ms=60.0), day(0, rmssd_ms=90.0)])
    points = sorted(cells_of(rows, MARKS["blocks"]["counts"]))
    columns, heights = zip(*points, strict=True)
    assert heights == tuple(sorted(heights, reverse=True))
    apart = [later - earlier for earlier, later in pairwise(columns)]
    assert apart[0] == pytest.approx(apart[1], abs=1)


def test_equal_ratios_are_equally_far_apart():
    rows = drawn(
        [
            day(n, rmssd_ms=ms, l7_ms=None, band_ms=None)
            for n, ms in ((9, 25.0), (5, 50.0), (1, 100.0))
        ],
        height=44,
    )
    heights = [y for _, y in sorted(cells_of(rows, MARKS["blocks"]["counts"]))]
    assert heights[0] - heights[1] == pytest.approx(heights[1] - heights[2], abs=1)


@pytest.mark.parametrize("tinted", [True, False])
def test_the_band_lies_where_it_was_on_that_day_and_ends_without_tests(tinted):
    days = [day(27), day(26), day(5), day(0)]
    rows = drawn(days, tinted=tinted)
    within = [letters for _, letters in rows[:13]]
    banded = {
        x
        for letters in within
        for x, letter in enumerate(letters)
        if (letter.isupper() if tinted else letter == "b")
    }
    per_day = 74 / 28
    ends = AXIS_WIDTH + (28 - 18) * per_day
    assert all(not ends + 1 < x < AXIS_WIDTH + 22 * per_day - 1 for x in banded)
    assert banded


def test_a_refused_day_has_no_place_among_the_values():
    rows = drawn([day(5), day(3, "refused", None, hr_bpm=None, verdict="GREY"), day(0)])
    (place,) = cells_of(rows, MARKS["blocks"]["refused"])
    lowest = max(y for _, y in cells_of(rows, MARKS["blocks"]["counts"]))
    assert place[1] > lowest


def test_amber_and_red_are_seen_among_many_days():
    days = [day(n) for n in range(180, -1, -1)]
    days[90] = replace(days[90], verdict="RED")
    row = texts(drawn(days, span=1))[12]
    assert row.count("R") == 1
    assert "G" not in row


@pytest.mark.parametrize("span", [0, 1, 2])
@pytest.mark.parametrize("glyphs", GLYPHS, ids=lambda glyphs: glyphs.drawing)
@pytest.mark.parametrize("size", [(1, 1), (12, 4), (79, 17), (150, 40)])
def test_no_size_is_too_odd_for_the_plot(span, glyphs, size):
    rows = drawn(mornings.history(), *size, glyphs=glyphs, span=span, chosen=LAST)
    assert all(len(text) == len(letters) for text, letters in rows)


def test_a_plot_of_one_day_is_a_plot():
    assert cells_of(drawn([day(0)]), MARKS["blocks"]["counts"])


def test_days_are_labelled_at_mondays_and_months():
    assert "17 Nov" in texts(drawn([day(20), day(0)]))[-2]
    assert "Nov" in texts(drawn([day(150), day(0)], span=1))[-2]


@pytest.mark.parametrize("n_days", [28, 182, 3000])
def test_the_window_holds_each_of_its_days_once(n_days):
    window = Window(LAST - timedelta(days=n_days - 1), LAST)
    assert window.n == n_days
    for ago in (0, 1, n_days // 2, n_days - 1):
        one = LAST - timedelta(days=ago)
        assert window.day_at(window.share(one)) == one


@pytest.mark.parametrize("glyphs", GLYPHS, ids=lambda glyphs: glyphs.drawing)
def test_a_line_is_seen_over_paper_and_under_marks(glyphs):
    canvas = Canvas(9, 3, glyphs)
    canvas.paper(0, 1, glyphs.shade * 9, "b")
    canvas.put(4, 1, "X", "p")
    canvas.line((0.0, 0.5), (0.999, 0.5), "w")
    text, letters = canvas.rows()[1]
    assert letters == "wwwwpwwww"
    assert text[4] == "X"


async def settle(pilot):
    for _ in range(3):
        await scenes.settle(pilot)


async def shown(app, *keys, size=(80, 24)):
    async with app.run_test(size=size) as pilot:
        await settle(pilot)
        for key in keys:
            await pilot.press(key)
            await settle(pilot)
        return "\n".join(scenes.lines_of(app))


async def test_the_newest_day_is_told_and_left_goes_to_the_one_before():
    days = (day(4, verdict="RED", why="Today and the week are below."), day(0))
    assert "GREEN: Inside" in await shown(mornings.history_app(days), "h")
    assert "RED: Today and the week" in await shown(mornings.history_app(days), "h", "left", "left")


async def test_a_shorter_window_never_leaves_the_chosen_day_outside():
    days = mornings.history(400)
    text = await shown(mornings.history_app(days), "h", "w", "w", "home", "w")
    newest = days[-1].day
    assert any(f"{(newest - timedelta(days=ago)).day} Oct   RMSSD" in text for ago in range(20, 28))


async def test_enter_looks_at_one_morning_and_q_comes_back():
    text = await shown(mornings.history_app(mornings.history()), "h", "enter")
    for said in ("58.2 ms", "late train", "follow", "GREEN (R16)", "all 119 s", "usual hours"):
        assert said in " ".join(text.split())
    assert "how far back" in await shown(
        mornings.history_app(mornings.history()), "h", "enter", "q"
    )


async def test_before_the_days_are_read_nobody_is_told_there_are_none():
    async def load():
        await asyncio.Event().wait()

    app = mornings.history_app(())
    told = app.mornings()
    app.mornings = lambda: replace(told, days=load)
    assert "reading your mornings" in await shown(app, "h")


async def test_a_store_that_cannot_be_read_is_told():
    async def load():
        raise StoreError("the database is damaged")

    app = mornings.history_app(())
    told = app.mornings()
    app.mornings = lambda: replace(told, days=load)
    assert "the database is damaged" in await shown(app, "h")


@pytest.mark.parametrize("size", [(20, 5), (40, 12), (79, 23), (300, 90)])
async def test_no_size_of_terminal_is_too_odd(size):
    await shown(mornings.history_app(mornings.history()), "h", "w", "enter", size=size)
