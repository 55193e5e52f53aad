"""`make validate`: markings against annotated recordings; prints and writes docs/VALIDATION.md."""

import sys
from importlib.metadata import version
from pathlib import Path

import clamps
import daily_series
import inserted
import measured_elsewhere
from annotated import CLASSES, Annotated, mitbih, nsr2db
from markers import MARKERS
from scores import Score, Window, scores
from tables import OURS, Column, Table

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT.parent / "shared" / "data"
REPORT = ROOT / "docs" / "VALIDATION.md"
RUNS = ROOT / "docs" / "RUNS.md"

RMSSD_COLUMNS = (
    Column("ln error, median", 3, more_is_better=False),
    Column("ln error, 95 %", 3, more_is_better=False),
    Column("ms, median", 2, more_is_better=False),
    Column("ms, 95 %", 1, more_is_better=False),
)
MENDED_COLUMNS = (
    Column("own mending: ln, median", 3),
    Column("95 %", 3),
)


def main() -> None:
    """Print the report and keep it."""
    if not DATA.is_dir():
        sys.exit(f"the recordings made by others are not here: {DATA}")
    records, days = mitbih(DATA), nsr2db(DATA)
    sections = [
        _opening(records),
        *_mitbih(records),
        *_inserted([*records, *days]),
        *_healthy(days),
        measured_elsewhere.wearables(DATA),
        measured_elsewhere.spectra(DATA),
        clamps.section(records, days, DATA),
        *daily_series.sections(),
        _real_runs(),
    ]
    text = "\n\n".join(sections) + "\n"
    print(text)
    REPORT.parent.mkdir(exist_ok=True)
    REPORT.write_text(text)


def _real_runs() -> str:
    """The verdicts that `runs.py` wrote down, where everything else is looked for."""
    table = [line for line in RUNS.read_text().splitlines() if line.startswith("|")]
    return "\n".join(
        (
            "## Real runs and rides, replayed",
            "",
            "As `python tests/validation/runs.py` found them, at real speed, 60 times as fast and",
            "as fast as possible; what the columns mean, and each trace, is in [RUNS.md](RUNS.md).",
            "",
            *table,
        )
    )


def _opening(records: list[Annotated]) -> str:
    peers = ", ".join(f"{name} {version(name)}" for name in ("neurokit2", "hrv-analysis"))
    names = ", ".join(record.name for record in records)
    return f"""# Validation of the artefact marking

Written by `make validate`; do not edit. Peers: {peers}.

- **Records**: MIT-BIH Arrhythmia Database (360 ticks a second, labelled beat by beat by two
  cardiologists), those in ../shared/data but the paced ones: {names}.
- **Each method sees the whole record**; each is judged in windows of five minutes. All get the
  same range filter, 300 to 2000 ms. Online decides two beats late and never looks again.
- **Sensitivity**: of the beats of a class, those with a mark on at least one of their two
  intervals. **Specificity**: of the intervals between two normal beats, those not marked.
  Noise, unclassifiable beats and nodal escapes judge nobody. A pause in which an atrial beat was
  blocked (x) is no normal interval, though both its beats are.
- **Error**: RMSSD over what the marking leaves (no difference across a removed interval) against
  RMSSD over the annotated normal pairs; absolute, in units of ln RMSSD and in ms, the median of
  the windows and their 95th percentile. "Own mending" is the same for the corrected series that
  the peer itself hands out (NeuroKit2: iterative; hrv-analysis: interpolated).
- **ours, unclamped** is the published method (Lipponen & Tarvainen 2019) without our hardening;
  it stands here to show what the hardening does, and competes with nobody.
- Record 232, whose rhythm is mostly premature atrial beats at an even pace, holds nine of ten of
  all supraventricular beats here: where the odd beat is the rule no interval betrays it.
- The best of each column is bold. What we lose is said below each table."""


