"""When to speak: the table and the vectors of SCIENCE 7, and what they leave open."""

from collections.abc import Callable

import pytest

from device.alerts import GRACE_S, Alerts, AlertState
from device.intent import Band

CEILING = Band(None, 142.0, "a test", estimate=False)
FLOOR = Band(120.0, None, "a test", estimate=False)
BOTH = Band(120.0, 142.0, "a test", estimate=False)

HeartRate = Callable[[int], float | None]


def said(hr_bpm: HeartRate, band: Band | None, *, until_s: int = 1000) -> list[tuple[int, str]]:
    """Everything that is said, as (second, kind)."""
    alerts = Alerts()
    told = [alerts.add(float(t), hr_bpm(t), band) for t in range(until_s)]
    return [(int(alert.t_s), alert.kind) for alert in told if alert is not None]


def whole_run(t: int) -> float:
    if t < 600:
        return 100 + 38 * t / 600
    for until_s, bpm in ((700, 141), (719, 145), (740, 140), (900, 145), (930, 151)):
        if t < until_s:
            return bpm
    return 136


def spike_in_the_warm_up(t: int) -> float:
    return 149.0 if 60 <= t < 100 else 120.0


def one_missing_sample(t: int) -> float | None:
    return None if t == 610 else 146.0 if t >= 600 else 120.0


VECTORS: dict[str, tuple[HeartRate, Band, str]] = {  # SCIENCE 7, computed there
    "a run": (whole_run, CEILING, "760 over, 820 repeat, 880 repeat, 920 walk, 940 back"),
    "a spike in the warm-up": (spike_in_the_warm_up, CEILING, "90 over, 110 back"),
    "under a floor": (lambda _: 115.0, FLOOR, "660 under, 840 under"),
    "one missing sample": (one_missing_sample, CEILING, "631 over, 691 repeat"),
}


@pytest.mark.parametrize("name", VECTORS)
def test_the_vectors_of_the_specification(name: str) -> None:
    hr_bpm, band, expected = VECTORS[name]
    until_s = 700 if name == "one missing sample" else 1000
    told = said(hr_bpm, band, until_s=until_s)
    assert ", ".join(f"{t_s} {kind}" for t_s, kind in told) == expected


@pytest.mark.parametrize(
    ("hr_bpm", "expected"),
    [
        (143.9, []),
        (144.0, [(620, "over"), (680, "repeat")]),
        (149.9, [(620, "over"), (680, "repeat")]),
        (150.0, [(620, "over"), (640, "walk"), (680, "repeat")]),
    ],
)
def test_it_speaks_from_the_very_beat_of_the_table(
    hr_bpm: float, expected: list[tuple[int, str]]
) -> None:
    assert said(lambda t: 120.0 if t < 600 else hr_bpm, CEILING, until_s=700) == expected


@pytest.mark.parametrize(("seconds", "spoken"), [(20, 0), (21, 1)])
def test_an_excess_shorter_than_the_dwell_is_let_pass(seconds: int, spoken: int) -> None:
    """The sample at t0 + 20 must still be over."""

    def hr_bpm(t: int) -> float:
        return 146.0 if 700 <= t < 700 + seconds else 130.0

    assert len([kind for _, kind in said(hr_bpm, CEILING) if kind == "over"]) == spoken


def test_walk_is_said_once_in_an_episode_and_again_in_the_next() -> None:
    def hr_bpm(t: int) -> float:
        return 130.0 if t < 600 or 750 <= t < 800 else 155.0

    kinds = [kind for _, kind in said(hr_bpm, CEILING, until_s=860)]
    assert kinds == ["over", "walk", "repeat", "repeat", "back", "over", "walk"]


def test_a_repeat_waits_while_the_heart_is_below_the_ceiling_and_not_yet_cleared() -> None:
    def hr_bpm(t: int) -> float:
        return 120.0 if t < 600 else 146.0 if t < 650 else 141.5 if t < 700 else 143.0

    assert said(hr_bpm, CEILING, until_s=720) == [(620, "over"), (700, "repeat")]


def test_an_easy_run_never_says_too_slow() -> None:
    assert said(lambda t: 60.0, CEILING, until_s=4000) == []


