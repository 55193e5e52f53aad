from pathlib import Path

import pytest

from device import athlete
from device.athlete import Athlete, Strap, zones_of
from device.errors import ConfigError
from hrv import zones as models
from hrv.zones import Zones


def read(folder: Path, text: str) -> Athlete:
    path = folder / "anna.toml"
    path.write_text(text, encoding="utf-8")
    return athlete.read(path)


def test_a_name_is_all_that_is_needed(tmp_path):
    assert read(tmp_path, 'name = "Anna"') == Athlete("Anna")


def test_every_value_is_read(tmp_path):
    text = """
        name = "Anna"
        birth_year = 1985
        sex = "female"
        resting_bpm = 52
        max_bpm = 188.5
        lthr_bpm = 170
        vt1_bpm = 148
        hrvt1_bpm = 146
        [zones]
        names = ["easy", "steady", "hard"]
        bounds_bpm = [148, 170]
        [strap]
        address = "f0-f1-f2-f3-f4-f5"
        name = "Polar H10 12345678"
    """
    assert read(tmp_path, text) == Athlete(
        "Anna",
        1985,
        "female",
        52.0,
        188.5,
        170.0,
        148.0,
        146.0,
        Zones(("easy", "steady", "hard"), (148.0, 170.0)),
        Strap("F0:F1:F2:F3:F4:F5", "Polar H10 12345678"),
    )


def test_the_file_in_the_docstring_is_right(tmp_path):
    example = athlete.__doc__.partition("::\n")[2]
    own_bounds = "\n".join(line for line in example.splitlines() if "zones =" not in line)
    assert isinstance(read(tmp_path, own_bounds).zones, Zones)
    model, _, rest = example.partition("[zones]")
    assert read(tmp_path, f"{model}[strap]{rest.partition('[strap]')[2]}").zones == "friel"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", ":1: name: an athlete needs a name"),
        ("name = 5", ":1: name: 5 is not text"),
        ('name = "a\\u202eb"', ":1: name: 'a\\u202eb' holds a character that cannot be seen"),
        ('name = "A"\nbirth_year = 85', ":2: birth_year: 85 is out of range: 1900 to 2100 (year)"),
        ('name = "A"\nbirth_year = 1985.5', ":2: birth_year: 1985.5 is not a whole number (year)"),
        ('name = "A"\nsex = "f"', ":2: sex: 'f' is unknown; there is female, male"),
        ('name = "A"\nresting_bpm = 15', ":2: resting_bpm: 15 is out of range: 25 to 110 (bpm)"),
        ('name = "A"\nmax_bpm = 300', ":2: max_bpm: 300 is out of range: 100 to 240 (bpm)"),
        ('name = "A"\nmax_hr = 180', ":2: max_hr: no such setting; did you mean 'max_bpm'?"),
        (
            'name = "A"\nmax_bpm = 105\nresting_bpm = 110',
            ":3: resting_bpm: 110 must be below max_bpm, which is 105",
        ),
        (
            'name = "A"\nlthr_bpm = 150\nvt1_bpm = 150',
            ":3: vt1_bpm: 150 must be below lthr_bpm, which is 150",
        ),
        (
            'name = "A"\nmax_bpm = 180\nhrvt1_bpm = 181',
            ":3: hrvt1_bpm: 181 must be below max_bpm, which is 180",
        ),
        ('name = "A"\nzones = "frield"', ":2: zones: 'frield' is unknown; did you mean 'friel'?"),
        ('name = "A"\nzones = "friel"', ":2: zones: friel zones need lthr_bpm"),
        (
            'name = "A"\nzones = "karvonen"',
            ":2: zones: karvonen zones need resting_bpm and max_bpm",
        ),
        (
            'name = "A"\n[zones]\nnames = ["a", "b"]\nbounds_bpm = [150, 140]',
            ":4: zones.bounds_bpm: 2 bounds part 3 zones, not 2",
        ),
        (
            'name = "A"\n[zones]\nnames = ["a", "b", "c"]\nbounds_bpm = [150, 140]',
            ":4: zones.bounds_bpm: zone bounds must rise",
        ),
        (
            'name = "A"\n[zones]\nnames = ["a", "b"]\nbounds_bpm = [nan]',
            ":4: zones.bounds_bpm: a bound of a zone is a number from 30 to 250",
        ),
        ('name = "A"\n[zones]\nnames = [1, "\\n"]', ":3: zones.names: zones need names"),
        ('name = "A"\n[plan]\nmonday = "ramp"', ":3: plan.monday: 'ramp' is unknown; "),
        ('name = "A"\n[plan]\nmontag = "easy"', ":3: plan.montag: no such setting; did you mean"),
        ('name = "A"\nstrap = "H10"', ":2: strap: 'H10' is not a section: write [strap]"),
        ('name = "A"\n[strap]\naddress = "H10"', ":3: strap.address: 'H10' is no address like"),
        ('name = "A"\n[strap]\nname = "a\\u001b"', ":3: strap.name: a strap's name is one line"),
    ],
)
def test_each_mistake_names_file_line_and_key(tmp_path, text, words):
    with pytest.raises(ConfigError) as raised:
        read(tmp_path, text)
    assert f"anna.toml{words}" in str(raised.value)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize(
    ("birth_year", "year", "age_years"),
    [
        (1985, 2026, 41),
        (None, 2026, None),
        (1985, 1970, None),
        (1900, 2026, None),
        (2024, 2026, None),
    ],
)
def test_an_age_that_cannot_be_is_unknown(birth_year, year, age_years):
    assert Athlete("Anna", birth_year).age_years(year) == age_years


@pytest.mark.parametrize(
    ("one", "zones"),
    [
        (Athlete("A"), None),
        (Athlete("A", resting_bpm=50), None),
        (Athlete("A", max_bpm=190), models.percent_max(190)),
        (Athlete("A", resting_bpm=50, max_bpm=190), models.karvonen(50, 190)),
        (Athlete("A", resting_bpm=50, max_bpm=190, lthr_bpm=170), models.friel(170)),
        (Athlete("A", max_bpm=190, lthr_bpm=170, zones="norwegian"), models.norwegian(190)),
        (Athlete("A", max_bpm=190, lthr_bpm=170, zones="percent_max"), models.percent_max(190)),
        (Athlete("A", max_bpm=190, zones="friel"), None),
        (Athlete("A", zones=Zones(("a", "b"), (140.0,))), Zones(("a", "b"), (140.0,))),
    ],
)
def test_zones_are_the_chosen_ones_or_the_best_the_numbers_allow(one, zones):
    assert zones_of(one) == zones