def _mitbih(records: list[Annotated]) -> list[str]:
    groups = {
        "outside atrial fibrillation and flutter, all windows": lambda w: not w.fibrillating,
        "up to 5 % abnormal beats (a usable recording)": lambda w: (
            not w.fibrillating and w.abnormal_share <= 0.05
        ),
        "5 to 15 % abnormal beats": lambda w: (
            not w.fibrillating and 0.05 < w.abnormal_share <= 0.15
        ),
        "more than 15 % abnormal beats (the morning test refuses)": lambda w: (
            not w.fibrillating and w.abnormal_share > 0.15
        ),
    }
    groups |= {
        f"only {name} beats abnormal": lambda w, name=name: not w.fibrillating and w.only == name
        for name in ("ventricular", "supraventricular")
    }
    groups["none of these beats, no fibrillation"] = lambda w: (
        not w.fibrillating and not any(w.beats.values())
    )
    groups["atrial fibrillation or flutter in the window"] = lambda w: w.fibrillating
    found = scores(records, MARKERS, groups)
    sections = ["## MIT-BIH: ectopic beats"]
    for name, rows in found.items():
        if name.startswith("atrial"):
            sections.append(
                "The beats are labelled N here, but no interval is like the next: there is no"
                " right RMSSD, and the less a method keeps, the better. The columns only inform."
            )
        sections.append(_section(name, rows))
    return sections


def _section(name: str, rows: list[Score]) -> str:
    informs = name.startswith("atrial")
    columns = [Column(f"{kind} found %", 1, more_is_better=True) for kind in CLASSES if not informs]
    columns += [Column("specificity %", 2, more_is_better=None if informs else True)]
    columns += [] if informs else RMSSD_COLUMNS
    columns += [] if informs else MENDED_COLUMNS
    columns += [Column("windows without a value", 0)]
    table = Table(tuple(columns), tuple((row.marker, _numbers(row, informs)) for row in rows))
    told = table.markdown() if informs else _with_losses(table)
    return f"### {name[0].upper()}{name[1:]}: {rows[0].windows} windows\n\n{told}"


def _numbers(row: Score, informs: bool) -> tuple[float, ...]:
    if informs:
        return (row.specificity_pct, row.without_value)
    return (
        *row.sensitivity_pct.values(),
        row.specificity_pct,
        row.ln_median,
        row.ln_95,
        row.ms_median,
        row.ms_95,
        row.mended_ln_median,
        row.mended_ln_95,
        row.without_value,
    )


def _with_losses(table: Table) -> str:
    text = table.markdown()
    for name in OURS:
        lost = table.not_best(name)
        text += f"\n\n{name.capitalize()}: "
        text += "not the best in " + "; ".join(lost) + "." if lost else "best in every column."
    return text


def _inserted(records: list[Annotated]) -> list[str]:
    normal = [block for record in records for block in inserted.normal_blocks(record)]
    opening = (
        "## Missed, extra and displaced beats\n\n"
        "Annotators correct such errors, so no database holds any: these are **synthetic**, put"
        f" into {len(normal)} stretches of {inserted.BLOCK} normal intervals (MIT-BIH and"
        f" nsr2db), {inserted.PER_BLOCK} in each. The error of RMSSD is against the stretch"
        " before. Named: called by its right name, which hrv-analysis does not do."
    )
    sections = [opening]
    titles = {
        "missed": "Missed: two intervals become one",
        "extra": "Extra: an interval is cut at 20 to 80 %",
        "displaced": "Displaced: a beat 8 to 20 % of its interval too early or too late",
    }
    for sort, title in titles.items():
        blocks = list(inserted.with_errors(normal, sort))
        rows = [inserted.score(marker, blocks, sort) for marker in MARKERS]
        columns = (
            Column("found %", 2, more_is_better=True),
            Column("named %", 1, more_is_better=True),
            Column("specificity %", 2, more_is_better=True),
            *RMSSD_COLUMNS,
        )
        numbers = (
            (
                row.marker,
                (
                    row.found_pct,
                    row.named_pct,
                    row.specificity_pct,
                    row.ln_median,
                    row.ln_95,
                    row.ms_median,
                    row.ms_95,
                ),
            )
            for row in rows
        )
        sections.append(f"### {title}\n\n{_with_losses(Table(columns, tuple(numbers)))}")
    return sections


def _healthy(days: list[Annotated]) -> list[str]:
    def everything(window: Window) -> bool:
        return True

    rows = scores(days, MARKERS, {"all": everything})["all"]
    beats = sum(len(day.rr_ms) for day in days)
    opening = (
        f"## Healthy hearts\n\nnsr2db, {len(days)} people for a day, {beats} beats, 128 ticks a"
        " second: almost nothing to find, so this is about what is marked for nothing."
    )
    return [opening, _section("whole days", rows)]


if __name__ == "__main__":
    main()
