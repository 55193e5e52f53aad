"""Annotated recordings of others: what each beat is, and where the atria fibrillate."""

import csv
import gzip
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

CLASSES = {
    "ventricular": frozenset("VE"),
    "supraventricular": frozenset("AaJS"),
    "fusion": frozenset("F"),
}
"""Beat classes of AAMI EC57 by the letters of PhysioNet; N, L, R and e are normal. What is left
(Q, paced / and f, nodal escape j) is in none, and no method is judged by it."""

NORMAL = frozenset("NLRe")
BLOCKED = "x"
"""An atrial premature beat that was not conducted: no beat, but the pause is not normal."""

FIBRILLATING = frozenset({"(AFIB", "(AFL"})
MITBIH_TICKS_PER_S = 360

Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Annotated:
    """One recording; all arrays of shape (n,), one entry per RR interval."""

    name: str
    rr_ms: NDArray[np.float64]
    label: NDArray[np.str_]
    """Of the beat that ends the interval."""
    nn: Flags
    """Both its beats normal, nothing blocked and no mark of noise between them."""
    noise: Flags
    blocked: Flags
    """A P wave that was not conducted lies inside."""
    fibrillating: Flags
    """The annotated rhythm is atrial fibrillation or flutter; the beats are labelled N."""

    @property
    def time_s(self) -> NDArray[np.float64]:
        """When the beat falls that ends each interval, counted from the first beat."""
        return np.cumsum(self.rr_ms) / 1000

    def beats(self, letters: frozenset[str]) -> Flags:
        """Where an interval ends with a beat of these letters, without noise on either side."""
        quiet = ~self.noise
        quiet[:-1] &= ~self.noise[1:]
        return np.isin(self.label, sorted(letters)) & quiet


def mitbih(data: Path) -> list[Annotated]:
    """The records of the MIT-BIH Arrhythmia Database that are here, without the paced ones."""
    folder = data / "annotated/mitbih"
    records = [_mitbih(path) for path in sorted(folder.glob("*_rr.csv.gz"))]
    return [record for record in records if np.isin(record.label, ["/", "f"]).mean() < 0.5]


def nsr2db(data: Path) -> list[Annotated]:
    """Whole days of healthy people (128 ticks a second), labelled by machine and by eye."""
    paths = sorted((data / "long24h/nsr2db").glob("*_rr.csv.gz"))
    return [_annotated(path, MITBIH_TICKS_PER_S, []) for path in paths]


def _mitbih(path: Path) -> Annotated:
    text = path.with_name(path.name.replace("_rr.csv.gz", "annotations.txt")).read_text()
    words = [line.split() for line in text.splitlines()[1:]]
    return _annotated(path, MITBIH_TICKS_PER_S, [(int(w[1]), w[2], w[-1]) for w in words])


def _annotated(path: Path, ticks_per_s: int, marks: list[tuple[int, str, str]]) -> Annotated:
    """`marks`: sample, type and last column of each line of the annotations."""
    with gzip.open(path, "rt", newline="") as lines:
        rows = list(csv.DictReader(lines))
    ends = np.rint(np.array([float(row["t_s"]) for row in rows]) * ticks_per_s)
    rr_ms = np.array([float(row["rr_ms"]) for row in rows])
    if marks:  # whole samples: the rows are rounded
        rr_ms = np.rint(rr_ms * ticks_per_s / 1000) * 1000 / ticks_per_s
    blocked = np.zeros(len(rows), np.bool_)
    blocked[np.searchsorted(ends, [at for at, kind, _ in marks if kind == BLOCKED])] = True
    rhythms = [(at, rhythm) for at, kind, rhythm in marks if kind == "+"]
    last = np.searchsorted([at for at, _ in rhythms], ends, side="right") - 1
    return Annotated(
        name=path.name.removesuffix("_rr.csv.gz"),
        rr_ms=rr_ms,
        label=np.array([row["label"] for row in rows]),
        nn=np.array([row["nn"] == "1" for row in rows]) & ~blocked,
        noise=np.array([row["noise_between"] != "0" for row in rows]),
        blocked=blocked,
        fibrillating=np.array([i >= 0 and rhythms[i][1] in FIBRILLATING for i in last]),
    )
