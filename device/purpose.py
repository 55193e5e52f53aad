"""What a session is for."""

from enum import StrEnum


class Purpose(StrEnum):
    """Chosen before a session starts; the athlete's word for why they go out."""

    RECOVERY = "recovery"
    EASY = "easy"
    STEADY = "steady"
    TEMPO = "tempo"
    INTERVALS = "intervals"
    RAMP = "ramp"
