"""``beatwise readiness``: the verdict of a day and everything it was made from."""

import argparse
import json
import sys
from datetime import date

from device import config, folder, trusted_clock
from device.athlete import Athlete
from device.history import History, open_history
from device.morning_history import mornings
from device.morning_words import parse_day
from device.readiness_today import ceiling, flags, irregular, readiness, told_as_json
from hrv.readiness import Readiness
from ui import whose
from ui.wiring import local_now


def run(options: argparse.Namespace) -> None:
    """Print the verdict; raises a BeatwiseError for a person's mistake."""
    places = folder.places(options.data)
    settings = config.load(places.data)
    athlete = whose.athlete(options.data, options.athlete, "readiness")
    with open_history(places.database) as history:
        if options.date is not None:
            day = parse_day(options.date).day
        else:
            day = _today(options, history, athlete)
        told = readiness(history, athlete.name, day, calm=settings.readiness.calm)
        advice = irregular(mornings(history, athlete.name, until=day))
    if options.json:
        print(json.dumps({**told_as_json(told, athlete), "irregular": advice}, allow_nan=False))
    else:
        print("\n".join(in_words(told, athlete, advice)))


def _today(options: argparse.Namespace, history: History, athlete: Athlete) -> date:
    """Today; where the clock cannot be trusted the day of the newest morning, and it says so."""
    now = local_now()
    judged = trusted_clock.judge_here(history, folder.places(options.data).data, now)
    taken = mornings(history, athlete.name)
    if judged.trusted or not taken:
        return now.date()
    print(
        f"beatwise: the clock cannot be trusted; this is the newest morning, {taken[-1].day};"
        " --date says another",
        file=sys.stderr,
    )
    return taken[-1].day


def in_words(told: Readiness, athlete: Athlete, advice: str | None) -> list[str]:
    """The verdict for a person, a line each."""
    verdict = told.decision.verdict
    band = ceiling(told, athlete)
    lines = [
        f"{athlete.name}, {date.fromordinal(told.day)}: {verdict.value} ({told.decision.rule})",
        told.decision.reason,
        f"Today: {verdict.advice}.",
    ]
    if band is not None and band.ceiling_bpm is not None:
        lines.append(f"Easy is below {band.ceiling_bpm:.0f} bpm ({band.told_origin}).")
    lines += [f"  {words}" for words in told.inputs]
    if told.week.cv7_pct is not None:
        lines.append(f"  variation within the week {told.week.cv7_pct:.1f} % (not decisive)")
    lines += [f"Note: {words}." for words in flags(told)]
    if advice is not None:
        lines.append(f"Note: {advice}.")
    return lines
