"""Daily series that other apps exported, through the whole way: import, history, verdicts.

``python tests/validation/daily_series.py`` prints every day with its verdict and keeps the shares
in docs/VALIDATION.md. Nobody wrote down how these athletes
were, so this shows how often the verdicts fall and on which days, not that they are right.
"""

import contextlib
import io
import random
import sys
from calendar import monthrange
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from device import folder, morning_history, roster
from device.athlete import Athlete
from device.history import open_history
from device.morning_record import StoredMorning
from device.past_days import PastDay, days_of
from device.readiness_today import readiness_from
from hrv.decision import Verdict
from ui.__main__ import main as beatwise
from ui.history_command import table
from ui.terminal import BLOCKS

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT.parent / "shared" / "data"
REPORT = ROOT / "docs" / "VALIDATION.md"

SERIES = (
    ("HRV4Training, iOS", "hrv4t_ios_2017.csv"),
    ("HRV4Training, Android", "hrv4t_android_a.csv"),
    ("Elite HRV", "elitehrv_daily_2017.csv"),
)
ZONE = "UTC"
"""The iOS times are UTC and nobody says where the athlete was; the days are the same from
Honolulu to Sydney's winter, and what counts as the usual hour is the athlete's own median."""
VERDICTS = (Verdict.GREEN, Verdict.AMBER, Verdict.RED)
SHUFFLES = 100
SEED = 20261121
HEADING = "## Morning readiness: daily series of other apps"


@dataclass(frozen=True, slots=True)
class Series:
    """One athlete's history after its import."""

    name: str
    said: str
    """What the import said."""
    mornings: tuple[StoredMorning, ...]
    days: tuple[PastDay, ...]


def imported(name: str, file: Path) -> Series:
    """Import a file into a folder of its own, by the command a person would type."""
    with TemporaryDirectory() as data:
        roster.save(Path(data), Athlete("A"))
        said = io.StringIO()
        with contextlib.redirect_stdout(said):
            code = beatwise(["--data", data, "import", str(file), "--zone", ZONE])
        if code != 0:
            sys.exit(f"{file} was not imported")
        with open_history(folder.places(Path(data)).database) as history:
            mornings = tuple(morning_history.mornings(history, "A"))
    return Series(name, said.getvalue(), mornings, days_of(mornings))


def verdicts_of(mornings: Sequence[StoredMorning], *, calm: bool = False) -> list[Verdict]:
    """The verdict of each morning's day."""
    return [readiness_from(mornings, one.day, calm=calm).decision.verdict for one in mornings]


def shuffled(mornings: Sequence[StoredMorning], chance: random.Random) -> list[StoredMorning]:
    """The same values on the same days in another order: what is left is chance."""
    values = chance.sample(list(mornings), len(mornings))
    return [
        replace(one, rmssd_ms=value.rmssd_ms, hr_bpm=value.hr_bpm)
        for one, value in zip(mornings, values, strict=True)
    ]


def shares(verdicts: Sequence[Verdict]) -> list[float]:
    """Of the days with a verdict from HRV: percent GREEN, AMBER, RED."""
    judged = [verdict for verdict in verdicts if verdict in VERDICTS]
    return [100.0 * judged.count(verdict) / len(judged) for verdict in VERDICTS]


