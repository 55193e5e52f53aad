"""A simulated heart: every interval of an athlete whose effort, and so whose truth, is known.

The heart rate follows the effort with a lag, faster up than down, and drifts upwards as fatigue
gathers. Around it each interval varies with breathing (respiratory sinus arrhythmia), with the
slow wave of blood pressure near 0.1 Hz, with fluctuations of many lengths at once, and with
noise. Effort makes all of these smaller, the slow ones most: RMSSD falls, and DFA α1 goes from
about 1 at rest and at easy effort through 0.75 near 70 % of the heart rate reserve to 0.5 and
below, as it does in people (Rogers et al. 2021, doi:10.3389/fphys.2020.596567). The numbers that
make it so are fitted to that, not measured.
"""

import math
import random
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise, takewhile

from sensors.synthetic_effort import SCENARIOS, Effort, along

FASTER_TAU_S = 28.0
SLOWER_TAU_S = 48.0
"""Time constants of the heart rate towards a harder and towards an easier effort."""

DRIFT_BPM = 7.0
"""How far fatigue lifts the heart rate over an hour at 70 % of the reserve."""

RMSSD_DECAY = 3.0
"""RMSSD falls by exp(-3 x), x the share of the reserve in use: to an eighth at 70 %."""

MEMORY_BEATS = (2.0, 8.0, 32.0, 128.0)
"""Four first-order processes of equal size and these lengths together resemble 1/f noise."""

_MEMORY = tuple(math.exp(-1.0 / beats) for beats in MEMORY_BEATS)
_MEMORY_MSSD = 2.0 * sum(1.0 - kept for kept in _MEMORY)

_slow_share = along(
    *((0.0, 0.50), (0.3, 0.27), (0.5, 0.19), (0.6, 0.13)),
    *((0.72, 0.065), (0.85, 0.015), (1.0, 0.005)),
)
"""Which part of RMSSD² comes from slow variation, by share of the reserve: this sets α1."""


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """One beat, and the interval that it ends."""

    t_s: float
    rr_ms: float


@dataclass(frozen=True, slots=True)
class Truth:
    """What really happened: every interval, before any strap, artefact or link."""

    beats: tuple[Heartbeat, ...]

    def rr_ms(self, from_s: float = 0.0, to_s: float = math.inf) -> list[float]:
        """The intervals that end within ``[from_s, to_s)``."""
        first = bisect_left(self.beats, from_s, key=lambda beat: beat.t_s)
        last = bisect_left(self.beats, to_s, key=lambda beat: beat.t_s)
        return [beat.rr_ms for beat in self.beats[first:last]]

    def rmssd_ms(self, from_s: float = 0.0, to_s: float = math.inf) -> float:
        """Root mean square of their successive differences; needs three beats."""
        squares = [(after - before) ** 2 for before, after in pairwise(self.rr_ms(from_s, to_s))]
        return math.sqrt(sum(squares) / len(squares))

    def hr_bpm(self, from_s: float = 0.0, to_s: float = math.inf) -> float:
        """Mean heart rate: 60000 over the mean interval."""
        rr_ms = self.rr_ms(from_s, to_s)
        return 60_000.0 * len(rr_ms) / sum(rr_ms)


