"""Which straps are near, how their names are shown, and what the adapter says of itself."""

import asyncio
from pathlib import Path

import pytest
from bleak.backends.device import BLEDevice
from bleak.exc import BleakError
from scripted_radio import HANG, Failure, Script
from virtual_time import now_s, run

from sensors.discovery import BluetoothUnavailable, Strap, choose, display_name, nearby
from sensors.radio import NO_SERVICE, NONE, OFF, adapter_state, within


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Polar H10 A1B2C3D4", "Polar H10 A1B2C3D4"),
        ("Ремень é 心", "Ремень é 心"),
        ("  H10\t\r\n x ", "H10 x"),
        ("\x1b[2J\x1b]0;owned\x07H10", "[2J ]0;owned H10"),
        ("\x9b31mH10", "31mH10"),  # the one-byte form of ESC [
        ("H10\u202etxt\u200b\u2028.", "H10 txt ."),
        ("\ud800H10\U000e0041\ue000", "H10"),
        ("x" * 33, "x" * 31 + "…"),
        ("x" * 30 + "   " + "y" * 300, "x" * 30 + "…"),
        ("", "AA:AA"),
        ("\x00\x1b", "AA:AA"),
        (None, "AA:AA"),
    ],
)
def test_a_name_from_the_air_is_made_fit_for_a_screen(name: str | None, shown: str) -> None:
    assert display_name(name, "AA:AA") == shown
    assert display_name(name, "AA:AA").isprintable()


def test_a_strap_without_a_name_or_address_is_called_so() -> None:
    assert display_name(None) == "a strap without a name"


def strap(address: str, rssi_dbm: int | None = None) -> Strap:
    return Strap(None, address, rssi_dbm, rssi_dbm is None, BLEDevice(address, None, None))


LOUD, QUIET, MUTE = strap("A1", -40), strap("A2", -90), strap("A3")


@pytest.mark.parametrize(
    ("straps", "address", "held", "chosen"),
    [
        ([], None, [], None),
        ([QUIET, LOUD, MUTE], None, [], LOUD),
        ([MUTE, QUIET], None, [], QUIET),
        ([MUTE], None, [], MUTE),
        ([QUIET, LOUD], "a2", [], QUIET),
        ([QUIET, LOUD], "B1", [], None),
        ([QUIET, LOUD], None, ["A1"], QUIET),
        ([QUIET, LOUD], "A1", ["A1"], None),
        ([strap("C1", -50), strap("C2", -50)], None, [], strap("C2", -50)),
        ([strap("C2", -50), strap("C1", -50)], None, [], strap("C2", -50)),
    ],
)
def test_the_given_strap_is_chosen_else_the_loudest_that_nobody_holds(
    straps: list[Strap], address: str | None, held: list[str], chosen: Strap | None
) -> None:
    assert choose(straps, address, held) == chosen


def test_nearby_lists_the_linked_then_by_strength() -> None:
    script = Script(air={"AA:AA": -80, "BB:BB": -40, "CC:CC": -127, "DD:DD": -50}, linked=["DD:DD"])
    found = run(nearby(3, radio=script.radio))
    assert [(s.address, s.rssi_dbm, s.connected) for s in found] == [
        ("DD:DD", None, True),
        ("BB:BB", -40, False),
        ("AA:AA", -80, False),
        ("CC:CC", None, False),
    ]
    assert script.log == [(0.0, "scan starts"), (3.0, "scan ends")]


def test_nearby_keeps_the_strongest_signal_heard() -> None:
    script = Script(air={"AA:AA": -80})

    async def scanning() -> list[Strap]:
        loop = asyncio.get_running_loop()
        loop.call_later(1, script.air.update, {"AA:AA": -60})
        loop.call_later(2, script.air.update, {"AA:AA": -90})
        return await nearby(3, radio=script.radio)

    assert [s.rssi_dbm for s in run(scanning())] == [-60]


@pytest.mark.parametrize("state", [OFF, NONE, NO_SERVICE])
def test_nearby_says_why_it_cannot_look(state: object) -> None:
    with pytest.raises(BluetoothUnavailable, match=f"^{state.words}$"):  # type: ignore[attr-defined]
        run(nearby(3, radio=Script(state=state).radio))  # type: ignore[arg-type]


@pytest.mark.parametrize("failure", [BleakError("no"), HANG])
def test_nearby_ends_when_the_scan_cannot_start(failure: Failure) -> None:
    with pytest.raises(BluetoothUnavailable, match="the scan failed: "):
        run(nearby(3, radio=Script(scan_start=failure).radio))


@pytest.mark.parametrize("failure", [BleakError("no discovery started"), HANG])
def test_a_scan_that_cannot_be_ended_still_counts(failure: Failure) -> None:
    async def timed() -> tuple[list[str], float]:
        straps = await nearby(3, radio=Script(scan_stop=failure).radio)
        return [s.address for s in straps], now_s()

    addresses, took_s = run(timed())
    assert addresses == ["AA:AA"]
    assert took_s <= 3 + 5 + 5  # Limits.call_s, and what within() grants a step that hangs


def test_a_scan_cut_while_it_starts_is_ended_in_bluetoothd() -> None:
    script = Script()

    async def session() -> None:
        scanning = asyncio.create_task(nearby(3, radio=script.radio))
        await script.scanning.wait()
        scanning.cancel()
        await asyncio.wait({scanning})
        assert scanning.cancelled()

    run(session())
    assert [what for _, what in script.log] == ["scan starts", "scan ends"]


@pytest.mark.parametrize("limit_s", [0.0, 1.0, 7.5])
def test_a_step_that_ignores_its_limit_is_given_up(limit_s: float) -> None:
    async def timed() -> float:
        async def stubborn() -> None:
            for _ in range(2):
                try:
                    await asyncio.Event().wait()
                except asyncio.CancelledError:
                    continue
            await asyncio.Event().wait()

        with pytest.raises(TimeoutError, match=f"within {limit_s:g} s"):
            await within(limit_s, stubborn(), grace_s=2.0)
        return now_s()

    assert run(timed()) == limit_s + 4


def test_what_a_step_raises_or_returns_comes_through() -> None:
    async def good() -> int:
        await asyncio.sleep(0.5)
        return 7

    async def bad() -> int:
        raise KeyError("gone")

    assert run(within(1, good())) == 7
    with pytest.raises(KeyError, match="gone"):
        run(within(1, bad()))


@pytest.mark.parametrize(
    "bus", ["unix:path=/nowhere/bus", "nonsense", "unix:path=/etc/passwd", "tcp:host=localhost"]
)
async def test_without_a_system_bus_the_service_or_the_adapter_is_missing(
    bus: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", bus)
    assert await adapter_state(adapters=tmp_path / "absent") == NONE
    (tmp_path / "hci0").touch()
    assert await adapter_state(adapters=tmp_path) == NO_SERVICE
