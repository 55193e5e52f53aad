"""Cues beside a measurement: what they need is made ready meanwhile, and nothing waits for it."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from device.config import Cueing
from device.cue import Cue
from device.cues import Cues, open_cues


@asynccontextmanager
async def cues_beside(
    settings: Cueing,
    *,
    tell: Callable[[str], object],
    on_button: Callable[[], object] | None = None,
) -> AsyncIterator[Callable[[Cue], object]]:
    """What to say cues with; those said before the ways are ready wait for them.

    ``tell`` hears once of each way that does not work; ``on_button`` is called in the loop. The
    last cue is told before the block is left, within a few seconds; where the block fails or is
    cancelled, nothing more is told.
    """
    waiting: list[Cue] = []
    opened: Cues | None = None
    over = asyncio.Event()

    def say(cue: Cue) -> None:
        if opened is None:
            waiting.append(cue)
        else:
            opened.say(cue)

    async def hold() -> None:
        nonlocal opened
        async with open_cues(settings, tell=tell, on_button=on_button) as cues:
            opened = cues
            for cue in waiting:
                cues.say(cue)
            waiting.clear()
            await over.wait()

    holding = asyncio.create_task(hold())
    try:
        yield say
        over.set()
        await asyncio.wait({holding})
    finally:
        holding.cancel()
        await asyncio.wait({holding})
    if not holding.cancelled():
        holding.result()
