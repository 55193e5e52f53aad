"""The morning test by ear: whoever sits with closed eyes need not look up.

A tone at each change; words only where there is something to do, for a voice makes one listen.
"""

from typing import assert_never

from device import morning_view
from device.cue import Cue


def cue_of(change: morning_view.Cue) -> Cue:
    """A change of the test as a cue: each sounds different, also without words."""
    match change:
        case "start":
            return Cue("start", text="be still now")
        case "change":
            return Cue("step")
        case "stand":
            return Cue("under", text="stand up now")  # the rising melody asks for more
        case "end":
            return Cue("stop", text="done, you may move")
        case _:
            assert_never(change)
