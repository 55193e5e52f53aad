"""A screen that hangs is as dead as a measurement that does: it says that it lives, too."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from textual.app import App

    from device.heartbeat import Heartbeat

EVERY_S = 1.0


async def pulse(app: App[Any], heartbeat: Heartbeat) -> None:
    """Tell systemd, until cancelled, that the app works off what happens at its screen.

    The beat goes through the app's own queue: behind a handler that never returns, or a terminal
    that takes no more, it does not get through.
    """
    with heartbeat.part("the screen") as alive, heartbeat.beating():
        timer = app.set_interval(EVERY_S, alive)
        try:
            await asyncio.Event().wait()
        finally:
            timer.stop()
