"""Guests: who may be one, and when their day is over."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from device.errors import StoreError
from device.guests import BadGuest, Moment, all_guests, guest, is_over, moment_here, take_in
from device.history import SessionStart
from device.store import Store

CAME = Moment(datetime(2026, 11, 21, 18, 0, tzinfo=UTC), True, "boot 1", 1000.0)
HOUR = 3600.0


@pytest.mark.parametrize(
    ("hours", "changed", "over"),
    [
        (1.0, {}, False),
        (6.1, {}, True),  # past midnight
        (1.0, {"boot_id": "boot 2", "boot_s": 5.0}, False),  # the plug was pulled, the day is known
        (1.0, {"trusted": False}, False),
        (10.0, {"trusted": False}, False),
        (24.0, {"trusted": False}, True),
        (1.0, {"trusted": False, "boot_id": "boot 2", "boot_s": 5.0}, True),
        (1.0, {"trusted": False, "boot_id": None}, True),
        (-8760.0, {"boot_s": 1000.0 + HOUR}, True),  # set back by a year
        (1.0, {"wall": CAME.wall, "boot_s": 1000.0 + 25 * HOUR}, True),  # a clock that stands still
    ],
)
def test_the_day_of_a_guest_is_over(hours: float, changed: dict[str, object], over: bool) -> None:
    later = replace(
        CAME, wall=CAME.wall + timedelta(hours=hours), boot_s=CAME.boot_s + hours * HOUR
    )
    assert is_over(CAME, replace(later, **changed)) is over  # type: ignore[arg-type]


def test_a_day_nobody_knew_at_the_beginning_ends_with_the_boot() -> None:
    came = replace(CAME, trusted=False)
    assert not is_over(came, replace(CAME, wall=CAME.wall + timedelta(days=900), boot_s=1060.0))
    assert is_over(came, replace(CAME, boot_id="boot 2"))


def test_a_guest_has_a_name_and_an_age() -> None:
    one = guest("Zoë", 40, year=2026)
    assert (one.name, one.birth_year) == ("Zoë", 1986)
    assert guest("Zoë", None, year=2026).birth_year is None


@pytest.mark.parametrize(("name", "age_years"), [("", 40), ("a\nb", 40), ("A", 4), ("A", 111)])
def test_who_cannot_be_is_refused(name: str, age_years: int) -> None:
    with pytest.raises(BadGuest):
        guest(name, age_years, year=2026)


def test_a_guest_is_remembered_once_and_never_takes_anothers_name(tmp_path: Path) -> None:
    with Store.open(tmp_path / "beatwise.db", now=CAME.wall) as store:
        start = SessionStart(
            athlete="Anna", purpose="easy", source="ble", beatwise_version="1", method_version="1"
        )
        store.begin(start)
        store.commit()
        take_in(store, guest("Zoë", 40, year=2026), CAME)
        take_in(store, guest("zoë", 41, year=2026), replace(CAME, boot_s=2000.0))
        (kept,) = all_guests(store)
        assert (kept.athlete, kept.came) == (guest("Zoë", 40, year=2026), CAME)
        with pytest.raises(BadGuest, match="somebody else here is called ANNA"):
            take_in(store, guest("ANNA", 40, year=2026), CAME)


def test_what_the_disk_does_not_take_is_said(tmp_path: Path) -> None:
    with Store.open(tmp_path / "beatwise.db", now=CAME.wall) as store:

        def full(_: object) -> None:
            raise StoreError("the disk is full")

        store.write = full  # type: ignore[method-assign,assignment]
        with pytest.raises(StoreError):
            take_in(store, guest("Zoë", 40, year=2026), CAME)


def test_this_machine_has_all_the_clocks(tmp_path: Path) -> None:
    with Store.open(tmp_path / "beatwise.db", now=CAME.wall) as store:
        now = moment_here(store, tmp_path, CAME.wall)
    assert now.wall == CAME.wall
    assert now.boot_s > 0.0
