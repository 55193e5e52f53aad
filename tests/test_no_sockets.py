"""Nothing listens: the sockets of a running kiosk, as the kernel tells of them."""

import os
import re
import signal
import subprocess
from contextlib import suppress
from pathlib import Path

import pytest
from live_process import command

LISTENING = {"tcp": "0A", "tcp6": "0A", "udp": "07", "udp6": "07"}
"""State of a socket that waits for strangers, in the tables of ``/proc/PID/net``."""


def sockets_of(pid: int) -> set[str]:
    """Inodes of the sockets a process holds."""
    found = set()
    for link in Path(f"/proc/{pid}/fd").iterdir():
        with suppress(FileNotFoundError):  # closed meanwhile: the listing's own, for one
            if inode := re.fullmatch(r"socket:\[(\d+)\]", str(link.readlink())):
                found.add(inode[1])
    return found


def waiting(pid: int) -> list[str]:
    """Those of a process's sockets on which somebody could call, network and Unix."""
    ours, found = sockets_of(pid), []
    net = Path(f"/proc/{pid}/net")
    for table, state in LISTENING.items():
        if (net / table).exists():
            rows = [line.split() for line in (net / table).read_text().splitlines()[1:]]
            found += [f"{table} {row[1]}" for row in rows if row[3] == state and row[9] in ours]
    for line in (net / "unix").read_text().splitlines()[1:]:
        row = line.split()
        if int(row[3], 16) & 0x10000 and row[6] in ours:  # it accepts connections
            found.append(f"unix {row[7:]}")
    for table in ("raw", "raw6", "packet"):
        rows = (net / table).read_text().splitlines()[1:] if (net / table).exists() else []
        found += [f"{table} {line}" for line in rows if ours & set(line.split())]
    return found


def test_a_listening_socket_would_be_found():
    import socket

    with socket.socket() as inet, socket.socket(socket.AF_UNIX) as unix:
        inet.bind(("127.0.0.1", 0))
        inet.listen()
        unix.bind(f"\0beatwise-test-{os.getpid()}")
        unix.listen()
        found = waiting(os.getpid())
    assert [one.split()[0] for one in found] == ["tcp", "unix"]


@pytest.mark.parametrize(
    "words",
    [
        ("kiosk", "--headless", "--source", "sim:8"),
        ("live", "--headless", "--source", "sim:7"),
    ],
    ids=["kiosk", "live"],
)
def test_nothing_that_runs_listens(tmp_path, words):
    with subprocess.Popen(command(*words, data=tmp_path), stdout=subprocess.PIPE) as running:
        try:
            assert running.stdout.readline().startswith(b"{")  # it is at work
            assert running.stdout.readline().startswith(b"{")
            assert waiting(running.pid) == []
        finally:
            running.send_signal(signal.SIGTERM)
            running.stdout.close()
            running.wait(60)
