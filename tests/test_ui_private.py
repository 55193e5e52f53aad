"""Own data and the admin's screen: who is let in, what is done, what is forgotten."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from zipfile import ZipFile

import pytest
import ui_private_scenes as scenes
import ui_scenes
from furnished import ANNA, BEN, NOW, files_of, furnish
from ui_private_scenes import DeskApp, press, settle, type_pin

from device import (
    backup_form,
    backup_list,
    config,
    folder,
    morning_history,
    roster,
    roster_file,
)
from device.athlete import Athlete, Strap
from device.corner import Corner
from device.errors import ConfigError, StoreError
from device.folder import Places
from device.gym import Gym
from device.history import SessionStart
from device.morning_record import StoredMorning
from device.pins import ADMIN, Allowed, Pins
from device.station import Station
from device.sticks import plugged_in
from device.store import Store
from sensors.synthetic_straps import SyntheticStraps
from ui.athlete_entry import entered, texts_of
from ui.forgetful import IDLE_S, Forgetful
from ui.kiosk_desk import desk_of
from ui.picking import Item, Picking
from ui.private import before_a_test
from ui.terminal import BLOCKS, BRAILLE
from ui.type_in import in_short

RIGHT, ADMINS = "2580", "7410"


@pytest.fixture
def places(tmp_path):
    data = tmp_path / "data"
    data.mkdir()
    return Places(data)


@pytest.fixture
def stick(tmp_path, monkeypatch):
    folder = tmp_path / "STICK"
    folder.mkdir()
    monkeypatch.setattr("device.sticks.plugged_in", lambda: (folder,))
    return folder


@pytest.fixture
def store(places, monkeypatch):
    monkeypatch.setattr("device.pins.LOG2_N", 2)
    monkeypatch.setattr(backup_form, "wrap", lambda key, phrase: f"{phrase}\n{key}".encode())
    with Store.open(places.database, now=NOW) as opened:
        furnish(places, opened, ANNA, BEN)
        Pins(opened).set_(ADMIN, ADMINS)
        yield opened


@pytest.fixture
def told():
    return []


@pytest.fixture
def app(places, store, told):
    return DeskApp(scenes.desk(places, store, told))


def text_of(app: DeskApp) -> str:
    return "\n".join(ui_scenes.lines_of(app))


def said(app: DeskApp) -> str:
    """The words of the screen, without the frame around them."""
    return " ".join(text_of(app).replace("│", " ").split())


async def to_own_data(app: DeskApp, pilot) -> None:
    """Anna, by the first letter of her name, and her PIN."""
    app.own_data()
    await press(pilot, "ä", "enter")
    await type_pin(pilot, RIGHT)
    await settle(pilot)


async def to_admin(app: DeskApp, pilot) -> None:
    app.admin()
    await settle(pilot)
    await type_pin(pilot, ADMINS)
    await settle(pilot)


# -- own data


async def test_the_owner_sees_what_is_kept_and_nobody_else_does(app):
    async with app.run_test(size=(80, 24)) as pilot:
        app.own_data()
        await settle(pilot)
        assert "Whose data?" in text_of(app)
        await press(pilot, "ä", "enter")
        await type_pin(pilot, "9999")
        assert "wrong PIN" in text_of(app)
        assert "sessions" not in text_of(app)
        await type_pin(pilot, RIGHT)
        await settle(pilot)
        text = text_of(app)
        assert f"What is kept of {ANNA}" in text
        assert "sessions   2, 2026-11-27 to 2026-11-27" in text
        assert "mornings   2" in text
        await press(pilot, "escape")
        assert text_of(app).strip() == "the board"


async def test_an_idle_screen_forgets_whose_data_it_showed(app):
    async with app.run_test(size=(80, 24)) as pilot:
        await to_own_data(app, pilot)
        await settle(pilot)  # all is read, and the time runs
        screen = app.screen
        start_s = screen._touched_s
        screen.clock = lambda: start_s + IDLE_S - 1
        screen.look()
        await settle(pilot)
        assert ANNA in text_of(app)
        screen.clock = lambda: start_s + IDLE_S
        screen.look()
        await settle(pilot)
        assert text_of(app).strip() == "the board"
        assert len(app.screen_stack) == 1


async def test_a_screen_below_a_dialog_waits_and_then_has_its_whole_time(app):
    async with app.run_test(size=(80, 24)) as pilot:
        await to_own_data(app, pilot)
        below = app.screen
        await press(pilot, "p")
        now_s = below._touched_s + 10 * IDLE_S
        below.clock = lambda: now_s
        below.look()  # not the one in front
        await settle(pilot)
        assert "choose 4 to 12 digits" in text_of(app)
        await press(pilot, "escape")
        below.look()
        await settle(pilot)
        assert ANNA in text_of(app)


async def test_everything_is_taken_along_on_a_stick(app, stick):
    async with app.run_test(size=(80, 24)) as pilot:
        await to_own_data(app, pilot)
        await press(pilot, "e")
        await settle(pilot)
        (made,) = stick.iterdir()
        assert f"{made.name} is on the stick." in text_of(app)


async def test_without_a_stick_it_is_said(app, monkeypatch):
    monkeypatch.setattr("device.sticks.plugged_in", lambda: ())
    async with app.run_test(size=(80, 24)) as pilot:
        await to_own_data(app, pilot)
        await press(pilot, "e")
        assert "No stick is here" in text_of(app)


async def test_a_stick_that_takes_nothing_is_told_and_a_roster_is_read_from_it(
    app, places, stick, monkeypatch
):
    roster_file.write(stick / "beatwise-roster.toml", (Athlete("Dora"),))
    monkeypatch.setattr("device.sticks.takes_files", lambda path: path != stick)
    async with app.run_test(size=(80, 24)) as pilot:
        await to_admin(app, pilot)
        await press(pilot, "o")
        assert "Nothing can be written to this stick" in said(app)
        await press(pilot, "escape", "i")
        await settle(pilot)
        assert "1 athlete added or updated." in said(app)
    assert roster.load(places.data, "Dora") == Athlete("Dora")


async def test_of_two_sticks_one_is_picked(app, stick, monkeypatch, tmp_path):
    other = tmp_path / "OTHER"
    other.mkdir()
    monkeypatch.setattr("device.sticks.plugged_in", lambda: (other, stick))
    async with app.run_test(size=(80, 24)) as pilot:
        await to_own_data(app, pilot)
        await press(pilot, "e", "down", "enter")
        await settle(pilot)
    assert len(list(stick.iterdir())) == 1
    assert not list(other.iterdir())


async def test_a_full_stick_is_told_in_words(app, stick, monkeypatch):
    def full(*_: object, **__: object) -> None:
        raise StoreError("anna.zip cannot be written: No space left on device")

    monkeypatch.setattr("ui.own_data.export", full)
    async with app.run_test(size=(80, 24)) as pilot:
        await to_own_data(app, pilot)
        await press(pilot, "e")
        await settle(pilot)
        assert "No space left on device" in text_of(app)
        assert app.screen.at_work is False


async def test_a_new_pin_holds(app, store):
    async with app.run_test(size=(80, 24)) as pilot:
        await to_own_data(app, pilot)
        await press(pilot, "p")
        await type_pin(pilot, "1379")
        await type_pin(pilot, "1379")
        await settle(pilot)
        assert "The new PIN is set." in text_of(app)
    assert Pins(store).check(ANNA, "1379") == Allowed()


async def test_erasing_is_asked_twice_and_then_nothing_is_left(app, places, store, told):
    async with app.run_test(size=(80, 24)) as pilot:
        await to_own_data(app, pilot)
        await press(pilot, "d")
        assert f"Erase everything of {ANNA}?" in text_of(app)
        await press(pilot, "enter")  # "no" is what Enter takes
        await press(pilot, "d", "down", "enter")
        assert "To erase everything" in text_of(app)
        await type_pin(pilot, "9999")
        await press(pilot, "escape")
        assert store.sessions(athlete=ANNA)
        assert told == []
        await press(pilot, "d", "down", "enter")
        await type_pin(pilot, RIGHT)
        await settle(pilot)
        await settle(pilot)
        assert "It is gone" in text_of(app)
        await press(pilot, "escape")
        assert text_of(app).strip() == "the board"
    assert told == [f"sign out {ANNA}", "roster changed"]
    assert not any(ANNA.encode() in content for content in files_of(places.data).values())
    assert store.sessions(athlete=BEN)


async def test_who_is_measured_while_erasing_is_signed_out_and_waited_for(places, store, told):
    start = SessionStart(
        athlete=ANNA, purpose="easy", source="ble", beatwise_version="0", method_version="1"
    )
    writer = store.begin(start)

    async def sign_out(_: str) -> None:
        writer.finish("stopped", ended_s=1.0)
        store.commit()

    desk = scenes.desk(places, store, told)
    object.__setattr__(desk, "sign_out", sign_out)
    app = DeskApp(desk)
    async with app.run_test(size=(80, 24)) as pilot:
        await to_own_data(app, pilot)
        await press(pilot, "d", "down", "enter")
        await type_pin(pilot, RIGHT)
        await settle(pilot)
        await settle(pilot)
        assert "It is gone" in text_of(app)
    assert not any(ANNA.encode() in content for content in files_of(places.data).values())


async def test_that_a_backup_goes_too_is_said_before_and_after(app, places, stick):
    made = stick / "beatwise-all.zip"
    with ZipFile(made, "w") as archive:
        archive.comment = b"one"
    backup_list.note(places.data, made, "one")
    async with app.run_test(size=(80, 24)) as pilot:
        await to_own_data(app, pilot)
        await press(pilot, "d")
        asked = said(app)
        assert "A backup goes with it, and everybody in it: " in asked
        assert made.name in asked.replace(" ", "")
        assert made.exists()
        await press(pilot, "down", "enter")
        await type_pin(pilot, RIGHT)
        await settle(pilot)
        await settle(pilot)
        assert "A backup went with it: the keeper makes a new one." in said(app)
    assert not made.exists()


@pytest.mark.parametrize("opens", ["own_data", "admin"])
async def test_a_disk_that_gives_nothing_back_ends_no_board(app, monkeypatch, opens):
    def refuses(*_):
        raise StoreError("/data/beatwise.db cannot be read")

    monkeypatch.setattr(Pins, "has", refuses)
    async with app.run_test(size=(80, 24)) as pilot:
        getattr(app, opens)()
        await settle(pilot)
        if opens == "own_data":
            await press(pilot, "ä", "enter")
        assert "beatwise.db cannot be read" in said(app)
        await press(pilot, "escape")
        assert text_of(app).strip() == "the board"


# -- first use


async def test_who_has_nothing_kept_chooses_the_first_pin_here(app, places, store):
    roster.save(places.data, Athlete("Cleo"))
    async with app.run_test(size=(80, 24)) as pilot:
        app.own_data()
        await press(pilot, "c", "enter")
        await type_pin(pilot, "1379")
        await type_pin(pilot, "1379")
        await settle(pilot)
        assert "What is kept of Cleo" in text_of(app)
    assert Pins(store).has("Cleo")


@pytest.mark.parametrize("kept", ["session", "morning"])
async def test_who_has_a_past_but_no_pin_is_sent_to_the_admin(places, store, told, kept):
    with store._committing:
        store._db.execute("DELETE FROM pin WHERE athlete <> ''")
        store._db.execute(f"DELETE FROM {'morning' if kept == 'session' else 'session'}")  # noqa: S608
    app = DeskApp(scenes.desk(places, store, told))
    async with app.run_test(size=(80, 24)) as pilot:
        app.own_data()
        await press(pilot, "ä", "enter")
        assert "No PIN yet" in text_of(app)
        await type_pin(pilot, "1379")
    assert not Pins(store).has(ANNA)


@pytest.mark.parametrize(
    ("started", "later", "may"),
    [
        (NOW, timedelta(hours=2), True),
        (NOW, timedelta(hours=13), False),  # the app runs on for weeks: that is a past
        (NOW, -timedelta(days=1), False),  # the clock was set back
        (None, timedelta(0), False),
    ],
)
async def test_only_sessions_of_this_visit_are_no_past(places, store, told, started, later, may):
    desk = replace(scenes.desk(places, store, told), now=lambda: NOW + later)
    start = SessionStart(
        athlete="Cleo",
        purpose="easy",
        source="ble",
        started=started,
        beatwise_version="0",
        method_version="1",
    )
    store.begin(start)
    store.commit()
    assert desk.may_choose_first_pin("Cleo") is may
    assert not desk.may_choose_first_pin(ANNA.upper())


async def test_whoever_has_a_result_cannot_come_to_it_by_choosing_a_pin(places, store, told):
    desk = scenes.desk(places, store, told)
    test = StoredMorning(
        athlete="Cleo",
        day=NOW.date(),
        taken=NOW,
        protocol="x",
        protocol_name="quick",
        method_version="1",
        outcome="accepted",
    )
    assert desk.may_choose_first_pin("Cleo")
    morning_history.keep(store, test)
    assert not desk.may_choose_first_pin("Cleo")


async def test_before_a_test_who_has_no_pin_chooses_one_and_nobody_else_is_asked(
    places, store, told
):
    desk = scenes.desk(places, store, told)
    app = DeskApp(desk)
    async with app.run_test(size=(80, 24)) as pilot:
        answers: list[bool] = []

        async def ask(who: str) -> None:
            answers.append(await before_a_test(app, desk, who, BRAILLE))

        app.run_worker(ask(ANNA))
        await settle(pilot)
        assert answers == [True]
        app.run_worker(ask("Cleo"))
        await settle(pilot)
        assert "PIN of Cleo" in said(app)
        assert "your result will be behind it" in said(app)
        await press(pilot, "escape")
        assert answers == [True, False]
        app.run_worker(ask("Cleo"))
        await settle(pilot)
        await type_pin(pilot, "1379")
        await type_pin(pilot, "1379")
        await settle(pilot)
        assert answers == [True, False, True]
    assert Pins(store).has("Cleo")


async def test_the_admins_first_pin_is_never_set_here(places, store, told):
    with store._committing:
        store._db.execute("DELETE FROM pin")
    app = DeskApp(scenes.desk(places, store, told))
    async with app.run_test(size=(80, 24)) as pilot:
        app.admin()
        await settle(pilot)
        assert "roster pin --admin" in text_of(app)
        await press(pilot, "escape")
        assert text_of(app).strip() == "the board"


async def test_an_athletes_pin_opens_nothing_of_the_admins(app):
    async with app.run_test(size=(80, 24)) as pilot:
        app.admin()
        await settle(pilot)
        await type_pin(pilot, RIGHT)
        assert "wrong PIN" in text_of(app)
        assert "closing time" not in text_of(app)


# -- the admin


async def test_the_admin_adds_somebody_who_then_types_a_pin(app, places, store, told):
    async with app.run_test(size=(80, 24)) as pilot:
        await to_admin(app, pilot)
        await press(pilot, "r", "enter")
        assert "A new athlete" in text_of(app)
        await press(pilot, *"Dora", "down", *"19x", "enter")
        assert "year of birth: '19x' is no number" in text_of(app)
        await press(pilot, "backspace", *"88", "enter")
        await settle(pilot)
        assert "PIN of Dora" in text_of(app)
        await type_pin(pilot, "1379")
        await type_pin(pilot, "1379")
        await settle(pilot)
        assert "Dora: the PIN is set." in text_of(app)
        assert "3 in it" in text_of(app)
    assert roster.load(places.data, "Dora") == Athlete("Dora", 1988)
    assert "roster changed" in told


async def test_the_admin_changes_a_profile_and_what_is_not_asked_stays(app, places):
    roster.save(places.data, Athlete(BEN, 1985, vt1_bpm=140.0, strap=Strap(name="H10 of Ben")))
    async with app.run_test(size=(80, 24)) as pilot:
        await to_admin(app, pilot)
        await press(pilot, "r", "b", "enter", "enter")
        assert f"Profile of {BEN}" in text_of(app)
        await press(pilot, "down", "down", *"999", "enter")
        assert "is out of range: 100 to 240" in said(app)
        await press(pilot, "backspace", "backspace", "backspace", *"188", "enter")
        await settle(pilot)
        assert f"{BEN}: saved." in text_of(app)
    wanted = Athlete(BEN, 1985, vt1_bpm=140.0, max_bpm=188.0, strap=Strap(name="H10 of Ben"))
    assert roster.load(places.data, BEN) == wanted


async def test_a_name_that_is_taken_is_not_written_over(app, places):
    before = roster.load(places.data, BEN)
    async with app.run_test(size=(80, 24)) as pilot:
        await to_admin(app, pilot)
        await press(pilot, "r", "enter", *"ben", "space", *"zebulon", "enter")
        assert "is in the roster already" in text_of(app)
    assert roster.load(places.data, BEN) == before


async def test_the_admin_removes_somebody_with_everything(app, places, told):
    async with app.run_test(size=(80, 24)) as pilot:
        await to_admin(app, pilot)
        await press(pilot, "r", "b", "enter", "down", "down", "enter", "down", "enter")
        await settle(pilot)
        await settle(pilot)
        assert f"{BEN} is erased." in text_of(app)
        assert "1 in it" in text_of(app)
    assert not any(BEN.encode() in content for content in files_of(places.data).values())
    assert told == [f"sign out {BEN}", "roster changed"]


async def test_a_roster_goes_onto_a_stick_and_comes_from_one(app, places, stick):
    async with app.run_test(size=(80, 24)) as pilot:
        await to_admin(app, pilot)
        await press(pilot, "o")
        await settle(pilot)
        file = stick / "beatwise-roster.toml"
        assert "no PIN is in it" in text_of(app)
        file.write_text(file.read_text() + '\n[[athlete]]\nname = "Eve"\n')
        await press(pilot, "i")
        await settle(pilot)
        assert "3 athletes added or updated." in text_of(app)
        file.unlink()
        await press(pilot, "i")
        await settle(pilot)
        assert "no such file" in said(app)
    assert roster.load(places.data, "Eve") == Athlete("Eve")


async def test_no_guest_is_in_the_roster_of_the_admin(places, store, told, stick):
    known = roster.load_all(places.data).athletes
    people = (*(replace(one, strap=Strap("F5:1A:00:00:00:01")) for one in known), Athlete("Gina"))
    app = DeskApp(replace(scenes.desk(places, store, told), people=lambda: people))
    async with app.run_test(size=(80, 24)) as pilot:
        await to_admin(app, pilot)
        assert "2 in it" in text_of(app)
        await press(pilot, "r")
        assert "Gina" not in text_of(app)
        await press(pilot, "escape", "o")
        await settle(pilot)
    assert roster_file.read(stick / "beatwise-roster.toml") == known


async def test_a_backup_goes_onto_a_stick_and_the_passphrase_is_never_shown(app, stick):
    phrase = "battery"
    async with app.run_test(size=(80, 24)) as pilot:
        await to_admin(app, pilot)
        await press(pilot, "b", *phrase, "enter")
        assert "8 characters at least" in text_of(app)
        await press(pilot, *"88", "enter")
        assert "and once more" in text_of(app)
        assert phrase not in text_of(app)
        await press(pilot, *phrase, "enter")
        assert "8 characters" in text_of(app)
        await press(pilot, *"88", "enter")
        await settle(pilot)
        await settle(pilot)
        assert "is on the stick. Only the passphrase opens it." in said(app)
    assert [path.suffix for path in stick.iterdir()] == [".zip"]


async def test_the_closing_time_is_kept_and_told_and_nonsense_is_not(app, places, told):
    places.config.write_text("# mine\n")
    async with app.run_test(size=(80, 24)) as pilot:
        await to_admin(app, pilot)
        await press(pilot, "t", *"25:00", "enter")
        assert "no time of day" in text_of(app)
        await press(pilot, *["backspace"] * 5, *"21:30", "enter")
        await settle(pilot)
        assert "closing time: 21:30" in text_of(app)
        assert config.load(places.data).kiosk.closes.hour == 21
        await press(pilot, "t", *["backspace"] * 5, "enter")
        await settle(pilot)
        assert "closing time: never" in text_of(app)
    assert told == ["closes at 21:30:00", "closes at None"]
    assert places.config.read_text().startswith("# mine\n")


async def test_the_way_out_is_asked_for(app, told):
    async with app.run_test(size=(80, 24)) as pilot:
        await to_admin(app, pilot)
        await press(pilot, "x", "enter")
        assert told == []
        await press(pilot, "x", "down", "enter")
    assert told == ["leave"]


async def test_names_cannot_draw_on_these_screens(places, store, told):
    hostile = "[red]\u200dzoe[/red] {0} %s 山田 עדי"
    roster.save(places.data, Athlete(hostile))
    app = DeskApp(scenes.desk(places, store, told))
    async with app.run_test(size=(80, 24)) as pilot:
        app.own_data()
        await settle(pilot)
        assert "[red]" in text_of(app)
        await to_admin(app, pilot)
        await press(pilot, "r")
        assert "[red]" in text_of(app)


# -- without a screen


async def test_the_desk_of_a_gym_signs_out_whoever_is_there_and_nobody_else(places, store):
    with folder.hold(places.data):
        station = Station(places, config.Config(), store)
        gym = Gym(station, SyntheticStraps(()), now=lambda: NOW)
        corner = Corner(station, gym, now=lambda: NOW, clock=lambda: 0.0)
        desk = desk_of(station, gym, corner, lambda: None)
        assert [one.name for one in desk.people()] == [BEN, ANNA]
        await desk.sign_out(ANNA)  # who is not there: nothing happens
        roster.save(places.data, Athlete("Cleo"))
        desk.roster_changed()
        assert "Cleo" in [one.name for one in desk.people()]
        assert not desk.may_choose_first_pin(ANNA)
        assert desk.may_choose_first_pin("Cleo")


def test_a_list_is_narrowed_by_the_beginnings_of_words():
    names = ("Anna Berg", "Ben Ahr", "Änne", "Cleo")
    picking = Picking(tuple(Item(name, name) for name in names))
    beginning = ["Anna Berg", "Ben Ahr", "Änne"]  # not every keyboard has an Ä
    assert [item.key for item in picking.with_typed("a").shown] == beginning
    assert [item.key for item in picking.with_typed("B").shown] == ["Anna Berg", "Ben Ahr"]
    assert picking.with_typed("x") is picking
    assert picking.moved(9).picked.key == "Cleo"
    assert picking.moved(-1).at == 0
    assert picking.with_typed("c").taken_back().shown == list(picking.items)
    assert list(picking.moved(3).window(2)) == [2, 3]
    assert Picking(()).picked is None


def test_a_form_gives_back_what_it_was_given():
    for one in (
        Athlete("Anna"),
        Athlete("Anna", 1985, "female", 52.5, 188.0, 170.0, strap=Strap("F0:00:00:00:00:01", "x")),
        Athlete("Anna", strap=Strap(name="H10")),
    ):
        assert entered(one, texts_of(one)) == one
    moved = entered(
        Athlete("Anna", strap=Strap("F0:00:00:00:00:01", "x")),
        {**texts_of(Athlete("Anna")), "strap": "F0:00:00:00:00:02"},
    )
    assert moved.strap == Strap("F0:00:00:00:00:02", None)
    with pytest.raises(ConfigError, match="resting bpm: 'abc' is no number"):
        entered(Athlete("Anna"), {**texts_of(Athlete("Anna")), "resting_bpm": "abc"})


def test_a_mistake_is_told_without_a_file_nobody_can_open_here():
    assert in_short("/a/athletes/b.toml:2: max_bpm: 999 is out of range") == (
        "highest bpm: 999 is out of range"
    )
    assert in_short("b.toml:2: birth_year: x\nb.toml:9: strap.address: 'y' is none") == (
        "year of birth: x\nstrap address: 'y' is none"
    )
    assert in_short("name: 300 characters") == "name: 300 characters"


def test_sticks_are_found_where_they_are_mounted(tmp_path):
    mounts = tmp_path / "mounts"
    mounts.write_text(
        "/dev/sda1 / ext4 rw 0 0\n"
        "/dev/sdb1 /media/none/MY\\040STICK vfat rw 0 0\n"
        "/dev/sdc1 /mnt ext4 rw 0 0\n"
        "tmpfs /run/user/0 tmpfs rw 0 0\n"
        "broken\n"
    )
    assert plugged_in(mounts) == (Path("/media/none/MY STICK"),)
    assert plugged_in(tmp_path / "nowhere") == ()


async def test_every_dialog_leaves_by_itself(app):
    async with app.run_test(size=(80, 24)) as pilot:
        await to_admin(app, pilot)
        for keys in (("r",), ("t",), ("p",), ("r", "enter")):
            await press(pilot, *keys)
            dialog = app.screen
            assert isinstance(dialog, Forgetful)
            late_s = dialog._touched_s + IDLE_S
            dialog.clock = lambda late_s=late_s: late_s
            dialog.look()
            await settle(pilot)
            assert app.screen is not dialog


SIZES = [(80, 24), (110, 34)]


@pytest.mark.parametrize("size", SIZES, ids=["console", "large"])
@pytest.mark.parametrize("scene", ["own data", "admin", "who", "sure", "profile"])
def test_the_screens_look_as_they_did(snap_compare, places, store, told, scene, size):
    look = (
        {"glyphs": BLOCKS, "sixteen_colours": True}
        if size == (80, 24)
        else {"glyphs": BRAILLE, "sixteen_colours": False}
    )
    app = DeskApp(scenes.desk(places, store, told), **look)

    async def before(pilot):
        match scene:
            case "who":
                app.own_data()
                await settle(pilot)
            case "own data" | "sure":
                await to_own_data(app, pilot)
                await press(pilot, *(["d"] if scene == "sure" else []))
            case _:
                await to_admin(app, pilot)
                await press(pilot, *(["r", "b", "enter", "enter"] if scene == "profile" else []))

    assert snap_compare(app, terminal_size=size, run_before=before)
