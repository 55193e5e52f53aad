from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from device import settings
from device.errors import ConfigError
from device.settings import line_of

TEXT = '''\
# depth = 1 is not meant
title = "a [depth] in text"
long = """
depth = 2
"""

list = [
  1,  # depth = 3
  2,
]
a.b = 1
"quoted key" = 1
inline = { depth = 5 }

[table]
# depth
depth = [
  6,
]
[table.inner]
depth = 7
'''


@pytest.mark.parametrize(
    ("key", "line"),
    [
        ("title", 2),
        ("long", 3),
        ("list", 7),
        ("a", 11),
        ("a.b", 11),
        ("quoted key", 12),
        ("inline.depth", 13),
        ("table", 15),
        ("table.depth", 17),
        ("table.inner", 20),
        ("table.inner.depth", 21),
        ("nowhere", 1),
        ("title.nowhere", 1),
    ],
)
def test_the_line_of_a_key_is_where_it_is_written(key, line):
    assert line_of(TEXT, tuple(key.split("."))) == line


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "some.toml"


def mistakes(file: settings.Settings) -> list[str]:
    with pytest.raises(ConfigError) as raised:
        file.check()
    return str(raised.value).replace(str(file.path), "F").splitlines()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"a = \n", ":1: Invalid value"),
        (b"a = 1\nb = 2\na = 3\n", ":3: Cannot overwrite a value"),
        (b"a = 1\r\n[b\r\n", ":2: Expected ']'"),
        (b'a = 1\nb = "x', ":2: Unterminated string"),
        (b"a = 1\n\xff = 2", ":2: not UTF-8"),
        (b"a = " + b"9" * 5000, ":1: "),
        (b"x" * 70_000, "over 64 KB is no file of settings"),
        (b"a = " + b"[" * 20_000, "nested too deeply"),
    ],
    ids=["value", "twice", "section", "string", "encoding", "huge number", "huge", "deep"],
)
def test_a_file_that_is_no_toml_is_named_with_the_line_in_one_line(path, data, words):
    path.write_bytes(data)
    with pytest.raises(ConfigError) as raised:
        settings.read(path)
    message = str(raised.value)
    assert message.startswith(str(path))
    assert words in message
    assert "\n" not in message


def test_a_file_that_is_not_there_is_empty_and_one_that_cannot_be_read_is_not(path):
    settings.read(path).check()
    path.mkdir()
    with pytest.raises(ConfigError, match="cannot be read: Is a directory"):
        settings.read(path)


def test_a_mark_of_byte_order_and_foreign_line_ends_do_no_harm(path):
    path.write_bytes('\ufeffa = "ü"\r\nb = 1\r\n'.encode())
    file = settings.read(path)
    assert file.text("a", None) == "ü"
    assert mistakes(file) == ["F:2: b: no such setting; there is a"]


@pytest.mark.parametrize(
    ("written", "asked", "words"),
    [
        ("x = 9.5", "number", "9.5 is out of range: 1 to 5 (s)"),
        ("x = nan", "number", "nan is out of range: 1 to 5 (s)"),
        ("x = inf", "number", "inf is out of range: 1 to 5 (s)"),
        ("x = true", "number", "True is not a number (s)"),
        ('x = "3"', "number", "'3' is not a number (s)"),
        ("x = 1979-05-27", "number", "datetime.date(1979, 5, 27) is not a number (s)"),
        ("x = 3.5", "whole", "3.5 is not a whole number (s)"),
        ("x = 0", "whole", "0 is out of range: 1 to 5 (s)"),
        ("x = false", "whole", "False is not a whole number (s)"),
        ("x = 5", "text", '5 is not text: put it in "quotes"'),
        ('x = "grean"', "choice", "'grean' is unknown; did you mean 'green'?"),
        ('x = "7"', "choice", "'7' is unknown; there is red, green"),
        ("x = 5", "items", "5 is not a list: put it in [brackets]"),
        ("x = 5", "table", "5 is not a section: write [x]"),
        (f'x = "{"y" * 90}"', "number", f"'{'y' * 36}... is not a number (s)"),
    ],
)
def test_a_wrong_value_is_named_and_the_default_stands(path, written, asked, words):
    path.write_text(f"\n{written}\n")
    file = settings.read(path)
    match asked:
        case "number":
            assert file.number("x", None, low=1, high=5, unit="s") is None
        case "whole":
            assert file.whole("x", 4, low=1, high=5, unit="s") == 4
        case "text":
            assert file.text("x", "usual") == "usual"
        case "choice":
            assert file.choice("x", "red", ["red", "green"]) == "red"
        case "items":
            assert file.items("x") == []
        case "table":
            assert file.table("x").text("y", None) is None
    assert mistakes(file) == [f"F:2: x: {words}"]


def test_all_mistakes_are_told_at_once_in_the_order_of_the_file(path):
    path.write_text("[b]\nwidthe = 1\nheight = 99\n\n[a]\nx = 'y'\n[c]\n")
    file = settings.read(path)
    file.table("a").number("x", None, low=0, high=1, unit="m")
    b = file.table("b")
    b.number("width", None, low=0, high=1, unit="m")
    b.number("height", None, low=0, high=1, unit="m")
    assert mistakes(file) == [
        "F:2: b.widthe: no such setting; did you mean 'width'?",
        "F:3: b.height: 99 is out of range: 0 to 1 (m)",
        "F:6: a.x: 'y' is not a number (m)",
        "F:7: c: no such setting; there is a, b",
    ]


def test_a_thousand_mistakes_are_told_by_the_first_few(path):
    path.write_text("\n".join(f"x{number} = 1" for number in range(1000)))
    assert len(mistakes(settings.read(path))) == settings.MOST_MISTAKES


def test_a_key_that_would_disturb_a_terminal_is_shown_escaped(path):
    path.write_text('"a\\u001b[2Jb\\u202e" = 1\n')
    (line,) = mistakes(settings.read(path))
    assert line == "F:1: 'a\\x1b[2Jb\\u202e': no such setting"


@given(st.binary(max_size=200))
def test_any_bytes_are_settings_or_a_mistake_that_a_person_can_mend(tmp_path_factory, data):
    path = tmp_path_factory.mktemp("any") / "some.toml"
    path.write_bytes(data)
    with suppress(ConfigError):
        settings.read(path).check()
