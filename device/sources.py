"""``--source``: from the text a person types to a sensor that can be opened."""

import hashlib
import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Literal

from device.errors import BadSource
from sensors.events import Emit, Source

FORMS = "ble, ble:ADDRESS, replay:FILE[@SPEED] or sim[:SEED][@SPEED]"

Unit = Literal["ms", "s"]
Kind = Literal["ble", "replay", "sim"]

_ADDRESS = re.compile(r"[0-9A-F]{2}(:[0-9A-F]{2}){5}")


@dataclass(frozen=True, slots=True)
class SourceSpec:
    """A source as asked for; nothing is opened yet."""

    text: str
    """As typed: it is stored with the session."""
    kind: Kind
    address: str | None = None
    path: Path | None = None
    seed: int = 1
    speed: float = 1.0
    """1 is real time; ``inf`` is as fast as possible."""


@dataclass(frozen=True, slots=True)
class OpenedSource:
    """A source ready to run."""

    spec: SourceSpec
    start: Callable[[int], Source]
    """The source, leaving out its first n events: 0, or what an interrupted session stored."""
    fingerprint: str | None
    """What tells the same recording or simulation again; None for a strap, which never repeats."""
    live: bool = False
    """It happens now and only once; else it can be played from any of its events on."""


def parse(text: str) -> SourceSpec:
    """Read a ``--source``.

    Raises :class:`BadSource`, which says what a source can be.
    """
    kind, _, rest = text.partition(":")
    match kind:
        case "ble" if not rest and ":" not in text:
            return SourceSpec(text, "ble")
        case "ble" if _ADDRESS.fullmatch(rest.upper()):
            return SourceSpec(text, "ble", address=rest.upper())
        case "ble":
            raise BadSource(
                f"--source {text}: {rest!r} is no Bluetooth address like F0:F1:F2:F3:F4:F5; "
                "`beatwise scan` lists the straps near you"
            )
        case "replay":
            name, speed = _split_speed(text, rest)
            if not name:
                raise BadSource(f"--source {text}: which file? Say replay:FILE")
            return SourceSpec(text, "replay", path=Path(name).expanduser(), speed=speed)
    kind, speed = _split_speed(text, text)
    kind, colon, seed = kind.partition(":")
    if kind != "sim":
        raise BadSource(f"--source {text}: unknown; it can be {FORMS}")
    if colon and not (seed.isascii() and seed.isdigit()):
        raise BadSource(f"--source {text}: the seed {seed!r} is not a whole number")
    return SourceSpec(text, "sim", seed=int(seed or 1), speed=speed)


def _split_speed(text: str, rest: str) -> tuple[str, float]:
    """``FILE@60`` into its parts; an ``@`` that no speed follows belongs to the file's name."""
    head, at, tail = rest.rpartition("@")
    if not at:
        return rest, 1.0
    if tail == "max":
        return head, math.inf
    try:
        speed = float(tail)
    except ValueError:
        if Path(rest).expanduser().exists():
            return rest, 1.0
        raise BadSource(
            f"--source {text}: {tail!r} is no speed; say a number such as 1 or 60, or max"
        ) from None
    if not 0 < speed < math.inf:
        raise BadSource(f"--source {text}: a speed must be above 0; say 1, 60 or max")
    return head, speed


def open_source(
    spec: SourceSpec,
    *,
    address: str | None = None,
    purpose: str | None = None,
    resting_bpm: float | None = None,
    max_bpm: float | None = None,
    unit: Unit | None = None,
    silence_s: float | None = None,
) -> OpenedSource:
    """Make ready what was asked for; a recording is read here, whole.

    ``address`` is the strap to take where the source names none. ``purpose``, ``resting_bpm`` and
    ``max_bpm`` are what a simulated athlete plays by. ``unit`` is that of a file that does not say
    its own; ``silence_s`` is how long a strap may be silent.

    Raises :class:`BadSource` where a file cannot be read.
    """
    match spec.kind:
        case "ble":
            listen = partial(_listen, address=spec.address or address, silence_s=silence_s)
            return OpenedSource(spec, lambda _: listen, None, live=True)
        case "replay":
            from sensors import recording, replay

            assert spec.path is not None  # noqa: S101 - parse() gives every replay a path
            try:
                read = recording.read(spec.path, unit=unit)
                digest = hashlib.sha256(spec.path.read_bytes()).hexdigest()
            except (recording.UnreadableRecording, OSError) as error:
                raise BadSource(_one_line(spec.path, error)) from error
            return OpenedSource(
                spec,
                lambda skip: partial(replay.play, recording=read, speed=spec.speed, skip=skip),
                f"sha256:{digest}",
            )
        case "sim":
            from sensors import synthetic

            return OpenedSource(
                spec,
                lambda skip: partial(
                    synthetic.beat,
                    seed=spec.seed,
                    speed=spec.speed,
                    skip=skip,
                    scenario=purpose or "easy",
                    resting_bpm=resting_bpm or 55.0,
                    max_bpm=max_bpm or 185.0,
                ),
                None,
            )


def _one_line(path: Path, error: Exception) -> str:
    if isinstance(error, OSError):
        return f"{path}: {error.strerror or error}"
    return str(error)


async def _listen(emit: Emit, *, address: str | None, silence_s: float | None) -> None:
    """A strap; bleak takes 70 ms to import, so it waits until the first frame is drawn."""
    from sensors import ble

    limits = ble.Limits() if silence_s is None else ble.Limits(silence_s=silence_s)
    await ble.listen(emit, address=address, limits=limits)
