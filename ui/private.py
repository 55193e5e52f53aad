"""What a shared screen keeps behind a PIN: own data, and looking after the device."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from device import sticks
from device.athlete import Athlete
from device.errors import BeatwiseError
from device.folder import Places
from device.names import name_key, same_name
from device.pins import ADMIN, Pins, no_pin
from device.store import Store
from ui.forgetful import PRIVATE
from ui.pick import Pick, Tell, told
from ui.picking import Item
from ui.pin_pad import AskPin, NewPin, PinPad
from ui.terminal import Glyphs

if TYPE_CHECKING:
    from textual.app import App

THIS_VISIT = timedelta(hours=12)
"""What began longer ago is somebody's past, however long the app has been running."""
FOR_THE_RESULT = "your result will be behind it; choose 4 to 12 digits"
NO_STICK = "No stick is here", "Plug in a USB stick, wait a moment, and try again."
LOCKED = "Nothing can be written to this stick", "Unlock it, or take another one."
SAVED_WITHIN_S = 15.0
"""Signing out ends a session at once; its last beats may take so long on a slow disk."""


@dataclass(frozen=True)
class Desk:
    """What is looked at, and whom to tell of changes; the same for own data and the admin."""

    places: Places
    store: Store
    pins: Pins
    people: Callable[[], Sequence[Athlete]]
    """Everybody who may sign in."""
    now: Callable[[], datetime]
    """Wall clock with its offset; it only names files."""
    sign_out: Callable[[str], Awaitable[object]]
    """End what is measured of this athlete, and forget what is known of them."""
    roster_changed: Callable[[], object]
    """The athletes' files have changed."""
    close_at: Callable[[time | None], object]
    """The closing time has changed; None is never."""
    leave: Callable[[], object]
    """End the app, everything saved."""
    newest_before: int = 0
    """Number of the newest session when the app was started."""

    def may_choose_first_pin(self, athlete: str) -> bool:
        """Whether an athlete without a PIN may choose one here, without anybody's leave.

        Only while there is nothing to be seen with it: whoever comes first and says a name would
        otherwise own that person's past. Nothing is kept of them but sessions of this visit, and
        no test: before the first one a PIN is chosen.
        """
        rows = self.store.rows(
            "SELECT DISTINCT athlete FROM session WHERE athlete IS NOT NULL AND NOT"
            " (id > ? AND coalesce(started_utc BETWEEN ? AND ?, 0))"
            " UNION SELECT athlete FROM morning",
            (self.newest_before, *self._this_visit()),
        )
        return not any(same_name(row["athlete"], athlete) for row in rows)

    def _this_visit(self) -> tuple[str, str]:
        """From when to when; a clock that was set since makes a past of what was before."""
        now = self.now().astimezone(UTC)
        return f"{now - THIS_VISIT:%Y-%m-%dT%H:%M:%S}", f"{now:%Y-%m-%dT%H:%M:%S}Z"

    async def signed_out(self, athlete: str) -> None:
        """Sign an athlete out, and wait until the session is on the disk."""
        await self.sign_out(athlete)
        for _ in range(int(SAVED_WITHIN_S * 10)):
            if not self.store.writes(athlete):
                return
            await asyncio.sleep(0.1)


def newest(store: Store) -> int:
    """Number of the newest session there is; for :attr:`Desk.newest_before`."""
    (row,) = store.rows("SELECT coalesce(max(id), 0) FROM session", ())
    return int(row[0])


def open_own_data(app: App[None], desk: Desk, glyphs: Glyphs) -> None:
    """Ask who it is and for the PIN, then show what is kept of them."""
    _open(app, _own_data(app, desk, glyphs), glyphs)


def open_admin(app: App[None], desk: Desk, glyphs: Glyphs) -> None:
    """Ask for the admin's PIN, then let them look after roster, settings and backups."""
    _open(app, _admin(app, desk, glyphs), glyphs)


def _open(app: App[None], work: Coroutine[None, None, None], glyphs: Glyphs) -> None:
    async def told_of() -> None:
        try:
            await work
        except BeatwiseError as error:  # a disk that gives nothing back ends no board
            await app.push_screen_wait(Tell("This cannot be opened", told([str(error)]), glyphs))

    app.run_worker(told_of(), group=PRIVATE, exclusive=True)


async def _own_data(app: App[None], desk: Desk, glyphs: Glyphs) -> None:
    from ui.own_data import OwnData

    items = [Item(one.name, one.name) for one in sorted(desk.people(), key=_by_name)]
    if not items:
        await app.push_screen_wait(Tell("Nobody is in the roster yet", (), glyphs))
        return
    who = await picked_of(app, Pick("Whose data?", items, glyphs))
    if who is not None and await let_in(app, desk, who, glyphs):
        await app.push_screen_wait(OwnData(desk, who, glyphs))


async def _admin(app: App[None], desk: Desk, glyphs: Glyphs) -> None:
    from ui.admin import Admin

    if await let_in(app, desk, ADMIN, glyphs):
        await app.push_screen_wait(Admin(desk, glyphs))


async def let_in(app: App[None], desk: Desk, who: str, glyphs: Glyphs) -> bool:
    """Whether somebody knows the PIN, or may choose their first one and does.

    The admin's first PIN is set from the shell only.
    """
    pad: PinPad
    if desk.pins.has(who):
        pad = AskPin(desk.pins, who, glyphs)
    elif who != ADMIN and desk.may_choose_first_pin(who):
        pad = NewPin(desk.pins, who, glyphs)
    else:
        await app.push_screen_wait(Tell("No PIN yet", told([no_pin(who)]), glyphs))
        return False
    allowed = await app.push_screen_wait(pad)
    return allowed is True


async def before_a_test(app: App[None], desk: Desk, who: str, glyphs: Glyphs) -> bool:
    """Whether somebody may take a test: the first PIN is chosen before there is a result.

    Who has a past and no PIN may test all the same: the admin sets a PIN for the result.
    """
    if desk.pins.has(who) or not desk.may_choose_first_pin(who):
        return True
    chosen = await app.push_screen_wait(NewPin(desk.pins, who, glyphs, why=FOR_THE_RESULT))
    return chosen is True


async def stick(app: App[None], glyphs: Glyphs, what: str, *, to_write: bool = True) -> Path | None:
    """The stick to use: the only one, or the one that is picked; None where there is none."""

    def look() -> tuple[list[Path], bool]:
        there = sticks.plugged_in()
        usable = [path for path in there if not to_write or sticks.takes_files(path)]
        return usable, bool(there)

    found, locked = await asyncio.to_thread(look)
    if not found:
        heading, cure = LOCKED if locked else NO_STICK
        await app.push_screen_wait(Tell(heading, told([cure]), glyphs))
        return None
    items = [Item(str(path), path.name, str(path.parent)) for path in found]
    if len(items) == 1:
        return found[0]
    picked = await picked_of(app, Pick(what, items, glyphs))
    return None if picked is None else Path(picked)


async def picked_of(app: App[None], pick: Pick) -> str | None:
    """What is picked; None where the dialog is left."""
    picked: str | None = await app.push_screen_wait(pick)
    return picked


def _by_name(one: Athlete) -> str:
    return name_key(one.name)
