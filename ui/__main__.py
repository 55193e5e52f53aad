"""The command line. A command imports what it needs when it is called, Textual for a screen."""

import argparse
import errno
import os
import sys
from collections.abc import Sequence

from device.errors import BeatwiseError
from ui import output
from ui.arguments import build_parser
from ui.terminal import plain


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; the exit code is 0, or 2 with one clear line for a person's mistake."""
    # Read when numpy is loaded: its threads cost more to start than any sum here takes.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    output.open_what_is_closed()
    options = build_parser().parse_args(arguments)
    try:
        code = run(options)
        sys.stdout.flush()
    except BeatwiseError as error:
        # A name or a path in it may hold what would steer the terminal.
        told = "\n".join(plain(line) for line in str(error).split("\n"))
        print(f"beatwise: {told}", file=sys.stderr)
        return 2
    except BrokenPipeError:  # whoever read it has enough (`| head`)
        output.forget(sys.stdout)
        return 0
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        output.forget(sys.stdout)
        print(f"beatwise: {error.strerror}: {error.filename or 'the output'}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:  # before or after the time in which a session would be saved
        return 130
    return code


def run(options: argparse.Namespace) -> int:
    """Do what was asked."""
    match options.command:
        case "decode" | "analyse" | "where" | "doctor" | "scan" | "cues":
            return _look(options)
        case "roster" | "backup" | "restore" | "export" | "erase" | "reassign":
            return _look_after(options)
        case "import":
            from ui import import_command

            return import_command.run(options)
        case "sessions" | "show":
            from ui import sessions_command

            sessions_command.run(options)
        case "history":
            from ui import history_command

            return history_command.run(options)
        case "live":
            from ui import live_command

            return live_command.run(options)
        case "kiosk":
            from ui import kiosk_command

            return kiosk_command.run(options)
        case "morning":
            from ui import morning_command

            return morning_command.run(options)
        case "readiness":
            from ui import readiness_command

            readiness_command.run(options)
        case _:
            from ui import home_command

            return home_command.run(options)
    return 0


def _look_after(options: argparse.Namespace) -> int:
    """What is done to an installation as a whole, or to all of an athlete."""
    match options.command:
        case "roster":
            from ui import roster_command

            return roster_command.run(options)
        case "backup" | "restore":
            from ui import backup_command

            return backup_command.run(options)
        case "export":
            from ui import export_command

            return export_command.run(options)
        case "reassign":
            from ui import reassign_command

            return reassign_command.run(options)
        case _:
            from ui import erase_command

            return erase_command.run(options)


def _look(options: argparse.Namespace) -> int:
    """What is about this machine, or a file, or a frame, and about no athlete."""
    match options.command:
        case "decode":
            from ui import decode

            decode.run(options.hex)
        case "analyse":
            from ui import analyse

            analyse.run(
                options.file,
                unit=options.unit,
                as_json=options.json,
                with_spectrum=options.spectrum,
            )
        case "where":
            from ui import where

            where.run(options.data)
        case "doctor":
            from ui import doctor

            return doctor.run(options)
        case "scan":
            from ui import scan

            return scan.run(options.for_s)
        case "cues":
            from ui import cues_command

            return cues_command.run(options)
    return 0


if __name__ == "__main__":
    sys.exit(main())
