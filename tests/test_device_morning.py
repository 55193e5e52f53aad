"""The phases of the morning test: when it starts, goes on, accepts, extends and refuses."""

import math
from dataclasses import replace
from itertools import pairwise

import pytest

from device.morning import MorningTest, MorningView, Protocol, Result, protocol
from device.morning_advice import NOT_FOUND, SENDS_NO_RR
from hrv.time_domain import rmssd
from sensors.events import (
    BodyLocation,
    Connected,
    Elapsed,
    HeartRateMeasurement,
    Searching,
    SensorEvent,
    StrapDetails,
)
from sensors.pacing import with_seconds
from sensors.synthetic import NO_TROUBLE, Trouble, events
from sensors.synthetic_effort import SCENARIOS
from sensors.synthetic_heart import Heart

SITTING = Heart(seed=3, effort=SCENARIOS["morning"])
QUICK, STANDARD = protocol("quick"), protocol()


def morning(trouble: Trouble = NO_TROUBLE, *, heart: Heart = SITTING, for_s: float = 700.0):
    """What a strap on a resting athlete makes a listener see."""
    return list(with_seconds(events(heart, trouble, for_s)))


def taken(
    seen: list[SensorEvent], how: Protocol = STANDARD, *, alone: bool = True
) -> list[MorningView]:
    """The views of a whole test, up to the first that is done."""
    test = MorningTest(how, start_when_ready=alone)
    views = []
    for event in seen:
        views.append(test.add(event))
        if views[-1].phase == "done":
            return views
    return [*views, test.end("the recording ended before the test did")]


def result_of(seen: list[SensorEvent], how: Protocol = STANDARD) -> Result:
    result = taken(seen, how)[-1].result
    assert result is not None
    return result


def phases(views: list[MorningView]) -> list[str]:
    return [
        after.phase
        for before, after in pairwise([None, *views])
        if after.phase != (before and before.phase)
    ]


def frames(rr_ms: list[float], *, bpm: int = 60, contact: bool | None = True):
    """A strap that sends one interval a frame, when its beat falls."""
    yield Connected("a strap")
    t_s = 0.0
    for interval_ms in rr_ms:
        t_s += interval_ms / 1000.0
        yield HeartRateMeasurement(
            bpm, (round(interval_ms * 1.024),), contact=contact, t_s=t_s + 0.03
        )


def beating(rr_ms: list[float], **said) -> list[SensorEvent]:
    return list(with_seconds(frames(rr_ms, **said)))


def wobble(n: int, mean_ms: float = 1000.0, by_ms: float = 30.0) -> list[float]:
    """A heart that breathes: plausible, and the same everywhere."""
    return [mean_ms + by_ms * math.sin(1.7 * i) + 4.0 * math.sin(0.3 * i) for i in range(n)]


# -- the ordinary morning


@pytest.mark.parametrize(
    ("how", "expected", "lasts_s"),
    [
        (QUICK, ["preview", "settle", "record", "done"], 120.0),
        (STANDARD, ["preview", "settle", "record", "done"], 180.0),
        (protocol("long"), ["preview", "settle", "record", "done"], 360.0),
        (
            protocol("orthostatic"),
            ["preview", "settle", "record", "stand_up", "stand_settle", "stand_record", "done"],
            360.0,
        ),
    ],
    ids=lambda value: getattr(value, "name", None),
)
def test_a_clean_morning_goes_through_its_phases_and_takes_as_long_as_said(how, expected, lasts_s):
    views = taken(morning(), how)
    assert phases(views) == expected
    started_s = next(view.t_s for view in views if view.phase == "settle")
    assert views[-1].t_s - started_s == pytest.approx(lasts_s, abs=1.0)
    assert how.total_s == lasts_s
    result = views[-1].result
    assert result.outcome == "accepted"
    assert result.reasons == ()
    assert result.confidence == ("low" if how.name == "quick" else "full")


def test_the_number_is_that_of_the_recorded_beats_and_of_no_others():
    result = result_of(morning())
    truth = SITTING.truth(700.0)
    expected_ms = truth.rmssd_ms(result.record_from_s, result.record_to_s)
    assert result.rmssd_ms == pytest.approx(expected_ms, rel=0.01)
    assert result.ln_rmssd == pytest.approx(math.log(result.rmssd_ms))
    assert result.hr_bpm == pytest.approx(
        truth.hr_bpm(result.record_from_s, result.record_to_s), rel=0.005
    )
    assert result.record_to_s - result.record_from_s == 120.0
    assert result.counts.sum_rr_s == pytest.approx(120.0, abs=2.0)
    assert result.counts.elapsed_s == 120.0


