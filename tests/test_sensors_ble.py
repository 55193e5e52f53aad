"""``sensors.ble.listen`` against a scripted radio, in virtual time."""

import asyncio
from collections.abc import Callable
from itertools import pairwise

import pytest
from bleak.exc import BleakDBusError, BleakDeviceNotFoundError, BleakError
from scripted_radio import HANG, Failure, Link, Script, frame
from virtual_time import now_s, run

from sensors.ble import AWAY, LOOKING, LOST, NOT_FOUND, Limits, listen, retry_wait_s
from sensors.events import (
    BodyLocation,
    Connected,
    Disconnected,
    Elapsed,
    HeartRateMeasurement,
    Malformed,
    Searching,
    SensorEvent,
    StrapDetails,
)
from sensors.radio import NO_SERVICE, OFF, READY, AdapterState

BEATS = [frame(k) for k in range(3)]


def hear(
    script: Script,
    for_s: float,
    *,
    address: str | None = None,
    meanwhile: Callable[[], object] | None = None,
    at_s: float = 0.0,
) -> list[SensorEvent]:
    """What ``listen`` says until it is cancelled; ``meanwhile`` is called at ``at_s``."""
    events: list[SensorEvent] = []

    async def session() -> None:
        listening = asyncio.create_task(
            listen(events.append, address=address, clock=now_s, radio=script.radio)
        )
        if meanwhile is not None:
            asyncio.get_running_loop().call_later(at_s, meanwhile)
        await asyncio.wait({listening}, timeout=for_s)
        listening.cancel()
        await asyncio.wait({listening})
        assert listening.cancelled()

    run(session())
    return events


def told(events: list[SensorEvent]) -> list[str]:
    """All but the beats and the passing of time, in short."""
    words = []
    for event in events:
        match event:
            case Searching(reason) | Disconnected(reason):
                words.append(f"{type(event).__name__}: {reason}")
            case Connected(name, address):
                words.append(f"Connected: {name} {address}")
            case Malformed() | StrapDetails():
                words.append(type(event).__name__)
    return words


def ticks(events: list[SensorEvent]) -> list[int]:
    return [rr for e in events if isinstance(e, HeartRateMeasurement) for rr in e.rr_ticks]


@pytest.mark.parametrize(
    ("failures", "wait_s"),
    [(1, 1), (2, 2), (3, 4), (4, 8), (5, 16), (6, 30), (7, 30), (10_000, 30)],
)
def test_waits_double_up_to_the_longest(failures: int, wait_s: float) -> None:
    assert retry_wait_s(failures, Limits()) == wait_s


def test_a_link_from_search_to_loss_and_back() -> None:
    script = Script([Link(payloads=BEATS), Link(payloads=BEATS, drops=False)])
    events = hear(script, 14)
    assert told(events) == [
        f"Searching: {LOOKING}",
        "Searching: connecting to Strap AA",
        "Connected: Strap AA AA:AA",
        "StrapDetails",
        f"Disconnected: {LOST}, after 4.5 s",  # the last half second is Limits.settle_s
        f"Searching: {LOOKING}",
        "Searching: connecting to Strap AA",
        "Connected: Strap AA AA:AA",
        "StrapDetails",
    ]
    assert ticks(events) == [800, 801, 802] * 2


def test_details_come_with_the_link_and_do_not_hold_up_the_beats() -> None:
    events = hear(Script([Link(payloads=BEATS, battery=HANG)]), 14)
    assert ticks(events) == [800, 801, 802]
    events = hear(Script(), 5)
    [details] = [event for event in events if isinstance(event, StrapDetails)]
    assert (details.battery_pct, details.body_location) == (87, BodyLocation.CHEST)


