"""What deploy/ puts onto a device: units as systemd reads them, scripts, locks, settings."""

import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest

from device import config

DEPLOY = Path(__file__).parent.parent / "deploy"
UNITS = DEPLOY / "systemd"
MOST_EXPOSED = 3.0

needs_systemd = pytest.mark.skipif(
    shutil.which("systemd-analyze") is None, reason="no systemd-analyze here"
)


def with_display(folder: Path) -> Path:
    """The kiosk's unit with the drop-in for cage and foot, as install.sh puts it."""
    shutil.copytree(UNITS, folder)
    dropins = folder / "beatwise-kiosk.service.d"
    dropins.mkdir()
    shutil.copy(UNITS / "kiosk-wayland.conf", dropins / "wayland.conf")
    return folder / "beatwise-kiosk.service"


def exposure(unit: Path) -> float:
    words = ("systemd-analyze", "security", "--offline=true", "--no-pager", str(unit))
    said = subprocess.run(words, capture_output=True, text=True).stdout
    found = re.search(r"exposure level for \S+: ([0-9.]+)", said)
    assert found is not None, said
    return float(found[1])


def test_foot_takes_every_line_of_its_settings() -> None:
    lines = (DEPLOY / "kiosk/foot.ini").read_text().splitlines()
    wrong = [line for line in lines if line and not re.match(r"#|\[[a-z-]+\]$|[a-z0-9-]+=\S", line)]
    assert not wrong, "what has no value, foot refuses"
    if shutil.which("foot") is not None:
        words = ("foot", "--check-config", f"--config={DEPLOY / 'kiosk/foot.ini'}")
        subprocess.run(words, check=True)


def test_a_wall_without_a_keyboard_is_drawn_on() -> None:
    assert "WLR_LIBINPUT_NO_DEVICES=1" in (UNITS / "kiosk-wayland.conf").read_text()


@needs_systemd
@pytest.mark.parametrize("name", ["kiosk", "pocket"])
def test_a_service_is_hardly_exposed(name: str) -> None:
    assert exposure(UNITS / f"beatwise-{name}.service") <= MOST_EXPOSED


@needs_systemd
def test_with_a_display_of_its_own_it_is_hardly_more(tmp_path: Path) -> None:
    assert exposure(with_display(tmp_path / "units")) <= MOST_EXPOSED


@needs_systemd
@pytest.mark.parametrize(
    "name", ["beatwise-kiosk", "beatwise-pocket", "update-from-stick@sda1", "mount-stick@sda1"]
)
def test_systemd_understands_every_line(tmp_path: Path, name: str) -> None:
    with_display(tmp_path / "units")
    for template in (tmp_path / "units").glob("*@.service"):
        template.rename(template.with_name(template.name.replace("@", "@sda1")))
    words = ("systemd-analyze", "verify", str(tmp_path / "units" / f"{name}.service"))
    said = subprocess.run(words, capture_output=True, text=True).stderr
    # The program is where install.sh puts it, which is not here.
    ours = [line for line in said.splitlines() if str(tmp_path) in line or "beatwise" in line]
    assert not [line for line in ours if "is not executable" not in line], said


@pytest.mark.skipif(shutil.which("shellcheck") is None, reason="no shellcheck here")
def test_scripts_are_clean() -> None:
    scripts = (
        "install.sh",
        "beatwise",
        "stick",
        "kiosk/screen",
        "personal/profile.sh",
        "deb/build.sh",
        "deb/postinst",
        "deb/prerm",
    )
    words = ("shellcheck", "-x", *(f"deploy/{script}" for script in scripts))
    done = subprocess.run(words, cwd=DEPLOY.parent, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


def locked(path: Path) -> dict[str, set[str]]:
    versions: dict[str, set[str]] = {}
    for name, version in re.findall(r"(?m)^([a-z0-9-]+)==(\S+)", path.read_text()):
        versions.setdefault(name, set()).add(version)
    return versions


def test_a_device_gets_what_was_tested() -> None:
    tested, shipped = (
        locked(DEPLOY.parent / "requirements-dev.txt"),
        locked(DEPLOY / "requirements.txt"),
    )
    differing = {name for name in tested.keys() & shipped.keys() if tested[name] != shipped[name]}
    assert not differing, "make lock"
    project = tomllib.loads((DEPLOY.parent / "pyproject.toml").read_text())["project"]
    wanted = {re.split(r"[<>=]", one)[0] for one in project["dependencies"]}
    assert wanted <= shipped.keys(), "make lock"


def test_the_settings_that_are_suggested_are_understood(tmp_path: Path) -> None:
    text = (DEPLOY / "config.toml").read_text()
    (tmp_path / "config.toml").write_text(text)
    assert config.load(tmp_path) == config.Config()
    suggested = re.sub(r"(?m)^# (?=\[|\w+ = )", "", text)
    (tmp_path / "config.toml").write_text(suggested)
    assert config.load(tmp_path).cues.button_gpio == 22


def test_no_key_of_the_kiosks_terminal_opens_anything() -> None:
    text = (DEPLOY / "kiosk/foot.ini").read_text()
    bound = re.search(r"(?ms)^\[key-bindings\]\n(.*?)\n\[", text)
    assert bound is not None
    bindings = dict(line.split("=", 1) for line in bound[1].splitlines() if line)
    assert {"spawn-terminal", "show-urls-launch", "unicode-input"} <= bindings.keys()
    assert set(bindings.values()) == {"none"}
    assert "shell=/usr/sbin/nologin" in text
