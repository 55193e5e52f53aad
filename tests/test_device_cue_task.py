"""Cues beside a measurement, which waits for nothing of them."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
import virtual_time

from device import cue_task
from device.config import Cueing
from device.cue import Cue, CueKind
from device.cue_task import cues_beside
from device.cues import Cues

SILENT = Cueing(tones=False, voice=False, bell=False)


class Slow:
    """A way that takes its time, told of each cue when it begins and when it is done."""

    name = "slow"

    def __init__(self, takes_s: float) -> None:
        self.begun: list[tuple[float, CueKind]] = []
        self.done = 0
        self._takes_s = takes_s

    def has(self, cue: Cue) -> bool:
        return True

    def how(self) -> str:
        return "slowly"

    async def give(self, cue: Cue) -> str | None:
        self.begun.append((virtual_time.now_s(), cue.kind))
        await asyncio.sleep(self._takes_s)
        self.done += 1
        return None


@pytest.fixture
def opens_in_3_s(monkeypatch: pytest.MonkeyPatch) -> Slow:
    """Ways that need 3 s until they are ready; the way itself takes 1 s a cue."""
    way = Slow(takes_s=1.0)

    @asynccontextmanager
    async def opened(
        settings: Cueing, *, tell: Callable[[str], object], on_button: Any = None
    ) -> AsyncIterator[Cues]:
        await asyncio.sleep(3.0)
        cues = Cues([way], tell=tell)
        telling = asyncio.create_task(cues.run())
        try:
            yield cues
            cues.end()
            await telling
        finally:
            telling.cancel()

    monkeypatch.setattr(cue_task, "open_cues", opened)
    return way


def test_a_session_begins_before_its_cues_can_be_told(opens_in_3_s: Slow) -> None:
    async def session() -> float:
        async with cues_beside(SILENT, tell=print) as say:
            began_s = virtual_time.now_s()
            say(Cue("start"))
            await asyncio.sleep(10.0)
        return began_s

    assert virtual_time.run(session()) == 0.0
    assert opens_in_3_s.begun == [(3.0, "start")]


def test_a_short_session_still_has_its_last_word(opens_in_3_s: Slow) -> None:
    async def session() -> float:
        async with cues_beside(SILENT, tell=print) as say:
            say(Cue("stop"))
        return virtual_time.now_s()

    assert virtual_time.run(session()) == 4.0
    assert opens_in_3_s.done == 1


@pytest.mark.parametrize("after_s", [1.0, 3.5])
def test_a_cancelled_session_ends_at_once(opens_in_3_s: Slow, after_s: float) -> None:
    async def session() -> float:
        async def measured() -> None:
            async with cues_beside(SILENT, tell=print) as say:
                say(Cue("over"))
                await asyncio.sleep(60.0)

        task = asyncio.create_task(measured())
        await asyncio.sleep(after_s)
        task.cancel()
        await asyncio.wait({task})
        assert task.cancelled()
        return virtual_time.now_s()

    assert virtual_time.run(session()) == after_s
    assert opens_in_3_s.done == 0


def test_a_mistake_in_the_session_is_not_hidden(opens_in_3_s: Slow) -> None:
    async def session() -> None:
        async with cues_beside(SILENT, tell=print):
            raise KeyError("session")

    with pytest.raises(KeyError, match="session"):
        virtual_time.run(session())


def test_the_real_ways_open_and_close_beside_a_session() -> None:
    async def session() -> str:
        async with cues_beside(SILENT, tell=print) as say:
            say(Cue("over"))
        return "done"

    assert asyncio.run(session()) == "done"
