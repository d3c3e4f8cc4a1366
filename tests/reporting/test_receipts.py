"""Receipts: five groups of five, forgiving to hands, and nothing stored that opens anything."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal import sealing
from reporting import receipts
from reporting.receipts import ALPHABET, NotAReceipt

# Published: from this receipt follow this tag and this key, in every release.
RECEIPT = "01234-56789-ABCDE-FGHJK-MNPQF"
TAG = "4a435c7dd01c1a5225096603e937108a14ea5ed3605e531877f4649c143c2614"
PUBLIC = "75B06 EE672 F9E1F B709E AFA04 9BE67 EB5ED 95D34"
VERIFIER = "436efd2a39929a517e20e0497ac694b0e7bd6fea296d91cb9a6f9de96e1b881b"

bodies = st.text(alphabet=ALPHABET, min_size=24, max_size=24)


def whole(body):
    """The receipt with this body: the one last character that fits."""
    return next(code for code in (body + last for last in ALPHABET) if is_receipt(code))


def is_receipt(code):
    try:
        receipts.parse(code)
    except NotAReceipt:
        return False
    return True


def test_vector_of_a_receipt():
    assert receipts.tag(RECEIPT) == TAG
    assert sealing.fingerprint(sealing.public_of(receipts.seed(RECEIPT))) == PUBLIC


def test_vector_of_what_signs_a_reporters_words():
    assert sealing.verifier_of(receipts.signer(RECEIPT)).hex() == VERIFIER
    assert receipts.signer(RECEIPT) not in receipts.seed(RECEIPT)


def test_new_receipts_are_grouped_and_differ():
    made = {receipts.new() for _ in range(50)}
    assert len(made) == 50
    for receipt in made:
        assert [len(group) for group in receipt.split("-")] == [5] * 5
        assert receipts.parse(receipt) == receipt.replace("-", "")


def test_new_receipts_use_the_whole_alphabet():
    assert set("".join(receipts.new() for _ in range(60))) == {*ALPHABET, "-"}
    assert len(ALPHABET) == 32


@given(bodies)
def test_exactly_one_last_character_fits(body):
    assert sum(is_receipt(body + last) for last in ALPHABET) == 1


@given(bodies, st.integers(0, 24), st.sampled_from(ALPHABET))
def test_any_one_wrong_character_is_noticed(body, at, other):
    code = whole(body)
    wrong = code[:at] + other + code[at + 1 :]
    assert is_receipt(wrong) is (wrong == code)


@given(bodies, st.integers(0, 23))
def test_neighbours_that_changed_places_are_noticed(body, at):
    code = whole(body)
    swapped = code[:at] + code[at + 1] + code[at] + code[at + 2 :]
    assert is_receipt(swapped) is (swapped == code)


def test_every_wrong_character_of_one_receipt_is_noticed():
    code = receipts.parse(RECEIPT)
    for at, other in itertools.product(range(25), ALPHABET):
        wrong = code[:at] + other + code[at + 1 :]
        assert is_receipt(wrong) is (wrong == code)


@pytest.mark.parametrize(
    "typed",
    [
        "01234-56789-abcde-fghjk-mnpqf",
        " 01234 56789 ABCDE FGHJK MNPQF ",
        "0123456789ABCDEFGHJKMNPQF",
        "O1234-56789-ABCDE-FGHJK-MNPQF",
        "oI234-56789-ABCDE-FGHJK-MNPQF",
        "ol234\t56789-ABCDE\nFGHJK-MNPQF",
    ],
)
def test_read_a_receipt_however_it_is_typed(typed):
    assert receipts.grouped(receipts.parse(typed)) == RECEIPT
    assert receipts.tag(typed) == TAG
    assert receipts.last_group(typed) == "MNPQF"


@pytest.mark.parametrize(
    "typed", ["", "-", RECEIPT[:-1], RECEIPT + "0", "U" + RECEIPT[1:], "é" * 25, "٠" * 25]
)
def test_what_cannot_be_a_receipt_is_refused(typed):
    for read in (receipts.parse, receipts.tag, receipts.seed, receipts.last_group):
        with pytest.raises(NotAReceipt):
            read(typed)


def test_tag_and_key_tell_nothing_of_each_other():
    tag, seed = receipts.tag(RECEIPT), receipts.seed(RECEIPT)
    assert (len(tag), len(seed)) == (64, sealing.SEED)
    assert bytes.fromhex(tag) not in seed
    other = receipts.new()
    assert receipts.tag(other) != tag
    assert receipts.seed(other) != seed
