"""A number that is not given, with the reason why: "no verdict" is an answer."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Refusal:
    """What is returned in place of a result that the data cannot carry."""

    name: str
    """Short and stable, for programs: "too_short"."""
    reason: str
    """In plain words, with the numbers, for people."""
