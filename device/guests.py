"""Guests: a name and an age, kept only for the day.

Which day it is, the wall clock says where it can be trusted. Where it cannot, a guest is kept until
the machine is started again, and 24 hours at most.
"""

import time
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from device import trusted_clock
from device.athlete import AGE_YEARS, Athlete
from device.errors import BeatwiseError
from device.names import name_mistake, same_name
from device.store import Store

LONGEST_S = 24 * 3600.0
"""So long by a clock that nobody sets, whatever the wall clock says."""


class BadGuest(BeatwiseError, ValueError):
    """A guest who cannot be taken in as named; says why."""


@dataclass(frozen=True, slots=True)
class Moment:
    """Now, by every clock there is."""

    wall: datetime
    trusted: bool
    """Whether the wall clock can name the day."""
    boot_id: str | None
    """Which start of the machine this is; None: not known."""
    boot_s: float
    """Seconds since it."""
    doubted: bool = False
    """Whether something speaks against the wall clock."""


@dataclass(frozen=True, slots=True)
class Guest:
    """Somebody who is here for the day."""

    athlete: Athlete
    came: Moment


def is_over(came: Moment, now: Moment) -> bool:
    """Whether the day of a guest is over."""
    same_boot = came.boot_id is not None and came.boot_id == now.boot_id
    if same_boot and now.boot_s - came.boot_s >= LONGEST_S:
        return True
    if came.trusted and now.trusted:
        return came.wall.date() != now.wall.date()
    return not same_boot


def guest(name: str, age_years: int | None, *, year: int) -> Athlete:
    """Who it is, from what a guest says; raises :class:`BadGuest`."""
    if words := name_mistake(name):
        raise BadGuest(words)
    if age_years is not None and not AGE_YEARS[0] <= age_years <= AGE_YEARS[1]:
        raise BadGuest(f"an age of {age_years} cannot be: say {AGE_YEARS[0]} to {AGE_YEARS[1]}")
    return Athlete(name, birth_year=None if age_years is None else year - age_years)


def all_guests(store: Store) -> tuple[Guest, ...]:
    """Those that are kept; raises :class:`device.errors.StoreError`."""
    return tuple(
        Guest(
            Athlete(row["athlete"], birth_year=row["birth_year"]),
            Moment(
                datetime.fromisoformat(row["came"]),
                bool(row["clock_trusted"]),
                row["boot_id"],
                row["boot_s"],
            ),
        )
        for row in store.rows("SELECT * FROM guest ORDER BY rowid", ())
    )


def take_in(store: Store, one: Athlete, now: Moment) -> None:
    """Remember a guest, so that whatever happens the day's end is known.

    Raises:
        BadGuest: somebody of that name has trained here before, and is no guest.
        StoreError: the disk refuses.
    """
    if any(same_name(known.athlete.name, one.name) for known in all_guests(store)):
        return
    sql = "SELECT DISTINCT athlete FROM session UNION SELECT DISTINCT athlete FROM morning"
    if any(row[0] is not None and same_name(row[0], one.name) for row in store.rows(sql, ())):
        raise BadGuest(f"somebody else here is called {one.name}: add a letter, as {one.name} B.")
    values = (
        one.name,
        one.birth_year,
        now.wall.isoformat(),
        now.trusted,
        now.boot_id,
        now.boot_s,
    )
    store.write(lambda db: db.execute("INSERT INTO guest VALUES (?, ?, ?, ?, ?, ?)", values))


def moment_here(store: Store, data: Path, wall: datetime) -> Moment:
    """Now on this machine; raises :class:`device.errors.StoreError`."""
    judged = trusted_clock.judge(
        wall,
        trusted_clock.system_evidence(data),
        newest=trusted_clock.newest_record(store),
        built=trusted_clock.built_at(),
    )
    boot_s = time.clock_gettime(time.CLOCK_BOOTTIME)
    doubted = judged.doubt is not None
    return Moment(wall, judged.trusted, trusted_clock.boot_id(), boot_s, doubted)
