import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from device import folder
from device.errors import StoreError

ROOT = Path(__file__).resolve().parents[1]


def test_the_data_folder_is_the_one_asked_for_else_of_the_environment_else_of_xdg(
    tmp_path, monkeypatch
):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "xdg"))
    said = {"BEATWISE_DATA": str(tmp_path / "said")}
    assert folder.places(Path("here"), environ=said).data == Path.cwd() / "here"
    assert folder.places(environ=said).data == tmp_path / "said"
    assert folder.places(environ={"BEATWISE_DATA": ""}).data == tmp_path / "xdg" / "beatwise"
    assert folder.places(environ={}).data == tmp_path / "xdg" / "beatwise"


def test_a_tilde_is_the_home_folder(monkeypatch, tmp_path):
    monkeypatch.setenv("HOME", str(tmp_path))
    assert folder.places(environ={"BEATWISE_DATA": "~/beats"}).data == tmp_path / "beats"


def test_everything_lives_in_the_data_folder(tmp_path):
    places = folder.places(tmp_path)
    inside = [places.config, places.athletes, places.database, places.lock]
    assert [path.name for path in inside] == [
        "config.toml",
        "athletes",
        "beatwise.db",
        "beatwise.lock",
    ]
    assert {path.parent for path in inside} == {tmp_path}


def test_a_new_data_folder_is_readable_by_its_owner_alone(tmp_path):
    folder.make(tmp_path / "a" / "b")
    assert stat.S_IMODE((tmp_path / "a" / "b").stat().st_mode) == 0o700
    folder.make(tmp_path / "a" / "b")


def test_a_data_folder_that_cannot_be_made_is_told_in_one_line(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match=r"file: a file is in its place; say another with --data"):
        folder.make(tmp_path / "file")
    with pytest.raises(StoreError, match=r"cannot make the data folder .*: Not a directory"):
        folder.make(tmp_path / "file" / "deeper")
    with pytest.raises(StoreError, match="cannot make the data folder /proc/beats: "):
        folder.make(Path("/proc/beats"))


HOLD = """
import sys
from pathlib import Path
from device import folder
with folder.hold(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_a_second_program_is_told_who_holds_the_folder_and_gets_it_when_that_one_is_killed(
    tmp_path,
):
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, tmp_path],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as holder:
        assert holder.stdout.readline() == b"held\n"
        with (
            pytest.raises(StoreError) as raised,
            folder.hold(tmp_path),
        ):
            pytest.fail("held twice")
        assert (
            str(raised.value)
            == f"another Beatwise (pid {holder.pid}) is using {tmp_path}: end it first"
        )
        holder.kill()
        holder.wait()
        with folder.hold(tmp_path):
            assert (tmp_path / "beatwise.lock").read_text() == f"{os.getpid()}\n"


def test_two_folders_can_be_held_at_once_and_one_again_and_again(tmp_path):
    (tmp_path / "other").mkdir()
    with folder.hold(tmp_path), folder.hold(tmp_path / "other"):
        pass
    with folder.hold(tmp_path):
        pass


def test_the_same_program_cannot_hold_a_folder_twice(tmp_path):
    with (
        folder.hold(tmp_path),
        pytest.raises(StoreError, match="another Beatwise"),
        folder.hold(tmp_path),
    ):
        pytest.fail("held twice")


def test_the_lock_goes_when_the_holder_fails(tmp_path):
    with pytest.raises(KeyError), folder.hold(tmp_path):
        raise KeyError
    with folder.hold(tmp_path):
        pass


def test_nonsense_in_the_lock_is_not_shown(tmp_path):
    (tmp_path / "beatwise.lock").write_bytes(b"\x1b[2J\xff" * 10)
    with (tmp_path / "beatwise.lock").open("rb") as lock:
        assert folder._holder(lock.fileno()) == ""


def test_a_folder_nobody_can_write_needs_no_lock():
    with folder.hold(Path("/sys")):
        pass


def test_a_missing_folder_is_told(tmp_path):
    with (
        pytest.raises(StoreError, match=r"cannot use the lock .*No such file"),
        folder.hold(tmp_path / "nowhere"),
    ):
        pytest.fail("held a folder that is not there")


def test_a_folder_in_the_place_of_the_lock_is_a_lock_as_well(tmp_path):
    (tmp_path / "beatwise.lock").mkdir()
    with (
        folder.hold(tmp_path),
        pytest.raises(StoreError, match="another Beatwise is using"),
        folder.hold(tmp_path),
    ):
        pytest.fail("held twice")
