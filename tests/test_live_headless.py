"""`beatwise live --headless` as a script would use it: a process of its own, and its database."""

import io
import json
import random
import signal
import sqlite3
import subprocess
from contextlib import closing
from itertools import islice
from pathlib import Path
from types import SimpleNamespace

import pytest
from live_process import command, live, stored

from device.folder import Places
from device.reading import Reading
from sensors.events import Elapsed, HeartRateMeasurement, SensorEvent
from sensors.recording import Recording, read
from ui.headless import JsonLines
from ui.headless_run import telling_trouble

RECORDINGS = [
    ("rest/hrvlogger_daily/ot_m61_RRIntervals.csv", None),
    ("rest/aura_nn_intervals.txt", "ms"),
    ("rest/systole_rr.txt", "ms"),
    ("rest/welltory_h10/subject_01_RR.txt", "ms"),
    ("rest/wearablehrv/test_vu.txt", None),
    ("exercise/vollmer_14121501.hrm", None),
    ("exercise/selfloops_20170804001r.txt", None),
    ("exercise/suunto_sml/F783095113000500-2014-10-07T05_01_41-0.sml.gz", None),
    ("fit/fenix3_hrv_noisy.fit", None),
    ("annotated/polar_h10_pvc/polar_h10_rr.csv", None),
    ("annotated/mitbih/101_rr.csv.gz", None),
]


def beats(events: list[SensorEvent]) -> list[HeartRateMeasurement]:
    return [event for event in events if isinstance(event, HeartRateMeasurement)]


def assert_holds(data: Path, recording: Recording) -> None:
    """The one session of this folder holds the recording's beats: count, ticks, order, gaps."""
    sessions, events = stored(data)
    assert [session.outcome for session in sessions] == ["finished"]
    frames = beats(events)
    assert [(f.rr_ticks, f.gaps, f.ticks_per_s, f.bpm) for f in frames] == [
        (f.rr_ticks, f.gaps, f.ticks_per_s, f.bpm) for f in recording.frames
    ]
    assert [f.t_s for f in frames] == [pytest.approx(f.t_s, abs=1e-6) for f in recording.frames]


@pytest.mark.parametrize(("name", "unit"), RECORDINGS)
def test_a_replay_stores_exactly_the_beats_of_the_recording(
    shared_data: Path, tmp_path: Path, name: str, unit: str | None
) -> None:
    file = shared_data / name
    done = live(
        "--source", f"replay:{file}@max", *(("--unit", unit) if unit else ()), data=tmp_path
    )
    assert (done.returncode, done.stderr) == (0, "")
    recording = read(file, unit=unit)  # type: ignore[arg-type]
    assert_holds(tmp_path, recording)
    summary = json.loads(done.stdout.splitlines()[-1])
    assert summary["event"] == "summary"
    assert summary["n_beats"] == sum(len(frame.rr_ticks) for frame in recording.frames)


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM, signal.SIGHUP])
def test_killed_and_started_again_it_still_stores_each_beat_once(
    shared_data: Path, tmp_path: Path, how: signal.Signals
) -> None:
    file = shared_data / "rest/hrvlogger_daily/ot_m60_RRIntervals.csv"
    chance = random.Random(20261121)
    kills = 0
    # On a machine so busy that a replay ends before two signals were heard, once more from the top.
    for again in range(10):
        data = tmp_path / str(again)
        data.mkdir()
        (data / "config.toml").write_text("[store]\nsync_s = 0.2\n")
        kills += killed_until_it_is_whole(data, f"replay:{file}@60", how, chance)
        assert_holds(data, read(file))
        if kills >= 3:
            break
    assert kills >= 3, "it was never cut off often enough"


def killed_until_it_is_whole(
    data: Path, source: str, how: signal.Signals, chance: random.Random
) -> int:
    """Start a replay again and again; returns how often it was killed before it was through."""
    kills = 0
    for _ in range(40):
        process = subprocess.Popen(
            command("live", "--headless", "--source", source, data=data),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        assert process.stdout is not None
        # After so many lines, not seconds: however slow the machine is, each run gets somewhere.
        lines = sum(1 for _ in islice(process.stdout, chance.randrange(20, 120)))
        if process.poll() is None and lines:
            process.send_signal(how)
            kills += 1
        _, complaint = process.communicate(timeout=60)
        assert complaint == b""
        if stored(data)[0] and stored(data)[0][0].outcome == "finished":
            break
    return kills


def test_what_a_resumed_replay_sums_up_is_what_an_uninterrupted_one_does(
    shared_data: Path, tmp_path: Path
) -> None:
    file = shared_data / "rest/hrvlogger_daily/ot_m62_RRIntervals.csv"
    source = f"replay:{file}@200"
    whole = live("--source", source, data=tmp_path / "whole").stdout.splitlines()[-1]
    process = subprocess.Popen(
        command("live", "--headless", "--source", source, data=tmp_path / "cut"),
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    for line in process.stdout:
        if json.loads(line).get("t_s", 0) >= 100:
            process.terminate()
            break
    process.communicate(timeout=20)
    resumed = live("--source", source, data=tmp_path / "cut").stdout.splitlines()
    assert json.loads(resumed[-1]) == json.loads(whole)
    assert json.loads(resumed[1])["t_s"] > 90, "it went on where it was cut off"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--source", "frob"), "--source frob: unknown"),
        (("--source", "replay:/no/such/file.csv"), "/no/such/file.csv"),
        (("--source", "sim", "--athlete", "Nobody"), "Nobody"),
        (("--source", "sim", "--purpose", "fast"), "purpose 'fast' is unknown"),
        (("--source", "sim", "--ceiling", "900"), "a ceiling of 900 bpm is out of range"),
        (("--source", "sim", "--ceiling", "x"), "--ceiling"),
        (("--source", "sim", "--for", "-3"), "--for"),
        (("--source", "ble:nonsense"), "nonsense"),
        (("--frob",), "--frob"),
    ],
)
def test_a_mistake_gets_one_clear_line_and_exit_code_2(
    tmp_path: Path, words: tuple[str, ...], said: str
) -> None:
    done = live(*words, data=tmp_path)
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1
    assert said in done.stderr


