"""`beatwise morning --headless` and `beatwise readiness`, as a script sees them."""

import json
import signal
import subprocess
import sys
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from device import trusted_clock
from device.morning_attempt import MorningIntended
from device.trusted_clock import Evidence
from ui import morning_command, readiness_command
from ui.__main__ import main

ROOT = Path(__file__).resolve().parents[1]
KEYS = {
    *("rule", "verdict", "reason", "stage", "n", "baseline_mean_ln_rmssd", "baseline_sd_ln_rmssd"),
    *("l7_ln_rmssd", "cv7_pct", "ceiling_bpm"),
}
TEST_KEYS = {"rmssd_ms", "ln_rmssd", "mean_hr_bpm", "artefact_pct", "outcome", "reasons"}


@pytest.fixture
def data(tmp_path, monkeypatch):
    """One athlete, and a machine whose clock nobody has set."""
    (tmp_path / "athletes").mkdir()
    (tmp_path / "athletes" / "anna.toml").write_text('name = "Anna"\nvt1_bpm = 148\n')
    monkeypatch.setattr(trusted_clock, "system_evidence", lambda _: Evidence())
    return tmp_path


def said(capsys, *arguments: str) -> tuple[int, list[dict], list[str]]:
    """Exit code, JSON lines, and what was said to a person."""
    code = main([*arguments])
    out, err = capsys.readouterr()
    return code, [json.loads(line) for line in out.splitlines()], err.splitlines()


def morning(data, *more: str) -> list[str]:
    usual = ["morning", "--headless", "--data", str(data), "--source", "sim@max"]
    return [*usual, "--athlete", "Anna", *more]


def test_a_morning_prints_what_changes_and_ends_with_its_summary(data, capsys):
    code, lines, err = said(capsys, *morning(data, "--date", "2026-03-01", "--feel", "4,3,4,4,5"))
    assert (code, err) == (0, [])
    assert {line["event"] for line in lines} == {"link", "phase", "integrity", "summary"}
    phases = [line["phase"] for line in lines if line["event"] == "phase"]
    assert phases == ["preview", "settle", "record", "done"]
    summary = lines[-1]
    assert summary["event"] == "summary"
    assert summary.keys() >= KEYS | TEST_KEYS
    assert (summary["outcome"], summary["stage"], summary["n"]) == ("accepted", "learning", 0)
    assert summary["ceiling_bpm"] == 148.0
    assert summary["date"] == "2026-03-01"
    assert summary["t_s"] >= 180.0


def test_an_item_left_open_is_null_and_the_others_are_kept(data, capsys):
    _, lines, _ = said(capsys, *morning(data, "--date", "2026-03-01", "--feel", "4,,4,4,"))
    feeling = {"fatigue": 4, "sleep": None, "soreness": 4, "stress": 4, "mood": None}
    assert (lines[-1]["feeling"], lines[-1]["wellness_low"]) == (feeling, None)
    whose = ("--data", str(data), "--athlete", "Anna")
    _, (past,), _ = said(capsys, "history", *whose, "--json")
    assert past["feeling"] == feeling
    _, (told,), _ = said(capsys, "readiness", *whose, "--date", "2026-03-01", "--json")
    assert told["feeling"] == feeling


def test_without_a_screen_the_changes_are_told_by_ear_and_what_fails_is_a_notice(
    data, capsys, monkeypatch
):
    heard = []

    @asynccontextmanager
    async def opened(settings, *, tell):
        tell("voice: no espeak-ng here")
        yield heard.append

    monkeypatch.setattr(morning_command, "cues_beside", opened)
    monkeypatch.setattr(MorningIntended, "audible", True)
    _, lines, _ = said(capsys, *morning(data, "--date", "2026-03-01"))
    assert [cue.kind for cue in heard] == ["start", "step", "stop"]
    (notice,) = (line for line in lines if line["event"] == "notice")
    assert notice["text"] == "voice: no espeak-ng here"


