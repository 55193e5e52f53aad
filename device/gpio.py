"""A light, a buzzer and a button on the Pi's pins, through gpiozero where it is installed."""

import asyncio
import os
import sys
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol

from device.config import Cueing
from device.cue import Cue
from device.tones import MELODIES

HOLD_S = 1.0
"""A button is held for so long: a pocket presses it now and then."""


class Output(Protocol):
    """A pin that is on or off; gpiozero's LED and Buzzer are such."""

    def on(self) -> None:
        """Current flows."""

    def off(self) -> None:
        """No current flows."""


class Blinker:
    """Gives a cue as a rhythm: on for each note of its melody."""

    def __init__(self, name: str, output: Output) -> None:
        self.name = name
        self._output = output

    def has(self, cue: Cue) -> bool:
        """Whether there is a rhythm for it."""
        return cue.kind in MELODIES

    def how(self) -> str:
        """By what it is given."""
        return "gpiozero"

    async def give(self, cue: Cue) -> str | None:
        """On and off in its rhythm; however it ends, the pin is off."""
        try:
            for note in MELODIES[cue.kind]:
                self._output.on()
                await asyncio.sleep(note.sound_s)
                self._output.off()
                await asyncio.sleep(note.rest_s)
        except _errors() as error:
            return _words(error)
        finally:
            with suppress(*_errors()):
                self._output.off()
        return None


class Pins:
    """The pins that the settings name, as far as they can be had.

    ``factory`` is a pin factory of gpiozero; where not given, the one that the environment names
    (``GPIOZERO_PIN_FACTORY=mock`` without hardware), else lgpio's.
    """

    def __init__(
        self,
        settings: Cueing,
        folder: Path,
        *,
        on_button: Callable[[], object] | None = None,
        factory: Any = None,
    ) -> None:
        self.blinkers: list[Blinker] = []
        self.troubles: dict[str, str] = {}
        """Why what the settings name is not there, by its name."""
        self._devices: list[Any] = []
        self._own_factory: Any = None
        wanted = {
            "light": settings.led_gpio,
            "buzzer": settings.buzzer_gpio,
            "button": None if on_button is None else settings.button_gpio,
        }
        numbers = {name: number for name, number in wanted.items() if number is not None}
        if not numbers:
            return
        try:
            import gpiozero

            if factory is None and not os.environ.get("GPIOZERO_PIN_FACTORY"):
                factory = self._own_factory = _lgpio_factory(folder)
        except _errors() as error:
            self.troubles = dict.fromkeys(numbers, _words(error))
            return
        makers = {
            "light": gpiozero.LED,
            "buzzer": gpiozero.Buzzer,
            "button": partial(gpiozero.Button, hold_time=HOLD_S),
        }
        for name, number in numbers.items():
            try:
                device = makers[name](number, pin_factory=factory)
            except _errors() as error:
                self.troubles[name] = f"GPIO {number}: {_words(error)}"
                continue
            self._devices.append(device)
            if name == "button":
                device.when_held = on_button
            else:
                self.blinkers.append(Blinker(name, device))

    def close(self) -> None:
        """Let go of the pins: off, and free for other programs."""
        for device in self._devices:
            device.close()
        if self._own_factory is not None:
            self._own_factory.close()


def _lgpio_factory(folder: Path) -> Any:
    """Named outright: gpiozero's own choice warns of each factory that it could not have.

    Importing lgpio makes a pipe in the working directory, which a service may not write to, or
    changes to the one in ``LG_WD`` and stays there.
    """
    before = Path.cwd()
    os.environ["LG_WD"] = str(folder)
    try:
        from gpiozero.pins.lgpio import LGPIOFactory
    finally:
        os.chdir(before)
    return LGPIOFactory()


def _errors() -> tuple[type[Exception], ...]:
    """What can go wrong with pins, as far as its library is here to say so."""
    errors: list[type[Exception]] = [ImportError, OSError, RuntimeError, ValueError]
    with suppress(ImportError):
        errors.append(import_module("gpiozero").GPIOZeroError)
    if "lgpio" in sys.modules:
        errors.append(sys.modules["lgpio"].error)
    return tuple(errors)


def _words(error: Exception) -> str:
    if isinstance(error, ImportError) and error.name in ("gpiozero", "lgpio"):
        return f"{error.name} is not installed ({sys.prefix}/bin/pip install gpiozero lgpio)"
    return " ".join(str(error).split()) or type(error).__name__
