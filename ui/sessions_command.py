"""``beatwise sessions`` and ``beatwise show ID``: what was done, for those without the screen."""

from __future__ import annotations

import argparse
import json
import sys
import textwrap
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from device import folder
from device.history import StoredSession, open_history
from device.ratings import Rating, ratings
from device.session_fields import session_fields
from ui import words
from ui.terminal import Glyphs, glyphs_of, plain
from ui.words import UNKNOWN

if TYPE_CHECKING:
    from device.debrief import Debrief

WIDTH = 78
"""Of what is printed: it fits every terminal, and a page."""
TRACE_HEIGHT = 11
BAR_CELLS = 30
LABEL_WIDTH = 12


def run(options: argparse.Namespace) -> None:
    """List the sessions, or show one; reads only, beside another Beatwise if need be."""
    if options.command == "show":
        _show(options)
    else:
        _list(options)


def _list(options: argparse.Namespace) -> None:
    with open_history(folder.places(options.data).database) as history:
        found = history.sessions(athlete=options.athlete, limit=options.last)
        rated = ratings(history, (one.id for one in found))
    if options.json:
        lines = [
            json.dumps(session_fields(one, rated.get(one.id)), allow_nan=False) for one in found
        ]
    else:
        lines = table(found, rated, glyphs_of(sys.stdout))
    print("\n".join(lines))


def _show(options: argparse.Namespace) -> None:
    from device import past_session  # brings arithmetic: not for a list
    from ui.debrief_json import as_json

    places = folder.places(options.data)
    with open_history(places.database) as history:
        told = past_session.look(history, places.data, options.id)
    if options.json:
        print(json.dumps(as_json(told), allow_nan=False))
    else:
        print("\n".join(page(told, glyphs_of(sys.stdout))))


def table(found: Sequence[StoredSession], rated: Mapping[int, Rating], glyphs: Glyphs) -> list[str]:
    """A line for each session."""
    if not found:
        return ["no sessions yet; `beatwise live` starts one"]
    lines = [f"{'id':>5}  {'day':<17}  {'purpose':<10}{'lasted':>8}{'mean':>9}{'felt':>6}  athlete"]
    for one in found:
        start, summary = one.start, one.summary or {}
        when = UNKNOWN if start.started is None else words.day(start.started)
        lasted = UNKNOWN if one.ended_s is None else words.lasted(one.ended_s)
        rating = rated.get(one.id)
        felt = UNKNOWN if rating is None or rating.cr10 is None else f"{rating.cr10:g}"
        mean = words.whole(summary.get("mean_hr_bpm"), "bpm")
        who = plain(start.athlete or UNKNOWN, glyphs)
        cut = "  interrupted" if one.outcome is None else ""
        doubt = "?" if start.clock_trusted is False else " "
        purpose = plain(start.purpose, glyphs)[:10]
        lines.append(
            f"{one.id:>5}  {when:<17}{doubt} {purpose:<10}{lasted:>8}{mean:>9}{felt:>6}  {who}{cut}"
        )
    lines.append("")
    if any(one.start.clock_trusted is False for one in found):
        lines.append(f"?: {words.DOUBTED}.")
    return [*lines, "`beatwise show ID` looks at one."]


def page(told: Debrief, glyphs: Glyphs) -> list[str]:
    """Everything of one session, as a person reads it."""
    from device import debrief_words
    from ui import debrief_facts, hr_trace

    bounds = [
        bpm
        for bpm in (told.stored.start.floor_bpm, told.stored.start.ceiling_bpm)
        if bpm is not None
    ]
    trace = hr_trace.draw(told.retrace.hr_bpm[1:].tolist(), bounds, WIDTH, TRACE_HEIGHT, glyphs)
    lines = [plain(debrief_facts.heading(told), glyphs), ""]
    lines += textwrap.wrap(plain(debrief_words.verdict(told), glyphs), WIDTH)
    lines += ["", *(text.rstrip() for text, _ in trace), ""]
    for label, value in debrief_facts.facts(told):
        lines += _wrapped(label, plain(value, glyphs))
    lines += [f"{'':{LABEL_WIDTH}}{plain(debrief_facts.blank(one), glyphs)}" for one in told.blanks]
    if happened := debrief_facts.happened(told):
        lines += ["", *(line for one in happened for line in _wrapped("", plain(one, glyphs), 2))]
    zones = debrief_facts.zone_lines(told)
    lines += ["", "time in zones" if zones else "no zones: your profile has no numbers for them"]
    for zone in zones:
        bar = glyphs.solid * round(BAR_CELLS * zone.share)
        name, limits = plain(zone.name, glyphs)[:10], zone.limits
        length = words.clock(zone.seconds)
        lines.append(
            f"  {name:<10}{limits:>9}{length:>9}{100 * zone.share:>5.0f} %  {bar}".rstrip()
        )
    return lines


def _wrapped(label: str, value: str, indent: int = LABEL_WIDTH) -> list[str]:
    parts = textwrap.wrap(value, WIDTH - indent) or [""]
    return [f"{label if at == 0 else '':<{indent}}{part}" for at, part in enumerate(parts)]
