"""`beatwise import` as a person uses it: what is taken, what is left, and nothing twice."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from device import morning_history, roster, trusted_clock
from device.athlete import Athlete
from device.folder import Places
from device.history import StoredSession, open_history
from device.morning_record import StoredMorning
from device.store import Store
from hrv.decision import Symptoms
from hrv.wellness import Wellness
from sensors.events import HeartRateMeasurement
from sensors.recording import read
from ui.__main__ import main

PLAIN = "date,rmssd_ms,mean_hr_bpm,fatigue,sleep,soreness,stress,mood"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder with one athlete."""
    folder = tmp_path / "data"
    roster.save(folder, Athlete("Anna"))
    return folder


def take(data: Path, file: Path, *words: str) -> int:
    return main(["--data", str(data), "import", str(file), "--zone", "Europe/Rome", *words])


def mornings(data: Path, athlete: str = "Anna") -> list[StoredMorning]:
    with open_history(Places(data).database) as history:
        return morning_history.mornings(history, athlete)


def sessions(data: Path) -> list[StoredSession]:
    with open_history(Places(data).database) as history:
        return history.sessions()


def plain(folder: Path, *rows: str) -> Path:
    path = folder / "mine.csv"
    path.write_text("\n".join([PLAIN, *rows]) + "\n")
    return path


@pytest.mark.parametrize(
    ("name", "taken", "said"),
    [
        ("hrv4t_ios_2017.csv", 119, "taken for Anna: 119, 2017-04-01 to 2017-07-28"),
        ("hrv4t_android_a.csv", 36, "left: 20, no measurement: heart rate 0 (lines 3-22)"),
        ("elitehrv_daily_2017.csv", 23, "taken for Anna: 23, 2017-09-06 to 2017-10-02"),
    ],
)
def test_a_real_export_is_taken_once_and_a_second_time_adds_nothing(
    shared_data: Path,
    data: Path,
    capsys: pytest.CaptureFixture[str],
    name: str,
    taken: int,
    said: str,
) -> None:
    file = shared_data / "daily" / name
    assert take(data, file, "--athlete", "anna") == 0
    assert said in capsys.readouterr().out
    first = mornings(data)
    assert len(first) == taken
    assert {one.athlete for one in first} == {"Anna"}
    assert all(one.imported_from and name in one.imported_from for one in first)
    assert {(one.strap, one.outcome) for one in first} == {("imported", "accepted")}
    assert take(data, file) == 0
    assert "nothing new" in capsys.readouterr().out
    assert mornings(data) == first


def test_a_later_export_adds_only_its_new_days(data: Path, tmp_path: Path) -> None:
    take(data, plain(tmp_path, "2026-11-18,50,55", "2026-11-19,52,54"))
    take(data, plain(tmp_path, "2026-11-18,99,55", "2026-11-19,52,54", "2026-11-20,53,53"))
    assert [(one.day.day, one.rmssd_ms) for one in mornings(data)] == [
        (18, 50.0),
        (19, 52.0),
        (20, 53.0),
    ]


