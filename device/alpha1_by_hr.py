"""α1 of a run by heart rate, summed up while it goes on: what later runs are compared with."""

from device.ramp import POINT_S, point_of
from device.reading import Reading
from hrv.alpha1_shift import BIN_BPM, Alpha1AtHr
from hrv.alpha1_variants import ARTEFACT_MOST_PCT

FROM_S = 600.0
TO_S = 2400.0
"""Of the running time: after the warm-up, and no longer than half an hour. Late in a long run α1
falls at the same heart rate because one is tired (SCIENCE 6), and runs differ in length."""


class Alpha1ByHr:
    """Fed with the readings of a session in order of time; a few sums, whatever its length."""

    def __init__(self) -> None:
        self._sums: dict[int, tuple[float, int]] = {}
        self._due_s = FROM_S

    def add(self, reading: Reading) -> None:
        """Take in a reading where it is time for the next point."""
        if reading.paused or not self._due_s <= reading.running_s < TO_S:
            return
        self._due_s = reading.running_s + POINT_S
        point = point_of(reading)
        if point is None or point.alpha1 is None or point.artefact_pct > ARTEFACT_MOST_PCT:
            return
        from_bpm = int(point.hr_bpm // BIN_BPM) * BIN_BPM
        total, n = self._sums.get(from_bpm, (0.0, 0))
        self._sums[from_bpm] = total + point.alpha1, n + 1

    def found(self) -> tuple[Alpha1AtHr, ...]:
        """A mean for each bin that was run in, the lowest first."""
        return tuple(
            Alpha1AtHr(from_bpm, total / n, n)
            for from_bpm, (total, n) in sorted(self._sums.items())
        )