@pytest.mark.parametrize(
    ("battery", "location", "expected"),
    [
        (b"\x00", b"\x00", (0, BodyLocation.OTHER)),
        (b"\x64", b"\x06", (100, BodyLocation.FOOT)),
        (b"\x65", b"\x07", (None, None)),
        (b"", b"", (None, None)),
        (b"\x57\x00", b"\x01\x00", (None, None)),
        (BleakError("gone"), BleakError("gone"), (None, None)),
        (HANG, b"\x01", (None, BodyLocation.CHEST)),
        (b"\x57", HANG, (87, None)),
    ],
)
def test_details_that_make_no_sense_are_unknown(
    battery: bytes | Failure, location: bytes | Failure, expected: tuple[object, object]
) -> None:
    link = Link(payloads=BEATS * 10, battery=battery, location=location)
    [details] = [e for e in hear(Script([link]), 25) if isinstance(e, StrapDetails)]
    assert (details.battery_pct, details.body_location) == expected


def test_time_passes_once_a_second_in_every_state() -> None:
    script = Script(
        [
            Link(connect=HANG),
            Link(subscribe=HANG),
            Link(payloads=BEATS, drops=False, disconnect=HANG),
            Link(payloads=BEATS),
        ]
    )
    events = hear(script, 120, meanwhile=script.air.clear, at_s=80)
    assert [e.t_s for e in events if isinstance(e, Elapsed)] == list(range(1, 120))
    assert all(a.t_s <= b.t_s for a, b in pairwise(events))


@pytest.mark.parametrize(
    ("failure", "words"),
    [
        (TimeoutError(), f"the strap does not answer: {NOT_FOUND}"),
        (HANG, f"the strap does not answer: {NOT_FOUND}"),
        (BleakDeviceNotFoundError("AA:AA", "not found"), AWAY),
        (
            BleakDBusError("org.bluez.Error.Failed", ["br-connection-canceled"]),
            "connecting failed: [org.bluez.Error.Failed] br-connection-canceled",
        ),
        (EOFError(), "connecting failed: EOFError"),
        (AssertionError(), "connecting failed: AssertionError"),
    ],
)
def test_a_connect_that_fails_is_told_in_words(failure: Failure, words: str) -> None:
    events = hear(Script([Link(connect=failure)]), 30)
    assert told(events)[:3] == [
        f"Searching: {LOOKING}",
        "Searching: connecting to Strap AA",
        f"Searching: {words}",
    ]


def test_each_attempt_scans_first_and_has_its_own_client() -> None:
    script = Script([Link(connect=BleakError("no")) for _ in range(4)])
    hear(script, 60)
    assert len(script.clients) >= 4
    attempt = ["scan starts", "scan ends", "connect AA:AA", "disconnect AA:AA", "left AA:AA"]
    assert [what for _, what in script.log][:15] == attempt * 3


def test_waits_grow_while_no_strap_is_found_and_start_anew_after_beats() -> None:
    script = Script([Link(payloads=BEATS)], air={})
    events = hear(script, 150, meanwhile=lambda: script.air.update({"AA:AA": -60}), at_s=90)
    pauses = [
        round(start - end)
        for end, start in zip(
            script.times("scan ends"), script.times("scan starts")[1:], strict=False
        )
    ]
    # 10 s of scanning in cycles of 5 s, one right after the other; then the wait.
    assert pauses[:10:2] == [0] * 5
    assert pauses[1:10:2] == [1, 2, 4, 8, 16]
    assert ticks(events) == [800, 801, 802]
    back = [at for at in script.times("scan starts") if at > script.times("left")[0]]
    assert back[0] == script.times("left")[0] + 1


def test_a_link_without_beats_does_not_reset_the_waits() -> None:
    script = Script([Link(drops=False)] * 3)
    events = hear(script, 80)
    assert [w for w in told(events) if w.startswith("Disc")][:3] == [
        "Disconnected: strap connected but silent for 10 s, after 10.0 s"
    ] * 3
    waits = [
        round(b - a)
        for a, b in zip(script.times("left"), script.times("scan starts")[1:], strict=False)
    ]
    assert waits[:3] == [1, 2, 4]


def test_the_old_client_is_left_before_the_next_connects() -> None:
    script = Script([Link(payloads=BEATS, drops=False), Link(payloads=BEATS, drops=False)])
    events = hear(script, 60)
    first, second = script.times("connect")[:2]
    assert first < script.times("left")[0] < second
    [disconnected, *_] = [event for event in events if isinstance(event, Disconnected)]
    assert disconnected.t_s == script.times("disconnect")[0] < script.times("left")[0] - 1.9


