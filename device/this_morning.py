"""What this morning's verdict makes of a session: the ceiling it caps, the rest it proposes."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from device.athlete import Athlete
from device.history import History
from device.intent import Band, Purpose, band_for


@dataclass(frozen=True, slots=True)
class Cap:
    """AMBER caps the ceiling at easy; RED proposes rest or a walk, and caps at recovery."""

    verdict: Literal["AMBER", "RED"]
    reason: str
    """Why the verdict is what it is, in a sentence."""
    advice: str
    """What it means for today: "rest or a gentle walk"."""
    band: Band | None
    """No higher than this; None where nothing is known to set a ceiling by."""
    overridden: bool = False
    """The athlete chose in the morning to go harder: it was heard, and is not said again."""

    def __str__(self) -> str:
        return f"{self.verdict} this morning: {self.advice}. {self.reason}"


def cap_of(history: History, athlete: Athlete, day: date, *, calm: bool = False) -> Cap | None:
    """What this morning's verdict caps; None where it caps nothing, or there was no test.

    Raises :class:`device.errors.StoreError`.
    """
    sql = "SELECT choice FROM morning WHERE athlete = ? AND day = ? ORDER BY id"
    taken = history.rows(sql, (athlete.name, day.isoformat())) if _has_mornings(history) else []
    if not taken:
        return None
    # Brings numpy, so only where there was a test; it is read before anything is measured.
    from device.readiness_today import readiness

    decision = readiness(history, athlete.name, day, calm=calm).decision
    verdict: Literal["AMBER", "RED"]
    match decision.verdict.value:
        case "AMBER":
            verdict, purpose = "AMBER", Purpose.EASY
        case "RED":
            verdict, purpose = "RED", Purpose.RECOVERY
        case _:
            return None
    chosen = [row["choice"] for row in taken if row["choice"] is not None]
    return Cap(
        verdict,
        decision.reason,
        decision.verdict.advice,
        band_for(purpose, athlete, year=day.year),
        overridden=bool(chosen) and chosen[-1] == "harder",
    )


def capped(band: Band | None, cap: Cap) -> Band | None:
    """A band no higher than this morning allows; a floor above that goes."""
    if cap.band is None or cap.band.ceiling_bpm is None:
        return band
    most_bpm = cap.band.ceiling_bpm
    origin = f"{cap.verdict} this morning: {cap.band.origin}"
    if band is None:
        return replace(cap.band, origin=origin)
    if band.ceiling_bpm is not None and band.ceiling_bpm <= most_bpm:
        return band
    low_enough = band.floor_bpm is not None and band.floor_bpm < most_bpm
    return Band(band.floor_bpm if low_enough else None, most_bpm, origin, cap.band.estimate)


def _has_mornings(history: History) -> bool:
    return bool(history.rows("SELECT 1 FROM sqlite_master WHERE name = 'morning'", ()))
