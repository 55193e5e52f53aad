"""Short melodies: falling asks for less, rising for more, level ones are about the strap.

The rhythms differ as well as the pitches, so that a light or a buzzer without pitch can keep them
apart. All of it is our decision; no paper stands behind it.
"""

import io
import math
import wave
from array import array
from dataclasses import dataclass
from pathlib import Path

from device.cue import Cue, CueKind
from device.speaker import Speaker

FRAMES_PER_S = 22050
"""As the voice has it."""
OVERTONES = ((1, 0.7), (2, 0.2), (3, 0.1))
"""Multiple of the pitch and its share: a bare sine is hard to hear on a small loudspeaker."""
PLAY_LIMIT_S = 5.0
"""The longest melody takes a third of it; a player that hangs must not keep the rest waiting."""
RAMP_S = 0.008
"""Rise and fall of a note; without them it clicks."""


@dataclass(frozen=True, slots=True)
class Note:
    """A sound, and the silence after it."""

    pitch_hz: float
    sound_s: float
    rest_s: float = 0.06


G4, C5, E5, G5, C6, E6 = 392.0, 523.25, 659.26, 783.99, 1046.5, 1318.51
"""Equal temperament. Below, what such loudspeakers hardly give; above, what is hard to hear."""

_FALLING = (Note(G5, 0.26), Note(C5, 0.36))
MELODIES: dict[CueKind, tuple[Note, ...]] = {
    "over": _FALLING,
    "repeat": _FALLING,
    "walk": (Note(C6, 0.09), Note(G5, 0.09), Note(C5, 0.09, 0.12)) * 3,
    "under": (Note(C5, 0.11), Note(G5, 0.11), Note(C6, 0.34)),
    "back": (Note(E5, 0.18),),
    "signal_lost": (Note(G4, 0.18, 0.14),) * 3,
    "signal_back": (Note(E6, 0.1, 0.08),) * 2,
    "step": (Note(C6, 0.07, 0.07),) * 4,
    "start": (Note(G5, 0.5),),
    "stop": (Note(G5, 0.5, 0.15),) * 2,
}
"""What each kind sounds like; a summary is only spoken."""


def wav(notes: tuple[Note, ...], volume_pct: float) -> bytes:
    """Notes as a WAV file: mono, 16 bits; 100 % is the loudest that does not clip."""
    samples = array("h")
    for note in notes:
        samples.extend(_samples(note, volume_pct))
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(FRAMES_PER_S)
        file.writeframes(samples.tobytes())
    return out.getvalue()


def _samples(note: Note, volume_pct: float) -> "array[int]":
    n = round(note.sound_s * FRAMES_PER_S)
    ramp = RAMP_S * FRAMES_PER_S
    step = len(_ONE_TURN) * note.pitch_hz / FRAMES_PER_S
    loudest = 32767 * volume_pct / 100
    samples = array(
        "h",
        (round(loudest * min(1.0, i / ramp, (n - 1 - i) / ramp) * _at(i * step)) for i in range(n)),
    )
    samples.extend([0] * round(note.rest_s * FRAMES_PER_S))
    return samples


_ONE_TURN = tuple(
    sum(share * math.sin(math.tau * multiple * i / 2048) for multiple, share in OVERTONES)
    for i in range(2048)
)
"""Looked up: three sines a sample would keep a Pi Zero busy for seconds before a session."""


def _at(place: float) -> float:
    return _ONE_TURN[int(place) % len(_ONE_TURN)]


class Tones:
    """Melodies through the loudspeaker, rendered once into a folder."""

    name = "tones"

    def __init__(self, speaker: Speaker, folder: Path, *, volume_pct: float = 80.0) -> None:
        self._speaker = speaker
        self._folder = folder
        self._volume_pct = volume_pct

    def prepare(self) -> None:
        """Render every melody; takes processor time, so off the loop."""
        for kind, notes in MELODIES.items():
            self._path(kind).write_bytes(wav(notes, self._volume_pct))

    def has(self, cue: Cue) -> bool:
        """Whether there is a melody for it."""
        return cue.kind in MELODIES

    async def give(self, cue: Cue) -> str | None:
        """Play it; returns why not where that failed."""
        return await self._speaker.play(self._path(cue.kind), limit_s=PLAY_LIMIT_S)

    def how(self) -> str:
        """By what it is played."""
        return self._speaker.how()

    def _path(self, kind: CueKind) -> Path:
        return self._folder / f"{kind}.wav"
