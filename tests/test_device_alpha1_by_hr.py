"""α1 by heart rate: summed up in a session, kept with it, and set beside that of earlier runs."""

import asyncio
import math
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest

from device import past_session
from device.alpha1_by_hr import Alpha1ByHr
from device.folder import Places
from device.history import SessionStart
from device.intended import Intended
from device.measure import Measurement
from device.purpose import Purpose
from device.reading import Reading, RecentBeat
from device.session import METHOD_VERSION
from device.sources import OpenedSource, parse
from device.store import Store
from hrv.alpha1_shift import LEAST_POINTS, Alpha1AtHr, Alpha1Shift
from hrv.refusal import Refusal
from sensors import synthetic
from ui import debrief_facts
from ui.debrief_json import as_json

NOW = datetime(2025, 11, 20, 7, 15, tzinfo=UTC)


def reading(
    running_s: float, hr_bpm: float = 137.0, alpha1: float | None = 1.0, flagged: int = 0
) -> Reading:
    beats = tuple(
        RecentBeat(at * 0.4, 60_000 / hr_bpm, normal=at >= flagged, gap_before=False)
        for at in range(100)
    )
    return Reading(running_s, hr_bpm=hr_bpm, dfa_alpha1=alpha1, recent=beats, running_s=running_s)


def summed(*readings: Reading) -> tuple[Alpha1AtHr, ...]:
    sums = Alpha1ByHr()
    for one in readings:
        sums.add(one)
    return sums.found()


def test_a_point_every_5_s_goes_to_the_bin_of_its_heart_rate() -> None:
    found = summed(
        reading(600.0, 139.0, 0.9),
        reading(604.0, 139.0, 5.0),
        reading(605.0, 136.0, 1.1),
        reading(610.0, 141.0, 0.8),
    )
    assert found == (Alpha1AtHr(135, 1.0, 2), Alpha1AtHr(140, 0.8, 1))


@pytest.mark.parametrize(
    "left_out",
    [
        reading(599.0),
        reading(2400.0),
        reading(700.0, alpha1=None),
        reading(700.0, flagged=4),
        replace(reading(700.0), paused=True),
        replace(reading(700.0), recent=()),
        replace(reading(700.0), hr_bpm=None),
    ],
)
def test_warm_up_late_hours_pauses_and_bad_beats_are_left_out(left_out: Reading) -> None:
    assert summed(left_out) == ()
    assert len(summed(reading(700.0, flagged=3))) == 1


def keep(store: Store, alpha1: float, **changes: object) -> None:
    """A run of the past as its summary tells it."""
    start = SessionStart(
        athlete="Anna",
        purpose="easy",
        source="sim:1@max",
        beatwise_version="0",
        method_version=METHOD_VERSION,
    )
    at = [
        {"from_bpm": from_bpm, "dfa_alpha1": alpha1, "n": LEAST_POINTS}
        for from_bpm in range(100, 180, 5)
    ]
    writer = store.begin(replace(start, **changes))  # type: ignore[arg-type]
    writer.finish("finished", ended_s=2000.0, summary={"alpha1_at_hr": at})
    assert store.commit() is None


OTHERS: tuple[dict[str, str | None], ...] = (
    {"purpose": "intervals"},
    {"purpose": "ramp"},
    {"purpose": "morning"},
    {"athlete": "Ben"},
    {"athlete": None},
    {"source": "ble"},
    {"method_version": "0"},
)
"""What makes a run another than those that are compared."""


async def live(store: Store, purpose: Purpose = Purpose.EASY) -> None:
    """Half an hour of the simulated athlete."""

    def start(_: int):
        steady = synthetic.Trouble()
        return partial(synthetic.beat, seed=5, speed=math.inf, duration_s=1800.0, trouble=steady)

    source = OpenedSource(parse("sim:5@max"), start, None)
    intended = Intended(
        athlete="Anna", purpose=purpose, band=None, zones=None, source=source, started=NOW
    )
    await asyncio.wait_for(Measurement(intended, store).run(lambda event, reading: None), 60)


async def test_ten_runs_whose_alpha_1_moved_are_told_and_no_others(tmp_path: Path) -> None:
    with Store.open(Places(tmp_path).database, now=NOW) as store:
        await live(store)
        stored = store.session(1).summary
        assert stored is not None
        first = past_session.look(store, tmp_path, 1)
        own = first.retrace.summary.alpha1_at_hr
        # What was kept while it ran is what its beats say afterwards, but for where in the five
        # seconds a point fell.
        kept = {one["from_bpm"]: one for one in stored["alpha1_at_hr"]}
        for one in own:
            if one.n >= 20:
                assert kept[one.from_bpm]["dfa_alpha1"] == pytest.approx(one.dfa_alpha1, abs=0.02)
                assert kept[one.from_bpm]["n"] == pytest.approx(one.n, abs=2)
        assert max(one.n for one in own) >= LEAST_POINTS
        alpha1 = max(own, key=lambda one: one.n).dfa_alpha1

        for runs_ago in range(9, 0, -1):
            keep(store, alpha1 + 0.03 * runs_ago)
            if runs_ago == 5:
                for change in OTHERS:
                    keep(store, 3.0, **change)
        await live(store)
        told = past_session.look(store, tmp_path, 18)
        await live(store, Purpose.INTERVALS)
        none = past_session.look(store, tmp_path, 19)

    assert isinstance(first.alpha1_shift, Refusal)
    assert first.alpha1_shift.name == "too_few_runs"
    assert as_json(first)["no_alpha1_shift"] == first.alpha1_shift.reason
    assert "alpha 1" not in dict(debrief_facts.facts(first))
    assert isinstance(told.alpha1_shift, Alpha1Shift)
    at_bpm = told.alpha1_shift.from_bpm
    assert as_json(told)["alpha1_shift"] == pytest.approx(-0.27)
    assert as_json(told)["alpha1_shift_at_bpm"] == (at_bpm, at_bpm + 5)
    assert as_json(told)["alpha1_shift_flagged"] is True
    assert dict(debrief_facts.facts(told))["alpha 1"] == (
        f"fell by 0.27 at {at_bpm} to {at_bpm + 5} bpm over 10 runs;"
        " a ramp would tell whether your threshold moved"
    )
    assert dict(debrief_facts.short_facts(told))["alpha 1"] == "-0.27 in 10 runs: try a ramp"
    assert none.alpha1_shift == Refusal(
        "unsteady_effort", "steady runs are compared, and this is none"
    )
