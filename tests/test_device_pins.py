"""PINs: what is kept, what is counted, and how long one waits."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from device import pins
from device.errors import StoreError
from device.pins import ADMIN, Allowed, BadPin, NoPin, Pins, Wait, Wrong, wait_after
from device.store import Store

NOW = datetime(2026, 11, 27, 9, 0, tzinfo=UTC)
RIGHT, WRONG = "2580", "9999"


class Clock:
    """Seconds since the start of the machine."""

    now_s = 1000.0

    def __call__(self) -> float:
        return self.now_s


@pytest.fixture(autouse=True)
def _quick(monkeypatch):
    """The costs are a figure of their own, tested below; elsewhere they only cost time."""
    monkeypatch.setattr(pins, "LOG2_N", 2)
    monkeypatch.setattr(pins, "P", 1)


@pytest.fixture
def store(tmp_path):
    with Store.open(tmp_path / "beatwise.db", now=NOW) as opened:
        yield opened


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def told(store, clock):
    opened = Pins(store, clock=clock, boot="this")
    opened.set_("Anna", RIGHT)
    return opened


def test_the_right_pin_lets_in_however_the_name_is_written(told):
    assert told.has("Anna")
    assert told.check("ANNA", RIGHT) == Allowed()
    assert told.check("Anna", WRONG) == Wrong(0.0)
    assert not told.has("Ben")
    with pytest.raises(NoPin, match="Ben has no PIN yet"):
        told.check("Ben", RIGHT)


def test_the_admins_pin_is_nobody_elses(told):
    with pytest.raises(NoPin, match="beatwise roster pin --admin"):
        told.check(ADMIN, RIGHT)
    told.set_(ADMIN, "7410")
    assert told.check(ADMIN, RIGHT) == Wrong(0.0)
    assert told.check(ADMIN, "7410") == Allowed()
    assert told.check("Anna", RIGHT) == Allowed()


def test_the_digits_are_nowhere_in_the_file_and_equal_ones_look_different(store, told):
    told.set_("Ben", RIGHT)
    anna, ben = store.rows("SELECT * FROM pin ORDER BY athlete", ())
    assert anna["hash"] != ben["hash"]
    assert anna["salt"] != ben["salt"]
    assert RIGHT.encode() not in anna["hash"] + ben["hash"]


def test_after_five_wrong_tries_one_waits_and_not_even_the_right_pin_is_looked_at(told, clock):
    assert [told.check("Anna", WRONG) for _ in range(5)] == [Wrong(0.0)] * 4 + [Wrong(30.0)]
    clock.now_s += 10.0
    assert told.check("Anna", RIGHT) == Wait(20.0)
    assert told.wait_s("Anna") == 20.0
    clock.now_s += 20.0
    assert told.check("Anna", WRONG) == Wrong(60.0)
    clock.now_s += 60.0
    assert told.check("Anna", RIGHT) == Allowed()
    assert told.check("Anna", WRONG) == Wrong(0.0)


def test_the_wait_grows_and_stops_growing():
    waits = [wait_after(tries) for tries in range(15)]
    assert waits[:5] == [0.0] * 5
    assert waits[5:12] == [30.0, 60.0, 120.0, 240.0, 480.0, 960.0, 1920.0]
    assert waits[12:] == [3600.0] * 3
    assert wait_after(10**9) == 3600.0


def test_waiting_is_no_try_and_does_not_lengthen_the_wait(told, clock):
    for _ in range(5):
        told.check("Anna", WRONG)
    for _ in range(20):
        told.check("Anna", WRONG)
    assert told.wait_s("Anna") == 30.0


def test_one_who_is_locked_out_locks_nobody_else_out(told):
    told.set_("Ben", RIGHT)
    for _ in range(6):
        told.check("Anna", WRONG)
    assert told.check("Ben", RIGHT) == Allowed()


def test_the_wait_goes_on_when_the_program_is_started_again(told, store, clock):
    for _ in range(5):
        told.check("Anna", WRONG)
    clock.now_s += 12.0
    again = Pins(store, clock=clock, boot="this")
    assert again.check("Anna", RIGHT) == Wait(18.0)


def test_after_a_start_of_the_machine_the_whole_wait_runs_anew(told, store, clock):
    for _ in range(6):
        clock.now_s += told.wait_s("Anna")
        told.check("Anna", WRONG)
    clock.now_s = 7.0  # seconds since the new start
    again = Pins(store, clock=clock, boot="another")
    assert again.check("Anna", RIGHT) == Wait(53.0)
    clock.now_s = 60.0
    assert again.check("Anna", RIGHT) == Allowed()


def test_a_try_is_on_the_disk_before_it_is_answered(told, store, tmp_path, monkeypatch):
    seen = []

    def cut(*_: object) -> bytes:
        with closing(sqlite3.connect(tmp_path / "beatwise.db")) as other:
            seen.append(other.execute("SELECT wrong_tries FROM pin").fetchone()[0])
        raise KeyboardInterrupt  # the plug

    monkeypatch.setattr(pins, "_slow_hash", cut)
    for _ in range(5):
        with pytest.raises(KeyboardInterrupt):
            told.check("Anna", RIGHT)
    assert seen == [1, 2, 3, 4, 5]
    assert told.check("Anna", RIGHT) == Wait(30.0)


def test_what_cannot_be_counted_is_not_tried(told, store, monkeypatch):
    def full(*_: object) -> None:
        raise StoreError("nothing was saved: the disk is full")

    monkeypatch.setattr(store, "write", full)
    with pytest.raises(StoreError, match="the disk is full"):
        told.check("Anna", RIGHT)


def test_a_pin_set_anew_replaces_the_old_one_and_ends_the_wait(told):
    for _ in range(5):
        told.check("Anna", WRONG)
    told.set_("anna", "112358")
    assert told.check("Anna", "112358") == Allowed()
    assert told.check("Anna", RIGHT) == Wrong(0.0)


@pytest.mark.parametrize(
    ("pin", "words"),
    [
        ("258", "4 to 12 digits"),
        ("2580258025802", "4 to 12 digits"),
        ("", "digits 0 to 9"),
        ("25a0", "digits 0 to 9"),
        ("٢٥٨٠", "digits 0 to 9"),
        ("2580\n", "digits 0 to 9"),
        ("0000", "tries first"),
        ("1234", "tries first"),
        ("98765", "tries first"),
    ],
)
def test_what_is_no_pin_is_not_set(told, pin, words):
    with pytest.raises(BadPin, match=words):
        told.set_("Ben", pin)
    assert not told.has("Ben")


def test_a_read_only_database_lets_nobody_in(tmp_path: Path):
    path = tmp_path / "newer.db"
    with Store.open(path, now=NOW) as store:
        Pins(store).set_("Anna", RIGHT)
    with closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA user_version = 99")
    with Store.open(path, now=NOW) as store, pytest.raises(StoreError, match="newer Beatwise"):
        Pins(store).check("Anna", RIGHT)


def test_the_costs_are_those_that_owasp_asks_for(monkeypatch):
    monkeypatch.undo()
    # OWASP's table keeps p * (N * r) near 2^20: 2^17 * 8 * 1, 2^16 * 8 * 2, 2^15 * 8 * 3, ...
    assert (1 << pins.LOG2_N) * pins.R * pins.P >= 5 << 17
    memory_bytes = 128 * pins.R << pins.LOG2_N
    assert memory_bytes == 16 << 20
    # RFC 7914, section 12: the third vector has N = 16384, r = 8, p = 1.
    digest = pins._slow_hash("pleaseletmein", b"SodiumChloride", (14, 8, 1))
    assert digest.hex().startswith("7023bdcb3afd7348461c06cd81fd38eb")
