"""Histories that other apps exported, sound and damaged."""

import json
import math
from datetime import date, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from device.daily_files import DailyFile, NotDaily, UnreadableDailyFile, read
from hrv.wellness import Wellness

UTC = ZoneInfo("UTC")
ROME = ZoneInfo("Europe/Rome")

IOS = "timestamp_measurement,HR,AVNN,SDNN,rMSSD,pNN50,LF,HF,HRV4T_Recovery_Points"
ANDROID = (
    "date, time, HR,AVNN,SDNN,rMSSD,pNN50,LF,HF,HRV4T_Recovery_Points,"
    "traveling,sickness,alcohol,note, humidity "
)
ELITE = "Member,Date,Datetime,Type,HRV,lnRmssd,Rmssd,Nn50,Pnn50,Sdnn,Score,HR"
PLAIN = "date,rmssd_ms,mean_hr_bpm"


def ios(day: str, at: str = "06:30:00", *, hr: str = "50", rmssd: str = "60") -> str:
    return f"{day} {at} +0000,{hr},1200,70,{rmssd},30,0.05,0.04,8.2"


def android(
    day: str,
    *,
    hr: str = "60.5",
    rmssd: str = "48.25",
    marks: str = "not traveling,not sick,nothing",
) -> str:
    return f"{day},06:30,{hr},900.0,60.0,{rmssd},25.0,0.05,0.04,7.9,{marks},,,"


def elite(day: str, *, kind: str = "readiness", member: str = "Ann", rmssd: float = 40.0) -> str:
    ln_rmssd = math.log(rmssd)
    return f"{member},{day},{day} 06:23:22,{kind},57,{ln_rmssd},{rmssd},32,21.33,61.9,7,50.46"


def written(path: Path, *lines: str, end: str = "\n", encoding: str = "utf-8") -> Path:
    path.write_bytes((end.join(lines) + end).encode(encoding))
    return path


def left(file: DailyFile) -> dict[int, str]:
    return {part.line: part.reason for part in file.left_out}


# -- the real exports


def test_the_ios_export_gives_all_of_its_119_mornings(shared_data: Path) -> None:
    expected = json.loads((shared_data / "EXPECTED.json").read_text())["daily/hrv4t_ios_2017.csv"]
    file = read(shared_data / "daily/hrv4t_ios_2017.csv", zone=ROME)
    assert (file.form, file.dates, file.left_out) == ("HRV4Training (iOS)", "ymd", ())
    assert len(file.rows) == expected["rows"] == expected["days"]
    assert [str(file.rows[0].day), str(file.rows[-1].day)] == [expected["first"], expected["last"]]
    rmssd_ms = [row.rmssd_ms for row in file.rows]
    assert sum(rmssd_ms) / len(rmssd_ms) == pytest.approx(expected["rMSSD_mean"], abs=5e-4)
    assert (min(rmssd_ms), max(rmssd_ms)) == (expected["rMSSD_min"], expected["rMSSD_max"])
    assert all(row.unusable is None for row in file.rows)
    first = file.rows[0].taken
    assert first is not None
    assert first.isoformat() == "2017-04-01T11:56:21+02:00", "UTC in the file, local in the row"


def test_the_android_export_gives_its_36_measurements_in_their_own_order_of_dates(
    shared_data: Path,
) -> None:
    expected = json.loads((shared_data / "EXPECTED.json").read_text())["daily/hrv4t_android_a.csv"]
    file = read(shared_data / "daily/hrv4t_android_a.csv", zone=ROME)
    assert (file.form, file.dates) == ("HRV4Training (Android)", "ydm")
    assert len(file.rows) == expected["rows_with_measurement"]
    assert len(file.rows) + len(file.left_out) == expected["rows"]
    assert set(left(file).values()) == {"no measurement: heart rate 0"}
    days = [row.day for row in file.rows]
    assert days == [date(2017, 8, 29) + timedelta(n) for n in range(36)], "day after day"
    assert {tag for row in file.rows for tag in row.tags} == {"alcohol", "travel"}
    assert not any(row.ill for row in file.rows)


