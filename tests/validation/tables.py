"""Scores as Markdown, and the columns in which another method is better."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import isnan

OURS = ("ours, offline", "ours, online")
OUTSIDE = ("none", "ours, unclamped")
"""Rows that compete with nobody."""


@dataclass(frozen=True, slots=True)
class Column:
    """A heading, how a number is written, and which way is better."""

    name: str
    digits: int
    more_is_better: bool | None = None
    """None: neither, the column only informs."""


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of (name, numbers)."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[str, tuple[float, ...]], ...]

    def markdown(self) -> str:
        """The best number of each column in bold; – where there is none."""
        lines = [
            "| | " + " | ".join(column.name for column in self.columns) + " |",
            "|---|" + "---:|" * len(self.columns),
        ]
        for name, numbers in self.rows:
            cells = [self._cell(name, i, number) for i, number in enumerate(numbers)]
            lines.append(f"| {name} | " + " | ".join(cells) + " |")
        return "\n".join(lines)

    def not_best(self, name: str) -> list[str]:
        """What a row loses, and to whom: one phrase a column."""
        mine = dict(self.rows)[name]
        lost = []
        for i, column in enumerate(self.columns):
            best = self._best(i, [row for row in self._peers() if row[0] not in OURS])
            if best is None or isnan(mine[i]) or isnan(best[1]):
                continue
            better = best[1] > mine[i] if column.more_is_better else best[1] < mine[i]
            if better and self._written(i, best[1]) != self._written(i, mine[i]):
                lost.append(
                    f"{column.name} {self._written(i, mine[i])}"
                    f" ({best[0]} {self._written(i, best[1])})"
                )
        return lost

    def _peers(self) -> list[tuple[str, tuple[float, ...]]]:
        return [row for row in self.rows if row[0] not in OUTSIDE]

    def _best(
        self, i: int, rows: Sequence[tuple[str, tuple[float, ...]]]
    ) -> tuple[str, float] | None:
        direction = self.columns[i].more_is_better
        known = [(name, numbers[i]) for name, numbers in rows if not isnan(numbers[i])]
        if direction is None or not known:
            return None
        return (max if direction else min)(known, key=lambda row: row[1])

    def _written(self, i: int, number: float) -> str:
        return "–" if isnan(number) else f"{number:.{self.columns[i].digits}f}"

    def _cell(self, name: str, i: int, number: float) -> str:
        written = self._written(i, number)
        best = self._best(i, self._peers())
        if best is None or name in OUTSIDE or written != self._written(i, best[1]):
            return written
        return f"**{written}**"
