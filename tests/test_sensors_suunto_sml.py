from pathlib import Path

import pytest

from sensors.recording import UnreadableRecording, read

GOOD = """<?xml version="1.0" encoding="utf-8"?>
<sml xmlns="http://www.suunto.com/schemas/sml">
 <DeviceLog><Samples/>
  <R-R>
   <Data>553 559
   551</Data>
  </R-R>
 </DeviceLog>
</sml>
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "a.sml"
    path.write_text(text)
    return path


def test_the_intervals_are_read_in_ms(tmp_path: Path) -> None:
    recording = read(written(tmp_path, GOOD))
    assert [frame.rr_ticks for frame in recording.frames] == [(553,), (559,), (551,)]
    assert (recording.ticks_per_s, recording.form) == (1000, "Suunto SML")


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        (GOOD.replace("559", "5a9"), 4, "'5a9' stands where a number belongs"),
        (GOOD[:150], 7, "damaged or cut off"),
        (GOOD.replace("553 559\n   551", ""), None, "without RR intervals"),
        (GOOD.replace("sml", "tcx"), None, "XML that is no SML"),
        (
            GOOD.replace("?>", '?><!DOCTYPE sml [<!ENTITY a "1000 1000"><!ENTITY b "&a;&a;">]>'),
            None,
            "document type",
        ),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, text: str, line: int | None, reason: str) -> None:
    with pytest.raises(UnreadableRecording) as refusal:
        read(written(tmp_path, text))
    assert refusal.value.line == line
    assert reason in refusal.value.reason