def test_the_elite_hrv_export_gives_its_23_mornings(shared_data: Path) -> None:
    file = read(shared_data / "daily/elitehrv_daily_2017.csv", zone=ROME)
    assert (file.form, file.dates, file.left_out) == ("Elite HRV", "ymd", ())
    assert len(file.rows) == 23
    assert (file.rows[0].rmssd_ms, file.rows[0].hr_bpm) == (40.87, 50.46)
    taken = file.rows[0].taken
    assert taken is not None
    assert taken.isoformat() == "2017-09-06T06:23:22+02:00", "its times are local"


def test_other_tables_of_days_are_told_from_recordings(shared_data: Path) -> None:
    with pytest.raises(NotDaily):
        read(shared_data / "rest/systole_rr.txt")
    with pytest.raises(NotDaily):
        read(shared_data / "rest/hrvlogger_daily/ot_m60_RRIntervals.csv")
    with pytest.raises(NotDaily, match="binary"):
        read(shared_data / "fit/garmin-fenix-5-walk.fit")


def test_a_table_with_rr_intervals_is_a_recording_whatever_else_it_holds(tmp_path: Path) -> None:
    with pytest.raises(NotDaily):
        read(written(tmp_path / "a.csv", "date,time,hr,rr_ms", "2026-11-20,06:30,60,1000"))


# -- which day


def test_one_impossible_month_decides_for_the_whole_file(tmp_path: Path) -> None:
    days = ["2017-11-09", "2017-12-09", "2017-13-09", "2017-01-10"]
    file = read(written(tmp_path / "a.csv", ANDROID, "", *map(android, days)), zone=UTC)
    assert [str(row.day) for row in file.rows] == [
        "2017-09-11",
        "2017-09-12",
        "2017-09-13",
        "2017-10-01",
    ]


def test_days_without_measurement_help_to_decide(tmp_path: Path) -> None:
    rows = [android("2017-31-08", hr="0.0", rmssd="0.0"), android("2017-01-09")]
    file = read(written(tmp_path / "a.csv", ANDROID, *rows), zone=UTC)
    assert [row.day for row in file.rows] == [date(2017, 9, 1)]


def test_an_android_export_in_year_month_day_is_read_so(tmp_path: Path) -> None:
    file = read(written(tmp_path / "a.csv", ANDROID, android("2020-03-14")), zone=UTC)
    assert [row.day for row in file.rows] == [date(2020, 3, 14)]


