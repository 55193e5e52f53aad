"""From the shell: roster, PINs, backup, restore, export and erase; and what is typed wrong."""

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from furnished import ANNA, BEN, NOW, files_of, furnished, open_quickly
from live_process import command
from rich.cells import cell_len

from device import folder, roster, roster_file
from device.athlete import Athlete
from device.folder import Places
from device.history import open_history
from device.pins import ADMIN, Allowed, Pins
from device.store import Store
from ui.__main__ import main
from ui.terminal import TURN_BACK

PASSPHRASE = "correct horse battery"  # noqa: S105


@pytest.fixture(autouse=True)
def _quick(monkeypatch):
    monkeypatch.setattr("device.pins.LOG2_N", 2)
    open_quickly(monkeypatch)


class Piped(io.StringIO):
    """Standard input."""


@pytest.fixture
def places(tmp_path):
    return furnished(tmp_path / "data")


@pytest.fixture
def told(places, capsys, monkeypatch):
    """Runs a command with what is piped into it; gives its code and what it said."""

    def run(*words: str, piped: str = "") -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "stdin", Piped(piped))
        try:
            code = main(["--data", str(places.data), *words])
        except SystemExit as end:
            code = int(end.code or 0)
        return (code, *capsys.readouterr())

    return run


def test_the_roster_says_who_has_a_pin_and_that_the_admin_has_none(told):
    code, out, err = told("roster")
    lines = out.splitlines()
    assert (code, err) == (0, "")
    assert lines[1].split() == [*BEN.split(), "1985", "yes", "F0:00:00:00:00:00"]
    assert lines[2].startswith(ANNA)
    assert "No admin PIN yet" in lines[-1]
    assert told("roster", "list")[1] == out


def test_long_and_wide_names_stay_in_their_column(told, places):
    for name in ("Maximiliane von und zu Hohenlohe-Langenburg", "안녕하세요 " * 10):
        roster.save(places.data, Athlete(name.strip(), 1985))
    born = [
        cell_len(line.split("1985")[0]) for line in told("roster")[1].splitlines() if "1985" in line
    ]
    assert len(born) == 4
    assert len(set(born)) == 1
    assert "Maximiliane von und zu Hohenlohe-Langenburg " in told("roster")[1]


def test_a_roster_goes_out_and_comes_in_again(told, places, tmp_path):
    file = tmp_path / "gym.toml"
    code, out, _ = told("roster", "export", str(file))
    assert (code, out) == (0, f"{file}: 2 athletes; their PINs are not in it\n")
    assert {one.name for one in roster_file.read(file)} == {ANNA, BEN}
    assert roster_file.read(file) == roster.load_all(places.data).athletes
    for path in places.athletes.iterdir():
        path.unlink()
    code, out, _ = told("roster", "import", str(file))
    assert (code, out) == (0, f"{file}: 2 athletes added or updated\n")
    assert roster_file.read(file) == roster.load_all(places.data).athletes


@pytest.mark.parametrize(("words", "who"), [((ANNA,), ANNA), (("--admin",), ADMIN)])
def test_a_pin_is_set_from_a_pipe_and_shown_nowhere(told, places, words, who):
    code, out, err = told("roster", "pin", *words, piped="86420\n")
    assert (code, out, err) == (0, "the PIN is set\n", "")
    with Store.open(places.database, now=NOW) as store:
        assert Pins(store).check(who, "86420") == Allowed()


