import pytest

from hrv.wellness import Hooper, Wellness

STEADY = [20, 20, 21, 19, 20, 20, 21, 19, 20, 20, 21, 19, 20, 20]  # mean 20, SD 0.68
WILD = [12, 24] * 7  # mean 18, SD 6.2


@pytest.mark.parametrize(
    ("answers", "earlier", "low"),
    [
        # [P] SCIENCE 5.1: any item 1, or sum <= 12, or well below one's own mean of 28 days.
        ((4, 4, 4, 4, 4), (), False),
        ((5, 5, 5, 5, 1), (), True),
        ((2, 2, 3, 3, 3), (), False),
        ((2, 2, 3, 3, 2), (), True),
        ((4, 4, 4, 3, 3), STEADY, True),  # 18 <= 20 - 2
        ((4, 4, 4, 4, 3), STEADY, False),  # 19
        ((4, 4, 4, 3, 3), STEADY[:13], False),  # too few entries to compare
        ((3, 3, 3, 2, 2), WILD, False),  # 13 > 18 - 6.2
    ],
)
def test_when_wellness_is_low(answers, earlier, low: bool) -> None:
    assert Wellness(*answers).is_low(earlier) is low


@pytest.mark.parametrize(
    ("answers", "earlier", "low"),
    [
        ((7, 7, 7, 7), (), False),  # only ever compared with one's own mean
        ((3, 3, 3, 3), [10] * 14, True),  # 12 >= 10 + 2
        ((3, 3, 3, 2), [10] * 14, False),
        ((3, 3, 3, 3), [10] * 13, False),
    ],
)
def test_when_hooper_is_low(answers, earlier, low: bool) -> None:
    assert Hooper(*answers).is_low(earlier) is low


@pytest.mark.parametrize(
    ("answers", "low"),
    [
        # SCIENCE 5.1: any item 1 is low; the sum is one of five items, and unknown without.
        ({"mood": 1}, True),
        ({"mood": 5, "sleep": 1}, True),
        ({"mood": 2}, None),
        ({"fatigue": 2, "sleep": 2, "soreness": 2, "stress": 2}, None),
        ({"fatigue": 5, "sleep": 5, "soreness": 5, "stress": 5}, None),
    ],
)
def test_an_item_left_open_is_unknown_and_only_a_one_decides_without_it(answers, low) -> None:
    rating = Wellness(**answers)
    assert rating.sum is None
    assert rating.is_low() is low
    assert rating.is_low(STEADY) is low


def test_what_is_said_later_goes_before_and_what_is_left_open_then_stays() -> None:
    assert Wellness(4, 3).updated(Wellness(sleep=1, mood=5)) == Wellness(4, 1, mood=5)


def test_no_answer_at_all_is_no_rating() -> None:
    with pytest.raises(ValueError, match="at least one"):
        Wellness()


def test_hooper_needs_all_its_answers() -> None:
    with pytest.raises(ValueError, match="sleep must be"):
        Hooper(3, None, 3, 3)  # type: ignore[arg-type]


def test_sums() -> None:
    assert Wellness(1, 2, 3, 4, 5).sum == 15
    assert Hooper(1, 2, 3, 7).sum == 13


@pytest.mark.parametrize("value", [0, 6, -1, 2.5, "3"])
def test_an_answer_outside_the_scale_is_refused_by_name(value) -> None:
    with pytest.raises(ValueError, match="sleep must be a whole number from 1 to 5"):
        Wellness(3, value, 3, 3, 3)


def test_an_answer_outside_hoopers_scale_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match="stress must be a whole number from 1 to 7"):
        Hooper(3, 3, 3, 8)
