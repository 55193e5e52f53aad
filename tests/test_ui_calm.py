"""``[readiness] calm``: one setting, and every screen and command judges by it."""

import argparse
import json
from datetime import date, timedelta
from math import exp, log

import pytest

from device import roster
from device.athlete import Athlete
from device.morning_history import keep_all
from device.morning_protocol import METHOD_VERSION, protocol
from device.morning_record import Answers, StoredMorning
from device.morning_words import Day
from device.station import open_station
from ui.__main__ import main
from ui.morning_wiring import MorningWiring
from ui.wiring import Wiring, local_now

TODAY = date(2026, 3, 31)
MEAN = log(60.0)
USUAL, CALM = (exp(MEAN - 0.1), exp(MEAN + 0.1)), (exp(MEAN - 0.15), exp(MEAN + 0.15))
"""Days that hardly differ have a spread of 0.10, the floor of an established baseline."""


def morning(day: date, rmssd_ms: float) -> StoredMorning:
    return StoredMorning(
        athlete="Anna",
        day=day,
        protocol=protocol().key("chest"),
        protocol_name="standard",
        posture="seated",
        method_version=METHOD_VERSION,
        outcome="accepted",
        rmssd_ms=rmssd_ms,
        hr_bpm=52.0,
    )


EARLIER = [
    morning(TODAY - timedelta(days=28 - i), exp(MEAN + (-0.02, 0.02)[i % 2])) for i in range(28)
]
LOW = morning(TODAY, exp(MEAN - 0.12))
"""Between the two bands."""

BOTH = pytest.mark.parametrize(
    ("text", "band_ms"), [("", USUAL), ("[readiness]\ncalm = true\n", CALM)]
)


def written(data, text, *mornings):
    (data / "config.toml").write_text(text)
    roster.save(data, Athlete("Anna", vt1_bpm=148.0))
    with open_station(data, now=local_now()) as station:
        keep_all(station.store, mornings)
    return data


def wiring(station):
    taken = local_now().replace(year=2026, month=3, day=31, hour=6, minute=30)
    options = argparse.Namespace(athlete="Anna", source="sim:3@max", unit="ms")
    return MorningWiring(Wiring.of(station, options), said=Day(TODAY, taken))


@BOTH
def test_the_commands_judge_by_it(tmp_path, capsys, text, band_ms):
    data = written(tmp_path, text, *EARLIER, LOW)
    whose = ("--data", str(data), "--athlete", "Anna")
    assert main(["readiness", *whose, "--date", str(TODAY), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert main(["history", *whose, "--json"]) == 0
    past = json.loads(capsys.readouterr().out.splitlines()[-1])
    for one in (told, past):
        assert one["day_band_ms"] == pytest.approx(band_ms)
        assert one["verdict"] == ("GREEN" if band_ms is CALM else "AMBER")


@BOTH
def test_a_morning_without_a_screen_judges_by_it(tmp_path, capsys, text, band_ms):
    data = written(tmp_path, text, *EARLIER)
    more = ("--athlete", "Anna", "--source", "sim:3@max", "--date", str(TODAY))
    assert main(["morning", "--headless", "--data", str(data), *more]) == 0
    summary = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert summary["day_band_ms"] == pytest.approx(band_ms)


@BOTH
async def test_the_screens_judge_by_it(tmp_path, text, band_ms):
    with open_station(written(tmp_path, text, *EARLIER), now=local_now()) as station:
        told = wiring(station)
        attempt = told.begin(await told.load())
        await attempt.measure(lambda _: attempt.start())
        today = await attempt.judge(Answers())
        again = await told.load()
        assert again.today is not None
        for one in (today, again.today):
            assert one.readiness.day_band_ms == pytest.approx(band_ms)
        assert (await told.days())[-1].band_ms == pytest.approx(band_ms)


@BOTH
def test_a_session_is_capped_by_it(tmp_path, text, band_ms):
    with open_station(written(tmp_path, text, *EARLIER, LOW), now=local_now()) as station:
        cap = station.cap(Athlete("Anna"), wiring(station).said.taken.date())
        assert (cap is None) == (band_ms is CALM)


def test_the_help_states_how_often_chance_alone_warns(capsys):
    with pytest.raises(SystemExit):
        main(["readiness", "--help"])
    said = " ".join(capsys.readouterr().out.split())
    for share in ("16 %", "20 %", "1 %", "6.7 %"):
        assert share in said
