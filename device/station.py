"""One installation, ready to measure: its folder held, its settings read, its store open."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from pathlib import Path

from device import config, erase, folder, restore, roster, sources
from device.athlete import Athlete, zones_of
from device.config import Config
from device.folder import Places
from device.heartbeat import Heartbeat
from device.history import StoredSession
from device.intended import OVERRIDDEN, Intended
from device.intent import SET_BY_YOU, Band, Purpose, parse_purpose
from device.sources import OpenedSource, SourceSpec, Unit
from device.store import Store
from device.target import target
from device.this_morning import Cap, cap_of
from device.trusted_clock import LONGEST_PAUSE, Judgement, judge_here
from device.wall_clock import WallClock

DEMO = Athlete("Demo athlete", resting_bpm=55.0, max_bpm=185.0)
"""Who the simulation is when nobody is named: the numbers it plays by."""

GONE_ON_WITHIN = timedelta(hours=12)
"""A session that began longer ago is not offered to go on with."""
SAME_VISIT_WITHIN = timedelta(minutes=30)
"""Where nobody is asked, a session that was cut off longer ago is not gone on with: by then most
have gone home, and the next to wear the strap may be another (our decision)."""


@dataclass(frozen=True, slots=True)
class Station:
    """Everything a session needs but the athlete's decisions."""

    places: Places
    config: Config
    store: Store
    wall: Callable[[], datetime] | None = None
    """How to ask the wall clock, where a session should notice that it is set."""
    heartbeat: Heartbeat = field(default_factory=Heartbeat)
    """What tells systemd that measurements and the screen live, where it asked for it."""

    def clock(self, now: datetime) -> Judgement:
        """Whether the wall clock may name the day."""
        return judge_here(self.store, self.places.data, now)

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
        steps: str | None = None,
        override: bool = False,
        why: str = "",
    ) -> Intended:
        """Settle a session: its band, its steps, its zones, its source opened.

        ``now`` is the wall clock with its offset; it names the day and the athlete's age. This
        morning's verdict caps the band unless it is overridden; a ceiling of one's own is one.

        Raises :class:`device.errors.BadSource`, :class:`device.intent.BadPurpose` and
        :class:`device.steps.BadSteps`.
        """
        known = athlete or Athlete("")
        opened = self.open_source(known, spec, purpose=purpose, unit=unit)
        return self.settle(
            purpose,
            athlete,
            opened,
            now=now,
            ceiling_bpm=ceiling_bpm,
            steps=steps,
            override=override,
            why=why,
        )

    def settle(
        self,
        purpose: Purpose,
        athlete: Athlete | None,
        source: OpenedSource,
        *,
        now: datetime,
        ceiling_bpm: float | None = None,
        steps: str | None = None,
        override: bool = False,
        why: str = "",
        said: date | None = None,
    ) -> Intended:
        """The same with a source that is open already, such as one strap of a room.

        ``said`` is the day as the athlete has said it: it counts where the clock may not name it.
        """
        known, trusted = athlete or Athlete(""), self.clock(now).trusted
        day = now.date() if trusted or said is None else said
        cap = self.cap(athlete, day)
        overridden = cap is not None and (override or cap.overridden or ceiling_bpm is not None)
        binding = None if overridden else cap
        band, plan = target(
            purpose, known, binding, year=day.year, ceiling_bpm=ceiling_bpm, steps=steps
        )
        return Intended(
            athlete=None if athlete is None else athlete.name,
            purpose=purpose,
            band=band,
            zones=zones_of(known),
            source=source,
            rr_range_ms=(self.config.rr.shortest_ms, self.config.rr.longest_ms),
            started=now,
            clock_trusted=trusted,
            wall=None
            if self.wall is None
            else WallClock(self.wall, lambda now: self.clock(now).trusted),
            steps=plan,
            cap=cap,
            overridden=overridden,
            why=why,
        )

    def cap(self, athlete: Athlete | None, day: date) -> Cap | None:
        """What the morning of a day makes of whatever is done on it."""
        if athlete is None:
            return None
        return cap_of(self.store, athlete, day, calm=self.config.readiness.calm)

    def cut_off(
        self, athlete: Athlete | None, spec: SourceSpec, *, now: datetime
    ) -> StoredSession | None:
        """A live session begun not long ago and cut off, which this source can go on with."""
        found = self.store.cut_off(None if athlete is None else athlete.name)
        if found is None or found.start.started is None:
            return None
        kind = "ble" if found.start.source.startswith("ble") else "sim"
        same = spec.kind == "ble" if kind == "ble" else found.start.source == spec.text
        lately = same and self._lately(found, found.start.started, now, GONE_ON_WITHIN)
        return found if lately else None

    def left_open(self, kind: str, *, now: datetime) -> list[StoredSession]:
        """Each athlete's session that was cut off minutes ago: the visit may go on still.

        ``kind`` is what the source begins with: "ble", or "sim" for a simulated room.
        """
        found = []
        for one in self.store.left_open(f"{kind}:"):
            began = one.start.started
            if began is not None and self._ended_lately(one, began, now):
                found.append(one)
        return found

    def goes_on_unasked(self, cut_off: StoredSession, *, now: datetime, up_s: float) -> bool:
        """Whether to go on with a session where nobody can be asked: with the Pi in a pocket.

        ``up_s`` is how long the machine has been on. Many end a run by pulling the battery, and a
        clock without one says the next morning that it was minutes ago: unless the clock is to be
        trusted, only what began since the machine was switched on is gone on with.
        """
        began = cut_off.start.started
        if began is None or not self._ended_lately(cut_off, began, now):
            return False
        return self.clock(now).trusted or began >= now - timedelta(seconds=up_s)

    def _ended_lately(self, cut_off: StoredSession, began: datetime, now: datetime) -> bool:
        ended = began + timedelta(seconds=self.store.lasted_s(cut_off.id))
        return self._lately(cut_off, ended, now, SAME_VISIT_WITHIN)

    def _lately(
        self, cut_off: StoredSession, then: datetime, now: datetime, within: timedelta
    ) -> bool:
        """Whether ``then``, of a session that was cut off, is not long ago as far as one can tell.

        A board without a battery comes back from a power cut with an older time, or any. A clock
        that makes no sense and may not name the day does not keep an athlete from going on, unless
        somebody has trained here since.
        """
        since = now - then
        if timedelta(0) <= since <= within:
            return True
        nonsense = since < timedelta(0) or since > LONGEST_PAUSE
        doubted = cut_off.start.clock_trusted is False or not self.clock(now).trusted
        return nonsense and doubted and not self.store.ended_since(cut_off)

    def intend_again(
        self, cut_off: StoredSession, athlete: Athlete | None, spec: SourceSpec, *, now: datetime
    ) -> Intended:
        """Settle a session that was cut off as it was settled then."""
        known, purpose = athlete or Athlete(""), parse_purpose(cut_off.start.purpose)
        opened = self.open_source(known, spec, purpose=purpose)
        return self.settle_again(cut_off, athlete, opened, now=now)

    def settle_again(
        self,
        cut_off: StoredSession,
        athlete: Athlete | None,
        source: OpenedSource,
        *,
        now: datetime,
        said: date | None = None,
    ) -> Intended:
        """The same with a source that is open already; ``said`` as for :meth:`settle`."""
        start = cut_off.start
        settled = {mark.kind: mark.text for mark in self.store.marks(cut_off.id) if not mark.t_s}
        intended = self.settle(
            parse_purpose(start.purpose),
            athlete,
            source,
            now=now,
            ceiling_bpm=start.ceiling_bpm if settled.get("target") == SET_BY_YOU else None,
            steps=None if start.purpose == Purpose.RAMP else settled.get("plan"),
            override=settled.get("morning", "").startswith(OVERRIDDEN),
            why=settled.get("why", ""),
            said=said,
        )
        band = intended.band
        then = start.floor_bpm, start.ceiling_bpm
        if then != (None if band is None else band.floor_bpm, band and band.ceiling_bpm):
            band = Band(*then, settled.get("target", "as it began"), estimate=False)
        return replace(intended, band=band, going_on=cut_off)

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
def open_station(
    data: Path | None, *, now: datetime, wall: Callable[[], datetime] | None = None
) -> Iterator[Station]:
    """Hold the data folder, read the settings, open the store; all is closed again.

    ``now`` is the wall clock, for the name of a damaged database that has to be set aside; ``wall``
    asks it again, where sessions are measured.

    Raises a :class:`device.errors.BeatwiseError` for each thing a person must put right.
    """
    places = folder.places(data)
    folder.make(places.data)
    with folder.hold(places.data):
        restore.finish(places)
        settings = config.load(places.data)
        store = Store.open(places.database, now=now)
        try:
            erase.finish(store, places)
            yield Station(places, settings, store, wall, Heartbeat.of())
        finally:
            store.close()
