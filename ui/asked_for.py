"""The session that ``beatwise live`` asks for: settled, or one that was cut off gone on with."""

from __future__ import annotations

import argparse
import sys
import time
from dataclasses import replace

from device.errors import StoreError
from device.history import StoredSession
from device.intended import Intended
from device.intent import parse_purpose
from device.sources import parse
from device.station import Station
from ui.live_run import LiveRun
from ui.overview import CutOff, Plan, Settled
from ui.wiring import local_now, plan_of

WORTH_ASKING_S = 10.0
"""Nobody wants to go on with less."""


class AskedFor:
    """What the command line means on this station."""

    def __init__(self, station: Station, options: argparse.Namespace) -> None:
        """Raises a BeatwiseError for a source or an athlete that there is not."""
        self.station = station
        self.options = options
        self.spec = parse(options.source or "ble")
        self.athlete = station.athlete(options.athlete, self.spec)
        self._fresh: Intended | None = None
        self._cut_off: StoredSession | None = None

    def intended(self) -> Intended:
        """Settle it; raises a BeatwiseError for what does not work."""
        if self.station.store.read_only:
            raise StoreError(self.station.store.notes[-1])
        if self.options.resume:
            cut_off = self._lately_cut_off()
            if cut_off is not None and (not self.options.wait or self._unasked(cut_off)):
                return self._again(cut_off)
            print("beatwise: nothing was cut off: a new session", file=sys.stderr)
        options = self.options
        return self.station.intend(
            parse_purpose(options.purpose),
            self.athlete,
            self.spec,
            now=local_now(),
            ceiling_bpm=options.ceiling,
            unit=options.unit,
            steps=options.steps,
            override=options.override,
            why=options.why,
        )

    def settle(self) -> Settled:
        """The same for a screen, which can ask whether to go on with what was cut off instead."""
        self._fresh = self.intended()
        plan = plan_of(self._fresh, self.athlete)
        if self.options.resume:
            return Settled(plan)
        cut_off = self._cut_off = self._lately_cut_off()
        lasted_s = 0.0 if cut_off is None else self.station.store.lasted_s(cut_off.id)
        if cut_off is None or lasted_s < WORTH_ASKING_S:
            return Settled(plan)
        again = plan_of(self._again(cut_off), self.athlete)
        was = CutOff(cut_off.id, again.purpose, lasted_s)
        return Settled(plan, replace(again, cut_off=was))

    def begin(self, plan: Plan) -> LiveRun:
        """Whichever was chosen, from now on."""
        intended = self._fresh
        if plan.cut_off is not None and self._cut_off is not None:
            intended = self._again(self._cut_off)
        assert intended is not None  # noqa: S101 - it was settled
        until_s = self.options.for_s
        return LiveRun(self.station, replace(intended, started=local_now()), until_s=until_s)

    def _again(self, cut_off: StoredSession) -> Intended:
        return self.station.intend_again(cut_off, self.athlete, self.spec, now=local_now())

    def _unasked(self, cut_off: StoredSession) -> bool:
        up_s = time.clock_gettime(time.CLOCK_BOOTTIME)
        return self.station.goes_on_unasked(cut_off, now=local_now(), up_s=up_s)

    def _lately_cut_off(self) -> StoredSession | None:
        return self.station.cut_off(self.athlete, self.spec, now=local_now())
