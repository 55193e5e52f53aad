"""The commands that answer at once: decode, analyse, where, doctor, scan; and wrong ones."""

import json
import math
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from device.folder import Places
from sensors.radio import AdapterState
from ui.__main__ import main
from ui.doctor import bluetooth, examine


def told(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    """Exit code, standard output, standard error."""
    try:
        code = main(list(words))
    except SystemExit as end:
        code = int(end.code or 0)
    out, err = capsys.readouterr()
    return code, out, err


@pytest.mark.parametrize("words", [["163C0004"], ["16", "3C", "00", "04"], ["0x16:3c-00 04"]])
def test_decode_takes_a_frame_apart_however_it_is_written(
    capsys: pytest.CaptureFixture[str], words: list[str]
) -> None:
    code, out, _ = told(capsys, "decode", *words)
    assert code == 0
    assert json.loads(out) == {
        "bpm": 60,
        "contact": True,
        "energy_kj": None,
        "rr_ticks": [1024],
        "rr_ms": [1000.0],
        "problems": [],
    }


@pytest.mark.parametrize(
    ("frame", "bpm", "contact", "energy_kj", "rr_ms"),
    [
        ("0448", 72, False, None, []),
        ("1848102755 03", 72, None, 10000, [833.0078125]),
        ("10 48 55 03 60", 72, None, None, [833.0078125]),
        ("10 48 FF FF", 72, None, None, []),
    ],
)
def test_decode_prints_what_is_known_and_null_for_what_is_not(
    capsys: pytest.CaptureFixture[str],
    frame: str,
    bpm: int,
    contact: bool | None,
    energy_kj: int | None,
    rr_ms: list[float],
) -> None:
    _, out, _ = told(capsys, "decode", frame)
    decoded = json.loads(out)
    assert (decoded["bpm"], decoded["contact"]) == (bpm, contact)
    assert (decoded["energy_kj"], decoded["rr_ms"]) == (energy_kj, rr_ms)
    assert bool(decoded["problems"]) == ("FF FF" in frame or "60" in frame)


@pytest.mark.parametrize(
    "words",
    [
        ("decode", "16"),
        ("decode", ""),
        ("decode",),
        ("decode", "xyz"),
        ("decode", "08 48 10"),
        ("analyse", "/no/such/file"),
        ("analyse",),
        ("frob",),
        ("live", "--source", "sim", "--athlete", "Nobody"),
        ("--source", "frob"),
        ("scan", "--for", "never"),
        ("where", "--data", ""),
    ],
)
def test_a_mistake_gets_one_clear_line_and_exit_code_2(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, words: tuple[str, ...]
) -> None:
    code, out, err = told(capsys, "--data", str(tmp_path), *words)
    assert code == 2
    assert out == ""
    assert err.startswith("beatwise: ")
    assert err.count("\n") == 1


@pytest.mark.parametrize(
    "words",
    [
        ("decode", "\x1b[31m"),
        ("--\x1b[31m",),
        ("live", "--source", "\x1b]0;x\x07"),
        ("analyse", "\x1b[2J\u202e"),
        ("analyse", "\x1b[2J\u202e.txt"),  # it exists
    ],
)
def test_what_is_typed_cannot_steer_the_terminal(
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    words: tuple[str, ...],
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("\x1b[2J\u202e.txt").write_text("rr_ms\n812\n790\n")
    _, out, err = told(capsys, "--data", ".", *words)
    assert all(line.isprintable() for line in (out + err).split("\n"))
    assert out + err


@pytest.mark.parametrize("words", ["where", "decode 0048", "doctor", "analyse RR"])
@pytest.mark.parametrize(
    ("redirected", "code", "said"),
    [
        (">/dev/full", 2, "beatwise: No space left on device: the output\n"),
        (">&-", 0, ""),
        ("2>&- >/dev/full", 2, ""),
        ("| exit 0", 0, ""),
    ],
)
def test_an_output_that_cannot_be_written_is_no_crash(
    tmp_path: Path, words: str, redirected: str, code: int, said: str
) -> None:
    (tmp_path / "RR").write_text("rr_ms\n" + "812\n790\n" * 20)
    main_of = "import sys, time; from ui.__main__ import main; time.sleep(0.1); sys.exit(main())"
    line = f'"$0" -c "$1" --data . {words} {redirected}'
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", line, sys.executable, main_of],
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    told = done.stderr
    assert "Traceback" not in told
    if words != "doctor":  # which has a code of its own
        assert (done.returncode, told) == (code, said)


def test_analyse_agrees_with_kubios_on_its_own_example(
    capsys: pytest.CaptureFixture[str], shared_data: Path
) -> None:
    file = str(shared_data / "rest" / "systole_rr.txt")
    code, out, _ = told(capsys, "analyse", file, "--unit", "ms", "--json")
    assert code == 0
    analysis = json.loads(out)
    # EXPECTED.json: Kubios 2.2 as quoted in systole's tests. It left nothing out, we two of 245.
    assert analysis["mean_rr_ms"] == pytest.approx(883.24, abs=2)
    assert analysis["rmssd_ms"] == pytest.approx(45.545, abs=1)
    assert analysis["sdnn_ms"] == pytest.approx(84.691, abs=1)
    assert (analysis["n_beats"], analysis["quality"]) == (245, "good")
    assert analysis["artefact_pct"] < 1


def test_analyse_shows_a_table_and_a_picture(
    capsys: pytest.CaptureFixture[str], shared_data: Path
) -> None:
    code, out, _ = told(capsys, "analyse", str(shared_data / "fit" / "fenix3_hrv_noisy.fit"))
    assert code == 0
    assert "mean heart rate" in out
    assert "ectopic" in out
    assert "left out" in out
    assert max(map(len, out.splitlines())) <= 100


def test_analyse_reads_what_a_person_typed(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file = tmp_path / "worked.csv"
    # The ten intervals of SCIENCE.md section 3.
    file.write_text("rr_ms\n" + "812\n830\n795\n841\n820\n861\n799\n815\n834\n802\n")
    _, out, _ = told(capsys, "analyse", str(file), "--json")
    analysis = json.loads(out)
    assert analysis["rmssd_ms"] == pytest.approx(35.389892, abs=1e-6)
    assert analysis["ln_rmssd"] == pytest.approx(3.566426, abs=1e-6)
    assert analysis["sd1_ms"] == pytest.approx(26.529334, abs=1e-6)
    assert analysis["dfa_alpha1"] is None


@pytest.mark.parametrize(
    ("rr_ms", "quality", "reason"),
    [
        ([800, 810] * 100, "good", "at most 5 %"),
        ([800, 810] * 10, "refuse", "too short: 19 pairs"),
        ([800], "refuse", "too short: 0 pairs"),
        ([800] * 300, "refuse", "smooths"),
    ],
)
def test_analyse_says_how_far_the_variability_may_be_trusted(
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    rr_ms: list[int],
    quality: str,
    reason: str,
) -> None:
    file = tmp_path / "rr.csv"
    file.write_text("rr_ms\n" + "\n".join(map(str, rr_ms)))
    _, out, _ = told(capsys, "analyse", str(file), "--json")
    analysis = json.loads(out)
    assert analysis["quality"] == quality
    assert reason in analysis["quality_reason"]


def test_analyse_adds_the_spectrum_where_it_is_asked_for(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file = tmp_path / "breathing.csv"
    # The vector of SCIENCE.md section 3: 15 breaths a minute.
    rr_ms, t_s = [], 0.0
    while t_s < 300.5:
        rr = 900 + 30 * math.sin(2 * math.pi * 0.1 * t_s) + 20 * math.sin(2 * math.pi * 0.25 * t_s)
        rr_ms.append(rr)
        t_s += rr / 1000
    file.write_text("rr_ms\n" + "\n".join(f"{rr:.6f}" for rr in rr_ms))
    _, out, _ = told(capsys, "analyse", str(file), "--json", "--spectrum")
    analysis = json.loads(out)
    assert analysis["lf_ms2"] == pytest.approx(443.927, rel=0.01)
    assert analysis["hf_ms2"] == pytest.approx(196.508, rel=0.01)
    assert analysis["respiration_per_min"] == pytest.approx(15.0, abs=0.1)
    short = tmp_path / "short.csv"
    short.write_text("rr_ms\n" + "800\n810\n" * 50)
    _, out, _ = told(capsys, "analyse", str(short), "--spectrum")
    assert "no spectrum" in out


def test_where_names_every_place(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    code, out, _ = told(capsys, "where", "--data", str(tmp_path))
    assert code == 0
    places = dict(line.split(maxsplit=1) for line in out.splitlines())
    assert places == {
        "data": str(tmp_path),
        "athletes": str(tmp_path / "athletes"),
        "settings": str(tmp_path / "config.toml"),
        "beats": str(tmp_path / "beatwise.db"),
    }


@pytest.mark.parametrize(
    ("state", "verdict", "cure"),
    [
        ("ready", "ok", ""),
        ("off", "missing", "bluetoothctl power on"),
        ("none", "missing", "--source sim"),
        ("no service", "missing", "apt install bluez"),
    ],
)
def test_the_doctor_names_a_cure_for_each_state_of_the_adapter(
    state: str, verdict: str, cure: str
) -> None:
    finding = bluetooth(AdapterState(state, "words"))  # type: ignore[arg-type]
    assert finding.verdict(None) == verdict
    assert cure in (finding.cure or "")


def test_the_doctor_finds_mistakes_in_settings_and_athletes(tmp_path: Path) -> None:
    (tmp_path / "athletes").mkdir()
    (tmp_path / "athletes" / "anna.toml").write_text('name = "Anna"\nresting_bpm = 300\n')
    findings = {
        finding.what: finding
        for finding in examine(Places(tmp_path), now=datetime(2026, 3, 1, 6, tzinfo=UTC))
    }
    assert findings["settings"].verdict(None) == "missing"
    assert "anna.toml:2" in findings["settings"].words
    assert findings["folder"].well
    assert findings["database"].well


def test_help_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = told(capsys, "--help")
    assert code == 0
    for command in ("live", "scan", "decode", "doctor", "where", "analyse"):
        assert command in out
