"""Draw what docs/PI.md shows of things that are no screen of ours: boards, choices, a strap.

``make screenshots`` runs it. Outlines to scale where a size is known, and no maker's art.
"""

from collections.abc import Callable
from html import escape
from pathlib import Path

HERE = Path(__file__).parent / "pi"
INK, SOFT, PAPER, LINE, MARK, METAL = (
    "#24323a",
    "#5f6f77",
    "#f4f7f8",
    "#b9c5ca",
    "#2f7a5c",
    "#cfd8dc",
)
WIDTH = 760


class Sheet:
    """A picture that grows by what is put on it; units are pixels."""

    def __init__(self, height: int, title: str) -> None:
        size = f'viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}"'
        font = 'font-family="DejaVu Sans, Verdana, sans-serif"'
        self.parts = [
            f'<svg xmlns="http://www.w3.org/2000/svg" {size} {font} role="img">',
            f"<title>{escape(title)}</title>",
        ]
        self.box(0, 0, WIDTH, height, fill="#ffffff", line="none", round_=8)

    def box(
        self,
        x: float,
        y: float,
        width: float,
        height: float,
        *,
        fill: str = PAPER,
        line: str = LINE,
        round_: float = 4,
    ) -> None:
        """A rectangle."""
        self.parts.append(
            f'<rect x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" rx="{round_:g}"'
            f' fill="{fill}" stroke="{line}"/>'
        )

    def text(
        self,
        x: float,
        y: float,
        words: str,
        *,
        size: int = 13,
        colour: str = INK,
        bold: bool = False,
        middle: bool = False,
        mono: bool = False,
    ) -> None:
        """A line of text; ``y`` is where it stands."""
        style = ' font-weight="bold"' if bold else ""
        style += ' text-anchor="middle"' if middle else ""
        style += ' font-family="DejaVu Sans Mono, monospace" xml:space="preserve"' if mono else ""
        self.parts.append(
            f'<text x="{x:g}" y="{y:g}" font-size="{size}" fill="{colour}"{style}>'
            f"{escape(words)}</text>"
        )

    def lines(self, x: float, y: float, words: str, **look: object) -> None:
        """Several lines of text below one another."""
        for number, line in enumerate(words.splitlines()):
            self.text(x, y + 18 * number, line, **look)  # type: ignore[arg-type]

    def path(self, points: str, *, fill: str = "none", line: str = INK, width: float = 1.5) -> None:
        """Anything else, in SVG's own letters."""
        self.parts.append(
            f'<path d="{points}" fill="{fill}" stroke="{line}" stroke-width="{width:g}"'
            ' stroke-linecap="round" stroke-linejoin="round"/>'
        )

    def circle(
        self, x: float, y: float, radius: float, *, fill: str = PAPER, line: str = LINE
    ) -> None:
        """A circle."""
        self.parts.append(
            f'<circle cx="{x:g}" cy="{y:g}" r="{radius:g}" fill="{fill}" stroke="{line}"/>'
        )

    def __str__(self) -> str:
        return "\n".join((*self.parts, "</svg>", ""))


def large_board(sheet: Sheet, x: float, y: float) -> None:
    """A 3B+, 4 or 5: 85 by 56 mm, at 1.8 pixels a mm."""
    sheet.box(x, y, 153, 101, fill="#e3efe9", line=MARK, round_=6)
    for hole in ((8, 8), (8, 93), (112, 8), (112, 93)):
        sheet.circle(x + hole[0], y + hole[1], 4, fill="#ffffff", line=MARK)
    sheet.box(x + 14, y + 4, 92, 9, fill=METAL, line=SOFT, round_=1)
    sheet.box(x + 36, y + 36, 27, 27, fill="#9fb0b7", line=SOFT, round_=2)
    for down in (4, 36, 68):
        sheet.box(x + 124, y + down, 34, 27, fill=METAL, line=SOFT, round_=2)
    sheet.box(x + 12, y + 92, 16, 12, fill=METAL, line=SOFT, round_=3)
    for across in (40, 66):
        sheet.box(x + across, y + 92, 14, 12, fill=METAL, line=SOFT, round_=2)
    sheet.box(x - 4, y + 38, 20, 22, fill="#3c4a52", line=INK, round_=2)


def small_board(sheet: Sheet, x: float, y: float) -> None:
    """A Zero 2 W: 65 by 30 mm, at the same scale."""
    sheet.box(x, y, 117, 54, fill="#e3efe9", line=MARK, round_=6)
    sheet.box(x + 14, y + 4, 90, 8, fill=METAL, line=SOFT, round_=1)
    sheet.box(x + 40, y + 18, 22, 22, fill="#9fb0b7", line=SOFT, round_=2)
    sheet.box(x + 14, y + 47, 18, 10, fill=METAL, line=SOFT, round_=2)
    for across in (64, 88):
        sheet.box(x + across, y + 47, 14, 10, fill=METAL, line=SOFT, round_=3)
    sheet.box(x - 4, y + 17, 20, 22, fill="#3c4a52", line=INK, round_=2)


