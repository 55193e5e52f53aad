"""``beatwise history``: the mornings of an athlete by day, for those without the screen."""

import argparse
import json
import os
import sys
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from math import exp

from device import config, folder
from device.history import open_history
from device.past_days import PastDay, past_days
from device.readiness_today import feeling_as_json
from ui import whose
from ui.terminal import Glyphs, glyphs_of, plain
from ui.words import MONTHS, UNKNOWN, WEEKDAYS

BAR_CELLS = 21
"""Odd, so that the mean has a cell of its own."""
BAR_SDS = 3.0
"""The bar reaches so many spreads to either side of the mean."""
LONGEST_WHY = 48


def run(options: argparse.Namespace) -> int:
    """Print the days; reads only, beside another Beatwise if need be."""
    athlete = whose.athlete(options.data, options.athlete, "history")
    places = folder.places(options.data)
    calm = config.load(places.data).readiness.calm
    with open_history(places.database) as history:
        days = last_weeks(past_days(history, athlete.name, calm=calm), options.weeks)
    if options.json:
        lines = [json.dumps(as_json(day), allow_nan=False) for day in days]
    else:
        lines = table(athlete.name, days, glyphs_of(sys.stdout))
    _print("".join(f"{line}\n" for line in lines))
    return 0


def _print(text: str) -> None:
    """All of it, or as much as whoever reads it wants (`| head`)."""
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        # Python flushes once more when it ends, and must not fail again.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def last_weeks(days: Sequence[PastDay], weeks: int | None) -> Sequence[PastDay]:
    """Those of so many weeks up to the newest; no clock is asked, for it may be wrong."""
    if weeks is None or not days:
        return days
    first = days[-1].day.toordinal() - 7 * weeks + 1
    return [day for day in days if day.day.toordinal() >= first]


def as_json(past: PastDay) -> dict[str, object]:
    """One day under the names scripts rely on."""
    told, morning = past.told, past.morning
    test, normal = told.test, told.baseline
    return {
        "date": past.day.isoformat(),
        "verdict": past.verdict.value,
        "rule": past.rule,
        "standing": past.standing,
        "why_not": past.why_not,
        "imported_from": morning.imported_from,
        "protocol": morning.protocol,
        "rmssd_ms": morning.rmssd_ms,
        "ln_rmssd": None if test is None else test.ln_rmssd,
        "mean_hr_bpm": morning.hr_bpm,
        "artefact_pct": morning.artefact_pct,
        "stage": normal.stage.value,
        "n": normal.n,
        "baseline_mean_ln_rmssd": normal.mean_ln_rmssd,
        "baseline_sd_ln_rmssd": normal.sd_ln_rmssd,
        "day_band_ms": told.day_band_ms,
        "trend_band_ms": told.trend_band_ms,
        "l7_ln_rmssd": told.week.l7_ln_rmssd,
        "cv7_pct": told.week.cv7_pct,
        "attempts": len(past.attempts),
        "choice": morning.choice,
        "feeling": feeling_as_json(told),
        "symptoms": morning.answers.symptoms.name.lower(),
        "tags": morning.answers.tags,
        "note": morning.answers.note,
    }


def table(name: str, days: Sequence[PastDay], glyphs: Glyphs) -> list[str]:
    """The lines a person reads, the oldest day first."""
    who = plain(name, glyphs)
    if not days:
        how = "`beatwise morning` takes one, `beatwise import` brings in another app's"
        return [f"{who}: no mornings yet; {how}"]
    first, last = days[0].day, days[-1].day
    count = "1 morning" if len(days) == 1 else f"{len(days)} mornings"
    range_heading = f"{'low':<7}{'range':^7}{'high':>7}"
    lines = [
        f"{who}: {count}, {_day(first)} {first.year} to {_day(last)} {last.year}",
        "",
        f"{'day':<10}  {'ln':>5} {'RMSSD':>6} {'HR':>5} {'7-day':>6}  {'verdict':<9} "
        + range_heading,
    ]
    protocol, before = None, None
    for past in days:
        if past.morning.protocol != protocol:
            protocol = past.morning.protocol
            lines.append(f"  {glyphs.rule * 2} {plain(protocol, glyphs)}")
        elif before is not None:
            lines += _without(before, past.day)
        before = past.day
        lines.append(_row(past, glyphs))
    lines += ["", *_legend(days, glyphs)]
    return lines


