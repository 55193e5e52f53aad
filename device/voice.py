"""A voice: espeak-ng turns words into a WAV file, and the loudspeaker plays it."""

import shutil
from itertools import count
from pathlib import Path

from device import program
from device.cue import Cue, spoken
from device.speaker import Speaker

RENDER_LIMIT_S = 5.0
WORDS_PER_MIN = 160


class Voice:
    """Says a cue in words.

    espeak-ng could play by itself, but then the sound card would have to be told twice, and a
    melody and a sentence could sound at once.
    """

    name = "voice"

    def __init__(
        self,
        speaker: Speaker,
        folder: Path,
        *,
        volume_pct: float = 80.0,
        limit_s: float = RENDER_LIMIT_S,
    ) -> None:
        self._speaker = speaker
        self._folder = folder
        self._amplitude = round(volume_pct)
        self._limit_s = limit_s
        self._program = shutil.which("espeak-ng")
        self._missing = "no espeak-ng here (sudo apt install espeak-ng)"
        self._numbers = count(1)

    def has(self, cue: Cue) -> bool:
        """Whether there are words for it."""
        return spoken(cue) is not None

    def how(self) -> str:
        """By what it speaks, or why it cannot."""
        if self._program is None:
            return self._missing
        return f"espeak-ng, {self._speaker.how()}"

    async def give(self, cue: Cue) -> str | None:
        """Say it; returns why not where that failed."""
        text = spoken(cue)
        if self._program is None or text is None:
            return self._missing
        if (trouble := self._speaker.given_up) is not None:
            return trouble
        wav = self._folder / f"voice-{next(self._numbers)}.wav"
        settings = ("-z", "-v", "en", "-s", str(WORDS_PER_MIN), "-a", str(self._amplitude))
        # Words may begin with a hyphen, and are words all the same.
        words = (self._program, *settings, "-w", str(wav), "--", text)
        try:
            failed = await program.run(words, limit_s=self._limit_s)
            if failed is not None:
                if failed.hung:
                    self._program, self._missing = None, "espeak-ng hung"
                return f"espeak-ng: {failed.reason}"
            return await self._speaker.play(wav)
        finally:
            wav.unlink(missing_ok=True)
