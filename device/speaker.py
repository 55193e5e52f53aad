"""The loudspeaker, reached through the players that a Debian machine has."""

import asyncio
import re
import shutil
from pathlib import Path

from device import program

PLAYERS = {"aplay": ("-q",), "pw-play": ()}
"""In the order tried: ALSA's, which every Raspberry Pi OS has, then PipeWire's."""
_PLACE_IN_SOURCE = re.compile(r"^aplay: (\w+:\d+: )?")
"""aplay says which line of its source complains: "aplay: main:831: audio open error"."""
PLAY_LIMIT_S = 12.0
"""The longest sound, a summary, takes half of it."""


class Speaker:
    """One sound at a time, by the first player that works.

    A player that hangs is not asked again; one that fails is, in case a sound card comes back.
    """

    def __init__(self, card: str | None = None, *, limit_s: float = PLAY_LIMIT_S) -> None:
        """``card`` is a name that ``aplay -L`` lists; only aplay knows it."""
        known = ("aplay",) if card is not None else tuple(PLAYERS)
        self._players = {name: path for name in known if (path := shutil.which(name))}
        self._card = card
        self._limit_s = limit_s
        self._one_at_a_time = asyncio.Lock()
        self._missing = (
            f"no {' or '.join(known)} here (sudo apt install alsa-utils)"
            if not self._players
            else "what could play it hangs"
        )

    def how(self) -> str:
        """The player that is tried first, or why there is none."""
        return next(iter(self._players), self._missing)

    @property
    def given_up(self) -> str | None:
        """Why nothing is tried any more; None while there is a player."""
        return None if self._players else self._missing

    async def play(self, wav: Path, *, limit_s: float | None = None) -> str | None:
        """Play a file to its end; returns why not where that failed."""
        async with self._one_at_a_time:
            troubles = []
            for name, path in tuple(self._players.items()):
                card = () if self._card is None else ("-D", self._card)
                words = (path, *PLAYERS[name], *card, str(wav))
                failed = await program.run(words, limit_s=limit_s or self._limit_s)
                if failed is None:
                    self._first(name)
                    return None
                if failed.hung:
                    del self._players[name]
                troubles.append(f"{name}: {_PLACE_IN_SOURCE.sub('', failed.reason)}")
            return "; ".join(troubles) or self._missing

    def _first(self, name: str) -> None:
        rest = {other: path for other, path in self._players.items() if other != name}
        self._players = {name: self._players[name], **rest}
