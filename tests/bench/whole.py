"""`beatwise analyse` as a process, what its imports cost, and how memory grows."""

import sys
from pathlib import Path

from processes import Cost, costs, growth_mb
from ratios import verdict

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
MORNING = DATA / "rest/pyhrv_SampleNNISeriesShort.txt"

HRV_MODULES = "series artefacts time_domain dfa spectrum zones thresholds readiness load"
ROUNDS = 15

NEUROKIT_MORNING = f"""
import numpy as np, neurokit2 as nk
rr_ms = np.loadtxt({str(MORNING)!r})
peaks = np.append(0, np.rint(np.cumsum(rr_ms))).astype(int)
found, clean = nk.signal_fixpeaks(peaks, sampling_rate=1000, method="Kubios")
print(nk.hrv_time(clean, sampling_rate=1000))
print(nk.fractal_dfa(np.diff(clean), scale=np.arange(4, 17)))
"""
"""What `beatwise analyse` does, with its means: read, mark, time domain, alpha 1."""

GROWTH = {
    "marking": ("from hrv.artefacts import classify", "classify(rr_ms)"),
    "time domain, all of it": (
        "from hrv import time_domain as t",
        "[f(rr_ms) for f in (t.mean_rr, t.mean_hr, t.sdnn, t.rmssd, t.pnn50, t.sd1, t.sd2)]",
    ),
    "sliding alpha 1, default": (
        "from hrv.dfa import sliding_alpha1\nimport scipy.linalg",
        "sliding_alpha1(rr_ms)",
    ),
    "sliding alpha 1, forward": (
        "from hrv.dfa import sliding_alpha1",
        "sliding_alpha1(rr_ms, variant='forward')",
    ),
    "alpha 1 of it all": ("from hrv.dfa import alpha1", "alpha1(rr_ms)"),
}
MARK = """
import importlib, numpy as np, neurokit2
mark = importlib.import_module("neurokit2.signal.signal_fixpeaks")._find_artifacts
"""
PEER_GROWTH = {
    "NeuroKit2: marking": (
        MARK,
        "mark(np.append(0, np.cumsum(rr_ms)))",
    ),
    "NeuroKit2: time domain": (
        "import numpy as np, neurokit2",
        "neurokit2.hrv_time({'RRI': rr_ms, 'RRI_Time': np.cumsum(rr_ms) / 1000})",
    ),
}


def processes() -> dict[str, Cost]:
    """Every command measured."""
    beatwise = str(Path(sys.executable).with_name("beatwise"))
    imports = "import " + ", ".join(f"hrv.{name}" for name in HRV_MODULES.split())
    python = (sys.executable, "-W", "ignore", "-c")
    return costs(
        {
            "Python": (*python, "pass"),
            "numpy": (*python, "import numpy"),
            "hrv": (*python, imports),
            "beatwise": (beatwise, "analyse", str(MORNING), "--unit", "ms"),
            "NeuroKit2": (*python, NEUROKIT_MORNING),
        },
        ROUNDS,
    )


def processes_section(found: dict[str, Cost]) -> str:
    """Target 5 and the imports."""
    ours, theirs = found["beatwise"], found["NeuroKit2"]
    hrv, numpy = found["hrv"].cpu_ms, found["numpy"].cpu_ms
    bare = found["Python"].cpu_ms
    small = "reached" if hrv / numpy <= 1.3 else "**missed**"
    return f"""## Whole processes (target 5)

One morning of five minutes: read the file, mark, time domain, alpha 1, print. Medians of
{ROUNDS} runs each, in turn.

| | CPU ms | peak MB |
|---|---:|---:|
| `beatwise analyse` | {ours.cpu_ms:.0f} | {ours.peak_mb:.0f} |
| the same with NeuroKit2 | {theirs.cpu_ms:.0f} | {theirs.peak_mb:.0f} |
| ratio | {theirs.cpu_ms / ours.cpu_ms:.1f} | {theirs.peak_mb / ours.peak_mb:.1f} |
| wanted | {verdict(theirs.cpu_ms / ours.cpu_ms, 12)} \
| {verdict(theirs.peak_mb / ours.peak_mb, 5)} |
| Python alone | {bare:.0f} | {found["Python"].peak_mb:.0f} |
| `import numpy` | {numpy:.0f} | {found["numpy"].peak_mb:.0f} |
| `import` of {len(HRV_MODULES.split())} modules of hrv, and all they need | {hrv:.0f} \
| {found["hrv"].peak_mb:.0f} |

All of hrv takes {hrv / numpy:.2f} times as long to import as numpy (wanted at most 1.3: {small};
{(hrv - bare) / (numpy - bare):.2f} without the start of Python itself). `import hrv` alone loads
no module of it."""


def memory_section() -> str:
    """How far 100,000 beats raise the peak memory."""
    folder = str(Path(__file__).parent)
    lines = [
        "## Growth of peak memory on 100,000 beats (wanted: at most 40 MB)",
        "",
        "A fresh process each, modules and beats loaded before.",
        "",
        "| | MB | |",
        "|---|---:|---|",
    ]
    for name, (setup, job) in GROWTH.items():
        grown = growth_mb(folder, setup, job)
        lines.append(f"| {name} | {grown:.0f} | {'reached' if grown <= 40 else '**missed**'} |")
    for name, (setup, job) in PEER_GROWTH.items():
        lines.append(f"| {name} | {growth_mb(folder, setup, job):.0f} | |")
    return "\n".join(lines)
