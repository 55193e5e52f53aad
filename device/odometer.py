"""How far it was: what a sensor counted, added up over its resets, and the last whole kilometre."""

KM = 1000.0
FASTEST_MPS = 50.0
"""Faster than this is a fault of the sensor (as in :mod:`hrv.drift`; our decision)."""


class Odometer:
    """Fed with what the sensor counts, in order of time."""

    def __init__(self) -> None:
        self.distance_m: float | None = None
        """Since the first count; None until it has counted anything at all."""
        self.last_km_s: float | None = None
        """Running time of the last whole kilometre; None before it is done."""
        self._before: tuple[int, float] | None = None
        self._km_from_s: float | None = None

    def add(self, distance_cm: int, t_s: float, running_s: float) -> None:
        """Take in a count. One that falls began anew; one that leaps is not believed."""
        before, self._before = self._before, (distance_cm, t_s)
        if self._km_from_s is None:
            self._km_from_s = running_s
        if before is None:
            return
        gone_m = (distance_cm - before[0]) / 100.0
        if not 0.0 < gone_m <= FASTEST_MPS * max(1.0, t_s - before[1]):
            return
        was_m = self.distance_m or 0.0
        self.distance_m = was_m + gone_m
        whole_km = self.distance_m // KM - was_m // KM
        if whole_km:
            self.last_km_s = (running_s - self._km_from_s) / whole_km
            self._km_from_s = running_s
