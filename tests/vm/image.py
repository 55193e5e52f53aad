"""What a run stands on, kept in .vm/: the guest's image, the application, a venv for the strap."""

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

HERE = Path(__file__).parent
CHECKOUT = HERE.parents[1]
CACHE = CHECKOUT / ".vm"
INGREDIENTS = ("build-image.sh", "initramfs-init.sh", "configure-device.sh", "note-packages.sh")
COMMANDS = ("mmdebstrap", "mke2fs", "depmod", "cpio", "xz", "zstd")
QEMU = {"amd64": "qemu-system-x86_64", "arm64": "qemu-system-aarch64"}

Kind = Literal["bench", "device"]
"""A machine for scenarios without systemd, or one like a Pi before Beatwise is installed."""


class CannotRun(Exception):
    """This machine cannot do it, and that is no fault of the project; ``str()`` is the reason."""


@dataclass(frozen=True, slots=True)
class Image:
    """A guest ready to boot: ``vmlinuz``, ``initrd.gz`` and ``root.ext4`` in ``folder``."""

    folder: Path
    arch: str


def require_machine(arch: str) -> None:
    """Raises CannotRun unless this machine has what a run needs."""
    if sys.platform != "linux" or not Path("/etc/debian_version").exists():
        raise CannotRun("not Debian, from whose packages the virtual machine is made")
    if os.geteuid() != 0:
        raise CannotRun("not root, which making the virtual machine's file system needs")
    missing = [command for command in (QEMU[arch], *COMMANDS) if shutil.which(command) is None]
    if missing:
        raise CannotRun(f"missing: {', '.join(missing)}; tests/vm/install-packages.sh installs it")


def cached_image(kind: Kind, suite: str, arch: str) -> Image:
    """The guest's image, built unless this very one is there. Raises CannotRun without a mirror."""
    requirements = (CHECKOUT / "requirements.txt").read_text() if kind == "bench" else ""
    key = _key(kind, suite, arch, requirements, *((HERE / n).read_text() for n in INGREDIENTS))
    folder = CACHE / f"{kind}-{suite}-{arch}-{key}"
    if not folder.exists():
        mirror = _mirror(suite)
        print(f"building the image: Debian {suite}, {arch}", flush=True)
        for outdated in (*CACHE.glob(f"{kind}-{suite}-{arch}-*"), *CACHE.glob("building-*")):
            shutil.rmtree(outdated)
        # Built aside and renamed at the end: an image that exists is whole.
        with tempfile.TemporaryDirectory(dir=CACHE, prefix="building-") as building:
            target = Path(building) / "image"
            build: list[str | Path] = [HERE / "build-image.sh", kind, suite, arch, mirror, target]
            if kind == "bench":
                lock = Path(building) / "requirements.txt"
                lock.write_text(requirements)
                build += [lock, venv() / "bin/python"]
            subprocess.run(build, check=True)
            target.rename(folder)
    return Image(folder, arch)


def venv() -> Path:
    """A venv with Bumble, from tests/vm/requirements.txt, made unless it is there."""
    lock = HERE / "requirements.txt"
    folder = CACHE / f"venv-{_key(lock.read_text(), sys.version)}"
    if not (folder / "complete").exists():
        for outdated in CACHE.glob("venv-*"):
            shutil.rmtree(outdated)
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        pip = (folder / "bin/python", "-m", "pip", "install", "-qq", "--disable-pip-version-check")
        subprocess.run([*pip, "--require-hashes", "--requirement", lock], check=True)
        (folder / "complete").touch()
    return folder


def install_app() -> None:
    """The application as a wheel, installed in .vm/app: what the guest runs is no checkout."""
    with tempfile.TemporaryDirectory(dir=CACHE, prefix="wheel-") as folder:
        pip = (sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check")
        no_network = ("--no-deps", "--no-build-isolation")
        subprocess.run([*pip, "wheel", *no_network, "--wheel-dir", folder, CHECKOUT], check=True)
        (wheel,) = Path(folder).glob("beatwise-*.whl")
        shutil.rmtree(CACHE / "app", ignore_errors=True)
        install = ("install", "--no-deps", "--no-index", "--no-compile", "--target", CACHE / "app")
        subprocess.run([*pip, *install, wheel], check=True)


def _key(*ingredients: str) -> str:
    return hashlib.sha256("\0".join(ingredients).encode()).hexdigest()[:12]


def _mirror(suite: str) -> str:
    """The Debian mirror that this machine's apt uses, if it has the suite."""
    targets = subprocess.run(
        ["apt-get", "indextargets", "--format", "$(LABEL)|$(REPO_URI)", "Created-By: Packages"],
        capture_output=True,
        text=True,
        check=True,
    )
    labelled = [line.partition("|")[::2] for line in targets.stdout.splitlines()]
    mirrors = [uri for label, uri in labelled if label == "Debian"]
    if not mirrors:
        raise CannotRun("apt knows no Debian mirror; try apt-get update")
    # apt's own downloader, because it knows apt's proxies.
    fetch = ("timeout", "60", "/usr/lib/apt/apt-helper", "download-file")
    with tempfile.NamedTemporaryFile() as file:
        url = f"{mirrors[0]}dists/{suite}/InRelease"
        asked = subprocess.run([*fetch, url, file.name], capture_output=True)
    if asked.returncode:
        raise CannotRun(f"no answer from apt's mirror, or it has no Debian {suite}")
    return mirrors[0]
