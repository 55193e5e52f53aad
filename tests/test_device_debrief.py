"""What a session was: the verdict and its numbers, worked out from stored events."""

import asyncio
import math
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import numpy as np
import pytest
import ui_debrief_scenes as scenes
from numpy.typing import NDArray

from device import debrief_words, past_session, roster
from device.athlete import Athlete
from device.debrief import Debrief
from device.folder import Places
from device.intended import Intended
from device.judged import Inside
from device.mark import SWITCHED_OFF, Mark
from device.measure import Measurement
from device.ratings import rate
from device.retrace import retrace
from device.sources import OpenedSource, parse
from device.store import Store
from hrv.drift import Drift
from hrv.refusal import Refusal
from hrv.time_in_zone import EasyVerdict
from sensors import synthetic
from sensors.events import Connected, Disconnected, HeartRateMeasurement, SensorEvent

NOW = datetime(2025, 11, 20, 7, 15, tzinfo=UTC)


def steady(
    hr_bpm: float | list[tuple[int, float]], duration_s: int, *, contact: bool | None = True
) -> list[SensorEvent]:
    """A heart like a clock: one rate, or a rate from each of some seconds on."""
    levels = hr_bpm if isinstance(hr_bpm, list) else [(0, hr_bpm)]
    found: list[SensorEvent] = [Connected("strap", t_s=0.1)]
    beat_s = 0.0
    for second in range(1, duration_s + 1):
        ticks = []
        while True:
            rate_bpm = [bpm for from_s, bpm in levels if from_s <= beat_s][-1]
            if beat_s + 60.0 / rate_bpm > second:
                break
            ticks.append(round(1024 * 60.0 / rate_bpm))
            beat_s += ticks[-1] / 1024
        found.append(HeartRateMeasurement(None, tuple(ticks), contact, t_s=float(second)))
    return found


def told(happened: list[SensorEvent], **more: object) -> Debrief:
    return scenes.told(happened, **more)  # type: ignore[arg-type]


# -- the verdict


@pytest.mark.parametrize(
    ("levels", "sentence"),
    [
        ([(0, 120.0), (600, 140.0)], "easy: 100 % under your ceiling, no drift"),
        (
            [(0, 120.0), (600, 138.0), (3000, 155.0)],
            "mostly easy: 80 % under your ceiling, drifted 5 % in the second half",
        ),
        (
            [(0, 120.0), (600, 155.0), (3000, 138.0)],
            "not easy: 20 % under your ceiling, fell 4 % in the second half",
        ),
    ],
)
def test_an_easy_run_is_judged_by_its_ceiling_after_the_warm_up(levels, sentence) -> None:
    assert debrief_words.verdict(told(steady(levels, 3600))) == sentence


def test_a_share_that_is_just_not_enough_is_not_rounded_up_to_it() -> None:
    easy = EasyVerdict("mostly easy", 89.97, 140.0, 0.0)
    sentence = debrief_words.verdict(replace(told(steady(130.0, 700)), judged=easy))
    assert sentence.startswith("mostly easy: 89 %")


def test_a_few_minutes_so_hard_that_the_mean_is_over_are_told_as_such() -> None:
    easy = EasyVerdict("not easy", 92.0, 149.0, 0.0)
    sentence = debrief_words.verdict(replace(told(steady(130.0, 700)), judged=easy))
    assert sentence == "not easy: 92 % under your ceiling, but 149 bpm in the mean"


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"purpose": "ramp"}, "a ramp looks for thresholds and has no range to keep to"),
        ({"purpose": "morning", "ceiling_bpm": None}, "a morning test is no run"),
        ({"ceiling_bpm": None}, "no ceiling was known"),
        ({"purpose": "tempo", "ceiling_bpm": None}, "no range was known"),
    ],
)
def test_what_cannot_be_judged_says_why(change, sentence) -> None:
    said = debrief_words.verdict(told(steady(140.0, 900), **change))
    assert said.startswith(f"no verdict: {sentence}")


@pytest.mark.parametrize("purpose", ["easy", "steady"])
def test_a_session_that_ends_in_the_warm_up_has_no_verdict(purpose) -> None:
    said = debrief_words.verdict(told(steady(140.0, 500), purpose=purpose))
    assert said == "no verdict: nothing was recorded after the warm-up"


@pytest.mark.parametrize("purpose", ["easy", "tempo"])
def test_with_a_fifth_of_the_run_unknown_there_is_no_verdict(purpose) -> None:
    happened = [one for one in steady(140.0, 1800) if not 1000 <= one.t_s < 1400]
    said = debrief_words.verdict(told(happened, purpose=purpose))
    assert said == "no verdict: heart rate is unknown for 33 % of the run"


def test_a_steady_run_is_judged_by_its_range() -> None:
    happened = steady([(0, 140.0), (600, 149.0), (1200, 160.0), (1500, 130.0)], 1800)
    judged = told(happened, purpose="steady", floor_bpm=142.0, ceiling_bpm=151.0).judged
    assert isinstance(judged, Inside)
    shares = (judged.inside_pct, judged.over_pct, judged.under_pct)
    assert shares == pytest.approx((50.0, 25.0, 25.0), abs=1.0)


