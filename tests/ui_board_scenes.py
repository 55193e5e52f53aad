"""Hand-made boards for the tests of the wall: nothing here measures or asks for a clock."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from device.athlete import Athlete
from device.names import name_mistake
from device.purpose import Purpose
from device.tile import Board, Tile, Welcome, WhoseStrap
from ui.app import BeatwiseApp
from ui.board_screen import BoardScreen
from ui.kiosk import Kiosk, Opened, no_overview, no_session
from ui.overview import SourceKind
from ui.terminal import BRAILLE, Glyphs

EMPTY = Board()

INSIDE = Tile(
    athlete="Anna Lindqvist",
    purpose="easy",
    state="inside",
    freshness="fresh",
    hr_bpm=138.0,
    last_hr_bpm=138.0,
    silent_s=0.4,
    ceiling_bpm=142.0,
    beats_off=0.0,
    time_inside_s=754.0,
    running_s=800.0,
)
OVER = replace(
    INSIDE,
    athlete="Ben Okafor",
    purpose="steady",
    state="over",
    hr_bpm=157.2,
    floor_bpm=128.0,
    ceiling_bpm=151.0,
    beats_off=6.2,
)
UNDER = replace(
    INSIDE,
    athlete="Chiara Rossi",
    purpose="intervals",
    state="under",
    hr_bpm=99.0,
    floor_bpm=160.0,
    ceiling_bpm=None,
    beats_off=-8.0,
    time_inside_s=3725.0,
)
WARMING_UP = replace(UNDER, athlete="Dora", state="warming up", running_s=130.0)
STALE = replace(
    INSIDE,
    athlete="Émile Durand",
    state="unknown",
    freshness="stale",
    hr_bpm=None,
    silent_s=14.0,
    beats_off=None,
)
AGEING = replace(INSIDE, athlete="Fatima Zahra", freshness="ageing", silent_s=4.2)
PAUSED = replace(INSIDE, athlete="Gus", state="paused")
NO_STRAP = replace(
    INSIDE,
    athlete="Hana Suzuki",
    state="no strap",
    freshness="none",
    hr_bpm=None,
    last_hr_bpm=None,
    silent_s=None,
    time_inside_s=None,
    running_s=0.0,
)
WAITING = replace(
    NO_STRAP, athlete="Inez", state="unknown", guest=True, time_inside_s=0.0, purpose="recovery"
)
BROADCAST = replace(
    INSIDE,
    athlete="Jonas Weber",
    state="unknown",
    broadcast_only=True,
    ceiling_bpm=None,
    beats_off=None,
    time_inside_s=None,
)
ESTIMATE = replace(INSIDE, athlete="Katarzyna Wiśniewska", estimate=True, hr_bpm=140.0)

STATES = {
    "inside": INSIDE,
    "over": OVER,
    "under": UNDER,
    "warming": WARMING_UP,
    "stale": STALE,
    "ageing": AGEING,
    "paused": PAUSED,
    "no strap": NO_STRAP,
    "waiting": WAITING,
    "broadcast": BROADCAST,
    "estimate": ESTIMATE,
}
NAMES = (
    """
