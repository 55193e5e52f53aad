"""A session of a list under the names that scripts and spreadsheets rely on."""

from device.history import StoredSession
from device.ratings import Rating


def session_fields(one: StoredSession, rating: Rating | None) -> dict[str, object]:
    """What is known of it without its beats; None where something is not."""
    start, summary = one.start, one.summary or {}
    return {
        "session": one.id,
        "athlete": start.athlete,
        "purpose": start.purpose,
        "started": None if start.started is None else start.started.isoformat(),
        "source": start.source,
        "outcome": one.outcome,
        "duration_s": one.ended_s,
        "floor_bpm": start.floor_bpm,
        "ceiling_bpm": start.ceiling_bpm,
        "mean_hr_bpm": summary.get("mean_hr_bpm"),
        "artefact_pct": summary.get("artefact_pct"),
        "rpe_cr10": None if rating is None else rating.cr10,
    }
