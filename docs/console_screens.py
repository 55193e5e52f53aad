"""Draw the screens as the Linux console shows them, and what a shell says there, for docs/PI.md.

``make screenshots`` runs it. The screens are the tests' scenes, the words those of a real run,
kept in docs/pi/*.txt; both are drawn with the font that the kiosk loads.
"""

import asyncio
import sys
from pathlib import Path

from console_picture import ConsoleFont, png, screen_of
from linux_console import LinuxConsole
from textual.app import App

sys.path.append(str(Path(__file__).parent.parent / "tests"))

import ui_board_scenes as board
import ui_corner_scenes as corner
import ui_morning_scenes as mornings
import ui_scenes as scenes

from ui.terminal import BLOCKS

HERE = Path(__file__).parent / "pi"
CONSOLE = {"glyphs": BLOCKS, "sixteen_colours": True}
PROMPT = "\x1b[1;32manna@beatwise\x1b[0m:\x1b[1;34m~ $\x1b[0m "


async def draw(name: str, app: App[object], *keys: str) -> None:
    """Write what an app shows after some keys as ``docs/pi/NAME.png``."""
    async with app.run_test(size=(80, 24)) as pilot:
        await scenes.shown_after(pilot, *keys)
        (HERE / f"{name}.png").write_bytes(png(screen_of(app), ConsoleFont()))


def say(name: str) -> None:
    """Write what a shell says, ``docs/pi/NAME.txt``, as a picture; lines with ``$`` are typed."""
    lines = (HERE / f"{name}.txt").read_text().splitlines()
    rows = sum(max(1, -(-len(line) // 80)) for line in lines)
    console = LinuxConsole(80, rows)
    typed = (PROMPT + line.removeprefix("$ ") if line.startswith("$ ") else line for line in lines)
    console.write("\r\n".join(typed))
    (HERE / f"{name}.png").write_bytes(png(console, ConsoleFont()))


async def main() -> None:
    """Draw them all."""
    await draw("home", scenes.app(home=scenes.overview(scenes.STRAP), **CONSOLE))
    await draw("live", scenes.app(scenes.live(), **CONSOLE))
    details, keys = scenes.SCENES["details"](**CONSOLE)
    await draw("details", details, *keys)
    await draw("question", mornings.app(mornings.SETTLE, **CONSOLE), "f", "4")
    await draw("recording", mornings.app(mornings.VIEWS["record"], **CONSOLE))
    told = mornings.plan(today=mornings.VERDICTS["amber"])
    await draw("verdict", mornings.app(on=told, **CONSOLE))
    await draw("board", board.wall(*board.EIGHT, **CONSOLE))
    await draw("corner", corner.CornerApp(corner.ScriptedCorner(corner.MIXED), **CONSOLE))
    for words in HERE.glob("*.txt"):
        say(words.stem)


if __name__ == "__main__":
    asyncio.run(main())
