"""How a runner is told: each cue in every way that the settings ask for and this machine has.

Nothing that measures waits for a cue. They are put down and given by a task of their own, a newer
one in place of an older about the same, and what could not be told in time is not told any more.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Protocol

from device.bell import Bell
from device.config import Cueing
from device.cue import Cue, Topic, topic
from device.gpio import Pins
from device.speaker import Speaker
from device.tones import Tones
from device.voice import Voice

STALE_S = 10.0
"""A cue that had to wait for longer speaks of another moment."""
WAY_LIMIT_S = 20.0
"""No way takes longer: a summary behind a melody, with both players failing slowly."""
LAST_WORD_S = 5.0
"""So long the last cue may take once the session is over."""


class Way(Protocol):
    """One way to tell a cue."""

    name: str

    def has(self, cue: Cue, /) -> bool:
        """Whether it can tell this kind at all."""

    def how(self) -> str:
        """By what it tells it, or why it cannot."""

    async def give(self, cue: Cue, /) -> str | None:
        """Tell it to its end; returns why not where that failed."""


@dataclass(frozen=True, slots=True)
class Given:
    """What became of a cue in one way."""

    way: str
    trouble: str | None


class Cues:
    """Tells cues, one after the other, once :meth:`run` is running; :func:`open_cues` does both.

    ``tell`` hears once of each way that does not work: "voice: no espeak-ng here".
    """

    def __init__(
        self,
        ways: Sequence[Way],
        last_resort: Way | None = None,
        *,
        tell: Callable[[str], object],
        missing: Mapping[str, str] | None = None,
    ) -> None:
        self.ways = tuple(ways)
        self.last_resort = last_resort
        self.missing = dict(missing or {})
        """Why what was asked for is not among the ways, by its name."""
        self._tell = tell
        self._told: set[str] = set()
        self._waiting: dict[Topic, tuple[Cue, float]] = {}
        self._wake = asyncio.Event()
        self._ending = False
        for way, trouble in self.missing.items():
            self._tell_once(way, trouble)

    def say(self, cue: Cue) -> None:
        """Put a cue down to be told; returns at once. One that waits about the same is dropped."""
        about = topic(cue.kind)
        self._waiting.pop(about, None)
        self._waiting[about] = (cue, asyncio.get_running_loop().time())
        self._wake.set()

    def end(self) -> None:
        """Nothing more will be said: :meth:`run` tells what waits and returns."""
        self._ending = True
        self._wake.set()

    async def run(self) -> None:
        """Tell what is put down until :meth:`end`."""
        loop = asyncio.get_running_loop()
        while self._waiting or not self._ending:
            await self._wake.wait()
            if self._waiting:
                cue, since_s = self._waiting.pop(next(iter(self._waiting)))
                if loop.time() - since_s <= STALE_S:
                    await self.give(cue)
            elif not self._ending:
                self._wake.clear()

    async def give(self, cue: Cue) -> list[Given]:
        """Tell a cue in every way, now; the last resort only where no other told it."""
        able = [way for way in self.ways if way.has(cue)]
        given = await asyncio.gather(*(self._try(way, cue) for way in able))
        last = self.last_resort
        if last is not None and last.has(cue) and all(one.trouble for one in given):
            given.append(await self._try(last, cue))
        return given

    def _tell_once(self, way: str, trouble: str) -> None:
        """Tell of a way that does not work, unless that, or the same of another, was told."""
        if not self._told & {way, trouble}:
            self._tell(f"{way}: {trouble}")
        self._told |= {way, trouble}

    async def _try(self, way: Way, cue: Cue) -> Given:
        try:
            async with asyncio.timeout(WAY_LIMIT_S):
                trouble = await way.give(cue)
        except TimeoutError:
            trouble = f"took longer than {WAY_LIMIT_S:g} s"
        if trouble is not None:
            self._tell_once(way.name, trouble)
        return Given(way.name, trouble)


@asynccontextmanager
async def open_cues(
    settings: Cueing,
    *,
    tell: Callable[[str], object],
    on_button: Callable[[], object] | None = None,
) -> AsyncIterator[Cues]:
    """Cues in the ways that the settings ask for, told by a task until the block is left.

    ``on_button`` is called in the loop whenever the button was held. What still waits at the end of
    the block is told, within ``LAST_WORD_S``; where the block is cancelled nothing is.
    """
    loop = asyncio.get_running_loop()

    def pressed() -> None:  # in gpiozero's thread
        if on_button is not None:
            loop.call_soon_threadsafe(on_button)

    with ExitStack() as until_over:
        ways: list[Way] = []
        troubles: dict[str, str] = {}
        try:
            folder = Path(until_over.enter_context(_own_folder()))
            ways.extend(await _sounds(settings, folder))
            pins = await asyncio.to_thread(
                Pins, settings, folder, on_button=None if on_button is None else pressed
            )
        except OSError as error:  # a full disk is no reason not to measure
            troubles["cues"] = f"nowhere to put sounds ({error.strerror})"
        else:
            until_over.callback(pins.close)
            ways.extend(pins.blinkers)
            troubles.update(pins.troubles)
        cues = Cues(ways, Bell() if settings.bell else None, tell=tell, missing=troubles)
        telling = asyncio.create_task(cues.run())
        try:
            yield cues
            cues.end()
            await asyncio.wait({telling}, timeout=LAST_WORD_S)
        finally:
            telling.cancel()
            await asyncio.wait({telling})
        if not telling.cancelled():
            telling.result()


def _own_folder() -> TemporaryDirectory[str]:
    return TemporaryDirectory(prefix="beatwise-", ignore_cleanup_errors=True)


async def _sounds(settings: Cueing, folder: Path) -> list[Way]:
    """The melody before the words: the speaker takes them in this order."""
    speaker = Speaker(settings.card)
    ways: list[Way] = []
    if settings.tones:
        tones = Tones(speaker, folder, volume_pct=settings.volume_pct)
        await asyncio.to_thread(tones.prepare)
        ways.append(tones)
    if settings.voice:
        ways.append(Voice(speaker, folder, volume_pct=settings.volume_pct))
    return ways
