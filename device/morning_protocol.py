"""How a morning test is taken: only tests taken alike are ever compared."""

from dataclasses import dataclass
from itertools import product
from typing import Literal, get_args

METHOD_VERSION = "1"
"""Of the rules and the arithmetic of the morning test; a change begins a new baseline."""

Posture = Literal["seated", "supine", "standing"]
ProtocolName = Literal["quick", "standard", "long", "orthostatic"]
StrapClass = Literal["chest", "imported"]
"""What measured it. An optical sensor is no class: it is refused."""
Place = Literal["home", "gym"]
"""After the way to a gym nobody is at rest as on rising."""
Confidence = Literal["full", "reduced", "low"]

PACED_BREATHS_PER_MIN = 12.0
"""The optional pace, the same for everybody (SCIENCE 4; our decision)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Protocol:
    """Chosen once and kept. Times after SCIENCE 4 (Bourdillon 2017, abstract read)."""

    name: ProtocolName = "standard"
    posture: Posture = "seated"
    """The posture of the recording that counts; an orthostatic test counts its supine part."""
    breaths_per_min: float | None = None
    """Paced breathing; None is free breathing."""
    settle_s: float = 60.0
    record_s: float = 120.0
    extend_s: float = 60.0
    """So much more is asked for at a time where the recording is doubtful."""
    longest_s: float = 300.0
    """No recording is longer."""
    stand_up_s: float = 15.0
    """To get up; counts as a part of settling on one's feet."""
    best: Confidence = "full"
    """What the best possible recording of this length is worth."""
    place: Place = "home"

    @property
    def stands(self) -> bool:
        """Whether it goes on standing."""
        return self.name == "orthostatic"

    @property
    def total_s(self) -> float:
        """From the start to the end where nothing has to be extended."""
        once_s = self.settle_s + self.record_s
        return 2 * once_s if self.stands else once_s

    def key(self, strap: str = "chest", method_version: str = METHOD_VERSION) -> str:
        """What baselines are kept apart by: `hrv.morning_test.MorningTest.protocol`."""
        pace = self.breaths_per_min
        breathing = "free" if pace is None else f"{pace:g}/min"
        place = "" if self.place == "home" else f" {self.place}"
        return f"{self.name} {self.posture} {breathing} {strap} {method_version}{place}"


def protocol(
    name: ProtocolName = "standard", posture: Posture = "seated", *, paced: bool = False
) -> Protocol:
    """The protocol of that name; an orthostatic one begins supine whatever is said."""
    breaths_per_min = PACED_BREATHS_PER_MIN if paced else None
    match name:
        case "quick":
            return Protocol(
                name=name,
                posture=posture,
                breaths_per_min=breaths_per_min,
                record_s=60.0,
                best="low",
            )
        case "standard":
            return Protocol(name=name, posture=posture, breaths_per_min=breaths_per_min)
        case "long":
            return Protocol(
                name=name, posture=posture, breaths_per_min=breaths_per_min, record_s=300.0
            )
        case "orthostatic":
            return Protocol(name=name, posture="supine", breaths_per_min=breaths_per_min)


IN_THE_GYM = Protocol(name="quick", record_s=60.0, best="low", place="gym")
"""A seated test in a gym's corner: the quick one, with a key and so with baselines of its own."""


def taken_at(key: str) -> Place:
    """Where a test with this key was taken."""
    return "gym" if key.endswith(" gym") else "home"


def protocol_of(key: str) -> Protocol | None:
    """The protocol of a morning whose tests carry this key.

    None for an import's, an older method's, and a gym's: nobody takes those at home.
    """
    for name, posture, paced in product(get_args(ProtocolName), get_args(Posture), (False, True)):
        one = protocol(name, posture, paced=paced)
        if one.key() == key:
            return one
    return None
