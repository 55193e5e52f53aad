"""Looking after a kiosk: who trains here, their PINs, backups, closing time, and the way out."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType

from device import backup, config, roster, roster_file, settings_edit
from device.athlete import Athlete
from device.backup_form import SHORTEST_PASSPHRASE
from device.erase import erase
from device.errors import ConfigError
from device.names import name_key
from ui.desk_screen import DeskScreen, backups_gone
from ui.pick import Line, Pick
from ui.picking import Item
from ui.pin_pad import NewPin
from ui.private import Desk, picked_of, stick
from ui.terminal import Glyphs
from ui.type_in import AthleteForm, TypeIn

ROSTER_NAME = "beatwise-roster.toml"
"""On a stick: what is taken in, and what is given out."""


class Admin(DeskScreen):
    """Shown to whoever knows the admin's PIN."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("r", "roster", "Roster"),
        Binding("i", "take_in", "Roster from a stick"),
        Binding("o", "give_out", "Roster onto a stick"),
        Binding("b", "backup", "Backup"),
        Binding("t", "closing", "Closing time"),
        Binding("p", "pin", "Another admin PIN"),
        Binding("x", "leave_app", "Leave the app"),
    ]
    lists_keys = True

    def __init__(self, desk: Desk, glyphs: Glyphs) -> None:
        super().__init__("Looking after this device", desk, glyphs)

    def facts(self) -> tuple[Line, ...]:
        """What can be done, each with its key."""
        closes = config.load(self.desk.places.data).kiosk.closes
        told = "never" if closes is None else f"{closes:%H:%M}"
        return (
            ("r", f"roster: {len(self._in_it())} in it, their profiles and PINs"),
            ("i", "take a roster in from a stick"),
            ("o", "give the roster out onto a stick"),
            ("b", "backup of everything onto a stick"),
            ("t", f"closing time: {told}"),
            ("p", "another admin PIN"),
            ("x", "leave Beatwise"),
        )

    def _in_it(self) -> tuple[Athlete, ...]:
        """As on the disk: no guest, who is kept for the day only, and nobody simulated."""
        return roster.load_all(self.desk.places.data).athletes

    def action_roster(self) -> None:
        """Everybody, one to be picked."""
        self.start(self._roster())

    def action_take_in(self) -> None:
        """A roster from a stick."""
        self.start(self._take_in())

    def action_give_out(self) -> None:
        """The roster onto a stick."""
        self.start(self._give_out())

    def action_backup(self) -> None:
        """Everything onto a stick, encrypted."""
        self.start(self._backup())

    def action_closing(self) -> None:
        """When everybody is signed out."""
        self.start(self._closing_time())

    def action_pin(self) -> None:
        """Another PIN for this screen."""
        self.start(self._pin(""))

    def action_leave_app(self) -> None:
        """Out, to whatever started the app."""
        self.start(self._leave())

    async def _roster(self) -> None:
        known = {name_key(one.name): one for one in await self.at(self.said, self._in_it)}
        items = [Item("", "A new athlete")]
        for key in sorted(known):
            one = known[key]
            has = "PIN" if self.desk.pins.has(one.name) else "no PIN"
            items.append(Item(key, one.name, has))
        picked = await picked_of(self.app, Pick("Who?", items, self.glyphs))
        if picked == "":
            await self._profile(None)
        elif picked is not None:
            await self._one(known[picked])

    async def _one(self, one: Athlete) -> None:
        items = [
            Item("profile", "Profile"),
            Item("pin", "A new PIN, typed by them"),
            Item("remove", "Remove, with everything that is kept"),
        ]
        match await picked_of(self.app, Pick(one.name, items, self.glyphs)):
            case "profile":
                await self._profile(one)
            case "pin":
                await self._pin(one.name)
            case "remove":
                await self._remove(one.name)

    async def _profile(self, before: Athlete | None) -> None:
        data = self.desk.places.data

        def save(one: Athlete) -> None:
            names = {name_key(each.name) for each in roster.load_all(data).athletes}
            if before is None and name_key(one.name) in names:
                raise ConfigError(f"{one.name} is in the roster already")
            roster.save(data, one)

        form = AthleteForm(before, save, self.glyphs)
        name: str | None = await self.app.push_screen_wait(form)
        if name is None:
            return
        self.desk.roster_changed()
        await self.read()
        self.said = f"{name}: saved."
        if before is None:
            await self._pin(name)

    async def _pin(self, who: str) -> None:
        if await self.app.push_screen_wait(NewPin(self.desk.pins, who, self.glyphs)):
            self.said = f"{who or 'The admin'}: the PIN is set."

    async def _remove(self, name: str) -> None:
        lines = (
            ("", "Sessions, mornings, profile and PIN go. Nobody can bring them back."),
            *await self.backups_that_go(),
        )
        if not await self.sure(f"Erase everything of {name}?", lines, "Yes, erase it all"):
            return
        await self.desk.signed_out(name)
        desk = self.desk
        erased = await self.at("erasing...", lambda: erase(desk.store, desk.places, name))
        desk.roster_changed()
        await self.read()
        self.said = "\n".join((f"{name} is erased.", *backups_gone(erased), *erased.remains))

    async def _take_in(self) -> None:
        found = await stick(self.app, self.glyphs, "From which stick?", to_write=False)
        if found is None:
            return
        data = self.desk.places.data

        def take() -> int:
            return len(roster_file.take_in(data, roster_file.read(found / ROSTER_NAME)))

        count = await self.at("reading...", take)
        self.desk.roster_changed()
        await self.read()
        who = "1 athlete" if count == 1 else f"{count} athletes"
        self.said = f"{who} added or updated."

    async def _give_out(self) -> None:
        found = await stick(self.app, self.glyphs, "Onto which stick?")
        if found is None:
            return
        target = found / ROSTER_NAME
        await self.at("writing...", lambda: roster_file.write(target, self._in_it()))
        self.said = f"{ROSTER_NAME} is on the stick; no PIN is in it."

    async def _backup(self) -> None:
        found = await stick(self.app, self.glyphs, "Onto which stick?")
        if found is None:
            return
        form = TypeIn("A passphrase for this backup", self.glyphs, secret=True, mistake=too_short)
        phrase: str | None = await self.app.push_screen_wait(form)
        if phrase is None:
            return
        places, now = self.desk.places, self.desk.now()
        made = await self.at("writing...", lambda: backup.make(places, found, phrase, now=now))
        self.said = f"{made.path.name} is on the stick. Only the passphrase opens it."

    async def _closing_time(self) -> None:
        path = self.desk.places.config
        closes = config.load(self.desk.places.data).kiosk.closes
        value = "" if closes is None else f"{closes:%H:%M}"
        form = TypeIn("Closing time", self.glyphs, value=value, mistake=no_time, lines=CLOSING)
        said: str | None = await self.app.push_screen_wait(form)
        if said is None:
            return
        kept = said.strip() or None
        await self.at("", lambda: settings_edit.put(path, "kiosk", "closes", kept))
        self.desk.close_at(None if kept is None else config.time_of_day(kept))
        await self.read()
        self.said = "Kept."

    async def _leave(self) -> None:
        lines = (("", "Every session is saved first, and goes on after the next start."),)
        if await self.sure("Leave Beatwise?", lines, "Yes, leave it", "No, stay"):
            self.desk.leave()


CLOSING = (("", "Everybody is signed out then. Written as 22:00; empty for never."),)


def too_short(phrase: str) -> str | None:
    """Why a passphrase will not do."""
    if len(phrase) < SHORTEST_PASSPHRASE:
        return f"{SHORTEST_PASSPHRASE} characters at least; several words are best"
    return None


def no_time(text: str) -> str | None:
    """Why a text is no time of day."""
    try:
        if text.strip():
            config.time_of_day(text.strip())
    except ValueError:
        return f"{text[:20]!r} is no time of day; write it as 22:00"
    return None
