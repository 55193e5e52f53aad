"""The name of a strap as it may stand on a screen: what comes from the air is untrusted."""

import unicodedata

LONGEST_NAME = 32
"""Characters of a strap's name worth showing."""


def display_name(name: str | None, address: str | None = None) -> str:
    """A name from the air made fit for a screen.

    Control characters (escape sequences begin with one), invisible and direction-changing ones and
    line breaks become spaces, runs of spaces one, and what is longer than LONGEST_NAME is cut.
    Without a name it is the address.
    """
    shown = "".join(" " if unicodedata.category(c)[0] in "CZ" else c for c in name or "")
    shown = " ".join(shown.split())
    if len(shown) > LONGEST_NAME:
        shown = shown[: LONGEST_NAME - 1].rstrip() + "…"
    return shown or address or "a strap without a name"
