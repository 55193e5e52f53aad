"""An export: everything of one athlete, and what others read in it."""

import csv
import io
import sqlite3
import sys
from contextlib import closing
from zipfile import ZipFile

import fitdecode
import pytest
from furnished import ANNA, BEN, NOW, beats, furnish

from device import daily_files
from device.errors import StoreError, UnknownAthlete
from device.export import export
from device.fit_file import MissingLibrary
from device.folder import Places
from device.history import SessionStart
from device.store import Store
from sensors.recording import read


@pytest.fixture(autouse=True)
def _quick(monkeypatch):
    monkeypatch.setattr("device.pins.LOG2_N", 2)


@pytest.fixture
def places(tmp_path):
    folder = tmp_path / "data"
    folder.mkdir()
    return Places(folder)


@pytest.fixture
def store(places):
    with Store.open(places.database, now=NOW) as opened:
        furnish(places, opened, ANNA, BEN)
        yield opened


def table(archive: ZipFile, name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(archive.read(name).decode())))


def test_everything_of_the_athlete_is_in_it_and_nothing_of_anybody_else(places, store, tmp_path):
    made = export(store, places, ANNA, tmp_path, now=NOW)
    assert made.path == tmp_path / "anna-quixotte-20261127T090000.zip"
    assert (made.sessions, made.mornings, made.notes) == (2, 2, ())
    with ZipFile(made.path) as archive:
        names = archive.namelist()
        whole = b"".join(archive.read(name) for name in names)
        assert sorted(names) == [
            "README.txt",
            "athlete.toml",
            "marks.csv",
            "mornings.csv",
            "rr/2026-11-27-1-easy.csv",
            "rr/2026-11-27-1-easy.txt",
            "rr/2026-11-27-3-easy.csv",
            "rr/2026-11-27-3-easy.txt",
            "sessions.csv",
        ]
        assert [row["rpe_cr10"] for row in table(archive, "sessions.csv")] == ["3.0", "3.0"]
        assert {row["text"] for row in table(archive, "marks.csv")} == {f"{ANNA} felt light"}
        assert "birth_year = 1985" in archive.read("athlete.toml").decode()
    assert ANNA.encode() in whole
    assert BEN.encode() not in whole
    assert [path.name for path in tmp_path.iterdir()].count(made.path.name) == 1
    assert not list(tmp_path.glob(".*"))


@pytest.mark.parametrize(("ending", "unit"), [("csv", None), ("txt", "ms")])
def test_the_beats_are_read_back_as_the_strap_sent_them(places, store, tmp_path, ending, unit):
    made = export(store, places, ANNA, tmp_path, now=NOW)
    with ZipFile(made.path) as archive:
        file = archive.extract(f"rr/2026-11-27-1-easy.{ending}", tmp_path)
    back = read(tmp_path / file, unit=unit)
    rr_ms = [ticks * 1000 / back.ticks_per_s for one in back.frames for ticks in one.rr_ticks]
    sent = [ticks * 1000 / 1024 for one in beats(ANNA) for ticks in one.rr_ticks]
    assert rr_ms == pytest.approx(sent, abs=1e-6)  # our reader goes down to a nanosecond
    assert back.arrivals_known == (ending == "csv")


def test_the_mornings_can_be_imported_again(places, store, tmp_path):
    made = export(store, places, ANNA, tmp_path, now=NOW)
    with ZipFile(made.path) as archive:
        file = archive.extract("mornings.csv", tmp_path)
    found = daily_files.read(tmp_path / file)
    assert [(row.rmssd_ms, row.hr_bpm) for row in found.rows] == [(42.0, 52.0)] * len(found.rows)
    assert found.rows
    assert not any("no number" in left.reason for left in found.left_out)


def test_a_fit_file_holds_every_interval_to_the_millisecond(places, store, tmp_path):
    pytest.importorskip("garmin_fit_sdk")
    made = export(store, places, ANNA, tmp_path, now=NOW, fit=True)
    with ZipFile(made.path) as archive:
        file = archive.extract("fit/2026-11-27-1-easy.fit", tmp_path)
    # Read by a library that is not the one that wrote it.
    back = read(tmp_path / file)
    found = [ticks for one in back.frames for ticks in one.rr_ticks]
    sent = [ticks * 1000 / 1024 for one in beats(ANNA) for ticks in one.rr_ticks]
    assert back.ticks_per_s == 1000
    assert len(found) == len(sent)
    assert max(abs(one - other) for one, other in zip(found, sent, strict=True)) <= 0.5
    with fitdecode.FitReader(tmp_path / file, check_crc=fitdecode.CrcCheck.RAISE) as reader:
        messages = [one for one in reader if isinstance(one, fitdecode.FitDataMessage)]
    kinds = [one.name for one in messages]
    assert (kinds[0], kinds[-1]) == ("file_id", "activity")
    records = [one for one in messages if one.name == "record"]
    assert len(records) == 400
    assert records[0].get_value("heart_rate") == 70
    assert records[0].get_value("timestamp") == NOW
    (session,) = [one for one in messages if one.name == "session"]
    assert session.get_value("total_elapsed_time") == 400.0


def test_without_the_library_of_fit_files_it_is_said_which(places, store, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "garmin_fit_sdk", None)
    with pytest.raises(MissingLibrary, match=r"pip install garmin-fit-sdk"):
        export(store, places, ANNA, tmp_path, now=NOW, fit=True)
    assert [path.name for path in tmp_path.iterdir()] == ["data"]


def test_a_session_of_unknown_time_has_no_fit_file_and_damaged_beats_keep_nobody_else_out(
    places, store, tmp_path
):
    pytest.importorskip("garmin_fit_sdk")
    start = SessionStart(
        athlete=ANNA, purpose="easy", source="sim", beatwise_version="0", method_version="1"
    )
    writer = store.begin(start)
    writer.append(beats(ANNA)[0])
    store.commit()
    with closing(sqlite3.connect(places.database)) as db:
        db.execute("UPDATE chunk SET events = x'00' WHERE session_id = 1")
        db.commit()
    made = export(store, places, ANNA, tmp_path, now=NOW, fit=True)
    assert "session 1: stored beats are damaged" in made.notes[0]
    assert "no FIT file" in made.notes[1]
    with ZipFile(made.path) as archive:
        assert "rr/5-easy.csv" in archive.namelist()
        assert "rr/2026-11-27-3-easy.csv" in archive.namelist()


def test_nobody_of_that_name_and_a_file_in_the_way_are_told(places, store, tmp_path):
    with pytest.raises(UnknownAthlete, match="nothing is kept of 'Dora'"):
        export(store, places, "Dora", tmp_path, now=NOW)
    (tmp_path / "mine.zip").write_text("precious")
    with pytest.raises(StoreError, match="is there already"):
        export(store, places, ANNA, tmp_path / "mine.zip", now=NOW)
    with pytest.raises(StoreError, match="is the stick there"):
        export(store, places, ANNA, tmp_path / "none" / "x.zip", now=NOW)
    assert (tmp_path / "mine.zip").read_text() == "precious"


def test_a_full_stick_leaves_nothing_half(places, store, tmp_path, monkeypatch):
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("device.whole_file.os.fsync", full)
    with pytest.raises(StoreError, match="cannot be written: No space left on device"):
        export(store, places, ANNA, tmp_path, now=NOW)
    assert [path.name for path in tmp_path.iterdir()] == ["data"]
