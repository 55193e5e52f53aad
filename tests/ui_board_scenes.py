"""Hand-made boards for the tests of the wall: nothing here measures or asks for a clock."""

from dataclasses import replace

from textual.screen import Screen

from device.tile import Board, Tile, Welcome, WhoseStrap
from ui.app import BeatwiseApp
from ui.board_screen import BoardScreen
from ui.terminal import BRAILLE, Glyphs

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
    "stale": STALE,
    "ageing": AGEING,
    "paused": PAUSED,
    "no strap": NO_STRAP,
    "waiting": WAITING,
    "broadcast": BROADCAST,
    "estimate": ESTIMATE,
}
NAMES = """
Anna Lindqvist, Ben Okafor, Chiara Rossi, Émile Durand, Fatima Zahra, Gus, Hana Suzuki, Inez,
Jonas Weber, Katarzyna Wiśniewska, Lars, Mia Chen, Noah, Olu, Pia, Quentin, Rosa, Sven, Tara, Uwe,
Vera, Wim, Xenia, Yara, Zoë, Adam, Bea, Carl, Dora, Egon
"""
HOSTILE = (
    "[bold red]Eve[/]",
    "\x1b[2J\x1b]0;owned\x07Mallory",
    "\u202eевил\u202c",
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
    return tuple(
        replace(mix[at % len(mix)], athlete=name)
        for at, name in enumerate(NAMES.split(",")[:count])
    )


EIGHT = (INSIDE, OVER, UNDER, STALE, AGEING, PAUSED, NO_STRAP, WAITING)
WELCOME = Welcome("Anna Lindqvist", "easy", 142.0, 800.0)
WHOSE = WhoseStrap("F0:F1:F2:F3:F4:F5", "Polar H10 A1B2C3D4", 800.0)


class OnTheWall(BeatwiseApp):
    """The app with a board that stands still."""

    async def load(self) -> None:  # type: ignore[override]
        raise AssertionError("a board has no overview")

    def __init__(self, board: Board, glyphs: Glyphs, sixteen_colours: bool) -> None:
        super().__init__(
            self.load,  # type: ignore[arg-type]
            lambda _: None,  # type: ignore[arg-type, return-value]
            glyphs=glyphs,
            sixteen_colours=sixteen_colours,
        )
        self.first = board

    def get_default_screen(self) -> Screen[None]:
        screen = BoardScreen(self.glyphs)
        screen.board = self.first
        return screen

    def _read(self) -> None:
        """Nothing to read."""


def wall(
    *tiles: Tile, glyphs: Glyphs = BRAILLE, sixteen_colours: bool = False, **more: object
) -> OnTheWall:
    """The app with these tiles on its board."""
    return OnTheWall(Board(800.0, tiles, **more), glyphs, sixteen_colours)  # type: ignore[arg-type]
