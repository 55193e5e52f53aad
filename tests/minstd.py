"""The test series of SCIENCE.md, from a generator that needs no library."""

from collections.abc import Iterator
from itertools import islice
from math import pi, sin

import numpy as np


def uniform(seed: int) -> Iterator[float]:
    x = seed
    while True:
        x = 16807 * x % 2147483647
        yield x / 2147483647


def gaussian(seed: int) -> Iterator[float]:
    u = uniform(seed)
    while True:
        yield sum(islice(u, 12)) - 6


def white() -> np.ndarray:
    """Series W: noise of 20 ms."""
    return 800 + 20 * np.array(list(islice(gaussian(1), 300)))


def autoregressive() -> np.ndarray:
    """Series A: each deviation remembers 0.7 of the one before."""
    rr_ms, v = [], 0.0
    for g in islice(gaussian(3), 300):
        v = 0.7 * v + 15 * g
        rr_ms.append(800 + v)
    return np.array(rr_ms)


def brownian() -> np.ndarray:
    """Series B: steps of 2 ms added up."""
    rr_ms, v = [], 0.0
    for g in islice(gaussian(2), 300):
        v += 2 * g
        rr_ms.append(800 + v)
    return np.array(rr_ms)


def periodic() -> np.ndarray:
    """Series P: waves of 0.1 and 0.25 Hz with noise, in whole ms."""
    rr_ms, t_s = [], 0.0
    for g in islice(gaussian(11), 200):
        v = 900 + 30 * sin(2 * pi * 0.1 * t_s) + 25 * sin(2 * pi * 0.25 * t_s) + 8 * g
        rr_ms.append(float(round(v)))
        t_s += v / 1000
    return np.array(rr_ms)


def corrupted() -> np.ndarray:
    """Series P with an early beat, an extra one, a missed one and a long one."""
    rr_ms = [int(rr) for rr in periodic()]
    rr_ms[160] -= 280
    rr_ms[161] += 280
    whole = rr_ms[120]
    rr_ms[120:121] = [round(0.4 * whole), whole - round(0.4 * whole)]
    rr_ms[80:82] = [rr_ms[80] + rr_ms[81]]
    rr_ms[40] += 350
    return np.array(rr_ms, dtype=np.float64)
