"""What a session aims at: the band its purpose means under this morning's cap, and its steps."""

from device.athlete import Athlete
from device.intent import Band, Purpose, band_for
from device.steps import FOUR_BY_FOUR, BadSteps, Steps, parse_steps, ramp_steps
from device.this_morning import Cap, capped


def target(
    purpose: Purpose,
    athlete: Athlete,
    cap: Cap | None,
    *,
    year: int,
    ceiling_bpm: float | None = None,
    steps: str | None = None,
) -> tuple[Band | None, Steps | None]:
    """The band of a purpose under a cap, and its steps where it has any."""

    def band_of(purpose: Purpose, ceiling_bpm: float | None = None) -> Band | None:
        band = band_for(purpose, athlete, year=year, ceiling_bpm=ceiling_bpm)
        return band if cap is None or purpose is Purpose.RAMP else capped(band, cap)

    band = band_of(purpose, ceiling_bpm)
    if purpose is Purpose.RAMP:
        if steps is not None:
            raise BadSteps("--steps: a ramp test has its own")
        return band, ramp_steps()
    if steps is None and purpose is not Purpose.INTERVALS:
        return band, None
    return band, parse_steps(steps or FOUR_BY_FOUR, easy=band_of(Purpose.EASY), work=band)
