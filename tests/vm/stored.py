"""In the device, with the installed program's Python: what its database holds, as one JSON object.

    stored.py DATA [SESSION]

{"check": "ok", "sessions": [{"id": n, "purpose": text, "outcome": text or null}], "runs": [[n]]}:
the newest session first, and the RR ticks of that one, or of SESSION, a list for each link.
"""

import json
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

from device.folder import Places
from device.history import open_history
from sensors.events import Connected, HeartRateMeasurement


def main(data: Path, session: int | None) -> None:
    """Look, change nothing."""
    path = Places(data).database
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as db:
        ((check,),) = db.execute("PRAGMA integrity_check")
    with open_history(path) as history:
        sessions = history.sessions()
        wanted = session or (sessions[0].id if sessions else None)
        runs: list[list[int]] = []
        for event in () if wanted is None else history.events(wanted):
            if isinstance(event, Connected):
                runs.append([])
            elif isinstance(event, HeartRateMeasurement):
                runs[-1].extend(event.rr_ticks)
    told = [{"id": s.id, "purpose": s.start.purpose, "outcome": s.outcome} for s in sessions]
    print(json.dumps({"check": check, "sessions": told, "runs": [run for run in runs if run]}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else None)
