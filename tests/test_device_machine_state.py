"""What the doctor finds on machines that are made of files, and what each role makes of it."""

from pathlib import Path

import pytest

from device import disk_state, machine_state
from device.config import Cueing
from device.disk_state import disk, wear
from device.finding import ROLES, Finding


def put(root: Path, path: str, text: str) -> None:
    file = root / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)


def found(findings: list[Finding]) -> dict[str, Finding]:
    assert len({one.what for one in findings}) == len(findings), "one line each"
    return {one.what: one for one in findings}


@pytest.mark.parametrize(
    ("soft", "hard", "cure"),
    [("0", "0", None), ("1", "0", "rfkill unblock bluetooth"), ("1", "1", "the switch")],
)
def test_a_blocked_radio_is_named_with_its_cure(
    tmp_path: Path, soft: str, hard: str, cure: str | None
) -> None:
    for number, kind in enumerate(("wlan", "bluetooth")):
        blocked = "1" if kind == "wlan" else soft
        for name, text in {"type": kind, "soft": blocked, "hard": hard}.items():
            put(tmp_path, f"sys/class/rfkill/rfkill{number}/{name}", text + "\n")
    block = machine_state.radio_block(tmp_path)
    assert block.well is (cure is None)
    assert cure is None or cure in (block.cure or "")


@pytest.mark.parametrize(
    ("programs", "cards", "missing"),
    [
        ((), False, {"sound", "voice", "cues", "button"}),
        (("aplay",), False, {"sound", "voice", "cues", "button"}),
        (("aplay",), True, {"voice", "button"}),
        (("pw-play", "espeak-ng"), True, {"button"}),
    ],
)
def test_a_pocket_needs_to_be_heard_and_begun(
    tmp_path: Path, programs: tuple[str, ...], cards: bool, missing: set[str]
) -> None:
    if cards:
        put(tmp_path, "proc/asound/cards", " 0 [Headphones]: bcm2835 - bcm2835 Headphones\n    x\n")
    else:
        put(tmp_path, "proc/asound/cards", "--- no soundcards ---\n")

    def which(name: str) -> str | None:
        return f"/usr/bin/{name}" if name in programs else None

    findings = found(list(machine_state.cues(Cueing(), root=tmp_path, which=which)))
    assert {what for what, one in findings.items() if not one.well} == missing
    lacking = {what for what, one in findings.items() if one.verdict("pocket") == "missing"}
    assert lacking == missing & {"cues", "button"}
    assert not [one for one in findings.values() if one.verdict("personal") == "missing"]


@pytest.mark.parametrize(
    ("devices", "programs", "words"),
    [
        (("dri/card0", "tty1"), ("cage", "foot", "seatd"), "any colour"),
        (("dri/card0", "tty1"), ("cage",), "no foot, seatd"),
        (("tty1",), ("cage", "foot", "seatd"), "no graphics driver"),
        ((), (), "no display"),
    ],
)
def test_a_kiosk_draws_on_what_there_is(
    tmp_path: Path, devices: tuple[str, ...], programs: tuple[str, ...], words: str
) -> None:
    for device in devices:
        put(tmp_path, f"dev/{device}", "")
    display = machine_state.display(
        root=tmp_path, which=lambda name: name if name in programs else None
    )
    assert words in display.words
    verdicts = [display.verdict(role) for role in ROLES]
    assert verdicts == (["ok"] * 3 if devices else ["note", "note", "missing"])


def under(root: Path, path: Path, partition: str = "mmcblk0p2") -> None:
    """The kernel's files for the partition that a path is on."""
    device = path.stat().st_dev
    number = f"{disk_state.os.major(device)}:{disk_state.os.minor(device)}"
    (root / f"sys/devices/mmcblk0/{partition}").mkdir(parents=True)
    (root / "sys/dev/block").mkdir(parents=True)
    (root / "sys/dev/block" / number).symlink_to(root / f"sys/devices/mmcblk0/{partition}")
    put(root, f"sys/fs/ext4/{partition}/lifetime_write_kbytes", f"{7 << 20}\n")


@pytest.mark.parametrize(
    ("errors", "life", "well", "words"),
    [
        ("0", None, True, "7 GB written in its life, a card does not tell its wear"),
        ("0", "0x01 0x03", True, "30 % worn"),
        ("0", "0x0a 0x03", False, "used 100 % of its life"),
        ("4", "0x01 0x01", False, "has seen 4 errors"),
    ],
)
def test_a_disk_tells_its_wear_and_its_errors(
    tmp_path: Path, errors: str, life: str | None, well: bool, words: str
) -> None:
    under(tmp_path, tmp_path)
    put(tmp_path, "sys/fs/ext4/mmcblk0p2/errors_count", errors + "\n")
    if life is not None:
        put(tmp_path, "sys/devices/mmcblk0/device/life_time", life + "\n")
    told = wear(tmp_path, tmp_path)
    assert (told.well, words in told.words) == (well, True), told
    assert told.cure is None if well else "backup" in (told.cure or "")


@pytest.mark.parametrize(("kind", "well"), [("ext4", True), ("overlay", False), ("tmpfs", False)])
def test_data_that_would_be_forgotten_are_not_well(tmp_path: Path, kind: str, well: bool) -> None:
    device = tmp_path.stat().st_dev
    number = f"{disk_state.os.major(device)}:{disk_state.os.minor(device)}"
    put(tmp_path, "proc/self/mountinfo", f"29 1 {number} / / rw shared:1 - {kind} /dev/x rw\n")
    findings = found(list(disk(tmp_path / "not" / "yet", root=tmp_path)))
    assert findings["disk"].well is well
    assert findings["disk"].verdict("kiosk") == ("ok" if well else "missing")
