"""``beatwise live``: one session, on a screen or as JSON lines."""

import argparse
import asyncio
import signal
import sys
from dataclasses import asdict

from device.errors import BadSource, StoreError
from device.measure import Intended, Measurement
from device.sources import parse
from device.station import Station, open_station
from ui.headless import JsonLines
from ui.wiring import Wiring, local_now, measure, open_app, plan_of


def run(options: argparse.Namespace) -> int:
    """Measure one session; the exit code is 0 however it was ended."""
    spec = parse(options.source or "ble")
    with open_station(options.data, now=local_now()) as station:
        intended = Wiring.of(station, options).intend(options.purpose, spec, options.ceiling)
        if station.store.read_only:
            raise StoreError(station.store.notes[-1])
        for note in station.store.notes:
            print(f"beatwise: {note}", file=sys.stderr)
        if options.headless:
            asyncio.run(headless(station, intended, options.for_s))
        else:
            _screen(station, intended, options)
    return 0


def _screen(station: Station, intended: Intended, options: argparse.Namespace) -> None:
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise BadSource("live: no terminal here to draw on; say --headless for JSON lines")
    from ui.overview import Plan, Show

    async def run_it(_: Plan, show: Show) -> None:
        await measure(station, intended, show, until_s=options.for_s)

    wiring = Wiring.of(station, options)
    open_app(station, wiring.load, run_it, live=plan_of(intended)).run()


async def headless(station: Station, intended: Intended, until_s: float | None) -> None:
    """Measure without a screen: JSON lines on standard output, the last one the summary."""

    def stop(*, leave_open: bool) -> None:
        measurement.leave_open = leave_open
        running.cancel()

    measurement = Measurement(intended, station.store, sync_s=station.config.store.sync_s)
    lines = JsonLines(sys.stdout, on_closed=lambda: stop(leave_open=False))
    running = asyncio.ensure_future(measurement.run(lines.show, until_s=until_s))
    loop = asyncio.get_running_loop()
    # Ctrl-C is the athlete's word that the session is over. SIGTERM is the machine's: the session
    # stays open, and a recording can be gone on with.
    loop.add_signal_handler(signal.SIGINT, lambda: stop(leave_open=False))
    loop.add_signal_handler(signal.SIGTERM, lambda: stop(leave_open=True))
    await asyncio.wait({running})
    if not running.cancelled():
        running.result()
    lines.write(
        "summary",
        session=measurement.session_id,
        trouble=measurement.trouble,
        **asdict(measurement.session.summary()),
    )
