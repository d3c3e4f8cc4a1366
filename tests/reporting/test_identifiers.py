"""Numbers of the trade: one spelling, a doubt where one is due, never a refusal."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal import reference_files
from reporting import identifiers
from reporting.identifiers import checked, normalised, warning

GOOD = [
    ("container", "CSQU3054383"),
    ("container", "csqu 305438-3"),
    ("imo", "IMO 9074729"),
    ("air_waybill", "020-12345675"),
    ("postal_item", "RR 47312482 9 GB"),
    ("hs_code", "2402.20"),
    ("mrn", "26SE00000000000017"),
    ("vat", "SE 556677889901"),
    ("wagon", "21 81 2471 217-3"),
    ("plate", "ABC 123"),
    ("phone", "+46 70 123 45 67"),
]
BAD = [
    ("container", "CSQU3054384"),
    ("container", "CSQX3054383"),
    ("imo", "9074728"),
    ("imo", "907472"),
    ("air_waybill", "020-12345674"),
    ("air_waybill", "020"),
    ("postal_item", "RR473124828GB"),
    ("postal_item", "RR4731GB"),
    ("hs_code", "240"),
    ("hs_code", "7701"),
    ("mrn", "26SE0001"),
    ("vat", "5566778899"),
    ("wagon", "218124712174"),
    ("wagon", "12"),
    ("plate", "A"),
    ("phone", "12"),
    ("locode", "GOTHENBURG"),
    ("eori", "1"),
]


@pytest.mark.parametrize(("kind", "raw"), GOOD)
def test_number_that_fits_has_no_doubt(kind: str, raw: str) -> None:
    assert checked(kind, raw)["warning"] == ""
    assert checked(kind, raw)["raw"] == raw


@pytest.mark.parametrize(("kind", "raw"), BAD)
def test_number_that_does_not_fit_has_a_doubt(kind: str, raw: str) -> None:
    assert checked(kind, raw)["warning"].endswith(".")


@pytest.mark.parametrize("number", ["CSQU3054383", "MSKU0000006"])
def test_each_slip_of_one_digit_in_a_container_is_doubted(number: str) -> None:
    """ISO 6346 lets a remainder of ten pass as nought: that one pair of slips it cannot see."""
    assert warning("container", number) == ""
    slips = [
        number[:place] + digit + number[place + 1 :]
        for place in range(4, 11)
        for digit in "0123456789"
        if digit != number[place]
    ]
    missed = [slip for slip in slips if not warning("container", slip)]
    assert len(missed) <= 1


@pytest.mark.django_db
def test_place_of_the_list_has_no_doubt_and_another_has_a_mild_one() -> None:
    reference_files.load()
    assert warning("locode", "SEGOT") == ""
    assert "may well exist" in warning("locode", "XXABC")


@pytest.mark.django_db
def test_eori_is_doubted_by_the_pattern_of_its_country() -> None:
    reference_files.load()
    assert warning("eori", "SE5566778899") == ""
    assert "SE" in warning("eori", "SE55")


@pytest.mark.parametrize(
    ("kind", "one", "other"),
    [
        ("phone", "0046 70-123 45 67", "+46701234567"),
        ("handle", "@Some One", "someone"),
        ("plate", "abc-123", "ABC 123"),
        ("imo", "imo9074729", "9074729"),
        ("bill_of_lading", "maeu 123/4", "MAEU1234"),
    ],
)
def test_two_spellings_are_one_number(kind: str, one: str, other: str) -> None:
    assert normalised(kind, one) == normalised(kind, other)


KINDS = sorted(set(identifiers._CHECKS) - {"eori", "locode"} | {"seal", "handle"})


@given(kind=st.sampled_from(KINDS), raw=st.text(max_size=60))
def test_anything_at_all_is_checked_and_kept_as_typed(kind: str, raw: str) -> None:
    number = checked(kind, raw)
    assert number["raw"] == raw
    assert normalised(kind, number["normalised"]) == number["normalised"]