def _row(past: PastDay, glyphs: Glyphs) -> str:
    told, morning = past.told, past.morning
    ln_rmssd = told.test.ln_rmssd if told.test is not None else None
    l7 = told.week.l7_ln_rmssd
    cells = [
        f"{_day(past.day):<10} ",
        _number(ln_rmssd, 5, 2),
        _number(morning.rmssd_ms, 6, 1),
        _number(morning.hr_bpm, 5, 1),
        _number(None if l7 is None else exp(l7), 6, 1),
        f" {past.verdict.value:<5} {past.rule:<3}",
        bar(past, glyphs),
        ", ".join(_marks(past, glyphs)),
    ]
    return " ".join(cells).rstrip()


def bar(past: PastDay, glyphs: Glyphs) -> str:
    """Where the day (o) and the 7-day mean (|) stand; the solid part is the range of single days.

    The scale is the baseline's own: the mean in the middle, three spreads to either side.
    """
    told = past.told
    mean, spread = told.baseline.mean_ln_rmssd, told.baseline.spread_ln_rmssd
    if mean is None or spread is None or told.day_band_ms is None:
        return " " * BAR_CELLS
    band = told.baseline.band(1.0)
    today, week = "o", glyphs.wall

    def cell(ln_rmssd: float) -> int:
        sds = max(-BAR_SDS, min(BAR_SDS, (ln_rmssd - mean) / spread))
        return round((sds + BAR_SDS) / (2 * BAR_SDS) * (BAR_CELLS - 1))

    cells = [" "] * BAR_CELLS
    if band is not None:
        for at in range(cell(band[0]), cell(band[1]) + 1):
            cells[at] = glyphs.shade
    if told.week.l7_ln_rmssd is not None:
        cells[cell(told.week.l7_ln_rmssd)] = week
    if told.test is not None and told.signals.problem is None and told.test.ln_rmssd is not None:
        cells[cell(told.test.ln_rmssd)] = today
    return "".join(cells)


def _marks(past: PastDay, glyphs: Glyphs) -> Iterator[str]:
    if past.morning.imported_from is not None:
        yield "imported"
    if past.why_not is not None:
        why = plain(past.why_not, glyphs)
        short = why if len(why) <= LONGEST_WHY else why[: LONGEST_WHY - 3] + "..."
        yield f"{past.standing}: {short}"
    if len(past.attempts) > 1:
        yield f"{len(past.attempts)} attempts"
    if past.morning.choice in ("easier", "harder"):
        yield f"you chose {past.morning.choice}"


def _without(before: date, day: date) -> list[str]:
    missed = (day - before).days - 1
    if missed <= 0:
        return []
    first = _day(before + timedelta(days=1))
    return [f"{first:<10}   {'no test' if missed == 1 else f'{missed} days without a test'}"]


def _legend(days: Sequence[PastDay], glyphs: Glyphs) -> list[str]:
    shares = [
        f"{verdict} {n}"
        for verdict in ("GREEN", "AMBER", "RED", "GREY")
        if (n := sum(day.verdict == verdict for day in days))
    ]
    meaning = "your range of single days, as it was on that day"
    return [
        f"o today, {glyphs.wall} 7-day mean, {glyphs.shade * 3} {meaning}",
        "Imported days are judged by those of the same app. GREY: no verdict from HRV.",
        ", ".join(shares),
    ]


def _day(day: date) -> str:
    return f"{WEEKDAYS[day.weekday()]} {day.day:2} {MONTHS[day.month - 1]}"


def _number(value: float | None, width: int, places: int) -> str:
    return f"{UNKNOWN:>{width}}" if value is None else f"{value:>{width}.{places}f}"
