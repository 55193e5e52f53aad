"""What a machine has to listen with, to tell by and to show on, each with its cure."""

import grp
import os
import shutil
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path

from device.config import Cueing
from device.finding import Finding

Which = Callable[[str], str | None]


def which_of_all(name: str) -> str | None:
    """As root would find it: a daemon is not on everybody's PATH."""
    return shutil.which(name) or shutil.which(name, path="/usr/sbin:/sbin")


RASPI_CONFIG = "sudo raspi-config, Localisation, WLAN Country"
"""A fresh Raspberry Pi OS blocks its radios until it knows which country's rules apply."""


def radio_block(root: Path = Path("/")) -> Finding:
    """Is Bluetooth blocked in the kernel, by a program or by a switch?"""
    for entry in sorted((root / "sys/class/rfkill").glob("rfkill*")):
        if _text(entry / "type") != "bluetooth":
            continue
        if _text(entry / "hard") == "1":
            return Finding(
                "rfkill", False, "Bluetooth is switched off in hardware", "find the switch"
            )
        if _text(entry / "soft") == "1":
            cure = f"sudo rfkill unblock bluetooth; if it comes back: {RASPI_CONFIG}"
            return Finding("rfkill", False, "Bluetooth is blocked", cure)
    return Finding("rfkill", True, "nothing blocks Bluetooth")


def permission(*, denied: bool, groups: frozenset[str] | None = None) -> Finding:
    """May this user speak with bluetoothd? ``denied`` is what it answered."""
    member = "bluetooth" in (_own_groups() if groups is None else groups)
    if denied:
        cure = "sudo usermod -aG bluetooth $USER, then log in anew"
        return Finding("permission", False, "no permission to use Bluetooth", cure)
    return Finding("permission", True, "in group bluetooth" if member else "not needed here")


def _own_groups() -> frozenset[str]:
    names = []
    for number in {*os.getgroups(), os.getegid()}:
        try:
            names.append(grp.getgrgid(number).gr_name)
        except KeyError:
            continue
    return frozenset(names)


def cues(
    settings: Cueing, *, root: Path = Path("/"), which: Which = shutil.which
) -> Iterator[Finding]:
    """Sound, voice and pins; then whether anything at all would be heard, seen or felt."""
    sound = _sound(root, which)
    voice = _voice(which)
    yield sound
    yield voice
    gpio = _gpio(settings, root)
    yield gpio
    yield _button(settings, gpio)
    ways = {
        "tones": settings.tones and sound.well,
        "voice": settings.voice and sound.well and voice.well,
        "light": settings.led_gpio is not None and gpio.well,
        "buzzer": settings.buzzer_gpio is not None and gpio.well,
    }
    there = [name for name, works in ways.items() if works]
    if there:
        yield Finding("cues", True, f"told by {', '.join(there)}; try them: beatwise cues")
    else:
        cure = "sound, or led_gpio or buzzer_gpio under [cues] in config.toml"
        yield Finding("cues", False, "nothing to tell a runner by", cure)


def _sound(root: Path, which: Which) -> Finding:
    player = which("aplay") or which("pw-play")
    if player is None:
        return Finding("sound", False, "no program to play with", "sudo apt install alsa-utils")
    cards = [
        line.split("]: ")[-1]
        for line in (_text(root / "proc/asound/cards") or "").splitlines()
        if "]: " in line
    ]
    if not cards:
        cure = "plug in a USB sound card (a Zero 2 W and a 5 have no socket of their own)"
        return Finding("sound", False, "no sound card", cure)
    return Finding("sound", True, f"{Path(player).name}, {', '.join(cards)}")


def _voice(which: Which) -> Finding:
    if which("espeak-ng") is None:
        return Finding("voice", False, "no espeak-ng", "sudo apt install espeak-ng")
    return Finding("voice", True, "espeak-ng")


def _gpio(settings: Cueing, root: Path) -> Finding:
    pins = [settings.led_gpio, settings.buzzer_gpio, settings.button_gpio]
    wanted = sorted(pin for pin in pins if pin is not None)
    chips = sorted((root / "dev").glob("gpiochip*"))
    if not chips:
        return Finding("gpio", not wanted, "no pins on this machine", None)
    if not any(os.access(chip, os.R_OK | os.W_OK) for chip in chips):
        cure = "sudo usermod -aG gpio $USER, then log in anew"
        return Finding("gpio", not wanted, "the pins may not be used", cure if wanted else None)
    for module, cure in (
        ("gpiozero", "install the extra gpio, or use deploy/install.sh"),
        ("lgpio", "sudo apt install python3-lgpio, then sudo beatwise-setup"),
    ):
        if find_spec(module) is None:
            return Finding("gpio", not wanted, f"no {module}", cure if wanted else None)
    named = ", ".join(f"GPIO {pin}" for pin in wanted)
    return Finding("gpio", True, named or "no pin in use")


def _button(settings: Cueing, gpio: Finding) -> Finding:
    if settings.button_gpio is None:
        cure = "button_gpio = 22 under [cues] in config.toml, and a button from it to ground"
        return Finding("button", False, "none; a run then begins at SIGUSR1", cure)
    return Finding("button", gpio.well, f"GPIO {settings.button_gpio}", gpio.cure)


def display(*, root: Path = Path("/"), which: Which = which_of_all) -> Finding:
    """What a kiosk would draw on: a graphics driver with cage and foot, or the Linux console."""
    cards = sorted((root / "dev/dri").glob("card*"))
    absent = [name for name in ("cage", "foot", "seatd") if which(name) is None]
    if cards and not absent:
        return Finding("display", True, "cage and foot: any colour, touch")
    if (root / "dev/tty1").exists():
        why = "no graphics driver" if not cards else f"no {', '.join(absent)}"
        return Finding("display", True, f"the Linux console, 16 colours, keyboard only ({why})")
    return Finding("display", False, "no display and no console", "attach a display, restart")


def _text(path: Path) -> str | None:
    try:
        return path.read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return None
