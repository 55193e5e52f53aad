"""A session of the past, looked at again: everything of it read from the store and judged anew."""

from pathlib import Path

from device import config, roster
from device.athlete import Athlete
from device.debrief import Debrief, debrief
from device.errors import UnknownAthlete
from device.history import History
from device.ratings import ratings
from device.retrace import retrace
from device.station import DEMO


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
        rpe_cr10=None if rating is None else rating.cr10,
        rpe_asked=rating is not None,
    )


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
