"""Whose sessions are they that run? Put right from their first beats on while they go on."""

import asyncio
from collections.abc import Mapping
from itertools import islice

from device.intended import Intended
from device.judged_anew import judge_anew
from device.measure import JudgedAnew, Measurement
from device.session_writer import Whole
from device.store import Store


async def become(store: Store, changes: Mapping[Measurement, Intended]) -> None:
    """Make running sessions what they are found to be: all of them, or on an error none.

    A disk that refuses does not keep anybody from it: it is told when it takes things again.

    Raises :class:`device.errors.StoreError` where stored beats are damaged.
    """
    upto = {one: (one.hold(), one.t_s) for one in changes}

    def change() -> dict[Measurement, JudgedAnew]:
        judged: dict[Measurement, tuple[Whole, JudgedAnew]] = {}
        for one, intended in changes.items():
            whole, (n_events, until_s) = store.whole(one.writer), upto[one]
            events = islice(whole.events(), n_events)
            anew = judge_anew(whole.start, events, whole.marks, intended, until_s=until_s)
            judged[one] = whole, anew
        store.become(
            (one.writer, whole, anew.start, anew.marks) for one, (whole, anew) in judged.items()
        )
        return {one: anew for one, (_, anew) in judged.items()}

    changing = asyncio.ensure_future(asyncio.to_thread(change))
    try:
        await asyncio.shield(changing)
    finally:
        await asyncio.wait({changing})  # cancelled or not: what was changed is changed
        anew = {} if changing.exception() else changing.result()
        for one in changes:
            one.take_over(anew.get(one))
