"""The board: where tiles go, what they say, and what is drawn again."""

import re
from dataclasses import replace
from itertools import combinations

import pytest
import ui_board_scenes as scenes
import ui_scenes
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from textual._compositor import ChopsUpdate

from ui import lettering, questions, tile_words
from ui.board import TileBoard, stretches
from ui.board_keys import BoardKeys
from ui.board_layout import grid_of
from ui.board_screen import ANSWERED_S
from ui.board_strip import BoardStrip
from ui.cells import cells, fitted
from ui.exact import ExactCompositor
from ui.terminal import ASCII, BLOCKS, BRAILLE, GLYPHS, TURN_BACK
from ui.tile_art import rows_of
from ui.tile_form import SHORTEST, form_of
from ui.tile_parts import BARS, OLD, STATE_LETTERS, shape_rows, sign

SIZES = [(80, 20), (80, 21), (100, 26), (120, 36), (158, 45), (200, 56), (240, 63)]
"""Cells left for tiles on terminals from 80x24 up."""
BOTH = pytest.mark.parametrize("half_blocks", [True, False], ids=["blocks", "ascii"])
FORMS = [
    form_of(width, height, half_blocks)
    for half_blocks in (True, False)
    for width, height in (
        (40, 1),
        (26, 2),
        (19, 3),
        (26, 4),
        (39, 6),
        (49, 14),
        (19, 10),
        (26, 20),
        (38, 22),
        (80, 20),
        (158, 45),
    )
]
EACH_SIZE = pytest.mark.parametrize("size", SIZES, ids=str)
EACH_FORM = pytest.mark.parametrize(
    "form", FORMS, ids=[f"{form.kind}-{form.width}x{form.height}" for form in FORMS]
)


def drawn_of(tile, form, glyphs=BLOCKS, **how):
    return ["".join(row) for row, _ in rows_of(tile, form, glyphs, **how)]


# -- where they go


@BOTH
@pytest.mark.parametrize("size", SIZES, ids=str)
def test_at_every_size_up_to_thirty_tiles_stand_side_by_side_and_can_be_read(size, half_blocks):
    for count in range(1, 31):
        grid = grid_of(count, *size, half_blocks)
        assert grid.shown >= count
        assert grid.form.kind != "none"
        taken = set()
        for index in range(count):
            x, y = grid.at(index)
            assert x >= 0
            assert y >= 0
            assert x + grid.form.width <= size[0]
            assert y + grid.form.height <= size[1]
            cells_of = {
                (x + dx, y + dy) for dx in range(grid.form.width) for dy in range(grid.form.height)
            }
            assert not taken & cells_of
            taken |= cells_of


@given(st.integers(1, 40), st.integers(1, 260), st.integers(1, 70), st.booleans())
def test_where_there_is_no_room_as_many_as_fit_are_shown(count, width, height, half_blocks):
    grid = grid_of(count, width, height, half_blocks)
    for index in range(min(count, grid.shown)):
        x, y = grid.at(index)
        assert x + grid.form.width <= width
        assert y + grid.form.height <= height
    if width >= SHORTEST["line"][0]:
        assert grid.shown > 0


@BOTH
@pytest.mark.parametrize("terminal", [(80, 24), (100, 30), (120, 40), (160, 50), (200, 60)])
def test_eight_can_be_read_from_four_metres_on_a_display_of_32_inches(terminal, half_blocks):
    """ISO 9241-303 prefers characters that are 20 to 22 minutes of arc high: 23 mm at 4 m."""
    width, height = terminal
    row_mm = 398.0 / height
    tall = height >= 34
    grid = grid_of(8, width - 2 * tall, height - (7 if tall else 4), half_blocks)
    assert grid.form.rows * row_mm >= 25.6


def test_more_room_never_makes_a_number_smaller():
    for count in (1, 2, 4, 8, 12, 30):
        for small, large in combinations(SIZES, 2):
            if small[0] <= large[0] and small[1] <= large[1]:
                before, after = (grid_of(count, *size).form.legibility for size in (small, large))
                assert after >= before


# -- what a tile says


@EACH_FORM
@pytest.mark.parametrize("glyphs", GLYPHS.values(), ids=GLYPHS)
def test_a_tile_fills_its_form_exactly(form, glyphs):
    for tile in scenes.STATES.values():
        rows = rows_of(tile, form, glyphs)
        assert len(rows) == form.height
        for row, letters in rows:
            assert len(row) == len(letters) == form.width
            assert set(letters) <= TileBoard.STYLES.keys()
            assert cell_len("".join(row)) == form.width


