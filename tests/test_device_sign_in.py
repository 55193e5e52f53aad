"""Who is at the screen, by signal strength alone: told beyond doubt, or not at all."""

from collections.abc import Sequence

import pytest

from device.config import Kiosk
from device.sign_in import GONE_S, HELD_S, MOST_HEARD, Away, Near, Nearness
from sensors.straps import Sighting


def heard(*levels: tuple[str, Sequence[int | None]], every_s: float = 0.5) -> list[Sighting]:
    """Advertisements of several straps, each with its levels, one after another."""
    found = [
        Sighting(count * every_s, address, None, rssi_dbm)
        for address, rssi_dbms in levels
        for count, rssi_dbm in enumerate(rssi_dbms)
    ]
    return sorted(found, key=lambda sighting: sighting.t_s)


def told(sightings: Sequence[Sighting], at_s: float | None = None) -> str | None:
    """Whose strap is at the screen after all that."""
    nearness = Nearness(Kiosk().near_dbm)
    for sighting in sightings:
        nearness.hear(sighting)
    near = nearness.near(sightings[-1].t_s if at_s is None else at_s).strap
    return None if near is None else near.address


LOUD, QUIET = -55, -75


@pytest.mark.parametrize(
    ("sightings", "address"),
    [
        (heard(("A", [LOUD] * 10)), "A"),
        (heard(("A", [LOUD] * 10), ("B", [QUIET] * 10)), "A"),
        (heard(("A", [LOUD] * 10), ("B", [LOUD - 9] * 10)), None),
        (heard(("A", [LOUD] * 10), ("B", [LOUD - 11] * 10)), "A"),
        (heard(("A", [-67] * 10)), None),
        (heard(("A", [LOUD] * 6)), None),  # 2.5 s, of which two advertisements made it a leader
        (heard(("A", [LOUD])), None),
        (heard(("A", [None] * 10)), None),
        # Someone walks past: loud for two seconds, then another is.
        (heard(("A", [LOUD] * 4 + [QUIET] * 8), ("B", [QUIET] * 4 + [LOUD] * 8)), None),
        # A single advertisement is reflected, or lost: the median does not mind.
        (heard(("A", [LOUD] * 5 + [-90] + [LOUD] * 6)), "A"),
        (heard(("A", [LOUD] * 12), ("B", [QUIET] * 6 + [LOUD] + [QUIET] * 5)), "A"),
        # Someone else steps up within the last seconds: nobody is asked.
        (heard(("A", [LOUD] * 14), ("B", [QUIET] * 6 + [LOUD] * 8)), None),
    ],
)
def test_the_nearest_is_near_held_and_well_above_the_next(
    sightings: Sequence[Sighting], address: str | None
) -> None:
    assert told(sightings) == address


def test_the_nearest_is_told_after_three_seconds_and_no_earlier() -> None:
    nearness = Nearness(Kiosk().near_dbm)
    first_s = None
    for sighting in heard(("A", [LOUD] * 20), every_s=0.25):
        nearness.hear(sighting)
        if nearness.near(sighting.t_s).strap is not None and first_s is None:
            first_s = sighting.t_s
    assert first_s == 0.25 + HELD_S


def test_a_strap_that_falls_silent_is_no_longer_at_the_screen() -> None:
    sightings = heard(("A", [LOUD] * 10))
    assert told(sightings, at_s=sightings[-1].t_s + 1.0) == "A"
    assert told(sightings, at_s=sightings[-1].t_s + 4.0) is None


def test_several_at_the_screen_are_told_so() -> None:
    nearness = Nearness(Kiosk().near_dbm)
    for sighting in heard(("A", [LOUD] * 10), ("B", [LOUD - 3] * 10)):
        nearness.hear(sighting)
    assert nearness.near(5.0) == Near(None, crowded=True)
    assert nearness.near(20.0) == Near(None)


def test_made_up_addresses_without_end_cost_no_memory() -> None:
    nearness = Nearness(Kiosk().near_dbm)
    away = Away()
    for count in range(5000):
        sighting = Sighting(count / 1000, f"{count}", None, LOUD)
        nearness.hear(sighting)
        away.send(sighting.address, sighting.t_s)
        away.has(sighting)
    assert len(nearness._heard) <= MOST_HEARD
    assert len(away._heard_s) <= MOST_HEARD


def test_straps_not_heard_for_long_are_forgotten() -> None:
    nearness = Nearness(Kiosk().near_dbm)
    nearness.hear(Sighting(0.0, "A", None, LOUD))
    nearness.hear(Sighting(GONE_S + 1.0, "B", None, LOUD))
    assert nearness.last("A") is None
    assert nearness.last("B") is not None


def test_a_strap_is_here_however_loud() -> None:
    nearness = Nearness(Kiosk().near_dbm)
    for sighting in heard(("A", [None, -95])):
        nearness.hear(sighting)
    assert nearness.is_here("A", 1.0)
    assert not nearness.is_here("A", 5.0)
    assert not nearness.is_here("B", 1.0)


def test_who_was_sent_away_stays_away_until_gone() -> None:
    away = Away()
    away.send("A", 0.0)
    for t_s in range(0, 600, 20):
        assert away.has(Sighting(float(t_s), "A", None, LOUD))
    assert not away.has(Sighting(580.0 + GONE_S + 1.0, "A", None, LOUD))
    away.send("A", 700.0)
    assert away.is_here("A", 701.0)
    away.recall("A")
    assert not away.has(Sighting(702.0, "A", None, LOUD))


def test_a_gym_with_another_aerial_says_for_itself_what_is_near() -> None:
    nearness = Nearness(near_dbm=QUIET)
    for sighting in heard(("AA", [QUIET] * 20)):
        nearness.hear(sighting)
    assert nearness.near(sighting.t_s).strap == sighting
