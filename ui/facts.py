"""What stands small beside the large: a table of labels and values.

One leaf for all of them: a widget costs 3 ms before the first frame, and is asked at each update.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from ui import words
from ui.gauges import Moment
from ui.picture import Picture, Row

if TYPE_CHECKING:
    from device.reading import Link

LINKS: dict[Link, str] = {"searching": "none", "connected": "good", "lost": "lost"}
LABEL_WIDTH = 9
LEFT_WIDTH = 21
"""Of the left column at least; ``1:02:33 100%`` fits behind its label."""


class Facts(Picture):
    """Two columns: what was measured on the left, how well on the right."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"facts--label", "facts--value"}
    STYLES: ClassVar[dict[str, str]] = {"l": "facts--label", "v": "facts--value"}

    def fact(self, moment: Moment) -> tuple[tuple[str, str, str, str], ...]:
        """Rows of label, value, label, value."""
        return table(moment)

    def draw(self, width: int, height: int) -> list[Row]:
        """The table, its rows apart where there is room."""
        rows = self.shown if isinstance(self.shown, tuple) else ()
        left_width = max(LEFT_WIDTH, width // 3)
        lines: list[Row] = []
        for left_label, left, right_label, right in rows:
            text = f"{left_label:<{LABEL_WIDTH}}{left}".ljust(left_width)
            text += f"{right_label:<{LABEL_WIDTH}}{right}"
            letters = "l" * LABEL_WIDTH + "v" * (left_width - LABEL_WIDTH) + "l" * LABEL_WIDTH
            lines.append((text, letters + "v" * len(right)))
            if height >= 2 * len(rows) - 1:
                lines.append(("", ""))
        return lines


def table(moment: Moment) -> tuple[tuple[str, str, str, str], ...]:
    """The facts of a moment as text; unknown is ``--``."""
    reading, opinion = moment.reading, moment.opinion
    far = ("", "") if reading.distance_m is None else ("distance", words.km(reading.distance_m))
    second = "" if opinion is None else opinion.suggests or opinion.trust
    return (
        ("time", words.clock(reading.running_s), "link", LINKS[reading.link]),
        ("inside", words.inside_share(reading), "contact", words.contact(reading.contact)),
        (
            "RMSSD",
            words.whole(reading.rmssd_ms, "ms"),
            "battery",
            words.whole(reading.battery_pct, "%"),
        ),
        (
            "drift",
            words.signed_pct(moment.drift_pct),
            "artefact",
            words.whole(reading.artefact_pct, "%"),
        ),
        ("alpha 1", f"{words.two_places(reading.dfa_alpha1)} {second}".rstrip(), *far),
    )