def test_each_change_has_its_cue_in_one_view_only():
    views = taken(morning(), protocol("orthostatic"))
    cues = [(view.phase, view.cue) for view in views if view.cue is not None]
    assert cues == [
        ("settle", "start"),
        ("record", "change"),
        ("stand_up", "stand"),
        ("stand_settle", "change"),
        ("stand_record", "change"),
        ("done", "end"),
    ]


def test_the_countdown_never_jumps_and_ends_at_nothing():
    views = [view for view in taken(morning()) if view.phase == "record"]
    assert views[0].total_s == 120.0
    left_s = [view.remaining_s for view in views]
    assert left_s == sorted(left_s, reverse=True)
    assert left_s[-1] < 1.0


@pytest.mark.parametrize("trouble", [Trouble(), Trouble(ectopic_pct=4.0, late_pct=5.0)])
def test_the_result_does_not_depend_on_how_finely_time_is_told(trouble):
    seen = list(events(SITTING, trouble, 700.0))
    told_seconds = result_of(list(with_seconds(seen)))
    assert result_of([event for event in seen if not isinstance(event, Elapsed)]) == told_seconds
    halves = [Elapsed(n / 2) for n in range(1400)]
    merged = sorted([*seen, *halves], key=lambda event: (event.t_s, isinstance(event, Elapsed)))
    assert result_of(merged) == told_seconds


# -- before the clock


def test_the_clock_waits_for_the_key_and_for_rr_that_flows():
    test = MorningTest(STANDARD)
    seen = morning(for_s=60.0)
    views = [test.add(event) for event in seen]
    assert {view.phase for view in views} == {"preview"}
    assert views[-1].ready
    assert not any(view.ready for view in views if view.t_s < 5.0)
    test.start()
    assert test.add(Elapsed(60.5)).phase == "preview", "it begins with a frame"
    assert test.add(replace(seen[-2], t_s=60.9)).phase == "settle"


def test_a_key_pressed_too_early_counts_as_soon_as_it_can():
    test = MorningTest(STANDARD)
    test.start()
    views = [test.add(event) for event in morning(for_s=30.0)]
    early = [view for view in views if view.t_s < 5.0]
    assert all(view.armed and view.phase == "preview" for view in early)
    assert views[-1].phase == "settle"


def test_where_no_strap_is_found_it_says_what_to_try_in_order():
    test = MorningTest(STANDARD)
    test.add(Searching("looking for a strap"))
    assert test.add(Elapsed(2.0)).advice == ()
    advice = test.add(Elapsed(6.0)).advice
    assert advice == NOT_FOUND
    for word, words in zip(
        ("moisten", "wear", "two connections", "battery", "metres"), advice, strict=True
    ):
        assert word in words


def test_nobody_waits_for_ever_where_nobody_is_there():
    result = result_of([Searching("looking for a strap"), *map(Elapsed, map(float, range(400)))])
    assert result.outcome == "refused"
    assert result.reasons == ("no strap was found within 180 s",)


@pytest.mark.parametrize(
    ("details", "words"),
    [
        (StrapDetails(12, BodyLocation.CHEST, t_s=0.9), ("battery of the strap is at 12 %",)),
        (StrapDetails(20, None, t_s=0.9), ("where it is worn", "20 %")),
        (StrapDetails(21, BodyLocation.CHEST, t_s=0.9), ()),
    ],
)
def test_preview_warns_of_a_weak_battery_and_of_a_sensor_that_hides_its_place(details, words):
    seen = [event for event in morning(for_s=40.0) if not isinstance(event, StrapDetails)]
    views = taken([*seen[:3], details, *seen[3:]], alone=False)
    advice = views[-2].advice
    assert len(advice) == len(words)
    assert all(word in said for word, said in zip(words, advice, strict=True))


def test_a_link_that_is_lost_while_settling_begins_settling_anew():
    views = taken(morning(Trouble(drops=((30.0, 50.0),))))
    assert phases(views) == ["preview", "settle", "preview", "settle", "record", "done"]
    assert views[-1].result.outcome == "accepted"


# -- a sensor that cannot serve


@pytest.mark.parametrize("location", [one for one in BodyLocation if one is not BodyLocation.CHEST])
def test_a_sensor_that_is_not_worn_on_the_chest_is_refused_with_the_reason(location):
    seen = [
        replace(event, body_location=location) if isinstance(event, StrapDetails) else event
        for event in morning()
    ]
    result = result_of(seen)
    assert result.outcome == "refused"
    assert "refused for this test" in result.reasons[0]
    waiting = taken(seen, alone=False)
    assert waiting[-2].phase == "preview"
    assert waiting[-2].optical
    assert waiting[-2].advice == result.reasons


