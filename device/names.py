"""Names of athletes: untrusted text that becomes a file's name and appears on screens."""

import re
import unicodedata

LONGEST_NAME = 64
_LONGEST_SLUG = 40

_JOINERS = "\u200c\u200d"
"""Zero-width joiners, the only invisible characters that spell names (Persian, Hindi)."""


def name_mistake(name: str) -> str | None:
    """What is wrong with an athlete's name, in words; None where nothing is.

    Any script will do. Refused are control characters, marks that turn the direction of writing,
    other invisible characters, and what does not fit on a line.
    """
    if not name.strip():
        return "a name cannot be empty"
    if name != name.strip():
        return f"{name[:LONGEST_NAME]!r} begins or ends with a space"
    if len(name) > LONGEST_NAME:
        return f"{len(name)} characters are too long for a name; at most {LONGEST_NAME}"
    for character in name:
        space = unicodedata.category(character) == "Zs"  # Japanese has one of its own
        if not (character.isprintable() or space or character in _JOINERS):
            return f"{name!r} holds a character that cannot be seen (U+{ord(character):04X})"
    return None


def in_one_piece(typed: str) -> str:
    """A name without what a hand leaves round it and between its words."""
    return " ".join(typed.split())


def same_name(one: str, other: str) -> bool:
    """Whether two names mean one athlete: capitals and ways of writing accents do not matter."""
    return name_key(one) == name_key(other)


def name_key(name: str) -> str:
    """A form in which names of one athlete are equal."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())


def slug(name: str) -> str:
    """A file's name from an athlete's, without ending: a to z, 0 to 9 and hyphens only.

    Different names can give the same; a name with no such letters gives "athlete".
    """
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    words = re.sub(r"[^a-z0-9]+", "-", plain)
    return words[:_LONGEST_SLUG].strip("-") or "athlete"
