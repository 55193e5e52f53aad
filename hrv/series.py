"""A growing series of RR intervals: when each beat fell, how long, of what kind, where gaps are."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from dataclasses import dataclass
from math import isfinite
from typing import TYPE_CHECKING, Any

from hrv.kind import Kind

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["Kind", "RRSeries", "RRWindow"]

STRAP_TICKS_PER_S = 1024
"""Resolution of the RR field of characteristic 0x2A37 (Heart Rate Service 1.0)."""

FIRST_CAPACITY = 512


@dataclass(frozen=True, slots=True)
class RRWindow:
    """A stretch of a series; four arrays of one length, views that copy nothing."""

    rr_ms: NDArray[np.float64]
    time_s: NDArray[np.float64]
    """When the beat fell that ends each interval."""
    kind: NDArray[np.uint8]
    gap_before: NDArray[np.bool_]
    """Whether intervals are missing between the one before and this one."""

    def __len__(self) -> int:
        return len(self.rr_ms)


class RRSeries:
    """RR intervals as they come from a sensor, each marked with its `Kind`.

    Appending and marking cost the same however long the series is and need no numpy; looking
    at it costs no copy. A view shows the intervals that were there when it was taken, and
    may or may not follow later marks: take a new one instead of keeping it.
    """

    def __init__(self, ticks_per_s: int = STRAP_TICKS_PER_S) -> None:
        if ticks_per_s <= 0:
            raise ValueError(f"ticks_per_s must be positive, not {ticks_per_s!r}")
        self.ticks_per_s = ticks_per_s
        self._n = 0
        # Filled from the front and replaced by larger ones when full: an array.array cannot
        # grow in place while a numpy view looks at it.
        self._ticks = array("q", bytes(8 * FIRST_CAPACITY))
        self._rr_ms = array("d", bytes(8 * FIRST_CAPACITY))
        self._time_s = array("d", bytes(8 * FIRST_CAPACITY))
        self._kind = array("B", bytes(FIRST_CAPACITY))
        self._gap_before = array("B", bytes(FIRST_CAPACITY))

    def __len__(self) -> int:
        return self._n

    def append(self, rr_ticks: int, time_s: float, *, gap_before: bool = False) -> int:
        """Add an interval, normal until marked otherwise.

        Args:
            rr_ticks: its length in 1/`ticks_per_s` s, as the sensor sent it.
            time_s: when the beat fell that ends it; expected not to go back.
            gap_before: whether intervals are missing between the previous one and this one.

        Returns:
            Its index.

        Raises:
            ValueError: no positive length, or a time that is not a finite number.
        """
        if rr_ticks <= 0:
            raise ValueError(f"an RR interval must be longer than {rr_ticks!r} ticks")
        if not isfinite(time_s):
            raise ValueError(f"a beat cannot fall at {time_s!r} s")
        index = self._n
        if index == len(self._ticks):
            self._grow()
        self._ticks[index] = rr_ticks
        self._rr_ms[index] = rr_ticks * 1000 / self.ticks_per_s
        self._time_s[index] = time_s
        self._gap_before[index] = gap_before
        self._n = index + 1
        return index

    def mark(self, index: int, kind: Kind) -> None:
        """Say what the interval at `index` (0 is the first) was judged to be.

        Raises:
            IndexError: there is no such interval.
        """
        if not 0 <= index < self._n:
            raise IndexError(f"no interval {index}: the series holds {self._n}")
        self._kind[index] = kind

    @property
    def ticks(self) -> NDArray[np.int64]:
        """RR intervals as sent, in 1/`ticks_per_s` s; shape (len,)."""
        return self._view(self._ticks, "int64", 0)

    @property
    def rr_ms(self) -> NDArray[np.float64]:
        """RR intervals in ms, never rounded; shape (len,)."""
        return self._view(self._rr_ms, "float64", 0)

    @property
    def time_s(self) -> NDArray[np.float64]:
        """When the beat fell that ends each interval, in s; shape (len,)."""
        return self._view(self._time_s, "float64", 0)

    @property
    def kind(self) -> NDArray[np.uint8]:
        """The `Kind` of each interval; shape (len,)."""
        return self._view(self._kind, "uint8", 0)

    @property
    def gap_before(self) -> NDArray[np.bool_]:
        """Whether intervals are missing before each; shape (len,)."""
        return self._view(self._gap_before, "bool", 0)

    def since(self, t_s: float) -> RRWindow:
        """The intervals whose beat fell at `t_s` or later, found by bisection."""
        start = bisect_left(self._time_s, t_s, 0, self._n)
        return RRWindow(
            self._view(self._rr_ms, "float64", start),
            self._view(self._time_s, "float64", start),
            self._view(self._kind, "uint8", start),
            self._view(self._gap_before, "bool", start),
        )

    def _view(self, column: array[Any], dtype: str, start: int) -> NDArray[Any]:
        import numpy as np  # a live session appends long before it needs it

        view = np.frombuffer(column, dtype)[start : self._n]
        view.flags.writeable = False
        return view

    def _grow(self) -> None:
        self._ticks = _doubled(self._ticks)
        self._rr_ms = _doubled(self._rr_ms)
        self._time_s = _doubled(self._time_s)
        self._kind = _doubled(self._kind)
        self._gap_before = _doubled(self._gap_before)


def _doubled(column: array[Any]) -> array[Any]:
    return column + array(column.typecode, bytes(column.itemsize * len(column)))