@EACH_FORM
@pytest.mark.parametrize("state", ["inside", "over", "under", "stale", "paused", "no strap"])
def test_a_tile_says_who_what_for_and_how_it_stands_in_words(form, state):
    tile = replace(scenes.STATES[state], athlete="心")  # has no large letters
    text = "\n".join(drawn_of(tile, form, BRAILLE))
    word = tile_words.WORDS[tile_words.look_of(tile)]
    assert "心" in text
    if form.kind == "large":
        spelled = drawn_of(replace(tile, athlete=""), form, BRAILLE)
        assert word in text or any(len(row.strip()) > 10 for row in spelled)
        assert tile.purpose in text
    elif form.kind == "line":
        assert word[:5] in text
    else:
        assert word in text
        assert tile.purpose in text


def test_every_state_has_a_shape_a_word_and_a_letter_of_its_own():
    looks = tile_words.WORDS
    for glyphs in GLYPHS.values():
        signs = {look: sign(look, glyphs) for look in looks if look != "waiting"}
        assert len(set(signs.values())) == len(signs)
        shapes = {look: tuple(shape_rows(look, 5, 6, glyphs)) for look in looks}
        assert len(set(shapes.values())) == len(shapes)
    assert len(set(looks.values())) == len(looks)
    judged = [STATE_LETTERS[look] for look in ("inside", "over", "under", "unknown", "stale")]
    assert STATE_LETTERS["warming up"] not in (STATE_LETTERS["under"], STATE_LETTERS["over"])
    assert len(set(judged)) == len(judged)


@EACH_FORM
def test_only_who_needs_a_look_has_the_line_of_the_name_filled(form):
    for tile in scenes.STATES.values():
        letters = "".join(letters for _, letters in rows_of(tile, form, BLOCKS))
        filled = set(letters) & set(BARS.values())
        assert bool(filled) == (tile_words.look_of(tile) in BARS)


@EACH_FORM
@pytest.mark.parametrize("claims", [None, 138.0], ids=["no number", "a number all the same"])
def test_an_old_number_is_greyed_and_struck_out_and_never_drawn_as_a_live_one(form, claims):
    stale = replace(scenes.STALE, hr_bpm=claims)
    rows = rows_of(stale, form, BLOCKS)
    live = STATE_LETTERS["inside"] + STATE_LETTERS["over"] + STATE_LETTERS["under"]
    assert not set("".join(letters for _, letters in rows)) & set(live)
    text = "\n".join("".join(row) for row, _ in rows)
    old = "\n".join(
        "".join(
            cell if letter in OLD + BARS["stale"] else " "
            for cell, letter in zip(*row, strict=True)
        )
        for row in rows
    )
    if form.rows:
        assert "138" not in text
        assert BLOCKS.rule * form.across in old
    else:
        assert "─138─" in old
        assert not re.search(r"[^─]138|138[^─]", text)


@EACH_FORM
def test_an_ageing_number_does_not_look_like_a_fresh_one(form):
    assert drawn_of(scenes.AGEING, form) != drawn_of(
        replace(scenes.AGEING, freshness="fresh"), form
    )


@EACH_FORM
def test_where_there_is_no_strap_there_is_no_number(form):
    tile = replace(scenes.NO_STRAP, last_hr_bpm=138.0, hr_bpm=138.0)
    assert drawn_of(tile, form) == drawn_of(replace(tile, last_hr_bpm=None, hr_bpm=None), form)


@EACH_FORM
def test_who_recedes_is_drawn_in_one_quiet_style(form):
    rows = rows_of(scenes.OVER, form, BLOCKS, receding=True)
    assert set("".join(letters for _, letters in rows)) == {"r"}
    assert drawn_of(scenes.OVER, form, receding=True) == drawn_of(scenes.OVER, form)


