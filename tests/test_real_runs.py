"""Real runs replayed: what a session shows does not depend on how fast it is played."""

import math
from pathlib import Path

import pytest
import real_runs

SPEEDS = (1.0, 60.0, math.inf)


@pytest.mark.parametrize("name", real_runs.RUNS)
def test_a_stretch_of_a_real_run_reads_the_same_at_every_speed(
    shared_data: Path, name: str
) -> None:
    whole = real_runs.read(shared_data, name)
    middle_s = whole.frames[len(whole.frames) // 2].t_s
    played = real_runs.stretch(whole, middle_s, 120.0)
    assert len({real_runs.digest_at(speed, played) for speed in SPEEDS}) == 1


def test_the_digest_tells_one_beat_from_another(shared_data: Path) -> None:
    whole = real_runs.read(shared_data, "fit/run52min_fr955_hrv.fit")
    one, other = (real_runs.stretch(whole, 600.0, length_s) for length_s in (60.0, 61.0))
    assert real_runs.digest_at(math.inf, one) != real_runs.digest_at(math.inf, other)
