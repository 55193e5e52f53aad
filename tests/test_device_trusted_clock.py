"""Whether the wall clock may name the day; all evidence is handed in."""

from datetime import UTC, date, datetime, timedelta

import pytest

from device import trusted_clock
from device.history import SessionStart
from device.morning_history import keep
from device.morning_record import StoredMorning
from device.store import Store
from device.trusted_clock import Evidence, judge, newest_record

NOW = datetime(2026, 3, 1, 6, 0, tzinfo=UTC)
BUILT = datetime(2026, 1, 15, tzinfo=UTC)
YESTERDAY = NOW - timedelta(days=1)
NTP, RTC, SAID = Evidence(synchronised=True), Evidence(rtc_set=True), Evidence(confirmed=True)
NOTHING = Evidence()


@pytest.mark.parametrize(
    ("now", "evidence", "newest", "trust"),
    [
        (NOW, NTP, YESTERDAY, "synchronised"),
        (NOW, RTC, YESTERDAY, "synchronised"),
        (NOW, SAID, YESTERDAY, "confirmed"),
        (NOW, NOTHING, YESTERDAY, "unknown"),
        (NOW, NOTHING, None, "unknown"),
        (NOW, RTC, None, "synchronised"),
        # The network and a person are believed against the records, a battery is not.
        (NOW, NTP, NOW + timedelta(days=2), "synchronised"),
        (NOW, SAID, NOW + timedelta(days=2), "confirmed"),
        (NOW, RTC, NOW + timedelta(days=2), "unknown"),
        (NOW, RTC, NOW + timedelta(minutes=4), "synchronised"),
        (NOW, RTC, NOW - timedelta(days=400), "unknown"),
        (NOW, NTP, NOW - timedelta(days=400), "synchronised"),
        # Before this program was made it cannot be, whoever says so.
        (datetime(1970, 1, 1, 0, 2, tzinfo=UTC), NTP, None, "unknown"),
        (datetime(2000, 1, 1, tzinfo=UTC), RTC, None, "unknown"),
        (datetime(1970, 1, 1, tzinfo=UTC), SAID, None, "unknown"),
    ],
)
def test_the_clock_is_trusted_by_its_evidence(now, evidence, newest, trust):
    judged = judge(now, evidence, newest=newest, built=BUILT)
    assert judged.trust == trust
    assert judged.trusted == (trust != "unknown")


@pytest.mark.parametrize(
    ("now", "evidence", "newest", "words"),
    [
        (datetime(1970, 1, 1, tzinfo=UTC), NTP, None, "it says 1970-01-01, before this program"),
        (NOW, RTC, NOW + timedelta(days=1), "before the newest record"),
        (NOW, RTC, NOW - timedelta(days=400), "over a year after the newest record"),
        (NOW, NOTHING, YESTERDAY, None),
    ],
)
def test_what_speaks_against_it_is_said(now, evidence, newest, words):
    doubt = judge(now, evidence, newest=newest, built=BUILT).doubt
    assert doubt is None if words is None else words in doubt


def test_the_newest_record_is_that_of_any_session_or_own_morning(tmp_path):
    with Store.open(tmp_path / "beatwise.db", now=NOW) as store:
        assert newest_record(store) is None
        store.begin(
            SessionStart(
                athlete=None,
                purpose="easy",
                source="sim",
                started=YESTERDAY,
                beatwise_version="0",
                method_version="1",
            )
        )
        store.commit()
        assert newest_record(store) == YESTERDAY
        common = {
            "athlete": "A",
            "day": date(2026, 3, 1),
            "protocol": "p",
            "protocol_name": "standard",
            "method_version": "1",
            "outcome": "accepted",
        }
        keep(store, StoredMorning(**common, taken=NOW + timedelta(days=9), imported_from="x"))
        assert newest_record(store) == YESTERDAY, "an import says nothing of this clock"
        keep(store, StoredMorning(**common, taken=NOW))
        assert newest_record(store) == NOW


def test_a_date_said_that_agrees_with_the_clock_is_a_confirmation_until_the_next_start(
    tmp_path, monkeypatch
):
    boot = tmp_path / "boot_id"
    boot.write_text("first\n", encoding="ascii")
    monkeypatch.setattr(trusted_clock, "_BOOT_ID", boot)
    assert not trusted_clock.confirm(tmp_path, date(2026, 2, 28), NOW)
    assert not trusted_clock.system_evidence(tmp_path).confirmed
    assert trusted_clock.confirm(tmp_path, date(2026, 3, 1), NOW)
    assert trusted_clock.system_evidence(tmp_path).confirmed
    boot.write_text("second\n", encoding="ascii")
    assert not trusted_clock.system_evidence(tmp_path).confirmed


def test_asking_this_machine_neither_fails_nor_changes_it(tmp_path):
    evidence = trusted_clock.system_evidence(tmp_path)
    assert evidence == trusted_clock.system_evidence(tmp_path)
    assert not evidence.confirmed
    assert trusted_clock.built_at() <= datetime.now(UTC)
    assert list(tmp_path.iterdir()) == []


def test_a_clock_that_is_set_is_confirmed_no_longer(tmp_path, monkeypatch):
    boot = tmp_path / "boot_id"
    boot.write_text("first\n", encoding="ascii")
    monkeypatch.setattr(trusted_clock, "_BOOT_ID", boot)
    started_s = trusted_clock._started_s()
    monkeypatch.setattr(trusted_clock, "_started_s", lambda: started_s)
    assert trusted_clock.confirm(tmp_path, date(2026, 3, 1), NOW)
    monkeypatch.setattr(trusted_clock, "_started_s", lambda: started_s + 60)
    assert trusted_clock.system_evidence(tmp_path).confirmed
    for years in (-3, 3):
        monkeypatch.setattr(trusted_clock, "_started_s", lambda s=years: started_s + s * 31557600)
        assert not trusted_clock.system_evidence(tmp_path).confirmed
