import pytest

from sensors.events import HeartRateMeasurement
from sensors.intervals import Intervals, UnreadableRecording
from sensors.notifications import frames


def summary(found: tuple[HeartRateMeasurement, ...]) -> list[tuple[float, tuple[int, ...], object]]:
    return [(frame.t_s, frame.rr_ticks, frame.gaps) for frame in found]


def test_without_stamps_each_interval_comes_when_it_ends() -> None:
    found = frames(Intervals("x", [800, 1200, 1000], 1000))
    assert summary(found) == [(0.8, (800,), ()), (2.0, (1200,), ()), (3.0, (1000,), ())]


def test_an_interval_of_zero_is_a_gap() -> None:
    found = frames(Intervals("x", [0, 800, 0, 1000], 1000))
    assert summary(found) == [(0.8, (800,), ()), (0.8, (), (0,)), (1.8, (1000,), ())]


def test_rows_of_one_notification_become_one_frame_at_the_arrival_of_the_first() -> None:
    stamps = [50_000, 51_003, 51_090, 52_010, 52_010]
    found = frames(Intervals("x", [900, 510, 500, 495, 0], 1000, stamps, 1000, same_within_s=0.25))
    assert summary(found) == [(0.0, (900,), ()), (1.003, (510, 500), ()), (2.01, (495,), (1,))]


def test_rows_with_equal_stamps_came_together_whatever_the_form() -> None:
    found = frames(Intervals("x", [900, 510, 500], 1000, [0, 7, 7], 1))
    assert summary(found) == [(0.0, (900,), ()), (7.0, (510, 500), ())]


def test_a_row_without_heart_rate_continues_but_not_across_a_silence() -> None:
    found = frames(
        Intervals(
            "x", [900, 510, 500, 480], 1000, [0, 1100, 1107, 3000], 1000, [60, 61, None, None], 0.25
        )
    )
    assert [(f.bpm, f.rr_ticks) for f in found] == [(60, (900,)), (61, (510, 500)), (None, (480,))]


@pytest.mark.parametrize("shift", [0, 1], ids=["stamped at the end", "stamped at the beginning"])
def test_beat_times_that_jump_by_more_than_the_interval_show_a_gap(shift: int) -> None:
    rr = [800, 810, 790, 805, 815, 795]
    ends = [800, 1610, 2400, 7005, 7820, 8615]
    stamps = [end - rr[i] if shift else end for i, end in enumerate(ends)]
    found = frames(Intervals("x", rr, 1000, stamps, 1000))
    assert [f.t_s for f in found] == [(end - 800) / 1000 for end in ends]
    assert [f.gaps for f in found] == [(), (), (), (0,), (), ()]


def test_a_clock_set_back_is_a_gap_and_time_goes_on() -> None:
    stamps = [100_000, 101_020, 40_000, 41_010]
    found = frames(Intervals("x", [1000, 990, 980, 970], 1000, stamps, 1000))
    assert summary(found) == [
        (0.0, (1000,), ()),
        (1.02, (990,), ()),
        (2.0, (980,), (0,)),
        (3.01, (970,), ()),
    ]


def test_rows_written_out_of_order_by_a_moment_stay_in_the_order_of_the_file() -> None:
    found = frames(Intervals("x", [1000, 990, 980], 1000, [0, 1020, 1001], 1000))
    assert summary(found) == [(0.0, (1000,), ()), (1.02, (990,), ()), (1.02, (980,), ())]


def test_stamps_may_be_finer_or_coarser_than_the_intervals() -> None:
    found = frames(Intervals("x", [8000, 8100], 10_000, [5_000_000_000, 6_500_000_000], 10**9))
    assert [f.t_s for f in found] == [0.0, 1.5]
    found = frames(Intervals("x", [8000, 8100], 10_000, [5, 6], 1))
    assert [f.t_s for f in found] == [0.0, 1.0]


def test_a_recording_longer_than_a_month_is_refused() -> None:
    with pytest.raises(UnreadableRecording, match="would last 50 days"):
        frames(Intervals("x", [86_400] * 50, 1))
