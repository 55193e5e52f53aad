"""What is typed about a morning: feelings, symptoms, tags, the day."""

from dataclasses import dataclass, fields
from datetime import date, datetime

from device.errors import BeatwiseError
from device.morning_record import Answers
from hrv.decision import Symptoms
from hrv.wellness import Wellness

ITEMS = tuple(item.name for item in fields(Wellness))
LONGEST_NOTE = 1000
_SYMPTOMS = {
    "none": Symptoms.NONE,
    "cold": Symptoms.HEAD_COLD,
    "head-cold": Symptoms.HEAD_COLD,
    "fever": Symptoms.SYSTEMIC,
    "chest": Symptoms.SYSTEMIC,
    "body": Symptoms.SYSTEMIC,
    "gut": Symptoms.SYSTEMIC,
    "systemic": Symptoms.SYSTEMIC,
}
_GRAVER = (Symptoms.NONE, Symptoms.HEAD_COLD, Symptoms.SYSTEMIC)


class BadAnswer(BeatwiseError, ValueError):
    """Something said about the morning that cannot be understood."""


@dataclass(frozen=True, slots=True)
class Day:
    """The day a test is filed under."""

    day: date
    taken: datetime | None
    """With its offset; None where only the day was said."""


def parse_answers(
    feel: str | None, symptoms: str | None, tags: str | None, note: str | None
) -> Answers:
    """Read the options of the command line; what is not said is unknown.

    Raises :class:`BadAnswer`.
    """
    text = (note or "").strip()
    if len(text) > LONGEST_NOTE:
        raise BadAnswer(f"--note: {len(text)} characters are too many; at most {LONGEST_NOTE}")
    return Answers(
        feeling=None if feel is None else _feeling(feel),
        symptoms=max(map(_symptom, _words(symptoms)), key=_GRAVER.index, default=Symptoms.NONE),
        tags=tuple(dict.fromkeys(_words(tags))),
        note=text,
    )


def parse_day(text: str) -> Day:
    """A date, or a date with the time and its offset from UTC; raises :class:`BadAnswer`."""
    try:
        if len(text) == len("YYYY-MM-DD"):
            return Day(date.fromisoformat(text), None)
        taken = datetime.fromisoformat(text)
    except ValueError:
        taken = None
    if taken is None or taken.tzinfo is None:
        raise BadAnswer(
            f"--date {text!r}: say YYYY-MM-DD, or with the time YYYY-MM-DDTHH:MM:SS+HH:MM"
        )
    return Day(taken.date(), taken)


def _feeling(text: str) -> Wellness:
    parts = [part.strip() for part in text.split(",")]
    try:
        numbers = [int(part) if part else None for part in parts]
        return Wellness(**dict(zip(ITEMS, numbers, strict=True)))
    except ValueError:
        raise BadAnswer(
            f"--feel {text!r}: say five whole numbers from 1 (worst) to 5 (best) for"
            f" {', '.join(ITEMS)}, such as 4,3,4,4,5; nothing between two commas is not answered"
        ) from None


def _symptom(word: str) -> Symptoms:
    try:
        return _SYMPTOMS[word.lower().replace("_", "-").replace(" ", "-")]
    except KeyError:
        raise BadAnswer(f"--symptoms {word!r}: it can be {', '.join(_SYMPTOMS)}") from None


def _words(text: str | None) -> list[str]:
    return [word for part in (text or "").split(",") if (word := part.strip())]
