"""``beatwise analyse FILE``: any RR recording, as a table a person can read or as JSON."""

import json
import sys
from dataclasses import asdict
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from device.errors import BadSource
from ui.terminal import plain
from ui.words import UNKNOWN

if TYPE_CHECKING:
    from device.analysis import Analysis, Spectral

ROWS = (
    ("mean heart rate", "mean_hr_bpm", "bpm", 1),
    ("mean RR", "mean_rr_ms", "ms", 1),
    ("RMSSD", "rmssd_ms", "ms", 1),
    ("ln RMSSD", "ln_rmssd", "", 3),
    ("SDNN", "sdnn_ms", "ms", 1),
    ("pNN50", "pnn50_pct", "%", 1),
    ("SD1", "sd1_ms", "ms", 1),
    ("SD2", "sd2_ms", "ms", 1),
    ("DFA alpha 1", "dfa_alpha1", "", 2),
    ("artefacts", "artefact_pct", "%", 2),
)


SPECTRAL_ROWS = (
    ("LF", "lf_ms2", "ms^2", 0),
    ("HF", "hf_ms2", "ms^2", 0),
    ("LF/HF", "lf_hf", "", 2),
    ("breathing", "respiration_per_min", "/min", 1),
)


def run(file: Path, *, unit: str | None, as_json: bool, with_spectrum: bool) -> None:
    """Print the metrics; raises :class:`BadSource` where the file cannot be read."""
    from sensors.recording import UnreadableRecording, read

    try:
        recording = read(file, unit=unit)  # type: ignore[arg-type]  # argparse allows only units
    except UnreadableRecording as error:
        raise BadSource(str(error)) from error
    from device.analysis import analyse, spectral

    analysis = analyse(recording)
    spectrum = spectral(analysis) if with_spectrum else None
    if as_json:
        told = asdict(analysis)
        for array in ("rr_ms", "kinds", "normal", "gap_before"):
            del told[array]
        more = {} if spectrum is None else asdict(spectrum)
        print(json.dumps({"file": str(file), **told, **more}, allow_nan=False))
        return
    print("\n".join(table(file.name, analysis, sys.stdout.encoding or "ascii", spectrum)))


def table(
    name: str, analysis: "Analysis", encoding: str, spectrum: "Spectral | None" = None
) -> list[str]:
    """The lines a person reads."""
    minutes, seconds = divmod(round(analysis.duration_s), 60)
    counts = f"{analysis.n_beats} beats, {minutes}:{seconds:02d}"
    lines = [
        f"{plain(name).encode(encoding, 'replace').decode(encoding)}: {analysis.form}",
        f"{counts}, gaps {analysis.gaps}, lost beats {analysis.lost_beats}",
        f"quality {analysis.quality}: {analysis.quality_reason}",
        "",
    ]
    lines += [_row(analysis, *row) for row in ROWS]
    if spectrum is not None:
        lines += [_row(spectrum, *row) for row in SPECTRAL_ROWS]
        lines += [f"  no spectrum or breathing: {reason}" for reason in spectrum.refused]
    found = [
        f"{count} {kind.replace('_', ' ')}" for kind, count in analysis.artefacts.items() if count
    ]
    lines += ["", f"  artefacts found: {', '.join(found) or 'none'}"]
    lines += [f"  note: {note}" for note in analysis.notes]
    lines += ["", *tachogram(analysis, encoding)]
    return lines


def _row(values: object, label: str, key: str, unit: str, places: int) -> str:
    value = getattr(values, key)
    shown = UNKNOWN if value is None else f"{value:.{places}f}"
    return f"  {label:<16}{shown:>9} {unit}".rstrip()


def tachogram(analysis: "Analysis", encoding: str, width: int = 72, height: int = 6) -> list[str]:
    """A small picture of the RR intervals over the beats; what was left out is marked below.

    Each column shows the range of the accepted intervals it stands for.
    """
    import numpy as np

    if not analysis.normal.any():
        return []
    full, mark = ("█", "▲") if _can(encoding, "█▲") else ("#", "^")
    columns = min(width, analysis.n_beats)
    edges = np.linspace(0, analysis.n_beats, columns + 1).astype(int)
    accepted = np.where(analysis.normal, analysis.rr_ms, np.nan)
    low, high = float(np.nanmin(accepted)), float(np.nanmax(accepted))
    step = (high - low) / height or 1.0
    rows = [[" "] * columns for _ in range(height)]
    below = [" "] * columns
    for column, (start, stop) in enumerate(pairwise(edges)):
        kept = accepted[start:stop][analysis.normal[start:stop]]
        if len(kept) < stop - start:
            below[column] = mark
        if len(kept):
            first = min(height - 1, int((float(kept.min()) - low) / step))
            last = min(height - 1, int((float(kept.max()) - low) / step))
            for row in range(first, last + 1):
                rows[height - 1 - row][column] = full
    scale = [f"{high:6.0f} ms ", *[" " * 10] * (height - 2), f"{low:6.0f} ms "]
    lines = [begin + "".join(row) for begin, row in zip(scale, rows, strict=True)]
    if mark in below:
        lines.append(" " * 10 + "".join(below) + f"  {mark} left out")
    return [line.rstrip() for line in lines]


def _can(encoding: str, text: str) -> bool:
    try:
        text.encode(encoding)
    except (UnicodeEncodeError, LookupError):
        return False
    return True
