"""Who trains: one file an athlete, ``athletes/<slug>.toml`` in the data folder.

Only the name must be there. The whole file, as it would be::

    name = "Anna"
    birth_year = 1985
    sex = "female"              # female, male; only where a formula asks for it
    resting_bpm = 52
    max_bpm = 188               # measured, never 220 minus age
    lthr_bpm = 170              # mean of the last 20 min of a 30-minute all-out run
    vt1_bpm = 148               # first ventilatory threshold, from a laboratory
    hrvt1_bpm = 146             # accepted after a ramp test; VT1 goes before it
    zones = "friel"             # friel, karvonen, percent_max, norwegian; or bounds of your own:

    [zones]
    names = ["easy", "steady", "hard"]
    bounds_bpm = [148, 170]     # where each zone but the lowest begins

    [strap]
    address = "F0:F1:F2:F3:F4:F5"
    name = "Polar H10 12345678"

    [plan]                      # what each day is for; a day that is not there is not planned
    monday = "easy"             # recovery, easy, steady, tempo, intervals
    thursday = "intervals"
"""

import re
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Literal, cast, get_args

from device import settings
from device.names import name_mistake
from device.purpose import Purpose
from device.settings import Settings
from hrv import zones as models
from hrv.zones import Zones

Sex = Literal["female", "male"]
ZoneModel = Literal["friel", "karvonen", "percent_max", "norwegian"]

_NEEDED: dict[ZoneModel, tuple[str, ...]] = {
    "friel": ("lthr_bpm",),
    "karvonen": ("resting_bpm", "max_bpm"),
    "percent_max": ("max_bpm",),
    "norwegian": ("max_bpm",),
}
_ADDRESS = re.compile(r"[0-9A-F]{2}(:[0-9A-F]{2}){5}")
_LONGEST_STRAP_NAME = 248
"""Bytes a Bluetooth device's name may have (Core specification, local name)."""

YEARS = (1900, 2100)
AGE_YEARS = (5, 110)
"""Outside this an age is a wrong year of birth, or a wrong clock."""


@dataclass(frozen=True, slots=True)
class Strap:
    """The strap an athlete owns; either part tells it."""

    address: str | None = None
    name: str | None = None
    """What the strap calls itself; untrusted text."""


Plan = tuple[Purpose | None, ...]
"""From Monday to Sunday; None on a day without a plan."""

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


@dataclass(frozen=True, slots=True)
class Athlete:
    """What is known about an athlete; None where it is not."""

    name: str
    birth_year: int | None = None
    sex: Sex | None = None
    """Asked only where a formula needs it."""
    resting_bpm: float | None = None
    max_bpm: float | None = None
    """Measured; None rather than an estimate."""
    lthr_bpm: float | None = None
    """Heart rate at lactate threshold."""
    vt1_bpm: float | None = None
    """Heart rate at the first ventilatory threshold."""
    hrvt1_bpm: float | None = None
    """First threshold from the fall of DFA alpha 1 in a ramp, as the athlete accepted it."""
    zones: ZoneModel | Zones | None = None
    """A model to be worked out from the numbers above, or the athlete's own bounds."""
    strap: Strap | None = None
    plan: Plan | None = None
    """What each day of the week is for."""

    def age_years(self, year: int) -> int | None:
        """Age reached in a calendar year; None where it is unknown or cannot be."""
        if self.birth_year is None:
            return None
        age = year - self.birth_year
        return age if AGE_YEARS[0] <= age <= AGE_YEARS[1] else None


def zones_of(athlete: Athlete) -> Zones | None:
    """The athlete's zones: as chosen, else Friel's from LTHR, else by reserve, else by HRmax.

    None where nothing measured is known; the order of the fallbacks is our decision.
    """
    if isinstance(athlete.zones, Zones):
        return athlete.zones
    lthr_bpm, rest_bpm, max_bpm = athlete.lthr_bpm, athlete.resting_bpm, athlete.max_bpm
    usual: tuple[ZoneModel, ...] = ("friel", "karvonen", "percent_max")
    for model in (athlete.zones,) if athlete.zones else usual:
        match model:
            case "friel" if lthr_bpm is not None:
                return models.friel(lthr_bpm)
            case "karvonen" if rest_bpm is not None and max_bpm is not None:
                return models.karvonen(rest_bpm, max_bpm)
            case "percent_max" if max_bpm is not None:
                return models.percent_max(max_bpm)
            case "norwegian" if max_bpm is not None:
                return models.norwegian(max_bpm)
    return None