def screen(sheet: Sheet, x: float, y: float, width: float, height: float, words: str) -> None:
    """A screen with something on it."""
    sheet.box(x, y, width, height, fill="#10161a", line=INK, round_=5)
    sheet.lines(x + 10, y + 24, words, size=11, colour="#d5dde0", mono=True)


def keyboard(sheet: Sheet, x: float, y: float, width: float) -> None:
    """Three rows of keys."""
    sheet.box(x, y, width, 32, fill=METAL, line=SOFT)
    for row in range(3):
        for key in range(int(width / 10) - 1):
            sheet.box(x + 5 + 10 * key, y + 5 + 8 * row, 7, 5, fill="#ffffff", line=LINE, round_=1)


def card(sheet: Sheet, x: float, y: float) -> None:
    """A micro SD card."""
    sheet.path(f"M{x} {y}h26l8 8v34a3 3 0 0 1-3 3H{x + 3}a3 3 0 0 1-3-3z", fill="#3c4a52", line=INK)
    for pin in range(5):
        sheet.box(x + 4 + 5 * pin, y + 4, 3, 9, fill="#e8cf6a", line="none", round_=0)


def which_pi() -> Sheet:
    """The first fork: three uses, three boards."""
    sheet = Sheet(344, "Which Pi: a 3B+, 4 or 5 at home; a Zero 2 W on a run; a 4 or 5 for a gym")
    uses = (
        ("you alone, at home", "3B+, 4 or 5", "a screen and a keyboard,\nor the laptop you have"),
        ("a run, in the pocket", "Zero 2 W", "power bank, sound card,\nearphones, a push button"),
        ("a gym's wall", "4 or 5", "a screen; a keyboard in\na drawer; a 2nd adapter"),
    )
    for number, (use, board, extra) in enumerate(uses):
        x = 20 + 245 * number
        sheet.box(x, 16, 230, 298, fill=PAPER)
        sheet.text(x + 115, 44, use, size=15, bold=True, middle=True)
        if number == 1:
            small_board(sheet, x + 56, 84)
        else:
            large_board(sheet, x + 38, 62)
        sheet.text(x + 115, 196, board, size=18, bold=True, middle=True, colour=MARK)
        sheet.lines(x + 115, 224, extra, middle=True)
        sheet.text(x + 115, 272, "and: power supply, 16 GB card", size=12, colour=SOFT, middle=True)
    note = "and for all three: a chest strap that sends RR intervals"
    sheet.text(380, 332, note, size=13, middle=True)
    return sheet


