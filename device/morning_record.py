"""A morning as the history has it: the test, the answers, the choice."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from device.morning_protocol import Place, taken_at
from device.morning_view import TestOutcome
from hrv.decision import Symptoms, Verdict
from hrv.morning_test import MorningTest as ComparableTest
from hrv.wellness import Wellness

Choice = Literal["follow", "easier", "harder"]

TAGS = ("alcohol", "travel", "heat", "menstrual phase", "late meal", "medication")
"""Offered; what else is typed is kept as typed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """What the athlete says; asked before the number is shown."""

    feeling: Wellness | None = None
    """None is unanswered, and so is an item of it: unknown, not average."""
    symptoms: Symptoms = Symptoms.NONE
    tags: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredMorning:
    """One attempt of a morning test, or one imported day; also those that were refused."""

    id: int | None = None
    """None until it is stored."""
    athlete: str
    day: date
    """Of the local calendar where it was taken."""
    taken: datetime | None = None
    """Wall clock at the start with its offset; None where only the day is known."""
    protocol: str
    """`device.morning_protocol.Protocol.key`: what is compared."""
    protocol_name: str
    posture: str | None = None
    """None: not known of an imported day."""
    strap: str = "chest"
    method_version: str
    outcome: TestOutcome
    problem: str | None = None
    """Why refused, or excluded, in plain words; None if usable."""
    rmssd_ms: float | None = None
    hr_bpm: float | None = None
    artefact_pct: float | None = None
    confidence: str | None = None
    answers: Answers = Answers()
    on_schedule: bool = True
    """False if taken outside the usual hours: judged, but it never enters the baseline."""
    imported_from: str | None = None
    """File or app; None for a test taken here."""
    session_id: int | None = None
    """Where the raw beats are."""
    choice: Choice | None = None
    """What the athlete made of the verdict; stored, never scored."""
    rule: str | None = None
    verdict: Verdict | None = None
    """As shown on the day; None where none was shown."""
    detail: dict[str, object] | None = None
    """Everything else of the result, for a look at one test: counts, reasons, standing values."""

    @property
    def ill(self) -> bool:
        """Marked ill: stays out of every baseline."""
        return self.answers.symptoms is not Symptoms.NONE

    @property
    def place(self) -> Place:
        """Where it was taken; what was taken in a gym never enters the baseline of the mornings."""
        return taken_at(self.protocol)

    @property
    def comparable(self) -> ComparableTest:
        """As `hrv.readiness` wants it."""
        return ComparableTest(
            day=self.day.toordinal(),
            rmssd_ms=self.rmssd_ms,
            hr_bpm=self.hr_bpm,
            protocol=self.protocol,
            problem=self.problem,
            on_schedule=self.on_schedule,
            ill=self.ill,
        )
