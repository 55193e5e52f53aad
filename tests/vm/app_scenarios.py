"""In the guest: what must happen to the whole application; the file of every rung, and more.

The scenarios of tests/bluetooth_scenarios.py run as they are, with `beatwise live --headless` as
the program: each waits for what its lines say, and at its end compares the beats in its database
with those the strap has sent. Here is what ``listen`` alone cannot be asked.
"""

from itertools import pairwise

import bluetooth_scenarios
from app import SYNC_S, AppGuest
from bleak import BleakScanner
from bluetooth_bench import STRAP_ADDRESS, Environment, compare, heard
from bluetooth_scenarios import Scenario
from gym_scenarios import a_gym_of_three
from program import beatwise

from sensors.ble import LOOKING, NOT_FOUND
from sensors.ear import HEART_RATE_SERVICE
from sensors.events import Connected, Disconnected, Searching
from sensors.radio import NO_SERVICE, NONE, OFF

QUICKEST_BEAT_S = 0.5
"""Less than the strap ever sends."""


async def killed_while_linked(env: Environment) -> None:
    """Killed in mid-session, BlueZ keeps the link: the next start takes it over and goes on."""
    assert isinstance(env, AppGuest)
    first = env.app()
    await first.begin()
    await first.beats(5)
    due = await env.sent()
    await first.kill()
    assert await env.linked(), "BlueZ should keep the link of a killed program"
    found = await BleakScanner.discover(timeout=3.0, service_uuids=[HEART_RATE_SERVICE])
    assert found == [], f"no scan should find a linked strap: {found}"

    second = env.app("--resume", data=first.data)
    await second.begin()
    await second.beats(5)
    owed = await env.sent()
    await second.stop()

    looks = [e for e in second.events if isinstance(e, Searching) and NOT_FOUND in e.reason]
    assert not looks, f"it should not have looked for long: {looks}"
    assert [e for e in second.events if isinstance(e, Connected)][-1].address == STRAP_ADDRESS
    before, after = second.runs()
    assert before == first.runs()[0], "what was on the disk when it was killed is there no more"
    # What a kill may cost is what the disk did not have yet.
    compare([before], await env.sent(), due, in_flight=round(SYNC_S / QUICKEST_BEAT_S) + 1)
    compare([after], await env.sent(), owed, in_flight=1)
    assert not await env.linked(), "ended, but still linked"


async def one_program_per_data_folder(env: Environment) -> None:
    """Started twice on the same data: the second says so and leaves the first in peace."""
    assert isinstance(env, AppGuest)
    first = env.app()
    async with heard(env, program=first):
        await first.beats(2)
        second = await beatwise("live", "--headless", data=first.data)
        said, complaint = await second.communicate()
        assert (second.returncode, said) == (2, b"")
        assert complaint.decode().startswith("beatwise: another Beatwise (pid "), complaint
        await first.beats(3)
    assert not any(isinstance(event, Disconnected) for event in first.events)


async def no_bluetooth_at_the_start(env: Environment) -> None:
    """No Bluetooth at the start, in each of the three ways: said, waited for, linked."""
    await env.bluetoothd("term")
    async with heard(env) as app:
        await app.says(Searching, NO_SERVICE.words)
        await env.bluetoothd("start")
        await app.beats(2)
    await env.power(False)
    async with heard(env) as app:
        await app.says(Searching, OFF.words)
        await env.power(True)
        await app.beats(2)
    await env.strap("unplug")
    async with heard(env) as app:
        await app.says(Searching, NONE.words)
        await env.strap("plug")
        await app.says(Searching, LOOKING)
        await app.beats(2)


async def scan_command_beside(env: Environment) -> None:
    """`beatwise scan` beside a session disturbs no beat, and lists the linked strap."""
    assert isinstance(env, AppGuest)
    app = env.app()
    async with heard(env, program=app):
        await app.beats(2)
        scanning = await beatwise("scan", "--for", "4", data=app.data)
        said, complaint = await scanning.communicate()
        assert (scanning.returncode, complaint) == (0, b"")
        assert STRAP_ADDRESS in said.decode(), said
        await app.beats(2)
    assert not any(isinstance(event, Disconnected) for event in app.events)


async def leaving_a_silent_strap_holds_nothing_up(env: Environment) -> None:
    """bluetoothd takes 2 s to let a strap go: a line is written each second all the same."""
    assert isinstance(env, AppGuest)
    app = env.app()
    async with heard(env, program=app):
        await app.beats(2)
        await env.strap("silent")
        await app.says(Disconnected, "strap connected but silent for")
        await app.says(Searching, LOOKING)
        await env.strap("speak")
        await app.beats(2)
    times = [line["t_s"] for line in app.lines if line["event"] == "reading"]
    longest = max(after - before for before, after in pairwise(times))
    assert longest < 2.0, f"no line for {longest:.1f} s"


NOT_OF_THE_APPLICATION = (
    "program_killed_while_linked", "scan_while_linked",
    "adapter_states", "room_of_straps", "adapter_full",
)  # fmt: skip
"""The first two have their own form here, the others are about a function or a room."""
SCENARIOS: dict[str, Scenario] = {
    **{
        name: scenario
        for name, scenario in bluetooth_scenarios.SCENARIOS.items()
        if name not in NOT_OF_THE_APPLICATION
    },
    **{
        scenario.__name__: scenario
        for scenario in (
            killed_while_linked,
            one_program_per_data_folder,
            no_bluetooth_at_the_start,
            scan_command_beside,
            leaving_a_silent_strap_holds_nothing_up,
            a_gym_of_three,
        )
    },
}