def test_intervals_are_judged_by_their_work_alone_and_from_a_minute_into_it() -> None:
    happened = steady([(0, 120.0), (640, 170.0), (840, 130.0)], 1500)
    marks = [Mark(1.0, "step", "warm-up"), Mark(600.0, "step", "work 1/1")]
    marks.append(Mark(840.0, "step", "recovery"))
    whole = told(happened, purpose="intervals", floor_bpm=160.0, ceiling_bpm=None, marks=marks)
    assert debrief_words.verdict(whole) == "100 % of the work inside your range"


def test_a_pause_is_neither_judged_nor_counted() -> None:
    happened = steady([(0, 140.0), (900, 170.0), (1200, 140.0)], 1800)
    marks = [Mark(900.0, "pause"), Mark(1205.0, "resume")]
    paused = told(happened, marks=marks)
    assert paused.moving_s == pytest.approx(1800 - 305, abs=2)
    assert paused.retrace.paused_s == pytest.approx(305, abs=1)
    assert isinstance(paused.judged, EasyVerdict)
    assert paused.judged.below_pct > 99.0


# -- drift, load, recovery


def test_drift_is_refused_where_the_effort_was_not_steady() -> None:
    waves: list[tuple[int, float]] = [(0, 120.0)]
    waves += [(start, 165.0 if start % 600 else 105.0) for start in range(600, 3600, 300)]
    found = told(steady(waves, 3600)).drift
    assert isinstance(found, Refusal)
    assert found.name == "unsteady_effort"


@pytest.mark.parametrize("purpose", ["intervals", "ramp"])
def test_drift_is_not_looked_for_where_no_steady_effort_was_meant(purpose) -> None:
    found = told(steady(140.0, 3600), purpose=purpose).drift
    assert isinstance(found, Refusal)
    assert found.name == "unsteady_effort"


def test_drift_of_a_steady_run_says_what_it_assumes() -> None:
    found = told(steady([(0, 130.0), (2100, 136.5)], 3600)).drift
    assert isinstance(found, Drift)
    assert found.pct == pytest.approx(5.0, abs=0.1)
    assert found.caveat == "assumes steady effort"


def test_trimp_is_that_of_the_science() -> None:
    """45 min at 140 of 55 to 185: 66.08 for men, 75.41 for women (SCIENCE 8)."""
    happened = steady(140.0, 2700)
    for sex, expected in (("male", 66.0807), ("female", 75.4054)):
        one = Athlete("A", sex=sex, resting_bpm=55.0, max_bpm=185.0)  # type: ignore[arg-type]
        assert told(happened, athlete=one).trimp == pytest.approx(expected, rel=0.003)


@pytest.mark.parametrize(
    ("athlete", "lacks"),
    [
        (Athlete("A", resting_bpm=50.0, max_bpm=190.0), "your profile lacks sex"),
        (
            Athlete("A", sex="male"),
            "your profile lacks resting heart rate, highest heart rate",
        ),
    ],
)
def test_trimp_says_what_it_lacks(athlete, lacks) -> None:
    found = told(steady(140.0, 700), athlete=athlete).trimp
    assert found == Refusal("unknown_athlete", lacks)


def falling(from_bpm: float, to_bpm: float, end_s: int) -> list[tuple[int, float]]:
    """Hard until ``end_s``, then down over 40 s."""
    step = (from_bpm - to_bpm) / 40
    return [(0, 120.0), (300, from_bpm)] + [
        (end_s + n, from_bpm - step * (n + 1)) for n in range(40)
    ]


def test_recovery_is_the_fall_in_the_minute_after_the_effort() -> None:
    found = told(steady(falling(172.0, 138.0, 1200), 1500)).recovery
    assert found is not None
    assert found.hrr60_bpm == pytest.approx(34.0, abs=1.0)
    assert found.end_s == pytest.approx(1200, abs=10)
    assert not found.marked


def test_where_the_athlete_paused_the_effort_ended_there() -> None:
    found = told(steady(falling(172.0, 138.0, 1200), 1500), marks=[Mark(1203.0, "pause")]).recovery
    assert found is not None
    assert (found.end_s, found.marked) == (1203.0, True)


def test_a_run_that_never_let_up_has_no_recovery() -> None:
    assert told(steady(150.0, 1500)).recovery is None


def test_false_beats_make_no_recovery_and_no_highest_heart_rate() -> None:
    rng = np.random.default_rng(3)
    happened: list[SensorEvent] = [Connected("strap", t_s=0.1)]
    for second in range(1, 1500):
        ticks = tuple(int(t) for t in rng.integers(330, 900, 2))
        happened.append(HeartRateMeasurement(None, ticks, True, t_s=float(second)))
    found = told(happened)
    assert found.recovery is None
    assert found.highest_hr_bpm is None


