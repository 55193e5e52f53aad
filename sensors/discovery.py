"""Which straps are near: those that advertise, and those that are linked and advertise no more."""

from sensors.bluez import TROUBLE, AdapterState, adapter_state
from sensors.near import Strap, choose, loudness
from sensors.radio import RADIO, Radio
from sensors.strap_name import display_name

__all__ = [
    "AdapterState", "BluetoothUnavailable", "Strap", "adapter_state", "choose", "display_name",
    "nearby",
]  # fmt: skip


class BluetoothUnavailable(OSError):
    """No scan is possible; ``str()`` says why in plain words."""


async def nearby(seconds: float, *, radio: Radio = RADIO) -> list[Strap]:
    """All straps near, the linked ones first, then by signal strength.

    Raises:
        BluetoothUnavailable: there is no adapter, it is off, or the service does not run.
    """
    state = await radio.air.survey()
    if state.state != "ready":
        raise BluetoothUnavailable(state.words)
    try:
        found = await radio.linked()
        found += await radio.air.look(lambda _: False, seconds)
    except TROUBLE as error:
        state = await radio.air.survey()
        words = state.words if state.state != "ready" else f"the scan failed: {error}"
        raise BluetoothUnavailable(words) from error
    straps: dict[str, Strap] = {}
    for strap in sorted(found, key=_linked_then_loud):
        straps[strap.address] = strap
    return sorted(straps.values(), key=_linked_then_loud, reverse=True)


def _linked_then_loud(strap: Strap) -> tuple[bool, int, str]:
    return (strap.connected, *loudness(strap))
