"""A light, a buzzer and a button: on gpiozero's own mock pins where it is installed."""

import asyncio
import builtins
import sys
from pathlib import Path
from typing import Any

import pytest
import virtual_time

from device.config import Cueing
from device.cue import Cue
from device.cues import open_cues
from device.gpio import HOLD_S, Blinker, Pins
from device.tones import MELODIES

ALL = Cueing(tones=False, voice=False, bell=False, led_gpio=17, buzzer_gpio=27, button_gpio=22)


class Lamp:
    """An output that remembers when it was on."""

    def __init__(self, *, breaks: bool = False) -> None:
        self.lit = False
        self.changes: list[tuple[float, bool]] = []
        self._breaks = breaks

    def on(self) -> None:
        if self._breaks:
            raise RuntimeError("GPIO  not\nallocated")
        self._set(lit=True)

    def off(self) -> None:
        self._set(lit=False)

    def _set(self, *, lit: bool) -> None:
        if lit != self.lit:
            self.lit = lit
            self.changes.append((round(virtual_time.now_s(), 6), lit))


def test_a_light_follows_the_rhythm_of_the_melody() -> None:
    lamp = Lamp()
    assert virtual_time.run(Blinker("light", lamp).give(Cue("signal_back"))) is None
    first, second = MELODIES["signal_back"]
    again_s = round(first.sound_s + first.rest_s, 6)
    assert lamp.changes == [
        (0.0, True),
        (first.sound_s, False),
        (again_s, True),
        (round(again_s + second.sound_s, 6), False),
    ]


def test_a_light_that_is_interrupted_goes_out() -> None:
    lamp = Lamp()

    async def interrupted() -> None:
        blinking = asyncio.create_task(Blinker("light", lamp).give(Cue("over")))
        await asyncio.sleep(0.01)
        assert lamp.lit
        blinking.cancel()
        await asyncio.wait({blinking})

    virtual_time.run(interrupted())
    assert not lamp.lit


def test_a_light_that_fails_is_a_trouble_and_no_crash() -> None:
    trouble = virtual_time.run(Blinker("light", Lamp(breaks=True)).give(Cue("over")))
    assert trouble == "GPIO not allocated"


def test_a_summary_is_nothing_for_a_light() -> None:
    assert not Blinker("light", Lamp()).has(Cue("summary", text="10 minutes"))


def test_without_gpiozero_each_thing_asked_for_is_named_with_the_cure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    really_import = builtins.__import__

    def without(name: str, *rest: Any, **more: Any) -> Any:
        if name.partition(".")[0] == "gpiozero":
            raise ModuleNotFoundError(f"No module named {name!r}", name="gpiozero")
        return really_import(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", without)
    pins = Pins(ALL, tmp_path, on_button=print)
    words = f"gpiozero is not installed ({sys.prefix}/bin/pip install gpiozero lgpio)"
    assert pins.troubles == dict.fromkeys(("light", "buzzer", "button"), words)
    assert pins.blinkers == []
    pins.close()


def test_pins_that_nobody_asked_for_load_nothing(tmp_path: Path) -> None:
    before = set(sys.modules)
    pins = Pins(Cueing(), tmp_path, on_button=print)
    assert (pins.blinkers, pins.troubles) == ([], {})
    assert {name for name in set(sys.modules) - before if "gpio" in name} == set()


@pytest.fixture
def board(monkeypatch: pytest.MonkeyPatch) -> Any:
    """gpiozero's mock pins, fresh."""
    gpiozero = pytest.importorskip("gpiozero", reason="gpiozero is not installed")
    from gpiozero.pins.mock import MockFactory

    monkeypatch.setenv("GPIOZERO_PIN_FACTORY", "mock")
    factory = MockFactory()
    monkeypatch.setattr(gpiozero.Device, "pin_factory", factory)
    yield factory
    factory.reset()


def test_pins_blink_and_are_let_go(tmp_path: Path, board: Any) -> None:
    pins = Pins(ALL, tmp_path)
    assert [blinker.name for blinker in pins.blinkers] == ["light", "buzzer"]

    async def lit() -> tuple[bool, bool]:
        blinking = asyncio.create_task(pins.blinkers[0].give(Cue("back")))
        await asyncio.sleep(0.01)
        during = board.pin(17).state
        await blinking
        return bool(during), bool(board.pin(17).state)

    assert asyncio.run(lit()) == (True, False)
    pins.close()
    again = Pins(ALL, tmp_path)
    assert again.troubles == {}
    again.close()


def test_a_pin_that_is_taken_is_named_and_the_others_work(tmp_path: Path, board: Any) -> None:
    first = Pins(Cueing(led_gpio=17), tmp_path)
    second = Pins(Cueing(led_gpio=17, buzzer_gpio=27), tmp_path)
    assert [blinker.name for blinker in second.blinkers] == ["buzzer"]
    assert second.troubles["light"].startswith("GPIO 17: ")
    assert "\n" not in second.troubles["light"]
    first.close()
    second.close()


def test_a_button_that_is_held_is_told_in_the_loop(board: Any) -> None:
    async def session() -> bool:
        loop, held = asyncio.get_running_loop(), asyncio.Event()
        here = []

        def on_button() -> None:
            here.append(asyncio.get_running_loop() is loop)
            held.set()

        async with open_cues(ALL, tell=print, on_button=on_button):
            board.pin(22).drive_low()
            async with asyncio.timeout(HOLD_S + 30):
                await held.wait()
        return here == [True]

    assert asyncio.run(session())
