"""How long each step of listening to a strap may take."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """In seconds."""

    tick_s: float = 1.0
    """Between two Elapsed."""
    scan_s: float = 10.0
    """One who looks for a strap is told so after so much scanning without it."""
    choose_s: float = 2.0
    """Without an address, the others are listened for so long after the first was heard."""
    spread_s: float = 0.5
    """The same where there are several adapters: the strap may be heard by an emptier one."""
    stale_s: float = 20.0
    """A strap not heard for so long is looked for anew: BlueZ forgets it after 30 s."""
    cycle_s: float = 5.0
    """A scan is ended and begun anew after so long."""
    least_s: float = 0.5
    """A scan is not cut short before, for one who wants to link."""
    connect_s: float = 20.0
    crowded_connect_s: float = 10.0
    """The same while others wait for the adapter."""
    call_s: float = 5.0
    """Any other call: ending a scan, subscribing, reading a characteristic."""
    scan_start_s: float = 30.0
    """Long, because a start that is cut short may still take effect in bluetoothd, which then
    answers every later one with InProgress."""
    disconnect_s: float = 5.0
    """bluetoothd needs 2 s for it."""
    silence_s: float = 10.0
    """A link that brings no notification for so long counts as lost."""
    settle_s: float = 0.5
    """bluetoothd reports the end of the link before the end of the adapter that caused it."""
    first_wait_s: float = 1.0
    longest_wait_s: float = 30.0
    check_s: float = 5.0
    """Between two looks at which adapters there are."""


def retry_wait_s(failures: int, limits: Limits) -> float:
    """Wait after so many failures in a row (1 or more): doubles from the first to the longest."""
    return min(limits.longest_wait_s, limits.first_wait_s * 2.0 ** min(failures - 1, 30))
