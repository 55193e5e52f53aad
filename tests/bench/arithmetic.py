"""The arithmetic of hrv against other libraries: what pytest-benchmark measured, in words."""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

from ratios import table


def sections(options: list[str]) -> list[str]:
    """Run the benchmarks and tell their ratios; options go to pytest."""
    ms, info = _benchmarks(options)
    live = ms["live", "beatwise"]
    slide = {v: ms["sliding", f"beatwise[{v}]"] for v in ("forward", "overlap", "neurokit")}
    plain, detrended = ms["sliding", "beatwise[no-detrend]"], ms["sliding", "beatwise[default]"]
    fathon = ms.get(("sliding", "fathon"))
    unclamped, marking = ms["marking", "beatwise[unclamped]"], ms["marking", "beatwise[default]"]
    time = ms["time domain", "beatwise"]
    told = [
        table(
            "Live: marking + RMSSD of 60 s + alpha 1 of 120 s, per beat (target 1)",
            "Beatwise adds to what it knows, alpha 1 (detrended) every 5 s; NeuroKit2 begins anew"
            " with 301 beats (marking, alpha 1) and 70 (time domain). Defaults: marking repeated"
            " until nothing changes, boxes overlap by half. Lean: one pass, no overlap.",
            live,
            [
                ("NeuroKit2, defaults", ms["live", "neurokit2[defaults]"], 500),
                ("NeuroKit2, lean", ms["live", "neurokit2[lean]"], None),
                (
                    "NeuroKit2, lean, no alpha 1 at all",
                    ms["live", "neurokit2[lean-without-alpha1]"],
                    None,
                ),
            ],
        ),
        table(
            "Sliding alpha 1, 120 s every 5 s, 100,000 beats (target 2), box by box as the peer",
            "The peers are timed on 60 windows of 140 beats and multiplied. NeuroKit2 with boxes"
            " side by side is compared with our variant forward, overlapping with our variant"
            " overlap, scales 4 to 11 with our variant neurokit; the values agree to 1e-9."
            " fathon counts boxes from both ends, as our variant no-detrend does.",
            None,
            [
                (
                    f"NeuroKit2, {name} (ours {slide[v]:.1f} ms)",
                    ms["sliding", f"neurokit2[{v}]"],
                    1500,
                    slide[v],
                )
                for v, name in (
                    ("overlap", "boxes overlap (its default)"),
                    ("forward", "boxes side by side"),
                    ("neurokit", "scales 4 to 11, as in hrv_nonlinear"),
                )
            ]
            + ([(f"fathon (ours {plain:.1f} ms)", fathon, 200, plain)] if fathon else [])
            + [
                (
                    f"our default, detrended ({detrended:.0f} ms), against side by side, raw",
                    ms["sliding", "neurokit2[forward]"],
                    50,
                    detrended,
                )
            ],
        ),
        table(
            "Marking 100,000 beats (target 3)",
            f"One pass of NeuroKit2's Kubios method against our unclamped form;"
            f" {info['different_classes']} of 100,000 intervals get another class, on purpose (see"
            f" docs/VALIDATION.md). Our default, clamped: {marking:.0f} ms.",
            unclamped,
            [
                (
                    "NeuroKit2 signal_fixpeaks, not iterative",
                    ms["marking", "neurokit2_signal_fixpeaks"],
                    15,
                ),
                ("only what finds the classes in it", ms["marking", "neurokit2"], None),
            ],
        ),
        table(
            "Time domain of 100,000 beats (target 4)",
            "Ours: mean RR, mean heart rate, SDNN, RMSSD, ln RMSSD, pNN50, SD1, SD2, each by"
            " itself. Theirs: all that one call gives.",
            time,
            [
                ("NeuroKit2 hrv_time", ms["time domain", "neurokit2"], 40),
                ("hrv-analysis", ms["time domain", "hrv_analysis"], 3),
            ],
        ),
        table(
            "Alpha 1 of one window of 300 beats",
            f"Boxes side by side, not detrended; our default, detrended,"
            f" {ms['window', 'beatwise[default]']:.3f} ms.",
            ms["window", "beatwise[forward]"],
            [("NeuroKit2", ms["window", "neurokit2"], None)],
        ),
    ]
    for ours, theirs in (("welch", "welch"), ("lomb_scargle", "lomb")):
        told.append(
            table(
                f"Spectrum of five minutes: {ours.replace('_', '-')}",
                "LF and HF; the definitions differ (docs/VALIDATION.md).",
                ms["spectrum", f"beatwise[{ours}]"],
                [("NeuroKit2 hrv_frequency", ms["spectrum", f"neurokit2[{theirs}]"], None)],
            )
        )
    return told


def _benchmarks(options: list[str]) -> tuple[dict[tuple[str, str], float], dict[str, int]]:
    """Milliseconds per unit by (group, name), and what the benchmarks noted."""
    with tempfile.TemporaryDirectory() as folder:
        found = Path(folder) / "found.json"
        subprocess.run(
            [
                *(sys.executable, "-m", "pytest", "-q", "-p", "no:xdist", "-p", "no:cacheprovider"),
                *(str(Path(__file__).with_name("bench_hrv.py")), f"--benchmark-json={found}"),
                *("--benchmark-timer=time.process_time", "--benchmark-columns=median,rounds"),
                *options,
            ],
            cwd=Path(__file__).resolve().parents[2],
            check=True,
        )
        results = json.loads(found.read_text())["benchmarks"]
    info: dict[str, int] = {}
    ms = {}
    for one in results:
        name = one["name"].removeprefix("test_")
        ms[one["group"], name] = 1000 * one["stats"]["median"] / one["extra_info"]["units"]
        info |= one["extra_info"]
    return ms, info
