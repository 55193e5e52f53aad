"""``beatwise cues``: tell every cue once, and say by what it was told, or why not."""

import argparse
import asyncio
from collections.abc import Iterator, Sequence

from device import config, folder
from device.config import Cueing
from device.cue import Cue, spoken
from device.cues import Cues, Given, open_cues
from device.errors import BeatwiseError

EXAMPLES = (
    Cue("start"),
    Cue("over", 148.0),
    Cue("repeat", 149.0),
    Cue("walk", 156.0),
    Cue("back", 139.0),
    Cue("under", 117.0),
    Cue("signal_lost"),
    Cue("signal_back", 140.0),
    Cue("step", text="in 10 seconds: work 2/4, 160 to 170"),
    Cue("summary", text="10 minutes, heart rate 141, 92 percent in zone"),
    Cue("stop"),
)
"""Every kind, in the order of a session."""

BETWEEN_S = 0.7
ASKED_FOR_BY = {
    "tones": "tones = true",
    "voice": "voice = true",
    "light": "led_gpio = ...",
    "buzzer": "buzzer_gpio = ...",
    "button": "button_gpio = ...",
    "bell": "bell = true",
}


class UnknownCue(BeatwiseError, ValueError):
    """A cue that there is not."""


def run(options: argparse.Namespace) -> int:
    """Tell the cues that were asked for; exit code 1 where one could not be told in any way."""
    cues = chosen(options.kinds)
    settings = config.load(folder.places(options.data).data).cues
    try:
        return asyncio.run(_try_out(settings, cues))
    except KeyboardInterrupt:
        return 0


def chosen(kinds: Sequence[str]) -> list[Cue]:
    """The cues of some kinds, all where none is named; raises :class:`UnknownCue`."""
    known = {cue.kind: cue for cue in EXAMPLES}
    for kind in kinds:
        if kind not in known:
            raise UnknownCue(f"cues: {kind!r} is unknown; there is {', '.join(known)}")
    return [cue for cue in EXAMPLES if not kinds or cue.kind in kinds]


async def _try_out(settings: Cueing, wanted: Sequence[Cue]) -> int:
    troubles: list[str] = []
    untold = 0
    async with open_cues(
        settings, tell=troubles.append, on_button=lambda: print("  the button was held", flush=True)
    ) as cues:
        for name, words in ways(settings, cues):
            print(f"{name:<9}{words}")
        print(flush=True)
        troubles.clear()  # told by now
        for number, cue in enumerate(wanted):
            if number:
                await asyncio.sleep(BETWEEN_S)
            print(f"{cue.kind:<13}{spoken(cue) or '':<50}", end=" ", flush=True)
            given = await cues.give(cue)
            print(by(given), flush=True)
            for trouble in troubles:
                print(f"  {trouble}")
            troubles.clear()
            untold += all(one.trouble is not None for one in given)
    return int(untold > 0)


def ways(settings: Cueing, cues: Cues) -> Iterator[tuple[str, str]]:
    """Each way there could be, and how it stands with it here."""
    there = {way.name: way.how() for way in cues.ways}
    if cues.last_resort is not None:
        there["bell"] = f"{cues.last_resort.how()}, where nothing else tells it"
    if settings.button_gpio is not None:
        there["button"] = f"GPIO {settings.button_gpio}: hold it for a second to try it"
    there.update(cues.missing)
    for name, key in ASKED_FOR_BY.items():
        yield name, there.get(name, f"not asked for ({key} under [cues])")
    if "cues" in there:
        yield "cues", there["cues"]


def by(given: Sequence[Given]) -> str:
    """The ways in which a cue was told."""
    told = [one.way for one in given if one.trouble is None]
    return ", ".join(told) or ("not told" if given else "nothing to tell it by")