@pytest.mark.parametrize(
    ("tile", "said"),
    [
        (scenes.INSIDE, ("easy to 142", "12 min as intended", "INSIDE")),
        (scenes.OVER, ("steady 128-151", "12 min as intended", "OVER +6")),
        (scenes.UNDER, ("intervals from 160", "62 min as intended", "UNDER -8")),
        (scenes.WARMING_UP, ("intervals from 160", "62 min as intended", "WARM-UP")),
        (scenes.STALE, ("easy to 142", "12 min as intended", "STALE 14 s")),
        (scenes.AGEING, ("easy to 142", "12 min as intended", "INSIDE  4 s old")),
        (scenes.NO_STRAP, ("easy to 142", "0 min", "NO STRAP")),
        (scenes.BROADCAST, ("easy", "13 min", "NO RANGE")),
        (scenes.ESTIMATE, ("easy to ~142", "12 min as intended", "INSIDE")),
        (replace(scenes.OVER, beats_off=0.3), ("steady 128-151", "12 min as intended", "OVER")),
    ],
    ids=lambda value: value.athlete if hasattr(value, "athlete") else "",
)
def test_the_longest_words_of_a_tile(tile, said):
    longest = tile_words.intended, tile_words.time_inside, tile_words.state_words
    assert tuple(words(tile)[0] for words in longest) == said


@EACH_FORM
def test_heart_rate_from_advertisements_alone_is_marked(form):
    text = "\n".join(drawn_of(replace(scenes.BROADCAST, athlete="Jo"), form))
    assert "heart rate only" in text or "HR only" in text


@pytest.mark.parametrize("width", range(22, 50))
def test_a_tile_of_one_line_marks_who_is_heard_in_passing_and_cuts_no_word_it_has_room_for(width):
    form = form_of(width, 1)
    (line,) = drawn_of(replace(scenes.BROADCAST, athlete="Jonas Weber"), form)
    assert "HR" in line or "heart rate only" in line or width < 26
    (line,) = drawn_of(replace(scenes.BROADCAST, athlete="J", broadcast_only=False), form)
    assert "HR" not in line
    (line,) = drawn_of(scenes.NO_STRAP, form)
    assert "NO STRAP" in line or width < 30


@EACH_SIZE
def test_nothing_touches_the_figures(size):
    """Neither the line of the name over them nor a shape under them runs into a figure."""
    forms = {grid_of(count, *size).form for count in range(1, 31)}
    for form in (form for form in forms if form.rows):
        rows = rows_of(scenes.STALE, form, BLOCKS)
        figures = [y for y, (_, letters) in enumerate(rows) if OLD in letters]
        across = [x for x, letter in enumerate(rows[figures[0]][1]) if letter == OLD]
        if form.wide > 3:  # of lower ones the upper half of the first row is free
            over, letters = rows[figures[0] - 1]
            assert {over[x] for x in across} == {" "}
            assert not {letters[x] for x in across} & set(BARS.values())
        if figures[-1] + 1 < form.height:
            under = rows[figures[-1] + 1][0]
            assert not {under[x] for x in across} & {BLOCKS.solid, BLOCKS.upper}


@pytest.mark.parametrize("terminal", [(120, 40), (160, 45), (160, 50), (200, 60)])
@pytest.mark.parametrize("count", [1, 4, 8])
def test_name_state_and_reward_are_large_on_a_large_screen(count, terminal):
    width, height = terminal
    form = grid_of(count, width - 2, height - 7).form
    assert form.kind == "large"
    text = "\n".join(drawn_of(scenes.OVER, form))
    assert "OVER\n" not in text
    assert ("12:34 as intended" in text) != form.large_time
    assert form.large_time or terminal == (120, 40)


# -- names of others


@pytest.mark.parametrize("name", scenes.HOSTILE, ids=range(len(scenes.HOSTILE)))
@EACH_FORM
def test_no_name_breaks_a_tile_or_steers_the_terminal(form, name):
    drawn = [
        (row, letters, glyphs)
        for glyphs in GLYPHS.values()
        for row, letters in rows_of(replace(scenes.INSIDE, athlete=name), form, glyphs)
    ]
    for row, letters, glyphs in drawn:
        text = "".join(row)
        assert len(row) == len(letters) == form.width
        assert cell_len(text) == form.width
        assert not any(ord(character) < 32 or 127 <= ord(character) < 160 for character in text)
        assert not set(text) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200f")
        if glyphs is ASCII:
            assert text.isascii()


LEFTWARD = re.compile("[\u0590-\u08ff]")