def test_an_ambiguous_export_is_refused_until_the_order_is_said(tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", ANDROID, android("2017-01-09"), android("2017-02-09"))
    with pytest.raises(UnreadableDailyFile, match="say --dates ymd or --dates ydm"):
        read(path, zone=UTC)
    assert [r.day for r in read(path, dates="ydm", zone=UTC).rows] == [
        date(2017, 9, 1),
        date(2017, 9, 2),
    ]
    assert [r.day for r in read(path, dates="ymd", zone=UTC).rows] == [
        date(2017, 1, 9),
        date(2017, 2, 9),
    ]


def test_dates_that_read_alike_both_ways_are_not_ambiguous(tmp_path: Path) -> None:
    file = read(written(tmp_path / "a.csv", ANDROID, android("2017-09-09")), zone=UTC)
    assert [row.day for row in file.rows] == [date(2017, 9, 9)]


def test_dates_that_contradict_each_other_are_refused_with_both_lines(tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", ANDROID, android("2017-13-09"), android("2017-09-14"))
    with pytest.raises(UnreadableDailyFile, match=r"line 3, .* line 2; say --dates"):
        read(path)
    file = read(path, dates="ydm", zone=UTC)
    assert [row.day for row in file.rows] == [date(2017, 9, 13)]
    assert left(file) == {3: "'2017-09-14' does not exist as year-day-month"}


def test_the_first_days_of_a_month_in_a_plain_file_are_iso_dates(tmp_path: Path) -> None:
    rows = [f"2026-11-{day:02},50,55" for day in range(1, 6)]
    file = read(written(tmp_path / "a.csv", PLAIN, *rows))
    assert [row.day for row in file.rows] == [date(2026, 11, day) for day in range(1, 6)]


def test_a_plain_file_with_days_a_month_apart_is_suspected(tmp_path: Path) -> None:
    rows = [f"2026-{day:02}-11,50,55" for day in range(1, 6)]
    with pytest.raises(UnreadableDailyFile, match="--dates"):
        read(written(tmp_path / "a.csv", PLAIN, *rows))


def test_a_moment_in_utc_belongs_to_the_local_day(tmp_path: Path) -> None:
    sydney = ZoneInfo("Australia/Sydney")
    rows = [ios("2017-07-01", "20:40:00"), ios("2017-07-02", "20:10:00")]
    file = read(written(tmp_path / "a.csv", IOS, *rows), zone=sydney)
    assert [str(row.day) for row in file.rows] == ["2017-07-02", "2017-07-03"]
    assert any("UTC" in note for note in file.notes)


def test_the_offset_is_that_of_the_day_over_a_change_of_the_clock(tmp_path: Path) -> None:
    rows = [ios("2017-03-25", "06:00:00"), ios("2017-03-26", "06:00:00")]
    file = read(written(tmp_path / "a.csv", IOS, *rows), zone=ROME)
    assert [row.taken.hour for row in file.rows if row.taken] == [7, 8]


def test_mornings_that_would_fall_into_the_night_ask_for_the_zone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [ios(f"2017-07-{day:02}", "20:40:00") for day in range(1, 6)]
    path = written(tmp_path / "a.csv", IOS, *rows)
    monkeypatch.setenv("TZ", "UTC")
    import time

    time.tzset()
    try:
        with pytest.raises(UnreadableDailyFile, match=r"after 20:40, no mornings; .*--zone"):
            read(path)
    finally:
        monkeypatch.undo()
        time.tzset()
    assert len(read(path, zone=UTC).rows) == 5, "who says the zone is believed"


def test_an_offset_that_is_not_utc_is_the_local_time(tmp_path: Path) -> None:
    row = "2026-03-01T23:30:00-08:00,50,55"
    file = read(written(tmp_path / "a.csv", PLAIN, row), zone=ROME)
    assert file.rows[0].day == date(2026, 3, 1)


@pytest.mark.parametrize(
    "cell", ["2026-02-30", "1970-01-01", "01/02/2026", "soon", "", "2026-11-21x", "٢٠٢٦-01-01"]
)
def test_what_is_no_date_is_left_out_and_named(tmp_path: Path, cell: str) -> None:
    file = read(written(tmp_path / "a.csv", PLAIN, "2026-11-20,50,55", f"{cell},50,55"))
    assert len(file.rows) == 1
    assert "is no date such as 2026-11-21" in left(file)[3]


# -- which measurement


def test_the_first_usable_measurement_of_a_day_counts(tmp_path: Path) -> None:
    rows = [
        ios("2026-05-01", "07:10:00", rmssd="70"),
        ios("2026-05-01", "06:10:00", rmssd="61"),
        ios("2026-05-01", "05:10:00", rmssd="900"),
        ios("2026-05-14", rmssd="62"),
    ]
    file = read(written(tmp_path / "a.csv", IOS, *rows), zone=UTC)
    assert [row.rmssd_ms for row in file.rows] == [61.0, 62.0]
    assert left(file) == dict.fromkeys((2, 4), "another measurement of the day: line 3 counts")


def test_without_times_the_first_in_the_file_counts(tmp_path: Path) -> None:
    file = read(written(tmp_path / "a.csv", PLAIN, "2026-11-20,50,55", "2026-11-20,60,54"))
    assert [row.rmssd_ms for row in file.rows] == [50.0]


def test_rows_come_by_rising_day_however_they_are_sorted(tmp_path: Path) -> None:
    file = read(written(tmp_path / "a.csv", PLAIN, "2026-11-20,50,55", "2026-11-19,60,54"))
    assert [row.rmssd_ms for row in file.rows] == [60.0, 50.0]


@pytest.mark.parametrize(
    ("rmssd", "hr", "said"),
    [
        ("400", "55", "RMSSD 400.0 is outside 3 to 250 ms"),
        ("0.0", "55", "RMSSD 0.0 is outside 3 to 250 ms"),
        ("50", "180", "heart rate 180.0 is outside 25 to 120 bpm"),
        ("50", "", "no heart rate"),
    ],
)
def test_absurd_values_are_kept_but_no_verdict_rests_on_them(
    tmp_path: Path, rmssd: str, hr: str, said: str
) -> None:
    rows = [f"2026-11-{day},50,55" for day in (18, 19)]
    file = read(written(tmp_path / "a.csv", PLAIN, *rows, f"2026-11-20,{rmssd},{hr}"))
    assert [row.unusable for row in file.rows] == [None, None, said]
    assert file.left_out == ()


@pytest.mark.parametrize(
    ("rmssd", "hr", "said"),
    [
        ("abc", "55", "rmssd_ms: 'abc' is no number"),
        ("nan", "55", "rmssd_ms: 'nan' is no number"),
        ("inf", "55", "rmssd_ms: 'inf' is no number"),
        ("1e999", "55", "rmssd_ms: '1e999' is no number"),
        ("5_0", "55", "rmssd_ms: '5_0' is no number"),
        ("0x32", "55", "rmssd_ms: '0x32' is no number"),
        ("9" * 400, "55", "is no number"),
        ("50", "fast", "mean_hr_bpm: 'fast' is no number"),
        ("", "55", "no measurement: RMSSD is missing"),
        ("50", "0", "no measurement: heart rate 0"),
        ("0.0", "0.0", "no measurement: heart rate 0"),
        ("-50", "55", "a negative number is no measurement"),
        ("50,4", "55,1", "more cells than the header"),
    ],
)
def test_a_row_that_is_no_measurement_is_left_out_and_says_why(
    tmp_path: Path, rmssd: str, hr: str, said: str
) -> None:
    file = read(written(tmp_path / "a.csv", PLAIN, "2026-11-19,50,55", f"2026-11-20,{rmssd},{hr}"))
    assert len(file.rows) == 1
    assert said in left(file)[3]


def test_more_empty_cells_than_the_header_are_nothing(tmp_path: Path) -> None:
    file = read(written(tmp_path / "a.csv", PLAIN, "2026-11-19,50,55,,,"))
    assert len(file.rows) == 1


def test_a_row_cut_off_in_an_apps_export_is_left_out(tmp_path: Path) -> None:
    whole = ios("2026-05-14")
    cut = ios("2026-05-15").rpartition(",")[0]
    file = read(written(tmp_path / "a.csv", IOS, whole, cut), zone=UTC)
    assert left(file) == {3: "cut off: 8 of 9 cells"}


def test_only_readiness_readings_of_elite_hrv_are_mornings(tmp_path: Path) -> None:
    rows = [elite("2017-09-16", kind="open"), elite("2017-09-17")]
    file = read(written(tmp_path / "a.csv", ELITE, *rows), zone=UTC)
    assert [str(row.day) for row in file.rows] == ["2017-09-17"]
    assert left(file) == {2: "'open', not readiness"}


def test_a_file_of_several_people_is_refused(tmp_path: Path) -> None:
    rows = [elite("2017-09-16", member="Ann"), elite("2017-09-17", member="Bo")]
    with pytest.raises(UnreadableDailyFile, match=r"several people \('Ann', 'Bo'\)"):
        read(written(tmp_path / "a.csv", ELITE, *rows))


def test_rmssd_and_its_logarithm_must_agree(tmp_path: Path) -> None:
    odd = elite("2017-09-18").replace(",40.0,", ",58.0,")
    file = read(written(tmp_path / "a.csv", ELITE, elite("2017-09-17"), odd), zone=UTC)
    assert file.rows[0].unusable is None
    assert "contradict each other" in (file.rows[1].unusable or "")


def test_sickness_alcohol_and_travel_are_taken_over(tmp_path: Path) -> None:
    row = android("2020-03-14", marks="traveling,sick,a lot")
    file = read(written(tmp_path / "a.csv", ANDROID, row), zone=UTC)
    assert (file.rows[0].ill, file.rows[0].tags) == (True, ("travel", "alcohol"))


# -- scores and units


def test_a_score_is_never_taken_for_rmssd(tmp_path: Path) -> None:
    for header in ("date,hrv,hr", "Date,Score,HR", "date,HRV4T_Recovery_Points,HR"):
        with pytest.raises(UnreadableDailyFile, match="own score cannot be taken") as refused:
            read(written(tmp_path / "a.csv", header, "2026-11-20,58,55"))
        assert not isinstance(refused.value, NotDaily)


def test_what_the_app_calls_hrv_is_not_what_is_taken(tmp_path: Path) -> None:
    file = read(written(tmp_path / "a.csv", ELITE, elite("2017-09-17", rmssd=40.0)), zone=UTC)
    assert file.rows[0].rmssd_ms == 40.0, "and not 57, its score"


def test_a_logarithm_is_taken_as_one(tmp_path: Path) -> None:
    lines = ("date,ln_rmssd,mean_hr_bpm", f"2026-11-20,{math.log(50.0)!r},55")
    assert read(written(tmp_path / "a.csv", *lines)).rows[0].rmssd_ms == pytest.approx(50.0)


@pytest.mark.parametrize(
    ("header", "value"),
    [("rmssd_ms", "3.912"), ("rmssd_ms", "0.050"), ("ln_rmssd", "58"), ("ln_rmssd", "8.2")],
)
def test_a_column_in_another_unit_is_refused(tmp_path: Path, header: str, value: str) -> None:
    lines = [f"2026-11-{day},{value},55" for day in range(10, 20)]
    with pytest.raises(UnreadableDailyFile, match="can hardly be"):
        read(written(tmp_path / "a.csv", f"date,{header},mean_hr_bpm", *lines))


# -- feelings of a plain file

FEELING = "date,rmssd_ms,mean_hr_bpm,fatigue,sleep,soreness,stress,mood"


def test_the_five_answers_of_a_plain_file_are_taken(tmp_path: Path) -> None:
    file = read(written(tmp_path / "a.csv", FEELING, "2026-11-20,50,55,4,3,4,5,2"))
    assert file.rows[0].feeling == Wellness(fatigue=4, sleep=3, soreness=4, stress=5, mood=2)


@pytest.mark.parametrize("answers", ["4,3,,,", "4,3"])
def test_an_item_that_is_not_answered_is_unknown(tmp_path: Path, answers: str) -> None:
    file = read(written(tmp_path / "a.csv", FEELING, f"2026-11-20,50,55,{answers}"))
    assert file.rows[0].feeling == Wellness(fatigue=4, sleep=3)
    assert file.left_out == ()


@pytest.mark.parametrize("answers", ["4,3,4,5,7", "4,3,4,5,ok", "4,3,4,5,0", "4,,4,5,0"])
def test_an_answer_that_is_wrong_leaves_the_feelings_unknown(tmp_path: Path, answers: str) -> None:
    file = read(written(tmp_path / "a.csv", FEELING, f"2026-11-20,50,55,{answers}"))
    assert file.rows[0].feeling is None
    assert left(file)[2].startswith("only its feelings: ")


def test_no_answer_at_all_is_no_mistake(tmp_path: Path) -> None:
    file = read(written(tmp_path / "a.csv", FEELING, "2026-11-20,50,55,,,,,", "2026-11-19,50,55"))
    assert [row.feeling for row in file.rows] == [None, None]
    assert file.left_out == ()


# -- how it is written


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_every_end_of_line_and_encoding_reads_the_same(
    tmp_path: Path, end: str, encoding: str
) -> None:
    lines = (IOS, ios("2026-05-14"), ios("2026-05-15", hr="0"), ios("2026-05-16"))
    file = read(written(tmp_path / "a.csv", *lines, end=end, encoding=encoding), zone=UTC)
    assert [row.line for row in file.rows] == [2, 4]
    assert left(file) == {3: "no measurement: heart rate 0"}


def test_a_note_in_an_old_windows_encoding_disturbs_nothing(tmp_path: Path) -> None:
    row = elite("2017-09-17", member="Zoë")
    file = read(written(tmp_path / "a.csv", ELITE, row, encoding="cp1252"), zone=UTC)
    assert len(file.rows) == 1


def test_a_semicolon_file_has_decimal_commas(tmp_path: Path) -> None:
    lines = (PLAIN.replace(",", ";"), "2026-11-20;50,25;55,5")
    row = read(written(tmp_path / "a.csv", *lines)).rows[0]
    assert (row.rmssd_ms, row.hr_bpm) == (50.25, 55.5)


def test_a_line_break_inside_a_note_does_not_shift_the_line_numbers(tmp_path: Path) -> None:
    header = f"{PLAIN},note"
    lines = (header, '2026-11-19,50,55,"slept', 'badly"', "2026-11-20,x,55,")
    file = read(written(tmp_path / "a.csv", *lines))
    assert [row.line for row in file.rows] == [2]
    assert list(left(file)) == [4]


def test_a_quotation_mark_that_is_never_closed_is_refused_with_its_line(tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", f"{PLAIN},note", "2026-11-19,50,55,", '2026-11-20,50,55,"oh')
    with pytest.raises(UnreadableDailyFile, match="line 3: a quotation mark"):
        read(path)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "no header of a daily history"),
        (b"\x00\x01\x02\x03", "binary"),
        (PLAIN.encode(), "nothing to take: no rows below its header"),
        (f"{PLAIN}\n2026-11-20,0,0\n".encode(), "nothing to take: no measurement"),
        (f"{PLAIN}\nx,50,55\n".encode(), "nothing to take: 'x' is no date"),
    ],
)
def test_a_file_with_nothing_in_it_is_refused_in_one_line(
    tmp_path: Path, content: bytes, said: str
) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(content)
    with pytest.raises(UnreadableDailyFile, match=said) as refused:
        read(path)
    assert str(refused.value).startswith(f"{path}: ")
    assert "\n" not in str(refused.value)


def test_a_file_that_is_not_there_says_so(tmp_path: Path) -> None:
    with pytest.raises(UnreadableDailyFile, match="No such file"):
        read(tmp_path / "none.csv")
    with pytest.raises(UnreadableDailyFile, match="directory"):
        read(tmp_path)


cells = st.text(alphabet=st.sampled_from('0123456789-+.,;:"eE \n\r\tänx\x00'), max_size=60)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150)
@given(
    header=st.sampled_from([IOS, ANDROID, ELITE, FEELING, ""]),
    rows=st.lists(cells, max_size=8),
    tail=st.binary(max_size=20),
)
def test_damage_of_any_kind_is_a_refusal_and_never_a_crash(
    tmp_path: Path, header: str, rows: list[str], tail: bytes
) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes("\n".join([header, *rows]).encode() + tail)
    refused, rows_read = "", ()
    try:
        rows_read = read(path, zone=UTC).rows
    except UnreadableDailyFile as refusal:
        refused = str(refusal)
    assert bool(refused) != bool(rows_read)
    assert "\n" not in refused
    assert all(math.isfinite(row.rmssd_ms) for row in rows_read)
