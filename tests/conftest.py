"""What the tests share."""

from pathlib import Path

import pytest
from hypothesis import settings

# How long an example takes says something of the machine, nothing of the code.
settings.register_profile("any_machine", deadline=None)
settings.load_profile("any_machine")

SHARED_DATA = Path(__file__).resolve().parents[2] / "shared" / "data"


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real recordings made by others; never committed here."""
    if not SHARED_DATA.is_dir():
        pytest.skip(f"the recordings made by others are not here: {SHARED_DATA}")
    return SHARED_DATA


@pytest.fixture(scope="session", autouse=True)
def still_cursor() -> None:
    """One that blinks by the clock of the machine is in one picture and not in the next."""
    from textual.widgets import Input

    Input.cursor_blink._default = False
