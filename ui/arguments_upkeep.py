"""What can be typed to look after an installation: who trains here, backups, exports, erasing."""

import argparse
from pathlib import Path
from typing import Any

from ui.argument_types import count


def add_upkeep(commands: Any, anywhere: argparse.ArgumentParser) -> None:
    """Add the commands; ``commands`` is what ``add_subparsers`` gave."""
    _add_roster(commands, anywhere)
    _add_backups(commands, anywhere)

    export = commands.add_parser(
        "export", parents=[anywhere], help="an athlete's sessions and mornings, as CSV and RR text"
    )
    export.add_argument("--athlete", default=argparse.SUPPRESS, metavar="A", help="whose they are")
    export.add_argument(
        "to",
        type=Path,
        nargs="?",
        default=Path(),
        metavar="TO",
        help="a folder or a new .zip; here where not said",
    )
    export.add_argument("--fit", action="store_true", help="FIT files with hrv messages as well")

    reassign = commands.add_parser(
        "reassign",
        parents=[anywhere],
        help="a session or a morning test was somebody else's",
        description="Makes a session somebody else's, with its marks, its rating and the morning it"
        " was taken for, and judges it anew by that athlete's ceiling.",
    )
    reassign.add_argument("id", type=count, metavar="ID", help="as `beatwise sessions` lists it")
    reassign.add_argument("--athlete", default=argparse.SUPPRESS, metavar="B", help="whose it is")

    erase = commands.add_parser(
        "erase",
        parents=[anywhere],
        help="everything of an athlete, gone for good",
        description="Erases an athlete from every file: sessions, mornings, profile and PIN, the"
        " database's free pages and log, databases kept aside, and backups that can be reached,"
        " which go whole, with everybody in them: make a new one.",
    )
    erase.add_argument("--athlete", default=argparse.SUPPRESS, metavar="A", help="whom to erase")
    erase.add_argument("--yes", action="store_true", help="do not ask for the name once more")


def _add_roster(commands: Any, anywhere: argparse.ArgumentParser) -> None:
    roster = commands.add_parser(
        "roster", parents=[anywhere], help="who trains here; their PINs; in and out of one file"
    )
    doing = roster.add_subparsers(dest="doing", metavar="DOING")
    doing.add_parser("list", parents=[anywhere], help="everybody, one a line (as without DOING)")
    out = doing.add_parser("export", parents=[anywhere], help="everybody into one TOML file")
    out.add_argument("file", type=Path, metavar="FILE")
    take = doing.add_parser("import", parents=[anywhere], help="add or update those in a file")
    take.add_argument("file", type=Path, metavar="FILE")
    pin = doing.add_parser(
        "pin",
        parents=[anywhere],
        help="set somebody's PIN, asked for without showing it",
        description="Sets a PIN in place of the one there was, and ends any wait after wrong"
        " tries. The digits are asked for, or read from standard input; never written behind the"
        " command, where others could see them.",
    )
    pin.add_argument("name", nargs="?", metavar="NAME", help="whose PIN")
    pin.add_argument(
        "--admin", action="store_true", help="the one for roster, settings and leaving the kiosk"
    )


def _add_backups(commands: Any, anywhere: argparse.ArgumentParser) -> None:
    backup = commands.add_parser(
        "backup",
        parents=[anywhere],
        help="everything into one encrypted file, on a stick",
        description="Writes everything into one file, encrypted with a passphrase: whole or not at"
        " all, also while a session is measured. Without the passphrase nobody can open it.",
    )
    backup.add_argument("to", type=Path, metavar="TO", help="a folder, or a new file")
    restore = commands.add_parser(
        "restore",
        parents=[anywhere],
        help="put a backup back; what is there now is kept aside",
        description="Decrypts and checks a backup, then puts it in place of everything here, which"
        " is kept in a folder of its own. Whoever was erased here since is left out.",
    )
    restore.add_argument("file", type=Path, metavar="FILE")
    for one in (backup, restore):
        one.add_argument(
            "--passphrase-file",
            type=Path,
            metavar="F",
            help="its first line is the passphrase; else it is asked for, or read from standard"
            " input",
        )
