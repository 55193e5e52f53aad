"""A simulated athlete with a simulated strap, as a sensor: the demo, and every test's strap.

The heart is known (:mod:`sensors.synthetic_heart`), so what the rest of the program makes of its
beats can be held against the truth. Trouble comes on request and, like the heart, from a seed:
the same arguments give the same events, whatever the speed.
"""

import math
import random
from collections import deque
from collections.abc import Generator, Iterable, Iterator
from dataclasses import dataclass, replace

from sensors.events import (
    STRAP_TICKS_PER_S,
    BodyLocation,
    Connected,
    Disconnected,
    Elapsed,
    Emit,
    HeartRateMeasurement,
    Searching,
    SensorEvent,
    StrapDetails,
)
from sensors.pacing import paced
from sensors.synthetic_effort import SCENARIOS
from sensors.synthetic_heart import Heart

Window = tuple[float, float]
"""``(from_s, to_s)``, half-open."""

RECONNECT_WAITS_S = (1.0, 2.0, 4.0, 8.0, 15.0, 30.0)
"""Between attempts to link again; the last one from then on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """What goes wrong, as shares of beats or of frames, or at set times; by default nothing."""

    ectopic_pct: float = 0.0
    """Of beats: come a quarter to a third too early; the next is on time."""
    missed_pct: float = 0.0
    """Of beats: not noticed, so that two intervals arrive as one."""
    extra_pct: float = 0.0
    """Of beats: something within an interval is taken for a beat, which cuts it in two."""
    lost_pct: float = 0.0
    """Of frames: never arrive."""
    late_pct: float = 0.0
    """Of frames: arrive 0.8 to 3 s late; those behind wait, then come all at once."""
    doubled_pct: float = 0.0
    """Of frames: are delivered twice."""
    drops: tuple[Window, ...] = ()
    """Out of range: the link breaks, and comes back at the first attempt after the end."""
    silences: tuple[Window, ...] = ()
    """The link is up and nothing is sent."""
    no_contact: tuple[Window, ...] = ()
    """The strap is off the skin: heart rate 0, no intervals."""


NO_TROUBLE = Trouble()


async def beat(
    emit: Emit,
    *,
    seed: int = 1,
    speed: float = 1.0,
    skip: int = 0,
    duration_s: float | None = None,
    scenario: str = "easy",
    resting_bpm: float = 55.0,
    max_bpm: float = 185.0,
    rmssd_ms: float = 42.0,
    trouble: Trouble = NO_TROUBLE,
) -> None:
    """Simulate an athlete, for ``duration_s`` or for ever.

    ``speed`` and ``skip`` are as for :func:`sensors.pacing.paced`.

    Raises:
        ValueError: an unknown scenario, or a maximum heart rate not above the resting one.
    """
    if scenario not in SCENARIOS:
        raise ValueError(f"no scenario {scenario!r}; there are {', '.join(SCENARIOS)}")
    heart = Heart(
        seed=seed,
        effort=SCENARIOS[scenario],
        resting_bpm=resting_bpm,
        max_bpm=max_bpm,
        rmssd_ms=rmssd_ms,
    )
    await paced(emit, events(heart, trouble, duration_s), speed, skip=skip)


def events(
    heart: Heart, trouble: Trouble = NO_TROUBLE, duration_s: float | None = None
) -> Iterator[SensorEvent]:
    """What a strap on this heart makes a listener see, in order of time."""
    end_s = math.inf if duration_s is None else duration_s
    for event in _link(heart, trouble):
        if event.t_s > end_s or event == Elapsed(end_s):
            break
        yield event
    yield Elapsed(float(end_s))


def _link(heart: Heart, trouble: Trouble) -> Iterator[SensorEvent]:
    """Puts the strap's frames on the air, and what happens to the link between them."""
    chance = random.Random(f"link {heart.seed}")  # noqa: S311 - a simulation, not a secret
    linked = (
        Connected(f"Simulated strap {heart.seed}"),
        StrapDetails(battery_pct=87, body_location=BodyLocation.CHEST),
    )
    drops = deque(sorted(trouble.drops))
    yield Searching("looking for the simulated strap")
    yield from (replace(event, t_s=0.8) for event in linked)
    linked_s = arrived_s = 0.8
    for frame in _frames(heart, trouble):
        while drops and drops[0][0] <= frame.t_s:
            lost_s, back_s = drops.popleft()
            lost_s = max(lost_s, arrived_s)
            linked_s = yield from _reconnect(lost_s, back_s)
            yield from (replace(event, t_s=linked_s) for event in linked)
            arrived_s = linked_s
        # Every number is drawn for every frame, so that one trouble does not change another.
        delay_s, lost, late, late_s, doubled = (
            0.02 + 0.03 * chance.random(),
            100.0 * chance.random() < trouble.lost_pct,
            100.0 * chance.random() < trouble.late_pct,
            0.8 + 2.2 * chance.random(),
            100.0 * chance.random() < trouble.doubled_pct,
        )
        if frame.t_s < linked_s or lost or _within(frame.t_s, trouble.silences):
            if arrived_s < math.floor(frame.t_s):
                yield Elapsed(float(math.floor(frame.t_s)))
            continue
        arrives_s = max(frame.t_s + delay_s + late_s * late, arrived_s + 0.004)
        if drops and arrives_s >= drops[0][0]:
            continue
        arrived_s = arrives_s
        yield replace(frame, t_s=arrived_s)
        if doubled:
            arrived_s += 0.003
            yield replace(frame, t_s=arrived_s)


