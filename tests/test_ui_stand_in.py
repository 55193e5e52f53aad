"""Whose beats a simulation makes, asked for or standing in."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from device import roster, sources
from device.athlete import Athlete
from device.station import DEMO, open_station
from ui.wiring import Wiring

NOW = datetime(2026, 11, 21, 7, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("named", "asked_for", "used", "who"),
    [
        ("Anna", None, "ble", "Anna"),
        (None, None, "ble", "Anna"),
        # No adapter: the simulation stands in, and must not become Anna's history.
        ("Anna", None, "sim", DEMO.name),
        (None, None, "sim", DEMO.name),
        # Asked for by name, it is a test of the whole way, with everything that follows.
        ("Anna", "sim", "sim", "Anna"),
        (None, "sim", "sim", DEMO.name),
    ],
)
def test_a_simulation_that_stands_in_for_a_missing_adapter_is_nobody_but_itself(
    tmp_path: Path, named: str | None, asked_for: str | None, used: str, who: str
) -> None:
    roster.save(tmp_path, Athlete("Anna", resting_bpm=52.0, max_bpm=188.0))
    with open_station(tmp_path, now=NOW) as station:
        spec = None if asked_for is None else sources.parse(asked_for)
        athlete = Wiring(station, named, spec, None).athlete(sources.parse(used))
    assert athlete is not None
    assert athlete.name == who
