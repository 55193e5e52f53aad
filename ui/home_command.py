"""``beatwise``: the home screen; without a terminal, a session without one."""

import argparse
import sys

from ui.late import Late, open_app


def run(options: argparse.Namespace) -> int:
    """Show the app until the person leaves it."""
    if sys.stdin.isatty() and sys.stdout.isatty():
        with Late(options) as late:
            open_app(
                late.screen,
                late.load,
                late.begin,
                prepare=late.prepare,
                mornings=late.mornings,
                debriefs=late.debriefs,
            ).run()
    else:
        _without_a_screen(options)
    return 0


def _without_a_screen(options: argparse.Namespace) -> None:
    import asyncio

    from device.intent import Purpose
    from device.station import open_station
    from ui.headless_run import headless
    from ui.wiring import Wiring, default_source, local_now

    with open_station(options.data, now=local_now(), wall=local_now) as station:
        wiring = Wiring.of(station, options)
        print("beatwise: no terminal here, so an easy session without a screen", file=sys.stderr)
        spec = wiring.spec
        if spec is None:
            spec, reason = asyncio.run(default_source())
            if reason is not None:
                print(f"beatwise: {reason}", file=sys.stderr)
        asyncio.run(headless(station, wiring.intend(Purpose.EASY, spec), None))
