"""Players and voices as other programs: fakes in a PATH of their own, some of them broken."""

import asyncio
import os
import wave
from pathlib import Path

import pytest

from device import program
from device.config import Cueing
from device.cue import Cue
from device.cues import Cues, Given, open_cues
from device.program import Failed
from device.speaker import Speaker
from device.tones import Tones
from device.voice import Voice

HANGS = "echo $$ > {at}/pid; exec /bin/sleep 600"
FAILS = "echo 'aplay: main:831: audio open error: No such file or directory' >&2; exit 1"
NO_CARD = "aplay: audio open error: No such file or directory"
PLAYS = 'for word in "$@"; do wav="$word"; done; /bin/cp "$wav" {at}/played; echo "$@" >> {at}/log'
SPEAKS = (
    'while [ "$1" != -w ]; do shift; done; wav="$2"; shift 3; '
    'echo "$*" > {at}/words; echo RIFF > "$wav"'
)


class Machine:
    """A folder that is all of the PATH."""

    def __init__(self, at: Path) -> None:
        self.at = at
        (at / "bin").mkdir()

    def has(self, name: str, does: str) -> None:
        path = self.at / "bin" / name
        path.write_text("#!/bin/sh\n" + does.replace("{at}", str(self.at)) + "\n")
        path.chmod(0o755)

    def read(self, name: str) -> str:
        path = self.at / name
        return path.read_text(errors="replace") if path.exists() else ""


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    made = Machine(tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    return made


@pytest.fixture
def sound(tmp_path: Path) -> Path:
    path = tmp_path / "over.wav"
    path.write_bytes(b"RIFF")
    return path


def is_running(pid: int) -> bool:
    """False also for one that died and waits to be buried."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state not in "ZX"


def open_files() -> int:
    return sum(1 for _ in Path("/proc/self/fd").iterdir())


async def begun(machine: Machine) -> int:
    """Wait for a program that hangs; its process number."""
    for _ in range(3000):
        if machine.read("pid").endswith("\n"):
            break
        await asyncio.sleep(0.01)
    return int(machine.read("pid"))


async def gone(pid: int) -> bool:
    """Killing takes effect soon, not at once."""
    for _ in range(500):
        if not is_running(pid):
            return True
        await asyncio.sleep(0.01)
    return False


def test_a_sound_is_played_by_aplay(machine: Machine, sound: Path) -> None:
    machine.has("aplay", PLAYS)
    machine.has("pw-play", FAILS)
    assert asyncio.run(Speaker().play(sound)) is None
    assert machine.read("played") == "RIFF"
    assert machine.read("log") == f"-q {sound}\n"


def test_a_card_that_is_named_is_passed_to_aplay_and_to_nobody_else(
    machine: Machine, sound: Path
) -> None:
    machine.has("pw-play", PLAYS)
    trouble = asyncio.run(Speaker("plughw:1,0").play(sound))
    assert trouble == "no aplay here (sudo apt install alsa-utils)"
    machine.has("aplay", PLAYS)
    assert asyncio.run(Speaker("plughw:1,0").play(sound)) is None
    assert machine.read("log") == f"-q -D plughw:1,0 {sound}\n"


def test_without_a_player_the_cure_is_named(machine: Machine, sound: Path) -> None:
    trouble = asyncio.run(Speaker().play(sound))
    assert trouble == "no aplay or pw-play here (sudo apt install alsa-utils)"


def test_where_one_player_fails_the_next_plays_and_is_first_from_then_on(
    machine: Machine, sound: Path
) -> None:
    machine.has("aplay", FAILS)
    machine.has("pw-play", PLAYS)
    speaker = Speaker()
    assert speaker.how() == "aplay"
    assert asyncio.run(speaker.play(sound)) is None
    assert speaker.how() == "pw-play"
    assert machine.read("played") == "RIFF"


def test_a_player_that_fails_says_why_and_is_asked_again(machine: Machine, sound: Path) -> None:
    machine.has("aplay", FAILS)
    speaker = Speaker()
    assert asyncio.run(speaker.play(sound)) == NO_CARD
    machine.has("aplay", PLAYS)
    assert asyncio.run(speaker.play(sound)) is None


def test_a_player_that_hangs_is_killed_and_not_asked_again(machine: Machine, sound: Path) -> None:
    machine.has("aplay", HANGS)

    async def session() -> tuple[str | None, str | None, bool]:
        speaker = Speaker(limit_s=1.0)
        first = await speaker.play(sound)
        dead = await gone(int(machine.read("pid")))
        return first, await speaker.play(sound), dead

    first, second, dead = asyncio.run(session())
    assert first == "aplay: did not end within 1 s"
    assert second == "what could play it hangs"
    assert dead


def test_what_a_hanging_program_started_dies_with_it(machine: Machine) -> None:
    machine.has("aplay", "/bin/sleep 600 & echo $! > {at}/pid; exit 0")

    async def session() -> tuple[Failed | None, bool]:
        failed = await program.run([str(machine.at / "bin/aplay")], limit_s=1.0)
        return failed, await gone(int(machine.read("pid")))

    failed, dead = asyncio.run(session())
    assert failed is not None
    assert failed.hung
    assert dead


def test_a_program_dies_with_the_session_that_wanted_it(machine: Machine, sound: Path) -> None:
    machine.has("aplay", HANGS)

    async def session() -> bool:
        playing = asyncio.create_task(Speaker().play(sound))
        await begun(machine)
        playing.cancel()
        await asyncio.wait({playing})
        return await gone(int(machine.read("pid")))

    assert asyncio.run(session())


def test_a_program_that_complains_without_end_is_ended(machine: Machine) -> None:
    machine.has("aplay", "while :; do echo complaint; done >&2")
    failed = asyncio.run(program.run([str(machine.at / "bin/aplay")], limit_s=1.0))
    assert failed == Failed("did not end within 1 s", hung=True)


@pytest.mark.parametrize(
    ("does", "reason"),
    [
        ("exit 3", "ended with code 3"),
        ("echo one >&2; echo two >&2; exit 1", "two"),
        (r"printf '\033[2Jred\007' >&2; exit 1", "[2Jred"),
        (r"printf '\377\376' >&2; exit 1", "\ufffd\ufffd"),
        ("kill -9 $$", "ended with code -9"),
    ],
)
def test_a_failure_is_one_plain_line(machine: Machine, does: str, reason: str) -> None:
    machine.has("aplay", does)
    failed = asyncio.run(program.run([str(machine.at / "bin/aplay")], limit_s=20.0))
    assert failed == Failed(reason)


def test_a_program_that_cannot_be_started_is_a_failure(machine: Machine) -> None:
    (machine.at / "bin" / "aplay").write_text("")
    failed = asyncio.run(program.run([str(machine.at / "bin/aplay")], limit_s=20.0))
    assert failed == Failed("Permission denied")


def test_the_voice_renders_words_and_the_speaker_plays_them(machine: Machine) -> None:
    machine.has("espeak-ng", SPEAKS)
    machine.has("aplay", PLAYS)
    voice = Voice(Speaker(), machine.at, volume_pct=50)
    assert voice.how() == "espeak-ng, aplay"
    assert asyncio.run(voice.give(Cue("over", 148.3))) is None
    assert machine.read("words") == "ease off, 148\n"
    assert machine.read("played") == "RIFF\n"
    assert not list(machine.at.glob("voice-*"))


def test_words_that_look_like_an_option_are_words(machine: Machine) -> None:
    machine.has("espeak-ng", 'echo "$@" > {at}/words')
    machine.has("aplay", PLAYS)
    asyncio.run(Voice(Speaker(), machine.at).give(Cue("step", text="--path=/etc")))
    assert machine.read("words").endswith(" -- --path=/etc\n")


def test_a_machine_without_a_voice_says_what_to_install(machine: Machine) -> None:
    trouble = asyncio.run(Voice(Speaker(), machine.at).give(Cue("back")))
    assert trouble == "no espeak-ng here (sudo apt install espeak-ng)"


def test_a_voice_that_hangs_is_killed_and_not_asked_again(machine: Machine) -> None:
    machine.has("espeak-ng", HANGS)
    machine.has("aplay", PLAYS)

    async def session() -> tuple[str | None, str | None, bool]:
        voice = Voice(Speaker(), machine.at, limit_s=1.0)
        first = await voice.give(Cue("back"))
        dead = await gone(int(machine.read("pid")))
        return first, await voice.give(Cue("back")), dead

    assert asyncio.run(session()) == (
        "espeak-ng: did not end within 1 s",
        "espeak-ng hung",
        True,
    )


def test_nothing_is_rendered_where_nothing_can_play_it(machine: Machine) -> None:
    machine.has("espeak-ng", SPEAKS)
    trouble = asyncio.run(Voice(Speaker(), machine.at).give(Cue("back")))
    assert trouble == "no aplay or pw-play here (sudo apt install alsa-utils)"
    assert machine.read("words") == ""


def test_many_cues_leave_no_file_open_no_task_and_no_file_behind(machine: Machine) -> None:
    machine.has("espeak-ng", SPEAKS)
    machine.has("aplay", FAILS)
    machine.has("pw-play", PLAYS)

    async def session() -> tuple[int, int, list[Path]]:
        tones = Tones(Speaker(), machine.at)
        tones.prepare()
        voice = Voice(Speaker(), machine.at)
        cues = Cues([tones, voice], tell=print)
        await cues.give(Cue("over"))
        before = open_files()
        for _ in range(10):
            await cues.give(Cue("over"))
        for _ in range(500):  # the loop closes a pipe soon after its program ended
            if open_files() <= before:
                break
            await asyncio.sleep(0.01)
        more = max(0, open_files() - before)
        return more, len(asyncio.all_tasks()), list(machine.at.glob("voice-*"))

    assert asyncio.run(session()) == (0, 1, [])


def test_a_voice_that_fails_says_why(machine: Machine) -> None:
    machine.has("espeak-ng", "echo 'no data here' >&2; exit 1")
    machine.has("aplay", PLAYS)
    trouble = asyncio.run(Voice(Speaker(), machine.at).give(Cue("back")))
    assert trouble == "espeak-ng: no data here"


def test_the_melody_sounds_before_the_words(machine: Machine) -> None:
    machine.has("espeak-ng", SPEAKS)
    machine.has("aplay", 'echo "$2" >> {at}/log')

    async def session() -> list[Given]:
        async with open_cues(Cueing(bell=False), tell=print) as cues:
            return await cues.give(Cue("over", 148.0))

    assert asyncio.run(session()) == [Given("tones", None), Given("voice", None)]
    played = [Path(line).name for line in machine.read("log").splitlines()]
    assert played == ["over.wav", "voice-1.wav"]


def test_a_hanging_player_holds_up_nothing_but_itself(machine: Machine) -> None:
    """A beat a turn of the loop: all of them are measured while the player still hangs."""
    machine.has("aplay", HANGS)

    async def session() -> tuple[int, bool]:
        async with asyncio.timeout(60):
            tones = Tones(Speaker(), machine.at)
            tones.prepare()
            cues = Cues([tones], tell=print)
            telling = asyncio.create_task(cues.run())
            cues.say(Cue("over"))
            await begun(machine)
            measured = 0
            for _ in range(1000):
                cues.say(Cue("repeat"))
                await asyncio.sleep(0)
                measured += 1
            hangs = is_running(int(machine.read("pid")))
            telling.cancel()
            await asyncio.wait({telling})
            return measured, hangs

    assert asyncio.run(session()) == (1000, True)


def test_what_sounds_are_kept_in_goes_with_the_session(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine.has("aplay", PLAYS)
    folders = machine.at / "tmp"
    folders.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(folders))

    async def session() -> list[str]:
        async with open_cues(Cueing(voice=False), tell=print) as cues:
            cues.say(Cue("stop"))
            return [path.name for path in folders.rglob("*.wav")]

    assert "over.wav" in asyncio.run(session())
    with wave.open(os.fspath(machine.at / "played")) as played:
        assert (played.getnchannels(), played.getsampwidth()) == (1, 2)
    assert not list(folders.iterdir())
