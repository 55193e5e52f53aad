from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from device import roster
from device.athlete import Athlete, Strap
from device.errors import ConfigError, StoreError, UnknownAthlete
from device.names import LONGEST_NAME, name_mistake
from device.purpose import Purpose
from hrv.zones import Zones

ANNA = Athlete(
    "Änne O'Neill",
    1985,
    "female",
    52.0,
    188.5,
    170.0,
    148.0,
    146.5,
    Zones(("easy", 'the "rest"'), (148.5,)),
    Strap("F0:F1:F2:F3:F4:F5", "Polar [H10] \\ 'x'"),
)


def names(data: Path) -> list[str]:
    return [one.name for one in roster.load_all(data).athletes]


@pytest.mark.parametrize(
    "one",
    [
        ANNA,
        Athlete("Ben"),
        Athlete("Ben", lthr_bpm=165.0, zones="friel"),
        Athlete("Ben", strap=Strap(name="H10")),
        Athlete("Ben", strap=Strap(name="H10"), plan=(Purpose.EASY, *[None] * 5, Purpose.TEMPO)),
    ],
    ids=["all", "name only", "model", "strap", "plan"],
)
def test_what_was_saved_is_loaded(tmp_path, one):
    path = roster.save(tmp_path, one)
    assert path.parent == tmp_path / "athletes"
    assert roster.load(tmp_path, one.name) == one
    assert roster.load_all(tmp_path) == roster.Roster((one,), ())


@given(st.text(min_size=1, max_size=LONGEST_NAME).filter(lambda name: not name_mistake(name)))
def test_any_name_that_is_allowed_can_be_saved_and_loaded(tmp_path_factory, name):
    data = tmp_path_factory.mktemp("any")
    path = roster.save(data, Athlete(name))
    assert path.parent == data / "athletes"
    assert roster.load(data, name).name == name


def test_a_change_replaces_the_file_and_leaves_nothing_else(tmp_path):
    path = roster.save(tmp_path, ANNA)
    assert roster.save(tmp_path, replace(ANNA, max_bpm=190.0)) == path
    assert roster.load(tmp_path, "änne o'neill").max_bpm == 190.0
    assert list(path.parent.iterdir()) == [path]


def test_a_file_a_person_named_is_changed_where_it_is(tmp_path):
    mine = tmp_path / "athletes" / "me.toml"
    mine.parent.mkdir()
    mine.write_text('name = "Anna"\n')
    assert roster.save(tmp_path, Athlete("Anna", 1985)) == mine


def test_names_that_give_the_same_file_get_files_of_their_own(tmp_path):
    for name in ("山田", "佐藤", "Jo Ann", "Jo-Ann"):
        roster.save(tmp_path, Athlete(name))
    files = sorted(path.name for path in (tmp_path / "athletes").iterdir())
    assert files == ["athlete-2.toml", "athlete.toml", "jo-ann-2.toml", "jo-ann.toml"]
    assert sorted(names(tmp_path)) == sorted(["山田", "佐藤", "Jo Ann", "Jo-Ann"])
    assert roster.load(tmp_path, "佐藤").name == "佐藤"


def test_a_broken_file_is_never_written_over(tmp_path):
    broken = tmp_path / "athletes" / "anna.toml"
    broken.parent.mkdir()
    broken.write_text('name = "Anna\n')
    assert roster.save(tmp_path, Athlete("Anna")).name == "anna-2.toml"
    assert broken.read_text() == 'name = "Anna\n'


@pytest.mark.parametrize(
    ("one", "words"),
    [
        (Athlete("../../etc/passwd\n"), "begins or ends with a space"),
        (Athlete("a\u202eb"), "cannot be seen"),
        (Athlete("x" * 300), "300 characters are too long"),
        (Athlete("Anna", max_bpm=999), "athletes/anna.toml:2: max_bpm: 999 is out of range"),
        (Athlete("Anna", resting_bpm=float("nan")), "nan is out of range"),
        (Athlete("Anna", strap=Strap(name="\udcff")), "athletes/anna.toml:4: "),
        (Athlete("Anna", strap=Strap(name='"\x7f\n[x]\n')), "a strap's name is one line"),
    ],
)
def test_what_could_not_be_read_back_is_not_written(tmp_path, one, words):
    roster.save(tmp_path, Athlete("Ben"))
    with pytest.raises(ConfigError, match=words.replace("[", r"\[")) as raised:
        roster.save(tmp_path, one)
    assert "\n" not in str(raised.value)
    assert names(tmp_path) == ["Ben"]
    assert [path.name for path in (tmp_path / "athletes").iterdir()] == ["ben.toml"]


def test_a_folder_that_cannot_be_written_is_told_in_one_line(tmp_path):
    (tmp_path / "athletes").write_text("a file is in its place")
    with pytest.raises(StoreError, match=r"athletes/anna\.toml cannot be written: "):
        roster.save(tmp_path, Athlete("Anna"))


@pytest.mark.parametrize(
    ("there", "asked", "words"),
    [
        ([], "Anna", "no athlete 'Anna': there is none yet in this data folder"),
        (["Anna", "Ben"], "Ana", "no athlete 'Ana'; did you mean 'Anna'? There is Anna, Ben"),
        (["Anna"], "Zoe", "no athlete 'Zoe'; there is Anna"),
        (["Anna"], "\x1b[2J", "no athlete '\\x1b[2J'; there is Anna"),
        (["Anna"], "x" * 300, f"no athlete '{'x' * 37}...'; there is Anna"),
    ],
)
def test_an_unknown_athlete_is_told_who_there_is(tmp_path, there, asked, words):
    for name in there:
        roster.save(tmp_path, Athlete(name))
    with pytest.raises(UnknownAthlete) as raised:
        roster.load(tmp_path, asked)
    assert str(raised.value) == words


def test_an_athlete_whose_file_has_a_mistake_hears_of_the_mistake(tmp_path):
    folder = tmp_path / "athletes"
    folder.mkdir()
    (folder / "anna.toml").write_text('name = "Anna"\nmax_bpm = "fast"\n')
    (folder / "ben.toml").write_text('name = "Ben\n')
    with pytest.raises(ConfigError, match=r"anna\.toml:2: max_bpm: 'fast' is not a number"):
        roster.load(tmp_path, "Anna")
    with pytest.raises(ConfigError, match=r"ben\.toml:1: "):
        roster.load(tmp_path, "Ben")


def test_one_broken_file_keeps_nobody_else_from_training(tmp_path):
    for name in ("Cleo", "anna", "Ben"):
        roster.save(tmp_path, Athlete(name))
    folder = tmp_path / "athletes"
    (folder / "broken.toml").write_text("name = ")
    (folder / "twice.toml").write_text('name = "BEN"')
    (folder / "notes.txt").write_text("not an athlete")
    (folder / "folder.toml").mkdir()
    everybody = roster.load_all(tmp_path)
    assert [one.name for one in everybody.athletes] == ["anna", "Ben", "Cleo"]
    assert [str(mistake).removeprefix(f"{folder}/") for mistake in everybody.mistakes] == [
        "broken.toml:1: Invalid value",
        "twice.toml: another file already has 'BEN'",
    ]
    assert roster.load(tmp_path, "Cleo").name == "Cleo"
