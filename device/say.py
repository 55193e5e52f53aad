"""What a runner is told of a session, as cues: alerts, the steps, a summary now and then."""

from device.cue import Cue
from device.intent import Band
from device.odometer import KM
from device.reading import Reading
from device.steps import ANNOUNCED_S, StepNow


def cues_between(
    before: Reading,
    after: Reading,
    *,
    summary_min: int | None = None,
    summary_km: int | None = None,
) -> list[Cue]:
    """What is to be said of what happened from one reading to the next."""
    cues = []
    if (fired := after.fired) is not None:
        cues.append(Cue(fired.kind, fired.hr_bpm))
    if (text := step_words(before.step, after.step)) is not None:
        cues.append(Cue("step", text=text))
    if summary_min is not None and _minutes(after) // summary_min > _minutes(before) // summary_min:
        cues.append(Cue("summary", after.hr_bpm, _summary(after)))
    if (
        summary_km is not None
        and _kilometres(after) // summary_km > _kilometres(before) // summary_km
    ):
        cues.append(Cue("summary", after.hr_bpm, _summary_of_kilometres(after)))
    return cues


def step_words(before: StepNow | None, after: StepNow | None) -> str | None:
    """A change of step, announced before it comes and told when it is there; else None."""
    if after is None:
        return None if before is None else "all steps done"
    if before is not None and before.index != after.index:
        return f"{after.step.name}{_target(after.step.band)}"
    soon = after.remaining_s <= ANNOUNCED_S
    if soon and after.next is not None and (before is None or before.remaining_s > ANNOUNCED_S):
        return f"in {after.remaining_s:.0f} seconds: {after.next.name}{_target(after.next.band)}"
    return None


def _target(band: Band | None) -> str:
    match band and (band.floor_bpm, band.ceiling_bpm):
        case (None, float() | int() as ceiling_bpm):
            return f", up to {ceiling_bpm:.0f}"
        case (float() | int() as floor_bpm, None):
            return f", from {floor_bpm:.0f}"
        case (float() | int() as floor_bpm, float() | int() as ceiling_bpm):
            return f", {floor_bpm:.0f} to {ceiling_bpm:.0f}"
    return ""


def _minutes(reading: Reading) -> int:
    return int(reading.running_s // 60)


def _kilometres(reading: Reading) -> int:
    return int((reading.distance_m or 0.0) // KM)


def _summary(reading: Reading) -> str:
    minutes = _minutes(reading)
    return ", ".join([f"{minutes} minute{'' if minutes == 1 else 's'}", *_how_it_stands(reading)])


def _summary_of_kilometres(reading: Reading) -> str:
    kilometres = _kilometres(reading)
    said = [f"{kilometres} kilometre{'' if kilometres == 1 else 's'}"]
    if reading.last_km_s is not None:
        minutes, seconds = divmod(round(reading.last_km_s), 60)
        said.append(f"the last in {minutes} minutes {seconds}")
    return ", ".join([*said, *_how_it_stands(reading)])


def _how_it_stands(reading: Reading) -> list[str]:
    said = []
    said.append("no heart rate" if reading.hr_bpm is None else f"heart rate {reading.hr_bpm:.0f}")
    if reading.time_inside_s is not None and reading.known_s:
        said.append(f"{100 * reading.time_inside_s / reading.known_s:.0f} percent in zone")
    return said
