"""Everything a Pi needs without a network, in one folder: `make bundle`.

    bundle.py [--machine aarch64] [--python 3.13] [--out dist] [--sign KEY]

Makes OUT/beatwise-VERSION/ with install.sh, the locked requirements and a wheel for each of them,
and the same as OUT/beatwise-VERSION.tar for a USB stick; with --sign also its signature.
"""

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import tomllib
import venv
from pathlib import Path

ROOT = Path(__file__).parent.parent
HERE = ROOT / "deploy"
MACHINES = ("aarch64", "x86_64")
PYTHONS = ("3.11", "3.13")
"""Those of bookworm and of trixie."""
GLIBCS = ("2014", "_2_17", "_2_24", "_2_26", "_2_27", "_2_28", "_2_31", "_2_34")
"""pip takes a platform tag literally: "manylinux_2_28" does not include the older ones."""
NAMESPACE = "beatwise-update"
"""What a signature is for: one made for something else is none."""
NOT_SHIPPED = (
    "bundle.py",
    "requirements_for.py",
    "requirements.in",
    "requirements-build.txt",
    "deb",
    "__pycache__",
)


def main() -> int:
    """Make the bundle; prints where it is."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--machine", action="append", choices=MACHINES)
    parser.add_argument("--python", action="append", choices=PYTHONS)
    parser.add_argument("--out", type=Path, default=ROOT / "dist")
    parser.add_argument("--sign", type=Path, metavar="KEY", help="a private key of ssh-keygen")
    options = parser.parse_args()
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    folder = options.out / f"beatwise-{version}"
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(HERE, folder, ignore=shutil.ignore_patterns(*NOT_SHIPPED))
    wheels = folder / "wheels"
    wheels.mkdir()
    with tempfile.TemporaryDirectory() as made:
        python = build_python(Path(made))
        own = build_wheel(python, wheels)
        for machine in options.machine or MACHINES:
            for minor in options.python or PYTHONS:
                fetch(python, machine, minor, wheels)
    pin = f"beatwise=={version} --hash=sha256:{digest(own)}\n"
    with (folder / "requirements.txt").open("a") as locked:
        locked.write(pin)
    (folder / "VERSION").write_text(version + "\n")
    archive = pack(folder)
    print(f"{folder}\n{archive} ({archive.stat().st_size >> 20} MB)")
    if options.sign is not None:
        print(sign(archive, options.sign))
    return 0


def build_python(folder: Path) -> Path:
    """A Python with pip and hatchling, by their hashes."""
    venv.create(folder, with_pip=True)
    python = folder / "bin" / "python"
    pip(python, "install", "--require-hashes", "-r", str(HERE / "requirements-build.txt"))
    return python


def build_wheel(python: Path, into: Path) -> Path:
    """Our own wheel; the same commit makes the same bytes."""
    stamp = subprocess.run(
        ("git", "log", "-1", "--format=%ct"), cwd=ROOT, capture_output=True, text=True, check=False
    ).stdout.strip()
    if stamp:
        os.environ.setdefault("SOURCE_DATE_EPOCH", stamp)
    pip(python, "wheel", "--no-deps", "--no-build-isolation", "-w", str(into), str(ROOT))
    return next(into.glob("beatwise-*.whl"))


def fetch(python: Path, machine: str, minor: str, into: Path) -> None:
    """Wheels for one kind of machine and Python, each checked against its hash."""
    lock = HERE / "requirements.txt"
    words = (python, HERE / "requirements_for.py", lock, machine, minor)
    marked = subprocess.run(words, stdout=subprocess.PIPE, text=True, check=True).stdout
    platforms = [f"--platform=manylinux{glibc}_{machine}" for glibc in GLIBCS]
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as chosen:
        chosen.write(marked)
        chosen.flush()
        pip(
            python,
            "download",
            "--no-deps",
            "--require-hashes",
            "--only-binary=:all:",
            "--implementation=cp",
            f"--python-version={minor}",
            *platforms,
            "-d",
            str(into),
            "-r",
            chosen.name,
        )


def digest(path: Path) -> str:
    """SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def pack(folder: Path) -> Path:
    """The folder as one archive; wheels are compressed already."""

    def plain(entry: tarfile.TarInfo) -> tarfile.TarInfo:
        entry.uid = entry.gid = 0
        entry.uname = entry.gname = "root"
        entry.mtime = int(os.environ.get("SOURCE_DATE_EPOCH", entry.mtime))
        return entry

    archive = folder.with_name(folder.name + ".tar")
    with tarfile.open(archive, "w") as tar:
        tar.add(folder, folder.name, filter=plain)
    return archive


def sign(archive: Path, key: Path) -> Path:
    """A signature beside the archive, as `ssh-keygen -Y verify` takes it."""
    signature = archive.with_name(archive.name + ".sig")
    signature.unlink(missing_ok=True)
    subprocess.run(
        ("ssh-keygen", "-q", "-Y", "sign", "-f", key, "-n", NAMESPACE, archive), check=True
    )
    return signature


def pip(python: Path, *words: str) -> None:
    """Run pip, quietly; its own words say what went wrong."""
    quiet = ("--quiet", "--disable-pip-version-check", "--no-input")
    subprocess.run((python, "-m", "pip", words[0], *quiet, *words[1:]), check=True)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except subprocess.CalledProcessError as error:
        sys.exit(f"bundle: {Path(error.cmd[0]).name} failed, as it says above")
