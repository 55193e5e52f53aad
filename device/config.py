"""The settings of this device: ``config.toml`` in the data folder.

A file that is not there, or empty, means the defaults below. The whole file, as it would be::

    athlete = "Anna"            # who it is when --athlete is not said

    [bluetooth]
    silence_s = 10              # a linked strap silent for so long is given up and looked for anew

    [screen]
    glyphs = "auto"             # auto, braille, blocks, ascii
    colours = "auto"            # auto, 16

    [store]
    sync_s = 5                  # at most so much is lost when the power goes

    [rr]
    shortest_ms = 250           # RR intervals outside this range are marked
    longest_ms = 2000

    [readiness]
    calm = false                # true: fewer false alarms from a single low morning

    [cues]
    tones = true                # falling: ease off; rising: pick it up; level: the strap
    voice = true                # says it in words, where espeak-ng is installed
    bell = true                 # the terminal's bell, where nothing else could tell it
    volume_pct = 80             # of tones and voice
    card = "default"            # the sound card, as `aplay -L` names it; absent: any player's usual
    summary_min = 10            # a spoken summary every so many minutes; absent: none
    summary_km = 1              # or kilometres, where the distance is known: in a watch's recording
    led_gpio = 17               # pins by their GPIO number; absent: nothing is there
    buzzer_gpio = 27            # one that sounds by itself when it has current
    button_gpio = 22            # held for a second it ends a session without a screen

    [kiosk]
    closes = "22:00"            # everybody is signed out then; absent: never
    seats = 1                   # so many may take a seated test in the corner at once
    near_dbm = -66              # an unknown strap heard as loud is at the screen: see beatwise scan
"""

from dataclasses import dataclass, field
from datetime import time
from pathlib import Path
from typing import Literal, cast, get_args

from device import settings
from device.folder import Places
from device.names import name_mistake
from device.settings import Settings

Glyphs = Literal["auto", "braille", "blocks", "ascii"]
Colours = Literal["auto", "16"]

LONGEST_CARD = 100


@dataclass(frozen=True, slots=True)
class Bluetooth:
    """``[bluetooth]``."""

    silence_s: float = 10.0
    """A linked strap silent for so long is given up and looked for anew; 3 to 120."""


@dataclass(frozen=True, slots=True)
class Screen:
    """``[screen]``."""

    glyphs: Glyphs = "auto"
    """What curves are drawn with; ``auto`` asks the terminal."""
    colours: Colours = "auto"
    """``16`` for a console that says it can do more and cannot."""


@dataclass(frozen=True, slots=True)
class Storing:
    """``[store]``."""

    sync_s: float = 5.0
    """Beats go to the disk this often: at most so much is lost; 0.2 to 5."""


@dataclass(frozen=True, slots=True)
class RRRange:
    """``[rr]``: intervals outside are marked as out of range (exercise: SCIENCE 2.1)."""

    shortest_ms: float = 250.0
    """200 to 600."""
    longest_ms: float = 2000.0
    """1000 to 4000."""


@dataclass(frozen=True, slots=True)
class Judging:
    """``[readiness]``: how easily a morning is called low."""

    calm: bool = False
    """Today's band is 1.5 SD wide to either side, not 1.0; the 7-day mean is judged as ever.

    False alarms, by our simulation of an athlete of whom nothing changes (SCIENCE 5.2): below the
    band on 6.7 % of days instead of 16 %; AMBER on 14 % instead of 20 %, RED on under 1 % instead
    of 1 %. Where each day resembles the one before, AMBER on 20 % instead of 24 %, RED on 2 %
    instead of 4 %. The price: a day that is really low may go unsaid.
    """


@dataclass(frozen=True, slots=True)
class Cueing:
    """``[cues]``: how a runner is told; ``beatwise cues`` tries it out."""

    tones: bool = True
    voice: bool = True
    bell: bool = True
    """The terminal's bell, where nothing else could tell it."""
    volume_pct: float = 80.0
    """0 to 100."""
    card: str | None = None
    """As ``aplay -L`` names it; None: what the player takes by itself."""
    summary_min: int | None = None
    """1 to 60; None: no summary during a session."""
    summary_km: int | None = None
    """1 to 10; needs a distance, which no strap sends."""
    led_gpio: int | None = None
    """0 to 27, as the others; None: there is none."""
    buzzer_gpio: int | None = None
    button_gpio: int | None = None


@dataclass(frozen=True, slots=True)
class Kiosk:
    """``[kiosk]``."""

    closes: time | None = None
    """Everybody is signed out then; None: never."""
    seats: int = 1
    """For seated tests, side by side in the corner."""
    near_dbm: int = -66
    """Heard so loud, a strap is at arm's length from the screen: on a chest, straps are heard at
    about -60 dBm at 1 m, and a step further away is another 6 dB (our decision, from the free-space
    law). Another aerial, or a case of metal, hears them 10 dB louder or softer."""


