"""PINs on a shared screen: a slow salted hash, and a growing wait after five wrong tries.

A few digits are guessed in no time by a machine that has the hash, and in an afternoon by a person
who may try and try. Against the first stands scrypt, against the second the wait. Every try is
counted on the disk before it is answered, so that pulling the plug wins nothing; where the disk
takes nothing, nobody is let in. The wait is measured on the clock that counts from the start of
the machine, which nobody can set; after a start it runs anew.
"""

import hmac
import secrets
import sqlite3
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from hashlib import scrypt
from itertools import pairwise

from device.errors import BeatwiseError, StoreError
from device.names import name_key
from device.store import Store
from device.trusted_clock import boot_id

ADMIN = ""
"""Whose PIN opens the roster, the settings and the way out: no athlete has an empty name."""

DIGITS = (4, 12)
FREE_TRIES = 5
FIRST_WAIT_S = 30.0
LONGEST_WAIT_S = 3600.0
"""The wait doubles with every wrong try up to here: some 25 tries a day, ten thousand PINs."""

LOG2_N, R, P = 14, 8, 5
"""As slow as OWASP asks for (Password Storage Cheat Sheet, scrypt: N = 2^17 with p = 1, or 2^14
with p = 5) in 16 MB of memory, of which a Pi Zero 2 W has 512."""
SALT_BYTES = 16


class BadPin(BeatwiseError, ValueError):
    """Digits that cannot be a PIN; says why."""


class NoPin(BeatwiseError, LookupError):
    """Whoever is asked for has none yet; says who can set one."""


@dataclass(frozen=True, slots=True)
class Allowed:
    """The PIN is right."""


@dataclass(frozen=True, slots=True)
class Wrong:
    """The PIN is wrong."""

    wait_s: float
    """No try is looked at before so long has passed; 0: there is another at once."""


@dataclass(frozen=True, slots=True)
class Wait:
    """Too early: the PIN was not looked at."""

    wait_s: float


Answer = Allowed | Wrong | Wait


class Pins:
    """The PINs in one store. ``check`` and ``set_`` take a second or two: call them in a thread."""

    def __init__(
        self,
        store: Store,
        *,
        clock: Callable[[], float] = lambda: time.clock_gettime(time.CLOCK_BOOTTIME),
        boot: str | None = None,
    ) -> None:
        """Take the store; ``clock`` counts seconds since the machine's start, named ``boot``."""
        self._store = store
        self._clock = clock
        self._boot = boot or boot_id()

    def has(self, who: str) -> bool:
        """Whether there is a PIN to ask for; raises :class:`StoreError`."""
        return bool(self._store.rows("SELECT 1 FROM pin WHERE athlete = ?", (name_key(who),)))

    def wait_s(self, who: str) -> float:
        """How long no try will be looked at; 0 where one may be made now."""
        rows = self._store.rows("SELECT * FROM pin WHERE athlete = ?", (name_key(who),))
        return self._left_s(rows[0]) if rows else 0.0

    def check(self, who: str, pin: str) -> Answer:
        """Try a PIN.

        Raises:
            NoPin: there is none.
            StoreError: the try could not be counted, and so was not made.
        """

        def count(db: sqlite3.Connection) -> tuple[sqlite3.Row, float]:
            cursor = db.cursor()
            cursor.row_factory = sqlite3.Row
            row = cursor.execute("SELECT * FROM pin WHERE athlete = ?", (key,)).fetchone()
            if row is None:
                raise NoPin(no_pin(who))
            left_s = self._left_s(row)
            if not left_s:
                db.execute(
                    "UPDATE pin SET wrong_tries = wrong_tries + 1, tried_s = ?, boot_id = ?"
                    " WHERE athlete = ?",
                    (self._clock(), self._boot, key),
                )
            return row, left_s

        key = name_key(who)
        row, left_s = self._store.write(count)
        if left_s:
            return Wait(left_s)
        costs = (row["log2_n"], row["r"], row["p"])
        if not hmac.compare_digest(_slow_hash(pin, row["salt"], costs), row["hash"]):
            return Wrong(wait_after(row["wrong_tries"] + 1))
        forgive = "UPDATE pin SET wrong_tries = 0 WHERE athlete = ?"
        with suppress(StoreError):  # the disk is full since: counted as wrong, and let in
            self._store.write(lambda db: db.execute(forgive, (key,)))
        return Allowed()

    def set_(self, who: str, pin: str) -> None:
        """Set a PIN in place of the one there was; wrong tries are forgotten with it.

        Raises:
            BadPin: it is none, or the first that anybody would try.
            StoreError: the disk does not take it.
        """
        if words := pin_mistake(pin):
            raise BadPin(words)
        salt = secrets.token_bytes(SALT_BYTES)
        costs = (LOG2_N, R, P)
        row = (name_key(who), salt, _slow_hash(pin, salt, costs), *costs)
        insert = "INSERT OR REPLACE INTO pin VALUES (?, ?, ?, ?, ?, ?, 0, NULL, NULL)"
        self._store.write(lambda db: db.execute(insert, row))

    def _left_s(self, row: sqlite3.Row) -> float:
        wait_s = wait_after(row["wrong_tries"])
        since_s = row["tried_s"] if row["boot_id"] == self._boot else 0.0
        return max(0.0, min(wait_s, (since_s or 0.0) + wait_s - self._clock()))


def wait_after(wrong_tries: int) -> float:
    """Seconds to wait after so many wrong tries in a row."""
    if wrong_tries < FREE_TRIES:
        return 0.0
    # The exponent is bounded before the power: a number of tries is whatever the disk says.
    return min(LONGEST_WAIT_S, FIRST_WAIT_S * 2.0 ** min(wrong_tries - FREE_TRIES, 16))


def pin_mistake(pin: str) -> str | None:
    """Why these digits cannot be a PIN, in words; None where they can."""
    low, high = DIGITS
    if not (pin.isascii() and pin.isdigit()):
        return "a PIN is made of the digits 0 to 9"
    if not low <= len(pin) <= high:
        return f"a PIN has {low} to {high} digits"
    steps = {int(after) - int(before) for before, after in pairwise(pin)}
    if len(steps) == 1 and steps <= {-1, 0, 1}:
        return "digits that are all the same, or in a row, are what anybody tries first"
    return None


def no_pin(who: str) -> str:
    """What to do where there is no PIN, in words."""
    if who == ADMIN:
        return "there is no admin PIN yet: `beatwise roster pin --admin` sets one"
    return f"{who} has no PIN yet: who looks after this device can set one"


def _slow_hash(pin: str, salt: bytes, costs: tuple[int, int, int]) -> bytes:
    log2_n, r, p = costs
    n = 1 << log2_n
    return scrypt(pin.encode(), salt=salt, n=n, r=r, p=p, maxmem=256 * r * (n + p), dklen=32)
