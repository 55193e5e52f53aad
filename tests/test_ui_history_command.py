"""`beatwise history` as a person uses it, and the days behind it."""

import json
import re
from datetime import UTC, date, datetime, timedelta
from math import log
from pathlib import Path

import pytest

from device import morning_history, roster
from device.athlete import Athlete
from device.folder import Places
from device.morning_record import Answers, StoredMorning
from device.past_days import days_of
from device.readiness_today import readiness_from
from device.store import Store
from hrv.decision import Symptoms, Verdict
from ui.__main__ import main

FIRST = date(2026, 9, 1)


def morning(n: int, rmssd_ms: float | None = 60.0, **more: object) -> StoredMorning:
    """A morning n days after the first."""
    day = FIRST + timedelta(days=n)
    values: dict[str, object] = {
        "athlete": "Anna",
        "day": day,
        "taken": datetime(day.year, day.month, day.day, 6, 30, tzinfo=UTC),
        "protocol": "standard seated free chest 1",
        "protocol_name": "standard",
        "posture": "seated",
        "method_version": "1",
        "outcome": "accepted",
        "rmssd_ms": rmssd_ms,
        "hr_bpm": 50.0,
        **more,
    }
    return StoredMorning(**values)  # type: ignore[arg-type]


def usual(n: int) -> list[StoredMorning]:
    """So many ordinary mornings, none like the one before."""
    return [morning(i, 60.0 + 3.0 * (i % 3 - 1)) for i in range(n)]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder with one athlete."""
    folder = tmp_path / "data"
    roster.save(folder, Athlete("Anna"))
    return folder


def keep(data: Path, *mornings: StoredMorning) -> None:
    store = Store.open(Places(data).database, now=datetime.now(UTC))
    morning_history.keep_all(store, mornings)
    store.close()


def shown(
    data: Path, capsys: pytest.CaptureFixture[str], *words: str, glyphs: str = "ascii"
) -> list[str]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BEATWISE_GLYPHS", glyphs)
        assert main(["--data", str(data), "history", *words]) == 0
    out, complaint = capsys.readouterr()
    assert complaint == ""
    return out.splitlines()


def rows(lines: list[str]) -> dict[str, str]:
    """The day rows by their date, such as ``Tue  1 Sep``."""
    return {
        line[:10]: line
        for line in lines
        if re.match(r"[A-Z][a-z]{2} [ \d]\d [A-Z][a-z]{2}  ", line)
    }


def objects(data: Path, capsys: pytest.CaptureFixture[str], *words: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in shown(data, capsys, "--json", *words)]


def test_a_history_with_nothing_in_it_says_how_to_begin(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (line,) = shown(data, capsys)
    assert line.startswith("Anna: no mornings yet; `beatwise morning`")
    assert not Places(data).database.exists(), "looking makes no file"


def test_each_day_has_its_numbers_and_its_verdict(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    keep(data, *usual(25), morning(25, 40.0, hr_bpm=51.5))
    last = rows(shown(data, capsys))["Sat 26 Sep"]
    assert last.split()[3:6] == [f"{log(40.0):.2f}", "40.0", "51.5"]
    assert "AMBER R8 " in last


def test_while_learning_there_is_no_verdict_and_no_band(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    keep(data, *usual(7))
    lines = rows(shown(data, capsys))
    assert all("GREY  R4" in line and ":" not in line for line in lines.values())
    assert len(lines) == 7


def test_four_weeks_are_shown_unless_more_is_asked_for(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    keep(data, *usual(60))
    assert len(objects(data, capsys)) == 28
    assert len(objects(data, capsys, "--weeks", "2")) == 14
    assert len(objects(data, capsys, "--all")) == 60
    assert objects(data, capsys, "--weeks", "1")[-1]["date"] == "2026-10-30", "up to the newest"


def test_the_verdict_of_a_past_day_rests_on_what_was_known_that_day(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    keep(data, *usual(25))
    before = objects(data, capsys, "--all")
    keep(data, *(morning(n, 200.0) for n in range(25, 40)))
    assert objects(data, capsys, "--all")[:25] == before


def test_it_is_the_verdict_every_other_screen_shows() -> None:
    mornings = [*usual(25), morning(25, 40.0), morning(26, 38.0), morning(27, 30.0)]
    for past in days_of(mornings):
        assert past.told == readiness_from(mornings, past.day)


def test_a_verdict_that_was_shown_is_not_rewritten(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    keep(data, *usual(25), morning(25, 60.0, rule="R13", verdict=Verdict.AMBER))
    assert objects(data, capsys)[-1]["verdict"] == "AMBER"
    assert objects(data, capsys)[-1]["rule"] == "R13"


@pytest.mark.parametrize(
    ("odd", "mark", "standing"),
    [
        (
            {"outcome": "refused", "problem": "artefacts 14.0 %", "rmssd_ms": None, "hr_bpm": None},
            "refused: artefacts 14.0 %",
            "refused",
        ),
        ({"rmssd_ms": 400.0}, "excluded: RMSSD 400.0 is outside", "excluded"),
        ({"on_schedule": False}, "excluded: not at the usual time", "excluded"),
        ({"answers": Answers(symptoms=Symptoms.HEAD_COLD)}, "excluded: ill", "excluded"),
        ({"imported_from": "Elite HRV: a.csv"}, "imported", "counts"),
        ({"choice": "harder"}, "you chose harder", "counts"),
        ({"choice": "follow"}, "", "counts"),
    ],
)
def test_a_day_that_is_not_as_the_others_is_marked(
    data: Path,
    capsys: pytest.CaptureFixture[str],
    odd: dict[str, object],
    mark: str,
    standing: str,
) -> None:
    keep(data, *usual(25), morning(25, **odd))  # type: ignore[arg-type]
    last = rows(shown(data, capsys))["Sat 26 Sep"]
    assert mark in last
    assert ("excluded" in last, "refused" in last) == (
        standing == "excluded",
        standing == "refused",
    )
    assert objects(data, capsys)[-1]["standing"] == standing


def test_a_refused_day_has_no_number(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    refused = morning(25, None, hr_bpm=None, outcome="refused", problem="contact lost for 9 s")
    keep(data, *usual(25), refused)
    last = rows(shown(data, capsys))["Sat 26 Sep"]
    assert last.split()[3:6] == ["--", "--", "--"]
    assert "GREY  R3" in last


def test_of_two_attempts_the_one_that_counts_is_shown(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    refused = morning(25, None, hr_bpm=None, outcome="refused", problem="moved")
    keep(data, *usual(25), refused, morning(25, 58.0), morning(25, 99.0))
    last = rows(shown(data, capsys))["Sat 26 Sep"]
    assert "58.0" in last
    assert "3 attempts" in last


def test_days_without_a_test_are_named(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    keep(data, morning(0), morning(1), morning(3), morning(8))
    lines = shown(data, capsys)
    assert any(line.startswith("Thu  3 Sep   no test") for line in lines)
    assert any(line.startswith("Sat  5 Sep   4 days without a test") for line in lines)


def test_a_change_of_protocol_is_said_for_it_begins_a_new_baseline(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    keep(data, *usual(10), morning(10, protocol="quick supine free chest 1"))
    lines = shown(data, capsys)
    assert sum(line.startswith("  -- ") for line in lines) == 2
    assert (
        lines.index("  -- quick supine free chest 1")
        == lines.index(next(line for line in lines if line.startswith("Fri 11 Sep"))) - 1
    )


def test_the_bar_puts_a_low_day_left_of_the_range_and_a_high_one_right(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    keep(data, *usual(25), morning(25, 45.0), morning(26, 80.0), morning(27, 60.0))
    lines = rows(shown(data, capsys))

    def at(day: str) -> tuple[int, int, int]:
        line = lines[day][46:]
        return line.index("o"), line.index(":"), line.rindex(":")

    low, high, inside = at("Sat 26 Sep"), at("Sun 27 Sep"), at("Mon 28 Sep")
    assert low[0] < low[1]
    assert high[0] > high[2]
    assert inside[1] < inside[0] < inside[2]


def test_a_value_beyond_the_bar_stays_on_it(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    keep(data, *usual(25), morning(25, 5.0), morning(26, 240.0))
    lines = rows(shown(data, capsys))
    assert lines["Sat 26 Sep"].index("o") < lines["Sun 27 Sep"].index("o")


def test_it_fits_eighty_columns_and_needs_no_more_than_ascii(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    keep(data, *(morning(n, imported_from="Elite HRV: a.csv") for n in range(30)))
    lines = shown(data, capsys, "--all")
    assert max(map(len, lines)) <= 80
    assert all(line.isascii() for line in lines)


def test_the_imported_119_days_are_shown_with_a_verdict_each(
    shared_data: Path, data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = shared_data / "daily/hrv4t_ios_2017.csv"
    assert main(["--data", str(data), "import", str(file), "--zone", "UTC"]) == 0
    capsys.readouterr()
    days = objects(data, capsys, "--all")
    assert len(days) == 119
    assert [day["verdict"] for day in days[:7]] == ["GREY"] * 7
    assert {day["verdict"] for day in days[7:]} == {"GREEN", "AMBER", "RED"}
    assert all("HRV4Training" in str(day["imported_from"]) for day in days)


def test_untrusted_words_stay_on_one_harmless_line(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    nasty = morning(0, None, outcome="refused", problem="\x1b[31mred\nmore")
    keep(data, nasty)
    lines = shown(data, capsys)
    assert not any("\x1b" in line for line in lines)
    assert sum("refused" in line for line in lines) == 1


@pytest.mark.parametrize(
    "words", [("--weeks", "0"), ("--weeks", "-1"), ("--weeks", "x"), ("--weeks", "2", "--all")]
)
def test_a_wrong_number_of_weeks_is_told_in_one_line(
    data: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--data", str(data), "history", *words])
    assert ended.value.code == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_an_unknown_athlete_is_told_in_one_line(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--data", str(data), "history", "--athlete", "Nobody"]) == 2
    assert "no athlete 'Nobody'" in capsys.readouterr().err
