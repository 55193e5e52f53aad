"""The desk of a gym: own data and the admin's screen, told of who trains there now."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING

from device.errors import NotHere
from device.pins import Pins
from ui.private import Desk, newest
from ui.wiring import local_now

if TYPE_CHECKING:
    from device.corner import Corner
    from device.gym import Gym
    from device.station import Station


def desk_of(station: Station, gym: Gym, corner: Corner, leave: Callable[[], object]) -> Desk:
    """What stands behind the keys of a kiosk; ``leave`` ends the app with everything saved."""

    async def sign_out(athlete: str) -> None:
        await corner.forget(athlete)
        with suppress(NotHere):  # then there is no session to end
            gym.sign_out(athlete)

    return Desk(
        places=station.places,
        store=station.store,
        pins=Pins(station.store),
        people=gym.roster,
        now=local_now,
        sign_out=sign_out,
        roster_changed=gym.reload,
        close_at=gym.close_at,
        leave=leave,
        newest_before=newest(station.store),
    )
