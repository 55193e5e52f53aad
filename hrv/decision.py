"""The decision table: sixteen rules, of which the first that applies decides, and says why.

The table is our decision, no paper stands behind its rows. It supports the athlete, who may
follow it, go easier or harder; it is not a medical device. By our simulation a perfectly stable
athlete gets AMBER on 20 % and RED on 1 % of days by chance (24 % and 4 % if the days resemble
their neighbours). R14 departs from Vesterinen 2016 (abstract read), where high is easy too.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, StrEnum

from hrv.baseline import PROVISIONAL_FROM_N, Position, Stage


class Verdict(StrEnum):
    """What the day may hold."""

    GREEN = "GREEN"
    AMBER = "AMBER"
    RED = "RED"
    GREY = "GREY"

    @property
    def advice(self) -> str:
        """What it means for today, in plain words."""
        return _ADVICE[self]


_ADVICE = {
    Verdict.GREEN: "as planned",
    Verdict.AMBER: "below VT1, at most 60 minutes, no intervals",
    Verdict.RED: "rest or a gentle walk",
    Verdict.GREY: "no HRV verdict today; go by how you feel",
}


class Symptoms(Enum):
    """What the athlete reports, the gravest of it."""

    NONE = "none"
    HEAD_COLD = "head cold only"
    SYSTEMIC = "fever, chest, body or gut symptoms"


@dataclass(frozen=True, slots=True)
class Signals:
    """All that the table looks at."""

    day: Position | None = None
    """D: today's lnRMSSD in the band of single days."""
    trend: Position | None = None
    """T: the 7-day mean in its narrower band; None if there are too few days."""
    hr_level: int = 0
    """H: resting heart rate up, 0 not, 1 slightly, 2 clearly."""
    wellness_low: bool | None = None
    """W: None if unanswered, or so in part that nothing follows; that counts as normal."""
    symptoms: Symptoms = Symptoms.NONE
    problem: str | None = None
    """Why there is no usable test today; None if there is one."""
    stage: Stage = Stage.ESTABLISHED
    n: int = 0
    """Tests in the baseline."""
    yesterday: Verdict | None = None
    day_before: Verdict | None = None

    @property
    def day_low(self) -> bool:
        """D = L."""
        return self.day is Position.LOW

    @property
    def trend_low(self) -> bool:
        """T = L."""
        return self.trend is Position.LOW

    @property
    def hr_clearly_up(self) -> bool:
        """H = 2."""
        return self.hr_level >= 2

    @property
    def feels_poor(self) -> bool:
        """W low."""
        return self.wellness_low is True

    @property
    def third_suppressed_day(self) -> bool:
        """Both days before were AMBER or RED; a day without a verdict breaks the row."""
        suppressed = (Verdict.AMBER, Verdict.RED)
        return self.yesterday in suppressed and self.day_before in suppressed


@dataclass(frozen=True, slots=True)
class Rule:
    """One row of the table."""

    name: str
    applies: Callable[[Signals], bool]
    verdict: Callable[[Signals], Verdict]
    reason: str
    """May quote {n} and {problem}."""


def _always(verdict: Verdict) -> Callable[[Signals], Verdict]:
    return lambda _: verdict


def _red_if_established(s: Signals) -> Verdict:
    return Verdict.RED if s.stage is Stage.ESTABLISHED else Verdict.AMBER


def _own_rating_only(s: Signals) -> Verdict:
    return Verdict.AMBER if s.feels_poor else Verdict.GREY


RULES: tuple[Rule, ...] = (
    Rule(
        "R1",
        lambda s: s.symptoms is Symptoms.SYSTEMIC,
        _always(Verdict.RED),
        "Training with fever, chest, body or gut symptoms is unsafe whatever HRV says; rest, and"
        " seek advice if it persists.",
    ),
    Rule(
        "R2",
        lambda s: s.symptoms is Symptoms.HEAD_COLD,
        lambda s: Verdict.RED if s.day_low or s.hr_clearly_up else Verdict.AMBER,
        "Your body is fighting something; short and gentle at most.",
    ),
    Rule(
        "R3",
        lambda s: s.problem is not None,
        _own_rating_only,
        "No usable reading today: {problem}.",
    ),
    Rule(
        "R4",
        lambda s: s.stage is Stage.LEARNING,
        _own_rating_only,
        f"{{n}} of {PROVISIONAL_FROM_N} mornings collected; only your own rating is used.",
    ),
    Rule(
        "R5",
        lambda s: s.hr_clearly_up and (s.day_low or s.feels_poor),
        _always(Verdict.RED),
        "Resting heart rate is clearly up and a second signal agrees; often illness, alcohol,"
        " heat or poor sleep.",
    ),
    Rule(
        "R6",
        lambda s: s.day_low and s.trend_low and (s.hr_level >= 1 or s.feels_poor),
        _red_if_established,
        "Today and the week are below your range and another signal agrees.",
    ),
    Rule(
        "R7",
        lambda s: s.day_low and s.trend_low and s.third_suppressed_day,
        _red_if_established,
        "Today and the week are below your range: the third suppressed day in a row.",
    ),
    Rule(
        "R8",
        lambda s: s.day_low and s.trend_low,
        _always(Verdict.AMBER),
        "Today and the week are below your range; keep it easy.",
    ),
    Rule(
        "R9",
        lambda s: s.trend_low,
        _always(Verdict.AMBER),
        "The weekly average is below your range though today is not; load may be accumulating.",
    ),
    Rule(
        "R10",
        lambda s: s.day_low,
        _always(Verdict.AMBER),
        "One low morning, often just one bad night; easy today, check again tomorrow.",
    ),
    Rule(
        "R11",
        lambda s: s.hr_clearly_up,
        _always(Verdict.AMBER),
        "Resting heart rate is unusually high though HRV is not low.",
    ),
    Rule(
        "R12",
        lambda s: s.day is Position.HIGH and s.feels_poor,
        _always(Verdict.AMBER),
        "Very high HRV with fatigue can accompany heavy load; higher is not always better.",
    ),
    Rule(
        "R13",
        lambda s: s.feels_poor,
        _always(Verdict.AMBER),
        "The numbers are normal but you feel poor; your rating outranks them.",
    ),
    Rule(
        "R14",
        lambda s: Position.HIGH in (s.day, s.trend),
        _always(Verdict.GREEN),
        "Above your range, and you do not feel poor.",
    ),
    Rule(
        "R15",
        lambda s: s.hr_level == 1,
        _always(Verdict.GREEN),
        "In your range, resting heart rate slightly up; watch it.",
    ),
    Rule("R16", lambda _: True, _always(Verdict.GREEN), "Inside your normal range."),
)


@dataclass(frozen=True, slots=True)
class Decision:
    """What the table says of one morning."""

    rule: str
    """R1 to R16."""
    verdict: Verdict
    reason: str
    """In plain words."""


def decide(signals: Signals) -> Decision:
    """The first rule that applies."""
    rule = next(rule for rule in RULES if rule.applies(signals))
    verdict = rule.verdict(signals)
    reason = rule.reason.format(n=signals.n, problem=signals.problem)
    if rule.verdict is _red_if_established and verdict is Verdict.AMBER:
        reason += " Your baseline is still provisional, so this is no more than AMBER."
    return Decision(rule.name, verdict, reason)