def section(all_series: Sequence[Series]) -> str:
    """The section of docs/VALIDATION.md."""
    columns = (
        "series",
        "days",
        "with verdict",
        "GREEN %",
        "AMBER %",
        "RED %",
        "off the usual hour",
        "spread of ln RMSSD",
        "lag-1 correlation",
    )
    lines = [
        HEADING,
        "",
        "Written by `python tests/validation/daily_series.py`, which also prints each day with",
        "its numbers. Three people's exports, each imported by `beatwise import` and read back as",
        "`beatwise history` reads it. Nobody answered how they felt, and nobody wrote down how",
        "they were: this shows how often each verdict falls and on which days, not that it is",
        "right. Shares are of the days that have a verdict from HRV; the first seven are GREY",
        "(learning). For comparison, our simulation of a perfectly stable athlete gives AMBER on",
        "20 % and RED on 1 % of days, 24 % and 4 % where days resemble their neighbours.",
        "",
        f"| {' | '.join(columns)} |",
        f"|---|{'---:|' * (len(columns) - 1)}",
    ]
    chance_lines, calm_lines, rules = [], [], []
    for series in all_series:
        verdicts = [day.told.decision.verdict for day in series.days]
        ln_rmssd = np.log([one.rmssd_ms for one in series.mornings if one.rmssd_ms])
        judged = sum(verdict in VERDICTS for verdict in verdicts)
        off = sum(not one.on_schedule for one in series.mornings)
        lag_1 = np.corrcoef(ln_rmssd[:-1], ln_rmssd[1:])[0, 1]
        lines.append(
            f"| {series.name} | {len(verdicts)} | {judged} | {_percent(shares(verdicts))} | {off}"
            f" | {np.std(ln_rmssd, ddof=1):.3f} | {lag_1:+.2f} |"
        )
        calm_lines.append(
            f"| {series.name}, calm preset | {len(verdicts)} | {judged} |"
            f" {_percent(shares(verdicts_of(series.mornings, calm=True)))} | | | |"
        )
        chance = random.Random(SEED)
        by_chance = np.mean(
            [shares(verdicts_of(shuffled(series.mornings, chance))) for _ in range(SHUFFLES)],
            axis=0,
        )
        chance_lines.append(
            f"| {series.name}, days shuffled | {len(verdicts)} | {judged} | {_percent(by_chance)}"
            " | | | |"
        )
        counts = Counter(day.told.decision.rule for day in series.days)
        rules.append(
            f"- {series.name}: "
            + ", ".join(f"{rule} {counts[rule]}" for rule in sorted(counts, key=_rule_number))
        )
    lines += [*calm_lines, *chance_lines, ""]
    lines += [
        f"Shuffled: the same values on the same days in another order, mean of {SHUFFLES}. What",
        "the real order adds to it is the athlete's own ups and downs. Calm: the preset whose band",
        "of single days is 1.5 SD wide to either side. The rules that decided:",
        "",
        *rules,
        "",
        "Day by day (G, A, R; ? while learning, - no test):",
        "",
        "```text",
        *(line for series in all_series for line in calendar(series)),
        "```",
        "",
        "The RED days:",
        "",
    ]
    for series in all_series:
        for day in series.days:
            if day.told.decision.verdict is Verdict.RED:
                lines.append(f"- {series.name}, {day.day}: {_evidence(day)}")
    return "\n".join(lines) + "\n"


def _percent(values: Sequence[float] | np.ndarray) -> str:
    return " | ".join(f"{value:.1f}" for value in values)


def _rule_number(rule: str) -> int:
    return int(rule.removeprefix("R"))


def _evidence(day: PastDay) -> str:
    told = day.told
    return f"{told.decision.rule}; " + "; ".join(told.inputs[:3])


def calendar(series: Series) -> list[str]:
    """A line a month, a letter a day."""
    letters = {day.day: day.told.decision.verdict.value[0] for day in series.days}
    letters |= {d.day: "?" for d in series.days if d.told.decision.verdict is Verdict.GREY}
    lines = [series.name]
    for year, month in dict.fromkeys((day.year, day.month) for day in letters):
        days = [date(year, month, n) for n in range(1, monthrange(year, month)[1] + 1)]
        row = "".join(letters.get(day, "-") for day in days)
        lines.append(f"  {year}-{month:02}  {row}")
    return lines


def listing(all_series: Sequence[Series]) -> str:
    """What `beatwise import` and `beatwise history --all` say of each."""
    return "\n".join(
        f"{series.said}\n" + "\n".join(table("A", series.days, BLOCKS)) + "\n"
        for series in all_series
    )


def with_section(report: str, new: str) -> str:
    """The report with this section at its end, in place of an earlier one."""
    return report.partition(HEADING)[0].rstrip() + "\n\n" + new


def sections() -> list[str]:
    """For `make validate`, which writes the whole report."""
    return [section([imported(name, DATA / "daily" / file) for name, file in SERIES]).rstrip()]


def main() -> None:
    """Print every day, then the shares; keep both."""
    if not DATA.is_dir():
        sys.exit(f"the recordings made by others are not here: {DATA}")
    all_series = [imported(name, DATA / "daily" / file) for name, file in SERIES]
    told = section(all_series)
    sys.stdout.write(f"{listing(all_series)}\n{told}")
    REPORT.write_text(with_section(REPORT.read_text() if REPORT.exists() else "", told))


if __name__ == "__main__":
    main()
