"""Another program, run for a moment: given a time limit, killed when it takes longer."""

import asyncio
import os
import signal
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

REAP_S = 1.0
"""A killed program that stays for longer, stuck in the kernel, is left to itself."""
COMPLAINT_BYTES = 500


@dataclass(frozen=True, slots=True)
class Failed:
    """Why a program did not do it."""

    reason: str
    hung: bool = False
    """It had to be killed."""


async def run(words: Sequence[str], *, limit_s: float) -> Failed | None:
    """Run a program to its end; None when it succeeded.

    It gets no input, its output is dropped, and with it dies what it started.
    """
    try:
        process = await asyncio.create_subprocess_exec(
            *words,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
            start_new_session=True,
        )
    except OSError as error:
        return Failed(error.strerror or "cannot be started")
    ended = False
    try:
        async with asyncio.timeout(limit_s):
            complaint = await _last_words(process)
            code = await process.wait()
        ended = True
    except TimeoutError:
        return Failed(f"did not end within {limit_s:g} s", hung=True)
    finally:
        if not ended:
            await _kill(process)
    if code == 0:
        return None
    return Failed(complaint or f"ended with code {code}")


async def _last_words(process: asyncio.subprocess.Process) -> str:
    """The last line it complained in; however much it writes, little is kept."""
    kept = b""
    if process.stderr is not None:
        while read := await process.stderr.read(4096):
            kept = (kept + read)[-COMPLAINT_BYTES:]
    lines = kept.decode("utf-8", "replace").strip().splitlines()
    return "".join(c for c in lines[-1] if c.isprintable()) if lines else ""


async def _kill(process: asyncio.subprocess.Process) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    with suppress(TimeoutError):
        async with asyncio.timeout(REAP_S):
            await process.wait()