@EACH_FORM
def test_names_written_to_the_left_do_not_turn_their_neighbours(form):
    """In one line of a terminal that reorders, each such name ends with a mark that goes right."""
    tiles = [
        rows_of(replace(scenes.INSIDE, athlete=name), form, BRAILLE) for name in scenes.LEFTWARD
    ]
    for rows in zip(*tiles, strict=True):
        line = "".join("".join(row) for row, _ in rows)
        turned = 0
        for piece in line.split(TURN_BACK)[:-1]:
            first = LEFTWARD.search(piece)
            assert first is not None
            assert not re.search("[A-Za-z0-9=]", piece[first.start() :])
            turned += 1
        assert not LEFTWARD.search(line.split(TURN_BACK)[-1])
        assert not LEFTWARD.search(line) or turned >= len(scenes.LEFTWARD)


@given(st.text(max_size=60), st.integers(0, 40), st.sampled_from([BRAILLE, BLOCKS, ASCII]))
def test_any_text_fits_in_any_number_of_cells(text, width, glyphs):
    drawn = fitted(text, width, glyphs)
    assert len(drawn) == width
    assert cell_len("".join(drawn)) == width
    assert all(cell_len(cell) == 1 for cell in drawn) or glyphs is BRAILLE


@pytest.mark.parametrize(
    ("text", "glyphs", "drawn"),
    [
        ("Zoë", BLOCKS, "Zoë"),
        ("Zoe\u0308", BLOCKS, "Zoë"),
        ("Zoë", ASCII, "Zo?"),
        ("李", BRAILLE, "李"),
        ("李", BLOCKS, "?"),
        ("नेहा", BRAILLE, "नेहा"),
        ("می\u200cخواهم", BRAILLE, "میخواهم\u200e"),
        ("a\u202eb", BRAILLE, "a b"),
        ("שרה כהן +6", BRAILLE, "שרה כהן\u200e +6"),
        ("שרה כהן +6", BLOCKS, "שרה כהן +6"),
        ("\u05b0", BRAILLE, ""),
        ("[b]x[/b]", BRAILLE, "[b]x[/b]"),
    ],
)
def test_a_name_is_drawn_as_well_as_the_terminal_can(text, glyphs, drawn):
    assert "".join(cells(text, glyphs)) == drawn


@pytest.mark.parametrize(
    ("width", "drawn"), [(6, "Anna K"), (5, "Anna…"), (1, "…"), (0, ""), (8, "Anna K  ")]
)
def test_a_name_that_is_cut_says_so(width, drawn):
    assert "".join(fitted("Anna K", width, BRAILLE)) == drawn


def test_a_name_written_to_the_left_turns_nothing_when_it_is_cut():
    assert fitted("שרה כהן", 5, BRAILLE) == ("ש", "ר", "ה", " ", "…" + TURN_BACK)


def test_half_of_a_wide_letter_is_never_drawn():
    assert fitted("李小龍", 4, BRAILLE) == ("李", "", " ", "…")
    assert fitted("李小龍", 5, BRAILLE) == ("李", "", "小", "", "…")


# -- questions


def test_who_is_over_is_told_the_most_of_it_first():
    ben = replace(scenes.OVER, athlete="Ben", beats_off=3.0)
    anna = replace(scenes.OVER, athlete="Anna", beats_off=6.4)
    assert questions.answer("over", (scenes.INSIDE, ben, anna))[0] == "over: Anna +6, Ben +3"


def test_an_answer_is_told_in_fewer_words_where_there_is_little_room():
    names = ("Ben Okafor", "Ann Lee", "Ann Wu", "李小龍", " ")
    tiles = [
        replace(scenes.OVER, athlete=name, beats_off=9.0 - at) for at, name in enumerate(names)
    ]
    assert questions.answer("over", tuple(tiles)) == (
        "over: Ben Okafor +9, Ann Lee +8, Ann Wu +7, 李小龍 +6,   +5",
        "over: Ben +9, Ann Lee +8, Ann Wu +7, 李小龍 +6,   +5",
        "over: Ben, Ann Lee, Ann Wu, 李小龍,  ",
        "Ben, Ann Lee, Ann Wu, 李小龍,  ",
    )


def test_who_is_stale_and_who_has_no_strap():
    assert questions.answer("stale", scenes.EIGHT)[0] == "stale: Émile Durand 14 s"
    assert questions.answer("no strap", scenes.EIGHT)[0] == "no strap: Hana Suzuki"