def test_readiness_says_the_same_as_the_morning_did(data, capsys):
    for day in range(1, 10):
        code, lines, _ = said(
            capsys,
            *morning(data, "--date", f"2026-03-0{day}", "--source", f"sim:{day}@max"),
        )
        assert code == 0
    code, (told,), _ = said(
        capsys,
        "readiness",
        "--data",
        str(data),
        "--athlete",
        "Anna",
        "--date",
        "2026-03-09",
        "--json",
    )
    assert code == 0
    assert told["stage"] == "provisional"
    assert told["n"] == 8
    assert {key: lines[-1][key] for key in KEYS} == {key: told[key] for key in KEYS}
    assert lines[-1]["rmssd_ms"] == told["rmssd_ms"]
    main(["readiness", "--data", str(data), "--athlete", "Anna", "--date", "2026-03-09"])
    words = capsys.readouterr().out
    assert words.startswith(f"Anna, 2026-03-09: {told['verdict']} ({told['rule']})\n")
    assert told["reason"] in words
    assert "Easy is below 148 bpm (your VT1)." in words or told["verdict"] == "RED"


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ((), "say which day it is: --date YYYY-MM-DD"),
        (("--date", "yesterday"), "--date 'yesterday': say YYYY-MM-DD"),
        (("--date", "2026-03-01T06:00"), "+HH:MM"),
        (("--date", "2026-02-30"), "--date '2026-02-30'"),
        (("--feel", "4,3,4,4"), "five whole numbers"),
        (("--feel", "4,3,4,4,6"), "five whole numbers"),
        (("--feel", "average"), "five whole numbers"),
        (("--feel", ",,,,"), "five whole numbers"),
        (("--symptoms", "sniffles"), "--symptoms 'sniffles': it can be none, cold"),
        (("--source", "replay:nowhere.csv@max", "--date", "2026-03-01"), "nowhere.csv"),
        (("--athlete", "Zoe", "--date", "2026-03-01"), "Zoe"),
        (("--posture", "upside-down"), "--posture"),
    ],
)
def test_a_mistake_is_one_line_and_exit_code_2(data, capsys, more, expected):
    try:
        code = main(morning(data, *more))
    except SystemExit as leaving:
        code = leaving.code
    out, err = capsys.readouterr()
    assert (code, out) == (2, "")
    assert len(err.splitlines()) == 1
    assert expected in err


def test_a_morning_needs_an_athlete(data, capsys):
    (data / "athletes" / "ben.toml").write_text('name = "Ben"\n')
    code, lines, err = said(capsys, "morning", "--headless", "--data", str(data))
    assert (code, lines) == (2, [])
    assert err == [
        "beatwise: morning: whose morning is it? Say --athlete NAME, or name one in config.toml"
    ]


def test_a_trusted_clock_names_the_day_and_the_hour(data, capsys, monkeypatch):
    now = datetime(2027, 3, 1, 13, 0, tzinfo=UTC)
    monkeypatch.setattr(trusted_clock, "system_evidence", lambda _: Evidence(synchronised=True))
    monkeypatch.setattr(morning_command, "local_now", lambda: now)
    _, lines, _ = said(capsys, *morning(data))
    assert (lines[-1]["date"], lines[-1]["on_schedule"]) == ("2027-03-01", False)
    monkeypatch.setattr(readiness_command, "local_now", lambda: now)
    _, (told,), _ = said(capsys, "readiness", "--data", str(data), "--athlete", "Anna", "--json")
    assert told["date"] == "2027-03-01"
    assert "usual time" in told["flags"][0]


def test_where_the_clock_is_not_trusted_readiness_tells_the_newest_morning(data, capsys):
    said(capsys, *morning(data, "--date", "2026-03-01"))
    _, (told,), err = said(capsys, "readiness", "--data", str(data), "--athlete", "Anna", "--json")
    assert told["date"] == "2026-03-01"
    assert len(err) == 1
    assert "2026-03-01" in err[0]


def test_symptoms_tags_and_note_go_with_the_morning(data, capsys):
    _, lines, _ = said(
        capsys,
        *morning(data, "--date", "2026-03-01T06:30:00+01:00", "--symptoms", "cold,fever"),
        *("--tags", "travel, late meal", "--note", "hotel"),
    )
    assert (lines[-1]["rule"], lines[-1]["verdict"]) == ("R1", "RED")
    assert lines[-1]["ceiling_bpm"] is None
    assert lines[-1]["on_schedule"] is True


def test_the_way_it_is_taken_is_chosen_once_and_kept(data, capsys):
    how = ("--protocol", "quick", "--posture", "supine", "--paced")
    _, first, _ = said(capsys, *morning(data, "--date", "2026-03-01", *how))
    _, second, _ = said(capsys, *morning(data, "--date", "2026-03-02"))
    assert first[-1]["protocol"] == second[-1]["protocol"] == "quick supine 12/min chest 1"
    assert second[-1]["confidence"] == "low"


def test_an_orthostatic_morning_tells_lying_and_standing(data, capsys):
    _, lines, _ = said(capsys, *morning(data, "--date", "2026-03-01", "--protocol", "orthostatic"))
    assert lines[-1]["orthostatic"].keys() >= {"delta_hr_bpm", "peak_hr_bpm", "ratio_30_15"}
    assert [line["cue"] for line in lines if line["event"] == "phase"][3] == "stand"


def test_a_test_left_before_it_began_still_tells_the_day_and_keeps_nothing(data):
    command = [sys.executable, "-m", "ui", *morning(data, "--date", "2026-03-01")]
    command[command.index("sim@max")] = "sim@1"
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as running:
        assert json.loads(running.stdout.readline())["event"] == "link"
        running.send_signal(signal.SIGINT)
        *_, last = running.stdout
    summary = json.loads(last)
    assert running.returncode == 0
    assert (summary["morning"], summary["outcome"]) == (None, "refused")
    assert (summary["rule"], summary["problem"]) == ("R3", "no test was taken")
