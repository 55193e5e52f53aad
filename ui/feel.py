"""How do you feel: asked before the number is shown, so that the number cannot colour the answer.

One question at a time, one key an answer. What is not answered is unknown, never average.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container
from textual.message import Message
from textual.reactive import reactive
from textual.widgets import Input

from device.morning_record import TAGS, Answers
from device.morning_words import LONGEST_NOTE
from hrv.decision import Symptoms
from hrv.wellness import Wellness
from ui.picture import Picture, Row
from ui.terminal import Glyphs, plain

if TYPE_CHECKING:
    from ui.gauges import Moment


@dataclass(frozen=True, slots=True)
class Question:
    """One thing asked, and its answers from worst to best with the key of each."""

    name: str
    asked: str
    answers: tuple[tuple[str, str], ...]


def _item(name: str, asked: str, *worst_to_best: str) -> Question:
    best_first = tuple((f"{n}", said) for n, said in enumerate(worst_to_best, start=1))[::-1]
    return Question(name, asked, best_first)


# fmt: off
ITEMS = (
    _item("fatigue", "How fresh are you?",
          "worn out", "more tired than usual", "as usual", "fresh", "very fresh"),
    _item("sleep", "How did you sleep?",
          "hardly at all", "restlessly", "so-so", "well", "deeply and long"),
    _item("soreness", "How do your muscles feel?",
          "very sore", "sore or stiff", "as usual", "good", "light and loose"),
    _item("stress", "How much weighs on you?",
          "far too much", "a lot", "as usual", "little", "nothing at all"),
    _item("mood", "How is your mood?",
          "very low", "irritable", "flat", "good", "very good"),
)
# fmt: on
"""The five items of McLean 2010 in our own words; 5 is best."""

ILLNESS = Question(
    "illness",
    "Are you ill?",
    (
        ("1", "no"),
        ("2", "a head cold, nothing below the neck"),
        ("3", "fever, or chest, stomach or whole body"),
    ),
)
SYMPTOMS = {"1": Symptoms.NONE, "2": Symptoms.HEAD_COLD, "3": Symptoms.SYSTEMIC}
KEY_OF = {symptoms: key for key, symptoms in SYMPTOMS.items()}

TAG_KEYS = {f"{n}": tag for n, tag in enumerate(TAGS, start=1)}
ASKED = (*ITEMS, ILLNESS)
LAST = len(ASKED)
"""The step after the questions: tags and a note."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """The answers as they grow: a key for each question answered, and where one is."""

    at: int = 0
    keys: dict[str, str] = field(default_factory=dict)
    tags: tuple[str, ...] = ()
    note: str = ""

    @classmethod
    def of(cls, answers: Answers) -> Sheet:
        """What was said beforehand, and at the first question that is open."""
        said = {} if answers.feeling is None else asdict(answers.feeling)
        keys = {name: str(value) for name, value in said.items() if value is not None}
        if answers.symptoms is not Symptoms.NONE:  # which may as well not have been said
            keys[ILLNESS.name] = KEY_OF[answers.symptoms]
        at = next((at for at, asked in enumerate(ASKED) if asked.name not in keys), LAST)
        return cls(at, keys, answers.tags, answers.note)

    def answered(self, key: str) -> Sheet:
        """The question one is at, answered; goes on to the next."""
        question = ASKED[self.at]
        return Sheet(self.at + 1, self.keys | {question.name: key}, self.tags, self.note)

    def skipped(self) -> Sheet:
        """The question one is at, left open; an answer given before is taken back."""
        name = ASKED[self.at].name
        kept = {asked: key for asked, key in self.keys.items() if asked != name}
        return Sheet(self.at + 1, kept, self.tags, self.note)

    def back(self) -> Sheet:
        """At the question before."""
        return Sheet(max(0, self.at - 1), self.keys, self.tags, self.note)

    def toggled(self, tag: str) -> Sheet:
        """With this tag, or without it if it was there."""
        kept = tuple(one for one in TAGS if (one in self.tags) != (one == tag))
        own = tuple(one for one in self.tags if one not in TAGS)
        return Sheet(self.at, self.keys, kept + own, self.note)

    def noted(self, note: str) -> Sheet:
        """With this note."""
        return Sheet(self.at, self.keys, self.tags, note)

    @property
    def answers(self) -> Answers:
        """What is handed on: the items that have an answer, the others as unknown."""
        said = {item.name: int(self.keys[item.name]) for item in ITEMS if item.name in self.keys}
        feeling = Wellness(**said) if said else None
        symptoms = SYMPTOMS[self.keys.get(ILLNESS.name, "1")]
        return Answers(feeling=feeling, symptoms=symptoms, tags=self.tags, note=self.note.strip())


class SheetPicture(Picture):
    """A leaf of the questions."""

    sheet: reactive[Sheet] = reactive(Sheet, repaint=False)

    def watch_sheet(self, sheet: Sheet) -> None:
        """Draw again."""
        self.shown = sheet
        self.changed()

    def fact(self, moment: Moment) -> object:  # noqa: ARG002 - shows no moment
        """Nothing of a session."""
        return self.shown


class Asked(SheetPicture):
    """The question one is at, large enough to be read without glasses."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        f"asked--{part}" for part in ("question", "key", "answer", "chosen", "quiet")
    }
    STYLES: ClassVar[dict[str, str]] = {
        "q": "asked--question",
        "k": "asked--key",
        "a": "asked--answer",
        "c": "asked--chosen",
        "s": "asked--quiet",
    }

    def draw(self, width: int, height: int) -> list[Row]:
        """The question, and a line for each answer."""
        sheet = self.shown if isinstance(self.shown, Sheet) else Sheet()
        apart = height >= 15
        rows = self._tags(sheet, width) if sheet.at >= LAST else self._question(sheet)
        if not apart:
            return rows
        return [row for pair in ((row, ("", "")) for row in rows) for row in pair]

    def _question(self, sheet: Sheet) -> list[Row]:
        question = ASKED[sheet.at]
        rows: list[Row] = [(question.asked, "q" * len(question.asked))]
        for key, said in question.answers:
            rows.append(self._choice(key, said, chosen=sheet.keys.get(question.name) == key))
        return rows

    def _tags(self, sheet: Sheet, width: int) -> list[Row]:
        asked = "Anything that could explain today?"
        rows: list[Row] = [(asked, "q" * len(asked))]
        rows += [self._choice(key, tag, tag in sheet.tags) for key, tag in TAG_KEYS.items()]
        note = plain(sheet.note, self.glyphs)
        text, letters = self._choice("n", f"note: {note}" if note else "a note", bool(note))
        return [*rows, (text if len(text) <= width else f"{text[: width - 3]}...", letters)]

    def _choice(self, key: str, said: str, chosen: bool) -> Row:
        mark = self.glyphs.arrow_right if chosen else " "
        text = f"{mark}  {key}   {said}"
        return text, "c kkk  " + ("c" if chosen else "a") * len(said)


