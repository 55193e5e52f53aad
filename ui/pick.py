"""A dialog to pick one of many, by arrows, letters, digits or touch; and one that tells."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from ui.cells import drawable
from ui.forgetful import Forgetful
from ui.header import Keys
from ui.picking import Item, Picking
from ui.sizes import size_classes
from ui.terminal import Glyphs

MOST_DIGITS = 9
"""So many of the items that are shown can be taken by a digit."""

Line = tuple[str, str]
"""A label and what it is about; a line without a label begins at the edge."""


class Words(Widget):
    """What is asked or told: a heading, and lines below it. Untrusted text."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        f"words--{part}" for part in ("heading", "label", "key")
    }

    def __init__(
        self, heading: str, lines: Iterable[Line], glyphs: Glyphs, *, keys: bool = False
    ) -> None:
        """``keys``: the labels are keys, and look like them."""
        super().__init__()
        self.heading = drawable(heading, glyphs)
        self.lines = [(drawable(label, glyphs), drawable(text, glyphs)) for label, text in lines]
        self.keys = keys

    def render(self) -> Content:
        """Wrapped by the widget."""
        heading = self.get_visual_style("words--heading")
        label_style = self.get_visual_style("words--key" if self.keys else "words--label")
        widest = max((len(label) for label, _ in self.lines), default=0)
        lines = [
            Content.assemble(
                (f" {label} " if self.keys else f"{label:<{widest}}", label_style), "   ", text
            )
            if label
            else Content(text)
            for label, text in self.lines
        ]
        below = [Content(), *lines] if lines else []
        return Content("\n").join([Content.styled(self.heading, heading), *below])


def told(lines: Iterable[str]) -> tuple[Line, ...]:
    """Lines without labels."""
    return tuple(("", line) for line in lines)


class ItemList(Widget):
    """The items there is room for, one a line."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        f"item-list--{part}" for part in ("digit", "picked", "label", "detail")
    }

    picking: reactive[Picking] = reactive(lambda: Picking(()))

    class Touched(Message):
        """An item was touched."""

        def __init__(self, at: int) -> None:
            super().__init__()
            self.at = at

    def __init__(self, glyphs: Glyphs) -> None:
        super().__init__()
        self.glyphs = glyphs

    def render(self) -> Content:
        """The picked one marked by a shape as well."""
        picking, shown = self.picking, self.picking.shown
        style = {
            part: self.get_visual_style(f"item-list--{part}")
            for part in ("digit", "picked", "label", "detail")
        }
        lines = []
        for digit, at in enumerate(picking.window(self.size.height), start=1):
            item, picked = shown[at], at == picking.at
            label = Content.assemble(
                (f"{self.glyphs.arrow_right if picked else ' '} ", style["picked"]),
                (f"{digit} " if digit <= MOST_DIGITS else "  ", style["digit"]),
                (drawable(item.label, self.glyphs), style["picked" if picked else "label"]),
            )
            detail = Content.styled(drawable(item.detail, self.glyphs), style["detail"])
            room = max(0, self.size.width - detail.cell_length - 2)
            label = label.truncate(room, ellipsis=False)
            gap = " " * max(0, self.size.width - label.cell_length - detail.cell_length)
            lines.append(Content.assemble(label, gap, detail))
        return Content("\n").join(lines)

    def on_click(self, click: events.Click) -> None:
        """Say which one lies there."""
        window = self.picking.window(self.size.height)
        if click.y < len(window):
            self.post_message(self.Touched(window[click.y]))


class Pick(Forgetful[str]):
    """Dismissed with the key of an item, or None."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down", "move(1)", "Down"),
        Binding("up", "move(-1)", "Up"),
        Binding("pagedown", "move(8)", "Further down"),
        Binding("pageup", "move(-8)", "Further up"),
        Binding("enter", "take", "Take it"),
        Binding("backspace", "back", "Take a letter back"),
        Binding("escape", "leave", "Back"),
    ]

    picking: reactive[Picking] = reactive(lambda: Picking(()), repaint=False)

    def __init__(
        self,
        heading: str,
        items: Iterable[Item],
        glyphs: Glyphs,
        *,
        lines: Iterable[Line] = (),
        at: int = 0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """``lines`` stand between the heading and the list; ``at`` is picked at first."""
        super().__init__(glyphs, clock=clock)
        self.heading = heading
        self.lines = tuple(lines)
        self.set_reactive(Pick.picking, Picking(tuple(items), at=at))

    def compose(self) -> ComposeResult:
        """The box in the middle."""
        self.add_class(*size_classes(self.app.size), update=False)
        with Container(classes="dialog"):
            yield Words(self.heading, self.lines, self.glyphs)
            yield ItemList(self.glyphs).data_bind(Pick.picking)
        many = (("a-z", "narrow"),) if len(self.picking.items) > 8 else ()
        yield Keys((*many, ("up down", "move"), ("enter", "take it"), ("esc", "back")))

    def on_key(self, event: events.Key) -> None:
        """A letter narrows the list; a digit takes what stands beside it, unless a name has it."""
        if event.character is None or not event.is_printable:
            return
        event.stop()
        self.touched()
        narrower = self.picking.with_typed(event.character)
        if narrower is self.picking and event.character in "123456789":
            window = self.picking.window(self.query_one(ItemList).size.height)
            if int(event.character) <= len(window):
                self.picking = replace(self.picking, at=window[int(event.character) - 1])
                self.action_take()
        else:
            self.picking = narrower

    def on_item_list_touched(self, message: ItemList.Touched) -> None:
        """The same as moving there and Enter."""
        self.picking = self.picking.moved(message.at - self.picking.at)
        self.action_take()

    def action_move(self, step: int) -> None:
        """Another item."""
        self.touched()
        self.picking = self.picking.moved(step)

    def action_back(self) -> None:
        """One letter less."""
        self.touched()
        self.picking = self.picking.taken_back()

    def action_take(self) -> None:
        """This one."""
        if (item := self.picking.picked) is not None:
            self.dismiss(item.key)


class Tell(Forgetful[None]):
    """Says something, until any of its keys is pressed or nobody is there any more."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,enter,q", "leave", "Back")]

    def __init__(
        self,
        heading: str,
        lines: Iterable[Line],
        glyphs: Glyphs,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(glyphs, clock=clock)
        self.heading = heading
        self.lines = tuple(lines)

    def compose(self) -> ComposeResult:
        """The box in the middle."""
        self.add_class(*size_classes(self.app.size), update=False)
        with Container(classes="dialog"):
            yield Words(self.heading, self.lines, self.glyphs)
        yield Keys((("esc", "back"),))
