"""What a room may see of a reading: one tile of the board, never more than live."""

from device.intent import Band
from device.reading import Reading
from device.session import NO_SIGNAL_S, freshness_of
from device.tile import Tile, TileState

GONE_S = 60.0
"""Without a word of the strap for so long its athlete has left: the tile closes."""


def tile_of(
    athlete: str,
    purpose: str,
    reading: Reading | None,
    band: Band | None,
    *,
    late_s: float = 0.0,
    warming_up: bool = False,
    guest: bool = False,
    broadcast_only: bool = False,
) -> Tile:
    """The tile of an athlete; ``late_s`` is how long ago the reading was made.

    A reading that nothing renewed grows old here, too: whatever stands still behind it, a heart
    rate that is not live is never shown as if it were. Nobody is under who is ``warming_up``.
    """
    if reading is None:
        reading = Reading(0.0)
    silent_s = None if reading.silent_s is None else reading.silent_s + late_s
    hr_bpm = None if silent_s is None or silent_s >= NO_SIGNAL_S else reading.hr_bpm
    state = _state(reading, hr_bpm)
    return Tile(
        athlete=athlete,
        purpose=purpose,
        state="warming up" if warming_up and state == "under" else state,
        freshness=freshness_of(silent_s),
        hr_bpm=hr_bpm,
        last_hr_bpm=reading.last_hr_bpm,
        silent_s=silent_s,
        floor_bpm=None if band is None else band.floor_bpm,
        ceiling_bpm=None if band is None else band.ceiling_bpm,
        estimate=band is not None and band.estimate,
        beats_off=None if hr_bpm is None else reading.beats_off,
        time_inside_s=reading.time_inside_s,
        running_s=reading.running_s,
        guest=guest,
        broadcast_only=broadcast_only,
    )


def _state(reading: Reading, hr_bpm: float | None) -> TileState:
    if reading.silent_s is None or reading.strap_off:
        return "no strap"
    if reading.paused:
        return "paused"
    if hr_bpm is None or reading.inside is None:
        return "unknown"
    return reading.inside