# -- time without data


def test_every_stretch_without_heart_rate_is_named() -> None:
    found = [(one.cause, one.reason) for one in told(scenes.events()).blanks]
    assert found == [
        ("not begun", "before the first heartbeats"),
        ("lost", "strap lost: the strap went out of range"),
        ("silent", "linked, but no heartbeat came"),
    ]
    lost = told(scenes.events()).blanks[1]
    assert lost.from_s == pytest.approx(scenes.LOST_S.start, abs=6)
    assert lost.to_s == pytest.approx(scenes.LOST_S.stop, abs=6)


def test_a_strap_without_contact_is_named() -> None:
    happened = steady(140.0, 300)
    off = [replace(one, rr_ticks=(), contact=False) if 100 < one.t_s < 160 else one
           for one in happened if isinstance(one, HeartRateMeasurement)]  # fmt: skip
    assert "no contact" in [one.cause for one in told([happened[0], *off]).blanks]


def test_the_time_in_which_the_program_was_off_is_named() -> None:
    later = [replace(one, t_s=one.t_s + 400.0) for one in steady(140.0, 300)]
    marks = [Mark(300.0, "pause", SWITCHED_OFF), Mark(400.0, "resume", SWITCHED_OFF)]
    happened = [*steady(140.0, 300), *later]
    found = [one for one in told(happened, marks=marks).blanks if one.cause == "off"]
    assert [one.reason for one in found] == ["Beatwise was switched off"]
    assert found[0].to_s == pytest.approx(400.0, abs=5)


def test_a_silent_end_belongs_to_the_session() -> None:
    found = told(steady(140.0, 700), ended_s=800.0)
    assert found.retrace.duration_s == 800.0
    assert found.blanks[-1].to_s == 800.0


def test_nothing_at_all_is_a_session_too() -> None:
    found = told([])
    assert (found.mean_hr_bpm, found.highest_hr_bpm, found.recovery) == (None, None, None)
    assert found.blanks == ()
    assert debrief_words.verdict(found) == "no verdict: nothing was recorded after the warm-up"


def test_a_strap_that_was_never_found_is_named_to_the_end() -> None:
    found = told([Disconnected("Bluetooth is off", t_s=1.0)], ended_s=90.0)
    (one,) = found.blanks
    assert (one.from_s, one.to_s, one.cause) == (0.0, 90.0, "not begun")


# -- from the store


@pytest.fixture
def data(tmp_path: Path) -> Path:
    roster.save(tmp_path, scenes.ANNA)
    return tmp_path


async def lived(store: Store, duration_s: float, **more: object) -> NDArray[np.float64]:
    """Measure the simulated athlete into the store; returns the heart rates that were shown."""
    shown = [math.nan]

    def start(_: int):
        return partial(
            synthetic.beat,
            seed=5,
            speed=math.inf,
            duration_s=duration_s,
            trouble=synthetic.Trouble(),
        )

    intended = Intended(
        athlete="Anna",
        purpose="easy",  # type: ignore[arg-type]
        band=None,
        zones=None,
        source=OpenedSource(parse("sim@max"), start, None),
        started=NOW,
        **more,  # type: ignore[arg-type]
    )
    run = Measurement(intended, store)

    def show(event: SensorEvent, reading) -> None:
        if type(event).__name__ == "Elapsed":
            shown.append(math.nan if reading.hr_bpm is None else reading.hr_bpm)

    await asyncio.wait_for(run.run(show), 60)
    return np.array(shown)


async def test_the_heart_rate_from_the_store_is_the_one_that_was_shown(data: Path) -> None:
    with Store.open(Places(data).database, now=NOW) as store:
        shown = await lived(store, 400.0)
        found = past_session.look(store, data, 1)
    np.testing.assert_allclose(found.retrace.hr_bpm, shown, rtol=1e-6)
    assert found.zones is not None
    assert found.rpe_asked is False


async def test_a_rating_is_kept_and_told(data: Path) -> None:
    with Store.open(Places(data).database, now=NOW) as store:
        await lived(store, 400.0)
        rate(store, 1, None)
        asked = past_session.look(store, data, 1)
        rate(store, 1, 4.0)
        answered = past_session.look(store, data, 1)
    assert (asked.rpe_cr10, asked.rpe_asked, asked.session_load) == (None, True, None)
    assert answered.rpe_cr10 == 4.0
    assert answered.session_load == pytest.approx(4.0 * answered.moving_s / 60)


async def test_who_is_no_longer_here_keeps_the_sessions(data: Path) -> None:
    with Store.open(Places(data).database, now=NOW) as store:
        await lived(store, 100.0)
        for file in (data / "athletes").glob("*.toml"):
            file.unlink()
        found = past_session.look(store, data, 1)
    assert found.zones is None
    assert isinstance(found.trimp, Refusal)


def test_a_session_cut_off_ends_with_its_last_event() -> None:
    assert retrace(steady(140.0, 60), until_s=None).duration_s == 60.0
