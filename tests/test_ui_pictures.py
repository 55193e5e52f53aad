"""Figures, zone bar and trace as plain text: their meaning, not their beauty."""

from dataclasses import replace

import pytest
import ui_scenes as scenes

from device.intent import Band
from device.reading import RecentBeat
from ui import lettering, tachogram, zone_bar
from ui.terminal import ASCII, BLOCKS, BRAILLE, GLYPHS


@pytest.mark.parametrize(("width", "height"), [(5, 10), (11, 20), (24, 42)])
def test_the_ten_figures_are_all_different(width, height):
    drawn = [str(lettering.digit(figure, width, height)) for figure in "0123456789"]
    assert len(set(drawn)) == 10


@pytest.mark.parametrize("width", [3, 5, 8, 11, 24, 40])
@pytest.mark.parametrize("figure", "0123456789 x")
def test_a_figure_keeps_its_size(figure, width):
    pixels = lettering.digit(figure, width, 2 * width)
    assert [len(row) for row in pixels] == [width] * (2 * width)


def test_a_three_on_a_console():
    assert lettering.to_text(lettering.digit("3", 8, 12), BLOCKS) == [
        "███████▄",
        "      ██",
        "████████",
        "      ██",
        "      ██",
        "███████▀",
    ]


def test_old_figures_are_cut_through_and_have_no_solid_cell():
    rows = lettering.to_text(
        lettering.struck(lettering.figures("136", 11, 20, 3)), BLOCKS, shade=BLOCKS.shade
    )
    assert not set("".join(rows)) & set("█▀▄")
    assert not rows[5].strip()


def beats(*rr_ms: float, gap_at: int | None = None, artefact_at: int | None = None):
    time_s, found = 0.0, []
    for index, rr in enumerate(rr_ms):
        time_s += rr / 1000.0 + (10.0 if index == gap_at else 0.0)
        found.append(RecentBeat(time_s, rr, index != artefact_at, index == gap_at))
    return tuple(found)


def rows_of(found, now_s, width=40, height=4, glyphs=ASCII):
    return ["".join(row) for row in tachogram.draw(found, now_s, width, height, glyphs).cells]


@pytest.mark.parametrize("glyphs", GLYPHS.values(), ids=GLYPHS)
def test_an_artefact_has_a_glyph_of_its_own(glyphs):
    found = beats(*[800.0] * 10, 500.0, *[800.0] * 10, artefact_at=10)
    assert "x" in "".join(rows_of(found, 17.0, glyphs=glyphs))
    clean = beats(*[800.0] * 21)
    assert "x" not in "".join(rows_of(clean, 17.0, glyphs=glyphs))


@pytest.mark.parametrize("glyphs", GLYPHS.values(), ids=GLYPHS)
def test_a_gap_is_shaded_from_top_to_bottom_for_as_long_as_it_lasted(glyphs):
    trace = tachogram.draw(beats(*[800.0] * 20, gap_at=10), 26.0, 40, 4, glyphs)
    shaded = [row.count(glyphs.shade) for row in trace.cells]
    s_per_cell = trace.window_s / 40
    assert min(shaded) == max(shaded)
    assert shaded[0] * s_per_cell == pytest.approx(10.0, abs=1.5 * s_per_cell)


def test_no_line_is_drawn_across_a_gap():
    rows = rows_of(beats(*[800.0] * 10, *[1000.0] * 10, gap_at=10), 28.0)
    gap = range(rows[0].index(":"), rows[0].rindex(":") + 1)
    assert all(row[column] == ":" for row in rows for column in gap)


def test_a_hole_in_time_is_a_gap_even_where_nobody_called_it_one():
    found = beats(*[800.0] * 20, gap_at=10)
    unmarked = tuple(replace(beat, gap_before=False) for beat in found)
    assert rows_of(unmarked, 26.0) == rows_of(found, 26.0)


@pytest.mark.parametrize(("silent_s", "shaded"), [(2.0, False), (4.0, True)])
def test_silence_is_shaded_as_soon_as_it_is_no_slow_heart(silent_s, shaded):
    found = beats(*[800.0] * 20)
    assert (":" in "".join(rows_of(found, found[-1].time_s + silent_s))) == shaded


def test_the_trace_moves_without_changing_its_shape():
    found = beats(*[820.0, 790.0, 850.0] * 12)
    now_s = found[-1].time_s
    before = rows_of(found, now_s, width=60)
    after = rows_of(found, now_s + 1.0, width=60)
    assert [row[1:] for row in before] == [row[:-1] for row in after]


@pytest.mark.parametrize(
    ("rr_ms", "span"),
    [
        ((), (600, 1000)),
        ((800.0,), (750, 850)),
        ((840.0, 860.0), (800, 900)),
        ((420.0, 640.0), (400, 650)),
    ],
)
def test_the_scale_goes_in_fifties_around_the_normal_beats(rr_ms, span):
    assert tachogram.range_ms(beats(*rr_ms)) == span


def test_nothing_is_drawn_where_nothing_was_measured():
    assert not "".join(rows_of((), 5.0, glyphs=BRAILLE)).strip()


@pytest.mark.parametrize(
    ("band", "zones"),
    [
        (scenes.EASY, scenes.ZONES),
        (scenes.EASY, None),
        (Band(160.0, None, "", estimate=False), None),
        (None, scenes.ZONES),
        (None, None),
    ],
)
def test_the_scale_holds_all_it_has_to_show(band, zones):
    plan = scenes.Plan("Anna", "easy", scenes.STRAP, band, zones)
    low_bpm, high_bpm = zone_bar.scale_of(plan)
    marks = [*(zones.bounds_bpm if zones else ())]
    marks += [bound for bound in (band and (band.floor_bpm, band.ceiling_bpm)) or () if bound]
    assert all(low_bpm < bpm < high_bpm for bpm in marks)
    assert low_bpm < high_bpm
