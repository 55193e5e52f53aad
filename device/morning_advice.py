"""What to say to a half-asleep person: what to try, or one cause and one cure."""

from device.morning_judgement import GOOD_ARTEFACT_PCT, MOST_IDENTICAL_PCT
from device.morning_view import Integrity
from device.reading import Link
from sensors.events import BodyLocation

NOT_FOUND = (
    "moisten the electrodes of the strap: most straps wake up only on wet skin",
    "wear it: snug, under the chest, the sensor in the middle",
    "close other apps and watches that may hold it, or allow it two connections in its maker's app",
    "check its battery",
    "come within two metres of this machine",
)
"""In the order in which they help."""

BATTERY_LOW_PCT = 20
SILENT_S = 3.0
WITHOUT_RR_S = 15.0
"""A frame without RR is normal in a slow heart; so long without any is a sensor that sends none."""

SENDS_NO_RR = (
    "this sensor sends heart rate but no RR intervals: it cannot measure HRV; use a chest strap"
)
LOCATION_UNKNOWN = "it does not say where it is worn: start only if it is a chest strap"

_WORN = {
    BodyLocation.OTHER: "somewhere other than the chest",
    BodyLocation.WRIST: "on the wrist",
    BodyLocation.FINGER: "on the finger",
    BodyLocation.HAND: "on the hand",
    BodyLocation.EAR_LOBE: "on the ear lobe",
    BodyLocation.FOOT: "on the foot",
}


def not_a_chest_strap(location: BodyLocation) -> str | None:
    """Why a sensor worn there is refused; None for the chest."""
    if location is BodyLocation.CHEST:
        return None
    return (
        f"this sensor says it is worn {_WORN[location]}: it sees the pulse, not the heartbeat,"
        " and is refused for this test; use a chest strap"
    )


def trouble(
    *,
    link: Link,
    reason: str | None,
    contact: bool | None,
    silent_s: float | None,
    counts: Integrity,
    clock_warning: bool,
) -> str | None:
    """One cause and one cure while the test runs; None if all is well."""
    if link != "connected":
        return f"the link is lost ({reason or 'no reason known'}): stay near, it comes back"
    if contact is False:
        return "no skin contact: moisten the strap, tighten it"
    if silent_s is not None and silent_s > SILENT_S:
        return f"nothing heard for {silent_s:.0f} s: stay near, keep arms off the strap"
    if (counts.identical_pct or 0.0) > MOST_IDENTICAL_PCT and counts.pairs >= 20:
        return "the RR intervals are smoothed by this sensor: use another strap"
    if (counts.artefact_pct or 0.0) > GOOD_ARTEFACT_PCT:
        return "signal breaks up: moisten the strap, sit still"
    if clock_warning:
        return "beats are missing: come nearer, keep other radios away"
    return None
