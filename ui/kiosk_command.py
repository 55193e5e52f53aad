"""``beatwise kiosk``: a gym full of athletes, on a screen or as JSON lines."""

from __future__ import annotations

import argparse
import sys
from contextlib import ExitStack
from typing import TYPE_CHECKING

from device.errors import BadSource

if TYPE_CHECKING:
    from ui.kiosk import Opened
    from ui.overview import SourceKind

CRASH = "crash.txt"
"""In the data folder: where in the program a mistake has ended the board."""


def run(options: argparse.Namespace) -> int:
    """Let people train until it is ended; the exit code is 0 however that happens."""
    if options.headless:
        import asyncio

        from ui.kiosk_wiring import OpenGym

        with OpenGym(options) as opened:
            _print(opened.notes)
            asyncio.run(opened.without_a_screen(options.for_s))
        return 0
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise BadSource("kiosk: no terminal here to draw on; say --headless for JSON lines")
    return _screen(options)


def _screen(options: argparse.Namespace) -> int:
    """The board, until the admin or a signal ends it; 1 where a mistake of the program does."""
    from device import config, folder
    from ui import locked
    from ui.kiosk import Kiosk, no_overview, no_session
    from ui.late import open_app

    data = folder.places(options.data).data
    locked.ignore_keyboard()
    locked.keep_crashes(data / CRASH)
    opened: Opened
    notes: tuple[str, ...] = ()

    def prepare() -> None:
        nonlocal opened, notes
        from ui.kiosk_wiring import OpenGym

        gym = stack.enter_context(OpenGym(options))
        opened, notes = gym.for_a_screen(), gym.notes

    simulated = (options.source or "").startswith("sim")
    source: SourceKind = "simulated" if simulated else "ble"
    kiosk = Kiosk(opened=lambda: opened, source=source, until_s=options.for_s)
    with ExitStack() as stack:
        settings = config.load(data).screen
        app = open_app(settings, no_overview, no_session, prepare=prepare, kiosk=kiosk)
        app.run()
    _print(notes)
    if app.crash is None:
        return 0
    locked.write_crash(data / CRASH, app.crash)
    _print((f"stopped by a mistake of its own; where it happened stands in {data / CRASH}",))
    return 1


def _print(notes: tuple[str, ...]) -> None:
    for note in notes:
        print(f"beatwise: {note}", file=sys.stderr)