def test_of_two_apps_on_one_day_the_first_that_came_counts(
    shared_data: Path, data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    take(data, shared_data / "daily/elitehrv_daily_2017.csv")
    take(data, shared_data / "daily/hrv4t_android_a.csv")
    assert "left: 23, the day has another morning already: 2017-09-06" in capsys.readouterr().out
    both = mornings(data)
    assert len({one.day for one in both}) == len(both) == 36
    assert len({one.protocol for one in both}) == 2, "never compared with each other"


def test_the_export_of_a_changed_phone_is_the_same_history(shared_data: Path, data: Path) -> None:
    take(data, shared_data / "daily/hrv4t_android_a.csv")
    take(data, shared_data / "daily/hrv4t_ios_2017.csv")
    assert len({one.protocol for one in mornings(data)}) == 1


def test_answers_and_marks_come_along(data: Path, tmp_path: Path) -> None:
    take(data, plain(tmp_path, "2026-11-18,50,55,4,3,4,5,2", "2026-11-19,52,54"))
    answered, unanswered = mornings(data)
    assert answered.answers.feeling == Wellness(4, 3, 4, 5, 2)
    assert unanswered.answers.feeling is None
    assert answered.answers.symptoms is Symptoms.NONE


def test_a_day_of_sickness_is_marked_ill_and_stays_out_of_the_baseline(
    data: Path, tmp_path: Path
) -> None:
    header = "date,time,HR,rMSSD,HRV4T_Recovery_Points,sickness"
    file = tmp_path / "android.csv"
    file.write_text(f"{header}\n2026-14-11,06:30,70,30,7,sick\n")
    assert take(data, file) == 0
    (one,) = mornings(data)
    assert one.ill
    assert "sick" in one.answers.tags
    assert not one.comparable.enters_baseline


def test_an_absurd_value_is_kept_shown_and_unusable(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    take(data, plain(tmp_path, "2026-11-18,50,55", "2026-11-19,52,54", "2026-11-20,400,54"))
    said = capsys.readouterr().out
    assert "kept but unusable: 1" in said
    assert "2026-11-20: RMSSD 400.0 is outside 3 to 250 ms" in said
    last = mornings(data)[-1]
    assert (last.rmssd_ms, last.comparable.unusable is None) == (400.0, False)


def test_a_day_with_a_test_of_ones_own_keeps_that_test(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    own = StoredMorning(
        athlete="Anna",
        day=date(2026, 11, 19),
        protocol="standard seated free chest 1",
        protocol_name="standard",
        method_version="1",
        outcome="accepted",
        rmssd_ms=60.0,
        hr_bpm=50.0,
    )
    store = Store.open(Places(data).database, now=datetime.now(UTC))
    morning_history.keep(store, own)
    store.close()
    take(data, plain(tmp_path, "2026-11-18,50,55", "2026-11-19,52,54"))
    assert "the day has another morning already: 2026-11-19" in capsys.readouterr().out
    assert [(one.day.day, one.rmssd_ms) for one in mornings(data)] == [(18, 50.0), (19, 60.0)]


@pytest.mark.parametrize(
    ("words", "content", "said"),
    [
        ((), "date,time,HR,rMSSD,HRV4T_Recovery_Points\n2017-01-09,06:30,60,50,8\n", "--dates"),
        ((), "date,hrv,hr\n2026-11-20,58,55\n", "own score cannot be taken"),
        ((), "date,rmssd_ms\n", "nothing to take"),
        ((), "what is this?\n", "no daily history either"),
        ((), "800\n810\n790\n", "say --unit ms or --unit s"),
        ((), "", "holds nothing"),
        (("--zone", "Mars/Olympus"), f"{PLAIN}\n2026-11-20,50,55\n", "--zone 'Mars/Olympus'"),
        (("--zone", "../../etc/passwd"), f"{PLAIN}\n2026-11-20,50,55\n", "--zone"),
        (("--athlete", "Nobody"), f"{PLAIN}\n2026-11-20,50,55\n", "no athlete 'Nobody'"),
    ],
)
def test_a_mistake_is_one_line_and_changes_nothing(
    data: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    words: tuple[str, ...],
    content: str,
    said: str,
) -> None:
    file = tmp_path / "odd.csv"
    file.write_text(content)
    before = sorted(data.rglob("*"))
    assert take(data, file, *words) == 2
    out, complaint = capsys.readouterr()
    assert (out, complaint.count("\n")) == ("", 1)
    assert said in complaint
    assert sorted(data.rglob("*")) == before


def test_an_unreadable_file_leaves_an_existing_history_as_it_was(
    data: Path, tmp_path: Path
) -> None:
    take(data, plain(tmp_path, "2026-11-18,50,55"))
    before = Places(data).database.read_bytes()
    broken = tmp_path / "broken.csv"
    broken.write_bytes(b"\x00\x01\x02")
    assert take(data, broken) == 2
    assert take(data, tmp_path / "none.csv") == 2
    assert Places(data).database.read_bytes() == before


@pytest.mark.parametrize("synchronised", [True, False])
def test_a_day_still_to_come_is_left_out_where_the_clock_can_be_trusted(
    data: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    synchronised: bool,
) -> None:
    evidence = trusted_clock.Evidence(synchronised=synchronised)
    monkeypatch.setattr(trusted_clock, "system_evidence", lambda _: evidence)
    take(data, plain(tmp_path, "2017-04-01,50,55", "2099-04-02,51,55"))
    told = capsys.readouterr().out
    assert ("left: 1, the day is still to come (line 3)" in told) is synchronised
    assert len(mornings(data)) == (1 if synchronised else 2)


def test_the_order_of_dates_can_be_said(data: Path, tmp_path: Path) -> None:
    file = tmp_path / "android.csv"
    file.write_text("date,time,HR,rMSSD,HRV4T_Recovery_Points\n2017-01-09,06:30,60,50,8\n")
    assert take(data, file, "--dates", "ydm") == 0
    assert [one.day for one in mornings(data)] == [date(2017, 9, 1)]


def test_whose_it_is_need_not_be_said_where_there_is_but_one(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = plain(tmp_path, "2026-11-18,50,55")
    assert take(data, file) == 0
    roster.save(data, Athlete("Bo"))
    assert take(data, file) == 2
    assert "Say --athlete NAME (Anna, Bo)" in capsys.readouterr().err
    assert main(["--data", str(data), "--athlete", "Bo", "import", str(file)]) == 0
    assert len(mornings(data, "Bo")) == 1


# -- recordings


@pytest.mark.parametrize(
    ("name", "unit"),
    [
        ("rest/hrvlogger_daily/ot_m61_RRIntervals.csv", None),
        ("rest/systole_rr.txt", "ms"),
        ("exercise/selfloops_20170804001r.txt", None),
        ("fit/garmin-fenix-5-run.fit", None),
        ("annotated/polar_h10_pvc/polar_h10_rr.csv", None),
    ],
)
def test_a_recording_becomes_a_session_once(
    shared_data: Path,
    data: Path,
    capsys: pytest.CaptureFixture[str],
    name: str,
    unit: str | None,
) -> None:
    file = shared_data / name
    words = ("--unit", unit) if unit else ()
    assert take(data, file, *words) == 0
    assert "session 1, imported" in capsys.readouterr().out
    assert take(data, file, *words) == 0
    assert "nothing new, it is session 1 already" in capsys.readouterr().out
    (session,) = sessions(data)
    assert (session.start.purpose, session.start.athlete) == ("imported", "Anna")
    assert session.outcome == "finished"
    recording = read(file, unit=unit)  # type: ignore[arg-type]
    with open_history(Places(data).database) as history:
        frames = [e for e in history.events(1) if isinstance(e, HeartRateMeasurement)]
    assert [(f.rr_ticks, f.ticks_per_s) for f in frames] == [
        (f.rr_ticks, f.ticks_per_s) for f in recording.frames
    ]
    assert session.summary is not None
    assert session.summary["n_beats"] == sum(len(f.rr_ticks) for f in recording.frames)


def test_the_same_recording_of_two_athletes_is_two_sessions(shared_data: Path, data: Path) -> None:
    roster.save(data, Athlete("Bo"))
    file = shared_data / "fit/garmin-fenix-5-walk.fit"
    take(data, file, "--athlete", "Anna")
    take(data, file, "--athlete", "Bo")
    assert [session.start.athlete for session in sessions(data)] == ["Bo", "Anna"]


@pytest.mark.parametrize("kind", ["history", "recording"])
def test_a_database_that_cannot_be_written_is_told_and_nothing_is_claimed(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], kind: str
) -> None:
    file = plain(tmp_path, "2026-11-18,50,55")
    if kind == "recording":
        file.write_text("rr_ms\n" + "800\n" * 50)
    Places(data).database.symlink_to(tmp_path / "nowhere" / "beatwise.db")
    assert take(data, file) == 2
    out, complaint = capsys.readouterr()
    assert (out, complaint.count("\n")) == ("", 1)
