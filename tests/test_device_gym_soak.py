"""Hours of a small gym: nothing grows. A whole day of a large one is `make test-soak`."""

from pathlib import Path

from gym_soak import soak

ALLOWED_BLOCKS = 1000
"""Of memory; some 200 visits lie between the two, and one that is kept would be hundreds."""


def test_people_who_have_left_leave_nothing_behind(tmp_path: Path) -> None:
    hourly, visits, _ = soak(tmp_path / "data", 5, 4, stay_s=(30.0, 150.0))
    after, *_, last = hourly[1:]
    assert visits > 150
    assert last.blocks - after.blocks < ALLOWED_BLOCKS, hourly
    assert (last.tasks, last.files) == (after.tasks, after.files)
