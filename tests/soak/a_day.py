"""A simulated day of a gym with 30 straps: `make test-soak`, some ten minutes."""

from pathlib import Path

from gym_soak import soak

BLOCKS = 4000
"""Of memory, allowed to be more after a day than after two hours; a visit kept would be 1000."""
RSS_KB = 8 << 10


def test_a_day_of_30_straps_leaves_nothing_behind(tmp_path: Path) -> None:
    hourly, visits, beats = soak(tmp_path / "data", 30, 24, stay_s=(600.0, 3000.0))
    print(visits, "visits", beats, "beats", *hourly, sep="\n")  # noqa: T201 - for the record
    after, *_, last = hourly[1:]
    assert len(hourly) == 24
    assert (visits > 600, beats > 1_000_000) == (True, True)
    assert last.blocks - after.blocks < BLOCKS
    assert last.rss_kb - after.rss_kb < RSS_KB
    assert (last.tasks, last.files) == (after.tasks, after.files)
