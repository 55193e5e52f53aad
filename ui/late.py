"""The program behind the screens: loaded and opened once their first frame is drawn.

Half of a second's import on a PC is four on a small Pi: whoever starts it should see that it came.
"""

from __future__ import annotations

import argparse
import logging
from contextlib import ExitStack
from typing import TYPE_CHECKING

from device import config, folder
from ui.past_runs import Debriefs

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    from device.heartbeat import Heartbeat
    from device.station import Station
    from ui.app import BeatwiseApp
    from ui.kiosk import Kiosk
    from ui.live_run import LiveRun
    from ui.morning_plan import Mornings
    from ui.overview import Begin, Load, Overview, Plan, Settle
    from ui.wiring import Wiring


def open_app(
    screen: config.Screen,
    load: Load,
    begin: Begin,
    *,
    prepare: Callable[[], object] | None = None,
    settle: Settle | None = None,
    mornings: Callable[[], Mornings] | None = None,
    debriefs: Debriefs | None = None,
    morning_first: bool = False,
    heartbeat: Heartbeat | None = None,
    kiosk: Kiosk | None = None,
) -> BeatwiseApp:
    """The app as the settings want it drawn; the rest is as :class:`ui.app.BeatwiseApp` has it."""
    from ui.app import BeatwiseApp
    from ui.terminal import GLYPHS

    # What the Bluetooth library logs would be written across the screen.
    logging.getLogger().addHandler(logging.NullHandler())
    return BeatwiseApp(
        load,
        begin,
        prepare=prepare,
        settle=settle,
        mornings=mornings,
        debriefs=debriefs,
        morning_first=morning_first,
        heartbeat=heartbeat,
        kiosk=kiosk,
        glyphs=GLYPHS.get(screen.glyphs),
        sixteen_colours=True if screen.colours == "16" else None,
    )


class Late:
    """A station and its wiring, there after :meth:`prepare`; closed when the block is left."""

    station: Station
    wiring: Wiring

    def __init__(self, options: argparse.Namespace) -> None:
        """Settings are read at once: they say how to draw, and what is wrong in them is said."""
        self.options = options
        self.screen = config.load(folder.places(options.data).data).screen
        self.notes: tuple[str, ...] = ()
        """What the store has to say of itself, such as that it was damaged."""
        self._opened = ExitStack()

    def __enter__(self) -> Late:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._opened.close()

    def prepare(self) -> None:
        """Hold the data folder, open the store; raises a BeatwiseError for what is wrong."""
        from device.station import open_station
        from ui.wiring import Wiring, local_now

        opened = open_station(self.options.data, now=local_now(), wall=local_now)
        self.station = self._opened.enter_context(opened)
        self.notes = self.station.store.notes
        self.wiring = Wiring.of(self.station, self.options)

    async def load(self) -> Overview:
        """What the home screen shows."""
        return await self.wiring.load()

    def begin(self, plan: Plan) -> LiveRun:
        """The session of a plan."""
        return self.wiring.begin(plan)

    def mornings(self) -> Mornings:
        """The morning test and its history."""
        return self.wiring.mornings()

    @property
    def debriefs(self) -> Debriefs:
        """What sessions were."""
        return Debriefs(
            lambda session_id: self.wiring.debriefs().look(session_id),
            lambda session_id, cr10: self.wiring.debriefs().rate(session_id, cr10),
        )
