"""``beatwise doctor``: is everything here that Beatwise needs? One line each, with the cure."""

import argparse
import asyncio
import json
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime
from importlib.metadata import version

from device import config, folder, machine_state, roster
from device.config import Config
from device.database_state import database
from device.disk_state import disk
from device.errors import BeatwiseError
from device.finding import Finding, Role
from device.history import open_history
from device.trusted_clock import judge_here
from sensors.bluez import DENIED, AdapterState, adapter_state
from ui.terminal import plain
from ui.wiring import local_now

CURES = {
    "off": "switch it on: bluetoothctl power on (if that fails: rfkill unblock bluetooth)",
    "none": "plug one in, or enable the board's own; without one: beatwise --source sim",
    "no service": "sudo apt install bluez; sudo systemctl start bluetooth",
}
VERSION_LIMIT_S = 3.0


def run(options: argparse.Namespace) -> int:
    """Print the findings; exit code 1 where something that the role needs is missing."""
    role: Role | None = options.role
    findings = list(examine(folder.places(options.data), now=local_now()))
    if options.json:
        print(json.dumps(as_json(findings, role), indent=2))
    else:
        for finding in findings:
            print(f"{finding.verdict(role):<8}{finding.what:<11}{plain(finding.told)}")
    return int(any(finding.verdict(role) == "missing" for finding in findings))


def as_json(findings: list[Finding], role: Role | None) -> dict[str, object]:
    """What a program is told."""
    return {
        "role": role,
        "ok": all(finding.verdict(role) != "missing" for finding in findings),
        "findings": [
            {
                "what": finding.what,
                "verdict": finding.verdict(role),
                "words": finding.words,
                "cure": finding.cure,
            }
            for finding in findings
        ],
    }


def examine(places: folder.Places, *, now: datetime) -> Iterator[Finding]:
    """Look at everything; ``now`` is the wall clock, which is among it."""
    state = asyncio.run(adapter_state())
    yield Finding("versions", True, versions())
    yield bluetooth(state)
    yield machine_state.radio_block()
    yield machine_state.permission(denied=state == DENIED)
    yield from disk(places.data)
    settings, finding = _settings(places)
    yield finding
    yield database(places)
    yield _clock(places, now)
    yield machine_state.display()
    yield _terminal()
    yield from machine_state.cues(settings.cues)


def versions() -> str:
    """Of everything that an error report should name."""
    told = [f"Beatwise {version('beatwise')}", f"Python {platform.python_version()}"]
    told += [f"{name} {version(name)}" for name in ("bleak", "textual")]
    return ", ".join((*told, f"BlueZ {bluez_version() or 'not installed'}"))


def bluez_version() -> str | None:
    """As its own tool says it; None where it is not installed."""
    tool = shutil.which("bluetoothctl")
    if tool is None:
        return None
    try:
        said = subprocess.run(  # noqa: S603 - our own words, a path from PATH
            (tool, "--version"),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=VERSION_LIMIT_S,
            check=False,
        ).stdout.split()
    except (OSError, subprocess.TimeoutExpired):
        return None
    return said[-1] if said else None


def bluetooth(state: AdapterState) -> Finding:
    """The adapters; without one the simulation still runs, with a strap nothing does."""
    if state.state != "ready":
        return Finding("bluetooth", False, state.words, CURES[state.state])
    each = "; ".join(
        f"{one.name} {one.address}{'' if one.powered else ' (off)'}, {len(one.linked)} linked"
        for one in state.adapters
    )
    return Finding("bluetooth", True, each or state.words)


def _settings(places: folder.Places) -> tuple[Config, Finding]:
    try:
        settings = config.load(places.data)
        known = roster.load_all(places.data)
    except (BeatwiseError, OSError) as error:
        return Config(), Finding("settings", False, str(error).replace("\n", "; "))
    if known.mistakes:
        return settings, Finding("settings", False, "; ".join(map(str, known.mistakes)))
    names = [one.name for one in known.athletes]
    return settings, Finding("settings", True, f"athletes: {', '.join(names) or 'none yet'}")


def _clock(places: folder.Places, now: datetime) -> Finding:
    told = f"{now:%Y-%m-%d %H:%M %Z}"
    try:
        with open_history(places.database) as history:
            judged = judge_here(history, places.data, now)
    except (BeatwiseError, OSError):
        return Finding("clock", False, f"{told}, and no records to judge it by")
    if judged.trusted:
        return Finding("clock", True, f"{told}, {judged.trust}")
    cure = "connect it to a network once, or confirm the date when the morning test asks"
    return Finding("clock", False, f"{told}, {judged.doubt or 'set by nobody it can trust'}", cure)


def _terminal() -> Finding:
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        return Finding("terminal", False, "none here", "use live --headless")
    size = shutil.get_terminal_size()
    words = f"{size.columns}x{size.lines}, {os.environ.get('TERM', 'unknown')}"
    if size.columns < 80 or size.lines < 24:
        return Finding("terminal", False, words, "80x24 or larger shows everything")
    return Finding("terminal", True, words)
