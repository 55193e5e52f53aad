"""Pictures of every screen of the morning in its states, looked at by eye when one changes."""

import pytest
import ui_morning_scenes as mornings
import ui_scenes as scenes

from ui.terminal import ASCII, BLOCKS

CONSOLE = {"glyphs": BLOCKS, "sixteen_colours": True}
SMALL, LARGE = (80, 24), (160, 50)


async def settle(pilot):
    """Let the screens be pushed, read, and measured."""
    for _ in range(3):
        await scenes.settle(pilot)


def pressing(*keys):
    async def run_before(pilot):
        await settle(pilot)
        for key in keys:
            await pilot.press(key)
            await settle(pilot)

    return run_before


@pytest.mark.parametrize("state", mornings.VIEWS)
def test_the_test_on_a_console(snap_compare, state):
    app = mornings.app(mornings.VIEWS[state], **CONSOLE)
    assert snap_compare(app, terminal_size=SMALL, run_before=settle)


@pytest.mark.parametrize("state", ["no_strap", "ready", "paced", "trouble", "stand_up"])
def test_the_test_on_a_large_terminal(snap_compare, state):
    app = mornings.app(mornings.VIEWS[state])
    assert snap_compare(app, terminal_size=LARGE, run_before=settle)


@pytest.mark.parametrize("state", ["ready", "paced", "stand_up"])
def test_the_test_where_there_is_only_ascii(snap_compare, state):
    app = mornings.app(mornings.VIEWS[state], glyphs=ASCII, sixteen_colours=True)
    assert snap_compare(app, terminal_size=SMALL, run_before=settle)


QUESTIONS = {
    "first": "f",
    "third": "f43",
    "ill": "f43445",
    "more": "f434451",
    "tagged": "f43445125",
}


@pytest.mark.parametrize("keys", QUESTIONS.values(), ids=QUESTIONS)
def test_the_questions_on_a_console(snap_compare, keys):
    app = mornings.app(mornings.SETTLE, **CONSOLE)
    assert snap_compare(app, terminal_size=SMALL, run_before=pressing(*keys))


def test_the_questions_on_a_large_terminal(snap_compare):
    app = mornings.app(mornings.DONE)
    assert snap_compare(app, terminal_size=LARGE, run_before=pressing(*"43"))


@pytest.mark.parametrize("verdict", mornings.VERDICTS)
def test_the_verdict_on_a_console(snap_compare, verdict):
    app = mornings.app(on=mornings.plan(today=mornings.VERDICTS[verdict]), **CONSOLE)
    assert snap_compare(app, terminal_size=SMALL, run_before=settle)


@pytest.mark.parametrize("verdict", ["green", "amber", "red", "learning"])
def test_the_verdict_on_a_large_terminal(snap_compare, verdict):
    app = mornings.app(on=mornings.plan(today=mornings.VERDICTS[verdict]))
    assert snap_compare(app, terminal_size=LARGE, run_before=settle)


def test_the_verdict_where_there_is_only_ascii(snap_compare):
    plan = mornings.plan(today=mornings.VERDICTS["amber"])
    app = mornings.app(on=plan, glyphs=ASCII, sixteen_colours=True)
    assert snap_compare(app, terminal_size=SMALL, run_before=settle)


def test_the_question_for_the_day(snap_compare):
    app = mornings.app(on=mornings.plan(day=None), **CONSOLE)
    assert snap_compare(app, terminal_size=SMALL, run_before=settle)


SPANS = {"4 weeks": "h", "6 months": "hw", "all": "hww"}


@pytest.mark.parametrize("keys", SPANS.values(), ids=SPANS)
def test_the_history_on_a_console(snap_compare, keys):
    app = mornings.history_app(mornings.history(), **CONSOLE)
    assert snap_compare(app, terminal_size=SMALL, run_before=pressing(*keys))


@pytest.mark.parametrize("keys", SPANS.values(), ids=SPANS)
def test_the_history_on_a_large_terminal(snap_compare, keys):
    app = mornings.history_app(mornings.history(400))
    assert snap_compare(app, terminal_size=LARGE, run_before=pressing(*keys))


def test_the_history_where_there_is_only_ascii(snap_compare):
    app = mornings.history_app(mornings.history(), ASCII, sixteen_colours=True)
    assert snap_compare(app, terminal_size=SMALL, run_before=pressing("h"))


def test_a_history_without_a_morning(snap_compare):
    app = mornings.history_app((), **CONSOLE)
    assert snap_compare(app, terminal_size=SMALL, run_before=pressing("h"))


def test_a_look_at_one_morning_on_a_console(snap_compare):
    app = mornings.history_app(mornings.history(), **CONSOLE)
    assert snap_compare(app, terminal_size=SMALL, run_before=pressing("h", "enter"))


def test_a_look_at_one_morning_on_a_large_terminal(snap_compare):
    app = mornings.history_app(mornings.history())
    assert snap_compare(app, terminal_size=LARGE, run_before=pressing("h", "enter"))
