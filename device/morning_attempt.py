"""One morning test from the strap to the verdict: measured, kept, answered, judged, chosen."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, timedelta
from importlib.metadata import version

from device.cue import Cue
from device.errors import StoreError
from device.history import Outcome, SessionStart
from device.measure import SYNC_S
from device.monitor import monitor
from device.morning import MorningTest
from device.morning_cues import cue_of
from device.morning_history import answer, choose, keep, mornings, show
from device.morning_protocol import METHOD_VERSION, Protocol
from device.morning_record import Answers, Choice, StoredMorning
from device.morning_schedule import MEDIAN_DAYS, on_schedule
from device.morning_view import MorningView, Result
from device.readiness_today import readiness
from device.saving import saving
from device.sources import OpenedSource
from device.store import Store
from hrv.readiness import Readiness
from sensors.events import SensorEvent

PURPOSE = "morning"
STRAP = "chest"
ENDED_EARLY = "the recording ended before the test did"
STOPPED = "stopped before it was done"

ShowMorning = Callable[[SensorEvent, MorningView], object]


@dataclass(frozen=True, slots=True, kw_only=True)
class MorningIntended:
    """What is settled before a morning test starts."""

    athlete: str
    protocol: Protocol
    source: OpenedSource
    started: datetime | None
    """Wall clock with its offset; None where it cannot be trusted."""
    day: date | None
    """Of the local calendar; None where it is not known yet."""

    @property
    def audible(self) -> bool:
        """Whether there is somebody to hear it: not where a recording passes faster than life."""
        return self.source.spec.speed == 1.0


class MorningAttempt:
    """One attempt; its raw beats are a session of the store, its result a row of the mornings."""

    def __init__(
        self,
        intended: MorningIntended,
        store: Store,
        *,
        alone: bool = False,
        sync_s: float = SYNC_S,
        calm: bool = False,
    ) -> None:
        """``alone``: nobody presses a key, the test starts as soon as RR flows cleanly.

        ``calm`` as in `device.readiness_today.readiness`.
        """
        self.test = MorningTest(intended.protocol, start_when_ready=alone)
        self.day = intended.day
        self.stored: StoredMorning | None = None
        """Once it is measured; its ``id`` is None while the disk has not taken it."""
        self.session_id: int | None = None
        self._intended = intended
        self._store = store
        self._sync_s = sync_s
        self._calm = calm
        self._trouble: str | None = None

    @property
    def trouble(self) -> str | None:
        """Why it is not being saved; None when it is."""
        return self._trouble or (str(self._store.trouble) if self._store.trouble else None)

    def take(self, protocol: Protocol) -> None:
        """Take it this way from now on; only before the clock has started."""
        self.test.take(protocol)

    def on_day(self, day: date) -> None:
        """The athlete says which day it is."""
        self.day = day

    def start(self) -> None:
        """The athlete's key: the clock starts as soon as RR flows cleanly."""
        self.test.start()

    def moved(self) -> None:
        """The athlete says they moved or spoke."""
        self.test.moved()

    async def measure(
        self, show_it: ShowMorning, *, say: Callable[[Cue], object] | None = None
    ) -> Result:
        """Run until the test is done, the source ends, or this is cancelled.

        Each change of the test is said with ``say``; None where nobody is to hear it.

        However it ends, beats and result are on the disk afterwards, or :attr:`trouble` says why
        not. A test that was begun and not done is kept as refused. Without a day all of it waits
        for :meth:`judge`.
        """
        intended = self._intended
        writer = self._store.begin(
            SessionStart(
                athlete=intended.athlete,
                purpose=PURPOSE,
                source=intended.source.spec.text,
                started=intended.started,
                clock_trusted=intended.started is not None,
                beatwise_version=version("beatwise"),
                method_version=METHOD_VERSION,
            )
        )

        def tell(event: SensorEvent, view: MorningView) -> None:
            if self.trouble is not None:
                view = replace(view, advice=(self.trouble, *view.advice))
            if say is not None and view.cue is not None:
                say(cue_of(view.cue))
            show_it(event, view)

        outcome: Outcome = "stopped"
        reason = STOPPED
        try:
            async with saving(self._store, self._sync_s):
                await monitor(
                    intended.source.start(0),
                    self.test,
                    writer.append,
                    tell,
                    until=lambda view: view.phase == "done",
                )
            outcome, reason = "finished", ENDED_EARLY
        finally:
            worth_keeping = self.test.begun or self.test.result is not None or outcome == "finished"
            self.test.end(reason)
            result = self._result()
            writer.finish(outcome, ended_s=self.test.t_s, summary=_summary(result))
            await asyncio.shield(asyncio.to_thread(self._store.commit))
            self.session_id = writer.session_id
            if worth_keeping and self.day is not None:
                await asyncio.shield(asyncio.to_thread(self._keep, result))
        return result

    async def judge(self, answers: Answers) -> Readiness:
        """Keep the answers, and judge the day; after :meth:`measure`.

        Raises:
            ValueError: nothing was measured, or nobody has said which day it is.
            StoreError: the history cannot be read.
        """
        if self.day is None:
            raise ValueError("a morning is never filed under a guessed day: on_day() first")
        return await asyncio.to_thread(self._judge, self.day, answers)

    async def choose(self, choice: Choice) -> None:
        """Keep what the athlete makes of the verdict, be it of a test taken earlier today.

        Raises:
            ValueError: there is no test today.
            StoreError: the history cannot be read.
        """
        await asyncio.to_thread(self._choose, choice)

    # -- on the disk

    def _choose(self, choice: Choice) -> None:
        stored = self.stored
        if stored is None and self.day is not None:
            name, day = self._intended.athlete, self.day
            today = mornings(self._store, name, since=day, until=day)
            stored = next((one for one in today if one.outcome == "accepted"), None)
        if stored is None:
            raise ValueError("there is no test today to choose about")
        self._save(replace(stored, choice=choice), lambda one: choose(self._store, one, choice))

    def _judge(self, day: date, answers: Answers) -> Readiness:
        store = self._store
        if self.stored is None:
            self._keep(self._result())
        self._save(replace(self._kept(), answers=answers), lambda one: answer(store, one, answers))
        unsaved = () if self._kept().id is not None else (self._kept(),)
        told = readiness(store, self._intended.athlete, day, unsaved=unsaved, calm=self._calm)
        rule, verdict = told.decision.rule, told.decision.verdict
        self._save(
            replace(self._kept(), rule=rule, verdict=verdict),
            lambda one: show(store, one, rule, verdict),
        )
        return told

    def _keep(self, result: Result) -> None:
        self._save(self._morning(result), lambda one: keep(self._store, one))

    def _save(self, changed: StoredMorning, save: Callable[[StoredMorning], StoredMorning]) -> None:
        """What the disk does not take now goes with the next thing that is saved."""
        self.stored = changed
        try:
            self.stored = save(changed)
        except StoreError as error:
            self._trouble = str(error)
        else:
            self._trouble = None

    def _kept(self) -> StoredMorning:
        if self.stored is None:
            raise ValueError("nothing was measured")
        return self.stored

    def _result(self) -> Result:
        result = self.test.result
        if result is None:
            raise ValueError("nothing was measured")
        return result

    def _morning(self, result: Result) -> StoredMorning:
        assert self.day is not None  # noqa: S101 - callers look
        intended, day, protocol = self._intended, self.day, self.test.protocol
        earlier: list[StoredMorning] = []
        with suppress(StoreError):  # a history that cannot be read has no usual time
            since = day - timedelta(days=MEDIAN_DAYS)
            earlier = mornings(self._store, intended.athlete, since=since, until=day)
        return StoredMorning(
            athlete=intended.athlete,
            day=day,
            taken=intended.started,
            protocol=protocol.key(STRAP),
            protocol_name=protocol.name,
            posture=protocol.posture,
            strap=STRAP,
            method_version=METHOD_VERSION,
            outcome=result.outcome,
            problem=result.problem,
            rmssd_ms=result.rmssd_ms,
            hr_bpm=result.hr_bpm,
            artefact_pct=result.artefact_pct,
            confidence=result.confidence,
            on_schedule=on_schedule(
                intended.started, day, [one for one in earlier if one.place == protocol.place]
            ),
            session_id=self.session_id,
            detail=detail(result),
        )


def detail(result: Result) -> dict[str, object]:
    """Everything of a result that the row of a morning has no column for."""
    return {
        "reasons": list(result.reasons),
        **asdict(result.counts),
        "record_from_s": result.record_from_s,
        "record_to_s": result.record_to_s,
        "orthostatic": None if result.orthostatic is None else asdict(result.orthostatic),
    }


def _summary(result: Result) -> dict[str, object]:
    return {
        "outcome": result.outcome,
        "rmssd_ms": result.rmssd_ms,
        "ln_rmssd": result.ln_rmssd,
        "mean_hr_bpm": result.hr_bpm,
        "confidence": result.confidence,
        **detail(result),
    }