Anna Lindqvist, Ben Okafor, Chiara Rossi, Émile Durand, Fatima Zahra, Gus, Hana Suzuki, Inez,
Jonas Weber, Katarzyna Wiśniewska, Lars, Mia Chen, Noah, Olu, Pia, Quentin, Rosa, Sven, Tara, Uwe,
Vera, Wim, Xenia, Yara, Zoë, Adam, Bea, Carl, Dora, Egon
""".replace("\n", " ")
    .strip()
    .split(", ")
)
HOSTILE = (
    "[bold red]Eve[/]",
    "\x1b[2J\x1b]0;owned\x07Mallory",
    "\u202eевил\u202c",
    "שרה כהן",
    "李小龍 武術 " * 20,
    "x" * 300,
    "Z" + "\u0301\u0302\u0303\u0304" * 80 + "algo",
    "👩‍👩‍👧‍👦 🇫🇷 family",
    "line\nbreak\ttab\x00nul\u2028par",
)
"""Names that would steer the terminal or break the layout, if they could."""


def tiles(count: int) -> tuple[Tile, ...]:
    """So many athletes, most of them inside."""
    mix = (INSIDE, OVER, INSIDE, UNDER, INSIDE, STALE, AGEING, NO_STRAP, INSIDE, PAUSED, WAITING)
    return tuple(replace(mix[at % len(mix)], athlete=name) for at, name in enumerate(NAMES[:count]))


EIGHT = (INSIDE, OVER, UNDER, STALE, AGEING, PAUSED, NO_STRAP, WAITING)
MORE = (WARMING_UP, BROADCAST, ESTIMATE, INSIDE, replace(INSIDE, state="unknown", hr_bpm=None))
"""States that eight tiles have no room for."""
LEFTWARD = ("שרה כהן", "דן", "محمد علي", "فاطمة الزهراء بنت محمد", "דן-בן Jo 7", "۴۲ شیما")
"""Names that a terminal may turn, and with them what stands between two of them."""
WELCOME = Welcome("Anna Lindqvist", "easy", 142.0, 800.0)
WHOSE = WhoseStrap("F0:F1:F2:F3:F4:F5", "Polar H10 A1B2C3D4", 800.0)


class StillRoom:
    """A room in which nothing moves but what a test moves; remembers what people decided."""

    def __init__(self, board: Board = EMPTY, people: Sequence[Athlete] = ()) -> None:
        self.shown = board
        self.people = tuple(people)
        self.decided: list[str] = []
        self.over = asyncio.Event()
        self.saved = False

    async def run(self, *, until_s: float | None = None) -> None:
        try:
            await self.over.wait()
        finally:
            self.saved = True

    def board(self) -> Board:
        return self.shown

    def roster(self) -> tuple[Athlete, ...]:
        return self.people

    def guest_mistake(self, name: str) -> str | None:
        return "taken" if name in [one.name for one in self.people] else name_mistake(name)

    def usual_purpose(self, athlete: str) -> Purpose:
        return Purpose.EASY

    def sign_in(self, athlete: str, purpose: Purpose, address: str | None = None) -> None:
        self.decided.append(f"sign in {athlete} {purpose} {address}")

    def sign_in_guest(
        self, name: str, age_years: int | None, purpose: Purpose, address: str | None = None
    ) -> None:
        self.decided.append(f"guest {name} {age_years} {purpose} {address}")

    def claim(self, address: str, athlete: str, purpose: Purpose) -> None:
        self.decided.append(f"claim {address} {athlete} {purpose}")

    def not_you(self, athlete: str) -> None:
        self.decided.append(f"not {athlete}")

    def not_now(self, address: str) -> None:
        self.decided.append(f"not now {address}")

    def choose(self, athlete: str, purpose: Purpose) -> None:
        self.decided.append(f"choose {athlete} {purpose}")

    def swap(self, one: str, other: str) -> None:
        self.decided.append(f"swap {one} {other}")

    def sign_out(self, athlete: str) -> None:
        self.decided.append(f"sign out {athlete}")


def wall(
    *tiles: Tile,
    glyphs: Glyphs = BRAILLE,
    sixteen_colours: bool = False,
    source: SourceKind = "ble",
    **more: Any,
) -> BeatwiseApp:
    """The app with these tiles on its board."""
    room = StillRoom(Board(800.0, tiles, **more))
    return app_of(room, glyphs=glyphs, sixteen_colours=sixteen_colours, source=source)


def app_of(
    room: StillRoom,
    *,
    glyphs: Glyphs = BRAILLE,
    sixteen_colours: bool = False,
    source: SourceKind = "ble",
    **behind: Any,
) -> BeatwiseApp:
    """The app of a room; ``behind`` is what lies behind its keys."""
    kiosk = Kiosk(lambda: Opened(room, **behind), source)
    return BeatwiseApp(
        no_overview, no_session, kiosk=kiosk, glyphs=glyphs, sixteen_colours=sixteen_colours
    )


def room_of(app: BeatwiseApp) -> StillRoom:
    """The room behind an app."""
    assert app.kiosk is not None
    room = app.kiosk.opened().room
    assert isinstance(room, StillRoom)
    return room


def show(app: BeatwiseApp, *tiles: Tile, **more: Any) -> None:
    """Let the room be like this, and look at it."""
    room_of(app).shown = Board(801.0, tiles, **more)
    screen = app.screen_stack[0]
    assert isinstance(screen, BoardScreen)
    screen.look()
