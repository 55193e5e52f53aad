"""`beatwise live` as a process whose disk fills up, fails or waits, and whose clock jumps."""

import errno
import json
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from faults import faulty
from live_process import command, stored

from device.folder import Places
from device.history import open_history
from sensors.events import HeartRateMeasurement

pytestmark = pytest.mark.skipif(faulty.why_not() is not None, reason=str(faulty.why_not()))

READINGS = 60
"""Seconds of session time that a fault lasts."""


@pytest.fixture(scope="session")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return faulty.build(tmp_path_factory.mktemp("faulty"))


class Run:
    """A session of simulated beats under way, and what goes wrong with it."""

    def __init__(self, library: Path, folder: Path, *more: str, **wrong: int) -> None:
        self.data = folder / "data"
        self.faults = faulty.faults(library, folder / "faults", self.data)
        self.control = self.faults.control
        for name, value in wrong.items():
            setattr(self.control, name, value)
        (self.data / "config.toml").write_text("[store]\nsync_s = 0.5\n", encoding="utf-8")
        words = ("live", "--headless", "--source", "sim:3@60", *more)
        self.process = subprocess.Popen(
            command(*words, data=self.data),
            env=self.faults.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def lines(self) -> Iterator[dict[str, Any]]:
        return map(json.loads, self.process.stdout)

    def until(self, met: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        return next(line for line in self.lines() if met(line))

    def readings(self, count: int) -> list[dict[str, Any]]:
        told = (line for line in self.lines() if line["event"] == "reading")
        return [next(told) for _ in range(count)]

    def stop(self) -> dict[str, Any]:
        self.process.send_signal(signal.SIGINT)
        out, err = self.process.communicate(timeout=60)
        assert (self.process.returncode, err) == (0, "")
        return json.loads(out.splitlines()[-1])


@pytest.fixture
def run(library: Path, tmp_path: Path) -> Iterator[Run]:
    started = Run(library, tmp_path)
    with started.process:
        yield started
        started.process.kill()


def notice(line: dict[str, Any]) -> bool:
    return line["event"] == "notice"


def beats_on_disk(data: Path) -> int:
    sessions, events = stored(data)
    assert len(sessions) == 1
    measured = [event for event in events if isinstance(event, HeartRateMeasurement)]
    assert [event.t_s for event in measured] == sorted(event.t_s for event in measured)
    return sum(len(event.rr_ticks) for event in measured)


@pytest.mark.parametrize(
    ("fault", "cure", "words"),
    [
        ({"room_bytes": 0}, {"room_bytes": -1}, "not saving: the disk is full"),
        ({"refuse": errno.ENOSPC}, {"refuse": 0}, "not saving: the disk is full"),
        ({"refuse": errno.EROFS}, {"refuse": 0}, "not saving: the disk or the file is read-only"),
        ({"refuse": errno.EIO}, {"refuse": 0}, "not saving: the disk does not write"),
        ({"sync_refuse": errno.EIO}, {"sync_refuse": 0}, "not saving: the disk does not write"),
    ],
    ids=["full", "refuses for want of space", "read-only", "broken", "cannot sync"],
)
def test_measuring_goes_on_while_the_disk_refuses_and_nothing_is_lost(
    run: Run, fault: dict[str, int], cure: dict[str, int], words: str
) -> None:
    run.readings(20)
    for name, value in fault.items():
        setattr(run.control, name, value)
    assert run.until(notice)["text"].startswith(words)
    during = run.readings(READINGS)
    assert [line["t_s"] for line in during] == [during[0]["t_s"] + n for n in range(READINGS)]
    assert {line["freshness"] for line in during} == {"fresh"}
    for name, value in cure.items():
        setattr(run.control, name, value)
    assert run.until(notice)["text"] == "saving again"
    summary = run.stop()
    assert summary["trouble"] is None
    assert beats_on_disk(run.data) == summary["n_beats"]


YEARS_S = 10 * 365 * 86_400


@pytest.mark.parametrize("by_s", [YEARS_S, -YEARS_S], ids=["forward", "back"])
def test_a_clock_that_jumps_by_years_changes_no_duration_and_says_so(run: Run, by_s: int) -> None:
    before = run.readings(20)[-1]
    run.control.clock_offset_s = by_s
    after = run.readings(READINGS)
    assert [line["t_s"] for line in after] == [before["t_s"] + n for n in range(1, READINGS + 1)]
    summary = run.stop()
    (session,), _ = stored(run.data)
    assert session.ended_s == summary["t_s"]
    assert abs(session.start.started.timestamp() - time.time()) < 3600
    with open_history(Places(run.data).database) as history:
        kept = [mark.text for mark in history.marks(session.id) if mark.kind == "clock"]
    assert kept == [f"set {'forward' if by_s > 0 else 'back'} by 10 years"]


@pytest.mark.parametrize("by_s", [YEARS_S, -YEARS_S], ids=["forward", "back"])
def test_a_session_that_was_killed_goes_on_whatever_year_the_clock_says(
    library: Path, tmp_path: Path, by_s: int
) -> None:
    first = Run(library, tmp_path)
    with first.process:
        first.readings(READINGS)
        first.process.kill()
    ended_s = max(event.t_s for event in stored(first.data)[1])
    again = Run(library, tmp_path, "--resume", clock_offset_s=by_s, clock_synced=-1)
    with again.process:
        (reading,) = again.readings(1)
        again.stop()
    assert reading["t_s"] > ended_s
    sessions, _ = stored(first.data)
    assert [session.outcome for session in sessions] == ["stopped"]
