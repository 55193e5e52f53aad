"""``beatwise doctor``: is everything here that Beatwise needs? One line each, with the cure."""

import asyncio
import os
import platform
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Literal

from device import config, folder, roster
from device.errors import BeatwiseError
from device.history import open_history
from sensors.radio import AdapterState, adapter_state

LEAST_FREE_BYTES = 200 * 1024 * 1024
"""A year of daily sessions takes about a tenth of it; the rest is for everybody else."""

Verdict = Literal["ok", "note", "missing"]

CURES = {
    "off": "switch it on: bluetoothctl power on (if that fails: rfkill unblock bluetooth)",
    "none": "plug one in, or enable the board's own; without one: beatwise --source sim",
    "no service": "sudo apt install bluez; sudo systemctl start bluetooth",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """What was looked at, and how it stands."""

    what: str
    verdict: Verdict
    words: str

    def __str__(self) -> str:
        return f"{self.verdict:<8}{self.what:<11}{self.words}"


def run(data: Path | None) -> int:
    """Print the findings; exit code 1 where something needed is missing."""
    findings = list(examine(folder.places(data)))
    for finding in findings:
        print(finding)
    return int(any(finding.verdict == "missing" for finding in findings))


def examine(places: folder.Places) -> Iterator[Finding]:
    """Look at everything."""
    yield Finding(
        "versions", "ok", f"Beatwise {version('beatwise')}, Python {platform.python_version()}"
    )
    yield bluetooth(asyncio.run(adapter_state()))
    yield from _disk(places)
    yield _settings(places)
    yield _beats(places)
    yield _terminal()


def bluetooth(state: AdapterState) -> Finding:
    """The adapter; without one the simulation still runs, with a strap nothing does."""
    if state.state == "ready":
        return Finding("bluetooth", "ok", state.words)
    return Finding("bluetooth", "missing", f"{state.words}: {CURES[state.state]}")


def _disk(places: folder.Places) -> Iterator[Finding]:
    existing = next(p for p in (places.data, *places.data.parents) if p.exists())
    if not os.access(existing, os.W_OK | os.X_OK):
        yield Finding("folder", "missing", f"{existing} cannot be written: say another with --data")
    else:
        yield Finding("folder", "ok", f"{places.data}")
    free = shutil.disk_usage(existing).free
    words = f"{free / 2**30:.1f} GB free"
    if free < LEAST_FREE_BYTES:
        yield Finding("disk", "missing", f"{words}: make room, or sessions will not be saved")
    else:
        yield Finding("disk", "ok", words)


def _settings(places: folder.Places) -> Finding:
    try:
        config.load(places.data)
    except BeatwiseError as error:
        return Finding("settings", "missing", str(error).replace("\n", "; "))
    known = roster.load_all(places.data)
    if known.mistakes:
        return Finding("settings", "missing", "; ".join(map(str, known.mistakes)))
    names = [one.name for one in known.athletes]
    return Finding("settings", "ok", f"athletes: {', '.join(names) or 'none yet'}")


def _beats(places: folder.Places) -> Finding:
    try:
        with open_history(places.database) as history:
            newest = history.sessions(limit=1)
    except BeatwiseError as error:
        return Finding("beats", "missing", str(error))
    return Finding("beats", "ok", f"{newest[0].id} sessions" if newest else "no session yet")


def _terminal() -> Finding:
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        return Finding("screen", "note", "no terminal here: use live --headless")
    size = shutil.get_terminal_size()
    words = f"{size.columns}x{size.lines}, {os.environ.get('TERM', 'unknown')}"
    if size.columns < 80 or size.lines < 24:
        return Finding("screen", "note", f"{words}: 80x24 or larger shows everything")
    return Finding("screen", "ok", words)
