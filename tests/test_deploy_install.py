"""install.sh on a Debian machine: what is there afterwards, and after what goes wrong."""

import os
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from fresh_machine import Machine, another, cannot, make_bundle

if reason := cannot():
    pytest.skip(reason, allow_module_level=True)

SYSTEM = (
    "/opt/beatwise",
    "/etc/beatwise",
    "/etc/systemd",
    "/etc/udev",
    "/etc/profile.d",
    "/usr/local/bin",
    "/usr/local/sbin",
)
NEWER = {"device/__init__.py": '"""Changed."""\n'}
WORSE = """
def run(options):
    print("ok versions 2")
    print("missing voice it was there")
    return 1
"""
TOUCHED = (*SYSTEM, "/var/lib/beatwise")


@pytest.fixture(scope="module")
def stick(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("stick")
    try:
        make_bundle(out)
    except subprocess.CalledProcessError as error:
        pytest.skip(f"the wheels cannot be fetched here: {error.stderr[-300:]}")
    return out


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory, stick: Path) -> Machine:
    """With the kiosk installed; tests change it on a layer of their own."""
    machine = Machine(tmp_path_factory.mktemp("first"), stick)
    done = machine.install("--role", "kiosk")
    assert done.returncode == 0, done.stdout + done.stderr
    return machine


@pytest.fixture
def installed(tmp_path: Path, first: Machine, stick: Path) -> Machine:
    return Machine(tmp_path / "installed", stick, first)


@pytest.fixture
def fresh(tmp_path: Path, stick: Path) -> Machine:
    return Machine(tmp_path / "fresh", stick)


def version_of(machine: Machine) -> str:
    return machine.sh("basename $(readlink /opt/beatwise/current)").strip()


def test_a_kiosk_is_there_and_runs_as_its_own_user(installed: Machine) -> None:
    assert installed.sh("stat -c '%U %a' /var/lib/beatwise").split() == ["beatwise", "700"]
    assert "bluetooth" in installed.sh("id -nG beatwise").split()
    assert installed.sh("getent passwd beatwise").strip().endswith("/usr/sbin/nologin")
    wanted = "/etc/systemd/system/multi-user.target.wants/beatwise-kiosk.service"
    assert installed.sh(f"readlink {wanted}").strip().endswith("beatwise-kiosk.service")
    assert installed.sh("readlink /etc/systemd/system/getty@tty1.service").strip() == "/dev/null"
    assert "/var/lib/beatwise\n" in installed.sh("beatwise where")
    installed.sh("beatwise live --headless --source sim:7@max --for 30 >/dev/null")
    assert installed.sh("stat -c %U /var/lib/beatwise/beatwise.db").strip() == "beatwise"


def test_what_is_missing_is_said_once_more_at_the_end(installed: Machine) -> None:
    said = installed.install().stdout.splitlines()
    assert said[-2].startswith("Done. ")
    assert said[-1].startswith("It still lacks: bluetooth, ")
    assert len([line for line in said if line.startswith("Python 3.")]) == 1


def test_the_document_shows_what_is_said(fresh: Machine) -> None:
    fresh.sh("useradd -m anna")
    said = fresh.install("--role", "personal", "--owner", "anna", "--no-packages").stdout
    steps = ("This", "Python", "Installing", "Writing", "Compiling", "Self-test", "Done")

    def told(text: str) -> list[str]:
        lines = (line for line in text.splitlines() if line.startswith(steps))
        return [re.sub(r"[0-9]+|-[0-9a-f]{8}-", "#", line) for line in lines]

    shown = (Path(__file__).parent.parent / "docs/pi/installing.txt").read_text()
    assert told(shown) == told(said)


def test_it_is_compiled_and_belongs_to_root(installed: Machine) -> None:
    site = installed.sh("echo /opt/beatwise/current/lib/python3*/site-packages").strip()
    assert installed.sh(f"ls {site}/ui/__pycache__/app.*.pyc {site}/scipy/__pycache__/*.pyc")
    assert "wheels" not in installed.sh("ls /opt/beatwise/current/deploy").split()
    assert "pip" not in installed.sh(f"ls {site} /opt/beatwise/current/bin").split()
    assert not installed.sh("find /opt/beatwise \\! -user root -o -perm /022 \\! -type l").strip()


def test_twice_is_once(installed: Machine) -> None:
    before = installed.state(*TOUCHED)
    again = installed.install()
    assert again.returncode == 0, again.stderr
    assert "is here already" in again.stdout
    assert installed.state(*TOUCHED) == before


def test_another_role_takes_the_place_of_the_first(installed: Machine) -> None:
    installed.sh("useradd -m anna")
    done = installed.run("beatwise-setup", "--role", "personal", "--owner", "anna")
    assert done.returncode == 0, done.stderr
    units = installed.sh("ls /etc/systemd/system")
    assert "beatwise-kiosk" not in units
    assert "getty@tty1.service" not in units.split()
    assert installed.sh("stat -c %U /var/lib/beatwise/config.toml").strip() == "anna"
    installed.sh(
        "runuser -u anna -- beatwise live --headless --source sim:7@max --for 9 >/dev/null"
    )