@pytest.mark.parametrize("question", questions.NOBODY)
def test_nobody_is_an_answer(question):
    assert questions.answer(question, (scenes.INSIDE,)) == questions.NOBODY[question]
    assert lettering.width_of(lettering.folded(questions.NOBODY[question][-1])) <= 78


def test_the_tally_counts_whom_somebody_should_look_at():
    assert questions.tally(scenes.EIGHT) == "8 here, 1 over, 1 stale, 1 no strap"
    assert questions.tally((scenes.INSIDE,)) == "1 here"
    assert questions.tally(()) == "nobody is training"


async def test_one_key_asks_the_same_key_or_escape_brings_all_back():
    app = scenes.wall(*scenes.EIGHT, glyphs=BLOCKS, sixteen_colours=True)
    async with app.run_test(size=(80, 24)) as pilot:
        await ui_scenes.settle(pilot)
        before = ui_scenes.lines_of(app)
        for asked, again in (("o", "o"), ("s", "escape"), ("n", "n")):
            await pilot.press(asked)
            await ui_scenes.settle(pilot)
            answer = questions.answer(questions.KEYS[asked], scenes.EIGHT)[0]
            assert app.screen.query_one(BoardStrip).said == ("answer", answer)
            assert ui_scenes.lines_of(app) != before
            await pilot.press(again)
            await ui_scenes.settle(pilot)
            assert ui_scenes.lines_of(app) == before


@pytest.mark.parametrize("size", [(80, 24), (100, 30), (120, 40), (160, 50)], ids=str)
@pytest.mark.parametrize("count", [8, 30])
async def test_no_tile_moves_for_an_answer(size, count):
    app = scenes.wall(*scenes.tiles(count))
    async with app.run_test(size=size) as pilot:
        await ui_scenes.settle(pilot)
        board = app.screen.query_one(TileBoard)
        before, at = board.grid, [board.grid.at(index) for index in range(count)]
        await pilot.press("o")
        await ui_scenes.settle(pilot)
        assert board.grid.form == before.form
        assert [board.grid.at(index) for index in range(count)] == at
        strip = app.screen.query_one(BoardStrip)
        drawn = [
            "".join(part.text for part in strip.render_line(y)) for y in range(strip.size.height)
        ]
        assert not any("over" in line for line in drawn)  # in large letters


async def test_an_answer_nobody_takes_away_goes_by_itself(monkeypatch):
    app = scenes.wall(*scenes.EIGHT)
    async with app.run_test(size=(80, 24)) as pilot:
        await ui_scenes.settle(pilot)
        screen, set_timer, timers = app.screen, app.screen.set_timer, []

        def keep(delay, callback, **how):
            timers.append((set_timer(delay, callback, **how), delay, callback))
            return timers[-1][0]

        monkeypatch.setattr(screen, "set_timer", keep)
        await pilot.press("o")
        await pilot.press("s")
        (first, _, _), (_, delay, forget) = timers
        assert first._task is None or first._task.cancelled() or first._task.cancelling()
        assert delay == ANSWERED_S
        assert screen.question == "stale"
        forget()
        await ui_scenes.settle(pilot)
        assert screen.question is None
        assert screen.query_one(BoardKeys).display


# -- the widget


def test_stretches_are_what_differs_and_near_ones_are_one():
    old, new = ("aaaaaaaaaaaaaaaaaaaa", "." * 20), ("abaabaaaaaaaaaaaaaba", "." * 20)
    assert stretches(old, new) == [(1, 5), (18, 19)]
    assert stretches(old, old) == []
    assert stretches(old, (old[0], "." * 19 + "x")) == [(19, 20)]


def test_a_stretch_never_ends_within_a_wide_letter():
    assert stretches((["李", "", "a"], "..."), (["王", "", "a"], "...")) == [(0, 2)]
    assert stretches((["李", "", "a"], "..."), (["a", "b", "a"], "...")) == [(0, 2)]


async def board_of(pilot, *tiles):
    scenes.show(pilot.app, *tiles)
    await ui_scenes.settle(pilot)
    return pilot.app.screen.query_one(TileBoard)


