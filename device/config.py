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
"""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, cast, get_args

from device import settings
from device.folder import Places
from device.names import name_mistake
from device.settings import Settings

Glyphs = Literal["auto", "braille", "blocks", "ascii"]
Colours = Literal["auto", "16"]


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
class Config:
    """All settings."""

    athlete: str | None = None
    """Name of the athlete when none is asked for; None: nobody in particular."""
    bluetooth: Bluetooth = field(default_factory=Bluetooth)
    screen: Screen = field(default_factory=Screen)
    store: Storing = field(default_factory=Storing)
    rr: RRRange = field(default_factory=RRRange)


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
