"""The seam between a source and everything that listens to it."""

import asyncio
import math

import pytest

from device.monitor import monitor
from device.reading import Reading
from device.session import Session
from sensors import synthetic
from sensors.events import Connected, Elapsed, Emit, HeartRateMeasurement, SensorEvent

Shown = list[tuple[SensorEvent, Reading]]


async def run(
    speed: float, until_s: float | None, duration_s: float
) -> tuple[list[SensorEvent], Shown]:
    recorded: list[SensorEvent] = []
    shown: Shown = []

    async def source(emit: Emit) -> None:
        await synthetic.beat(emit, seed=4, speed=speed, duration_s=duration_s)

    await monitor(
        source, Session(), recorded.append, lambda *both: shown.append(both), until_s=until_s
    )
    return recorded, shown


async def test_readings_fall_on_whole_seconds_and_are_the_same_at_every_speed() -> None:
    as_fast_as_possible = await run(math.inf, None, 20)
    assert await run(200.0, None, 20) == as_fast_as_possible
    seconds = [event.t_s for event, _ in as_fast_as_possible[1] if isinstance(event, Elapsed)]
    assert seconds == [float(second) for second in range(1, 21)]


async def test_everything_but_the_passing_of_time_is_recorded_before_it_is_shown() -> None:
    order: list[tuple[str, SensorEvent]] = []

    async def source(emit: Emit) -> None:
        emit(Connected("strap", t_s=0.5))
        emit(HeartRateMeasurement(60, (1024,), t_s=1.5))

    await monitor(
        source,
        Session(),
        lambda event: order.append(("recorded", event)),
        lambda event, _: order.append(("shown", event)),
    )
    assert [(what, type(event).__name__) for what, event in order] == [
        ("recorded", "Connected"),
        ("shown", "Connected"),
        ("shown", "Elapsed"),
        ("recorded", "HeartRateMeasurement"),
        ("shown", "HeartRateMeasurement"),
    ]


@pytest.mark.parametrize("until_s", [7.0, 7.5])
async def test_it_stops_by_itself_when_the_session_time_is_up(until_s: float) -> None:
    recorded, shown = await run(math.inf, until_s, 60)
    assert max(event.t_s for event in recorded) <= until_s
    assert [e.t_s for e, _ in shown if isinstance(e, Elapsed)] == [float(s) for s in range(1, 8)]


async def test_a_source_that_breaks_ends_the_session_with_its_error() -> None:
    async def source(emit: Emit) -> None:
        emit(Connected("strap"))
        raise RuntimeError("a defect")

    with pytest.raises(RuntimeError, match="a defect"):
        await monitor(source, Session(), lambda _: None, lambda *_: None)


async def test_cancelled_it_waits_until_the_source_has_let_go() -> None:
    let_go = asyncio.Event()

    async def source(emit: Emit) -> None:
        try:
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(0)
            let_go.set()

    running = asyncio.create_task(monitor(source, Session(), lambda _: None, lambda *_: None))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert let_go.is_set()