@dataclass(frozen=True, slots=True)
class Config:
    """All settings."""

    athlete: str | None = None
    """Name of the athlete when none is asked for; None: nobody in particular."""
    bluetooth: Bluetooth = field(default_factory=Bluetooth)
    screen: Screen = field(default_factory=Screen)
    store: Storing = field(default_factory=Storing)
    rr: RRRange = field(default_factory=RRRange)
    readiness: Judging = field(default_factory=Judging)
    cues: Cueing = field(default_factory=Cueing)
    kiosk: Kiosk = field(default_factory=Kiosk)


def load(data_dir: Path) -> Config:
    """Read ``config.toml``; no file means the defaults.

    Raises :class:`device.errors.ConfigError` naming file, line and key of every mistake.
    """
    file = settings.read(Places(data_dir).config)
    config = Config(
        athlete=file.text("athlete", None),
        bluetooth=_bluetooth(file.table("bluetooth")),
        screen=_screen(file.table("screen")),
        store=_storing(file.table("store")),
        rr=_rr_range(file.table("rr")),
        readiness=_judging(file.table("readiness")),
        cues=_cueing(file.table("cues")),
        kiosk=_kiosk(file.table("kiosk")),
    )
    if config.athlete is not None and (words := name_mistake(config.athlete)):
        file.mistake("athlete", words)
    file.check()
    return config


def _bluetooth(table: Settings) -> Bluetooth:
    silence_s = table.number("silence_s", Bluetooth().silence_s, low=3, high=120, unit="seconds")
    return Bluetooth(silence_s)


def _screen(table: Settings) -> Screen:
    usual = Screen()
    return Screen(
        glyphs=cast(Glyphs, table.choice("glyphs", usual.glyphs, get_args(Glyphs))),
        colours=cast(Colours, table.choice("colours", usual.colours, get_args(Colours))),
    )


def _storing(table: Settings) -> Storing:
    return Storing(table.number("sync_s", Storing().sync_s, low=0.2, high=5, unit="seconds"))


def _rr_range(table: Settings) -> RRRange:
    usual = RRRange()
    return RRRange(
        table.number("shortest_ms", usual.shortest_ms, low=200, high=600, unit="ms"),
        table.number("longest_ms", usual.longest_ms, low=1000, high=4000, unit="ms"),
    )


def _judging(table: Settings) -> Judging:
    return Judging(calm=table.flag("calm", Judging().calm))


def _cueing(table: Settings) -> Cueing:
    usual = Cueing()
    card = table.text("card", usual.card)
    if card is not None and not (card.isprintable() and 0 < len(card) <= LONGEST_CARD):
        table.mistake("card", "no name of a sound card: `aplay -L` lists them")
    return Cueing(
        tones=table.flag("tones", usual.tones),
        voice=table.flag("voice", usual.voice),
        bell=table.flag("bell", usual.bell),
        volume_pct=table.number("volume_pct", usual.volume_pct, low=0, high=100, unit="%"),
        card=card,
        summary_min=table.whole("summary_min", usual.summary_min, low=1, high=60, unit="minutes"),
        summary_km=table.whole("summary_km", usual.summary_km, low=1, high=10, unit="kilometres"),
        **_pins(table),
    )


def _pins(table: Settings) -> dict[str, int | None]:
    pins: dict[str, int | None] = {}
    for key in ("led_gpio", "buzzer_gpio", "button_gpio"):
        number = table.whole(key, None, low=0, high=27, unit="a GPIO number, not the pin's place")
        if number is not None and number in pins.values():
            table.mistake(key, f"GPIO {number} has something else on it already")
        pins[key] = number
    return pins


def _kiosk(table: Settings) -> Kiosk:
    usual = Kiosk()
    return Kiosk(
        _time_of_day(table, "closes"),
        seats=table.whole("seats", usual.seats, low=1, high=20, unit="seats"),
        near_dbm=table.whole("near_dbm", usual.near_dbm, low=-90, high=-30, unit="dBm"),
    )


def time_of_day(text: str) -> time:
    """Hour and minute, written as 22:00; raises ValueError for anything else."""
    hour, minute = text.split(":")
    return time(int(hour), int(minute))


def _time_of_day(table: Settings, key: str) -> time | None:
    text = table.text(key, None)
    if text is None:
        return None
    try:
        return time_of_day(text)
    except ValueError:
        table.mistake(key, f'{text[:40]!r} is no time of day; write it as "22:00"')
        return None