async def test_only_what_changed_is_drawn_again(monkeypatch):
    app = scenes.wall(*scenes.EIGHT)
    async with app.run_test(size=(80, 24)) as pilot:
        await ui_scenes.settle(pilot)
        asked = []
        board = app.screen.query_one(TileBoard)
        monkeypatch.setattr(board, "refresh", lambda *regions, **_: asked.append(regions))
        await board_of(pilot, *scenes.EIGHT)
        assert asked == []
        await board_of(pilot, replace(scenes.INSIDE, time_inside_s=780.0), *scenes.EIGHT[1:])
        (regions,) = asked
        assert [(region.width, region.height) for region in regions] == [(1, 1)]
        x, y = board.grid.at(0)
        assert (x, y) <= regions[0].offset < (x + board.grid.form.width, y + 10)


@pytest.mark.parametrize("glyphs", [BRAILLE, BLOCKS], ids=["braille", "blocks"])
async def test_a_board_drawn_bit_by_bit_is_the_board_drawn_at_once(glyphs):
    app = scenes.wall(*scenes.tiles(30), glyphs=glyphs)
    async with app.run_test(size=(100, 30)) as pilot:
        await ui_scenes.settle(pilot)
        later = tuple(
            replace(tile, hr_bpm=tile.hr_bpm and tile.hr_bpm + at, time_inside_s=at * 61.0)
            for at, tile in enumerate(scenes.tiles(30))
        )
        await board_of(pilot, *later)
        bit_by_bit = ui_scenes.lines_of(app)
    fresh = scenes.wall(*later, glyphs=glyphs)
    async with fresh.run_test(size=(100, 30)) as pilot:
        await ui_scenes.settle(pilot)
        assert ui_scenes.lines_of(fresh) == bit_by_bit


class PaperTerminal:
    """Keeps what it is sent, cell by cell, and knows nothing of widgets."""

    def __init__(self, lines, width):
        self.cells = [[" "] * width for _ in lines]
        self.take("".join(f"\x1b[{y};1H{line}" for y, line in enumerate(lines, start=1)))

    def take(self, data):
        x = y = 0
        for move, text in re.findall(r"\x1b\[([\d;]*[A-Za-z])|([^\x1b])", data):
            if move.endswith("H"):
                y, x = (int(number) - 1 for number in move[:-1].split(";"))
            elif text:
                self.cells[y][x] = text
                self.cells[y][x + 1 : x + cell_len(text)] = [""] * (cell_len(text) - 1)
                x += cell_len(text)

    @property
    def lines(self):
        return ["".join(row).rstrip() for row in self.cells]


async def test_a_terminal_is_sent_the_changed_cells_and_shows_the_whole_board(monkeypatch):
    names = iter(["李小龍", "王小明", "Ann"] * 10)
    first = [replace(tile, athlete=next(names)) for tile in scenes.tiles(30)]
    glyphs = replace(BRAILLE, solid_by_reverse=False)
    app = scenes.wall(*first, glyphs=glyphs)
    sent = []
    whole = ExactCompositor.render_partial_update

    def recorded(compositor):
        if (update := whole(compositor)) is not None:
            sent.append(update.render_segments(app.console))
        return update

    async with app.run_test(size=(100, 30)) as pilot:
        await ui_scenes.settle(pilot)
        paper = PaperTerminal(ui_scenes.lines_of(app), 100)
        monkeypatch.setattr(ExactCompositor, "render_partial_update", recorded)
        for at in range(1, 6):
            for name, tile in enumerate(first):
                bpm = None if tile.hr_bpm is None else tile.hr_bpm + 9 * at + name
                renamed = first[(name + at) % 30].athlete
                first[name] = replace(tile, hr_bpm=bpm, athlete=renamed)
            await board_of(pilot, *first)
            paper.take("".join(sent))
            sent.clear()
            assert paper.lines == ui_scenes.lines_of(app)
        one = replace(first[0], hr_bpm=(first[0].hr_bpm or 0) + 1)
        await board_of(pilot, one, *first[1:])
        assert 0 < len("".join(sent)) < 400


def looks_of(data):
    """Each cell that a terminal is sent, with how it is told to look."""
    found, look, x, y = {}, "", 0, 0
    for move, text in re.findall(r"\x1b\[([\d;]*[A-Za-z])|([^\x1b\n])", data):
        if move.endswith("H"):
            y, x = (int(number) for number in move[:-1].split(";"))
        elif move.endswith("m"):
            look = move[:-1].removeprefix("0").removeprefix(";")
        elif text:
            found[x, y] = text, look
            x += cell_len(text)
    return found


