import tomllib
from pathlib import Path

import pytest

from device import config
from device.config import Bluetooth, Config, Cueing, Judging, RRRange, Screen, Storing
from device.errors import ConfigError


def write(folder: Path, text: str) -> Path:
    (folder / "config.toml").write_text(text)
    return folder


def test_without_a_file_the_defaults_hold(tmp_path):
    assert config.load(tmp_path) == Config()


def test_every_setting_is_read(tmp_path):
    text = """
        athlete = "Anna"
        [bluetooth]
        silence_s = 20
        [screen]
        glyphs = "ascii"
        colours = "16"
        [store]
        sync_s = 2.5
        [rr]
        shortest_ms = 300
        longest_ms = 2500
        [readiness]
        calm = true
        [cues]
        tones = false
        voice = false
        bell = false
        volume_pct = 55
        card = "plughw:1,0"
        summary_min = 10
        summary_km = 1
        led_gpio = 17
        buzzer_gpio = 27
        button_gpio = 22
    """
    assert config.load(write(tmp_path, text)) == Config(
        athlete="Anna",
        bluetooth=Bluetooth(silence_s=20.0),
        screen=Screen(glyphs="ascii", colours="16"),
        store=Storing(sync_s=2.5),
        rr=RRRange(shortest_ms=300.0, longest_ms=2500.0),
        readiness=Judging(calm=True),
        cues=Cueing(
            tones=False,
            voice=False,
            bell=False,
            volume_pct=55.0,
            card="plughw:1,0",
            summary_min=10,
            summary_km=1,
            led_gpio=17,
            buzzer_gpio=27,
            button_gpio=22,
        ),
    )


ABSENT = [
    [key]
    for key in (
        "athlete",
        "card",
        "summary_min",
        "summary_km",
        "led_gpio",
        "buzzer_gpio",
        "button_gpio",
        "closes",
    )
]
"""What the docstring shows a value of, and is None where it is not written."""


def test_the_file_in_the_docstring_is_the_defaults_and_has_every_key(tmp_path):
    example = config.__doc__.partition("::\n")[2]
    usual = [line for line in example.splitlines() if line.split()[:1] not in ABSENT]
    assert config.load(write(tmp_path, "\n".join(usual))) == Config()
    assert config.load(write(tmp_path, example)) != Config()
    documented = tomllib.loads(example)
    keys = {
        f"{table}.{key}" for table, keys in documented.items() if table != "athlete" for key in keys
    }
    known = {
        f"{table}.{key}"
        for table in ("bluetooth", "screen", "store", "rr", "readiness", "cues", "kiosk")
        for key in getattr(Config(), table).__slots__
    }
    assert keys == known


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[store]\nsync_s = 6\n", ":2: store.sync_s: 6 is out of range: 0.2 to 5 (seconds)"),
        ("[store]\nsync_s = 0\n", ":2: store.sync_s: 0 is out of range"),
        (
            "[bluetooth]\nsilence = 6\n",
            ":2: bluetooth.silence: no such setting; did you mean 'silence_s'?",
        ),
        ("[blootooth]\n", ":1: blootooth: no such setting; did you mean 'bluetooth'?"),
        (
            "[screen]\nglyphs = 'brail'\n",
            ":2: screen.glyphs: 'brail' is unknown; did you mean 'braille'?",
        ),
        ("[screen]\ncolours = 16\n", ':2: screen.colours: 16 is not text: put it in "quotes"'),
        ("screen = 'blue'\n", ":1: screen: 'blue' is not a section: write [screen]"),
        ("\nathlete = ''\n", ":2: athlete: a name cannot be empty"),
        ("athlete = 'a\\u202eb'\n", ":1: athlete: "),
        ("[cues]\ntones = 'loud'\n", ":2: cues.tones: 'loud' is neither true nor false"),
        ("[readiness]\ncalm = 1\n", ":2: readiness.calm: 1 is neither true nor false"),
        (
            "[readiness]\nclam = true\n",
            ":2: readiness.clam: no such setting; did you mean 'calm'?",
        ),
        ("[cues]\nvoice = 1\n", ":2: cues.voice: 1 is neither true nor false"),
        ("[cues]\nvolume_pct = 120\n", ":2: cues.volume_pct: 120 is out of range: 0 to 100 (%)"),
        ("[cues]\nsummary_min = 0\n", ":2: cues.summary_min: 0 is out of range: 1 to 60"),
        ("[cues]\nsummary_min = 2.5\n", ":2: cues.summary_min: 2.5 is not a whole number"),
        ("[kiosk]\ncloses = '24:00'\n", ":2: kiosk.closes: '24:00' is no time of day"),
        ("[kiosk]\ncloses = 'ten'\n", ":2: kiosk.closes: 'ten' is no time of day; write it as"),
        ("[kiosk]\nnear_dbm = 66\n", ":2: kiosk.near_dbm: 66 is out of range: -90 to -30 (dBm)"),
        ("[kiosk]\ncloses = 22\n", ":2: kiosk.closes: 22 is not text"),
        ("[cues]\ncard = ''\n", ":2: cues.card: no name of a sound card"),
        ("[cues]\nled_gpio = 40\n", ":2: cues.led_gpio: 40 is out of range: 0 to 27"),
        (
            "[cues]\nled_gpio = 17\nbutton_gpio = 17\n",
            ":3: cues.button_gpio: GPIO 17 has something else on it already",
        ),
        ("[cues]\nled = 17\n", ":2: cues.led: no such setting; did you mean 'led_gpio'?"),
        ("[rr]\nshortest_ms = 2000\nlongest_ms = 300\n", ":3: rr.longest_ms: 300 is out of range"),
    ],
)
def test_each_mistake_names_file_line_and_key(tmp_path, text, words):
    if "\\u" in text:
        text = text.replace("'", '"')
    with pytest.raises(ConfigError) as raised:
        config.load(write(tmp_path, text))
    assert f"{tmp_path / 'config.toml'}{words}" in str(raised.value)
