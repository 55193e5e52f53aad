"""What went wrong and is over, told for a while: nobody waited for it."""

TOLD_S = 60.0
"""So long it is told."""
MOST = 5
"""So many at once; the newest."""


class Told:
    """Troubles with their times, in seconds of any clock that goes on."""

    def __init__(self) -> None:
        self._told: dict[str, float] = {}

    def add(self, trouble: str, t_s: float) -> None:
        """Something went wrong."""
        self._told.pop(trouble, None)  # the newest are last
        self._told[trouble] = t_s
        while len(self._told) > MOST:
            del self._told[next(iter(self._told))]

    def at(self, t_s: float) -> tuple[str, ...]:
        """What there is to tell, the oldest first."""
        self._told = {words: at for words, at in self._told.items() if t_s - at <= TOLD_S}
        return tuple(self._told)