def test_a_disconnect_that_hangs_is_given_up() -> None:
    script = Script([Link(payloads=BEATS, drops=False, disconnect=HANG), Link(payloads=BEATS)])
    events = hear(script, 60)
    assert ticks(events)[:6] == [800, 801, 802] * 2


@pytest.mark.parametrize("failure", [BleakError("not ready"), HANG])
@pytest.mark.parametrize("where", ["scan_start", "scan_stop", "adapter"])
def test_a_radio_that_fails_is_tried_again(where: str, failure: Failure) -> None:
    script = Script([Link(payloads=BEATS, drops=False)])
    setattr(script, where, failure)
    events = hear(script, 120, meanwhile=lambda: setattr(script, where, None), at_s=30)
    assert ticks(events)[:3] == [800, 801, 802]


@pytest.mark.parametrize("state", [OFF, NO_SERVICE])
def test_when_bluetooth_fails_that_is_what_is_said(state: AdapterState) -> None:
    script = Script([Link(payloads=BEATS * 10)])

    def fail() -> None:
        script.state = state
        script.clients[0]._gone(None)

    events = hear(script, 10, meanwhile=fail, at_s=6)
    lost = [w for w in told(events) if w.startswith("Disconnected")]
    assert lost[0].startswith(f"Disconnected: {state.words}, after ")
    assert told(events)[-1] == f"Searching: {state.words}"


def test_an_adapter_that_comes_back_ends_the_wait() -> None:
    script = Script([Link(payloads=BEATS)], state=OFF)

    def recover() -> None:
        script.state = READY

    events = hear(script, 120, meanwhile=recover, at_s=70)
    assert told(events)[:2] == [f"Searching: {OFF.words}", f"Searching: {LOOKING}"]
    [back] = [e for e in events if isinstance(e, Searching) and e.reason == LOOKING][:1]
    assert 70 <= back.t_s <= 71


def test_malformed_frames_are_told_and_the_link_goes_on() -> None:
    script = Script([Link(payloads=[frame(0), b"", b"\x16", frame(1)])])
    events = hear(script, 8)
    assert ticks(events) == [800, 801]
    bad = [event for event in events if isinstance(event, Malformed)]
    assert [event.payload for event in bad] == [b"", b"\x16"]
    assert all(event.reason for event in bad)


def test_doubled_notifications_are_dropped_and_counted_once() -> None:
    script = Script([Link(payloads=BEATS, times=2)])
    events = hear(script, 8)
    assert ticks(events) == [800, 801, 802]
    assert f"Disconnected: {LOST}, after 4.5 s; 3 doubled notifications dropped" in told(events)


def test_equal_frames_a_second_apart_are_all_beats() -> None:
    assert ticks(hear(Script([Link(payloads=[frame(7)] * 5)]), 9)) == [807] * 5


def test_the_strap_heard_loudest_is_taken_and_named() -> None:
    script = Script(air={"AA:AA": -80, "BB:BB": -40, "CC:CC": -127})
    assert told(hear(script, 8))[:4] == [
        f"Searching: {LOOKING}",
        "Searching: 3 straps near, the nearest is Strap BB (BB:BB)",
        "Searching: connecting to Strap BB",
        "Connected: Strap BB BB:BB",
    ]


def test_the_given_strap_is_taken_however_weak() -> None:
    script = Script(air={"AA:AA": -80, "BB:BB": -40})
    assert "Connected: Strap AA AA:AA" in told(hear(script, 8, address="aa:aa"))


def test_no_other_strap_is_taken_for_the_given_one() -> None:
    script = Script(air={"BB:BB": -40}, linked=["CC:CC"])
    events = hear(script, 20, address="AA:AA")
    assert told(events)[-1] == f"Searching: strap AA:AA not found (1 other near): {NOT_FOUND}"
    assert not script.clients


