"""``beatwise``: the home screen; without a terminal, a session without one."""

import argparse
import asyncio
import sys

from device.intent import Purpose
from device.station import open_station
from ui.headless_run import headless
from ui.wiring import Wiring, default_source, local_now, open_app


def run(options: argparse.Namespace) -> int:
    """Show the app until the person leaves it."""
    with open_station(options.data, now=local_now(), wall=local_now) as station:
        wiring = Wiring.of(station, options)
        if sys.stdin.isatty() and sys.stdout.isatty():
            open_app(
                station,
                wiring.load,
                wiring.begin,
                mornings=wiring.mornings,
                debriefs=wiring.debriefs(),
            ).run()
            return 0
        print("beatwise: no terminal here, so an easy session without a screen", file=sys.stderr)
        spec = wiring.spec
        if spec is None:
            spec, reason = asyncio.run(default_source())
            if reason is not None:
                print(f"beatwise: {reason}", file=sys.stderr)
        asyncio.run(headless(station, wiring.intend(Purpose.EASY, spec), None))
    return 0
