"""Real runs through the whole way: replayed at three speeds, stored, judged from the store.

``python tests/validation/runs.py`` prints the verdicts and writes docs/RUNS.md. Whose runs these
are is not known: profile and ceiling are invented, so this shows that the way holds and what it
says, not that the verdicts are right. The witness for the heart rate is the mean that the watch
itself wrote into its FIT file.
"""

import contextlib
import io
import math
import sys
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import fitdecode
import numpy as np
import real_runs

from device import debrief_words, past_session, roster
from device.athlete import Athlete
from device.debrief import Debrief
from device.folder import Places
from device.history import open_history
from hrv.refusal import Refusal
from sensors.recording import UnreadableRecording
from ui import debrief_facts, hr_trace, words
from ui.__main__ import main as beatwise
from ui.terminal import BRAILLE

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT.parent / "shared" / "data"
REPORT = ROOT / "docs" / "RUNS.md"
SPEEDS = (1.0, 60.0, math.inf)
JUNK = "exercise/elitehrv_junk_._2017-06-29_13-11-53.txt"

ANONYMOUS = Athlete("Anonymous", sex="female", resting_bpm=52.0, max_bpm=188.0)
"""Invented: a ceiling of 147 bpm at 70 % of reserve."""
LONGEST_BLANK_S = 10.0
"""Blanks from this length on are listed in the report; `beatwise show` lists all."""


@dataclass(frozen=True, slots=True)
class Run:
    """One recording and what became of it."""

    name: str
    what: str
    digests: tuple[str, ...]
    """One for each speed."""
    told: Debrief
    watch_bpm: int | None
    """The mean heart rate the watch wrote into the file; None where the form has none."""


def main() -> None:
    """Print the report and keep it."""
    if not DATA.is_dir():
        sys.exit(f"the recordings made by others are not here: {DATA}")
    with TemporaryDirectory() as home:
        roster.save(Path(home), ANONYMOUS)
        runs = [_run(Path(home), name, what) for name, what in real_runs.RUNS.items()]
    text = "\n\n".join(_sections(runs)) + "\n"
    print(text)
    REPORT.write_text(text)


def _run(home: Path, name: str, what: str) -> Run:
    whole = real_runs.read(DATA, name)
    digests = tuple(real_runs.digest_at(speed, whole) for speed in SPEEDS)
    unit = ["--unit", "ms"] if name in real_runs.BARE_MS else []
    source = ["--source", f"replay:{DATA / name}@max"]
    with contextlib.redirect_stdout(io.StringIO()):
        code = beatwise(["live", "--headless", "--data", str(home), *source, *unit])
    if code:
        sys.exit(f"{name} was not replayed")
    with open_history(Places(home).database) as history:
        (newest,) = history.sessions(limit=1)
        told = past_session.look(history, home, newest.id)
    return Run(name, what, digests, told, _watch_bpm(DATA / name))


def _watch_bpm(path: Path) -> int | None:
    if path.suffix != ".fit":
        return None
    with fitdecode.FitReader(path, check_crc=fitdecode.CrcCheck.DISABLED) as frames:
        for frame in frames:
            if isinstance(frame, fitdecode.FitDataMessage) and frame.name == "session":
                return frame.get_value("avg_heart_rate", fallback=None)
    return None


