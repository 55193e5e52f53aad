"""``beatwise live``: one session, on a screen or as JSON lines."""

import argparse
import asyncio
import sys

from device.errors import BadSource, StoreError
from device.intended import Intended
from device.intent import parse_purpose
from device.sources import parse
from device.station import Station, open_station
from ui.headless_run import headless
from ui.live_run import LiveRun
from ui.wiring import Wiring, local_now, open_app, plan_of


def run(options: argparse.Namespace) -> int:
    """Measure one session; the exit code is 0 however it was ended."""
    with open_station(options.data, now=local_now(), wall=local_now) as station:
        intended = _settle(station, options)
        if station.store.read_only:
            raise StoreError(station.store.notes[-1])
        for note in station.store.notes:
            print(f"beatwise: {note}", file=sys.stderr)
        if intended.cap is not None and not intended.overridden:
            print(f"beatwise: {intended.cap}", file=sys.stderr)
        if options.headless:
            asyncio.run(headless(station, intended, options.for_s, wait=options.wait))
        else:
            _screen(station, intended, options)
    return 0


def _settle(station: Station, options: argparse.Namespace) -> Intended:
    """A new session as it was asked for, or one that was cut off and is gone on with."""
    spec = parse(options.source or "ble")
    athlete = station.athlete(options.athlete, spec)
    now = local_now()
    if options.resume:
        cut_off = station.cut_off(athlete, spec, now=now)
        if cut_off is not None:
            return station.intend_again(cut_off, athlete, spec, now=now)
        print("beatwise: nothing was cut off: a new session", file=sys.stderr)
    return station.intend(
        parse_purpose(options.purpose),
        athlete,
        spec,
        now=now,
        ceiling_bpm=options.ceiling,
        unit=options.unit,
        steps=options.steps,
        override=options.override,
        why=options.why,
    )


def _screen(station: Station, intended: Intended, options: argparse.Namespace) -> None:
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise BadSource("live: no terminal here to draw on; say --headless for JSON lines")
    from ui.overview import Plan

    def begin(_: Plan) -> LiveRun:
        return LiveRun(station, intended, until_s=options.for_s)

    wiring = Wiring.of(station, options)
    athlete = station.athlete(options.athlete, intended.source.spec)
    plan, debriefs = plan_of(intended, athlete), wiring.debriefs()
    open_app(station, wiring.load, begin, live=plan, debriefs=debriefs).run()
