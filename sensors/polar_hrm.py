"""Polar .hrm files whose monitor stored RR intervals.

Source: "Polar HRM files and training tools", Polar Electro, file version 1.06: the recording
interval 238 says that [HRData] holds RR intervals in ms, one a line.
"""

import re
from collections.abc import Sequence

from sensors.intervals import Intervals, UnreadableRecording, checked_rr, shown

OF_RR = "238"
MISSING_S = 5.0
"""Intervals may fall this far short of the stated length, or 1 % of it, before it was cut off;
those of our two real files end within 0.1 s of it."""


def read_hrm(lines: Sequence[str]) -> Intervals:
    """RR intervals from the lines of a .hrm file.

    Raises:
        UnreadableRecording: it holds heart rates instead, is damaged, or shorter than it says.
    """
    interval_line, interval = _parameter(lines, "Interval")
    if interval != OF_RR:
        raise UnreadableRecording(
            f"holds heart rates, not RR intervals (Interval={shown(interval)[1:-1]}, not {OF_RR})",
            line=interval_line,
        )
    begin = next((i for i, line in enumerate(lines, 1) if line.strip() == "[HRData]"), None)
    if begin is None:
        raise UnreadableRecording("cut off: no [HRData]", line=len(lines))
    cells, at = [], []
    for number, line in enumerate(lines[begin:], begin + 1):
        if line.startswith("["):
            break
        if cell := line.strip():
            cells.append(cell)
            at.append(number)
    if not cells:
        raise UnreadableRecording("ends after [HRData]", line=begin)
    rr_ticks, ticks_per_s = checked_rr(cells, at, "ms")
    length_line, length = _parameter(lines, "Length")
    clock = re.fullmatch(r"(\d+):(\d\d):(\d\d(?:\.\d+)?)", length, re.ASCII)
    if clock is None:
        raise UnreadableRecording(f"Length is {shown(length)}", line=length_line)
    hours, minutes, seconds = clock.groups()
    length_s = int(hours) * 3600 + int(minutes) * 60 + float(seconds)
    lasts_s = sum(rr_ticks) / ticks_per_s
    if lasts_s < length_s - max(MISSING_S, 0.01 * length_s):
        raise UnreadableRecording(
            f"cut off: its intervals last {lasts_s:.1f} s, but Length says {length}", line=at[-1]
        )
    return Intervals("Polar HRM", rr_ticks, ticks_per_s)


def _parameter(lines: Sequence[str], name: str) -> tuple[int, str]:
    """Where a parameter stands, and its value."""
    for number, line in enumerate(lines, 1):
        if line.startswith(f"{name}="):
            return number, line.partition("=")[2].strip()
    raise UnreadableRecording(f"{name}= is missing from [Params]", line=1)
