"""One timer that puts onto the disk what is measured, however many measure at once."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from device.store import Store

EARLIER = 0.8
"""Committing begins after this share of the time allowed: the rest is for noticing and for a
slow disk."""
LOOK_S = 0.2


@asynccontextmanager
async def saving(store: Store, sync_s: float) -> AsyncIterator[None]:
    """While it lasts, nothing waits longer than ``sync_s`` for the disk.

    It may be entered by many at once, for the same store: the first starts the timer, the last
    stops it.
    """
    store.savers += 1
    if store.saver is None:
        store.saver = asyncio.create_task(_keep_saving(store, sync_s))
    try:
        yield
    finally:
        store.savers -= 1
        saver = store.saver
        if not store.savers and saver is not None:
            store.saver = None
            saver.cancel()
            with suppress(asyncio.CancelledError):
                await saver


async def _keep_saving(store: Store, sync_s: float) -> None:
    """Commit in time, in a thread: no disk delays a beat."""
    loop = asyncio.get_running_loop()
    while True:
        await asyncio.sleep(LOOK_S)
        if store.due(loop.time(), sync_s=sync_s * EARLIER):
            await asyncio.to_thread(store.commit)