def test_another_role_needs_nothing_that_only_making_a_bundle_needs(installed: Machine) -> None:
    asked = 'case "$*" in *" git"|*python3-venv) exit 1;; esac; exec /usr/bin/dpkg-query "$@"'
    path = "/usr/sbin/dpkg-query"
    installed.sh(f"printf '#!/bin/sh\\n%s\\n' '{asked}' >{path}; chmod +x {path}")
    assert installed.run("dpkg-query", "-W", "git").returncode == 1
    done = installed.run("beatwise-setup", "--role", "pocket", "--no-packages")
    assert done.returncode == 0, done.stderr


def test_no_service_takes_the_data_from_an_app_that_somebody_has_open(installed: Machine) -> None:
    before = installed.state(*TOUCHED)
    lock = "/var/lib/beatwise/beatwise.lock"
    hold = f"echo $$ >{lock}; exec 9<{lock}; flock 9; beatwise-setup --role pocket --no-packages"
    done = installed.run("sh", "-c", hold)
    assert done.returncode == 2
    assert "Beatwise is open (pid " in done.stderr
    assert "end it there first" in done.stderr
    installed.sh(f"rm {lock}")
    assert installed.state(*TOUCHED) == before
    assert installed.run("beatwise-setup", "--role", "pocket", "--no-packages").returncode == 0


def test_uninstalled_the_data_stay_and_nothing_else(fresh: Machine, stick: Path) -> None:
    before = fresh.state(*SYSTEM)
    assert fresh.install("--role", "pocket").returncode == 0
    fresh.sh("beatwise live --headless --source sim:7@max --for 30 >/dev/null")
    data = fresh.state("/var/lib/beatwise")
    done = fresh.run("beatwise-setup", "--uninstall")
    assert done.returncode == 0, done.stderr
    assert "rm -r /var/lib/beatwise" in done.stdout
    left = [line for line in fresh.state(*SYSTEM).splitlines() if line not in before.splitlines()]
    assert not left, left
    assert fresh.state("/var/lib/beatwise") == data


@pytest.mark.parametrize(
    ("doctor", "words"),
    [
        ("raise RuntimeError\n", "does not run on this machine"),
        (WORSE, "voice"),
    ],
)
def test_an_update_that_fails_its_self_test_changes_nothing(
    installed: Machine, stick: Path, doctor: str, words: str
) -> None:
    name = f"broken-{words.split(maxsplit=1)[0]}"
    another(stick / "bundle", name, "0.2.0", {"ui/doctor.py": doctor})
    before, version = installed.state(*TOUCHED), version_of(installed)
    done = installed.install(bundle=name)
    assert done.returncode == 2
    assert words in done.stderr
    assert f"{version} stays" in done.stderr
    assert installed.state(*TOUCHED) == before


def test_an_update_can_be_gone_back_from_with_the_database_of_before(
    installed: Machine, stick: Path
) -> None:
    version = version_of(installed)
    installed.sh("beatwise live --headless --source sim:7@max --for 30 >/dev/null")
    database = installed.sh("sha256sum </var/lib/beatwise/beatwise.db")
    another(stick / "bundle", "newer", "0.2.0", NEWER)
    assert installed.install(bundle="newer").returncode == 0
    assert version_of(installed).startswith("0.2.0-")
    installed.sh(
        "cd /var/lib/beatwise; cp beatwise.db beatwise-before-v99.db; echo new >>beatwise.db"
    )
    done = installed.run("beatwise-setup", "--back")
    assert done.returncode == 0, done.stderr
    assert version_of(installed) == version
    assert installed.sh("sha256sum </var/lib/beatwise/beatwise.db") == database
    assert "beatwise-of-0.2.0" in installed.sh("ls /var/lib/beatwise")
    assert installed.run("beatwise-setup", "--back").returncode == 2, "there is none before"


def test_a_wheel_that_is_not_as_locked_is_refused(fresh: Machine, stick: Path) -> None:
    copy = another(stick / "bundle", "tampered", "0.2.0", {})
    (wheel,) = (copy / "wheels").glob("platformdirs-*.whl")
    content = wheel.read_bytes()
    wheel.unlink()
    wheel.write_bytes(content + b" ")
    done = fresh.install(bundle="tampered")
    assert done.returncode == 2
    assert done.stderr.endswith("nothing was changed\n")
    assert not fresh.sh("ls /opt/beatwise/versions 2>/dev/null || true").strip()


Damage = Callable[[Machine], object]


def says(program: str, words: str) -> Damage:
    """A program that says something else there."""
    script = f"printf '#!/bin/sh\\n{words}\\n' >/usr/sbin/{program}; chmod +x /usr/sbin/{program}"
    return lambda machine: machine.sh(script)


