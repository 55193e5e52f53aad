"""In the device: run a program and tell what it cost, as one JSON object.

    measure.py USER [--until TEXT] [--for SECONDS] -- PROGRAM WORD...

With --until it gets Ctrl-C (SIGINT) when a line has TEXT in it; with --for after so many seconds
more, else at once. {"code": n, "wall_s": s, "until_s": s or null, "cpu_s": s, "most_mb": MB,
"out": text, "err": text}; "most_mb" is the largest resident size of a process of it.
"""

import argparse
import json
import os
import pwd
import resource
import signal
import subprocess
import tempfile
import threading
import time


def main() -> None:
    """Run it, and print what it cost."""
    parser = argparse.ArgumentParser()
    parser.add_argument("user")
    parser.add_argument("--until")
    parser.add_argument("--for", dest="for_s", type=float, default=0.0)
    parser.add_argument("words", nargs="+")
    options = parser.parse_args()
    user = pwd.getpwnam(options.user)
    said: list[str] = []
    until_s = None
    began_s = time.monotonic()
    with tempfile.TemporaryFile("w+") as err:
        program = subprocess.Popen(
            options.words,
            stdout=subprocess.PIPE,
            stderr=err,
            text=True,
            user=user.pw_uid,
            group=user.pw_gid,
            extra_groups=os.getgrouplist(user.pw_name, user.pw_gid),
            env={**os.environ, "HOME": user.pw_dir, "LC_ALL": "C.UTF-8"},
            cwd="/",
        )
        assert program.stdout is not None
        for line in program.stdout:
            said.append(line)
            if until_s is None and options.until and options.until in line:
                until_s = time.monotonic() - began_s
                stop = threading.Timer(options.for_s, program.send_signal, (signal.SIGINT,))
                stop.daemon = True  # a program that ends by itself is not waited for
                stop.start()
        code = program.wait()
        wall_s = time.monotonic() - began_s
        err.seek(0)
        complaint = err.read()
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    cost = {
        "code": code,
        "wall_s": wall_s,
        "until_s": until_s,
        "cpu_s": used.ru_utime + used.ru_stime,
        "most_mb": used.ru_maxrss / 1024,
    }
    print(json.dumps({**cost, "out": "".join(said), "err": complaint}))


if __name__ == "__main__":
    main()
