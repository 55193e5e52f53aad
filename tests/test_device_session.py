"""A session: events in, readings out, no clock."""

import math
from collections.abc import Iterable

import pytest

from device.intent import Band
from device.reading import Reading
from device.session import Session
from hrv.zones import karvonen
from sensors.events import (
    BodyLocation,
    Connected,
    Disconnected,
    Elapsed,
    HeartRateMeasurement,
    Malformed,
    Searching,
    SensorEvent,
    StrapDetails,
)
from sensors.pacing import with_seconds
from sensors.synthetic import Trouble, events
from sensors.synthetic_effort import SCENARIOS
from sensors.synthetic_heart import Heart

EASY = Band(None, 142.0, "a test", estimate=False)


def steady(rr_ticks: int, seconds: int, start_s: float = 0.0) -> list[SensorEvent]:
    """A strap on a metronome: one interval a notification, each at its time."""
    return [
        HeartRateMeasurement(
            round(61440 / rr_ticks), (rr_ticks,), t_s=start_s + k * rr_ticks / 1024
        )
        for k in range(1, int(seconds * 1024 / rr_ticks) + 1)
    ]


def feed(session: Session, given: Iterable[SensorEvent]) -> Reading:
    reading = Reading(0.0)
    for event in with_seconds(given):
        reading = session.add(event)
    return reading


def test_before_anything_came_nothing_is_known() -> None:
    reading = Session().add(Elapsed(1.0))
    assert reading == Reading(1.0)
    assert (reading.link, reading.freshness, reading.hr_bpm) == ("searching", "none", None)


def test_a_metronome_reads_as_its_rate_without_variability() -> None:
    reading = feed(Session(), [Connected("strap"), *steady(1024, 70)])
    assert reading.hr_bpm == pytest.approx(60.0)
    assert reading.rmssd_ms == pytest.approx(0.0)
    assert reading.artefact_pct == 0.0
    assert (reading.link, reading.freshness) == ("connected", "fresh")


def test_the_heart_rate_is_the_straps_own_until_three_intervals_are_accepted() -> None:
    session = Session()
    first = session.add(HeartRateMeasurement(72, (853,), t_s=1.0))
    assert first.hr_bpm == 72.0
    assert feed(session, steady(1024, 8, 1.0)).hr_bpm == pytest.approx(60.0, abs=2)


@pytest.mark.parametrize(
    ("silence_s", "freshness", "hr_known"),
    [
        (0.5, "fresh", True),
        (3.0, "fresh", True),
        (3.1, "ageing", True),
        (4.9, "ageing", True),
        (5.0, "ageing", False),
        (10.0, "ageing", False),
        (10.1, "stale", False),
        (600.0, "stale", False),
    ],
)
def test_a_silent_strap_ages_and_its_last_heart_rate_is_never_judged(
    silence_s: float, freshness: str, hr_known: bool
) -> None:
    session = Session(band=EASY, zones=karvonen(55, 185))
    last = feed(session, [Connected("strap"), *steady(1024, 20)])
    reading = session.add(Elapsed(last.t_s + silence_s))
    assert reading.freshness == freshness
    assert (reading.hr_bpm is not None) == hr_known
    assert (reading.inside is not None) == hr_known
    assert (reading.zone is not None) == hr_known
    assert reading.last_hr_bpm == pytest.approx(60.0)


@pytest.mark.parametrize(
    ("rr_ticks", "band", "inside", "off"),
    [
        (400, EASY, "over", 153.6 - 142.0),
        (440, EASY, "inside", 0.0),
        (1024, EASY, "inside", 0.0),
        (1024, Band(100.0, 142.0, "a test", estimate=False), "under", -40.0),
        (400, None, None, None),
    ],
)
def test_the_effort_is_held_against_the_band(
    rr_ticks: int, band: Band | None, inside: str | None, off: float | None
) -> None:
    reading = feed(Session(band=band), [Connected("strap"), *steady(rr_ticks, 30)])
    assert reading.inside == inside
    assert reading.beats_off == (None if off is None else pytest.approx(off, abs=0.01))


def test_time_inside_counts_known_seconds_only() -> None:
    session = Session(band=EASY)
    feed(session, [Connected("strap"), *steady(1024, 30)])
    reading = session.add(Elapsed(100.0))
    assert reading.known_s == pytest.approx(30, abs=6)
    assert reading.time_inside_s == reading.known_s


