"""`beatwise live --headless` as a process of its own, and what it stored."""

import subprocess
import sys
from pathlib import Path

from device.folder import Places
from device.history import StoredSession, open_history
from sensors.events import SensorEvent

PROGRAM = (sys.executable, "-c", "import sys; from ui.__main__ import main; sys.exit(main())")


def command(*words: str, data: Path) -> tuple[str, ...]:
    return (*PROGRAM, "--data", str(data), *words)


def live(*words: str, data: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command("live", "--headless", *words, data=data),
        capture_output=True,
        text=True,
        timeout=120,
    )


def stored(data: Path) -> tuple[list[StoredSession], list[SensorEvent]]:
    """All sessions, and the events of the newest."""
    with open_history(Places(data).database) as history:
        sessions = history.sessions()
        return sessions, list(history.events(sessions[0].id)) if sessions else []
