"""What starting up loads: a static graph cannot tell a deferred import from an eager one."""

import subprocess
import sys

import pytest

HEAVY = ("textual", "rich", "scipy", "numpy", "bleak", "fitdecode")


def loaded_by(statement: str) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", f"import sys; {statement}; print(*sys.modules)"],
        capture_output=True,
        text=True,
        check=True,
    )
    return {name.partition(".")[0] for name in done.stdout.split()}


@pytest.mark.parametrize(
    ("statement", "allowed"),
    [
        ("import device.monitor", set()),
        ("import device.measure", set()),
        ("import device.station", set()),
        ("import ui.__main__", set()),
        ("import ui.live_command", set()),
        ("import ui.app", {"textual", "rich"}),
        ("import ui.asked_for, ui.live, ui.live_run", {"textual", "rich"}),
        ("import hrv.artefacts, hrv.time_domain, hrv.dfa, hrv.spectrum", {"numpy"}),
        ("import sensors.ble", {"bleak"}),
    ],
)
def test_start_up_loads_nothing_heavy_it_does_not_need(statement: str, allowed: set[str]) -> None:
    assert loaded_by(statement).intersection(HEAVY) <= allowed


def test_a_headless_session_needs_neither_a_screen_nor_numpy() -> None:
    """The live loop is plain Python; numpy, SciPy and Textual stay away until they are wanted."""
    statement = (
        "import tempfile, io; from ui.__main__ import main; out, sys.stdout = sys.stdout, "
        "open('/dev/null', 'w'); code = main(['live', '--headless', '--source', 'sim@max', '--for',"
        " '300', '--data', tempfile.mkdtemp()]); sys.stdout = out; assert code == 0"
    )
    assert not loaded_by(statement).intersection(HEAVY)
