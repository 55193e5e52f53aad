import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.names import name_mistake, same_name, slug


@pytest.mark.parametrize(
    "name",
    [
        "Anna",
        "Änne-Sofie O'Neill",
        "山田　太郎",
        "آرش‌کمان",
        "José María",
        "[bold]Bob[/]",
        "R2",
        "🏃",
    ],
)
def test_names_of_any_script_will_do(name):
    assert name_mistake(name) is None


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("", "a name cannot be empty"),
        ("  ", "a name cannot be empty"),
        (" Anna", "begins or ends with a space"),
        ("x" * 300, "300 characters are too long for a name; at most 64"),
        ("An\nna", "U+000A"),
        ("An\x1b[2Jna", "U+001B"),
        ("An\x00na", "U+0000"),
        ("An\u202ena", "U+202E"),
        ("An\u200fna", "U+200F"),
        ("An\u2066na", "U+2066"),
        ("An\u2028na", "U+2028"),
        ("An\ud800na", "U+D800"),
        ("An\ufeffna", "U+FEFF"),
    ],
)
def test_a_name_that_would_disturb_a_screen_is_refused_in_words_that_do_not(name, words):
    mistake = name_mistake(name)
    assert words in mistake
    assert mistake.isprintable()


@given(st.text())
def test_a_mistake_in_any_name_is_told_in_one_printable_line(name):
    mistake = name_mistake(name)
    assert mistake is None or mistake.isprintable()


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Anna", "ANNA", True),
        ("Jose\u0301", "José", True),
        ("Strauß", "STRAUSS", True),
        ("Anna", "Ann", False),
        ("Müller", "Muller", False),
    ],
)
def test_capitals_and_ways_of_writing_accents_make_no_other_athlete(one, other, same):
    assert same_name(one, other) is same


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Anna", "anna"),
        ("Änne-Sofie O'Neill", "anne-sofie-o-neill"),
        ("../../etc/passwd", "etc-passwd"),
        ("C:\\CON", "c-con"),
        ("山田", "athlete"),
        ("...", "athlete"),
        ("x" * 64, "x" * 40),
    ],
)
def test_a_slug_is_readable_and_stays_in_its_folder(name, expected):
    assert slug(name) == expected


@given(st.text())
def test_a_slug_is_always_a_plain_name_of_a_file(name):
    assert re.fullmatch(r"[a-z0-9][a-z0-9-]{0,39}", slug(name))
