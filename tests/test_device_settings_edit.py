"""One setting changed in a file a person wrote."""

import pytest

from device import config, settings_edit
from device.errors import ConfigError, StoreError

MINE = '# my own\nathlete = "Anna"  # me\n\n[screen]\nglyphs = "ascii"\n'


@pytest.mark.parametrize(
    ("before", "table", "key", "value", "after"),
    [
        ("", "kiosk", "closes", "22:00", '[kiosk]\ncloses = "22:00"\n'),
        (MINE, "kiosk", "closes", "22:00", MINE + '\n[kiosk]\ncloses = "22:00"\n'),
        ("[kiosk]", "kiosk", "closes", "9:30", '[kiosk]\ncloses = "9:30"\n'),
        (
            '[kiosk]\n# late\ncloses = "23:00"\n[screen]\n',
            "kiosk",
            "closes",
            "21:15",
            '[kiosk]\n# late\ncloses = "21:15"\n[screen]\n',
        ),
        ('[kiosk]\ncloses = "23:00"\n', "kiosk", "closes", None, "[kiosk]\n"),
        (MINE, None, "athlete", None, MINE.replace('athlete = "Anna"  # me\n', "")),
        (MINE, None, "athlete", "Ben", MINE.replace('"Anna"  # me', '"Ben"')),
        (MINE, "kiosk", "closes", None, MINE),
        ("[screen]\n", None, "athlete", "Ben", 'athlete = "Ben"\n[screen]\n'),
    ],
)
def test_only_that_setting_changes(tmp_path, before, table, key, value, after):
    path = tmp_path / "config.toml"
    path.write_text(before)
    settings_edit.put(path, table, key, value)
    assert path.read_text() == after
    config.load(tmp_path)
    assert [one.name for one in tmp_path.iterdir()] == ["config.toml"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('kiosk = {closes = "22:00"}\n', "change it by hand"),
        ('[kiosk]\ncloses = """\n22:00"""\n', "change it by hand"),
        ("[kiosk\n", "config.toml:1: "),
    ],
)
def test_what_only_a_person_can_change_is_left_alone(tmp_path, text, words):
    path = tmp_path / "config.toml"
    path.write_text(text)
    with pytest.raises(ConfigError, match=words):
        settings_edit.put(path, "kiosk", "closes", "21:00")
    assert path.read_text() == text


def test_a_disk_that_refuses_is_told(tmp_path):
    with pytest.raises(StoreError, match="cannot be written"):
        settings_edit.put(tmp_path / "none" / "config.toml", "kiosk", "closes", "21:00")
