"""Today's verdict for an athlete: the one place where baseline and verdict come from."""

from collections.abc import Sequence
from dataclasses import fields, replace
from datetime import date, timedelta

from device.athlete import Athlete
from device.history import History
from device.intent import Band, Purpose, band_for
from device.morning_history import mornings
from device.morning_protocol import taken_at
from device.morning_record import StoredMorning
from hrv.baseline import BASELINE_DAYS, CALM_DAY_BAND_SDS, DAY_BAND_SDS
from hrv.decision import Symptoms, Verdict
from hrv.readiness import Readiness, assess
from hrv.wellness import Wellness

LOOK_BACK = timedelta(days=BASELINE_DAYS + 2)
"""The baseline of the day before yesterday is the farthest that is asked for."""
FAR_ABOVE_SDS = 3.0
"""So far above the own mean a value is doubted (our decision)."""
ECTOPIC_PCT = 10.0
IRREGULAR_ATTEMPTS = 2
IRREGULAR_DAYS = 3
"""More ectopic beats than this in two attempts on three days: ask a clinician (SCIENCE 4)."""
_GRAVER = (Symptoms.NONE, Symptoms.HEAD_COLD, Symptoms.SYSTEMIC)


def readiness(
    history: History,
    athlete: str,
    day: date,
    *,
    unsaved: Sequence[StoredMorning] = (),
    calm: bool = False,
) -> Readiness:
    """The verdict of a day; ``unsaved`` are attempts that the disk did not take.

    ``calm`` is `device.config.Judging.calm`: with it a day counts as low below 1.5 SD, where chance
    alone puts 6.7 % of the days of a stable athlete, instead of below 1.0 SD and 16 %.

    Raises :class:`device.errors.StoreError`.
    """
    stored = mornings(history, athlete, since=day - LOOK_BACK, until=day)
    return readiness_from([*stored, *unsaved], day, calm=calm)


def readiness_from(
    attempts: Sequence[StoredMorning], day: date, *, calm: bool = False
) -> Readiness:
    """The same from mornings at hand, in the order taken; later days are ignored."""
    # The third suppressed day asks only whether these two were AMBER or RED, and that does not
    # hang on the days before them.
    earlier: dict[int, Verdict] = {}
    for days_ago in (2, 1):
        before = day - timedelta(days=days_ago)
        told = _assess(attempts, before, verdicts={}, calm=calm)
        earlier[before.toordinal()] = told.decision.verdict
    return _assess(attempts, day, verdicts=earlier, calm=calm)


def _assess(
    attempts: Sequence[StoredMorning], day: date, *, verdicts: dict[int, Verdict], calm: bool
) -> Readiness:
    today = [one for one in attempts if one.day == day]
    ill = {one.day for one in attempts if one.ill}
    counting = _that_count(today)
    place = counting[0].place if counting else "home"
    tests = [
        replace(one.comparable, ill=one.day in ill)
        for one in attempts
        if one.day < day and day - one.day <= LOOK_BACK and one.place == place
    ]
    tests += [replace(one.comparable, ill=day in ill) for one in counting]
    felt = _feelings(attempts)
    return assess(
        day.toordinal(),
        tests,
        feeling=felt.get(day),
        earlier_feelings={
            on.toordinal(): feeling.sum for on, feeling in felt.items() if feeling.sum is not None
        },
        symptoms=max((one.answers.symptoms for one in today), key=_GRAVER.index)
        if today
        else Symptoms.NONE,
        verdicts=verdicts,
        day_band_sds=CALM_DAY_BAND_SDS if calm else DAY_BAND_SDS,
    )


def _feelings(attempts: Sequence[StoredMorning]) -> dict[date, Wellness]:
    """The answers of each day: of several attempts, item by item what was said last."""
    felt: dict[date, Wellness] = {}
    for one in attempts:
        said = one.answers.feeling
        if said is not None:
            felt[one.day] = felt[one.day].updated(said) if one.day in felt else said
    return felt


