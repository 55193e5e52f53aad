"""One installation, ready to measure: its folder held, its settings read, its store open."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from device import config, folder, roster, sources
from device.athlete import Athlete, zones_of
from device.config import Config
from device.folder import Places
from device.intent import Purpose, band_for
from device.measure import Intended
from device.sources import OpenedSource, SourceSpec, Unit
from device.store import Store

DEMO = Athlete("Demo athlete", resting_bpm=55.0, max_bpm=185.0)
"""Who the simulation is when nobody is named: the numbers it plays by."""


@dataclass(frozen=True, slots=True)
class Station:
    """Everything a session needs but the athlete's decisions."""

    places: Places
    config: Config
    store: Store

    def athlete(self, name: str | None, spec: SourceSpec) -> Athlete | None:
        """Who it is: as named, else as the settings say, else the only one there is.

        The simulation is its own athlete unless one is named. None where nobody is known.

        Raises :class:`device.errors.UnknownAthlete`.
        """
        if name is not None:
            return roster.load(self.places.data, name)
        if spec.kind == "sim":
            return DEMO
        if self.config.athlete is not None:
            return roster.load(self.places.data, self.config.athlete)
        known = roster.load_all(self.places.data).athletes
        return known[0] if len(known) == 1 else None

    def intend(
        self,
        purpose: Purpose,
        athlete: Athlete | None,
        spec: SourceSpec,
        *,
        now: datetime,
        ceiling_bpm: float | None = None,
        unit: Unit | None = None,
    ) -> Intended:
        """Settle a session: its band, its zones, its source opened.

        ``now`` is the wall clock with its offset; it names the day and the athlete's age.

        Raises :class:`device.errors.BadSource` and :class:`device.intent.BadPurpose`.
        """
        known = athlete or Athlete("")
        return Intended(
            athlete=None if athlete is None else athlete.name,
            purpose=purpose,
            band=band_for(purpose, known, year=now.year, ceiling_bpm=ceiling_bpm),
            zones=zones_of(known),
            source=self.open_source(known, spec, purpose=purpose, unit=unit),
            rr_range_ms=(self.config.rr.shortest_ms, self.config.rr.longest_ms),
            started=now,
        )

    def open_source(
        self, athlete: Athlete, spec: SourceSpec, *, purpose: str, unit: Unit | None = None
    ) -> OpenedSource:
        """Make ready what is measured with: the athlete's own strap where none is named.

        Raises :class:`device.errors.BadSource`.
        """
        address = spec.address
        if spec.kind == "ble" and address is None and athlete.strap is not None:
            address = athlete.strap.address
        return sources.open_source(
            spec,
            address=address,
            purpose=purpose,
            resting_bpm=athlete.resting_bpm,
            max_bpm=athlete.max_bpm,
            unit=unit,
            silence_s=self.config.bluetooth.silence_s,
        )


@contextmanager
def open_station(data: Path | None, *, now: datetime) -> Iterator[Station]:
    """Hold the data folder, read the settings, open the store; all is closed again.

    ``now`` is the wall clock, for the name of a damaged database that has to be set aside.

    Raises a :class:`device.errors.BeatwiseError` for each thing a person must put right.
    """
    places = folder.places(data)
    settings = config.load(places.data)
    folder.make(places.data)
    with folder.hold(places.data):
        store = Store.open(places.database, now=now)
        try:
            yield Station(places, settings, store)
        finally:
            store.close()