def read_only(folder: str) -> Damage:
    """A folder on a file system that is mounted so."""
    return lambda machine: machine.read_only.append(folder)


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (says("dpkg", "echo armhf"), "32-bit system (armhf): write the 64-bit"),
        (says("dpkg-query", "exit 1"), "packages are missing: sudo apt install python3 bluez"),
        (says("df", "echo; echo 9"), "9 MB free; 700 are needed"),
        (says("findmnt", "echo overlay"), None),
        (
            read_only("/opt"),
            "/opt is read-only, so nothing can be installed: sudo mount -o remount",
        ),
    ],
)
def test_what_does_not_fit_is_said_before_anything_is_changed(
    fresh: Machine, damage: Damage, words: str | None
) -> None:
    damage(fresh)
    before = fresh.state(*TOUCHED)
    done = fresh.install("--check")
    if words is None:  # an overlay that was not made by raspi-config forgets nothing
        assert done.returncode == 0, done.stderr
    else:
        assert done.returncode == 2
        assert words in done.stderr
        assert done.stderr.count("\n") == 1
    assert fresh.state(*TOUCHED) == before


def signed(stick: Path, bundle: str, key: Path, archive: str) -> None:
    """An archive of a bundle on the stick, with its signature."""
    tar = stick / archive
    words = ("--transform", f"s/^{bundle}/beatwise/", "-C", str(stick), bundle)
    subprocess.run(("tar", "-cf", tar, *words), check=True)
    sign(key, tar)


def sign(key: Path, tar: Path) -> None:
    tar.with_name(f"{tar.name}.sig").unlink(missing_ok=True)
    words = ("ssh-keygen", "-q", "-Y", "sign", "-f", key, "-n", "beatwise-update", tar)
    subprocess.run(words, check=True)


def make_key(path: Path) -> str:
    words = ("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "maker", "-f", str(path))
    subprocess.run(words, check=True)
    return path.with_suffix(".pub").read_text()


def test_an_update_is_taken_from_a_stick_only_as_it_was_signed(
    installed: Machine, stick: Path, tmp_path: Path
) -> None:
    public = make_key(tmp_path / "maker")
    make_key(tmp_path / "stranger")
    another(stick / "bundle", "signed", "0.3.0", NEWER)
    another(stick / "bundle", "old", "0.0.9", NEWER)
    signed(stick, "signed", tmp_path / "maker", "good.tar")
    signed(stick, "signed", tmp_path / "stranger", "strange.tar")
    signed(stick, "old", tmp_path / "maker", "old.tar")
    signed(stick, "signed", tmp_path / "maker", "changed.tar")
    with (stick / "changed.tar").open("r+b") as tar:
        tar.seek(2000)
        tar.write(b"#")
    (stick / "naked.tar").write_bytes(b"")
    (stick / "photo.tar").write_bytes(b"no archive")
    sign(tmp_path / "maker", stick / "photo.tar")

    def update(archive: str, *options: str) -> subprocess.CompletedProcess[str]:
        return installed.run("beatwise-setup", "--update", f"/mnt/{archive}", *options)

    assert "nobody may sign updates" in update("good.tar").stderr
    installed.sh(f"echo 'maker {public.strip()}' >/etc/beatwise/signers")
    before = installed.state(*TOUCHED)
    for archive, words in {
        "naked.tar": "naked.tar.sig is missing",
        "strange.tar": "signed by nobody known",
        "changed.tar": "not what maker signed",
        "old.tar": "older than what is here",
        "photo.tar": "no archive of Beatwise, though maker signed it; nothing was changed",
        "none.tar": "no such file",
    }.items():
        done = update(archive)
        assert (done.returncode, words in done.stderr) == (2, True), (archive, done.stderr)
        assert installed.state(*TOUCHED) == before
    done = update("good.tar")
    assert done.returncode == 0, done.stderr
    assert "Signed by maker" in done.stdout
    assert version_of(installed).startswith("0.3.0-")
    done = update("old.tar", "--allow-older")
    assert done.returncode == 0, done.stderr
    assert version_of(installed).startswith("0.0.9-")


def test_a_package_brings_it_and_takes_it_away_again(fresh: Machine, stick: Path) -> None:
    build = Path(__file__).parent.parent / "deploy/deb/build.sh"
    named = {**os.environ, "DEBFULLNAME": "A & B|C", "DEBEMAIL": "ab@example.org"}
    subprocess.run((build, stick / "bundle", stick), check=True, capture_output=True, env=named)
    assert fresh.sh("dpkg-deb -f /mnt/beatwise_*.deb Maintainer") == "A & B|C <ab@example.org>\n"
    done = fresh.run("sh", "-c", "dpkg -i /mnt/beatwise_*.deb")
    assert done.returncode == 0, done.stdout + done.stderr
    fresh.sh("beatwise live --headless --source sim:7@max --for 9 >/dev/null")
    fresh.sh("dpkg -i /mnt/beatwise_*.deb")
    done = fresh.run("dpkg", "-r", "beatwise")
    assert done.returncode == 0, done.stdout + done.stderr
    assert not fresh.state("/opt/beatwise", "/usr/local/bin/beatwise").strip()
    assert "beatwise.db" in fresh.sh("ls /var/lib/beatwise")
