"""What eight straps sent against what is on the disk: a room.py, watched from its first line."""

import json
import signal
import subprocess
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from faults import faulty
from faults.room import PEOPLE

from device.history import History
from sensors.events import HeartRateMeasurement

START_WITHIN_S = 60.0
ALLOWED_S = 5.0
"""A beat older than this is on the disk."""

Beat = tuple[int | None, tuple[int, ...]]
"""Heart rate and intervals of one notification: what tells it from its neighbours."""


@dataclass(frozen=True, slots=True)
class Sent:
    """One notification of a strap."""

    at_s: float
    """Monotonic."""
    waited_s: float
    """For how long the program had been waiting for a processor by then."""
    beat: Beat


@dataclass(slots=True)
class Watched:
    """A room.py under way."""

    process: subprocess.Popen[str]
    began_s: float
    sent: dict[str, list[Sent]] = field(default_factory=lambda: defaultdict(list))
    """By athlete."""
    seconds: list[dict[str, Any]] = field(default_factory=list)
    """What was told once a second."""
    opened_s: float | None = None
    ended_s: float | None = None
    waited_s: float = 0.0
    complaints: str = ""
    _reader: threading.Thread | None = None

    def train(self, for_s: float) -> None:
        """Wait until all eight train, and have for so long; raises where that does not happen."""
        deadline_s = time.monotonic() + START_WITHIN_S
        while sum(word == "fresh" for word in self.tiles) < len(PEOPLE):
            if self.process.poll() is not None or time.monotonic() > deadline_s:
                raise AssertionError(f"not everybody trains: {self.tiles} {self.complaints}")
            time.sleep(0.05)
        time.sleep(for_s)

    @property
    def open_for_s(self) -> float:
        """For how long the gym has been open."""
        return time.monotonic() - self.opened_s if self.opened_s is not None else 0.0

    @property
    def tiles(self) -> list[str]:
        """How fresh the readings on the board are."""
        return self.seconds[-1]["tiles"] if self.seconds else []

    def wait(self) -> int:
        """Read everything it still has to say; returns its exit code."""
        assert self._reader is not None
        self._reader.join()
        return self.process.wait()

    def kill(self) -> None:
        """Now."""
        self.process.send_signal(signal.SIGKILL)
        self.wait()

    def end(self) -> None:
        """As systemd does it: everything saved, sessions left open."""
        self.process.send_signal(signal.SIGTERM)
        code = self.wait()
        if code or self.complaints:
            raise AssertionError(f"ended with {code}: {self.complaints}")

    def read(self) -> None:
        """Take in its lines until it is gone."""
        assert self.process.stdout is not None
        assert self.process.stderr is not None
        for text in self.process.stdout:
            line = json.loads(text)
            self.waited_s = line["waited_s"]
            self.opened_s = self.opened_s or time.monotonic()
            if "stall_s" in line:
                self.seconds.append(line)
            elif line["rr"] is not None:
                beat = line["bpm"], tuple(line["rr"])
                sent = Sent(line["at_s"], line["waited_s"], beat)
                self.sent[OWNERS[line["strap"]]].append(sent)
        self.ended_s = time.monotonic()
        self.complaints = self.process.stderr.read()


OWNERS = {one.strap.address: one.name for one in PEOPLE if one.strap is not None}


def watch(faults: faulty.Faults, data: Path, **options: object) -> Watched:
    """Start a room.py, and listen to it."""
    words = [f"--{name}={value}" for name, value in options.items()]
    process = subprocess.Popen(
        [sys.executable, Path(__file__).with_name("room.py"), data, *words],
        env=faults.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    watched = Watched(process, time.monotonic())
    watched._reader = threading.Thread(target=watched.read)
    watched._reader.start()
    return watched


# -- on the disk


def beats_on_disk(history: History) -> dict[str, list[Beat]]:
    """All beats of each athlete, in order; raises where the database is not sound."""
    (verdict,) = history.rows("PRAGMA integrity_check", ())[0]
    if verdict != "ok":
        raise AssertionError(f"the database is damaged: {verdict}")
    found: dict[str, list[Beat]] = {}
    for session in history.sessions(limit=1000):
        athlete = session.start.athlete or ""
        if athlete in found:
            raise AssertionError(f"{athlete} has a second session: the first was not gone on with")
        found[athlete] = [
            (event.bpm, event.rr_ticks)
            for event in history.events(session.id)
            if isinstance(event, HeartRateMeasurement)
        ]
    return found


@dataclass(frozen=True, slots=True)
class Lost:
    """What one fault has cost."""

    beats: int = 0
    """Notifications that are not on the disk."""
    oldest_s: float = 0.0
    """Age of the oldest of them at the fault."""
    waited_s: float = 0.0
    """Of that, the program waited for a processor."""

    @property
    def too_old(self) -> bool:
        """Whether one was lost that should have been on the disk."""
        return self.oldest_s - self.waited_s > ALLOWED_S


def lost(
    sent: Mapping[str, Sequence[Sent]],
    found: Mapping[str, Sequence[Beat]],
    before: Mapping[str, Sequence[Beat]],
    at_s: float,
    waited_s: float,
) -> Lost:
    """What is not on the disk of everything sent up to a fault, with all that was there before.

    Raises AssertionError where there is something else than what was sent.
    """
    worst, beats = Lost(), 0
    for athlete in sent.keys() | before.keys():
        was, now = before.get(athlete, ()), found.get(athlete, ())
        sent_now = [one for one in sent.get(athlete, ()) if one.at_s <= at_s]
        new = list(now[len(was) :])
        if list(now[: len(was)]) != list(was):
            raise AssertionError(f"{athlete}: what was on the disk before is not any more")
        if new != [one.beat for one in sent_now[: len(new)]]:
            raise AssertionError(f"{athlete}: on the disk is something else than was sent")
        missing = sent_now[len(new) :]
        beats += len(missing)
        if missing:
            oldest_s = at_s - missing[0].at_s
            one = Lost(0, oldest_s, min(max(0.0, waited_s - missing[0].waited_s), oldest_s))
            worst = max(worst, one, key=lambda each: each.oldest_s - each.waited_s)
    return Lost(beats, worst.oldest_s, worst.waited_s)


def worst(of: Iterable[Lost]) -> Lost:
    """The one nearest to what is allowed."""
    return max(of, key=lambda each: each.oldest_s - each.waited_s, default=Lost())
