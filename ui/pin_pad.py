"""A PIN by keys, by touch or by mouse: asked for, or chosen anew."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from device.errors import BeatwiseError
from device.pins import ADMIN, Allowed, Answer, Pins
from ui.forgetful import Forgetful
from ui.header import Keys
from ui.picture import Picture, Row
from ui.pin_entry import BACK, ENTER, KEYS, Entry, in_words, wait_words
from ui.sizes import size_classes
from ui.terminal import Glyphs, plain

KEY_WIDTH, GAP = 9, 2
PAD_WIDTH = 3 * KEY_WIDTH + 2 * GAP
TALL = 4 * len(KEYS) - 1
"""From here on the keys are three lines high, with one between them."""


class Told(Widget):
    """Whose PIN it is, the dots, and what is answered. Names are untrusted, of any script."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"told--asked", "told--dots"}

    entry: reactive[Entry] = reactive(Entry)

    def __init__(self, asked: str, glyphs: Glyphs) -> None:
        super().__init__()
        self.asked = plain(asked, glyphs)
        self.glyphs = glyphs

    def render(self) -> Content:
        """Centred by the style sheet."""
        dot = "●" if self.glyphs.drawing == "braille" else "*"
        dots = " ".join(dot * len(self.entry.digits))
        asked, dotted = (self.get_visual_style(f"told--{part}") for part in ("asked", "dots"))
        title = Content.styled(self.asked, asked).truncate(self.size.width, ellipsis=False)
        said = Content(plain(self.entry.said, self.glyphs))
        return Content("\n").join([title, Content(), Content.styled(dots, dotted), Content(), said])