@dataclass(frozen=True, slots=True, kw_only=True)
class Heart:
    """An athlete's heart and what it is asked to do. The same values give the same beats."""

    seed: int = 1
    effort: Effort = SCENARIOS["easy"]
    resting_bpm: float = 55.0
    max_bpm: float = 185.0
    rmssd_ms: float = 42.0
    """At rest; the beats of a few minutes at rest come close to it."""

    def __post_init__(self) -> None:
        if not 20.0 <= self.resting_bpm < self.max_bpm <= 250.0:
            raise ValueError(
                f"a heart needs 20 <= resting < maximum <= 250 bpm, "
                f"not {self.resting_bpm} and {self.max_bpm}"
            )

    def truth(self, duration_s: float) -> Truth:
        """All beats of the first ``duration_s`` seconds."""
        return Truth(tuple(takewhile(lambda beat: beat.t_s <= duration_s, self.beats())))

    def beats(self) -> Iterator[Heartbeat]:
        """Beat for ever, from a heart rate that has settled at the first effort."""
        chance = random.Random(f"heart {self.seed}")  # noqa: S311 - a simulation, not a secret
        reserve_bpm = self.max_bpm - self.resting_bpm
        # No two people take the same plan alike, so a board of many is not a chorus.
        zeal = 1.0 + 0.03 * gauss(chance)
        hr_bpm = self.resting_bpm + zeal * self.effort(0.0) * reserve_bpm
        variation = _Variation(chance)
        fatigue = 0.0
        t_s = 0.0
        while True:
            asked = zeal * self.effort(t_s)
            intensity = min(1.0, max(0.0, (hr_bpm - self.resting_bpm) / reserve_bpm))
            size_ms = self.rmssd_ms * math.exp(-RMSSD_DECAY * intensity - 0.2 * fatigue)
            rr_ms = 60_000.0 / hr_bpm + variation.next_ms(hr_bpm, intensity, size_ms)
            rr_s = rr_ms / 1000.0
            t_s += rr_s
            yield Heartbeat(t_s, rr_ms)
            fatigue += rr_s / 3600.0 * (intensity / 0.7) ** 3
            goal_bpm = self.resting_bpm + asked * (reserve_bpm + DRIFT_BPM / 0.7 * fatigue)
            goal_bpm = min(goal_bpm, self.max_bpm)
            tau_s = FASTER_TAU_S if goal_bpm > hr_bpm else SLOWER_TAU_S
            hr_bpm += (goal_bpm - hr_bpm) * (1.0 - math.exp(-rr_s / tau_s))


class _Variation:
    """How far each interval lies from the one the heart rate alone would give.

    Each part is scaled by the square root of its share of RMSSD², so that together they have the
    RMSSD that is asked for: a sine of amplitude A and f cycles a beat has a mean squared
    successive difference of 2 A² sin²(π f), white noise one of twice its variance.
    """

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self._breath = chance.random()
        self._wave = chance.random()
        self._slow = [gauss(chance) for _ in MEMORY_BEATS]
        self._breathing_pace = 0.0

    def next_ms(self, hr_bpm: float, intensity: float, rmssd_ms: float) -> float:
        chance = self._chance
        slow_share = _slow_share(intensity)
        rr_s = 60.0 / hr_bpm

        self._breathing_pace += (gauss(chance) - self._breathing_pace) * 0.1
        breath_hz = (0.24 + 0.45 * intensity) * (1.0 + 0.25 * self._breathing_pace)
        breath = _sine_ms(breath_hz * rr_s, self._breath, 0.8 * (1.0 - slow_share))
        self._breath += breath_hz * rr_s

        wave_hz = 0.1 * (1.0 + 0.1 * gauss(chance))
        wave = _sine_ms(0.1 * rr_s, self._wave, 0.25 * slow_share)
        self._wave += wave_hz * rr_s

        self._slow = [
            kept * level + math.sqrt(1.0 - kept * kept) * gauss(chance)
            for kept, level in zip(_MEMORY, self._slow, strict=True)
        ]
        fractal = math.sqrt(0.75 * slow_share / _MEMORY_MSSD) * math.fsum(self._slow)
        noise = math.sqrt(0.2 * (1.0 - slow_share) / 2.0) * gauss(chance)
        return rmssd_ms * (breath + wave + fractal + noise)


def _sine_ms(cycles_per_beat: float, phase: float, share: float) -> float:
    amplitude = math.sqrt(share / 2.0) / math.sin(math.pi * cycles_per_beat)
    return amplitude * math.sin(2.0 * math.pi * phase)


def gauss(chance: random.Random) -> float:
    """A nearly normal number, by what no later Python will change: ``random()`` and exact sums."""
    return math.fsum(chance.random() for _ in range(12)) - 6.0
