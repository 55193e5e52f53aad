"""The ways α1 is computed, by name: values of different variants must never be mixed."""

from dataclasses import dataclass
from math import log2
from typing import Literal

VariantName = Literal["default", "no-detrend", "forward", "overlap", "neurokit"]


@dataclass(frozen=True, slots=True)
class Variant:
    """How α1 is computed."""

    scales: tuple[int, ...]
    """Box sizes in beats."""
    boxes: Literal["both", "forward", "overlap"]
    """Side by side from the start and again from the end; from the start; or half overlapping."""
    detrended: bool
    """Whether smoothness priors with λ = 500 take the slow trend out first."""

    @property
    def weights(self) -> tuple[float, ...]:
        """Per scale: the slope of y on log2 scale is the sum of weight · y."""
        x = [log2(scale) for scale in self.scales]
        mean = sum(x) / len(x)
        spread = sum((value - mean) ** 2 for value in x)
        return tuple((value - mean) / spread for value in x)


FOUR_TO_SIXTEEN = tuple(range(4, 17))

VARIANTS: dict[VariantName, Variant] = {
    "default": Variant(FOUR_TO_SIXTEEN, "both", detrended=True),
    "no-detrend": Variant(FOUR_TO_SIXTEEN, "both", detrended=False),
    # As NeuroKit2's fractal_dfa(overlap=False, scale=4..16).
    "forward": Variant(FOUR_TO_SIXTEEN, "forward", detrended=False),
    # As NeuroKit2's fractal_dfa(overlap=True, scale=4..16).
    "overlap": Variant(FOUR_TO_SIXTEEN, "overlap", detrended=False),
    # As NeuroKit2's hrv_nonlinear.
    "neurokit": Variant(tuple(range(4, 12)), "overlap", detrended=False),
}
"""Default: the detrending and the boxes of FatMaxxer, which follows Kubios; scales 4 to 16 of
Rogers 2021 (recalled, not re-read). The rest are for comparison with other programs."""

MIN_INTERVALS = 100
MAX_LOST_BEATS = 3
MIN_COVERAGE = 0.95
"""A window gives a value only with so many intervals, with no more beats missing between them
and with so much of its time filled by them."""

ARTEFACT_MOST_PCT = 3.0
"""α1 is set against a heart rate only where no more of its beats are flagged (our decision; Rogers
2021, Sensors 21:821, abstract read, tested 1, 3 and 6 %)."""

MIN_FLUCTUATION_MS = 1e-6
"""Below it a series does not vary but for rounding, and has no slope."""


@dataclass(frozen=True, slots=True)
class Alpha1:
    """The short-term scaling exponent of detrended fluctuation analysis."""

    value: float
    variant: VariantName
