"""From the history of morning tests and the athlete's own words to today's verdict."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import exp

from hrv.baseline import (
    BASELINE_DAYS,
    DAY_BAND_SDS,
    HR_TWO_DAYS_APART,
    TREND_BAND_SDS,
    Baseline,
    Stage,
    Week,
    baseline,
    week,
)
from hrv.decision import Decision, Signals, Symptoms, Verdict, decide
from hrv.morning_test import MorningTest, one_a_day
from hrv.wellness import OWN_MEAN_DAYS, Hooper, Wellness


@dataclass(frozen=True, slots=True)
class Readiness:
    """A verdict with everything it was made from."""

    day: int
    decision: Decision
    signals: Signals
    test: MorningTest | None
    """The test that counts today, usable or not; None if there was none."""
    baseline: Baseline
    week: Week
    day_band_ms: tuple[float, float] | None
    """Today's normal range as RMSSD; None while learning."""
    trend_band_ms: tuple[float, float] | None
    """The same for the 7-day mean."""
    feeling: Wellness | Hooper | None = None
    """Today's answers; None where none was given."""

    @property
    def inputs(self) -> tuple[str, ...]:
        """What the verdict looked at, one plain sentence each."""
        said = []
        if self.test is not None and self.signals.problem is None:
            said.append(f"RMSSD today {self.test.rmssd_ms:.1f} ms{_beside(self.day_band_ms)}")
            said.append(f"resting heart rate {self.test.hr_bpm:.1f} bpm{_usual(self.baseline)}")
        if self.week.l7_ln_rmssd is not None:
            l7_ms = exp(self.week.l7_ln_rmssd)
            said.append(f"7-day mean {l7_ms:.1f} ms{_beside(self.trend_band_ms)}")
        else:
            said.append(f"too few mornings this week for a 7-day mean: {self.week.n}")
        said.append(f"baseline {self.baseline.stage} from {self.baseline.n} mornings")
        unknown = "not answered" if self.feeling is None else "not all of it answered"
        rating = {None: unknown, True: "poor", False: "not poor"}
        said.append(f"your own rating: {rating[self.signals.wellness_low]}")
        if self.signals.symptoms is not Symptoms.NONE:
            said.append(f"symptoms: {self.signals.symptoms.value}")
        return tuple(said)


def assess(
    day: int,
    tests: Iterable[MorningTest],
    *,
    feeling: Wellness | Hooper | None = None,
    earlier_feelings: Mapping[int, int] | None = None,
    symptoms: Symptoms = Symptoms.NONE,
    verdicts: Mapping[int, Verdict] | None = None,
    day_band_sds: float = DAY_BAND_SDS,
) -> Readiness:
    """Today's verdict.

    Args:
        day: today as an integer ordinal.
        tests: the athlete's morning tests in the order taken, with today's, with unusable ones;
            what may be compared with what is sorted out here. Later days are ignored.
        feeling: today's answers; None if unanswered, which counts as normal. Of five items partly
            answered an item of 1 is low already, else all five are needed (SCIENCE 5.1).
        earlier_feelings: the sum of the answers by day; only the 28 days before today count.
        symptoms: the gravest the athlete reports.
        verdicts: earlier verdicts by day, for the rule of the third suppressed day in a row.
        day_band_sds: half width of today's band; 1.5 is the calm preset.

    The first usable test of the day counts. One taken off schedule or in illness is judged but
    stays out of the week and of every later baseline.
    """
    up_to_today = [test for test in tests if test.day <= day]
    test = _counting_today(day, up_to_today)
    protocol = test.protocol if test else up_to_today[-1].protocol if up_to_today else ""
    comparable = one_a_day(up_to_today, protocol)

    before = [t for t in comparable.values() if day - BASELINE_DAYS <= t.day < day]
    normal = baseline([_ln(t) for t in before], [_hr(t) for t in before])
    this_week = week([_ln(t) for t in comparable.values() if t.day > day - 7])

    problem = "no test was taken" if test is None else test.unusable
    hr_level = 0
    if test is not None and problem is None:
        previous = before[-1] if before and day - before[-1].day <= HR_TWO_DAYS_APART else None
        hr_level = normal.hr_level(_hr(test), _hr(previous) if previous else None)
    sums = [
        total for d, total in (earlier_feelings or {}).items() if day - OWN_MEAN_DAYS <= d < day
    ]
    signals = Signals(
        day=normal.position(_ln(test), day_band_sds) if test and problem is None else None,
        trend=normal.position(this_week.l7_ln_rmssd, TREND_BAND_SDS),
        hr_level=hr_level,
        wellness_low=feeling.is_low(sums) if feeling is not None else None,
        symptoms=symptoms,
        problem=problem,
        stage=normal.stage,
        n=normal.n,
        yesterday=(verdicts or {}).get(day - 1),
        day_before=(verdicts or {}).get(day - 2),
    )
    return Readiness(
        day=day,
        decision=decide(signals),
        signals=signals,
        test=test,
        baseline=normal,
        week=this_week,
        day_band_ms=_band_ms(normal, day_band_sds),
        trend_band_ms=_band_ms(normal, TREND_BAND_SDS),
        feeling=feeling,
    )


def _counting_today(day: int, tests: list[MorningTest]) -> MorningTest | None:
    """The first usable test of the day; else its last attempt; None if there was none."""
    today = [test for test in tests if test.day == day]
    usable = (test for test in today if test.unusable is None)
    return next(usable, today[-1] if today else None)


def _ln(test: MorningTest) -> float:
    ln_rmssd = test.ln_rmssd
    assert ln_rmssd is not None, "asked of an unusable test"  # noqa: S101 narrows the type
    return ln_rmssd


def _hr(test: MorningTest) -> float:
    assert test.hr_bpm is not None, "asked of an unusable test"  # noqa: S101 narrows the type
    return test.hr_bpm


def _band_ms(normal: Baseline, sds: float) -> tuple[float, float] | None:
    band = normal.band(sds)
    return (exp(band[0]), exp(band[1])) if band else None


def _beside(band_ms: tuple[float, float] | None) -> str:
    return f", your range {band_ms[0]:.1f} to {band_ms[1]:.1f} ms" if band_ms else ""


def _usual(normal: Baseline) -> str:
    if normal.mean_hr_bpm is None or normal.stage is Stage.LEARNING:
        return ""
    return f", usually {normal.mean_hr_bpm:.1f}"
