"""``beatwise export --athlete A [TO]``: everything of an athlete, for themselves or another app."""

import argparse
import sys

from device import folder
from device.export import export
from device.history import open_history
from ui import whose
from ui.terminal import plain
from ui.wiring import local_now


def run(options: argparse.Namespace) -> int:
    """Write one zip; reads only, beside another Beatwise if need be."""
    name = whose.athlete(options.data, options.athlete, "export").name
    places = folder.places(options.data)
    with open_history(places.database) as history:
        to = options.to.expanduser()
        made = export(history, places, name, to, now=local_now(), fit=options.fit)
    print(f"{made.path}: sessions {made.sessions}, mornings {made.mornings}")
    for note in made.notes:
        print(f"beatwise: {plain(note)}", file=sys.stderr)
    return 0