def _that_count(today: Sequence[StoredMorning]) -> Sequence[StoredMorning]:
    """Our own before an imported one; one at the usual time before one just after midnight; one
    on rising before one in a gym, which is judged among such tests only.
    """
    own = [one for one in today if one.imported_from is None] or list(today)
    usable = [one for one in own if one.comparable.unusable is None]
    at_home = [one for one in usable if one.place == "home"]
    chosen = at_home or usable
    usual = [one for one in chosen if one.on_schedule]
    return usual or chosen or own


def ceiling(told: Readiness, athlete: Athlete) -> Band | None:
    """How high the heart may go today, in this athlete's own beats.

    The easy ceiling, which GREEN does not bind and RED does not need: None at RED, and where
    nothing is known to set one by.
    """
    if told.decision.verdict is Verdict.RED:
        return None
    return band_for(Purpose.EASY, athlete, year=date.fromordinal(told.day).year)


def flags(told: Readiness) -> tuple[str, ...]:
    """What a person should know of the value itself, in plain words."""
    normal, test = told.baseline, told.test
    if test is None or told.signals.problem is not None or test.ln_rmssd is None:
        return ()
    said = []
    far = normal.band(FAR_ABOVE_SDS)
    if far is not None and test.ln_rmssd > far[1]:
        said.append(
            "far above your range: check the strap and the posture; higher is not always better"
        )
    if taken_at(test.protocol) == "gym":
        said.append("taken in a gym: it stays out of your mornings' baseline")
    elif not test.on_schedule:
        said.append("not at your usual time: judged, but it stays out of your baseline")
    return tuple(said)


def irregular(attempts: Sequence[StoredMorning]) -> str | None:
    """Neutral advice where ectopic beats are frequent and the signal was good; no diagnosis."""
    per_day: dict[date, int] = {}
    for one in attempts:
        detail = one.detail or {}
        ectopic_pct, off_skin_s = detail.get("ectopic_pct"), detail.get("contact_lost_s")
        if isinstance(ectopic_pct, float) and ectopic_pct > ECTOPIC_PCT and not off_skin_s:
            per_day[one.day] = per_day.get(one.day, 0) + 1
    days = sum(n >= IRREGULAR_ATTEMPTS for n in per_day.values())
    if days < IRREGULAR_DAYS:
        return None
    return (
        f"many irregular beats on {days} days with a good signal: often harmless, but worth"
        " showing to a clinician"
    )


def feeling_as_json(told: Readiness) -> dict[str, int | None]:
    """Every item by its name; null where it was not answered."""
    said = told.feeling
    return {
        item.name: getattr(said, item.name) if isinstance(said, Wellness) else None
        for item in fields(Wellness)
    }


def told_as_json(told: Readiness, athlete: Athlete) -> dict[str, object]:
    """The verdict under the names scripts rely on."""
    band = ceiling(told, athlete)
    test, normal = told.test, told.baseline
    return {
        "athlete": athlete.name,
        "date": date.fromordinal(told.day).isoformat(),
        "rule": told.decision.rule,
        "verdict": told.decision.verdict.value,
        "reason": told.decision.reason,
        "stage": normal.stage.value,
        "n": normal.n,
        "baseline_mean_ln_rmssd": normal.mean_ln_rmssd,
        "baseline_sd_ln_rmssd": normal.sd_ln_rmssd,
        "baseline_mean_hr_bpm": normal.mean_hr_bpm,
        "day_band_ms": told.day_band_ms,
        "trend_band_ms": told.trend_band_ms,
        "l7_ln_rmssd": told.week.l7_ln_rmssd,
        "cv7_pct": told.week.cv7_pct,
        "ceiling_bpm": None if band is None else band.ceiling_bpm,
        "ceiling_origin": None if band is None else band.told_origin,
        "advice": told.decision.verdict.advice,
        "protocol": None if test is None else test.protocol,
        "rmssd_ms": None if test is None else test.rmssd_ms,
        "ln_rmssd": None if test is None else test.ln_rmssd,
        "mean_hr_bpm": None if test is None else test.hr_bpm,
        "problem": told.signals.problem,
        "inputs": told.inputs,
        "flags": flags(told),
        "feeling": feeling_as_json(told),
        "wellness_low": told.signals.wellness_low,
    }
