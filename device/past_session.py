"""A session of the past, looked at again: everything of it read from the store and judged anew."""

import json
from pathlib import Path

from device import config, roster
from device.athlete import Athlete
from device.debrief import COMPARED, Debrief, debrief
from device.errors import UnknownAthlete
from device.history import History, StoredSession
from device.ratings import ratings
from device.retrace import retrace
from device.station import DEMO
from hrv.alpha1_shift import Alpha1AtHr

LOOK_BACK = 40
"""Runs among which ten at one heart rate are looked for."""


def look(history: History, data_dir: Path, session_id: int) -> Debrief:
    """Judge a stored session with the athlete's profile as it is now.

    Raises:
        StoreError: there is no such session, or its beats are damaged.
        ConfigError: the settings or the athlete's file have mistakes.
    """
    stored = history.session(session_id)
    rr = config.load(data_dir).rr
    retraced = retrace(
        history.events(session_id),
        until_s=stored.ended_s,
        marks=history.marks(session_id),
        rr_range_ms=(rr.shortest_ms, rr.longest_ms),
    )
    rating = ratings(history, [session_id]).get(session_id)
    return debrief(
        stored,
        retraced,
        profile(data_dir, stored.start.athlete),
        earlier=runs_before(history, stored),
        rpe_cr10=None if rating is None else rating.cr10,
        rpe_asked=rating is not None,
    )


def runs_before(history: History, stored: StoredSession) -> list[list[Alpha1AtHr]]:
    """α1 by heart rate of the athlete's steady runs before this one, the oldest first.

    Only those by the same method and from the same kind of source, for what is simulated says
    nothing of a person.
    Raises :class:`device.errors.StoreError`.
    """
    start = stored.start
    kind = start.source.partition(":")[0]
    marks = ", ".join("?" * len(COMPARED))
    rows = history.rows(
        "SELECT source, summary FROM session WHERE athlete IS ? AND id < ? AND summary IS NOT NULL"  # noqa: S608 - marks
        f" AND method_version = ? AND purpose IN ({marks}) ORDER BY id DESC LIMIT ?",
        (start.athlete, stored.id, start.method_version, *COMPARED, LOOK_BACK),
    )
    return [
        [Alpha1AtHr(**one) for one in json.loads(row["summary"]).get("alpha1_at_hr", ())]
        for row in reversed(rows)
        if row["source"].partition(":")[0] == kind
    ]


def profile(data_dir: Path, name: str | None) -> Athlete:
    """Who it was; of somebody who is no longer here only the name is known.

    Raises :class:`device.errors.ConfigError`.
    """
    if name is None:
        return Athlete("")
    if name == DEMO.name:
        return DEMO
    try:
        return roster.load(data_dir, name)
    except UnknownAthlete:
        return Athlete(name)
