"""`make test-faults`: eight straps killed, cut off and refused; writes into docs/RELIABILITY.md.

    run.py [MOMENTS]

Exit code 1 where anything was lost that should not have been. Skips, saying why, where faults
cannot be injected. Real time: some four minutes.
"""

import platform
import sqlite3
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from faults import faulty
from faults.cuts import Cut, Recording, power_cuts, record
from faults.kills import Killed, killed
from faults.refusals import FAULTS, Refused, refused
from faults.witness import Lost, worst
from reliability import write_section

MOMENTS = 200
FOLDERS = 10
"""So many programs are killed beside each other."""
RECORDED_S = 75.0
CAREFUL = ({"speed": 1}, {"speed": 4}, {"speed": 10}, {"speed": 40})
CARELESS = ({"speed": 4, "synchronous": "NORMAL"}, {"speed": 4, "synchronous": "OFF"})
CARELESS_CUTS = 40
STALL_S = 0.5
"""Nobody should see the screen wait for longer."""
OFF_S = 0.5
MUST_SAY = {"the disk": "not saving", "the clock": "the clock cannot be trusted"}
"""What the board says of a fault while it lasts begins so."""


def main() -> int:
    """Do it all, write the report, say what is wrong."""
    if (why := faulty.why_not()) is not None:
        print(f"skipped: {why}")
        return 0
    moments = int(sys.argv[1]) if len(sys.argv) > 1 else MOMENTS
    began_s = time.monotonic()
    with TemporaryDirectory() as folder, ThreadPoolExecutor(32) as pool:
        at, library = Path(folder), faulty.build(Path(folder))

        def start(work: Callable, name: str, *more: object, **options: object) -> Future:
            return pool.submit(work, library, at / name, *more, **options)

        recording = [
            start(record, f"recording {number}", RECORDED_S, **options)
            for number, options in enumerate((*CAREFUL, *CARELESS))
        ]
        refusing = [start(refused, fault, fault) for fault in FAULTS]
        refusals = [one.result() for one in refusing]
        killing = [
            start(killed, f"killed {number}", moments // FOLDERS, number)
            for number in range(FOLDERS)
        ]
        recordings = [one.result() for one in recording]
        careful, careless = recordings[: len(CAREFUL)], recordings[len(CAREFUL) :]
        kills = [kill for one in killing for kill in one.result()]
        cuts = list(power_cuts(careful, moments, at / "cuts", seed=1))
        bad = [
            list(power_cuts([one], CARELESS_CUTS, at / f"careless {number}", seed=2))
            for number, one in enumerate(careless)
        ]
    wrong = [*_wrong(kills, recordings, cuts, bad), *_wrong_refusals(refusals)]
    sections = (
        OPENING.format(machine=_machine(), minutes=(time.monotonic() - began_s) / 60),
        _kills(kills),
        _cuts(careful, cuts, bad),
        _refusals(refusals),
        "\n".join(["## Wrong", "", *(f"- {one}" for one in wrong)]) if wrong else "",
    )
    text = "\n\n".join(filter(None, sections)) + "\n"
    print(text)
    if moments == MOMENTS:
        write_section("faults", text)
    return 1 if wrong else 0


def _machine() -> str:
    return (
        f"{platform.machine()}, Linux {platform.release().split('-')[0]},"
        f" Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}"
    )


def _wrong(
    kills: Sequence[Killed],
    recordings: Sequence[Recording],
    cuts: Sequence[Cut],
    bad: Sequence[Sequence[Cut]],
) -> list[str]:
    wrong = [f"killed: {one.trouble}" for one in kills if one.trouble]
    wrong += [f"power cut: {one.trouble}" for one in cuts if one.trouble]
    if not all(one.complete for one in recordings):
        wrong.append("the recorder missed a change to the disk")
    if not all(any(one.trouble for one in each) for each in bad):
        wrong.append("the disk did not find out who does not sync")
    return wrong


def _wrong_refusals(refusals: Sequence[Refused]) -> list[str]:
    wrong = []
    for one in refusals:
        silent = next((said for what, said in MUST_SAY.items() if what in one.fault), None)
        news = {said for said in one.said_after if not said.startswith("the clock was set")}
        if one.lost.beats:
            wrong.append(f"{one.fault}: {one.lost.beats} notifications lost")
        if silent and not any(said.startswith(silent) for said in one.said):
            wrong.append(f"{one.fault}: nothing was said")
        if news:
            wrong.append(f"{one.fault}: still said after it was over: {news}")
        if one.stall_s - one.stall_waited_s > STALL_S:
            wrong.append(f"{one.fault}: the screen waited for {one.stall_s:.2f} s")
        if one.freshness != {"fresh"}:
            wrong.append(f"{one.fault}: readings were {', '.join(sorted(one.freshness))}")
        if one.off_s > OFF_S:
            wrong.append(f"{one.fault}: a session is {one.off_s:.1f} s too long or too short")
        if one.filed_off_s > 3600.0 or ("clock" in one.fault) != bool(one.marks):
            wrong.append(f"{one.fault}: filed {one.filed_off_s:.0f} s off, marks {one.marks}")
    return wrong


# -- the report

OPENING = """\
Written by `make test-faults`; do not edit. Real processes, eight simulated straps, real time.
{machine}; {minutes:.1f} minutes.

A strap's notification counts as sent before the program hears of it; each is then looked for in the
database, in its order. **Lost** is the age, at the fault, of the oldest one that is not there: at
most 5 s, and what the program had to wait for a processor meanwhile, which is given beside it."""


def _loss(lost: Lost) -> str:
    waited = f" (waited {lost.waited_s:.1f})" if lost.waited_s >= 0.05 else ""
    return f"{lost.oldest_s:.1f} s{waited}"


def _kills(kills: Sequence[Killed]) -> str:
    inside = [one for one in kills if one.in_a_change]
    return f"""## kill -9 at {len(kills)} random moments

{FOLDERS} data folders, killed and started again in turn. Half the kills were meant to fall into a
change to the disk: a write is then half done.

| | |
|---|---:|
| killed in the midst of a change to the disk | {len(inside)} |
| notifications heard | {sum(one.beats for one in kills)} |
| the oldest lost | {_loss(worst(one.lost for one in kills))} |
| lost though older than 5 s | {sum(one.lost.too_old for one in kills)} times |
| starts after which the sessions of before had grown | {sum(one.went_on for one in kills)} |
| begun a second time instead of gone on with, damaged (`PRAGMA integrity_check`), \
or other beats than were sent | {sum(one.trouble is not None for one in kills)} times |"""


def _cuts(careful: Sequence[Recording], cuts: Sequence[Cut], bad: Sequence[Sequence[Cut]]) -> str:
    changes = sum(len(one.changes) for one in careful)
    syncs = sum(one.syncs for one in careful)
    rows = "\n".join(
        f"| {options['synchronous']} | {sum(one.trouble is not None for one in each)}"
        f" of {len(each)} | {max(one.lost.oldest_s for one in each):.1f} s |"
        for options, each in zip(CARELESS, bad, strict=True)
    )
    return f"""## Power cut at {len(cuts)} random moments

Everything that {len(careful)} programs wrote in {RECORDED_S:.0f} s was recorded as they asked the
system for it: {changes} changes, {syncs} syncs; played back whole, it gives the very files. At each
moment, half by the clock, half between any two changes, a disk is made of it that keeps what was
synced, and of everything since keeps any 512-byte sectors, old or new, in any combination; names
keep their order. The memory-mapped index is filled with noise.

| | |
|---|---:|
| damaged, set aside, other beats than were sent, or not to be gone on with | \
{sum(bool(one.trouble) for one in cuts)} times |
| the oldest lost | {_loss(worst(one.lost for one in cuts))} |
| lost though older than 5 s | {sum(one.lost.too_old for one in cuts)} times |

The same cuts on a store that syncs less than ours must be found out, or this proves nothing:

| `PRAGMA synchronous` | cuts that lost too much or damaged | the oldest lost |
|---|---:|---:|
{rows}"""


def _refusals(refusals: Sequence[Refused]) -> str:
    rows = "\n".join(
        f"| {one.fault} | {one.lost.beats} of {one.sent} | {'; '.join(one.said) or '–'}"
        f" | {1000 * one.stall_s:.0f} ms{_waited_ms(one)} | {', '.join(sorted(one.freshness))}"
        f" | {1000 * one.off_s:.0f} ms | {'; '.join(one.marks) or '–'} |"
        for one in refusals
    )
    return f"""## A disk that refuses or waits, a clock that jumps

Twenty seconds in the midst of a session each, then it is over. **Screen** is the longest time by
which the loop that measures and draws was late; **length** by how much the stored length of a
session differs from what passed; the start stays filed under the day it was.

| for 20 s | lost | said on the board | screen | readings | length | kept with the session |
|---|---:|---|---:|---|---:|---|
{rows}"""


def _waited_ms(one: Refused) -> str:
    waited_ms = 1000 * min(one.stall_s, one.stall_waited_s)
    return f" (waited {waited_ms:.0f})" if waited_ms >= 10 else ""


if __name__ == "__main__":
    sys.exit(main())
