"""An athlete from what was typed into a form, without a screen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from device.athlete import Athlete, Strap
from device.errors import ConfigError


@dataclass(frozen=True, slots=True)
class Field:
    """One line of the form."""

    name: str
    label: str
    whole: bool = True


NAME = Field("name", "name")
NUMBERS = (
    Field("birth_year", "year of birth"),
    Field("resting_bpm", "resting bpm", whole=False),
    Field("max_bpm", "highest bpm", whole=False),
    Field("lthr_bpm", "threshold bpm", whole=False),
)
STRAP = Field("strap", "strap address")
FIELDS = (NAME, *NUMBERS, STRAP)


def texts_of(one: Athlete) -> dict[str, str]:
    """What stands in the form at first."""
    numbers = {field.name: getattr(one, field.name) for field in NUMBERS}
    return {
        NAME.name: one.name,
        **{name: "" if value is None else f"{value:g}" for name, value in numbers.items()},
        STRAP.name: (one.strap and one.strap.address) or "",
    }


def entered(before: Athlete | None, texts: Mapping[str, str]) -> Athlete:
    """The athlete as typed; what the form does not ask for stays as it was.

    Raises :class:`ConfigError` for what is no number. Whether it makes sense is asked when it is
    saved.
    """
    one = before or Athlete(texts[NAME.name].strip())
    numbers = {field.name: _number(field, texts[field.name].strip()) for field in NUMBERS}
    address = texts[STRAP.name].strip() or None
    known = one.strap.name if one.strap is not None else None
    # A name alone is what tells a strap without an address; another strap has another name.
    same = one.strap is not None and one.strap.address == address
    strap = Strap(address, known if same else None) if address or (same and known) else None
    return replace(one, **numbers, strap=strap)  # type: ignore[arg-type]  # by their fields


def _number(field: Field, text: str) -> float | int | None:
    if not text:
        return None
    try:
        return int(text) if field.whole else float(text.replace(",", "."))
    except ValueError:
        raise ConfigError(f"{field.label}: {text[:20]!r} is no number") from None
