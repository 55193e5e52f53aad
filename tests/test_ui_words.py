"""What the screen says: one table from reading to word and sentence."""

from dataclasses import replace

import pytest
import ui_scenes as scenes

from device.intent import Band
from device.steps import Step, StepNow
from ui import lettering, words

READING = scenes.live()

SAYINGS = [
    (scenes.SEARCHING, "searching", "SEARCHING", "looking for a strap: wet it and put it on..."),
    (replace(scenes.SEARCHING, reason=None), "searching", "SEARCHING", "looking for a strap..."),
    (scenes.WAITING, "waiting", "WAITING", "linked: waiting for the first heartbeats"),
    (READING, "inside", "INSIDE", "inside your easy range"),
    (scenes.live(146.0, 4.3), "over", "OVER", "4 beats over: ease off"),
    (scenes.live(143.0, 1.2), "over", "OVER", "1 beat over: ease off"),
    (scenes.live(142.2, 0.2), "over", "OVER", "just over: ease off"),
    (scenes.live(119.0, -3.0), "under", "UNDER", "3 beats under: pick it up"),
    (scenes.live(143.4, 1.4, alert=None), "above", "ABOVE", "1 beat above your easy range"),
    (scenes.live(119.0, -9.0, alert=None), "below", "BELOW", "9 beats below your easy range"),
    (
        scenes.live(152.0, 10.0, alert="walk"),
        "over",
        "WALK",
        "10 beats over: walk until it is down",
    ),
    (scenes.live(141.5, alert="over"), "over", "OVER", "coming back: keep it there"),
    (scenes.live(143.0, alert="under"), "under", "UNDER", "coming back: keep it there"),
    (scenes.PAUSED, "paused", "PAUSED", "nothing is judged or counted"),
    (
        replace(scenes.PAUSED, strap_off=True),
        "paused",
        "PAUSED",
        "the strap is off: it goes on by itself",
    ),
    (replace(READING, inside=None), "live", "LIVE", "measuring"),
    (scenes.AGEING, "inside", "INSIDE", "no heartbeat for 4 s"),
    (replace(READING, contact=False), "inside", "INSIDE", "poor skin contact: wet the strap"),
    (replace(READING, quality=("too many beats lost",)), "inside", "INSIDE", "too many beats lost"),
    (
        scenes.STALE,
        "stale",
        "NO SIGNAL",
        "no heartbeat for 14 s: is the strap in place?",
    ),
    (
        replace(scenes.STALE, contact=False),
        "stale",
        "NO SIGNAL",
        "no skin contact: wet the strap, and tighten it",
    ),
    (
        replace(READING, hr_bpm=None, inside=None, silent_s=0.3),
        "stale",
        "NO SIGNAL",
        "no heartbeat that can be trusted: is the strap in place?",
    ),
    (scenes.LOST, "lost", "LOST", "strap lost 12 s ago: the strap went out of range"),
    (
        replace(scenes.LOST, link="searching", silent_s=300.0, reason=None),
        "lost",
        "LOST",
        "strap lost 5 min ago: looking for it",
    ),
]


@pytest.mark.parametrize(("reading", "kind", "word", "sentence"), SAYINGS)
def test_each_reading_has_its_word_and_sentence(reading, kind, word, sentence):
    assert words.standing(reading, "easy") == words.Standing(kind, word, sentence)


@pytest.mark.parametrize("reading", [reading for reading, *_ in SAYINGS])
def test_a_heart_rate_that_is_not_live_is_never_judged(reading):
    judged = words.standing(reading, "easy").kind in words.JUDGED
    known = reading.hr_bpm is not None and reading.link == "connected"
    assert judged == (known and not reading.paused)


@pytest.mark.parametrize("word", sorted({word for _, _, word, _ in SAYINGS} | {"ENDED", "STOP"}))
def test_each_word_can_be_written_large_and_fits_beside_the_number_on_a_console(word):
    assert 0 < lettering.width_of(word) <= 37


def test_an_ended_session_says_why_whatever_was_read_last():
    standing = words.standing(READING, "easy", ended="disk full")
    assert (standing.kind, standing.sentence) == ("ended", "disk full")


@pytest.mark.parametrize(
    ("seconds", "said"), [(0.0, "0:00"), (59.9, "0:59"), (754.0, "12:34"), (90061.0, "25:01:01")]
)
def test_a_duration_is_told_in_full_beyond_hours_and_days(seconds, said):
    assert words.clock(seconds) == said


@pytest.mark.parametrize(
    ("band", "said"),
    [
        (None, "any heart rate"),
        (Band(None, 141.6, "", estimate=False), "up to 142"),
        (Band(160.0, None, "", estimate=False), "from 160"),
        (Band(142.0, 151.0, "", estimate=False), "142 to 151"),
        (Band(None, None, "", estimate=False), "any heart rate"),
    ],
)
def test_a_band_is_said_in_words(band, said):
    assert words.band_words(band) == said


def test_the_share_inside_is_of_the_time_the_heart_rate_was_known():
    assert words.inside_share(replace(READING, time_inside_s=30.0, known_s=40.0)) == "0:30 75%"
    assert words.inside_share(replace(READING, time_inside_s=0.0, known_s=0.0)) == "--"


WORK = Step("work 2/4", 240.0, Band(160.0, None, "", estimate=False))
REST = Step("recovery", 180.0, Band(None, 142.0, "", estimate=False))


def in_step(remaining_s, following=REST):
    return scenes.live(166.0, step=StepNow(WORK, 3, 10, remaining_s, following))


@pytest.mark.parametrize(
    ("reading", "purpose", "said"),
    [
        (in_step(8.0), "intervals", "in 8 s: recovery, up to 142"),
        (in_step(0.4), "intervals", "in 1 s: recovery, up to 142"),
        (in_step(8.0), "ramp", "in 8 s: half a km/h faster"),
        (in_step(11.0), "intervals", "inside your intervals range"),
        (in_step(5.0, None), "intervals", "inside your intervals range"),
    ],
)
def test_the_next_step_is_told_ten_seconds_before(reading, purpose, said):
    assert words.standing(reading, purpose).sentence == said


def test_a_lost_strap_is_told_before_the_next_step():
    reading = replace(scenes.LOST, step=StepNow(WORK, 3, 10, 5.0, REST))
    assert words.standing(reading, "intervals").kind == "lost"


def test_a_ramp_that_is_over_says_stop():
    told = words.standing(scenes.live(inside=None), "ramp", stop="heart rate is high")
    assert (told.word, told.sentence) == ("STOP", "heart rate is high: slow down and walk")