def imager() -> Sheet:
    """The second fork: what is chosen where, in the program that writes the card."""
    sheet = Sheet(300, "What to choose in Raspberry Pi Imager, in this order")
    card(sheet, 30, 24)
    sheet.text(
        84, 52, "Raspberry Pi Imager, on your computer: choose, in this order", size=15, bold=True
    )
    for number, (what, chosen) in enumerate(
        (
            ("device", "the Pi you have"),
            ("system", "Pi OS Lite (64-bit)"),
            ("storage", "the card"),
        )
    ):
        x = 30 + 236 * number
        sheet.box(x, 86, 220, 54)
        sheet.text(x + 12, 107, f"{number + 1}  {what}", size=12, colour=SOFT)
        sheet.text(x + 12, 128, chosen, bold=True)
        if number < 2:
            sheet.path(f"M{x + 223} 113h10m-4 -4l4 4l-4 4", line=MARK)
    sheet.box(30, 156, 692, 128)
    sheet.text(42, 178, "4  settings: edit them, do not skip them", size=12, colour=SOFT)
    for number, (name, value) in enumerate(
        (
            ("name", "beatwise"),
            ("user", "anna, and a password of yours"),
            ("Wi-Fi", "yours, with its COUNTRY"),
            ("time zone", "yours"),
            ("SSH", "on, with a password"),
        )
    ):
        x, y = 54 + 350 * (number // 3), 204 + 26 * (number % 3)
        sheet.text(x, y, name, colour=SOFT)
        sheet.text(x + 84, y, value, bold=True, colour=MARK if "COUNTRY" in value else INK)
    sheet.text(404, 270, "without a country Bluetooth stays off too", size=12, colour=MARK)
    return sheet


def two_ways() -> Sheet:
    """The third fork: in front of it, or from afar."""
    sheet = Sheet(330, "Two ways to type: at the Pi's own screen, or from a laptop by ssh")
    at_it = "beatwise login: anna\nPassword:\nanna@beatwise:~ $ _"
    afar = "$ ssh anna@beatwise.local\nanna@beatwise.local's password:\nanna@beatwise:~ $ _"
    for x, title, words in (
        (20, "a screen and a keyboard on the Pi", at_it),
        (390, "your laptop, in the same Wi-Fi", afar),
    ):
        sheet.box(x, 16, 350, 298)
        sheet.text(x + 175, 42, title, size=14, bold=True, middle=True)
        screen(sheet, x + 50, 58, 250, 100, words)
        keyboard(sheet, x + 70, 172, 210)
    sheet.lines(
        40, 236, "type your user, Enter, the password, Enter;\nof the password nothing is shown"
    )
    sheet.lines(
        410, 236, "in Terminal (Mac, Linux) or PowerShell\n(Windows); at the first time answer yes"
    )
    sheet.lines(
        195, 288, "the line that ends in $ waits for you", middle=True, size=12, colour=SOFT
    )
    sheet.lines(
        565, 288, "the line that ends in $ waits for you", middle=True, size=12, colour=SOFT
    )
    return sheet


def roles() -> Sheet:
    """The fourth fork: what this Pi is for."""
    sheet = Sheet(270, "Three roles: personal, pocket, kiosk")
    for number, (role, first, what) in enumerate(
        (
            (
                "personal",
                "when nothing is said",
                "the app when you log in,\nat its keyboard or by ssh",
            ),
            ("pocket", "--role pocket", "no screen: a button begins\nand ends, the ear is told"),
            ("kiosk", "--role kiosk", "the board, full screen,\nfrom power-on"),
        )
    ):
        x = 20 + 245 * number
        sheet.box(x, 16, 230, 238)
        sheet.text(x + 115, 44, role, size=16, bold=True, middle=True, colour=MARK)
        sheet.text(x + 115, 66, first, size=12, middle=True, mono=True)
        sheet.lines(x + 115, 210, what, middle=True)
        if role == "pocket":
            sheet.circle(x + 115, 130, 26, fill=METAL, line=SOFT)
            sheet.circle(x + 115, 130, 15, fill=MARK, line=INK)
            for reach in (40, 52):
                across, down = x + 115 + 0.8 * reach, 0.55 * reach
                sheet.path(f"M{across:g} {130 - down:g}q14 {down:g} 0 {2 * down:g}")
        else:
            board = (
                "138  157   99\nANNA BEN CHIARA"
                if role == "kiosk"
                else "Beatwise · Anna\nm  morning\ne  easy"
            )
            screen(sheet, x + 40, 84, 150, 74, board)
            if role == "personal":
                keyboard(sheet, x + 60, 164, 110)
    return sheet


def strap() -> Sheet:
    """How a chest strap is worn."""
    sheet = Sheet(
        330, "The strap under the chest muscle, its electrodes moist, its sensor in the middle"
    )
    body = (
        "M120 24c0 22 -6 34 -34 42c-34 10 -48 24 -50 60l-6 110h38l6 -78l4 154h152l4 -154l6 78h38"
        "l-6 -110c-2 -36 -16 -50 -50 -60c-28 -8 -34 -20 -34 -42"
    )
    sheet.path(body, fill="#f0e3d8", line="#a58b78")
    sheet.path("M92 136q28 22 62 4M154 140q34 18 62 -4", line="#c4aa96")
    sheet.path("M79 168q75 22 150 0l0 20q-75 22 -150 0z", fill="#3c4a52", line=INK)
    for left in (104, 170):
        sheet.box(left, 178, 34, 15, fill="#e8cf6a", line=INK, round_=3)
    sheet.box(139, 172, 30, 26, fill=MARK, line=INK, round_=8)
    for y, at, words in (
        (96, (186, 148), "under the chest muscle: not on it, not over a shirt"),
        (150, (210, 176), "firm, but you breathe freely"),
        (204, (188, 186), "the two electrodes on the skin, moistened with water"),
        (258, (156, 196), "the sensor in the middle, its writing the right way up"),
    ):
        sheet.path(f"M{at[0]} {at[1]}L326 {y - 5}", line=SOFT, width=1)
        sheet.text(334, y, words)
    sheet.text(
        334, 300, "then sit down, and leave it a minute before the test", size=12, colour=SOFT
    )
    return sheet


SHEETS: dict[str, Callable[[], Sheet]] = {
    "which-pi": which_pi,
    "imager": imager,
    "two-ways": two_ways,
    "roles": roles,
    "strap": strap,
}

if __name__ == "__main__":
    for name, draw in SHEETS.items():
        (HERE / f"{name}.svg").write_text(str(draw()))
