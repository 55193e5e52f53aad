"""``beatwise decode HEX``: one heart-rate frame, taken apart."""

import json

from device.errors import BeatwiseError
from sensors.events import MalformedFrame, decode


class BadFrame(BeatwiseError, ValueError):
    """A frame that cannot be decoded."""


def run(words: list[str]) -> None:
    """Print the frame as one JSON object; raises :class:`BadFrame` where it must be rejected."""
    text = "".join(words)
    digits = "".join(text.split()).removeprefix("0x").replace(":", "").replace("-", "")
    try:
        payload = bytes.fromhex(digits)
    except ValueError:
        raise BadFrame(f"decode {text}: not hexadecimal; say it like 16 3C 00 04") from None
    try:
        frame = decode(payload)
    except MalformedFrame as error:
        raise BadFrame(f"decode {text}: {error}") from error
    print(
        json.dumps(
            {
                "bpm": frame.bpm,
                "contact": frame.contact,
                "energy_kj": frame.energy_kj,
                "rr_ticks": list(frame.rr_ticks),
                "rr_ms": [ticks * 1000 / frame.ticks_per_s for ticks in frame.rr_ticks],
                "problems": list(frame.problems),
            }
        )
    )
