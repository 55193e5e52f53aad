"""23 real mornings through the whole way: strap's arrivals, test, store, verdict of each day.

``python tests/validation/mornings.py`` prints them and writes docs/MORNINGS.md. The recordings are
orthostatic tests; of each the part lying down is replayed, with its own arrival times, as a quick
test. Nobody wrote down how the athlete was, so this shows that the way holds and what it says,
not that the verdicts are right.
"""

import contextlib
import csv
import io
import json
import math
import sys
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

from device import roster
from device.athlete import Athlete
from ui.__main__ import main as beatwise

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT.parent / "shared" / "data"
FOLDER = Path("rest", "hrvlogger_daily")
REPORT = ROOT / "docs" / "MORNINGS.md"

ATHLETE = Athlete("Anonymous", vt1_bpm=140.0)
"""The ceiling is invented; everything else is measured."""
LYING_S = 150.0
"""Nobody stood up earlier, by the heart rate: the step comes 150 to 185 s after the first beat."""
VERDICTS = ("GREEN", "AMBER", "RED", "GREY")


@dataclass(frozen=True, slots=True)
class Morning:
    """One recording: its beats as the file has them, and what was made of it."""

    name: str
    taken: datetime
    rows: tuple[tuple[float, float], ...]
    """Arrival in s since the first one, RR in ms; of the part lying down."""
    told: dict
    """The summary line of ``beatwise morning``."""
    asked: dict
    """What ``beatwise readiness`` says of that day, once all are in."""

    def plain_rmssd_ms(self) -> float:
        """RMSSD of the neighbours that arrived within the recording, nothing marked."""
        from_s = self.told["record_from_s"]
        rr_ms = [ms for t_s, ms in self.rows if from_s < t_s <= self.told["record_to_s"]]
        squares = [(b - a) ** 2 for a, b in pairwise(rr_ms)]
        return math.sqrt(sum(squares) / len(squares))


def replayed(data: Path, home: Path) -> list[Morning]:
    """Take every recording as that day's morning test, in order, into one history."""
    roster.save(home, ATHLETE)
    recordings = sorted(
        (_read(path) for path in (data / FOLDER).glob("*_RRIntervals.csv")), key=lambda one: one[1]
    )
    told = [_taken(home, *recording) for recording in recordings]
    mornings = []
    for (name, taken, rows), summary in zip(recordings, told, strict=True):
        (asked,) = _said(
            *("readiness", "--athlete", ATHLETE.name, "--data", str(home), "--json"),
            *("--date", f"{taken:%Y-%m-%d}"),
        )
        mornings.append(Morning(name, taken, rows, summary, asked))
    return mornings


def _read(path: Path) -> tuple[str, datetime, tuple[tuple[float, float], ...]]:
    with path.open(newline="") as file:
        rows = [row for row in csv.reader(file) if row]
    arrived_ms = [int(row[0]) for row in rows[1:]]
    first_ms = arrived_ms[0]
    lying = tuple(
        ((stamp - first_ms) / 1000.0, float(row[1]))
        for stamp, row in zip(arrived_ms, rows[1:], strict=True)
        if stamp - first_ms <= LYING_S * 1000.0
    )
    name = path.name.removesuffix("_RRIntervals.csv")
    return name, datetime.fromtimestamp(first_ms / 1000.0, UTC), lying


def _taken(home: Path, name: str, taken: datetime, rows: tuple[tuple[float, float], ...]) -> dict:
    """The part lying down as a file of the same form, replayed by the command."""
    path = home / f"{name}.csv"
    first_ms = round(taken.timestamp() * 1000.0)
    lines = [f"{first_ms + round(t_s * 1000.0)},{ms:.0f},0" for t_s, ms in rows]
    path.write_text("timestamp, rr, since_start \n\n" + "\n".join(lines) + "\n")
    return _said(
        *("morning", "--headless", "--athlete", ATHLETE.name, "--data", str(home)),
        *("--protocol", "quick", "--posture", "supine", "--date", taken.isoformat()),
        *("--source", f"replay:{path}@max"),
    )[-1]


def _said(*arguments: str) -> list[dict]:
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        code = beatwise(arguments)
    if code:
        raise SystemExit(f"beatwise {' '.join(arguments)} ended with {code}")
    return [json.loads(line) for line in out.getvalue().splitlines()]


def report(mornings: list[Morning]) -> str:
    """The page."""
    verdicts = Counter(one.asked["verdict"] for one in mornings)
    accepted = [one for one in mornings if one.told["outcome"] == "accepted"]
    shares = ", ".join(f"{verdicts[name]} {name}" for name in VERDICTS)
    head = f"""# 23 real mornings, replayed

Written by `python tests/validation/mornings.py`; do not edit.

- **Recordings**: `rest/hrvlogger_daily` of ../shared/data, one person, 8 February to 4 March 2023,
  HRV Logger with the arrival time of every notification. They are orthostatic: after 150 to 185 s
  the person stands up. Replayed is what was sent in the first {LYING_S:.0f} s, lying.
- **The way**: `beatwise morning --headless --protocol quick --posture supine --source replay:...`
  for each, into one athlete's history; then `beatwise readiness --json` for each day. A test that
  has to be extended finds no more beats, because the person then stood up: it is refused.
- **Date and hour** are those of the file, in UTC; the time zone is not known.
- **Marked beats**: most are single deep breaths of a slow heart that the method takes for long or
  short beats; they cost two differences each and no test.
- The athlete's feelings are not known, so every one of them is "not answered"; how the athlete
  really was is not known either: this shows that the way holds, not that the verdicts are right.

{len(accepted)} of {len(mornings)} accepted. Verdicts: {shares}.

| date | at (UTC) | test | RMSSD ms | HR bpm | artefacts % | pairs | n | stage | band ms | \
7-day mean ms | verdict | rule | why |
|---|---|---|---:|---:|---:|---:|---:|---|---|---:|---|---|---|
"""
    return head + "\n".join(map(_row, mornings)) + "\n"


def _row(one: Morning) -> str:
    told, asked = one.told, one.asked
    band = asked["day_band_ms"]
    l7 = asked["l7_ln_rmssd"]
    cells = (
        f"{one.taken:%Y-%m-%d}",
        f"{one.taken:%H:%M}",
        told["outcome"] + ("" if told["on_schedule"] else ", off schedule"),
        _number(told["rmssd_ms"]),
        _number(told["mean_hr_bpm"]),
        _number(told["artefact_pct"]),
        str(told["pairs"]),
        str(asked["n"]),
        asked["stage"],
        "–" if band is None else f"{band[0]:.1f} to {band[1]:.1f}",
        "–" if l7 is None else f"{math.exp(l7):.1f}",
        asked["verdict"],
        asked["rule"],
        asked["reason"],
    )
    return f"| {' | '.join(cells)} |"


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.1f}"


def main() -> None:
    """Print the page and keep it."""
    if not DATA.is_dir():
        sys.exit(f"the recordings made by others are not here: {DATA}")
    with TemporaryDirectory() as home:
        text = report(replayed(DATA, Path(home)))
    print(text)
    REPORT.write_text(text)


if __name__ == "__main__":
    main()
