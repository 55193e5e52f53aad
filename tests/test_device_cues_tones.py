"""What the melodies are, measured in the samples: falling, rising, level, and their rhythm."""

import io
import math
import wave
from array import array

import pytest

from device.cue import CueKind
from device.tones import FRAMES_PER_S, MELODIES, OVERTONES, Note, wav


def samples_of(notes: tuple[Note, ...], volume_pct: float = 80.0) -> list[int]:
    with wave.open(io.BytesIO(wav(notes, volume_pct))) as file:
        shape = (file.getnchannels(), file.getsampwidth(), file.getframerate())
        assert shape == (1, 2, FRAMES_PER_S)
        return list(array("h", file.readframes(file.getnframes())))


def power(samples: list[int], pitch_hz: float) -> float:
    """Amplitude of one frequency (a single bin of a Fourier transform)."""
    turn = math.tau * pitch_hz / FRAMES_PER_S
    real = sum(value * math.cos(turn * i) for i, value in enumerate(samples))
    imaginary = sum(value * math.sin(turn * i) for i, value in enumerate(samples))
    return math.hypot(real, imaginary) / len(samples) * 2


def sounds(notes: tuple[Note, ...]) -> list[list[int]]:
    """The samples of each note, found by its place in time."""
    samples, found, at = samples_of(notes), [], 0
    for note in notes:
        n = round(note.sound_s * FRAMES_PER_S)
        found.append(samples[at : at + n])
        at += n + round(note.rest_s * FRAMES_PER_S)
    assert at == len(samples)
    return found


def pitches_hz(kind: CueKind) -> list[float]:
    """The strongest pitch of each note, among all that occur in any melody."""
    known = sorted({note.pitch_hz for notes in MELODIES.values() for note in notes})
    return [max(known, key=lambda hz: power(sound, hz)) for sound in sounds(MELODIES[kind])]


@pytest.mark.parametrize("kind", ["over", "repeat"])
def test_too_much_is_a_melody_that_falls(kind: CueKind) -> None:
    heard = pitches_hz(kind)
    assert heard == sorted(set(heard), reverse=True)
    assert len(heard) > 1


def test_too_little_is_a_melody_that_rises() -> None:
    heard = pitches_hz("under")
    assert heard == sorted(set(heard))
    assert len(heard) > 1


@pytest.mark.parametrize("kind", ["signal_lost", "signal_back"])
def test_the_strap_is_a_melody_on_one_pitch(kind: CueKind) -> None:
    heard = pitches_hz(kind)
    assert len(heard) > 1
    assert len(set(heard)) == 1


def test_a_strap_lost_and_one_found_are_far_apart() -> None:
    assert pitches_hz("signal_back")[0] > 2 * pitches_hz("signal_lost")[0]


def test_walk_falls_as_over_does_but_in_more_and_shorter_notes() -> None:
    heard = pitches_hz("walk")
    one = heard[: len(heard) // 3]
    assert heard == one * 3
    assert one == sorted(set(one), reverse=True)
    longest_s = max(note.sound_s for note in MELODIES["walk"])
    assert longest_s < min(note.sound_s for note in MELODIES["over"]) / 2


def rhythm(kind: CueKind) -> tuple[float, ...]:
    return tuple(note.sound_s for note in MELODIES[kind])


def test_each_rhythm_is_its_own_for_a_light_has_no_pitch() -> None:
    kinds = [kind for kind in MELODIES if kind != "repeat"]
    assert len({rhythm(kind) for kind in kinds}) == len(kinds)


@pytest.mark.parametrize("kind", list(MELODIES))
def test_a_melody_is_over_soon(kind: CueKind) -> None:
    assert sum(note.sound_s + note.rest_s for note in MELODIES[kind]) < 2.0


@pytest.mark.parametrize("kind", list(MELODIES))
def test_a_note_begins_and_ends_in_silence_and_never_clips(kind: CueKind) -> None:
    for sound in sounds(MELODIES[kind]):
        assert sound[0] == sound[-1] == 0
        assert max(abs(value) for value in sound[:20]) < 3000  # 1 ms of 8 in which it swells
        assert 15000 < max(abs(value) for value in sound) < 32767


@pytest.mark.parametrize("volume_pct", [10.0, 50.0, 100.0])
def test_loudness_goes_with_the_volume(volume_pct: float) -> None:
    note = Note(1000.0, 0.2)
    full = power(samples_of((note,), 100.0), note.pitch_hz)
    assert power(samples_of((note,), volume_pct), note.pitch_hz) == pytest.approx(
        full * volume_pct / 100, rel=0.01
    )


def test_no_volume_is_silence() -> None:
    assert set(samples_of(MELODIES["walk"], 0.0)) == {0}


def test_overtones_are_there_and_no_more_than_meant() -> None:
    """At 100 % the shares of the overtones add up to full scale, so that nothing can clip."""
    note = Note(500.0, 1.0, 0.0)
    samples = samples_of((note,), 100.0)
    for multiple, share in OVERTONES:
        assert power(samples, multiple * note.pitch_hz) == pytest.approx(32767 * share, rel=0.02)
    assert sum(share for _, share in OVERTONES) == pytest.approx(1.0)
    assert power(samples, 1250.0) < 40
