"""Cues wait for one another, never for long, and nobody waits for them."""

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest
import virtual_time

from device.bell import Bell
from device.config import Cueing
from device.cue import LONGEST_TEXT, Cue, CueKind, spoken, topic
from device.cues import STALE_S, WAY_LIMIT_S, Cues, Given, open_cues
from device.tones import MELODIES


class Scripted:
    """A way that takes its time, and fails where it is told to."""

    def __init__(
        self,
        name: str = "way",
        *,
        takes_s: float = 0.0,
        trouble: str | None = None,
        kinds: Sequence[CueKind] | None = None,
    ) -> None:
        self.name = name
        self.given: list[tuple[float, CueKind]] = []
        self.began = asyncio.Event()
        self.ended = 0
        self._takes_s = takes_s
        self._trouble = trouble
        self._kinds = kinds

    def has(self, cue: Cue) -> bool:
        return self._kinds is None or cue.kind in self._kinds

    def how(self) -> str:
        return "scripted"

    async def give(self, cue: Cue) -> str | None:
        self.given.append((virtual_time.now_s(), cue.kind))
        self.began.set()
        await asyncio.sleep(self._takes_s)
        self.ended += 1
        return self._trouble


def told_by(
    way: Scripted, *script: tuple[float, CueKind], last_resort: Scripted | None = None
) -> list[str]:
    """Say the cues of a script (waiting time before each, kind), then end; returns the troubles."""
    troubles: list[str] = []

    async def session() -> None:
        cues = Cues([way], last_resort, tell=troubles.append)
        running = asyncio.create_task(cues.run())
        for wait_s, kind in script:
            await asyncio.sleep(wait_s)
            cues.say(Cue(kind))
        cues.end()
        await running

    virtual_time.run(session())
    return troubles


def test_what_waits_about_the_same_is_dropped_for_what_is_newer() -> None:
    way = Scripted(takes_s=5.0)
    told_by(way, (0, "start"), (1, "over"), (1, "walk"), (1, "back"))
    assert way.given == [(0.0, "start"), (5.0, "back")]


def test_what_waits_about_other_things_is_told_in_its_order() -> None:
    way = Scripted(takes_s=2.0)
    told_by(way, (0, "start"), (0.5, "signal_lost"), (0.5, "step"), (0.5, "over"))
    assert [kind for _, kind in way.given] == ["start", "signal_lost", "step", "over"]


def test_a_cue_that_had_to_wait_too_long_is_not_told() -> None:
    way = Scripted(takes_s=STALE_S + 5)
    told_by(way, (0, "start"), (4.0, "over"), (2.0, "signal_lost"))
    assert way.given == [(0.0, "start"), (15.0, "signal_lost")]


def test_a_flood_of_cues_leaves_at_most_one_of_each_topic_waiting() -> None:
    kinds: tuple[CueKind, ...] = ("over", "signal_lost", "step", "summary", "stop", "repeat")
    way = Scripted(takes_s=1.0)
    told_by(way, (0, "start"), (0.1, "over"), *((0.0, kind) for kind in kinds * 500))
    assert len(way.given) == 1 + len({topic(kind) for kind in kinds})


def test_saying_does_not_wait_for_telling() -> None:
    async def session() -> float:
        cues = Cues([Scripted(takes_s=WAY_LIMIT_S)], tell=print)
        running = asyncio.create_task(cues.run())
        await asyncio.sleep(0)
        for _ in range(50):
            cues.say(Cue("over"))
            await asyncio.sleep(0)
        said_at_s = virtual_time.now_s()
        running.cancel()
        return said_at_s

    assert virtual_time.run(session()) == 0.0


def test_a_way_that_hangs_is_given_up_and_the_next_cue_told() -> None:
    way = Scripted(takes_s=1e6)
    troubles = told_by(way, (0, "over"), (WAY_LIMIT_S - 1, "signal_lost"))
    assert way.given == [(0.0, "over"), (WAY_LIMIT_S, "signal_lost")]
    assert troubles == [f"way: took longer than {WAY_LIMIT_S:g} s"]


def test_a_way_that_does_not_work_is_told_of_once() -> None:
    assert told_by(
        Scripted("voice", trouble="no espeak-ng here"), (0, "over"), (1, "back"), (1, "over")
    ) == ["voice: no espeak-ng here"]


def test_the_same_trouble_of_two_ways_is_told_once() -> None:
    async def session() -> list[str]:
        troubles: list[str] = []
        ways = [Scripted("tones", trouble="no card"), Scripted("voice", trouble="no card")]
        await Cues(ways, tell=troubles.append).give(Cue("over"))
        return troubles

    assert virtual_time.run(session()) == ["tones: no card"]


