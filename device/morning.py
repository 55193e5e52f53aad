"""The morning test: sensor events in, the test's phases out; no clock, no I/O."""

from device.morning_protocol import (
    Confidence,
    Posture,
    Protocol,
    ProtocolName,
    StrapClass,
    protocol,
)
from device.morning_record import TAGS, Answers, Choice, StoredMorning
from device.morning_view import (
    Cue,
    Integrity,
    MorningView,
    Orthostatic,
    Phase,
    Result,
    TestOutcome,
)
from sensors.events import SensorEvent

__all__ = [
    "TAGS",
    "Answers",
    "Choice",
    "Confidence",
    "Cue",
    "Integrity",
    "MorningTest",
    "MorningView",
    "Orthostatic",
    "Phase",
    "Posture",
    "Protocol",
    "ProtocolName",
    "Result",
    "StoredMorning",
    "StrapClass",
    "TestOutcome",
    "protocol",
]


class MorningTest:
    """One attempt, from looking for the strap to its result."""

    def __init__(self, protocol: Protocol, *, start_when_ready: bool = False) -> None:
        """``start_when_ready``: nobody is there to press a key (headless)."""
        self.protocol = protocol
        self.start_when_ready = start_when_ready
        self.t_s = 0.0

    def add(self, event: SensorEvent) -> MorningView:
        """Take in an event; returns what is known after it."""
        raise NotImplementedError

    def start(self) -> None:
        """The person's key: the clock starts with the next event."""
        raise NotImplementedError

    def moved(self) -> None:
        """The "I moved" key: the recording is refused."""
        raise NotImplementedError
