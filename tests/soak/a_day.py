"""A simulated day of a gym with 30 straps: `make test-soak`, some ten minutes.

What it finds is written into docs/RELIABILITY.md.
"""

import time
from pathlib import Path

from gym_soak import Held, soak
from reliability import write_section

STRAPS, HOURS = 30, 24
BLOCKS = 4000
"""Of memory, allowed to be more after a day than after two hours; a visit kept would be 1000."""
RSS_KB = 8 << 10


def test_a_day_of_30_straps_leaves_nothing_behind(tmp_path: Path) -> None:
    began_s = time.monotonic()
    hourly, visits, beats = soak(tmp_path / "data", STRAPS, HOURS, stay_s=(600.0, 3000.0))
    after, *_, last = hourly[1:]
    told = section(after, last, visits, beats, took_s=time.monotonic() - began_s)
    print(told)  # noqa: T201 - for the record
    write_section("soak", told)
    assert len(hourly) == HOURS
    assert (visits > 600, beats > 1_000_000) == (True, True)
    assert last.blocks - after.blocks < BLOCKS
    assert last.rss_kb - after.rss_kb < RSS_KB
    assert (last.tasks, last.files) == (after.tasks, after.files)


def section(after: Held, last: Held, visits: int, beats: int, *, took_s: float) -> str:
    """What it came to, as a part of the report."""
    rows = (
        ("blocks of memory (Python)", f"{after.blocks:,}", f"{last.blocks:,}"),
        ("resident memory", f"{after.rss_kb / 1024:.1f} MB", f"{last.rss_kb / 1024:.1f} MB"),
        ("tasks", str(after.tasks), str(last.tasks)),
        ("open files", str(after.files), str(last.files)),
    )
    table = "\n".join(f"| {' | '.join(row)} |" for row in rows)
    return f"""## A day of a gym

Written by `make test-soak`; do not edit. {STRAPS} straps that come, train, lose their links and go,
for {HOURS} simulated hours, through the same program as on the wall: {visits} visits with
{beats / 1e6:.1f} million beats, and a commit every five seconds, in {took_s / 60:.0f} minutes.
Looked at each hour when nobody was there:

| held while nobody trains | after 2 h | after {HOURS} h |
|---|---:|---:|
{table}
"""