def test_a_wrong_setting_is_named_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text("# mine\n[store]\nsinc_s = 3\n")
    done = live("--source", "sim@max", "--for", "5", data=tmp_path)
    assert done.returncode == 2
    assert "config.toml:3" in done.stderr
    assert "sync_s" in done.stderr


def test_ctrl_c_ends_the_session_and_saves_it(tmp_path: Path) -> None:
    process = subprocess.Popen(
        command("live", "--headless", "--source", "sim", data=tmp_path),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    lines = []
    for line in process.stdout:
        lines.append(json.loads(line))
        if lines[-1]["event"] == "reading":
            process.send_signal(signal.SIGINT)
            break
    rest, complaint = process.communicate(timeout=20)
    assert (process.returncode, complaint) == (0, "")
    assert json.loads(rest.splitlines()[-1])["event"] == "summary"
    sessions, events = stored(tmp_path)
    assert sessions[0].outcome == "stopped"
    assert events


def test_a_second_beatwise_on_the_same_folder_is_told_so(tmp_path: Path) -> None:
    first = subprocess.Popen(
        command("live", "--headless", "--source", "sim", data=tmp_path), stdout=subprocess.PIPE
    )
    assert first.stdout is not None
    first.stdout.readline()
    second = live("--source", "sim@max", "--for", "3", data=tmp_path)
    first.terminate()
    first.communicate(timeout=20)
    assert second.returncode == 2
    assert f"another Beatwise (pid {first.pid}) is using {tmp_path}" in second.stderr


def test_a_reader_that_goes_away_ends_the_session_in_order(tmp_path: Path) -> None:
    process = subprocess.Popen(
        command("live", "--headless", "--source", "sim@20", data=tmp_path),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout is not None
    process.stdout.readline()
    process.stdout.close()
    assert process.wait(timeout=20) == 0
    assert process.stderr is not None
    assert process.stderr.read() == b""
    process.stderr.close()
    assert stored(tmp_path)[0][0].outcome == "stopped"


def test_where_no_line_can_be_written_the_session_goes_on(tmp_path: Path) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            command("live", "--headless", "--source", "sim@max", "--for", "60", data=tmp_path),
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            timeout=60,
        )
    assert done.returncode == 0
    assert done.stderr.count("\n") == 1
    assert "the session goes on" in done.stderr
    sessions, events = stored(tmp_path)
    assert sessions[0].ended_s == 60
    assert beats(events)


def test_every_line_has_its_event_and_time_and_unknown_is_null(tmp_path: Path) -> None:
    done = live("--source", "sim:3@max", "--purpose", "easy", "--for", "30", data=tmp_path)
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert [line["event"] for line in lines[:2]] == ["link", "link"]
    assert [line["state"] for line in lines[:2]] == ["searching", "connected"]
    readings = [line for line in lines if line["event"] == "reading"]
    assert [line["t_s"] for line in readings] == [float(second) for second in range(1, 31)]
    assert set(readings[0]) == {
        *("event", "t_s", "hr_bpm", "rmssd_ms", "dfa_alpha1", "zone", "artefact_pct"),
        "freshness",
    }
    assert readings[0]["dfa_alpha1"] is None
    assert readings[-1]["hr_bpm"] > 50
    assert lines[-1]["event"] == "summary"


def test_a_database_of_a_newer_beatwise_is_not_written_to(tmp_path: Path) -> None:
    assert live("--source", "sim@max", "--for", "5", data=tmp_path).returncode == 0
    database = Places(tmp_path).database
    with closing(sqlite3.connect(database)) as db:
        db.execute("PRAGMA user_version = 999")
    before = database.read_bytes()
    done = live("--source", "sim@max", "--for", "5", data=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1
    assert "newer" in done.stderr
    assert database.read_bytes() == before


def test_a_disk_that_refuses_is_told_once_and_once_more_when_it_takes_again() -> None:
    out = io.StringIO()
    lines = JsonLines(out, on_closed=lambda: None)
    disk = SimpleNamespace(trouble=None)
    show = telling_trouble(disk, lines)  # type: ignore[arg-type]
    for second, trouble in enumerate([None, "the disk is full (1)", "the disk is full (2)", None]):
        disk.trouble = trouble
        show(Elapsed(float(second)), Reading(float(second)))
    told = [json.loads(line) for line in out.getvalue().splitlines()]
    notices = [(line["t_s"], line["text"]) for line in told if line["event"] == "notice"]
    assert notices == [(1.0, "the disk is full (1)"), (3.0, "saving again")]
