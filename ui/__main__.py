"""The command line. A command imports what it needs when it is called, Textual for a screen."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from device.errors import BeatwiseError


class OneLineParser(argparse.ArgumentParser):
    """A parser whose complaint is one line and exit code 2, like every other mistake's."""

    def error(self, message: str) -> NoReturn:
        """Say what is wrong and where help is."""
        self.exit(2, f"beatwise: {message}; `{self.prog} --help` tells what can be said\n")


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
    live.add_argument("--headless", action="store_true", help="no screen: one JSON object a line")
    live.add_argument(
        "--for",
        dest="for_s",
        type=_seconds,
        metavar="SECONDS",
        help="stop by itself after so much session time",
    )

    scan = commands.add_parser("scan", parents=[anywhere], help="the heart-rate straps near you")
    scan.add_argument("--for", dest="for_s", type=_seconds, default=8.0, metavar="SECONDS")

    decode = commands.add_parser(
        "decode", parents=[anywhere], help="take one heart-rate frame (0x2A37) apart"
    )
    decode.add_argument("hex", nargs="*", metavar="HEX", help="the frame, such as 16 3C 00 04")

    commands.add_parser(
        "doctor", parents=[anywhere], help="is everything here that Beatwise needs?"
    )
    commands.add_parser("where", parents=[anywhere], help="where Beatwise keeps its files")

    analyse = commands.add_parser(
        "analyse", parents=[anywhere], help="any RR recording: its metrics and quality"
    )
    analyse.add_argument("file", type=Path, metavar="FILE")
    analyse.add_argument("--json", action="store_true", help="one JSON object")
    analyse.add_argument(
        "--unit",
        choices=("ms", "s"),
        default=argparse.SUPPRESS,
        help="of a file whose header does not say it",
    )
    return parser


def _shared_options() -> tuple[OneLineParser, OneLineParser]:
    """Options that may stand before or behind the command.

    They have no default of their own, so that what was said before it is not forgotten behind it.
    """
    anywhere = OneLineParser(add_help=False, argument_default=argparse.SUPPRESS)
    anywhere.add_argument(
        "--data", type=Path, metavar="DIR", help="where athletes, settings and beats live"
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


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds < float("inf"):
        raise argparse.ArgumentTypeError(f"{text!r} is no time; say seconds, such as 60")
    return seconds


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; the exit code is 0, or 2 with one clear line for a person's mistake."""
    options = build_parser().parse_args(arguments)
    try:
        return run(options)
    except BeatwiseError as error:
        print(f"beatwise: {error}", file=sys.stderr)
        return 2


def run(options: argparse.Namespace) -> int:
    """Do what was asked."""
    match options.command:
        case "decode":
            from ui import decode

            decode.run(options.hex)
        case "analyse":
            from ui import analyse

            analyse.run(options.file, unit=options.unit, as_json=options.json)
        case "where":
            from ui import where

            where.run(options.data)
        case "doctor":
            from ui import doctor

            return doctor.run(options.data)
        case "scan":
            from ui import scan

            return scan.run(options.for_s)
        case "live":
            from ui import live_command

            return live_command.run(options)
        case _:
            from ui import home_command

            return home_command.run(options)
    return 0


if __name__ == "__main__":
    sys.exit(main())
