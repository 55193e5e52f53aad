"""Threads that are none: what is given to them is done at once, so that virtual time can pass."""

import asyncio
from collections.abc import Callable, Coroutine
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, TypeVar

from virtual_time import VirtualLoop

T = TypeVar("T")


class Inline(ThreadPoolExecutor):
    def submit(self, fn: Callable[..., T], /, *args: Any, **kwargs: Any) -> Future[T]:
        done: Future[T] = Future()
        try:
            done.set_result(fn(*args, **kwargs))
        except Exception as error:  # noqa: BLE001 - as a real one does
            done.set_exception(error)
        return done


def run(work: Coroutine[Any, Any, T]) -> T:
    """``asyncio.run`` in virtual time, for what puts work into threads."""

    async def inline() -> T:
        asyncio.get_running_loop().set_default_executor(Inline(1))
        return await work

    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        return runner.run(inline())