def read(path: Path) -> Athlete:
    """Read one athlete's file.

    Raises :class:`device.errors.ConfigError` naming file, line and key of every mistake.
    """
    file = settings.read(path)
    athlete = of_table(file)
    file.check()
    return athlete


def of_table(file: Settings) -> Athlete:
    """An athlete from a table of settings, which is told of every mistake in it."""
    athlete = Athlete(
        name=_name(file),
        birth_year=file.whole("birth_year", None, low=YEARS[0], high=YEARS[1], unit="year"),
        sex=cast(Sex | None, file.choice("sex", None, get_args(Sex))),
        resting_bpm=file.number("resting_bpm", None, low=25, high=110, unit="bpm"),
        max_bpm=file.number("max_bpm", None, low=100, high=240, unit="bpm"),
        lthr_bpm=file.number("lthr_bpm", None, low=80, high=230, unit="bpm"),
        vt1_bpm=file.number("vt1_bpm", None, low=60, high=220, unit="bpm"),
        hrvt1_bpm=file.number("hrvt1_bpm", None, low=60, high=220, unit="bpm"),
        zones=_zones(file),
        strap=_strap(file.table("strap")),
        plan=_plan(file.table("plan")),
    )
    _name_contradictions(file, athlete)
    return athlete


def _name(file: Settings) -> str:
    name = file.text("name", None)
    if name is None:
        if "name" not in file:
            file.mistake("name", "an athlete needs a name")
        return ""
    if words := name_mistake(name):
        file.mistake("name", words)
    return name


def _name_contradictions(file: Settings, athlete: Athlete) -> None:
    told = set()
    for first in ("vt1_bpm", "hrvt1_bpm"):
        rising = ("resting_bpm", first, "lthr_bpm", "max_bpm")
        known = [
            (key, getattr(athlete, key)) for key in rising if getattr(athlete, key) is not None
        ]
        for (lower, low_bpm), (higher, high_bpm) in pairwise(known):
            if low_bpm >= high_bpm and (lower, higher) not in told:
                told.add((lower, higher))
                file.mistake(lower, f"{low_bpm:g} must be below {higher}, which is {high_bpm:g}")
    if isinstance(athlete.zones, str):
        missing = [key for key in _NEEDED[athlete.zones] if getattr(athlete, key) is None]
        if missing:
            file.mistake("zones", f"{athlete.zones} zones need {' and '.join(missing)}")


def _zones(file: Settings) -> ZoneModel | Zones | None:
    if not file.is_table("zones"):
        return cast(ZoneModel | None, file.choice("zones", None, get_args(ZoneModel)))
    table = file.table("zones")
    names, bounds_bpm = table.items("names"), table.items("bounds_bpm")
    if not all(isinstance(name, str) and name.isprintable() and name for name in names):
        table.mistake("names", 'zones need names in "quotes", without invisible characters')
        return None
    if not all(isinstance(bpm, (int, float)) and 30 <= bpm <= 250 for bpm in bounds_bpm):
        table.mistake("bounds_bpm", "a bound of a zone is a number from 30 to 250 (bpm)")
        return None
    try:
        return Zones(tuple(names), tuple(float(bpm) for bpm in bounds_bpm))
    except ValueError as error:
        table.mistake("bounds_bpm", str(error))
        return None


def _strap(table: Settings) -> Strap | None:
    address, name = table.text("address", None), table.text("name", None)
    if address is not None:
        address = address.upper().replace("-", ":")
        if not _ADDRESS.fullmatch(address):
            table.mistake("address", f"{address[:40]!r} is no address like F0:F1:F2:F3:F4:F5")
    if name is not None and not (name.isprintable() and 0 < len(name) <= _LONGEST_STRAP_NAME):
        table.mistake("name", "a strap's name is one line of text without invisible characters")
    return Strap(address, name) if address or name else None


def _plan(table: Settings) -> Plan | None:
    purposes = [purpose.value for purpose in Purpose if purpose is not Purpose.RAMP]
    days = [table.choice(day, None, purposes) for day in DAYS]
    return tuple(None if day is None else Purpose(day) for day in days) if any(days) else None
