"""23 real mornings with their arrival times, replayed through the whole way into one history."""

import importlib.util
import math
from collections import Counter
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest

from device.history import open_history
from device.morning_history import mornings as stored_mornings
from hrv.baseline import Stage
from hrv.morning_test import MorningTest
from hrv.readiness import assess

SCRIPT = Path(__file__).with_name("validation") / "mornings.py"


@pytest.fixture(scope="module")
def replayed(shared_data, tmp_path_factory):
    """The mornings, and the history they make."""
    spec = importlib.util.spec_from_file_location("mornings", SCRIPT)
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    home = tmp_path_factory.mktemp("mornings")
    taken = script.replayed(shared_data, home)
    with open_history(home / "beatwise.db") as history:
        return taken, stored_mornings(history, "Anonymous"), script.report(taken)


def test_all_of_them_are_in_the_history_each_under_its_own_day(replayed):
    taken, kept, _ = replayed
    assert len(taken) == len(kept) == 23
    days = [one.day for one in kept]
    assert days == [one.taken.date() for one in taken]
    assert (days[0], days[-1]) == (date(2023, 2, 8), date(2023, 3, 4))
    assert all(before < after for before, after in pairwise(days))
    late = [one.day for one in kept if not one.on_schedule]
    assert late == [date(2023, 3, 4)], "08:24, two hours and a half after the usual time"
    assert {one.protocol for one in kept} == {"quick supine free chest 1"}


def test_most_are_accepted_and_the_others_say_why_they_are_not(replayed):
    _, kept, _ = replayed
    refused = [one for one in kept if one.outcome == "refused"]
    assert len(refused) == 3
    for one in refused:
        assert (one.rmssd_ms, one.hr_bpm) == (None, None)
        assert "the recording ended before the test did" in one.problem
        assert "halves disagree" in one.problem
    for one in kept:
        if one.outcome == "accepted":
            assert 43.0 < one.hr_bpm < 55.0
            assert one.artefact_pct <= 5.0
            assert one.detail["pairs"] >= 30


def test_the_numbers_are_those_of_the_files_beats(replayed):
    # Witness: RMSSD of the file's own rows that arrived within the recording, nothing marked.
    taken, _, _ = replayed
    clean = [
        one
        for one in taken
        if one.told["outcome"] == "accepted" and one.told["artefact_pct"] == 0.0
    ]
    assert len(clean) >= 8
    for one in clean:
        assert one.told["rmssd_ms"] == pytest.approx(one.plain_rmssd_ms(), rel=0.06), one.name
    apart = [math.log(one.told["rmssd_ms"] / one.plain_rmssd_ms()) for one in clean]
    assert abs(sum(apart) / len(apart)) < 0.02


def test_each_day_has_its_verdict_with_the_reason(replayed):
    taken, _, report = replayed
    assert Counter(one.asked["verdict"] for one in taken) == {"GREEN": 12, "GREY": 10, "AMBER": 1}
    assert [one.asked["n"] for one in taken[:8]] == [0, 1, 2, 3, 4, 5, 6, 6]
    assert [one.asked["rule"] for one in taken[:9]] == [*["R4"] * 6, "R3", "R4", "R16"]
    for one in taken:
        assert one.asked["reason"]
        assert one.asked["ceiling_bpm"] == 140.0
        assert f"{one.taken:%Y-%m-%d}" in report


def test_what_was_said_in_the_morning_is_what_is_said_afterwards(replayed):
    taken, kept, _ = replayed
    for one, row in zip(taken, kept, strict=True):
        same = ("rule", "verdict", "n", "baseline_mean_ln_rmssd", "l7_ln_rmssd", "reason")
        assert {key: one.told[key] for key in same} == {key: one.asked[key] for key in same}
        assert (row.rule, row.verdict.value) == (one.asked["rule"], one.asked["verdict"])


def test_the_baseline_is_that_of_the_days_before_and_of_no_other(replayed):
    taken, kept, _ = replayed
    for i, one in enumerate(taken):
        before = [
            MorningTest(row.day.toordinal(), row.rmssd_ms, row.hr_bpm)
            for row in kept[:i]
            if row.outcome == "accepted"
        ]
        expected = assess(one.taken.date().toordinal(), before).baseline
        assert one.asked["n"] == expected.n == len(before)
        assert one.asked["stage"] == expected.stage
        assert one.asked["baseline_mean_ln_rmssd"] == expected.mean_ln_rmssd
    assert expected.stage is Stage.PROVISIONAL
