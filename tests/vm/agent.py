"""In the device: the hand of the test. Runs what the host says, as root, and answers.

One JSON object a line, over a port of its own: {"run": [words], "limit_s": s} is answered by
{"code": number or null, "out": text, "err": text}; null where the time was over.
"""

import json
import os
import subprocess
import time
from pathlib import Path

PORTS = Path("/sys/class/virtio-ports")


def port(name: str) -> str:
    """The device file of a port; the driver may still be looking for it."""
    while True:
        for entry in PORTS.glob("*"):
            if (entry / "name").read_text().strip() == name:
                return f"/dev/{entry.name}"
        time.sleep(0.1)


def run(words: list[str], limit_s: float) -> dict[str, object]:
    """Run a program to its end, or for so long."""
    try:
        done = subprocess.run(words, capture_output=True, timeout=limit_s, check=False)
    except subprocess.TimeoutExpired as late:
        return {"code": None, "out": _text(late.stdout), "err": _text(late.stderr)}
    except OSError as error:
        return {"code": 127, "out": "", "err": str(error)}
    return {"code": done.returncode, "out": _text(done.stdout), "err": _text(done.stderr)}


def _text(said: bytes | None) -> str:
    return (said or b"").decode(errors="replace")


def main() -> None:
    """Obey until the power goes."""
    fd = os.open(port("agent"), os.O_RDWR)
    with os.fdopen(fd, "rb", buffering=0, closefd=False) as lines:
        os.write(fd, b'{"ready": true}\n')
        rest = b""
        while True:
            chunk = lines.read(65536)
            if not chunk:  # the host is not listening yet, or no more
                time.sleep(0.1)
                continue
            rest += chunk
            while b"\n" in rest:
                line, _, rest = rest.partition(b"\n")
                wanted = json.loads(line)
                answer = json.dumps(run(wanted["run"], wanted["limit_s"])).encode() + b"\n"
                while answer:
                    answer = answer[os.write(fd, answer) :]


if __name__ == "__main__":
    main()
