"""The series every benchmark runs on."""

import gzip
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
DAY = DATA / "long24h/nsr2db/nsr001_rr.csv.gz"
"""A healthy person's day: 106,459 intervals with their ectopic beats and noise."""
MORNING = DATA / "rest/hrvlogger_daily/ot_m60_RRIntervals.csv"

BEATS = 100_000


def day() -> NDArray[np.float64]:
    """The first 100,000 RR intervals of a day, in ms."""
    with gzip.open(DAY, "rt") as lines:
        rr_ms = np.loadtxt(lines, delimiter=",", skiprows=1, usecols=1, max_rows=BEATS)
    return np.asarray(rr_ms, dtype=np.float64)
