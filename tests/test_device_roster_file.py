"""A whole roster in one file: read, its mistakes named, taken into the data folder."""

from dataclasses import replace
from pathlib import Path

import pytest

from device import roster, roster_file
from device.athlete import Athlete, Strap
from device.errors import ConfigError
from device.purpose import Purpose
from hrv.zones import Zones

TWO = """
[[athlete]]
name = "Anna"
birth_year = 1985
max_bpm = 188
[athlete.strap]
address = "f0:f1:f2:f3:f4:f5"

[[athlete]]
name = "בן"
lthr_bpm = 170
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "gym.toml"


def test_everybody_is_read_in_order(path: Path) -> None:
    path.write_text(TWO, encoding="utf-8")
    assert roster_file.read(path) == (
        Athlete("Anna", birth_year=1985, max_bpm=188.0, strap=Strap("F0:F1:F2:F3:F4:F5")),
        Athlete("בן", lthr_bpm=170.0),
    )


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "nobody is in it; each athlete begins with [[athlete]]"),
        ("[[athlete]]\nmax_bpm = 188\n", ":1: athlete 1: name: an athlete needs a name"),
        (TWO + "[[athlete]]\nname = 'ANNA'\n", ":13: athlete 3: name: 'ANNA' is in this roster"),
        (TWO + "max_bpm = 20\n", ":12: athlete 2: max_bpm: 20 is out of range: 100 to 240 (bpm)"),
        (TWO + "[athlete.strap]\nnumber = 'x'", ":13: athlete 2: strap.number: no such setting"),
        ("[athlete]\nname = 'Anna'\n", ":1: athlete: "),
        ("athlete = [1, 2]\n", ":1: athlete: [1, 2] is no list of sections: write [[athlete]]"),
        ("[[athlet]]\nname = 'Anna'\n", ":1: athlet: no such setting; did you mean 'athlete'?"),
        ("[[athlete]]\nname = '\u202eAnna'\n", "a character that cannot be seen (U+202E)"),
        ("[[athlete]]\nname = '" + "a" * 300 + "'\n", ":2: athlete 1: name: 300 characters are"),
    ],
)
def test_each_mistake_is_named_with_its_line_and_whose_it_is(
    path: Path, text: str, told: str
) -> None:
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        roster_file.read(path)
    assert f"{path}" in str(caught.value)
    assert told in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_roster_that_is_not_there_is_told(path: Path) -> None:
    with pytest.raises(ConfigError, match="there is no such file"):
        roster_file.read(path)


def test_taken_in_it_adds_and_updates_and_removes_nobody(tmp_path: Path) -> None:
    strap = Strap("F0:F1:F2:F3:F4:F5")
    roster.save(tmp_path, Athlete("anna", hrvt1_bpm=141.0, max_bpm=180.0, strap=strap))
    roster.save(tmp_path, Athlete("Chris"))
    taken = roster_file.take_in(tmp_path, (Athlete("anna", max_bpm=188.0), Athlete("Ben")))
    anna = Athlete("anna", hrvt1_bpm=141.0, max_bpm=188.0, strap=strap)
    assert taken == (anna, Athlete("Ben"))
    assert roster.load_all(tmp_path).athletes == (anna, Athlete("Ben"), Athlete("Chris"))


def test_what_is_known_already_is_not_written_again(tmp_path: Path) -> None:
    path = roster.save(tmp_path, Athlete("Anna", max_bpm=188.0))
    path.write_text(path.read_text() + "# ours\n")
    roster_file.take_in(tmp_path, (Athlete("Anna", max_bpm=188.0),))
    assert "# ours" in path.read_text()


def test_what_contradicts_what_is_known_is_refused_and_nothing_is_lost(tmp_path: Path) -> None:
    before = Athlete("Anna", lthr_bpm=170.0, max_bpm=188.0)
    roster.save(tmp_path, before)
    with pytest.raises(ConfigError, match="must be below max_bpm"):
        roster_file.take_in(tmp_path, (replace(before, lthr_bpm=None, max_bpm=165.0),))
    assert roster.load(tmp_path, "Anna") == before


def test_what_was_written_is_read_back_with_all_that_is_known_of_everybody(path: Path) -> None:
    week = (Purpose.EASY, None, Purpose.TEMPO, None, None, Purpose.STEADY, None)
    zones = Zones(("low", "high"), (140.0,))
    people = (
        Athlete(
            "Anna",
            1985,
            resting_bpm=50.0,
            max_bpm=190.0,
            strap=Strap("F0:F1:F2:F3:F4:F5", "H10"),
            plan=week,
        ),
        Athlete("Ben", zones=zones, plan=week),
        Athlete("Chris"),
    )
    roster_file.write(path, people)
    assert roster_file.read(path) == people


def test_a_link_on_a_strangers_stick_leads_to_no_file_of_ours(path: Path) -> None:
    ours = path.with_name("beatwise.db")
    for name in (f".{path.name}.part", path.name):
        ours.write_bytes(b"all there is")
        path.with_name(name).symlink_to(ours)
        roster_file.write(path, (Athlete("Anna"),))
        assert ours.read_bytes() == b"all there is"
        assert roster_file.read(path) == (Athlete("Anna"),)
        path.unlink()


def test_a_gym_of_a_thousand_has_one_roster(path: Path) -> None:
    people = tuple(
        Athlete(
            f"Member {n} Müller", 1985, strap=Strap(f"F0:F1:F2:F3:{n // 256:02X}:{n % 256:02X}")
        )
        for n in range(1000)
    )
    roster_file.write(path, people)
    assert roster_file.read(path) == people