class Answered(SheetPicture):
    """The list of all that is asked, with what was said: where one is, and how much is left."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"answered--here", "answered--name", "answered--said"}
    STYLES: ClassVar[dict[str, str]] = {
        "h": "answered--here",
        "n": "answered--name",
        "s": "answered--said",
    }

    def draw(self, width: int, height: int) -> list[Row]:
        """One line each, kept off the question beside them."""
        sheet = self.shown if isinstance(self.shown, Sheet) else Sheet()
        rows: list[Row] = []
        for at, question in enumerate(ASKED):
            key = sheet.keys.get(question.name)
            said = dict(question.answers).get(key or "", self.glyphs.dot if at < sheet.at else "")
            rows.append(self._line(at == sheet.at, question.name, said.split(",")[0]))
        rows.append(self._line(sheet.at >= LAST, "more", ", ".join(sheet.tags)))
        rows = [self._cut(row, width) for row in rows]
        if height >= 2 * len(rows):
            rows = [row for pair in ((row, ("", "")) for row in rows) for row in pair]
        return rows

    def _cut(self, row: Row, width: int) -> Row:
        text, letters = row
        if len(text) < width:
            return row
        return f"{text[: width - 4].rstrip()}...", letters[: width - 1]

    def _line(self, here: bool, name: str, said: str) -> Row:
        mark = self.glyphs.arrow_right if here else " "
        text = f"{mark} {name:<10}{plain(said, self.glyphs)}"
        return text, ("h" if here else "n") * 12 + "s" * len(said)


class FeelPane(Container, can_focus=True):
    """The questions; it may be answered while the recording goes on."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *(Binding(key, f"answer('{key}')", show=False) for key in TAG_KEYS),
        Binding("space,enter,right", "onward", "Skip"),
        Binding("backspace,left", "back", "Back"),
        Binding("n", "note", "Note"),
        Binding("s", "finish", "Skip all"),
    ]

    sheet: reactive[Sheet] = reactive(Sheet, repaint=False)

    class Changed(Message):
        """Another question: other keys do something now."""

    class Done(Message):
        """The person is done with the questions."""

        def __init__(self, answers: Answers) -> None:
            super().__init__()
            self.answers = answers

    def __init__(self, glyphs: Glyphs, said: Answers | None = None) -> None:
        super().__init__()
        self.glyphs = glyphs
        self.set_reactive(FeelPane.sheet, Sheet.of(said or Answers()))

    def compose(self) -> ComposeResult:
        """Where one is on the left, the question on the right."""
        yield Answered(self.glyphs).data_bind(FeelPane.sheet)
        yield Asked(self.glyphs).data_bind(FeelPane.sheet)
        note = Input(placeholder="a note, Enter to keep it", max_length=LONGEST_NOTE, compact=True)
        note.display = False
        yield note

    def watch_sheet(self) -> None:
        """Other keys may do something now."""
        self.post_message(self.Changed())

    def action_answer(self, key: str) -> None:
        """Answer the question one is at; at the end, a tag on or off."""
        if self.sheet.at >= LAST:
            self.sheet = self.sheet.toggled(TAG_KEYS[key])
        elif key in dict(ASKED[self.sheet.at].answers):
            self.sheet = self.sheet.answered(key)

    def action_onward(self) -> None:
        """Leave the question open; at the end, be done."""
        if self.sheet.at < LAST:
            self.sheet = self.sheet.skipped()
        else:
            self.action_finish()

    def action_back(self) -> None:
        """To the question before."""
        self.sheet = self.sheet.back()

    def action_finish(self) -> None:
        """Be done, whatever is answered."""
        self.post_message(self.Done(self.sheet.answers))

    def action_note(self) -> None:
        """Write a note."""
        if self.sheet.at >= LAST:
            note = self.query_one(Input)
            note.value = self.sheet.note
            note.display = True
            note.focus()

    def on_input_submitted(self, message: Input.Submitted) -> None:
        """The note is written."""
        message.stop()
        self.sheet = self.sheet.noted(message.value)
        message.input.display = False
        self.focus()