@pytest.mark.parametrize(
    ("trouble", "kind", "rung"),
    [(None, "over", []), ("broken", "over", ["over"]), ("broken", "summary", [])],
)
def test_the_last_resort_is_for_what_nothing_else_could_tell(
    trouble: str | None, kind: CueKind, rung: list[str]
) -> None:
    bell = Scripted("bell", kinds=tuple(MELODIES))
    told_by(Scripted(trouble=trouble), (0, kind), last_resort=bell)
    assert [kind for _, kind in bell.given] == rung


def test_one_way_that_works_is_enough() -> None:
    async def session() -> list[Given]:
        ways = [Scripted("tones", trouble="broken"), Scripted("light")]
        return await Cues(ways, Scripted("bell"), tell=print).give(Cue("over"))

    assert virtual_time.run(session()) == [Given("tones", "broken"), Given("light", None)]


def test_all_ways_begin_at_once() -> None:
    ways = [Scripted("tones", takes_s=1.0), Scripted("light", takes_s=1.0)]
    virtual_time.run(Cues(ways, tell=print).give(Cue("over")))
    assert [way.given for way in ways] == [[(0.0, "over")]] * 2


def test_what_waits_at_the_end_is_still_told() -> None:
    way = Scripted(takes_s=1.0)
    told_by(way, (0, "over"), (0, "stop"))
    assert [kind for _, kind in way.given] == ["over", "stop"]


@pytest.mark.parametrize(
    ("cue", "words"),
    [
        (Cue("over", 148.2), "ease off, 148"),
        (Cue("over"), "ease off"),
        (Cue("repeat", 151.0), "ease off, 151"),
        (Cue("walk", 156.4), "walk, 156"),
        (Cue("under", 117.0), "pick it up, 117"),
        (Cue("back", 139.0), "back in zone"),
        (Cue("signal_lost"), "strap lost"),
        (Cue("signal_back", 140.0), "strap back"),
        (Cue("step", text="in 10 seconds: work 2/4"), "in 10 seconds: work 2 of 4"),
        (Cue("step", text="\x1b[2J work\n\0 2"), "[2J work 2"),
        (Cue("summary"), None),
        (Cue("summary", text=" \n"), None),
        (Cue("step", text="x" * 1000), "x" * LONGEST_TEXT),
    ],
)
def test_a_cue_is_few_words(cue: Cue, words: str | None) -> None:
    assert spoken(cue) == words


SILENT = Cueing(tones=False, voice=False, bell=False)


def opened(settings: Cueing) -> tuple[list[str], list[Given], list[str]]:
    """The ways that settings open, what became of a cue, and what was told of."""
    troubles: list[str] = []

    async def session() -> tuple[list[str], list[Given]]:
        async with open_cues(settings, tell=troubles.append) as cues:
            return [way.name for way in cues.ways], await cues.give(Cue("over"))

    ways, given = asyncio.run(session())
    return ways, given, troubles


def test_who_asks_for_nothing_is_told_nothing() -> None:
    assert opened(SILENT) == ([], [], [])


def test_a_session_goes_on_where_no_sound_can_be_put_anywhere(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def full() -> Any:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("device.cues._own_folder", full)
    assert opened(Cueing(bell=False)) == (
        [],
        [],
        ["cues: nowhere to put sounds (No space left on device)"],
    )


def test_a_cancelled_session_does_not_wait_for_its_cues() -> None:
    slow = Scripted(takes_s=1.0)

    async def session() -> None:
        async def inner() -> None:
            async with open_cues(SILENT, tell=print) as cues:
                cues.ways = (slow,)
                cues.say(Cue("over"))
                await asyncio.sleep(60.0)

        task = asyncio.create_task(inner())
        await slow.began.wait()
        task.cancel()
        await asyncio.wait({task})

    asyncio.run(session())
    assert (len(slow.given), slow.ended) == (1, 0)


def test_the_bell_rings_the_terminal_with_one_byte(tmp_path: Any) -> None:
    terminal = tmp_path / "tty"
    terminal.touch()
    assert asyncio.run(Bell(terminal).give(Cue("over"))) is None
    assert terminal.read_bytes() == b"\a"


def test_a_bell_without_a_terminal_says_so(tmp_path: Any) -> None:
    trouble = asyncio.run(Bell(tmp_path / "none").give(Cue("over")))
    assert trouble == "no terminal to ring (No such file or directory)"
