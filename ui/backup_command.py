"""``beatwise backup TO`` and ``beatwise restore FILE``."""

import argparse

from device import backup, folder, restore
from ui import secret
from ui.wiring import local_now


def run(options: argparse.Namespace) -> int:
    """Make a backup, or put one back; one line tells what happened."""
    places = folder.places(options.data)
    file = options.passphrase_file
    if options.command == "restore":
        phrase = secret.ask("Passphrase", file=file)
        told = restore.restore(places, options.file.expanduser(), phrase, now=local_now())
        print(
            f"restored the backup of {told.made}: athletes {told.athletes}, sessions"
            f" {told.sessions}"
        )
        if told.left_out:
            print(f"left out, because erased here since: {told.left_out}")
        print(f"what was here before is in {told.kept}")
        return 0
    phrase = secret.ask("Passphrase", file=file, twice=True)
    made = backup.make(places, options.to.expanduser(), phrase, now=local_now())
    size_kb = -(-made.size_bytes // 1000)
    print(f"{made.path}: athletes {made.athletes}, sessions {made.sessions}, {size_kb} kB")
    print("Only the passphrase opens it; nobody can get it back for you.")
    return 0
