"""Spectra beside NeuroKit2's, and wearables beside a laboratory ECG worn at the same time."""

import csv
import warnings
from datetime import datetime
from pathlib import Path

import numpy as np
from markers import MARKERS, Floats

from hrv.artefacts import accepted
from hrv.spectrum import Spectrum, lomb_scargle, welch
from hrv.time_domain import rmssd

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # of their dependencies, about one another
    import neurokit2

UTC_OFFSET_S = 2 * 3600
"""The ECG and the list of conditions tell local time, the wearables UTC."""
WEARABLES = ("kyto", "heartmath", "rhythm", "empatica")


def spectra(data: Path) -> str:
    """LF, HF and their ratio of five minutes of rest, by each definition."""
    rr_ms = np.loadtxt(data / "rest/aura_nn_intervals.txt")[:430]
    rows = [
        ("ours, Welch (default)", _bands(welch(rr_ms))),
        ("ours, Welch, only the mean removed", _bands(welch(rr_ms, detrended=False))),
        ("ours, Lomb-Scargle", _bands(lomb_scargle(rr_ms))),
        ("NeuroKit2, Welch", _neurokit_bands(rr_ms, "welch")),
        ("NeuroKit2, Lomb-Scargle", _neurokit_bands(rr_ms, "lomb")),
    ]
    lines = [
        f"| {name} | {low:.1f} | {high:.1f} | {low / high:.3f} |" for name, (low, high) in rows
    ]
    return (
        f"""## Spectra

Five minutes of rest (rest/aura_nn_intervals.txt, the first 430 intervals,
{rr_ms.sum() / 1000:.0f} s). Frequency bands are the same everywhere.

| | LF ms² | HF ms² | LF/HF |
|---|---:|---:|---:|
"""
        + "\n".join(lines)
        + """

What differs: our default takes the slow trend out first (λ = 500 at 4 Hz passes from 0.0355 Hz
on), which costs the lower edge of LF a few percent and HF nothing; with only the mean removed,
our Welch and our Lomb-Scargle agree within 3 %. NeuroKit2 resamples at 100 Hz by a quadratic
spline and takes half the recording as a segment, we 120 s. Its Lomb-Scargle is not scaled to
ms²/Hz, so only the ratio compares; its normalisation is switched off here. hrv-analysis
interpolates linearly, which damps HF, and is not in the table: it calls numpy.trapz,
that numpy 2.4 no longer has."""
    )


def _bands(found: object) -> tuple[float, float]:
    assert isinstance(found, Spectrum)
    return found.lf_ms2, found.hf_ms2


def _neurokit_bands(rr_ms: Floats, method: str) -> tuple[float, float]:
    intervals = {"RRI": rr_ms, "RRI_Time": np.cumsum(rr_ms) / 1000}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = neurokit2.hrv_frequency(
            intervals, sampling_rate=1000, normalize=False, psd_method=method
        ).iloc[0]
    return float(found["HRV_LF"]), float(found["HRV_HF"])


def wearables(data: Path) -> str:
    """RMSSD of four wearables after each marking, against the ECG's own intervals."""
    folder = data / "rest/wearablehrv"
    ecg = _ecg(folder / "test_vu.txt")
    devices = [_wearable(folder / f"test_{name}.csv") for name in WEARABLES]
    conditions = _conditions(folder / "test_events.csv", ecg[0][0])
    lines = []
    for marker in MARKERS:
        errors: list[list[float]] = []
        for beat_s, rr_ms in devices:
            usable = accepted(marker.kinds(rr_ms))
            errors.append([])
            for start_s, end_s in conditions:
                truth = rmssd(ecg[1], (ecg[0] > start_s) & (ecg[0] <= end_s))
                found = rmssd(rr_ms, usable & (beat_s > start_s) & (beat_s <= end_s))
                if truth and found:
                    errors[-1].append(abs(float(np.log(found / truth))))
        cells = " | ".join(f"{np.median(device):.3f}" if device else "–" for device in errors)
        together = np.concatenate([np.array(device) for device in errors])
        lines.append(f"| {marker.name} | {cells} | {np.median(together):.3f} |")
    return (
        f"""## Wearables beside a laboratory ECG

rest/wearablehrv: one person, {len(conditions)} conditions from sitting to biking, four wearables
worn together with a VU-AMS ECG. The reference is RMSSD of the ECG's intervals as they are. Median
over the conditions of the error in ln RMSSD: what is left is the device, not the marking, so no
row wins here.

| | """
        + " | ".join(WEARABLES)
        + " | all |\n|---|"
        + "---:|" * (len(WEARABLES) + 1)
        + "\n"
        + "\n".join(lines)
    )


def _ecg(path: Path) -> tuple[Floats, Floats]:
    beats, intervals = [], []
    for line in path.read_text().splitlines()[2:]:
        cells = line.split("\t")
        if len(cells) > 2 and float(cells[2]) > 0:
            beats.append(_utc(datetime.strptime(cells[0], "%d-%m-%y/%H:%M:%S.%f")))  # noqa: DTZ007 - local time, as told
            intervals.append(float(cells[2]))
    return np.array(beats), np.array(intervals)


def _wearable(path: Path) -> tuple[Floats, Floats]:
    with path.open(newline="") as lines:
        rows = [row for row in csv.reader(lines) if len(row) >= 2 and row[0].strip().isdigit()]
    return np.array([int(row[0]) / 1000 for row in rows]), np.array([float(row[1]) for row in rows])


def _conditions(path: Path, some_beat_s: float) -> list[tuple[float, float]]:
    midnight_s = (some_beat_s + UTC_OFFSET_S) // 86_400 * 86_400 - UTC_OFFSET_S
    with path.open(newline="") as lines:
        rows = list(csv.DictReader(lines))
    times = [
        midnight_s + sum(int(part) * unit for part, unit in zip(at, (3600, 60, 1), strict=True))
        for at in (row["timestamp"].split(":") for row in rows)
    ]
    return list(zip(times[::2], times[1::2], strict=True))


def _utc(local: datetime) -> float:
    return (local - datetime(1970, 1, 1)).total_seconds() - UTC_OFFSET_S  # noqa: DTZ001 - as above