def test_without_a_band_no_time_is_inside_or_outside() -> None:
    reading = feed(Session(), [Connected("strap"), *steady(1024, 30)])
    assert reading.time_inside_s is None
    assert reading.known_s > 20


def test_no_difference_crosses_a_lost_link() -> None:
    session = Session()
    feed(session, [Connected("strap"), *steady(1024, 40)])
    session.add(Disconnected("out of range", t_s=40.5))
    reading = session.add(Searching("looking for a strap", t_s=40.5))
    assert (reading.link, reading.reason) == ("lost", "looking for a strap")
    session.add(Connected("strap", t_s=44.0))
    reading = feed(session, steady(700, 40, 44.0))
    assert reading.rmssd_ms == pytest.approx(0.0), "from 1000 ms to 684 ms is no difference"
    assert [b.gap_before for b in reading.recent].count(True) == 1


def test_after_a_short_loss_of_the_link_the_beats_fall_where_they_arrive() -> None:
    session = Session()
    feed(session, [Connected("strap"), *steady(800, 40)])
    session.add(Disconnected("out of range", t_s=40.5))
    session.add(Connected("strap", t_s=47.0))
    for event in steady(800, 3, 47.0):
        newest = session.add(event).recent[-1]
        assert newest.time_s == pytest.approx(event.t_s, abs=0.8), "at once, not six frames later"


def test_a_doubled_notification_counts_once() -> None:
    session = Session()
    frames = steady(1024, 30)
    feed(session, [Connected("strap"), *frames])
    last = frames[-1]
    assert isinstance(last, HeartRateMeasurement)
    again = HeartRateMeasurement(last.bpm, last.rr_ticks, t_s=last.t_s + 0.01)
    reading = session.add(again)
    assert (reading.doubled, reading.n_beats) == (1, len(frames))


def test_details_trouble_and_contact_are_passed_on() -> None:
    session = Session()
    session.add(Connected("H10", t_s=0.1))
    session.add(StrapDetails(55, BodyLocation.CHEST, t_s=0.2))
    session.add(Malformed(b"\x16", "truncated", t_s=1.0))
    reading = session.add(HeartRateMeasurement(0, contact=False, t_s=2.0))
    assert (reading.sensor_name, reading.battery_pct, reading.malformed) == ("H10", 55, 1)
    assert reading.contact is False
    assert reading.hr_bpm is None, "a strap off the skin has no heart rate"


def test_the_simulated_athletes_known_rmssd_is_found_at_rest() -> None:
    heart = Heart(
        seed=3, effort=SCENARIOS["morning"], resting_bpm=52.0, max_bpm=185.0, rmssd_ms=42.0
    )
    session = Session()
    reading = feed(session, events(heart, duration_s=300))
    summary = session.summary()
    assert reading.rmssd_ms is not None
    assert summary.rmssd_ms == pytest.approx(42.0, rel=0.15)
    assert summary.artefact_pct is not None
    assert summary.artefact_pct < 2.0


def test_artefacts_are_marked_and_do_not_move_rmssd() -> None:
    def measured(trouble: Trouble) -> Session:
        heart = Heart(
            seed=5, effort=SCENARIOS["morning"], resting_bpm=55.0, max_bpm=185.0, rmssd_ms=42.0
        )
        session = Session()
        feed(session, events(heart, trouble, 300))
        return session

    clean = measured(Trouble()).summary()
    bad = measured(Trouble(ectopic_pct=1.0, missed_pct=1.0)).summary()
    assert clean.rmssd_ms is not None
    assert bad.rmssd_ms is not None
    assert abs(math.log(bad.rmssd_ms / clean.rmssd_ms)) < 0.11, "the typical error of one reading"
    assert bad.artefact_pct is not None
    assert bad.artefact_pct > 1.0


def test_too_many_artefacts_hide_the_live_number() -> None:
    heart = Heart(
        seed=5, effort=SCENARIOS["morning"], resting_bpm=55.0, max_bpm=185.0, rmssd_ms=42.0
    )
    reading = feed(Session(), events(heart, Trouble(missed_pct=25.0), 200))
    assert reading.artefact_pct is not None
    assert reading.artefact_pct > 10.0
    assert reading.rmssd_ms is None
    assert reading.dfa_alpha1 is None
