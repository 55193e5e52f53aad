"""What a Linux console makes of the bytes it is sent: a character and two colours in each cell.

After drivers/tty/vt/vt.c of Linux 6: of a style it keeps what fits into a byte. With a font of 512
glyphs a ninth bit is needed for the glyph, and the backgrounds lose their bright half.
"""

import re
from dataclasses import dataclass, field
from functools import partial

UNDERLINED, ITALIC, FAINT = 6, 2, 8
"""The colours that stand for what a console's font cannot be: cyan, green, dark grey."""
BRIGHT = 8
LIGHT_GREY, BLACK = 7, 0
_SENT = re.compile(
    r"\x1b\[(?P<private>[<=>?]?)(?P<numbers>[\d;:]*)[ -/]*(?P<command>[@-~])"
    r"|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)"  # a title, a clipboard
    r"|\x1b[PX^_].*?\x1b\\"  # what is for other terminals
    r"|\x1b[ -/]*[0-~]"
    r"|(?P<text>.)",
    re.DOTALL,
)


SWITCHES: dict[int, dict[str, bool]] = {
    1: {"bold": True, "faint": False},
    2: {"bold": False, "faint": True},
    3: {"italic": True},
    4: {"underlined": True},
    7: {"reversed": True},
    21: {"underlined": True},
    22: {"bold": False, "faint": False},
    23: {"italic": False},
    24: {"underlined": False},
    27: {"reversed": False},
}


@dataclass(frozen=True, slots=True)
class Cell:
    """One place on the screen; the colours are numbers of the console's palette."""

    character: str = " "
    colour: int = LIGHT_GREY
    paper: int = BLACK


@dataclass(slots=True)
class Style:
    """What the escape sequences so far have asked for."""

    colour: int = LIGHT_GREY
    paper: int = BLACK
    bold: bool = False
    faint: bool = False
    italic: bool = False
    underlined: bool = False
    reversed: bool = False

    def select(self, numbers: list[int]) -> None:
        """Take in one ``CSI ... m``."""
        for number in numbers:
            tens, unit = divmod(number, 10)
            if number == 0:
                self.__init__()  # type: ignore[misc]
            elif number in SWITCHES:
                for name, on in SWITCHES[number].items():
                    setattr(self, name, on)
            elif number in (39, 49):
                self._paint(tens, LIGHT_GREY if tens == 3 else BLACK)
            elif tens in (3, 4, 9, 10) and unit < 8:
                self._paint(tens, unit)

    def _paint(self, tens: int, colour: int) -> None:
        if tens in (4, 10):  # a bright background is none
            self.paper = colour
        else:
            self.colour = colour
        if tens == 9:  # bright is bold, and stays so until it is taken back
            self.bold, self.faint = True, False

    def shown(self) -> tuple[int, int]:
        """The two colours of a cell."""
        colour, paper = self.colour, self.paper
        if self.italic:
            colour = ITALIC
        elif self.underlined:
            colour = UNDERLINED
        elif self.faint:
            colour = FAINT
        if self.reversed:  # the bright bit stays in front
            colour, paper = (colour & BRIGHT) | paper, colour & ~BRIGHT
        return (colour ^ BRIGHT if self.bold else colour), paper


@dataclass(slots=True)
class LinuxConsole:
    """A screen that is written on."""

    columns: int = 80
    lines: int = 24
    cells: list[list[Cell]] = field(init=False)
    _style: Style = field(default_factory=Style)
    _column: int = 0
    _line: int = 0

    def __post_init__(self) -> None:
        self.cells = [[Cell()] * self.columns for _ in range(self.lines)]

    def write(self, sent: str) -> None:
        """Take in what a program sends."""
        for found in _SENT.finditer(sent):
            if found["command"] is not None and not found["private"]:
                numbers = [int(one or 0) for one in re.split("[;:]", found["numbers"])]
                self._do(found["command"], numbers)
            elif found["text"] is not None:
                self._put(found["text"])

    def text(self) -> list[str]:
        """The characters of each line."""
        return ["".join(cell.character for cell in line) for line in self.cells]

    def _do(self, command: str, numbers: list[int]) -> None:
        first = numbers[0]
        many = max(1, first)
        match command:
            case "m":
                self._style.select(numbers)
            case "H" | "f":
                column = numbers[1] if len(numbers) > 1 else 1
                self._go(max(1, column) - 1, many - 1)
            case "A" | "B":
                self._go(self._column, self._line + (many if command == "B" else -many))
            case "C" | "D":
                self._go(self._column + (many if command == "C" else -many), self._line)
            case "G":
                self._go(many - 1, self._line)
            case "K":
                start, end = ((self._column, None), (0, self._column + 1), (0, None))[first]
                self._clear(self._line, slice(start, end))
            case "J":
                for line in range(self._line + 1 if first == 0 else 0, self.lines):
                    self._clear(line, slice(None))
                if first == 0:
                    self._clear(self._line, slice(self._column, None))

    def _go(self, column: int, line: int) -> None:
        self._column = min(max(column, 0), self.columns - 1)
        self._line = min(max(line, 0), self.lines - 1)

    def _clear(self, line: int, part: slice) -> None:
        empty = Cell(" ", LIGHT_GREY, self._style.paper)
        self.cells[line][part] = [empty] * len(self.cells[line][part])

    def _put(self, character: str) -> None:
        controls = {"\r": partial(self._go, 0, self._line), "\b": partial(self._do, "D", [1])}
        if character == "\n":
            self._feed()
        elif character in controls:
            controls[character]()
        elif character.isprintable():
            if self._column == self.columns:  # it wraps when there is more, not before
                self._column = 0
                self._feed()
            self.cells[self._line][self._column] = Cell(character, *self._style.shown())
            self._column += 1

    def _feed(self) -> None:
        if self._line == self.lines - 1:
            self.cells = [*self.cells[1:], [Cell()] * self.columns]
        else:
            self._line += 1