def test_an_armband_that_sends_no_rr_is_refused_and_a_slow_heart_is_not():
    silent = [Connected("an armband")]
    silent += [HeartRateMeasurement(60, (), t_s=float(s)) for s in range(1, 60)]
    result = result_of(list(with_seconds(silent)))
    assert result.reasons == (SENDS_NO_RR,)
    slow = result_of(beating(wobble(200, 1900.0, 40.0), bpm=32))
    assert slow.outcome == "accepted"


def test_a_sensor_that_stops_sending_rr_in_the_middle_is_refused_for_that():
    seen = [
        replace(event, rr_ticks=())
        if isinstance(event, HeartRateMeasurement) and event.t_s > 100.0
        else event
        for event in morning()
    ]
    result = result_of(seen)
    assert result.outcome == "refused"
    assert result.reasons == (SENDS_NO_RR,)
    assert result.counts.n_beats > 20


def test_firmware_that_smooths_is_refused():
    steps = [1000.0 + 25.0 * (i // 3 % 4) for i in range(300)]
    result = result_of(beating(steps))
    assert result.outcome == "refused"
    assert "identical" in result.reasons[0]
    assert result.counts.identical_pct == pytest.approx(66.7, abs=1.0)


def test_a_strap_that_counts_in_ms_is_taken_as_such_throughout():
    rr_ms = wobble(400)
    proper = result_of(beating(rr_ms))
    seen = [
        replace(event, rr_ticks=tuple(round(ticks / 1.024) for ticks in event.rr_ticks))
        if isinstance(event, HeartRateMeasurement)
        else event
        for event in beating(rr_ms)
    ]
    result = result_of(seen)
    assert result.outcome == "accepted"
    assert result.rmssd_ms == pytest.approx(proper.rmssd_ms, rel=0.01)
    assert result.hr_bpm == pytest.approx(60.0, abs=0.2)


# -- trouble while recording


@pytest.mark.parametrize(
    ("trouble", "word"),
    [
        (Trouble(drops=((100.0, 130.0),)), "no beats for"),
        (Trouble(silences=((100.0, 112.0),)), "no beats for"),
        (Trouble(no_contact=((100.0, 108.0),)), "no skin contact"),
        (Trouble(ectopic_pct=12.0), "artefacts"),
        (Trouble(lost_pct=25.0), "artefacts"),
    ],
    ids=["drops", "falls silent", "off the skin", "ectopic", "loses frames"],
)
def test_what_breaks_up_is_refused_with_counts_and_never_becomes_a_number(trouble, word):
    result = result_of(morning(trouble))
    assert result.outcome == "refused"
    assert word in result.reasons[0]
    assert any(letter.isdigit() for letter in result.reasons[0])
    assert (result.rmssd_ms, result.ln_rmssd, result.hr_bpm) == (None, None, None)
    assert result.problem == "; ".join(result.reasons)
    assert result.counts.n_beats > 0


@pytest.mark.parametrize(
    ("trouble", "expected"),
    [
        (Trouble(drops=((100.0, 130.0),)), "the link is lost"),
        (Trouble(silences=((100.0, 112.0),)), "nothing heard for"),
        (Trouble(no_contact=((100.0, 108.0),)), "no skin contact: moisten the strap"),
        (Trouble(ectopic_pct=12.0), "signal breaks up: moisten the strap, sit still"),
    ],
)
def test_trouble_names_one_cause_and_one_cure_while_it_lasts(trouble, expected):
    advice = {
        view.advice for view in taken(morning(trouble)) if view.phase == "record" and view.advice
    }
    assert all(len(said) == 1 for said in advice)
    assert any(said[0].startswith(expected) for said in advice)


def test_a_strap_that_doubles_its_frames_changes_nothing():
    doubled, plain = (
        result_of(morning(trouble)) for trouble in (Trouble(doubled_pct=30.0), Trouble())
    )
    assert doubled.rmssd_ms == pytest.approx(plain.rmssd_ms, rel=1e-9)
    assert doubled.counts.doubled > 20
    assert doubled.counts.sum_rr_s == plain.counts.sum_rr_s


@pytest.mark.parametrize(("late_s", "unpaired"), [(1.9, 0), (2.9, 1)])
def test_frames_that_are_only_late_lose_no_beats_and_no_time(late_s, unpaired):
    # After three seconds of silence a junction is never paired again, though nothing was lost.
    seen = [
        replace(event, t_s=100.0 + late_s + 0.004 * (event.t_s - 100.0))
        if 100.0 < event.t_s < 99.6 + late_s
        else event
        for event in frames(wobble(300))
    ]
    views = taken(list(with_seconds(seen)))
    counts = views[-1].result.counts
    assert max(view.counts.gaps for view in views) == 1, "until it is decided, it may be one"
    assert (counts.gap_s, counts.lost_beats, counts.artefact_pct) == (0.0, 0, 0.0)
    assert counts.gaps == unpaired
    assert counts.pairs == counts.n_beats - 1 - unpaired


def test_a_short_loss_of_contact_is_no_reason_to_refuse():
    result = result_of(morning(Trouble(no_contact=((100.0, 102.0),))))
    assert result.outcome == "accepted"
    assert 0.0 < result.counts.contact_lost_s <= 5.0


def test_no_difference_is_taken_across_a_gap_or_an_artefact():
    clean = wobble(400)
    spoilt = clean.copy()
    spoilt[100] += 400.0  # a beat came too late; its neighbours are as they were
    test = MorningTest(STANDARD, start_when_ready=True)
    for event in beating(spoilt):
        test.add(event)
    result = test.result
    first = next(
        i for i in range(400) if sum(spoilt[: i + 1]) / 1000.0 + 0.03 > result.record_from_s
    )
    recorded = [(i, ms) for i, ms in enumerate(spoilt) if i >= first][: result.counts.n_beats]
    good = [i != 100 for i, _ in recorded]
    assert not all(good)
    expected = rmssd([ms for _, ms in recorded], good)
    assert result.rmssd_ms == pytest.approx(expected, rel=0.01)


def test_what_the_person_owns_to_is_refused():
    test = MorningTest(STANDARD, start_when_ready=True)
    for event in morning():
        view = test.add(event)
        if view.phase == "settle" and view.t_s >= 30.0:
            test.moved()
            break
    assert test.view().remaining_s == 60.0, "settling begins anew"
    for event in morning():
        if event.t_s > 30.0 and test.add(event).phase == "record":
            break
    test.moved()
    result = test.result
    assert result.outcome == "refused"
    assert "you moved" in result.reasons[0]
    assert result.rmssd_ms is None


def test_a_recording_that_ends_too_soon_is_refused():
    result = result_of(morning(for_s=150.0))
    assert result.reasons == ("the recording ended before the test did",)
    assert result.rmssd_ms is None


# -- more is needed


def drifting(by_bpm: float, until: int) -> list[float]:
    """Heart rate falls by so much within the first ``until`` beats."""
    rr_ms = []
    for i, wave in enumerate(wobble(900, 0.0)):
        bpm = 60.0 + by_bpm * max(0.0, 1.0 - i / until)
        rr_ms.append(60_000.0 / bpm + wave)
    return rr_ms


def test_a_heart_that_still_settles_is_given_more_time_and_the_best_two_minutes_count():
    views = taken(beating(drifting(45.0, 200)))
    assert phases(views) == ["preview", "settle", "record", "extend", "done"]
    result = views[-1].result
    assert result.outcome == "accepted"
    assert result.confidence == "reduced"
    assert "drifting" in result.reasons[0]
    assert result.record_to_s - result.record_from_s == 120.0
    recording_s = next(view.t_s for view in views if view.phase == "record")
    assert result.record_from_s > recording_s
    assert views[-1].t_s - recording_s <= 300.0


def test_it_is_never_extended_beyond_five_minutes():
    views = taken(beating(drifting(80.0, 900)))
    recorded_s = views[-1].t_s - next(view.t_s for view in views if view.phase == "record")
    assert recorded_s == pytest.approx(300.0, abs=1.0)
    assert views[-1].result.confidence == "reduced"
    assert views[-1].result.reasons


def test_what_first_called_for_more_time_is_what_is_told():
    views = taken(beating(drifting(45.0, 330)))
    assert views[-1].t_s - next(view.t_s for view in views if view.phase == "extend") > 61.0
    (reason,) = views[-1].result.reasons
    first = taken(beating(drifting(45.0, 330))[:520])[-1].result.reasons[1]
    assert "drifting" in reason
    assert reason == first


def test_halves_that_disagree_are_given_more_time():
    rr_ms = [*wobble(130, by_ms=10.0), *wobble(700, by_ms=60.0)]
    views = taken(beating(rr_ms))
    assert "extend" in phases(views)
    assert any("halves disagree" in reason for reason in views[-1].result.reasons)


@pytest.mark.parametrize(("name", "expected"), [("quick", "low"), ("standard", "reduced")])
def test_more_time_does_not_make_a_quick_test_a_sure_one(name, expected):
    rr_ms = [*wobble(100, by_ms=8.0), *wobble(700, by_ms=60.0)]
    if name == "standard":
        rr_ms = [*wobble(130, by_ms=8.0), *wobble(700, by_ms=60.0)]
    result = result_of(beating(rr_ms), protocol(name))
    assert (result.outcome, result.confidence) == ("accepted", expected)


def test_a_value_no_person_has_is_kept_and_asked_for_again():
    result = result_of(beating(wobble(400, 1000.0, 1.0)))
    assert result.outcome == "accepted"
    assert result.rmssd_ms < 3.0
    assert result.confidence == "low"
    assert "please repeat" in result.reasons[-1]
    racing = result_of(beating(wobble(700, 450.0)))
    assert racing.hr_bpm == pytest.approx(133.3, abs=0.2)
    assert "outside 25 to 120 bpm; please repeat" in racing.reasons[-1]


def test_a_recording_that_ends_while_more_is_needed_says_why_it_was():
    rr_ms = [*wobble(130, by_ms=10.0), *wobble(80, by_ms=60.0)]
    views = taken(beating(rr_ms))
    assert "extend" in phases(views)
    ended, doubt = views[-1].result.reasons
    assert ended == "the recording ended before the test did"
    assert "halves disagree" in doubt


# -- standing


def rising(at_s: float) -> list[float]:
    """Lying at 50 bpm; on standing a peak near 100, a rebound, then 75 bpm."""
    rr_ms, t_s = [], 0.0
    while t_s < 600.0:
        since_s = t_s - at_s
        bpm = 50.0
        if since_s > 0.0:
            bpm = 75.0 + 25.0 * math.exp(-(((since_s - 10.0) / 6.0) ** 2))
            bpm -= 8.0 * math.exp(-(((since_s - 22.0) / 5.0) ** 2))
        wave = 25.0 if since_s < 0.0 else 10.0
        rr_ms.append(60_000.0 / bpm + wave * math.sin(1.9 * len(rr_ms)))
        t_s += rr_ms[-1] / 1000.0
    return rr_ms


def test_standing_is_compared_with_lying():
    how = protocol("orthostatic")
    cue_s = next(view.t_s for view in taken(morning(), how) if view.cue == "stand")
    views = taken(beating(rising(cue_s + 3.0)), how)
    result = views[-1].result
    standing = result.orthostatic
    assert result.hr_bpm == standing.supine_hr_bpm == pytest.approx(50.0, abs=0.5)
    assert standing.standing_hr_bpm == pytest.approx(75.0, abs=0.5)
    assert standing.delta_hr_bpm == pytest.approx(25.0, abs=1.0)
    assert 95.0 < standing.peak_hr_bpm < 103.0
    assert 1.1 < standing.ratio_30_15 < 1.6
    assert standing.standing_rmssd_ms < standing.supine_rmssd_ms == result.rmssd_ms
    assert result.reasons == ()


def test_what_was_measured_lying_stands_when_standing_fails():
    how = protocol("orthostatic")
    result = result_of(morning(Trouble(silences=((240.0, 700.0),))), how)
    assert result.outcome == "accepted"
    assert result.orthostatic.standing_hr_bpm is None
    assert "standing part cannot be used" in result.reasons[0]
    cut_off = result_of(morning(for_s=260.0), how)
    assert cut_off.outcome == "accepted"
    assert "standing part is missing" in cut_off.reasons[0]


# -- breathing


def test_the_shape_to_breathe_with_swings_twelve_times_a_minute():
    views = taken(morning(), protocol(paced=True))
    swings = [(view.t_s, view.breath) for view in views if view.breath is not None]
    assert {view.phase for view in views if view.breath is not None} == {"settle", "record"}
    assert min(breath for _, breath in swings) >= -1.0
    begun_s = swings[0][0]
    for t_s, breath in swings:
        assert breath == pytest.approx(-math.cos(2.0 * math.pi * (t_s - begun_s) / 5.0))
    assert all(view.breath is None for view in taken(morning()))


def test_every_way_of_taking_it_has_a_baseline_of_its_own():
    ways = [
        protocol(name, posture, paced=paced).key(strap, version)
        for name in ("quick", "standard", "long")
        for posture in ("seated", "supine", "standing")
        for paced in (False, True)
        for strap in ("chest", "another")
        for version in ("1", "2")
    ]
    assert len(set(ways)) == len(ways) == 72
