"""``beatwise live``: one session, on a screen or as JSON lines."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from device.errors import BadSource
from ui.late import Late, open_app

if TYPE_CHECKING:
    from ui.asked_for import AskedFor
    from ui.live_run import LiveRun
    from ui.overview import Plan, Settled


def run(options: argparse.Namespace) -> int:
    """Measure one session; the exit code is 0 however it was ended."""
    if options.headless:
        _without_a_screen(options)
    elif not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise BadSource("live: no terminal here to draw on; say --headless for JSON lines")
    else:
        _screen(options)
    return 0


def _without_a_screen(options: argparse.Namespace) -> None:
    import asyncio

    from device.station import open_station
    from ui.asked_for import AskedFor
    from ui.headless_run import headless
    from ui.wiring import local_now

    with open_station(options.data, now=local_now(), wall=local_now) as station:
        intended = AskedFor(station, options).intended()
        for note in station.store.notes:
            print(f"beatwise: {note}", file=sys.stderr)
        if intended.cap is not None and not intended.overridden:
            print(f"beatwise: {intended.cap}", file=sys.stderr)
        asyncio.run(headless(station, intended, options.for_s, wait=options.wait))


def _screen(options: argparse.Namespace) -> None:
    asked: AskedFor | None = None

    def settle() -> Settled:
        nonlocal asked
        from ui.asked_for import AskedFor

        asked = AskedFor(late.station, options)
        return asked.settle()

    def begin(plan: Plan) -> LiveRun:
        assert asked is not None  # noqa: S101 - nothing is begun that was not settled
        return asked.begin(plan)

    with Late(options) as late:
        open_app(
            late.screen,
            late.load,
            begin,
            prepare=late.prepare,
            settle=settle,
            debriefs=late.debriefs,
        ).run()
        for note in late.notes:
            print(f"beatwise: {note}", file=sys.stderr)
