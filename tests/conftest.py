"""What the tests share."""

from pathlib import Path

import pytest

SHARED_DATA = Path(__file__).resolve().parents[2] / "shared" / "data"


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real recordings made by others; never committed here."""
    if not SHARED_DATA.is_dir():
        pytest.skip(f"the recordings made by others are not here: {SHARED_DATA}")
    return SHARED_DATA
