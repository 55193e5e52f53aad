"""Whose strap is whose."""

from device.athlete import Athlete, Strap
from device.wearers import Wearers
from sensors.straps import Sighting

ANNA = Athlete("Anna", strap=Strap("AA", "H10 1"))
BEN = Athlete("Ben", strap=Strap(None, "H10 2"))
CHRIS = Athlete("Chris")


def strap(address: str, name: str | None = None) -> Sighting:
    return Sighting(0.0, address, name, -60)


def test_an_address_goes_before_a_name() -> None:
    wearers = Wearers([ANNA, BEN, CHRIS])
    assert wearers.owner(strap("AA")) == ANNA
    assert wearers.owner(strap("AA", "H10 2")) == ANNA
    assert wearers.owner(strap("BB", "H10 2")) == BEN
    assert wearers.owner(strap("BB", "H10 1")) is None, "its address is known, and is another"
    assert wearers.owner(strap("CC")) is None


def test_what_was_found_out_today_goes_before_everything_and_is_forgotten() -> None:
    wearers = Wearers([ANNA, CHRIS])
    wearers.wears_today("AA", CHRIS)
    assert wearers.owner(strap("AA")) == CHRIS
    assert (wearers.own_strap(ANNA), wearers.own_strap(CHRIS)) == (None, "AA")
    wearers.wears_today("AA", None)
    assert wearers.owner(strap("AA")) is None
    wearers.forget_today()
    assert wearers.owner(strap("AA")) == ANNA
    assert wearers.own_strap(ANNA) == "AA"


def test_a_strap_that_is_given_is_theirs() -> None:
    wearers = Wearers([ANNA, CHRIS])
    wearers.wears_today("CC", None)
    with_strap = Athlete("Chris", strap=Strap("CC", "H10 3"))
    assert wearers.give(CHRIS, Strap("CC", "H10 3")) == with_strap
    assert wearers.find("chris") == with_strap
    assert wearers.owner(strap("CC")) == with_strap


def test_whose_a_strap_is_does_not_change_with_who_wears_it() -> None:
    wearers = Wearers([ANNA, BEN, CHRIS])
    wearers.wears_today("AA", CHRIS)
    assert wearers.belongs_to("AA") == ANNA
    assert (wearers.belongs_to("BB"), wearers.belongs_to(None)) == (None, None)


def test_who_is_removed_wears_nothing() -> None:
    wearers = Wearers([ANNA, CHRIS])
    wearers.wears_today("CC", CHRIS)
    wearers.remove("CHRIS")
    assert wearers.find("Chris") is None
    assert wearers.owner(strap("CC")) is None
    assert wearers.everybody() == (ANNA,)
