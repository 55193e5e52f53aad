"""The sensor of a morning test: linked, heard, on the skin, fit for it?"""

from device.morning_advice import (
    BATTERY_LOW_PCT,
    LOCATION_UNKNOWN,
    NOT_FOUND,
    SENDS_NO_RR,
    SILENT_S,
    WITHOUT_RR_S,
    not_a_chest_strap,
    trouble,
)
from device.morning_beats import MorningBeats
from device.reading import Link
from sensors.events import (
    Connected,
    Disconnected,
    Elapsed,
    HeartRateMeasurement,
    Malformed,
    Searching,
    SensorEvent,
    StrapDetails,
)

READY_S = 10.0
READY_BEATS = 5
"""RR flows cleanly: at least so many intervals in so long, no gap, at most one not normal."""
LIVE_S = 30.0
"""Advice looks at the counts of so long."""
NOT_FOUND_AFTER_S = 5.0
RECORDING_WITHOUT_RR_S = 9.0
"""Less than the limit for gaps, which would otherwise be told as the reason."""


class MorningStrap:
    """What the sensor has told up to now."""

    def __init__(self) -> None:
        self.beats = MorningBeats()
        self.link: Link = "searching"
        self.reason: str | None = None
        self.name: str | None = None
        self.contact: bool | None = None
        self.details: StrapDetails | None = None
        self._heard_s: float | None = None

    def take(self, event: SensorEvent) -> None:
        """Take in an event."""
        match event:
            case HeartRateMeasurement():
                self.link, self.reason = "connected", None
                self._heard_s = event.t_s
                self.contact = event.contact
                self.beats.add(event)
            case Connected():
                self.link, self.reason = "connected", None
                self.name = event.name
                self.beats.disconnected()
            case Disconnected():
                self.link, self.reason, self.contact = "lost", event.reason, None
                self.beats.disconnected()
            case Searching():
                self.link = "searching" if self._heard_s is None else "lost"
                self.reason = event.reason
            case StrapDetails():
                self.details = event
            case Malformed() | Elapsed():
                pass

    @property
    def heard(self) -> bool:
        """Whether it ever said anything."""
        return self._heard_s is not None

    def silent_s(self, now_s: float) -> float | None:
        """Since it last said something; None before it first did."""
        return None if self._heard_s is None else now_s - self._heard_s

    def silent(self, now_s: float, more_than_s: float = SILENT_S) -> bool:
        """Whether it has said nothing for so long, or ever."""
        silent_s = self.silent_s(now_s)
        return silent_s is None or silent_s > more_than_s

    def ready(self, now_s: float) -> bool:
        """Whether RR flows cleanly."""
        if self.link != "connected" or self.contact is False or self.silent(now_s):
            return False
        counts = self.beats.live_counts(now_s - READY_S, now_s)
        return counts.n_beats >= READY_BEATS and counts.flagged <= 1 and not counts.gaps

    def unfit(self, now_s: float, *, recording: bool = False) -> str | None:
        """Why this sensor cannot serve, in plain words."""
        location = self.details.body_location if self.details else None
        if location is not None and (reason := not_a_chest_strap(location)):
            return reason
        first_s = self.beats.first_frame_s
        if first_s is None or self.contact is False or self.silent(now_s):
            return None
        since_s = max(first_s, self.beats.last_rr_s or 0.0)
        limit_s = RECORDING_WITHOUT_RR_S if recording else WITHOUT_RR_S
        return SENDS_NO_RR if now_s - since_s > limit_s else None

    def advice(self, now_s: float, *, preview_from_s: float | None) -> tuple[str, ...]:
        """What to try, in order, in preview; later one cause and one cure.

        ``preview_from_s`` is when the preview began; None when it is over.
        """
        if unfit := self.unfit(now_s):
            return (unfit,)
        if preview_from_s is not None and not self.heard and self.link != "connected":
            return NOT_FOUND if now_s - preview_from_s >= NOT_FOUND_AFTER_S else ()
        cause = trouble(
            link=self.link,
            reason=self.reason,
            contact=self.contact,
            silent_s=self.silent_s(now_s),
            counts=self.beats.live_counts(max(0.0, now_s - LIVE_S), now_s),
            clock_warning=self.beats.clock_warning,
        )
        said = () if cause is None else (cause,)
        return said if preview_from_s is None else said + self._before_the_start()

    def _before_the_start(self) -> tuple[str, ...]:
        if self.details is None:
            return ()
        said = () if self.details.body_location is not None else (LOCATION_UNKNOWN,)
        battery_pct = self.details.battery_pct
        if battery_pct is None or battery_pct > BATTERY_LOW_PCT:
            return said
        return (*said, f"the battery of the strap is at {battery_pct} %: change it soon")
