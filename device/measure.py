"""One athlete's session from its first beat to its summary: measured, kept, and gone on with."""

import asyncio
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import timedelta

from device.cue import Cue
from device.going_on import resumed_at_s, retrace, shifted
from device.heartbeat import Heartbeat
from device.history import Outcome, SessionStart, StoredSession
from device.intended import LONGEST_NOTE, Intended, marks_at_start, session_of, start_of
from device.mark import SWITCHED_OFF, Mark, marks_between
from device.monitor import Show, monitor
from device.reading import Reading
from device.saving import saving
from device.say import cues_between
from device.session import Session
from device.session_writer import SessionWriter
from device.store import Store
from device.wall_clock import Steps as ClockSteps
from device.wall_clock import in_words
from sensors.events import SensorEvent, Source

SYNC_S = 5.0
"""At most so much is lost when the power goes."""


@dataclass(frozen=True, slots=True)
class JudgedAnew:
    """A session as it would be, had it been meant so from its first beat."""

    session: Session
    newest: Reading
    start: SessionStart
    marks: tuple[Mark, ...]
    """All of it: what people did as before, what was judged as it is now."""


class Measurement:
    """A session being measured.

    A recording whose session was cut off goes on with that session: what is stored is taken in
    first, and the source leaves it out. ``say`` is called with each cue, and must not wait.
    """

    def __init__(
        self,
        intended: Intended,
        store: Store,
        *,
        sync_s: float = SYNC_S,
        say: Callable[[Cue], object] | None = None,
        summary_min: int | None = None,
        summary_km: int | None = None,
        heartbeat: Heartbeat | None = None,
    ) -> None:
        self.session = session_of(intended)
        self.leave_open = False
        """Set where nobody decided to stop but the machine goes down: it can be gone on with."""
        self.discarded = False
        """Set where it turns out that nobody trained: nothing of it stays."""
        self._store = store
        self._sync_s = sync_s
        self._say = say
        self._summary = {"summary_min": summary_min, "summary_km": summary_km}
        self._heartbeat = heartbeat or Heartbeat()
        self._newest = Reading(0.0)
        self._stored_marks: frozenset[tuple[float, str]] = frozenset()
        self._wall = intended.wall
        self._set_by = timedelta(0)
        """By how much the wall clock was set since it was last to be trusted."""
        self._held: list[SensorEvent] | None = None
        self._let_go = asyncio.Event()
        self._let_go.set()
        self.writer, self._source = self._begin(intended)
        """The first is its way into the store."""

    @property
    def session_id(self) -> int | None:
        """Its number in the store; None until the disk has taken it."""
        return self.writer.session_id

    @property
    def purpose(self) -> str:
        """What it is for; of a session that is gone on with what it was for."""
        return self.writer.start.purpose

    @property
    def trouble(self) -> str | None:
        """Why it is not being saved; None when it is."""
        return None if self._store.trouble is None else str(self._store.trouble)

    def drop(self) -> None:
        """It was begun, and will not be measured after all."""
        self._store.drop(self.writer)

    async def run(self, show: Show, *, until_s: float | None = None) -> None:
        """Measure until the source ends, ``until_s`` of session time pass, or it is cancelled.

        However it ends, everything is on the disk afterwards, or :attr:`trouble` says why not. A
        session that was cancelled is closed as stopped.
        """

        elapsed_s = asyncio.get_running_loop().time
        steps = None if self._wall is None else ClockSteps(self._wall.now(), elapsed_s())

        def tell(event: SensorEvent, reading: Reading) -> None:
            alive()
            self._happened(reading)
            if self._wall is not None and steps is not None:
                now = self._wall.now()
                if (by := steps.look(now, elapsed_s())) is not None:
                    self._clock_was_set(by, self._wall.trusted(now))
            if self.trouble is not None:
                reading = replace(reading, quality=(self.trouble, *reading.quality))
            show(event, reading)

        outcome: Outcome | None = None
        try:
            with self._heartbeat.part("a measurement") as alive:
                async with saving(self._store, self._sync_s):
                    await monitor(self._source, self, self.writer.append, tell, until_s=until_s)
            outcome = "finished"
        except asyncio.CancelledError:
            outcome = "stopped"
            raise
        finally:
            await self._let_go.wait()  # what is being put right ends as it is then
            if self.discarded:
                self.writer.discard()
            elif outcome is not None and not self.leave_open:
                self.writer.finish(
                    outcome,
                    ended_s=self.session.t_s,
                    summary=asdict(self.session.summary()),
                )
            await asyncio.shield(asyncio.to_thread(self._store.commit))

    @property
    def t_s(self) -> float:
        """Session seconds."""
        return self.session.t_s

    def add(self, event: SensorEvent) -> Reading:
        """Take in an event, as :class:`device.monitor.Listener`."""
        if self._held is not None:
            self._held.append(event)
        return self.session.add(event)

    # -- judged anew

    def hold(self) -> int:
        """Mark nothing that is judged, until :meth:`take_over`; returns how many events there are.

        Between the two the whole session is judged anew, for another athlete or purpose.
        """
        self._held = []
        self._let_go.clear()
        return self.writer.events_count - self.writer.lost_events

    def take_over(self, anew: JudgedAnew | None) -> None:
        """From now on it is this session, which was judged up to :meth:`hold`; None: as before."""
        held, self._held = self._held or (), None
        self._let_go.set()
        if anew is None:
            return
        was_paused = self.session.effort.paused_by_key
        self.session, self._newest = anew.session, anew.newest
        for event in held:
            self._happened(self.session.add(event))
        if was_paused:
            self.session.pause()

    # -- what the athlete does

    def pause(self) -> None:
        """Judge and count nothing until :meth:`resume`."""
        if not self.session.effort.paused_by_key:
            self.session.pause()
            self._mark(Mark(self.session.t_s, "pause"))

    def resume(self) -> None:
        """Go on after a pause."""
        if self.session.effort.paused_by_key:
            self.session.resume()
            self._mark(Mark(self.session.t_s, "resume"))

    def lap(self) -> None:
        """Mark this moment."""
        self._mark(Mark(self.session.t_s, "lap"))

    def note(self, text: str) -> None:
        """Keep what the athlete wants to remember of this moment."""
        if kept := " ".join(text.split())[:LONGEST_NOTE]:
            self._mark(Mark(self.session.t_s, "note", kept))

    # -- keeping

    def _happened(self, reading: Reading) -> None:
        """What the reading brought: kept as marks, told as cues."""
        if self._held is not None:
            return
        before, self._newest = self._newest, reading
        for mark in marks_between(before, reading):
            # A mark may reach the disk before the beats it rests on; they come a second time.
            if (mark.t_s, mark.kind) not in self._stored_marks:
                self._mark(mark)
        if self._say is not None:
            for cue in cues_between(before, reading, **self._summary):
                self._say(cue)

    def _clock_was_set(self, by: timedelta, trusted: bool) -> None:
        """Say so. Where the day is known now, the session began by so much later or earlier as the
        clock was set since, whatever it said in between.
        """
        self._mark(Mark(self.session.t_s, "clock", in_words(by)))
        self._set_by += by
        if trusted and self.writer.start.started is not None:
            self.writer.restart(self.writer.start.started + self._set_by, trusted=True)
            self._set_by = timedelta(0)

    def _mark(self, mark: Mark) -> None:
        self.writer.mark(mark)

    def _begin(self, intended: Intended) -> tuple[SessionWriter, Source]:
        source = intended.source
        cut_off = intended.going_on
        if cut_off is None and source.fingerprint is not None:
            cut_off = self._store.unfinished(intended.athlete, source.spec.text, source.fingerprint)
        if cut_off is not None:
            return self._go_on(cut_off, intended)
        writer = self._store.begin(start_of(intended))
        for mark in marks_at_start(intended):
            writer.mark(mark)
        return writer, source.start(0)

    def _go_on(self, cut_off: StoredSession, intended: Intended) -> tuple[SessionWriter, Source]:
        """Take in what is stored; the time in which the program was off is a pause."""
        marks = self._store.marks(cut_off.id)
        self._stored_marks = frozenset((mark.t_s, mark.kind) for mark in marks)
        self._newest = retrace(self.session, self._store.events(cut_off.id), marks)
        writer = self._store.resume(cut_off)
        if not intended.source.live:  # it goes on where it was cut off, to the beat
            if self.session.effort.paused_by_key:
                self.session.resume()
                writer.mark(Mark(self.session.t_s, "resume"))
            return writer, intended.source.start(writer.events_count)
        off_s = self.session.t_s
        on_s = resumed_at_s(cut_off.start.started, off_s, intended.started)
        writer.mark(Mark(off_s, "pause", SWITCHED_OFF))
        writer.mark(Mark(on_s, "resume", SWITCHED_OFF))
        self._newest = self.session.switched_off_until(on_s)
        return writer, shifted(intended.source.start(0), on_s)