def test_nothing_is_judged_without_a_band() -> None:
    assert said(lambda t: 190.0, None) == []


def test_back_from_under_needs_to_be_inside_and_not_above() -> None:
    def hr_bpm(t: int) -> float:
        return 110.0 if t < 700 else 160.0

    kinds = [kind for _, kind in said(hr_bpm, BOTH, until_s=750)]
    assert kinds == ["under", "over", "walk"]


def test_picking_it_up_is_answered_with_back() -> None:
    assert said(lambda t: 110.0 if t < 700 else 125.0, BOTH) == [(660, "under"), (710, "back")]


# -- unknown


def test_a_lost_signal_is_said_once_after_five_seconds_and_its_return_once() -> None:
    def hr_bpm(t: int) -> float | None:
        return None if 700 <= t < 900 else 130.0

    assert said(hr_bpm, CEILING) == [(705, "signal_lost"), (900, "signal_back")]


def test_the_silence_before_the_heart_rate_went_unknown_counts() -> None:
    alerts = Alerts()
    assert alerts.add(1.0, 120.0, CEILING) is None
    told = alerts.add(6.0, None, CEILING, silent_s=5.0)
    assert told is not None
    assert (told.kind, told.hr_bpm, told.ceiling_bpm) == ("signal_lost", None, 142.0)


def test_what_was_never_heard_is_not_lost() -> None:
    assert said(lambda t: None, CEILING) == []
    assert said(lambda t: None if t < 300 else 120.0, CEILING) == []


def test_after_a_loss_an_episode_begins_anew() -> None:
    def hr_bpm(t: int) -> float | None:
        return None if 650 <= t < 670 else 146.0

    told = said(hr_bpm, CEILING, until_s=700)
    assert told == [(600 + 20, "over"), (655, "signal_lost"), (670, "signal_back"), (690, "over")]


def test_a_short_gap_within_an_episode_starts_its_timers_anew_and_says_nothing() -> None:
    def hr_bpm(t: int) -> float | None:
        return 120.0 if t < 600 else None if 650 <= t < 653 else 146.0

    assert said(hr_bpm, CEILING, until_s=720) == [(620, "over"), (713, "repeat")]


def test_the_state_that_holds_is_told_at_every_moment() -> None:
    alerts = Alerts()
    states: list[AlertState | None] = []
    for t in range(600, 760):
        hr_bpm = None if 700 <= t < 720 else 155.0 if t < 680 else 130.0
        alerts.add(float(t), hr_bpm, CEILING)
        if not states or states[-1] != alerts.state:
            states.append(alerts.state)
    assert states == [None, "over", "walk", None, "signal_lost", None]


# -- paused, and changing targets


def test_while_paused_nothing_is_said_and_afterwards_timers_begin_anew() -> None:
    alerts, told = Alerts(), []
    for t in range(600, 760):
        hr_bpm = None if 640 <= t < 660 else 146.0
        alert = alerts.add(float(t), hr_bpm, CEILING, paused=610 <= t < 700)
        if alert is not None:
            told.append((t, alert.kind))
    assert told == [(720, "over")]


def test_a_signal_lost_before_a_pause_is_back_after_it() -> None:
    alerts, told = Alerts(), []
    for t in range(600, 700):
        hr_bpm = None if 610 <= t < 640 else 130.0
        alert = alerts.add(float(t), hr_bpm, CEILING, paused=620 <= t < 660)
        if alert is not None:
            told.append((t, alert.kind))
    assert told == [(615, "signal_lost"), (660, "signal_back")]


def test_after_a_change_of_target_the_heart_is_given_time_to_follow() -> None:
    alerts, told = Alerts(), []
    for t in range(600, 800):
        alert = alerts.add(float(t), 150.0, None if t < 650 else CEILING)
        if alert is not None:
            told.append((t, alert.kind))
    first = 650 + int(GRACE_S) + 20
    assert told == [(first, "over"), (first + 20, "walk"), (first + 60, "repeat")]


def test_a_step_tells_whether_it_is_the_warm_up() -> None:
    def first_s(warm_up: bool) -> int:
        alerts = Alerts()
        return next(t for t in range(60) if alerts.add(float(t), 147.0, CEILING, warm_up=warm_up))

    assert (first_s(True), first_s(False)) == (30, 20)
