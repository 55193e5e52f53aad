"""Dialogs into which something is typed: one line, and an athlete's profile."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container
from textual.widgets import Input, Label

from device.athlete import Athlete
from device.errors import BeatwiseError
from ui.athlete_entry import FIELDS, NAME, Field, entered, texts_of
from ui.desk_screen import Outcome
from ui.forgetful import Forgetful
from ui.header import Keys
from ui.pick import Line, Words
from ui.sizes import size_classes
from ui.terminal import Glyphs

LONGEST = 200


class TypeIn(Forgetful[str]):
    """Dismissed with a line of text, or None; a secret one is asked twice and never shown."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", "Back")]

    def __init__(
        self,
        heading: str,
        glyphs: Glyphs,
        *,
        value: str = "",
        secret: bool = False,
        mistake: Callable[[str], str | None] = lambda _: None,
        lines: tuple[Line, ...] = (),
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """``mistake`` says in words why a text will not do; ``lines`` stand below the heading."""
        super().__init__(glyphs, clock=clock)
        self.heading = heading
        self.value = value
        self.secret = secret
        self.mistake = mistake
        self.lines = lines
        self._first: str | None = None

    def compose(self) -> ComposeResult:
        """The box in the middle."""
        self.add_class(*size_classes(self.app.size), update=False)
        with Container(classes="dialog"):
            yield Words(self.heading, self.lines, self.glyphs)
            yield Input(self.value, password=self.secret, max_length=LONGEST, compact=True)
            yield Outcome(self.glyphs)
        yield Keys((("enter", "OK"), ("esc", "back")))

    def on_input_changed(self) -> None:
        """Somebody is here."""
        self.touched()

    def on_input_submitted(self, message: Input.Submitted) -> None:
        """Take it, or ask once more."""
        message.stop()
        self.touched()
        outcome = self.query_one(Outcome)
        if words := self.mistake(message.value):
            outcome.said = words
        elif not self.secret or self._first == message.value:
            self.dismiss(message.value)
        elif self._first is None:
            self._first, message.input.value = message.value, ""
            outcome.said = "and once more"
        else:
            self._first, message.input.value = None, ""
            outcome.said = "these were two different ones; type it again"


class AthleteForm(Forgetful[str]):
    """An athlete's profile; dismissed with the name when it is saved."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "Back"),
        Binding("down", "app.focus_next", "Next line"),
        Binding("up", "app.focus_previous", "Line before"),
    ]

    def __init__(
        self,
        before: Athlete | None,
        save: Callable[[Athlete], object],
        glyphs: Glyphs,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """``before`` is None for somebody new; ``save`` is called in a thread, and may refuse."""
        super().__init__(glyphs, clock=clock)
        self.before = before
        self.save = save
        self.fields: tuple[Field, ...] = FIELDS if before is None else FIELDS[1:]

    def compose(self) -> ComposeResult:
        """A line for each field; a name is never changed, for the history stands under it."""
        self.add_class(*size_classes(self.app.size), update=False)
        texts = texts_of(self.before or Athlete(""))
        heading = "A new athlete" if self.before is None else f"Profile of {self.before.name}"
        with Container(classes="dialog"):
            yield Words(heading, (), self.glyphs)
            for field in self.fields:
                with Container(classes="form-line"):
                    yield Label(field.label, markup=False)
                    yield Input(texts[field.name], id=field.name, max_length=LONGEST, compact=True)
            yield Outcome(self.glyphs)
        yield Keys((("up down", "move"), ("enter", "save"), ("esc", "back")))

    def on_input_changed(self) -> None:
        """Somebody is here."""
        self.touched()

    def on_input_submitted(self, message: Input.Submitted) -> None:
        """Save all of it."""
        message.stop()
        self.touched()
        if not self.at_work:
            self.at_work = True
            self.run_worker(self._save())

    async def _save(self) -> None:
        texts = {one.id or "": one.value for one in self.query(Input)}
        texts.setdefault(NAME.name, "")
        try:
            one = entered(self.before, texts)
            await asyncio.to_thread(self.save, one)
        except BeatwiseError as error:
            self.query_one(Outcome).said = in_short(str(error))
        else:
            self.dismiss(one.name)
        finally:
            self.at_work = False


def in_short(said: str) -> str:
    """A mistake by the name of its line in the form, without file and line nobody can look up."""
    lines = [line.split(".toml:")[-1].lstrip("0123456789: ") for line in said.split("\n")]
    for field in FIELDS:
        keys = (f"{field.name}:", f"{field.name}.address:")
        lines = [
            next(
                (f"{field.label}:{line[len(key) :]}" for key in keys if line.startswith(key)), line
            )
            for line in lines
        ]
    return "\n".join(lines)
