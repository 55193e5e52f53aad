"""``beatwise scan``: the heart-rate straps near you."""

import asyncio
import sys

from sensors.discovery import BluetoothUnavailable, display_name, nearby


def run(seconds: float) -> int:
    """Print a line a strap, the nearest first; exit code 1 where Bluetooth cannot be used."""
    try:
        straps = asyncio.run(nearby(seconds))
    except BluetoothUnavailable as error:
        print(f"beatwise: {error}; `beatwise doctor` tells what to do", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 0
    if not straps:
        print(
            f"no strap found in {seconds:g} s: moisten it, wear it; "
            "another app or watch may hold it"
        )
    for strap in straps:
        heard = "linked to this machine" if strap.connected else f"{strap.rssi_dbm or '?'} dBm"
        print(f"{strap.address}  {heard:<22}  {display_name(strap.name, strap.address)}")
    return 0
