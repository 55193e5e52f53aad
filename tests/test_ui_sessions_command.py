"""`beatwise sessions` and `beatwise show`, as a person and a script use them."""

import json
from pathlib import Path

import pytest

from device import roster
from device.athlete import Athlete
from ui.__main__ import main


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with two sessions of Anna and one of the simulated athlete."""
    folder = tmp_path_factory.mktemp("data")
    roster.save(folder, Athlete("Anna", resting_bpm=52.0, max_bpm=188.0))
    live = ["live", "--headless", "--data", str(folder), "--source", "sim@max"]
    for words in (["--athlete", "Anna", "--for", "900"], ["--for", "60"]):
        assert main([*live, *words]) == 0
    assert main([*live, "--athlete", "Anna", "--purpose", "tempo", "--for", "700"]) == 0
    return folder


def said(capsys: pytest.CaptureFixture[str], data: Path, *words: str) -> list[str]:
    capsys.readouterr()
    assert main(["--data", str(data), *words]) == 0
    out, complaint = capsys.readouterr()
    assert complaint == ""
    return out.splitlines()


def test_the_newest_session_comes_first(capsys, data) -> None:
    lines = said(capsys, data, "sessions")
    ids = [line.split()[0] for line in lines[1:4]]
    assert ids == ["3", "2", "1"]
    assert "tempo" in lines[1]
    assert "15 min" in lines[3]


def test_one_athlete_or_a_few_can_be_asked_for(capsys, data) -> None:
    objects = [json.loads(line) for line in said(capsys, data, "sessions", "--json")]
    assert [one["session"] for one in objects] == [3, 2, 1]
    of_anna = said(capsys, data, "sessions", "--athlete", "Anna", "--json")
    assert [json.loads(line)["session"] for line in of_anna] == [3, 1]
    newest = said(capsys, data, "sessions", "--last", "1", "--json")
    assert [json.loads(line)["purpose"] for line in newest] == ["tempo"]


def test_without_sessions_it_says_how_to_make_one(capsys, tmp_path) -> None:
    assert said(capsys, tmp_path, "sessions") == ["no sessions yet; `beatwise live` starts one"]


def test_show_draws_the_trace_and_says_the_verdict(capsys, data) -> None:
    text = "\n".join(said(capsys, data, "show", "1"))
    for part in (
        "Anna: easy",
        "under your ceiling",
        "time in zones",
        "0 min",
        "your profile lacks",
    ):
        assert part in text


def test_show_as_json_has_the_names_scripts_rely_on(capsys, data) -> None:
    (line,) = said(capsys, data, "show", "3", "--json")
    told = json.loads(line)
    assert told["session"] == 3
    assert told["purpose"] == "tempo"
    assert told["inside_pct"] + told["over_pct"] + told["under_pct"] == pytest.approx(100.0)
    assert told["trimp"] is None
    assert told["no_trimp"] == "your profile lacks sex"
    assert sum(zone["seconds"] for zone in told["zones"]) == pytest.approx(
        told["moving_s"] - told["unknown_s"], abs=1.0
    )


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (["show", "99"], "there is no session 99"),
        (["show", "nine"], "no number"),
        (["show", "0"], "no number"),
        (["sessions", "--last", "-1"], "no number"),
    ],
)
def test_a_mistake_is_one_line_and_exit_code_2(capsys, data, words, complaint) -> None:
    try:
        code = main(["--data", str(data), *words])
    except SystemExit as left:
        code = left.code
    _, said_wrong = capsys.readouterr()
    assert code == 2
    assert complaint in said_wrong
    assert said_wrong.count("\n") == 1
