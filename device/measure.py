"""One athlete's session from its first beat to its summary: measured, kept, and gone on with."""

import asyncio
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from importlib.metadata import version

from device.history import Outcome, SessionStart
from device.intent import Band, Purpose
from device.monitor import Show, monitor
from device.reading import Reading
from device.session import EXERCISE_RR_MS, METHOD_VERSION, Session
from device.session_writer import SessionWriter
from device.sources import OpenedSource
from device.store import Store
from hrv.zones import Zones
from sensors.events import SensorEvent
from sensors.pacing import with_seconds

SYNC_S = 5.0
"""At most so much is lost when the power goes."""
EARLIER = 0.9
"""Committing begins after this share of it: the rest is for noticing and for the disk."""
LOOK_S = 0.2


@dataclass(frozen=True, slots=True, kw_only=True)
class Intended:
    """What is settled before a session starts."""

    athlete: str | None
    purpose: Purpose
    band: Band | None
    zones: Zones | None
    source: OpenedSource
    rr_range_ms: tuple[float, float] = EXERCISE_RR_MS
    started: datetime | None = None
    """Wall clock with its UTC offset; only names the day."""


class Measurement:
    """A session being measured.

    A recording whose session was cut off goes on with that session: what is stored is taken in
    first, and the source leaves it out.
    """

    def __init__(self, intended: Intended, store: Store, *, sync_s: float = SYNC_S) -> None:
        self.session = Session(
            band=intended.band, zones=intended.zones, rr_range_ms=intended.rr_range_ms
        )
        self.leave_open = False
        """Set where nobody decided to stop but the machine goes down: it can be gone on with."""
        self._store = store
        self._sync_s = sync_s
        self._writer, stored_events = self._begin(intended)
        self._source = intended.source.start(stored_events)

    @property
    def session_id(self) -> int | None:
        """Its number in the store; None until the disk has taken it."""
        return self._writer.session_id

    @property
    def trouble(self) -> str | None:
        """Why it is not being saved; None when it is."""
        return None if self._store.trouble is None else str(self._store.trouble)

    async def run(self, show: Show, *, until_s: float | None = None) -> None:
        """Measure until the source ends, ``until_s`` of session time pass, or it is cancelled.

        However it ends, everything is on the disk afterwards, or :attr:`trouble` says why not. A
        session that was cancelled is closed as stopped.
        """

        def tell(event: SensorEvent, reading: Reading) -> None:
            if self.trouble is not None:
                reading = replace(reading, quality=(self.trouble, *reading.quality))
            show(event, reading)

        keeper = asyncio.create_task(keep_saving(self._store, self._sync_s))
        outcome: Outcome | None = None
        try:
            await monitor(self._source, self.session, self._writer.append, tell, until_s=until_s)
            outcome = "finished"
        except asyncio.CancelledError:
            outcome = "stopped"
            raise
        finally:
            keeper.cancel()
            with suppress(asyncio.CancelledError):
                await keeper
            if outcome is not None and not self.leave_open:
                self._writer.finish(
                    outcome,
                    ended_s=self.session.t_s,
                    summary=asdict(self.session.summary()),
                )
            await asyncio.shield(asyncio.to_thread(self._store.commit))

    def _begin(self, intended: Intended) -> tuple[SessionWriter, int]:
        source = intended.source
        if source.fingerprint is not None:
            cut_off = self._store.unfinished(intended.athlete, source.spec.text, source.fingerprint)
            if cut_off is not None:
                for event in with_seconds(self._store.events(cut_off.id)):
                    self.session.add(event)
                writer = self._store.resume(cut_off)
                return writer, writer.events_count
        band = intended.band
        start = SessionStart(
            athlete=intended.athlete,
            purpose=intended.purpose,
            source=source.spec.text,
            fingerprint=source.fingerprint,
            floor_bpm=None if band is None else band.floor_bpm,
            ceiling_bpm=None if band is None else band.ceiling_bpm,
            started=intended.started,
            beatwise_version=version("beatwise"),
            method_version=METHOD_VERSION,
        )
        return self._store.begin(start), 0


async def keep_saving(store: Store, sync_s: float) -> None:
    """Put what was measured onto the disk, in time, in a thread: no disk delays a beat."""
    loop = asyncio.get_running_loop()
    while True:
        await asyncio.sleep(LOOK_S)
        if store.due(loop.time(), sync_s=sync_s * EARLIER):
            await asyncio.to_thread(store.commit)
