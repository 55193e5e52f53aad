"""Heart rate in a Polar strap's advertisements."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sensors.lately import MOST_REMEMBERED
from sensors.polar_broadcast import COMPANY, Broadcast, Broadcasts, decode


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        # Seen by others: an H7 (issue 305 of Polar's SDK on GitHub), an OH1 (a comment in the SDK).
        ("3B 1B 54 52", Broadcast(82, 6)),
        ("72 06 7F 44 37 00 00 00 33 00 3C", Broadcast(60, 4)),
        # The same by the rules: three bytes have one average, which is also that of more than four.
        ("3B 1B 54", Broadcast(84, 6)),
        ("3B 1B 54 52 01", Broadcast(84, 6)),
        ("72 00 23 00 48 4A", Broadcast(74, 0)),
        # Two blocks of other data first.
        ("40 01 FF 40 00 3F 00 40", Broadcast(64, 7)),
        # No heart rate: strap off the skin, implausible, cut short, other data only, nothing.
        ("3B 1B 00 00", None),
        ("3B 1B 54 FF", None),
        ("3B 1B", None),
        ("3B", None),
        ("", None),
        ("72", None),
        ("72 06", None),
        ("72 FF 01 02", None),
        ("40 00 40 00 40 00", None),
        ("72 06 7F 44 37 00 00 00 33 00", None),
    ],
)
def test_the_heart_rate_is_found(content: str, expected: Broadcast | None) -> None:
    assert decode({COMPANY: bytes.fromhex(content)}) == expected


def test_another_makers_data_is_none_of_it() -> None:
    assert decode({0x0087: bytes.fromhex("3B 1B 54 52")}) is None
    assert decode({}) is None


@given(st.binary(max_size=255))
def test_no_bytes_from_the_air_raise(content: bytes) -> None:
    found = decode({COMPANY: content})
    assert found is None or (25 <= found.bpm <= 250 and 0 <= found.frame < 8)


def frame(count: int, bpm: int) -> dict[int, bytes]:
    return {COMPANY: bytes([0x23 | (count % 8) << 2, 0, bpm, bpm])}


def test_only_a_new_frame_is_news() -> None:
    broadcasts = Broadcasts()
    heard = [(0, 70), (0, 70), (1, 70), (1, 70), (1, 70), (2, 71), (3, 71), (3, 71)]
    news = [broadcasts.news("AA:AA", frame(*each)) for each in heard]
    assert news == [None, None, 70, None, None, 71, 71, None]


def test_a_strap_on_a_table_is_never_news() -> None:
    broadcasts = Broadcasts()
    assert [broadcasts.news("AA:AA", frame(5, 88)) for _ in range(100)] == [None] * 100


def test_a_counter_that_stands_still_yields_to_a_heart_rate_that_moves() -> None:
    broadcasts = Broadcasts()
    assert [broadcasts.news("AA:AA", frame(0, bpm)) for bpm in (70, 70, 72, 72, 71)] == [
        None, None, 72, None, 71,
    ]  # fmt: skip


def test_each_strap_has_a_counter_of_its_own_and_strangers_fill_no_memory() -> None:
    broadcasts = Broadcasts()
    for count in range(3 * MOST_REMEMBERED):
        assert broadcasts.news(f"{count}", frame(count, 70)) is None
        news = broadcasts.news("AA:AA", frame(count, 80))
        assert news == (80 if count else None)
    assert len(broadcasts._last) == MOST_REMEMBERED
