"""What systemd is told, and when it is told nothing any more; the clock and systemd are ours."""

import asyncio
import os
import signal
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from live_process import command

from device.heartbeat import Heartbeat


class Clock:
    now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def told() -> list[str]:
    return []


@pytest.fixture
def heartbeat(clock: Clock, told: list[str]) -> Heartbeat:
    return Heartbeat(told.append, within_s=30.0, clock=clock)


def test_it_beats_while_every_part_does(
    heartbeat: Heartbeat, clock: Clock, told: list[str]
) -> None:
    with heartbeat.part("a measurement") as alive, heartbeat.part("the screen") as drawn:
        clock.now_s = 29.0
        heartbeat.tell()
        alive()
        drawn()
        clock.now_s = 58.0
        heartbeat.tell()
    assert told == ["WATCHDOG=1", "WATCHDOG=1"]


def test_one_part_that_hangs_ends_the_program_though_the_others_live(
    heartbeat: Heartbeat, clock: Clock, told: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    with heartbeat.part("a measurement"), heartbeat.part("the screen") as drawn:
        clock.now_s = 31.0
        drawn()
        heartbeat.tell()
    assert told == ["STATUS=hanging: a measurement\nWATCHDOG=trigger"]
    assert caplog.messages == ["hanging: a measurement"]


def test_a_part_that_is_over_is_not_missed(
    heartbeat: Heartbeat, clock: Clock, told: list[str]
) -> None:
    with heartbeat.part("a measurement"):
        pass
    clock.now_s = 1000.0
    heartbeat.tell()
    assert told == ["WATCHDOG=1"]


async def test_it_is_ready_once_and_says_when_it_ends(
    heartbeat: Heartbeat, told: list[str]
) -> None:
    with heartbeat.beating():
        await asyncio.sleep(0)
        heartbeat.ready()
    assert told == ["READY=1", "WATCHDOG=1", "STOPPING=1"]


@pytest.mark.parametrize(
    ("usec", "within_s"), [("12000000", 12.0), ("", 30.0), ("0", 30.0), ("soon", 30.0)]
)
def test_it_is_as_often_as_systemd_asks(usec: str, within_s: float) -> None:
    asked = Heartbeat.of({"NOTIFY_SOCKET": "/run/x", "WATCHDOG_USEC": usec, "WATCHDOG_PID": "1"})
    assert (asked.watched, asked.within_s) == (True, within_s)


async def test_where_nobody_asked_nothing_runs(told: list[str]) -> None:
    nobody = Heartbeat.of({})
    before = len(asyncio.all_tasks())
    with nobody.beating():
        assert len(asyncio.all_tasks()) == before
    nobody.ready()
    assert not nobody.watched


def test_a_socket_that_is_gone_is_no_trouble(tmp_path: Path) -> None:
    Heartbeat.of({"NOTIFY_SOCKET": str(tmp_path / "none")}).tell()


@pytest.fixture
def systemd(tmp_path: Path) -> Iterator[socket.socket]:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind(str(tmp_path / "notify"))
        listening.settimeout(60)
        yield listening


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    asked = {"NOTIFY_SOCKET": str(tmp_path / "notify"), "WATCHDOG_USEC": "30000000"}
    return {**os.environ, **asked}


@pytest.mark.parametrize(
    "words",
    [
        ("live", "--headless", "--wait"),
        ("live", "--headless", "--source", "sim:7"),
        ("kiosk", "--headless", "--source", "sim:3"),
    ],
)
def test_the_program_is_ready_beats_and_ends(
    tmp_path: Path, systemd: socket.socket, environ: dict[str, str], words: tuple[str, ...]
) -> None:
    with subprocess.Popen(
        command(*words, data=tmp_path / "data"),
        env=environ,
        stdout=subprocess.DEVNULL,
    ) as program:
        try:
            heard = [systemd.recv(200).decode() for _ in range(2)]
            program.send_signal(signal.SIGTERM)
            while heard[-1] != "STOPPING=1":
                heard.append(systemd.recv(200).decode())
            assert program.wait(60) == 0
        finally:
            program.kill()
    assert heard[:2] == ["READY=1", "WATCHDOG=1"]
