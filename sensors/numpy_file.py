"""RR intervals in a NumPy .npy file: one array of numbers, its unit not said."""

import tokenize
from io import BytesIO

from sensors.intervals import Intervals, Unit, UnreadableRecording, checked_rr

# The header is a Python dictionary, which NumPy parses and sorts without checking it first.
_DAMAGED = (
    ValueError,
    TypeError,
    EOFError,
    MemoryError,
    OverflowError,
    RecursionError,
    SyntaxError,
    tokenize.TokenError,
)


def read_npy(content: bytes, unit: Unit | None) -> Intervals:
    """RR intervals from the bytes of a .npy file, to the digits that name each number.

    Raises:
        UnreadableRecording: damaged, not one column of numbers, or a unit nobody has said.
    """
    from numpy.lib import format as npy  # no other form needs NumPy to be loaded

    try:
        array = npy.read_array(BytesIO(content), allow_pickle=False)
    except _DAMAGED:
        raise UnreadableRecording("a damaged .npy file, or not of numbers") from None
    if array.dtype.kind not in "iuf" or array.ndim == 0 or array.size != max(array.shape):
        raise UnreadableRecording("a .npy file that holds no single column of numbers")
    if array.size == 0:
        raise UnreadableRecording("a .npy file that holds nothing")
    if unit is None:
        raise UnreadableRecording("a .npy file does not say its unit: say --unit ms or --unit s")
    cells = [str(number) for number in array.ravel().tolist()]
    rr_ticks, ticks_per_s = checked_rr(cells, range(1, len(cells) + 1), unit)
    return Intervals("NumPy array", rr_ticks, ticks_per_s)