def _reconnect(lost_s: float, back_s: float) -> Generator[SensorEvent, None, float]:
    """A broken link and the attempts to mend it; returns when it is mended."""
    yield Disconnected("the simulated strap went out of range", t_s=lost_s)
    at_s = lost_s
    for attempt in range(1_000_000):
        yield Searching("looking for the simulated strap", t_s=at_s)
        at_s += RECONNECT_WAITS_S[min(attempt, len(RECONNECT_WAITS_S) - 1)]
        if at_s >= back_s:
            break
    return at_s


def _frames(heart: Heart, trouble: Trouble) -> Iterator[HeartRateMeasurement]:
    """What the strap sends once a second: the intervals completed since, and a mean heart rate."""
    second_s = 1.0 + random.Random(f"phase {heart.seed}").random()  # noqa: S311 - a simulation
    before: int | None = 0
    completed: list[int] = []
    recent: deque[int] = deque(maxlen=5)
    for t_s in _noticed(heart, trouble):
        while second_s < t_s:
            if _within(second_s, trouble.no_contact):
                yield HeartRateMeasurement(0, contact=False, t_s=second_s)
            elif recent:
                bpm = round(60 * STRAP_TICKS_PER_S * len(recent) / sum(recent))
                yield HeartRateMeasurement(bpm, tuple(completed), contact=True, t_s=second_s)
            completed.clear()
            second_s += 1.0
        if _within(t_s, trouble.no_contact):
            before = None
            completed.clear()
            recent.clear()
            continue
        # The strap stamps beats with whole ticks, so its roundings do not add up.
        now = round(t_s * STRAP_TICKS_PER_S)
        if before is not None:
            completed.append(now - before)
            recent.append(now - before)
        before = now


def _noticed(heart: Heart, trouble: Trouble) -> Iterator[float]:
    """When the strap believes to have seen a beat, in s."""
    chance = random.Random(f"artefacts {heart.seed}")  # noqa: S311 - a simulation, not a secret
    missed_pct = trouble.ectopic_pct + trouble.missed_pct
    extra_pct = missed_pct + trouble.extra_pct
    for beat in heart.beats():
        lot_pct, place = 100.0 * chance.random(), chance.random()
        rr_s = beat.rr_ms / 1000.0
        if lot_pct < trouble.ectopic_pct:
            yield beat.t_s - (0.25 + 0.08 * place) * rr_s
        elif lot_pct < missed_pct:
            continue
        elif lot_pct < extra_pct:
            yield beat.t_s - (0.3 + 0.4 * place) * rr_s
            yield beat.t_s
        else:
            yield beat.t_s


def _within(t_s: float, windows: Iterable[Window]) -> bool:
    return any(from_s <= t_s < to_s for from_s, to_s in windows)