def _sections(runs: list[Run]) -> list[str]:
    same = sum(len(set(run.digests)) == 1 for run in runs)
    compared = [
        (run, run.told.mean_hr_bpm - run.watch_bpm)
        for run in runs
        if run.watch_bpm is not None and run.told.mean_hr_bpm is not None
    ]
    long = [abs(off) for run, off in compared if run.told.moving_s > 600]
    opening = f"""# {len(runs)} real runs and rides, replayed

Written by `python tests/validation/runs.py`; do not edit.

- **Recordings**: all of `exercise/` and `fit/` of ../shared/data that hold beats. The file that is
  none, `{JUNK}`, is refused: "{_refused()}".
- **Speed**: each was played in real time, 60 times as fast and as fast as possible, the waiting
  virtual; compared is a SHA-256 over every event and every reading. Identical at all three:
  **{same} of {len(runs)}**. The first characters of each digest stand in the table.
- **The way**: `beatwise live --headless --source replay:FILE@max` stores the beats; the debrief is
  worked out from the store, as `beatwise show ID` does it.
- **Profile and ceiling are invented** (resting 52, highest 188 bpm: easy up to 147), because nobody
  knows whose runs these are. The verdicts show what is said of such a heart rate, not whether the
  runner did what was meant.
- **Witness**: where the watch wrote its own mean heart rate into the file, ours over the running
  time differs by {min(long):.1f} to {max(long):.1f} bpm in recordings of more than 10 minutes.
- **Drift** assumes a steady effort, so it is refused below 40 minutes after the warm-up and where
  the minutes scatter by more than 10 % around their own trend. **Recovery** is the fall within the
  minute after the hardest effort; nobody marked its end here, so it is looked for."""
    return [opening, _table(runs), *(_one(run) for run in runs if run.told.moving_s > 600)]


def _refused() -> str:
    try:
        real_runs.recording.read(DATA / JUNK)
    except UnreadableRecording as error:
        return str(error).split(": ", 1)[1]
    sys.exit(f"{JUNK} was read")


def _table(runs: list[Run]) -> str:
    heads = (
        "recording", "what it is", "lasted", "verdict", "mean bpm", "watch's", "highest", "drift %",
        "TRIMP", "recovery", "artefacts %", "no data", "digest",
    )  # fmt: skip
    lines = [f"| {' | '.join(heads)} |", "|---|---|---:|---|" + "---:|" * 8 + "---|"]
    for run in runs:
        told, recovery = run.told, run.told.recovery
        digest = run.digests[0][:8] if len(set(run.digests)) == 1 else "**differs**"
        cells = (
            f"`{Path(run.name).name}`",
            run.what,
            words.clock(told.moving_s),
            debrief_words.verdict(told),
            _number(told.mean_hr_bpm, 1),
            _number(run.watch_bpm, 0),
            _number(told.highest_hr_bpm, 0),
            "–" if isinstance(told.drift, Refusal) else f"{told.drift.pct:+.1f}",
            "–" if isinstance(told.trimp, Refusal) else f"{told.trimp:.0f}",
            "–" if recovery is None else f"{recovery.hrr60_bpm:.0f}",
            _number(told.artefact_pct, 1),
            f"{sum(blank.length_s for blank in told.blanks):.0f} s",
            f"`{digest}`",
        )
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def _number(value: float | None, digits: int) -> str:
    return "–" if value is None or not np.isfinite(value) else f"{value:.{digits}f}"


def _one(run: Run) -> str:
    told = run.told
    trace = hr_trace.draw(told.retrace.hr_bpm[1:].tolist(), [147.0], 78, 10, BRAILLE)
    zones = ", ".join(
        f"{zone.name} {words.clock(zone.seconds)}" for zone in debrief_facts.zone_lines(told)
    )
    long = [one for one in told.blanks if one.length_s >= LONGEST_BLANK_S]
    blanks = "; ".join(debrief_facts.blank(one) for one in long) or "none"
    stretches = (
        f"for {LONGEST_BLANK_S:.0f} s or more: {blanks}; stretches in all: {len(told.blanks)}"
    )
    lines = [
        f"### {Path(run.name).name}",
        f"**{debrief_words.verdict(told)}**",
        "```\n" + "\n".join(text.rstrip() for text, _ in trace) + "\n```",
        f"Zones: {zones}. Drift: {debrief_facts.drift(told)}.\nWithout heart rate {stretches}.",
    ]
    return "\n\n".join(lines)


if __name__ == "__main__":
    main()
