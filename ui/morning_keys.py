"""Which keys do something at each moment of the morning: the last line of its screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from device.morning_view import MorningView
    from ui.feel import Sheet

KeyList = tuple[tuple[str, str], ...]

QUIT = ("q", "leave")


def keys_of(
    stage: str,
    view: MorningView | None,
    sheet: Sheet | None,
    *,
    over: bool = False,
    refused: bool = False,
) -> KeyList:
    """Each key and what it does now; only what matters at this moment."""
    match stage:
        case "test" if view is not None:
            return _test(view)
        case "feel" if sheet is not None:
            return _feel(sheet, over=over)
        case "verdict":
            return ((("r", "take it again"),) if refused else ()) + (("q", "done"),)
    return (QUIT,)


def _test(view: MorningView) -> KeyList:
    match view.phase:
        case "preview":
            start = () if view.armed else (("space", "start"),)
            return (*start, ("p", "posture"), ("l", "length"), ("b", "breathing"), QUIT)
        case "settle" | "stand_settle":
            return (("f", "how do you feel"), QUIT)
        case "record" | "extend" | "stand_record":
            return (("m", "I moved or spoke"), ("f", "how do you feel"), QUIT)
    return (QUIT,)


def _feel(sheet: Sheet, *, over: bool) -> KeyList:
    from ui.feel import ASKED, LAST

    back = () if sheet.at == 0 else (("left", "back"),)
    if sheet.at >= LAST:
        return (("1-6", "on or off"), ("n", "note"), ("space", "done"), *back)
    asked = ASKED[sheet.at].answers
    leave = () if over else (("esc", "the test"),)
    return (
        (f"1-{len(asked)}", "answer"),
        ("space", "skip"),
        *back,
        ("s", "skip the rest"),
        *leave,
    )