@pytest.mark.parametrize("sixteen_colours", [True, False])
async def test_changed_cells_look_as_textual_would_have_them_look(monkeypatch, sixteen_colours):
    app = scenes.wall(*scenes.tiles(30), sixteen_colours=sixteen_colours)
    sent = []
    whole = ExactCompositor.render_partial_update

    def recorded(compositor):
        if (update := whole(compositor)) is not None:
            theirs = ChopsUpdate(update.chops, update.spans, update.chop_ends)
            sent.append((update.render_segments(app.console), theirs.render_segments(app.console)))
        return update

    async with app.run_test(size=(100, 30)) as pilot:
        await ui_scenes.settle(pilot)
        monkeypatch.setattr(ExactCompositor, "render_partial_update", recorded)
        changed = scenes.tiles(30)
        await board_of(
            pilot,
            *(replace(tile, athlete=tile.athlete[::-1]) for tile in changed[7:] + changed[:7]),
        )
    assert len(sent) == 1
    ((ours, theirs),) = sent
    cells = looks_of(ours)
    assert len({look for _, look in cells.values()}) > 5
    assert cells.items() <= looks_of(theirs).items()
    assert len(ours) < len(theirs) / 2
    assert ours.endswith("\x1b[0m")


async def test_tiles_come_and_go_and_an_empty_board_invites():
    app = scenes.wall()
    async with app.run_test(size=(80, 24)) as pilot:
        await ui_scenes.settle(pilot)
        assert "Put your strap on" in "\n".join(ui_scenes.lines_of(app))
        board = await board_of(pilot, *scenes.EIGHT)
        assert len(board._places) == 8
        await board_of(pilot, scenes.INSIDE)
        text = "\n".join(ui_scenes.lines_of(app))
        assert "1 here" in text
        assert "Ben" not in text


@pytest.mark.parametrize("size", [(1, 1), (10, 3), (20, 5), (79, 23)], ids=str)
async def test_no_terminal_is_too_small_to_go_on(size):
    app = scenes.wall(*scenes.tiles(30), notices=("adapter full: 7 of 7",))
    async with app.run_test(size=size) as pilot:
        await ui_scenes.settle(pilot)
        await pilot.press("o")
        await ui_scenes.settle(pilot)


async def test_it_is_laid_out_anew_when_the_terminal_changes():
    app = scenes.wall(*scenes.EIGHT)
    async with app.run_test(size=(80, 24)) as pilot:
        await ui_scenes.settle(pilot)
        await pilot.resize_terminal(160, 50)
        await ui_scenes.settle(pilot)
        resized = ui_scenes.lines_of(app)
    fresh = scenes.wall(*scenes.EIGHT)
    async with fresh.run_test(size=(160, 50)) as pilot:
        await ui_scenes.settle(pilot)
        assert ui_scenes.lines_of(fresh) == resized


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"welcome": scenes.WELCOME}, "Welcome, Anna Lindqvist: easy, ceiling 142.  Not you?  u"),
        ({"whose": scenes.WHOSE}, "Whose strap is this? Polar H10 A1B2C3D4"),
        ({"welcome": scenes.WELCOME, "whose": scenes.WHOSE}, "Whose strap is this?"),
        ({"notices": ("Bluetooth is off", "disk full")}, "Bluetooth is off  ·  disk full"),
    ],
)
async def test_what_is_said_above_and_below_the_tiles(more, said):
    app = scenes.wall(*scenes.EIGHT, glyphs=BLOCKS, sixteen_colours=True, **more)
    async with app.run_test(size=(80, 24)) as pilot:
        await ui_scenes.settle(pilot)
        assert said in "\n".join(ui_scenes.lines_of(app))


@pytest.mark.parametrize("name", scenes.HOSTILE, ids=range(len(scenes.HOSTILE)))
async def test_no_name_breaks_the_sentence_above(name):
    hostile = replace(scenes.OVER, athlete=name)
    welcome = replace(scenes.WELCOME, athlete=name)
    app = scenes.wall(hostile, scenes.INSIDE, welcome=welcome)
    async with app.run_test(size=(80, 24)) as pilot:
        await ui_scenes.settle(pilot)
        assert "Not you?" in ui_scenes.lines_of(app)[0]
        await pilot.press("o")
        await ui_scenes.settle(pilot)
        strip = app.screen.query_one(BoardStrip)
        for y in range(strip.size.height):
            text = "".join(part.text for part in strip.render_line(y))
            assert cell_len(text) <= 80
            assert "\x1b" not in text
