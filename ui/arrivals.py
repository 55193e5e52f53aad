"""What people do at the board: sign in, say whose a strap is, choose a purpose, swap, sign out.

Each is a few dialogs that forget; where somebody leaves one, or walks away, nothing is decided.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from itertools import combinations
from typing import TYPE_CHECKING

from device.athlete import AGE_YEARS
from device.errors import BeatwiseError
from device.names import in_one_piece, name_key
from device.purpose import Purpose
from ui.pick import Pick, Tell, told
from ui.picking import Item

if TYPE_CHECKING:
    from textual.app import App

    from device.tile import Board, Tile
    from ui.kiosk import Room
    from ui.terminal import Glyphs

GUEST, NOBODY = "\0guest", "\0nobody"
"""Keys of a list of names that are no names: no name holds such a character."""
NEW_HERE = ("Type the first letters of your name; or guest, if you are new here.",)
A_GUEST = Item(GUEST, "A guest", "a name and an age, for today")
NOT_NOW = Item(NOBODY, "Nobody", "do not ask about this strap again")

PURPOSES = {
    Purpose.RECOVERY: "lighter than easy",
    Purpose.EASY: "in whole sentences",
    Purpose.STEADY: "brisk, in short sentences",
    Purpose.TEMPO: "hard, and even",
    Purpose.INTERVALS: "very hard, with pauses",
}
"""What a session on the board can be for; a ramp is led step by step, on a screen of its own."""


class FrontDesk:
    """Leads whoever stands at the screen through the dialogs; each method is one key's."""

    def __init__(self, app: App[None], room: Room, glyphs: Glyphs) -> None:
        self.app = app
        self.room = room
        self.glyphs = glyphs

    async def sign_in(self) -> None:
        """By name, or as a guest."""
        here = {name_key(tile.athlete) for tile in self.room.board().tiles}
        names = [one.name for one in self.room.roster() if name_key(one.name) not in here]
        who = await self._pick("Who are you?", [*_by_name(names), A_GUEST], NEW_HERE)
        if who == GUEST:
            await self._guest(None)
        elif who is not None and (purpose := await self._purpose(who)) is not None:
            await self._tried(lambda: self.room.sign_in(who, purpose))

    async def whose(self) -> None:
        """The strap that is asked about belongs to somebody."""
        board = self.room.board()
        if (strap := board.whose) is None:
            return
        waiting = {name_key(tile.athlete): tile for tile in board.tiles if _strapless(tile)}
        training = {name_key(tile.athlete) for tile in board.tiles} - waiting.keys()
        names = [one.name for one in self.room.roster() if name_key(one.name) not in training]
        names.sort(key=lambda name: name_key(name) not in waiting)
        items = [*(Item(name, name) for name in names), A_GUEST, NOT_NOW]
        who = await self._pick(f"Whose strap is this? {strap.name}", items, NEW_HERE)
        if who == GUEST:
            await self._guest(strap.address)
        elif who == NOBODY:
            await self._tried(lambda: self.room.not_now(strap.address))
        elif who is not None:
            tile = waiting.get(name_key(who))
            purpose = await self._purpose(who) if tile is None else Purpose(tile.purpose)
            if purpose is not None:
                await self._tried(lambda: self.room.claim(strap.address, who, purpose))

    async def not_you(self) -> None:
        """Whoever was welcomed is somebody else."""
        if (welcome := self.room.board().welcome) is not None:
            await self._tried(lambda: self.room.not_you(welcome.athlete))

    async def choose(self) -> None:
        """Another purpose: of whoever was welcomed just now, else of whom is picked."""
        board = self.room.board()
        if board.welcome is not None:
            who: str | None = board.welcome.athlete
        else:
            who = await self._pick("Whose purpose?", _newest_first(board))
        if who is None:
            return
        now = next((Purpose(tile.purpose) for tile in board.tiles if tile.athlete == who), None)
        if (purpose := await self._purpose(who, now)) is not None:
            await self._tried(lambda: self.room.choose(who, purpose))

    async def swap(self) -> None:
        """Two who wear each other's straps: the two who came last stand first."""
        newest = [tile.athlete for tile in reversed(self.room.board().tiles)]
        pairs = sorted(combinations(range(len(newest)), 2), key=lambda pair: pair[::-1])
        if not pairs:
            await self._tell("It takes two to swap", ())
            return
        items = [
            Item(str(at), f"{newest[one]} and {newest[other]}")
            for at, (one, other) in enumerate(pairs)
        ]
        picked = await self._pick("Who wear each other's straps?", items)
        if picked is not None:
            one, other = (newest[at] for at in pairs[int(picked)])
            await self._tried(lambda: self.room.swap(one, other))

    async def sign_out(self) -> None:
        """Somebody has done for today."""
        who = await self._pick("Who has done for today?", _newest_first(self.room.board()))
        if who is not None:
            await self._tried(lambda: self.room.sign_out(who))

    # -- parts

    async def _guest(self, address: str | None) -> None:
        from ui.type_in import TypeIn

        def mistake(text: str) -> str | None:
            return self.room.guest_mistake(in_one_piece(text))

        lines = told(("Kept until the end of the day, and no longer.",))
        typed: str | None = await self.app.push_screen_wait(
            TypeIn("What is your name?", self.glyphs, mistake=mistake, lines=lines)
        )
        if typed is None:
            return
        name = in_one_piece(typed)
        lines = told(("Leave it empty if you like: then there is no ceiling.",))
        age: str | None = await self.app.push_screen_wait(
            TypeIn("How old are you?", self.glyphs, mistake=age_mistake, lines=lines)
        )
        if age is not None and (purpose := await self._purpose(name, Purpose.EASY)) is not None:
            years = int(age) if age.strip() else None
            await self._tried(lambda: self.room.sign_in_guest(name, years, purpose, address))

    async def _purpose(self, who: str, now: Purpose | None = None) -> Purpose | None:
        """Today's plan or the last choice is preselected: one key takes it."""
        chosen = now or self.room.usual_purpose(who)
        items = [Item(purpose, purpose, said) for purpose, said in PURPOSES.items()]
        at = next((at for at, item in enumerate(items) if item.key == chosen), 0)
        picked = await self._pick(f"{who}: what is it for?", items, at=at)
        return None if picked is None else Purpose(picked)

    async def _pick(
        self, heading: str, items: Iterable[Item], lines: Iterable[str] = (), *, at: int = 0
    ) -> str | None:
        picked: str | None = await self.app.push_screen_wait(
            Pick(heading, items, self.glyphs, lines=told(lines), at=at)
        )
        return picked

    async def _tried(self, decision: Callable[[], None]) -> None:
        try:
            decision()
        except BeatwiseError as error:
            await self._tell("That cannot be", (str(error),))

    async def _tell(self, heading: str, lines: tuple[str, ...]) -> None:
        await self.app.push_screen_wait(Tell(heading, told(lines), self.glyphs))


LEADS: dict[str, Callable[[FrontDesk], Awaitable[None]]] = {
    "i": FrontDesk.sign_in,
    "e": FrontDesk.sign_out,
    "p": FrontDesk.choose,
    "x": FrontDesk.swap,
    "u": FrontDesk.not_you,
    "w": FrontDesk.whose,
}
"""What each key leads through."""


def age_mistake(text: str) -> str | None:
    """What is wrong with an age, in words; none at all is right, too."""
    text = text.strip()
    if not text or (
        text.isascii() and text.isdigit() and AGE_YEARS[0] <= int(text) <= AGE_YEARS[1]
    ):
        return None
    return f"say {AGE_YEARS[0]} to {AGE_YEARS[1]}, or nothing"


def _by_name(names: Iterable[str]) -> list[Item]:
    return [Item(name, name) for name in sorted(names, key=name_key)]


def _newest_first(board: Board) -> list[Item]:
    return [Item(tile.athlete, tile.athlete, tile.purpose) for tile in reversed(board.tiles)]


def _strapless(tile: Tile) -> bool:
    return tile.state == "no strap"
