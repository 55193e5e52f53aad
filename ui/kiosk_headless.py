"""A gym without a screen: one JSON object a line, each with the athlete it is about."""

import asyncio
import signal
import sys
from dataclasses import asdict
from functools import partial

from device.gym import Gym
from device.happening import Asked, Came, Happening, Left, Measured
from ui.headless import JsonLines, SessionLines


async def headless(gym: Gym, until_s: float | None) -> None:
    """Run without a screen: JSON lines on standard output, the last one the summary.

    Ctrl-C is closing time: everybody is signed out. SIGTERM and SIGHUP are the machine's: the
    sessions stay open, and go on when it runs again.
    """
    running = asyncio.ensure_future(gym.run(until_s=until_s))
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGINT, gym.end)
    loop.add_signal_handler(signal.SIGTERM, running.cancel)
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
        loop.add_signal_handler(signal.SIGHUP, running.cancel)
    lines = KioskLines(JsonLines(sys.stdout, on_closed=gym.end))
    gym.watch = lines.tell
    looking = asyncio.ensure_future(lines.keep_looking(gym))
    await asyncio.wait({running, looking}, return_when=asyncio.FIRST_COMPLETED)
    looking.cancel()
    await asyncio.wait({running, looking})
    if not running.cancelled():
        running.result()
    lines.end(gym)


class KioskLines:
    """What happens in a gym, as lines."""

    def __init__(self, lines: JsonLines) -> None:
        self._lines = lines
        self._sessions: dict[str, SessionLines] = {}
        self._athletes: set[str] = set()
        self._count = 0
        self._inside_s = 0.0
        self._notices: tuple[str, ...] = ()

    def tell(self, happening: Happening) -> None:
        """Write what is worth a line."""
        match happening:
            case Came(athlete=athlete):
                self._sessions[athlete] = SessionLines(partial(self._lines.write, athlete=athlete))
                self._lines.write(
                    "sign_in",
                    happening.t_s,
                    athlete=athlete,
                    purpose=happening.purpose,
                    ceiling_bpm=happening.ceiling_bpm,
                )
            case Asked():
                self._lines.write(
                    "whose_strap",
                    happening.t_s,
                    athlete=None,
                    address=happening.address,
                    name=happening.name,
                )
            case Measured(athlete=athlete):
                if (session := self._sessions.get(athlete)) is not None:
                    session.show(happening.event, happening.reading)
            case Left(athlete=athlete):
                self._sessions.pop(athlete, None)
                self._athletes.add(athlete)
                self._count += 1
                self._inside_s += happening.summary.time_inside_s or 0.0
                self._lines.write(
                    "sign_out",
                    athlete=athlete,
                    session=happening.session,
                    left_open=happening.left_open,
                    **asdict(happening.summary),
                )

    async def keep_looking(self, gym: Gym) -> None:
        """Once a second: is there something a person should know?"""
        while True:
            board = gym.board()
            for notice in board.notices:
                if notice not in self._notices:
                    self._lines.write("notice", board.t_s, athlete=None, text=notice)
            self._notices = board.notices
            await asyncio.sleep(1.0)

    def end(self, gym: Gym) -> None:
        """The last line."""
        self._lines.write(
            "summary",
            gym.board().t_s,
            athlete=None,
            athletes=len(self._athletes),
            sessions=self._count,
            time_inside_s=self._inside_s,
            notices=list(self._notices),
        )
