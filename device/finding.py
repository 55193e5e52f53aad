"""What an examination found, and what each role of a device cannot do without."""

from dataclasses import dataclass
from typing import Literal

Role = Literal["personal", "pocket", "kiosk"]
"""The app in a terminal; a run without a screen; a gym's board."""
ROLES: tuple[Role, ...] = ("personal", "pocket", "kiosk")

Verdict = Literal["ok", "note", "missing"]

_ALWAYS = frozenset({"bluetooth", "rfkill", "permission", "folder", "disk", "settings", "database"})
NEEDED: dict[Role | None, frozenset[str]] = {
    None: _ALWAYS,
    "personal": _ALWAYS,
    "pocket": _ALWAYS | {"cues", "button"},
    "kiosk": _ALWAYS | {"display"},
}
"""By role, what is missing where it is not well; anything else is only noted."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What was looked at, and how it stands."""

    what: str
    well: bool
    words: str
    cure: str | None = None
    """What to do about it; None where it is well, or where nothing can be done."""

    def verdict(self, role: Role | None) -> Verdict:
        """``missing`` where this role cannot do without it."""
        if self.well:
            return "ok"
        return "missing" if self.what in NEEDED[role] else "note"

    @property
    def told(self) -> str:
        """In one line, the cure behind a colon."""
        return self.words if self.cure is None else f"{self.words}: {self.cure}"
