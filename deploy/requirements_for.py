"""The lines of a lock that apply to another machine: `requirements_for.py LOCK MACHINE PYTHON`.

pip decides by the Python it runs in; a wheelhouse is for others. Run with `packaging` at hand.
"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

from packaging.requirements import Requirement


def applying(lock: str, machine: str, minor: str) -> Iterator[str]:
    """Requirements, each with its hashes and without its marker."""
    target = {
        "python_version": minor,
        "python_full_version": f"{minor}.0",
        "platform_machine": machine,
        "sys_platform": "linux",
        "platform_system": "Linux",
        "os_name": "posix",
        "implementation_name": "cpython",
        "platform_python_implementation": "CPython",
    }
    whole_lines = re.sub(r"(?m)^\s*#.*\n", "", lock).replace("\\\n", " ")
    for line in filter(str.strip, whole_lines.splitlines()):
        words, *hashes = re.split(r"\s+(?=--hash=)", line.strip())
        wanted = Requirement(words)
        if wanted.marker is None or wanted.marker.evaluate(target):
            wanted.marker = None
            yield " ".join((str(wanted), *hashes))


if __name__ == "__main__":
    path, to_machine, to_minor = sys.argv[1:]
    print("\n".join(applying(Path(path).read_text(), to_machine, to_minor)))