class Pad(Picture):
    """The keys, to be touched."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"pad--between", "pad--key"}
    STYLES: ClassVar[dict[str, str]] = {" ": "pad--between", "k": "pad--key"}

    class Touched(Message):
        """A key of the pad was touched."""

        def __init__(self, key: str) -> None:
            super().__init__()
            self.key = key

    def draw(self, width: int, height: int) -> list[Row]:
        """As tall keys as there is room for."""
        rows: list[Row] = []
        deep = _key_height(height)
        left = " " * ((width - PAD_WIDTH) // 2)
        for at, keys in enumerate(KEYS):
            if at and deep > 1:
                rows.append(("", ""))
            for line in range(deep):
                faces = [self._face(key) if line == deep // 2 else "" for key in keys]
                text = (" " * GAP).join(f"{face:^{KEY_WIDTH}}" for face in faces)
                letters = (" " * GAP).join("k" * KEY_WIDTH for _ in keys)
                rows.append((left + text, left + letters))
        return rows

    def on_click(self, click: events.Click) -> None:
        """Say which key lies there."""
        key = key_at(click.x, click.y, *self.size)
        if key is not None:
            self.post_message(self.Touched(key))

    def _face(self, key: str) -> str:
        return {BACK: self.glyphs.arrow_left, ENTER: "OK"}.get(key, key)


class PinPad(Forgetful[bool]):
    """Dismissed with True when the PIN was right, or the new one is kept; else None."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *(Binding(key, f"touch('{key}')", show=False) for key in "0123456789"),
        Binding("backspace,delete,left", f"touch('{BACK}')", "Take back"),
        Binding("enter", f"touch('{ENTER}')", "OK"),
        Binding("escape", "leave", "Back"),
    ]

    entry: reactive[Entry] = reactive(Entry, repaint=False)

    def __init__(
        self, asked: str, glyphs: Glyphs, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """``asked`` is what is asked for, in words."""
        super().__init__(glyphs, clock=clock)
        self.asked = asked
        self._closed_until_s: float | None = None

    def compose(self) -> ComposeResult:
        """The pad in the middle."""
        self.add_class(*size_classes(self.app.size), update=False)
        with Container(id="pad"):
            yield Told(self.asked, self.glyphs).data_bind(PinPad.entry)
            yield Pad(self.glyphs)
        yield Keys((("0-9", "the PIN"), ("enter", "OK"), ("esc", "back")))

    def look(self) -> None:
        """Go away where nobody is here; count a wait down."""
        super().look()
        if self._closed_until_s is not None:
            left_s = self._closed_until_s - self.clock()
            self._closed_until_s = self._closed_until_s if left_s > 0 else None
            self.entry = Entry(said=wait_words(left_s) if left_s > 0 else "")

    def watch_entry(self, entry: Entry) -> None:
        """Whoever waits for an answer is here."""
        self.at_work = entry.looking

    def on_pad_touched(self, message: Pad.Touched) -> None:
        """The same as the key."""
        self.action_touch(message.key)

    def action_touch(self, key: str) -> None:
        """A digit, one taken back, or the PIN is there."""
        self.touched()
        if self.entry.looking or self._closed_until_s is not None:
            return
        if key != ENTER:
            self.entry = self.entry.pressed(key)
        elif self.entry.digits:
            self.enter(self.entry.digits)

    def action_leave(self) -> None:
        """Back, and nothing is known of what was typed."""
        self.entry = Entry()
        super().action_leave()

    def enter(self, digits: str) -> None:
        """Do something with a PIN that was typed."""
        raise NotImplementedError

    def wait(self, wait_s: float) -> None:
        """Take nothing for so long."""
        self._closed_until_s = self.clock() + wait_s

    def look_at(self, work: Awaitable[None]) -> None:
        """Wait for ``work``, and say the mistake it finds."""

        async def told() -> None:
            try:
                await work
            except BeatwiseError as error:
                self.entry = self.entry.answered(str(error))
            self.touched()

        self.entry = self.entry.looked_at()
        self.run_worker(told())


class AskPin(PinPad):
    """Asks for a PIN: dismissed with True where it was right."""

    def __init__(
        self,
        pins: Pins,
        who: str,
        glyphs: Glyphs,
        *,
        why: str = "",
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """``why`` is what will be done with it; empty where that goes without saying."""
        super().__init__(why or asked(who), glyphs, clock=clock)
        self.pins = pins
        self.who = who

    def on_mount(self) -> None:
        """Say at once that there is none, or how long to wait."""
        self.look_at(self._before())

    def enter(self, digits: str) -> None:
        """Try it."""
        self.look_at(self._try(digits))

    async def _before(self) -> None:
        self._heed(await asyncio.to_thread(self.pins.wait_s, self.who))

    async def _try(self, digits: str) -> None:
        answer: Answer = await asyncio.to_thread(self.pins.check, self.who, digits)
        if isinstance(answer, Allowed):
            self.entry = Entry()
            self.dismiss(True)
        else:
            self._heed(answer.wait_s, in_words(answer))

    def _heed(self, wait_s: float, said: str = "") -> None:
        if wait_s:
            self.wait(wait_s)
        self.entry = self.entry.answered(said or (wait_words(wait_s) if wait_s else ""))


class NewPin(PinPad):
    """Asks for a new PIN, twice: dismissed with True when it is kept."""

    def __init__(
        self,
        pins: Pins,
        who: str,
        glyphs: Glyphs,
        *,
        why: str = "choose 4 to 12 digits",
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """``why`` is said until something is typed."""
        super().__init__(asked(who), glyphs, clock=clock)
        self.pins = pins
        self.who = who
        self.set_reactive(NewPin.entry, Entry(said=why))

    def enter(self, digits: str) -> None:
        """Ask once more, then keep it."""
        if self.entry.first is None:
            self.entry = self.entry.once_more()
        elif self.entry.first != digits:
            self.entry = Entry(said="these were two different ones; choose again")
        else:
            self.entry = Entry()
            self.look_at(self._keep(digits))

    async def _keep(self, digits: str) -> None:
        await asyncio.to_thread(self.pins.set_, self.who, digits)
        self.dismiss(True)


def asked(who: str) -> str:
    """Whose PIN it is, in words."""
    return "The admin's PIN" if who == ADMIN else f"PIN of {who}"


def key_at(x: int, y: int, width: int, height: int) -> str | None:
    """The key that lies at a place of the pad; None beside the keys."""
    deep = _key_height(height)
    row, line = divmod(y, deep + (deep > 1))
    column, cell = divmod(x - (width - PAD_WIDTH) // 2, KEY_WIDTH + GAP)
    on_a_key = 0 <= row < len(KEYS) and 0 <= column < 3 and line < deep and cell < KEY_WIDTH
    return KEYS[row][column] if on_a_key else None


def _key_height(height: int) -> int:
    return 3 if height >= TALL else 1
