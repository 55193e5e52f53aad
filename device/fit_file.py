"""A session as a FIT activity with hrv messages, by Garmin's own library.

Only where that library is installed: its licence is Garmin's own, and each one's to accept. FIT
counts RR intervals in whole milliseconds; the other forms of an export do not round.
"""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from device.errors import BeatwiseError
from device.history import StoredSession
from sensors.events import HeartRateMeasurement, SensorEvent

Encode = Callable[[StoredSession, Iterable[SensorEvent]], bytes]

AT_ONCE = 5
"""RR intervals that one hrv message holds."""
LONGEST_S = 65.0
"""The field has 16 bits of milliseconds."""


class MissingLibrary(BeatwiseError, ImportError):
    """FIT files were asked for, and what writes them is not installed."""


def encoder() -> Encode:
    """What makes a FIT file of a session whose start is known; raises :class:`MissingLibrary`."""
    try:
        import garmin_fit_sdk  # a second on a Pi
    except ImportError:
        raise MissingLibrary(
            "FIT files need Garmin's own library, under its licence:"
            " .venv/bin/pip install garmin-fit-sdk"
        ) from None

    def encode(one: StoredSession, events: Iterable[SensorEvent]) -> bytes:
        numbers = garmin_fit_sdk.Profile["mesg_num"]
        out = garmin_fit_sdk.Encoder()
        for kind, fields in _messages(one, events):
            out.on_mesg(numbers[kind], fields)
        return bytes(out.close())

    return encode


def _messages(
    one: StoredSession, events: Iterable[SensorEvent]
) -> Iterable[tuple[str, dict[str, object]]]:
    started = one.start.started
    assert started is not None  # noqa: S101 - whoever calls has looked
    duration_s = one.ended_s or 0.0
    yield "FILE_ID", {"type": "activity", "manufacturer": "development", "time_created": started}
    start = {"event": "timer", "event_type": "start", "timestamp": started}
    yield "EVENT", start
    last: datetime | None = None
    for event in events:
        if not isinstance(event, HeartRateMeasurement):
            continue
        duration_s = max(duration_s, event.t_s)
        rr_s = [
            ticks / event.ticks_per_s
            for ticks in event.rr_ticks
            if ticks <= LONGEST_S * event.ticks_per_s
        ]
        for at in range(0, len(rr_s), AT_ONCE):
            yield "HRV", {"time": rr_s[at : at + AT_ONCE]}
        then = (started + timedelta(seconds=event.t_s)).replace(microsecond=0)
        if event.bpm is not None and then != last:  # a record has whole seconds
            last = then
            yield "RECORD", {"timestamp": then, "heart_rate": event.bpm}
    ended = started + timedelta(seconds=duration_s)
    yield "EVENT", {"event": "timer", "event_type": "stop_all", "timestamp": ended}
    lasted = {
        "timestamp": ended,
        "start_time": started,
        "total_elapsed_time": duration_s,
        "total_timer_time": duration_s,
    }
    yield "LAP", lasted
    yield "SESSION", {**lasted, "sport": "training", "first_lap_index": 0, "num_laps": 1}
    whole = {"timestamp": ended, "total_timer_time": duration_s, "num_sessions": 1}
    yield "ACTIVITY", {**whole, "type": "manual"}
