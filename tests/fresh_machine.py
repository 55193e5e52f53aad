"""A Debian machine to install on: this one, seen through a layer that takes every change.

What runs there runs as root in a root of its own; below it, this machine stays as it is. There is
no systemd running in it, as in an image that is being made.
"""

import hashlib
import os
import subprocess
import sys
import zipfile
from pathlib import Path

ROOT = Path(__file__).parent.parent
QUIET = {
    "PATH": "/usr/sbin:/usr/bin:/sbin:/bin:/usr/local/sbin:/usr/local/bin",
    "LC_ALL": "C.UTF-8",
    "HOME": "/root",
}
"""No setting of this machine's pip may reach the installer."""
ENTER = """
set -e
mount -t overlay overlay -o "lowerdir=/,upperdir=$1/upper,workdir=$1/work" "$1/root"
mount --bind /dev "$1/root/dev"
mount -t proc proc "$1/root/proc"
mount -t tmpfs tmpfs "$1/root/run"
mount --bind "$2" "$1/root/mnt"
root=$1/root; shift 2
for folder in $BEATWISE_READ_ONLY; do
  mount --bind "$root$folder" "$root$folder"
  mount -o remount,ro,bind "$root$folder"
done
exec chroot "$root" "$@"
"""


class Machine:
    """A machine whose changes are kept in a folder: none yet, or those of another."""

    def __init__(self, folder: Path, stick: Path, like: "Machine | None" = None) -> None:
        self.folder, self.stick = folder, stick
        self.read_only: list[str] = []
        """Folders that nothing can be written into."""
        for name in ("work", "root") if like else ("work", "root", "upper"):
            (folder / name).mkdir(parents=True)
        if like is not None:
            subprocess.run(("cp", "-a", like.folder / "upper", folder / "upper"), check=True)

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run a program there; /mnt is the stick."""
        return subprocess.run(
            ("unshare", "--mount", "sh", "-c", ENTER, "sh", self.folder, self.stick, *words),
            env={**QUIET, "BEATWISE_READ_ONLY": " ".join(self.read_only)},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=300,
        )

    def sh(self, line: str) -> str:
        """What a shell prints there; an error of it is one here."""
        done = self.run("sh", "-ec", line)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def install(self, *options: str, bundle: str = "bundle") -> subprocess.CompletedProcess[str]:
        """Run a bundle's installer without a network."""
        there = f"/mnt/{bundle}"
        return self.run("bash", f"{there}/install.sh", "--offline", there, *options)

    def state(self, *folders: str) -> str:
        """Every path below some folders, with its mode, owner and content."""
        listed = " ".join(folders)
        return self.sh(
            f"find {listed} -printf '%M %u %p %l\\n' 2>/dev/null | sort;"
            f" find {listed} -type f \\! -name '*.pyc' -exec sha256sum {{}} + 2>/dev/null | sort"
        )


def cannot() -> str | None:
    """Why there can be no such machine here; None where there can."""
    if os.geteuid():
        return "only root can make a machine to install on"
    for package in ("python3", "bluez"):
        words = ("dpkg-query", "-W", "-f", "${db:Status-Status}", package)
        try:
            found = subprocess.run(words, capture_output=True, text=True).stdout
        except OSError:
            return "no Debian here"
        if found != "installed":
            return f"no Debian package {package} here"
    return None


def make_bundle(out: Path) -> Path:
    """The bundle for this machine and its Debian's Python; needs the package index."""
    said = subprocess.run(("/usr/bin/python3", "-V"), capture_output=True, text=True).stdout
    minor = ".".join(said.split()[1].split(".")[:2])
    words = ("--machine", os.uname().machine, "--python", minor, "--out", str(out))
    subprocess.run(
        (sys.executable, ROOT / "deploy/bundle.py", *words), check=True, capture_output=True
    )
    (folder,) = (path for path in out.iterdir() if path.is_dir())
    return folder.rename(out / "bundle")


def another(bundle: Path, name: str, version: str, changed: dict[str, str]) -> Path:
    """A bundle of another version, some of whose files say something else."""
    copy = bundle.with_name(name)
    subprocess.run(("cp", "-rl", bundle, copy), check=True)
    (wheel,) = (copy / "wheels").glob("beatwise-*.whl")
    before = hashlib.sha256(wheel.read_bytes()).hexdigest()
    with zipfile.ZipFile(wheel) as old:
        files = {entry.filename: old.read(entry) for entry in old.infolist()}
    wheel.unlink()
    with zipfile.ZipFile(wheel, "w") as new:
        for file, content in files.items():
            new.writestr(file, changed.get(file, content))
    after = hashlib.sha256(wheel.read_bytes()).hexdigest()
    lock = copy / "requirements.txt"
    locked = lock.read_text().replace(before, after)
    lock.unlink()
    lock.write_text(locked)
    (copy / "VERSION").unlink()
    (copy / "VERSION").write_text(version + "\n")
    return copy