@pytest.mark.parametrize(
    ("words", "piped", "complaint"),
    [
        (("roster", "pin"), "2580\n", "whose? Say NAME, or --admin"),
        (("roster", "pin", "Ben", "--admin"), "2580\n", "whose? Say NAME, or --admin"),
        (("roster", "pin", "Dora"), "2580\n", "no athlete 'Dora'"),
        (("roster", "pin", BEN), "1234\n", "what anybody tries first"),
        (("roster", "pin", BEN), "", "nothing was said"),
        (("roster", "import", "/nowhere/gym.toml"), "", "there is no such file"),
        (("roster", "export", "/nowhere/gym.toml"), "", "cannot be written: No such file"),
        (("erase",), "", "whom? Say --athlete NAME"),
        (("erase", "--athlete", "Dora"), "", "nothing is kept of 'Dora'"),
        (("backup", "/nowhere/b.zip"), f"{PASSPHRASE}\n", "is the stick there?"),
        (("backup", "."), "short\n", "8 characters at least"),
        (("backup", "."), "", "Passphrase: nothing was said"),
        (("backup", ".", "--passphrase-file", "/nowhere"), "", "No such file"),
        (("restore", "/nowhere/b.zip"), f"{PASSPHRASE}\n", "there is no such file"),
        (("export", "--athlete", "Dora"), "", "no athlete 'Dora'"),
        (("export", "/nowhere/x.zip", "--athlete", BEN), "", "is the stick there?"),
    ],
)
def test_a_mistake_gets_one_clear_line_and_changes_nothing(
    told, places, tmp_path, monkeypatch, words, piped, complaint
):
    monkeypatch.chdir(tmp_path)
    before = files_of(places.data)
    code, out, err = told(*words, piped=piped)
    assert (code, out) == (2, "")
    assert complaint in err
    assert err.startswith("beatwise: ")
    assert err.count("\n") == 1
    after = files_of(places.data)
    for files in (before, after):
        for name in ("beatwise.lock", "backup.lock", "beatwise.db-wal"):
            files.pop(name, None)
    assert after == before


def test_erasing_says_what_it_did_and_what_it_cannot_reach(told, places):
    code, out, err = told("erase", "--athlete", ANNA)
    assert (code, err) == (0, "")
    assert f"erased {ANNA}: " in out
    assert "removed " in out
    assert "spare blocks" in out
    assert not any(ANNA.encode() in content for content in files_of(places.data).values())


def test_at_a_terminal_the_name_is_asked_for_once_more(told, places, monkeypatch):
    monkeypatch.setattr("builtins.input", lambda _: "Ben")
    monkeypatch.setattr(Piped, "isatty", lambda _: True)
    code, _, err = told("erase", "--athlete", ANNA)
    assert code == 2
    assert "another name; nothing was erased" in err
    assert {one.name for one in roster.load_all(places.data).athletes} == {ANNA, BEN}
    assert told("erase", "--athlete", ANNA, "--yes")[0] == 0
    monkeypatch.setattr("builtins.input", lambda _: BEN.upper())
    assert told("erase", "--athlete", BEN)[0] == 0
    assert roster.load_all(places.data).athletes == ()


def test_a_backup_is_made_and_restored(told, places, tmp_path):
    stick = tmp_path / "stick"
    stick.mkdir()
    key = tmp_path / "phrase"
    key.write_text(f"{PASSPHRASE}\nand nothing else\n")
    code, out, err = told("backup", str(stick), "--passphrase-file", str(key))
    assert (code, err) == (0, "")
    assert "athletes 2, sessions 4" in out
    (file,) = stick.iterdir()
    told("erase", "--athlete", BEN)
    file = file if file.exists() else None
    assert file is None, "a backup in reach goes with who was erased"
    told("backup", str(stick / "b.zip"), piped=f"{PASSPHRASE}\n")
    code, out, err = told("restore", str(stick / "b.zip"), piped="wrong passphrase\n")
    assert (code, out) == (2, "")
    assert "the passphrase is wrong" in err
    code, out, err = told("restore", str(stick / "b.zip"), piped=f"{PASSPHRASE}\n")
    assert (code, err) == (0, "")
    assert "athletes 1, sessions 2" in out
    assert "what was here before is in " in out
    with open_history(places.database) as history:
        assert {one.start.athlete for one in history.sessions()} == {ANNA}


def test_an_export_says_where_it_is(told, tmp_path):
    code, out, err = told("export", str(tmp_path), "--athlete", ANNA.upper())
    assert (code, err) == (0, "")
    assert "anna-quixotte-" in out
    assert "sessions 2, mornings 2" in out


