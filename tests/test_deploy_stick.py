"""deploy/stick on loop devices: whose the folder is, what it may do, and what is left alone."""

import subprocess
from pathlib import Path

import pytest
from fresh_machine import Machine, cannot

DEPLOY = Path(__file__).parent.parent / "deploy"
MAKERS = {"vfat": "mkfs.vfat -n", "exfat": "mkfs.exfat -L", "ext4": "mkfs.ext4 -q -L"}
PLUG_IN = """
mount -t sysfs -o ro sysfs /sys
useradd --system beatwise 2>/dev/null || true
export PATH=$PATH:/mnt
device=$(losetup --find --show /stick.img)
trap 'umount -ql /run/media/beatwise/* || true; losetup -d $device || true' EXIT
as_owner() { setpriv --reuid beatwise --regid beatwise --clear-groups "$@"; }
"""

if reason := cannot():
    pytest.skip(reason, allow_module_level=True)


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path / "machine", DEPLOY)


def with_stick(machine: Machine, kind: str, label: str, script: str) -> str:
    """What a script prints there, with a stick plugged in as ``$device``."""
    known = Path("/proc/filesystems").read_text().split()
    if kind not in known and subprocess.run(("modprobe", kind), capture_output=True).returncode:
        pytest.skip(f"this kernel knows no {kind}")
    maker = MAKERS[kind]
    if not machine.run("which", maker.split()[0]).stdout:
        pytest.skip(f"{maker.split()[0]} is not installed here")
    machine.sh(f"truncate -s 32M /stick.img; {maker} {label!r} /stick.img >/dev/null")
    if not machine.run("losetup", "--find").stdout:
        pytest.skip("no loop devices here")
    return machine.sh(PLUG_IN + script)


@pytest.mark.parametrize("kind", ["vfat", "exfat"])
def test_the_owner_of_the_data_writes_onto_a_stick_and_nobody_else(
    machine: Machine, kind: str
) -> None:
    said = with_stick(
        machine,
        kind,
        "KINGSTON",
        """
        stick mount $device
        as_owner touch /run/media/beatwise/KINGSTON/backup
        stat -c '%U %a' /run/media/beatwise/KINGSTON
        findmnt -no OPTIONS /run/media/beatwise/KINGSTON
        stick unmount $device
        ls -A /run/media/beatwise
        """,
    )
    first, mode, options = said.splitlines()
    assert first == "The stick is at /run/media/beatwise/KINGSTON"
    assert mode == "beatwise 700"
    assert {"rw", "nosuid", "nodev", "noexec"} <= set(options.split(","))


def test_a_stick_of_linux_keeps_its_owners_and_may_not_panic(machine: Machine) -> None:
    said = with_stick(
        machine,
        "ext4",
        "data",
        """
        tune2fs -e panic $device >/dev/null
        stick mount $device
        findmnt -no OPTIONS /run/media/beatwise/data
        stat -c %U /run/media/beatwise/data
        """,
    )
    _, options, owner = said.splitlines()
    assert {"nosuid", "nodev", "noexec", "errors=remount-ro"} <= set(options.split(","))
    assert owner == "root"


@pytest.mark.parametrize(
    ("label", "name"), [("../../etc", "etc"), ("a b$(id)", "abid"), ("", "loop"), ("ö", "loop")]
)
def test_a_label_is_only_a_name(machine: Machine, label: str, name: str) -> None:
    said = with_stick(machine, "ext4", label, "stick mount $device; ls /run/media/beatwise")
    assert said.splitlines()[-1].startswith(name)


def test_two_sticks_of_one_name_are_two_folders(machine: Machine) -> None:
    script = "mkdir -p /run/media/beatwise/same; stick mount $device; ls /run/media/beatwise"
    said, first, second = with_stick(machine, "ext4", "same", script).splitlines()
    assert first == "same"
    assert second.startswith("sameloop")
    assert said.endswith(second)


def test_it_is_gone_with_the_stick(machine: Machine) -> None:
    script = """
        stick mount $device >/dev/null
        exec 3</run/media/beatwise/data
        stick unmount $device
        ls -A /run/media/beatwise
    """
    assert not with_stick(machine, "ext4", "data", script), "though somebody looks at it"


@pytest.mark.parametrize("line", ["$device /var/lib/beatwise ext4 nofail 0 2", None])
def test_what_the_system_uses_is_left_alone(machine: Machine, line: str | None) -> None:
    use = f'echo "{line}" >>/etc/fstab' if line else "mkdir /used; mount $device /used"
    said = with_stick(
        machine,
        "ext4",
        "data",
        f"""
        {use}
        stick mount $device
        findmnt -rno TARGET -S $device || true
        umount -q /used || true
        """,
    )
    assert "left alone" in said
    assert "/run/media" not in said


def test_a_stick_that_cannot_be_read_is_told(machine: Machine) -> None:
    machine.sh("truncate -s 4M /stick.img")
    done = machine.run("sh", "-ec", PLUG_IN + "stick mount $device")
    assert done.returncode
    assert "no file system: vfat, exfat and ext4 are taken" in done.stderr