def test_a_session_stays_with_its_strap() -> None:
    script = Script([Link(payloads=BEATS)])

    def swap() -> None:
        script.air = {"BB:BB": -30}

    events = hear(script, 40, meanwhile=swap, at_s=5)
    assert {client.address for client in script.clients} == {"AA:AA"}
    assert told(events)[-1] == f"Searching: strap AA:AA not found (1 other near): {NOT_FOUND}"


def test_a_strap_linked_already_is_taken_without_a_scan() -> None:
    script = Script([Link(payloads=BEATS)], linked=["DD:DD"], air={})
    events = hear(script, 4)
    assert script.log[0] == (0.0, "connect DD:DD")
    assert ticks(events) == [800, 801, 802]


def test_a_link_remembered_that_is_none_does_not_keep_it_from_scanning() -> None:
    stale = [Link(connect=BleakError("not there")), Link(payloads=BEATS)]
    events = hear(Script(stale, linked=["AA:AA"]), 20)
    assert ticks(events) == [800, 801, 802]


def test_a_strap_whose_disconnect_was_given_up_is_found_without_advertising() -> None:
    script = Script([Link(payloads=BEATS, drops=False), Link(payloads=BEATS)])

    def still_linked() -> None:
        script.air, script.linked = {"BB:BB": -40}, ["AA:AA"]

    assert ticks(hear(script, 60, meanwhile=still_linked, at_s=5)) == [800, 801, 802] * 2


def test_what_emit_raises_ends_it_and_drops_the_link() -> None:
    script = Script([Link(payloads=BEATS * 10)])

    class DiskFull(OSError):
        pass

    def emit(event: SensorEvent) -> None:
        if isinstance(event, HeartRateMeasurement):
            raise DiskFull

    with pytest.raises(DiskFull):
        run(listen(emit, clock=now_s, radio=script.radio))
    assert not script.clients[0].is_connected


@pytest.mark.parametrize("tenths", range(0, 200, 7))
def test_cancelled_at_any_moment_it_drops_the_link_within_seconds(tenths: int) -> None:
    script = Script([Link(payloads=BEATS, drops=False)])

    async def session() -> float:
        listening = asyncio.create_task(listen(lambda _: None, clock=now_s, radio=script.radio))
        await asyncio.sleep(tenths / 10)
        listening.cancel()
        began_s = now_s()
        await asyncio.wait({listening})
        assert len(asyncio.all_tasks()) <= 2  # this one, and the scanner's that stop() cancelled
        return now_s() - began_s

    assert run(session()) <= 3
    assert not any(client.is_connected for client in script.clients)
    assert not script.radio.held
    assert not any(ear.lock.locked() for ear in script.radio.air.ears.values())


@pytest.mark.parametrize(
    "link", [Link(connect=HANG), Link(subscribe=HANG), Link(drops=False, disconnect=HANG)]
)
def test_cancelled_it_gives_up_what_hangs(link: Link) -> None:
    script = Script([link])

    async def session() -> float:
        listening = asyncio.create_task(listen(lambda _: None, clock=now_s, radio=script.radio))
        await asyncio.sleep(4)
        listening.cancel()
        await asyncio.wait({listening})
        return now_s()

    assert run(session()) <= 4 + 20


def test_listeners_share_the_radio_and_never_a_strap() -> None:
    script = Script([Link(payloads=BEATS * 20) for _ in range(2)])
    script.air = {"AA:AA": -80, "BB:BB": -40}
    heard: list[list[SensorEvent]] = [[], [], []]

    async def session() -> None:
        async with asyncio.timeout(40):
            async with asyncio.TaskGroup() as group:
                for events in heard:
                    group.create_task(listen(events.append, clock=now_s, radio=script.radio))

    with pytest.raises(TimeoutError):
        run(session())
    assert [client.address for client in script.clients] == ["BB:BB", "AA:AA"]
    assert sorted(len(ticks(events)) > 20 for events in heard) == [False, True, True]
    used = [what for _, what in script.log][:5]
    assert used == ["scan starts", "scan ends", "connect BB:BB", "connect AA:AA", "scan starts"]
