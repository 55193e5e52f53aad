"""Steps by time: what is typed, and which step holds at a moment."""

import pytest

from device.intent import Band
from device.steps import FOUR_BY_FOUR, BadSteps, parse_steps, ramp_steps

EASY = Band(None, 142.0, "a test", estimate=False)
HARD = Band(165.0, None, "a test", estimate=False)


def test_four_by_four_is_warm_up_work_recovery_and_cool_down() -> None:
    steps = parse_steps(FOUR_BY_FOUR, easy=EASY, work=HARD).steps
    assert [(step.name, step.duration_s, step.band) for step in steps] == [
        ("warm-up", 600.0, EASY),
        *(
            pair
            for n in range(1, 5)
            for pair in ((f"work {n}/4", 240.0, HARD), ("recovery", 180.0, EASY))
        ),
        ("cool-down", 300.0, EASY),
    ]


@pytest.mark.parametrize(
    ("t_s", "name", "index", "remaining_s", "following"),
    [
        (0.0, "warm-up", 0, 60.0, "work 1/2"),
        (59.5, "warm-up", 0, 0.5, "work 1/2"),
        (60.0, "work 1/2", 1, 30.0, "recovery"),
        (149.0, "recovery", 4, 1.0, "cool-down"),
        (150.0, "cool-down", 5, 3661.0, None),
    ],
)
def test_the_step_at_a_moment_is_half_open(
    t_s: float, name: str, index: int, remaining_s: float, following: str | None
) -> None:
    now = parse_steps("1:00, 2x(0:30/0:15), 1:01:01", easy=EASY, work=HARD).at(t_s)
    assert now is not None
    assert (now.step.name, now.index, now.of) == (name, index, 6)
    assert now.remaining_s == remaining_s
    assert (None if now.next is None else now.next.name) == following


def test_after_the_last_step_there_is_none() -> None:
    steps = parse_steps("20:00", easy=None, work=None)
    assert steps.at(1199.9) is not None
    assert steps.at(1200.0) is None


@pytest.mark.parametrize(
    "text", ["", "10", "4x4:00/3:00", "0:00", "0x(4:00/3:00)", "10:00,,5:00", "9:75", "99:59:59,1"]
)
def test_what_is_no_plan_gets_one_line_that_names_it(text: str) -> None:
    with pytest.raises(BadSteps, match=r"--steps") as caught:
        parse_steps(text, easy=None, work=None)
    assert "\n" not in str(caught.value)


def test_a_ramp_has_a_warm_up_and_stages_of_two_minutes_without_a_target() -> None:
    first, *stages = ramp_steps().steps
    assert (first.name, first.duration_s) == ("warm-up", 600.0)
    assert {(step.duration_s, step.band) for step in stages} == {(120.0, None)}
