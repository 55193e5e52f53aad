"""Detection errors put into normal beats: annotators correct them, so no database holds any."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from annotated import Annotated
from markers import Floats, Marker
from numpy.typing import NDArray

from hrv.artefacts import accepted
from hrv.kind import Kind
from hrv.time_domain import rmssd

BLOCK = 300
"""Intervals in a block: about five minutes."""
PER_BLOCK = 6
"""Errors in each: two in a hundred beats."""
BLOCKS = 40
"""At most so many from one recording, evenly spread."""

ERRORS = {
    "missed": Kind.MISSED,
    "extra": Kind.EXTRA,
    "displaced": None,
    "slightly displaced": None,
}
"""A beat not detected; one detected that is none, 20 to 80 % into an interval; one detected too
early or too late, which has no name in the method."""

DISPLACED = {"displaced": (0.08, 0.20), "slightly displaced": (0.04, 0.08)}
"""By these parts of an interval."""


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """A stretch of normal beats, and the same with errors of one sort."""

    before: Floats
    after: Floats
    at: tuple[int, ...]
    """Where in `after` each error begins."""
    wide: int
    """How many intervals each error spoils."""


@dataclass(frozen=True, slots=True)
class InsertedScore:
    """One row; NaN for named where the method names nothing."""

    marker: str
    found_pct: float
    named_pct: float
    specificity_pct: float
    ln_median: float
    ln_95: float
    ms_median: float
    ms_95: float


def normal_blocks(record: Annotated) -> list[Floats]:
    """Stretches of 300 intervals between normal beats, outside fibrillation."""
    good = record.nn & ~record.fibrillating
    starts, run = [], 0
    for i, normal in enumerate(good.tolist()):
        run = run + 1 if normal else 0
        if run == BLOCK:
            starts.append(i + 1 - BLOCK)
            run = 0
    step = max(1, len(starts) // BLOCKS)
    return [record.rr_ms[i : i + BLOCK] for i in starts[::step]]


def with_errors(blocks: Sequence[Floats], sort: str) -> Iterator[Block]:
    """The blocks with errors of one sort; the same ones at every call."""
    rng = np.random.default_rng(1)
    for before in blocks:
        # In its own sixth of the block each, away from the ends and from one another.
        places = [
            int(rng.integers(10, BLOCK // PER_BLOCK - 10)) + k * (BLOCK // PER_BLOCK)
            for k in range(PER_BLOCK)
        ]
        rr = before.tolist()
        at: list[int] = []
        for place in reversed(places):
            if sort == "missed":
                rr[place : place + 2] = [rr[place] + rr[place + 1]]
            elif sort == "extra":
                early = rng.uniform(0.2, 0.8) * rr[place]
                rr[place : place + 1] = [early, rr[place] - early]
            else:
                shift = rng.uniform(*DISPLACED[sort]) * rng.choice([-1, 1]) * rr[place]
                rr[place : place + 2] = [rr[place] + shift, rr[place + 1] - shift]
        grown = {"missed": -1, "extra": 1}.get(sort, 0)
        at = [place + k * grown for k, place in enumerate(places)]
        yield Block(before, np.array(rr), tuple(at), 1 if sort == "missed" else 2)


def score(marker: Marker, blocks: Sequence[Block], sort: str) -> InsertedScore:
    """All blocks together."""
    found = named = kept = normal = 0
    ln, ms = [], []
    names = marker.name_kinds
    for block in blocks:
        kinds = marker.kinds(block.after)
        usable = accepted(kinds)
        spoilt = np.zeros(len(kinds), np.bool_)
        for place in block.at:
            spoilt[place : place + block.wide] = True
            found += not usable[place : place + block.wide].all()
            named += kinds[place] == ERRORS[sort]
        kept += int((usable & ~spoilt).sum())
        normal += int((~spoilt).sum())
        reference = rmssd(block.before)
        marked = rmssd(block.after, usable)
        assert reference  # 300 normal beats always vary
        ln.append(abs(np.log((marked or np.nan) / reference)))
        ms.append(abs((marked or np.nan) - reference))
    errors = PER_BLOCK * len(blocks)
    return InsertedScore(
        marker.name,
        100 * found / errors,
        100 * named / errors if names and ERRORS[sort] else np.nan,
        100 * kept / normal,
        *_median_and_95(ln),
        *_median_and_95(ms),
    )


def _median_and_95(values: list[float]) -> tuple[float, float]:
    known: NDArray[np.float64] = np.array(values)
    known = known[np.isfinite(known)]
    return float(np.median(known)), float(np.percentile(known, 95))
