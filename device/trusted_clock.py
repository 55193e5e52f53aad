"""Can the wall clock name the day? Most boards have no clock battery.

After a power cut such a board goes on from the last time it remembers: plausible, and wrong. A
morning is never filed under a guessed day.
"""

import ctypes
import time
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Literal

from device.history import History

Trust = Literal["synchronised", "confirmed", "unknown"]

LONGEST_PAUSE = timedelta(days=366)
"""A clock so far ahead of the newest record is more likely wrong than the athlete away."""
SLACK = timedelta(minutes=5)
"""Clocks that are set are set back a little, too."""

_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
_RTCS = Path("/sys/class/rtc")
_TIME_ERROR = 5
"""What adjtimex(2) returns while nothing has synchronised the kernel's clock."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What speaks for the clock."""

    synchronised: bool = False
    """By the network, says the kernel."""
    rtc_set: bool = False
    """A battery-backed clock is here, and the system's was set from it."""
    confirmed: bool = False
    """A person has confirmed the date since the machine was started."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """Whether the wall clock may name the day."""

    trust: Trust
    doubt: str | None = None
    """What speaks against it, in plain words; None where it is merely unknown."""

    @property
    def trusted(self) -> bool:
        """Whether a morning may be filed by it."""
        return self.trust != "unknown"


def judge(
    now: datetime, evidence: Evidence, *, newest: datetime | None, built: datetime
) -> Judgement:
    """Weigh the evidence; all times are aware.

    ``newest`` is the time of the newest record in the store, ``built`` that of this program. A
    clock before ``built`` is wrong whatever it says of itself. What the network or a person has
    set is believed against the records, a battery clock is not: batteries die.
    """
    if now < built - timedelta(days=1):
        return Judgement("unknown", f"it says {now:%Y-%m-%d}, before this program was made")
    if evidence.synchronised:
        return Judgement("synchronised")
    if evidence.confirmed:
        return Judgement("confirmed")
    if newest is not None and now < newest - SLACK:
        return Judgement("unknown", f"it says {now:%Y-%m-%d %H:%M}, before the newest record")
    if newest is not None and now > newest + LONGEST_PAUSE:
        return Judgement("unknown", f"it says {now:%Y-%m-%d}, over a year after the newest record")
    return Judgement("synchronised" if evidence.rtc_set else "unknown")


def judge_here(history: History, data: Path, now: datetime) -> Judgement:
    """Judge this machine's clock by this machine's evidence; raises StoreError."""
    return judge(now, system_evidence(data), newest=newest_record(history), built=built_at())


def newest_record(history: History) -> datetime | None:
    """When the newest session or morning of anybody was taken, by a clock that nobody doubted.

    Raises StoreError.
    """
    rows = history.rows(
        "SELECT max(coalesce((SELECT max(started_utc) FROM session WHERE clock_trusted IS NOT 0),"
        " ''),"
        " coalesce((SELECT max(taken_utc) FROM morning WHERE imported_from IS NULL), ''))",
        (),
    )
    return datetime.fromisoformat(rows[0][0]) if rows[0][0] else None


def system_evidence(data: Path) -> Evidence:
    """Ask this machine, now; ``data`` is where confirmations are kept."""
    confirmed = _read(_confirmation(data))
    return Evidence(
        synchronised=_kernel_synchronised(),
        rtc_set=any(_read(rtc / "hctosys") == "1" for rtc in _RTCS.glob("rtc*")),
        confirmed=confirmed is not None and _still_holds(confirmed),
    )


def built_at() -> datetime:
    """When this file was made or installed."""
    return datetime.fromtimestamp(Path(__file__).stat().st_mtime, UTC)


def boot_id() -> str | None:
    """What tells this start of the machine from every other; None where it is not to be had."""
    return _read(_BOOT_ID)


def confirm(data: Path, said: date, now: datetime) -> bool:
    """A person said the date: if the clock agrees it is confirmed until the next start."""
    this_boot = boot_id()
    if said != now.date() or this_boot is None:
        return False
    try:
        _confirmation(data).write_text(f"{this_boot} {_started_s():.0f}\n", encoding="ascii")
    except OSError:  # a full or read-only disk: it will be asked again
        return False
    return True


def _still_holds(confirmed: str) -> bool:
    """Whether the machine has not been started since, nor its clock set."""
    boot, _, started_s = confirmed.partition(" ")
    try:
        moved_s = abs(_started_s() - float(started_s))
    except ValueError:
        return False
    return boot == boot_id() and moved_s <= SLACK.total_seconds()


def _started_s() -> float:
    """When the machine was started, by its wall clock: moves only when that is set."""
    return time.time() - time.clock_gettime(time.CLOCK_BOOTTIME)


def _confirmation(data: Path) -> Path:
    return data / "clock-confirmed"


def _read(path: Path) -> str | None:
    try:
        return path.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError):
        return None


def _kernel_synchronised() -> bool:
    """What ``timedatectl`` calls NTPSynchronized, from where it has it: adjtimex(2)."""
    try:
        adjtimex = ctypes.CDLL(None).adjtimex
    except (OSError, AttributeError):
        return False
    # Larger than struct timex on any Linux; all zeroes asks and changes nothing.
    state = adjtimex(ctypes.create_string_buffer(512))
    return state not in (-1, _TIME_ERROR)
