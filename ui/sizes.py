"""The sizes of terminal the screens are laid out for, as classes for the style sheet."""

from textual.geometry import Size

WIDTHS = [(0, "-narrow"), (80, "-regular"), (120, "-wide")]
HEIGHTS = [(0, "-short"), (24, "-console"), (34, "-tall")]


def size_classes(size: Size) -> list[str]:
    """The classes of a size, known before the first frame: Textual adds them only after it."""
    return [
        [name for least, name in steps if length >= least][-1]
        for length, steps in ((size.width, WIDTHS), (size.height, HEIGHTS))
    ]
