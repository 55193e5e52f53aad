"""A data folder in which two athletes have something of every kind."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from device import backup_form, morning_history, ratings, roster
from device.athlete import Athlete, Strap
from device.backup_form import BadBackup
from device.folder import Places
from device.history import SessionStart
from device.mark import Mark
from device.morning_record import Answers, StoredMorning
from device.pins import Pins
from device.store import Store
from sensors.events import Connected, HeartRateMeasurement

NOW = datetime(2026, 11, 27, 9, 0, tzinfo=UTC)
ANNA, BEN = "Änna Quixotte", "Ben Zebulon"
START_TICKS = {ANNA: 700, BEN: 900, "Cleo": 800}


def beats(who: str, count: int = 400) -> list[HeartRateMeasurement]:
    """RR intervals that nobody else has: their bytes can be looked for."""
    first = START_TICKS[who]
    return [
        HeartRateMeasurement(70, (first + 7 * n % 190, first + 11 * n % 170), True, t_s=float(n))
        for n in range(count)
    ]


def furnished(data: Path) -> Places:
    """A new data folder with Anna and Ben in it."""
    data.mkdir()
    places = Places(data)
    with Store.open(places.database, now=NOW) as store:
        furnish(places, store, ANNA, BEN)
    return places


def open_quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    """Backups without age's slow hash of the passphrase: the passphrase beside the key."""
    monkeypatch.setattr(backup_form, "wrap", lambda key, phrase: f"{phrase}\n{key}".encode())
    monkeypatch.setattr(backup_form, "unwrap", _unwrap)


def _unwrap(wrapped: bytes, passphrase: str) -> str:
    said, _, key = wrapped.decode().partition("\n")
    if said != passphrase:
        raise BadBackup("the passphrase is wrong, or the file is damaged")
    return key


def furnish(places: Places, store: Store, *people: str) -> None:
    """Sessions with beats, marks, ratings and mornings, an athlete's file and a PIN, for each."""
    for who in people:
        address = f"F0:00:00:00:00:{START_TICKS[who] % 100:02X}"
        roster.save(places.data, Athlete(who, 1985, strap=Strap(address, f"Strap of {who}")))
        Pins(store).set_(who, "2580")
    # Two rounds, and their beats in turns: rows of both share the pages.
    for _ in range(2):
        writers = {who: store.begin(_start(who)) for who in people}
        for at in range(0, 400, 50):
            for who, writer in writers.items():
                for event in beats(who)[at : at + 50]:
                    writer.append(event)
            store.commit()
        for who, writer in writers.items():
            writer.append(Connected(f"Strap of {who}", f"{who}'s address", t_s=400.0))
            writer.mark(Mark(12.0, "note", f"{who} felt light"))
            writer.finish("finished", ended_s=400.0, summary={"note": who})
        store.commit()
        for who, writer in writers.items():
            ratings.rate(store, writer.session_id or 0, 3.0)
            morning_history.keep(store, _morning(who, writer.session_id))


def _start(who: str) -> SessionStart:
    return SessionStart(
        athlete=who,
        purpose="easy",
        source=f"ble:{who}",
        started=NOW,
        beatwise_version="0.1.0",
        method_version="1",
    )


def _morning(who: str, session_id: int | None) -> StoredMorning:
    return StoredMorning(
        athlete=who,
        day=date(2026, 11, 27),
        taken=NOW,
        protocol="seated 60 s",
        protocol_name="quick",
        method_version="1",
        outcome="accepted",
        rmssd_ms=42.0,
        hr_bpm=52.0,
        answers=Answers(note=f"{who} slept well"),
        session_id=session_id,
    )


def files_of(data: Path) -> dict[str, bytes]:
    """Every byte of a folder, by file; but for the index of the log, which holds no content."""
    return {
        str(path.relative_to(data)): path.read_bytes()
        for path in sorted(data.rglob("*"))
        if path.is_file() and not path.name.endswith("-shm")
    }
