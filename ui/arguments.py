"""What can be typed: the commands, their options, and one clear line for what is not understood."""

import argparse
from pathlib import Path
from typing import NoReturn

from device.finding import ROLES
from ui.argument_types import count, folder, seconds, weeks
from ui.arguments_upkeep import add_upkeep
from ui.terminal import plain


class OneLineParser(argparse.ArgumentParser):
    """A parser whose complaint is one line and exit code 2, like every other mistake's."""

    def error(self, message: str) -> NoReturn:
        """Say what is wrong and where help is."""
        self.exit(2, f"beatwise: {plain(message)}; `{self.prog} --help` tells what can be said\n")


def build_parser() -> argparse.ArgumentParser:
    """Everything that can be typed."""
    parser = OneLineParser(
        prog="beatwise",
        parents=_shared_options(),
        description="Train smart, not hard: from the strap's beats to today's ceiling. "
        "Without a command: the home screen.",
    )
    parser.set_defaults(data=None, athlete=None, source=None, unit=None)
    # Made anew: parsers share the option objects of their parents, and so their defaults.
    anywhere, session = _shared_options()
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")

    live = commands.add_parser(
        "live", parents=[anywhere, session], help="a session: is the effort inside the intent?"
    )
    live.add_argument(
        "--purpose",
        default="easy",
        metavar="P",
        help="recovery, easy (default), steady, tempo, intervals or ramp",
    )
    live.add_argument("--ceiling", type=float, metavar="BPM", help="your own ceiling for today")
    live.add_argument(
        "--override", action="store_true", help="do not mind what this morning's verdict caps"
    )
    live.add_argument(
        "--steps",
        metavar="PLAN",
        help="warm-up, work/recovery, cool-down: 10:00,4x(4:00/3:00),5:00",
    )
    live.add_argument("--why", default="", metavar="TEXT", help="what this session is for")
    live.add_argument(
        "--resume", action="store_true", help="go on with the session that was cut off, if any"
    )
    live.add_argument("--headless", action="store_true", help="no screen: one JSON object a line")
    live.add_argument(
        "--wait",
        action="store_true",
        help="with --headless: begin at SIGUSR1 or the button, which also end it",
    )
    live.add_argument(
        "--for",
        dest="for_s",
        type=seconds,
        metavar="SECONDS",
        help="stop by itself after so much session time",
    )

    kiosk = commands.add_parser(
        "kiosk",
        parents=[anywhere],
        help="a gym: everybody who trains here, on one board",
    )
    kiosk.add_argument(
        "--roster", type=Path, metavar="FILE", help="who trains here; added to those known already"
    )
    kiosk.add_argument(
        "--source",
        default=argparse.SUPPRESS,
        metavar="S",
        help="ble (default), or sim:N[@SPEED] for N simulated athletes",
    )
    kiosk.add_argument("--headless", action="store_true", help="no screen: one JSON object a line")
    kiosk.add_argument(
        "--for",
        dest="for_s",
        type=seconds,
        metavar="SECONDS",
        help="close by itself after so long",
    )

    morning = commands.add_parser(
        "morning", parents=[anywhere, session], help="the morning test: what can today bear?"
    )
    morning.add_argument("--headless", action="store_true", help="no screen: JSON lines")
    morning.add_argument(
        "--posture",
        choices=("seated", "supine", "standing"),
        help="as last time where not said; the first time seated",
    )
    morning.add_argument(
        "--protocol",
        choices=("quick", "standard", "long", "orthostatic"),
        help="60 s, 120 s, 300 s, or lying and then standing",
    )
    morning.add_argument("--paced", action="store_true", help="breathe 12 times a minute")
    morning.add_argument(
        "--feel",
        metavar="F,SL,SO,ST,M",
        help="fatigue, sleep, soreness, stress, mood: 1 (worst) to 5 (best); 4,,4,4,5 leaves sleep"
        " open",
    )
    morning.add_argument(
        "--symptoms", metavar="WORDS", help="none, cold, fever, chest, body or gut"
    )
    morning.add_argument("--tags", metavar="WORDS", help="such as alcohol,travel,late meal")
    morning.add_argument("--note", metavar="TEXT", help="anything worth remembering")
    morning.add_argument(
        "--date", metavar="D", help="YYYY-MM-DD, where this machine's clock cannot be trusted"
    )

    readiness = commands.add_parser(
        "readiness",
        parents=[anywhere],
        help="the verdict of a day, and what it was made from",
        description="The verdict of a day, and what it was made from. By chance alone a perfectly"
        " stable athlete is below the range of single days on 16 %% of days, and gets AMBER on"
        " 20 %% and RED on 1 %%; with `[readiness] calm = true` in config.toml that range is wider,"
        " and 6.7 %% of days are below it.",
    )
    readiness.add_argument("--athlete", default=argparse.SUPPRESS, metavar="A", help="whose it is")
    readiness.add_argument("--date", metavar="D", help="YYYY-MM-DD; today where not said")
    readiness.add_argument("--json", action="store_true", help="one JSON object")

    scan = commands.add_parser("scan", parents=[anywhere], help="the heart-rate straps near you")
    scan.add_argument("--for", dest="for_s", type=seconds, default=8.0, metavar="SECONDS")

    decode = commands.add_parser(
        "decode", parents=[anywhere], help="take one heart-rate frame (0x2A37) apart"
    )
    decode.add_argument("hex", nargs="*", metavar="HEX", help="the frame, such as 16 3C 00 04")

    cues = commands.add_parser(
        "cues", parents=[anywhere], help="hear and see what a session tells, and by what"
    )
    cues.add_argument(
        "kinds", nargs="*", metavar="KIND", help="such as over or step; all where none is named"
    )

    doctor = commands.add_parser(
        "doctor", parents=[anywhere], help="is everything here that Beatwise needs?"
    )
    doctor.add_argument("--json", action="store_true", help="one JSON object")
    doctor.add_argument("--role", choices=ROLES, help="what this machine is for")
    commands.add_parser("where", parents=[anywhere], help="where Beatwise keeps its files")

    analyse = commands.add_parser(
        "analyse", parents=[anywhere], help="any RR recording: its metrics and quality"
    )
    analyse.add_argument("file", type=Path, metavar="FILE")
    analyse.add_argument("--json", action="store_true", help="one JSON object")
    analyse.add_argument(
        "--spectrum", action="store_true", help="LF, HF and breathing as well; from 4 minutes"
    )
    analyse.add_argument(
        "--unit",
        choices=("ms", "s"),
        default=argparse.SUPPRESS,
        help="of a file whose header does not say it",
    )

    take = commands.add_parser(
        "import", parents=[anywhere], help="another app's daily history, or an RR recording"
    )
    take.add_argument("file", type=Path, metavar="FILE")
    take.add_argument("--athlete", default=argparse.SUPPRESS, metavar="A", help="whose it is")
    take.add_argument(
        "--dates",
        choices=("ymd", "ydm"),
        help="order of year, month and day, where the file does not show it",
    )
    take.add_argument(
        "--zone",
        metavar="ZONE",
        help="where it was measured, such as Europe/Rome; else this machine's time zone",
    )
    take.add_argument(
        "--unit", choices=("ms", "s"), default=argparse.SUPPRESS, help="of a recording's RR"
    )

    sessions = commands.add_parser(
        "sessions", parents=[anywhere], help="what was done, the newest session first"
    )
    sessions.add_argument(
        "--athlete", default=argparse.SUPPRESS, metavar="A", help="of one athlete"
    )
    sessions.add_argument(
        "--last", type=count, default=20, metavar="N", help="the last N of them (default: 20)"
    )
    sessions.add_argument("--json", action="store_true", help="one JSON object a line")

    show = commands.add_parser(
        "show", parents=[anywhere], help="one session: its verdict, its numbers, its trace"
    )
    show.add_argument("id", type=count, metavar="ID", help="as `beatwise sessions` lists it")
    show.add_argument("--json", action="store_true", help="one JSON object")

    history = commands.add_parser(
        "history", parents=[anywhere], help="the mornings by day, with each day's verdict"
    )
    history.add_argument("--athlete", default=argparse.SUPPRESS, metavar="A", help="whose it is")
    span = history.add_mutually_exclusive_group()
    span.add_argument(
        "--weeks", type=weeks, default=4, metavar="N", help="the last N weeks (default: 4)"
    )
    span.add_argument("--all", dest="weeks", action="store_const", const=None, help="everything")
    history.add_argument("--json", action="store_true", help="one JSON object a line, one a day")
    add_upkeep(commands, anywhere)
    return parser


def _shared_options() -> tuple[OneLineParser, OneLineParser]:
    """Options that may stand before or behind the command.

    They have no default of their own, so that what was said before it is not forgotten behind it.
    """
    anywhere = OneLineParser(add_help=False, argument_default=argparse.SUPPRESS)
    anywhere.add_argument(
        "--data", type=folder, metavar="DIR", help="where athletes, settings and beats live"
    )
    session = OneLineParser(add_help=False, argument_default=argparse.SUPPRESS)
    session.add_argument("--athlete", metavar="A", help="whose session this is")
    session.add_argument(
        "--source",
        metavar="S",
        help="ble (default), ble:ADDRESS, replay:FILE[@SPEED] or sim[:SEED][@SPEED]; SPEED is "
        "1, 60 or max",
    )
    session.add_argument(
        "--unit", choices=("ms", "s"), help="of a replayed file whose header does not say it"
    )
    return anywhere, session