HOSTILE = (
    "[red]Anna[/red] {0} %s",
    "'; DROP TABLE session; --",
    '"quoted" \\ back',
    "../../etc/passwd",
    "-rf --yes",
    "山田 عمر עדי",
    "=HYPERLINK(1)",
    "x" * 64,
)


@pytest.mark.parametrize("name", HOSTILE)
def test_whatever_somebody_is_called_they_are_kept_exported_and_erased(
    told, places, tmp_path, name
):
    with Store.open(places.database, now=NOW) as store:
        roster.save(places.data, Athlete(name))
        Pins(store).set_(name, "2580")
    code, out, _ = told("roster")
    assert code == 0
    assert name in out
    assert all(line.isprintable() for line in out.replace(TURN_BACK, "").splitlines())
    assert told("roster", "export", str(tmp_path / "gym.toml"))[0] == 0
    assert name in {one.name for one in roster_file.read(tmp_path / "gym.toml")}
    code, out, err = told("export", str(tmp_path), f"--athlete={name}")
    assert (code, err) == (0, "")
    code, out, err = told("erase", f"--athlete={name}")
    assert (code, err) == (0, "")
    assert {one.name for one in roster.load_all(places.data).athletes} == {ANNA, BEN}
    assert not any(name.encode() in content for content in files_of(places.data).values())
    assert {path.name for path in tmp_path.parent.glob("passwd*")} == set()


@pytest.mark.parametrize("name", ["\x1b[31mred\x1b[0m", "x" * 300, "\u202eannA", "a\nb", ""])
def test_what_is_no_name_is_told_in_one_harmless_line(told, name):
    for words in (("export", f"--athlete={name}"), ("erase", f"--athlete={name}")):
        code, out, err = told(*words)
        assert code == 2 or not name
        assert all(line.isprintable() for line in (out + err).split("\n"))
    code, out, err = told("roster", "pin", name, piped="2580\n")
    assert code == 2
    assert all(line.isprintable() for line in (out + err).split("\n"))


@pytest.mark.parametrize("kind", ["huge", "pipe", "binary", "folder", "device"])
def test_whatever_lies_on_a_stick_in_place_of_a_roster_is_told(told, tmp_path, kind):
    file = tmp_path / "gym.toml"
    match kind:
        case "huge":
            with file.open("wb") as out:
                out.truncate(1 << 40)
        case "pipe":
            os.mkfifo(file)
        case "binary":
            file.write_bytes(bytes(range(256)))
        case "folder":
            file.mkdir()
        case "device":
            file.symlink_to("/dev/zero")
    code, out, err = told("roster", "import", str(file))
    assert (code, out) == (2, "")
    assert err.count("\n") == 1


def test_a_restore_is_refused_while_beatwise_runs_and_a_backup_is_not(places, tmp_path):
    """As processes of their own, with the real passphrase and the real lock."""
    with folder.hold(places.data):
        made = _run(places, "backup", str(tmp_path / "b.zip"))
        refused = _run(places, "restore", str(tmp_path / "b.zip"))
    assert (made.returncode, made.stderr) == (0, "")
    assert refused.returncode == 2
    assert f"another Beatwise (pid {os.getpid()}) is using" in refused.stderr
    restored = _run(places, "restore", str(tmp_path / "b.zip"))
    assert (restored.returncode, restored.stderr) == (0, "")


def _run(places: Places, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command(*words, data=places.data),
        input=f"{PASSPHRASE}\n",
        capture_output=True,
        text=True,
        check=False,
    )


def test_what_the_export_and_the_list_of_sessions_call_things_is_the_same(told, tmp_path):
    told("export", str(tmp_path / "x.zip"), "--athlete", ANNA)
    _, out, _ = told("sessions", "--athlete", ANNA, "--json")
    from zipfile import ZipFile

    with ZipFile(tmp_path / "x.zip") as archive:
        header = archive.read("sessions.csv").decode().split("\n")[0]
    assert header.split(",") == list(json.loads(out.splitlines()[0]))
    assert Path(tmp_path / "x.zip").exists()
