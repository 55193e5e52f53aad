"""Pacing, under a clock that jumps to the next timer instead of waiting for it."""

import asyncio
import itertools
import math
import selectors
from collections.abc import Coroutine, Iterable
from typing import Any

import pytest

from sensors.events import Connected, Elapsed, HeartRateMeasurement, SensorEvent
from sensors.pacing import paced, with_seconds


class Jumping(selectors.DefaultSelector):
    """Instead of waiting for a timer, moves the time on to it."""

    now_s = 0.0

    def select(self, timeout: float | None = None) -> Any:
        self.now_s += timeout or 0.0
        return super().select(0)


def in_virtual_time(main: Coroutine[Any, Any, None], loop: "VirtualLoop") -> None:
    with asyncio.Runner(loop_factory=lambda: loop) as runner:
        runner.run(main)


class VirtualLoop(asyncio.SelectorEventLoop):
    def __init__(self) -> None:
        self.selector = Jumping()
        super().__init__(self.selector)

    def time(self) -> float:
        return self.selector.now_s


def beat(t_s: float) -> HeartRateMeasurement:
    return HeartRateMeasurement(60, t_s=t_s)


def times(events: Iterable[SensorEvent]) -> list[tuple[str, float]]:
    return [(type(event).__name__[0], event.t_s) for event in events]


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        ([], []),
        ([beat(0.0)], [("H", 0.0)]),
        ([beat(0.0), beat(1.0)], [("H", 0.0), ("H", 1.0), ("E", 1.0)]),
        ([beat(0.5), beat(1.5), beat(1.5)], [("H", 0.5), ("E", 1.0), ("H", 1.5), ("H", 1.5)]),
        ([beat(7.2), beat(8.0), beat(8.0)], [("H", 7.2), ("H", 8.0), ("H", 8.0), ("E", 8.0)]),
        ([beat(0.0), beat(3.1)], [("H", 0.0), ("E", 1.0), ("E", 2.0), ("E", 3.0), ("H", 3.1)]),
        ([beat(0.0), Elapsed(2.0), beat(2.5)], [("H", 0), ("E", 1), ("E", 2), ("H", 2.5)]),
        (
            [beat(0.0), Elapsed(1.5), beat(2.1)],
            [("H", 0), ("E", 1), ("E", 1.5), ("E", 2), ("H", 2.1)],
        ),
    ],
)
def test_every_whole_second_is_told_once_and_after_the_events_of_that_instant(
    events: list[SensorEvent], expected: list[tuple[str, float]]
) -> None:
    assert times(with_seconds(events)) == expected


@pytest.mark.parametrize("speed", [0.5, 1.0, 60.0])
def test_each_event_is_emitted_at_its_time_divided_by_the_speed(speed: float) -> None:
    events = [Connected("strap"), beat(0.25), beat(10.0), beat(10.0), beat(12.5)]
    loop = VirtualLoop()
    seen: list[tuple[float, SensorEvent]] = []
    in_virtual_time(paced(lambda e: seen.append((loop.time(), e)), events, speed), loop)
    assert [event for _, event in seen] == list(with_seconds(events))
    for now_s, event in seen:
        assert now_s == pytest.approx(event.t_s / speed)


def test_a_recording_that_starts_late_is_not_waited_for() -> None:
    loop = VirtualLoop()
    seen: list[float] = []
    in_virtual_time(
        paced(lambda _: seen.append(loop.time()), [beat(1000.0), beat(1000.5)], 1.0), loop
    )
    assert seen == pytest.approx([0.0, 0.5])


def test_the_schedule_is_absolute_so_slow_listeners_do_not_add_up() -> None:
    loop = VirtualLoop()
    seen: list[float] = []

    def slow(_: SensorEvent) -> None:
        seen.append(loop.time())
        loop.selector.now_s += 0.3

    in_virtual_time(paced(slow, [beat(t / 2) for t in range(21)], 1.0), loop)
    assert seen[-2] == pytest.approx(10.0, abs=0.31)


def test_at_unlimited_speed_no_time_passes_and_others_have_their_turns() -> None:
    events = [beat(t / 2) for t in range(2000)]
    loop = VirtualLoop()
    seen: list[SensorEvent] = []
    turns: list[int] = []

    async def main() -> None:
        play = asyncio.ensure_future(paced(seen.append, events, math.inf))
        while not play.done():
            turns.append(len(seen))
            await asyncio.sleep(0)

    in_virtual_time(main(), loop)
    assert seen == list(with_seconds(events))
    assert loop.time() == 0.0
    assert max(b - a for a, b in itertools.pairwise(turns)) <= 50


@pytest.mark.parametrize("speed", [0.0, -1.0, math.nan])
async def test_a_speed_that_is_not_above_zero_is_refused(speed: float) -> None:
    with pytest.raises(ValueError, match="above 0"):
        await paced(lambda _: None, [beat(0.0)], speed)


async def test_cancelling_stops_it() -> None:
    play = asyncio.ensure_future(paced(lambda _: None, [beat(0.0), beat(1e6)], 1.0))
    await asyncio.sleep(0)
    play.cancel()
    with pytest.raises(asyncio.CancelledError):
        await play


async def test_events_already_known_are_left_out_without_counting_or_showing_seconds() -> None:
    events = [beat(0.0), Elapsed(1.0), beat(1.5), beat(7.25), beat(8.0)]
    seen: list[SensorEvent] = []
    await paced(seen.append, events, math.inf, skip=2)
    assert times(seen) == [("H", 7.25), ("H", 8.0), ("E", 8.0)]
