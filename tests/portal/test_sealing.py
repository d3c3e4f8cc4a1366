"""Sealing: only the right key, in the right place, opens; every flipped byte is refused."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from itertools import combinations
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal import sealing
from portal.sealing import Context, Recipient, SealBroken
from tests.conftest import COST_IN_PRODUCTION
from tests.portal.make_sealing_vectors import CONTEXT, PATH, fixed

VECTORS = json.loads(PATH.read_text())
SEED, OTHER = fixed("seed", 96), fixed("another seed", 96)
KEY = fixed("key", 32)
DESK = Recipient("unit:desk", 3, sealing.public_of(SEED))
RECOVERY = Recipient("recovery", 1, sealing.public_of(OTHER))


def context(**changed):
    return replace(Context(uuid4(), uuid4(), "note"), **changed)


def vector(name):
    return bytes.fromhex(VECTORS[name])


def flipped(data):
    """The data with one bit changed, at every place in turn."""
    for at in range(len(data)):
        yield data[:at] + bytes([data[at] ^ (1 << (at % 8))]) + data[at + 1 :]


# --- Published vectors --------------------------------------------------------------------------


def test_vector_of_a_key_pair():
    public = sealing.public_of(vector("seed"))
    assert hashlib.sha256(public).hexdigest() == VECTORS["public_sha256"]
    assert sealing.fingerprint(public) == VECTORS["fingerprint"]
    assert len(public) == sealing.PUBLIC


def test_vector_of_what_an_envelope_is_bound_to():
    assert CONTEXT.bound() == vector("bound")
    assert CONTEXT.bound().hex() == (
        "01" "0004" "00000007" "0123456789abcdef0123456789abcdef"
        "fedcba9876543210fedcba9876543210" + b"note".hex()
    )  # fmt: skip
    assert sealing.slot_info(CONTEXT, "unit:desk#3") == vector("slot_info")
    assert vector("slot_info") == b"slot|" + CONTEXT.bound() + b"|unit:desk#3"


def test_vector_of_a_slot():
    assert sealing.open_slot(SEED, vector("sealed_slot"), CONTEXT, VECTORS["slot"]) == vector("key")
    assert len(vector("sealed_slot")) == 1 + 1120 + sealing.KEY + 16


def test_vector_of_an_envelope():
    opened = sealing.decrypt(vector("key"), vector("ciphertext"), CONTEXT)
    assert opened == VECTORS["plaintext"].encode()
    assert len(vector("ciphertext")) == 1 + sealing.NONCE + sealing.BUCKET + 16


def test_vector_of_halves():
    assert sealing.join(vector("half"), vector("other_half")) == vector("key")


def test_vector_under_a_passphrase():
    assert sealing.unlock(vector("locked"), VECTORS["passphrase"], b"vector") == SEED


def test_vector_in_a_box():
    assert sealing.unbox(vector("key"), vector("boxed"), b"vector") == b"in a session"


def test_vector_of_a_signature():
    assert sealing.verifier_of(vector("signer")) == vector("verifier")
    assert sealing.sign(vector("signer"), b"we read it", CONTEXT) == vector("signature")
    sealing.verify(vector("verifier"), vector("signature"), b"we read it", CONTEXT)


@pytest.mark.parametrize("pair", list(combinations(range(3), 2)))
def test_vector_of_shares(pair):
    one, other = (
        {name: bytes.fromhex(part) for name, part in VECTORS["shares"][at].items()} for at in pair
    )
    assert sealing.from_shares(one, other) == sealing.from_shares(other, one) == vector("secret")


# --- Keys and recipients ------------------------------------------------------------------------


def test_new_keys_differ_and_have_their_length():
    assert len({sealing.new_seed() for _ in range(9)}) == 9
    assert len(sealing.new_seed()) == sealing.SEED == 96
    assert len({sealing.new_signer() for _ in range(9)}) == 9
    assert len(sealing.new_signer()) == 32


def test_fingerprint_is_forty_characters_in_groups_of_five():
    groups = sealing.fingerprint(DESK.public).split(" ")
    assert [len(group) for group in groups] == [5] * 8
    assert sealing.fingerprint(DESK.public) != sealing.fingerprint(RECOVERY.public)


@pytest.mark.parametrize("length", [0, 95, 97])
def test_private_key_of_another_length_is_refused(length):
    with pytest.raises(SealBroken):
        sealing.public_of(bytes(length))


def test_slot_of_a_recipient_names_the_version():
    assert DESK.slot == "unit:desk#3"


# --- Envelopes ----------------------------------------------------------------------------------


@given(st.binary(max_size=3000))
def test_seal_and_open(plaintext):
    place = context()
    sealed = sealing.seal(plaintext, place, [DESK, RECOVERY])
    for seed, slot in ((SEED, DESK.slot), (OTHER, RECOVERY.slot)):
        key = sealing.open_slot(seed, sealed.slots[slot], place, slot)
        assert sealing.decrypt(key, sealed.ciphertext, place) == plaintext


def test_seal_for_nobody_is_refused():
    with pytest.raises(SealBroken):
        sealing.seal(b"lost", context(), [])


def test_seal_twice_shares_nothing():
    place = context()
    one, other = (sealing.seal(b"same", place, [DESK]) for _ in range(2))
    assert one.ciphertext[1:13] != other.ciphertext[1:13]
    keys = {
        sealing.open_slot(SEED, sealed.slots[DESK.slot], place, DESK.slot)
        for sealed in (one, other)
    }
    assert len(keys) == 2
    assert {len(key) for key in keys} == {32}


@given(st.integers(0, 5000))
def test_length_tells_the_bucket_only(length):
    padded = sealing.pad(bytes(length))
    assert len(padded) % 1024 == 0
    assert len(padded) - 1024 < length + 4 <= len(padded)
    assert sealing.unpad(padded) == bytes(length)


@pytest.mark.parametrize(
    "padded", [b"", b"\0\0\0\0", b"\0\0\x04\0" + bytes(1020), b"\0\0\0\x01ab" + bytes(1018)]
)
def test_padding_that_is_not_ours_is_refused(padded):
    with pytest.raises(SealBroken):
        sealing.unpad(padded)


def test_open_with_another_key_is_refused():
    sealed = sealing.seal(b"secret", CONTEXT, [DESK])
    with pytest.raises(SealBroken):
        sealing.open_slot(OTHER, sealed.slots[DESK.slot], CONTEXT, DESK.slot)
    with pytest.raises(SealBroken):
        sealing.decrypt(bytes(32), sealed.ciphertext, CONTEXT)


@pytest.mark.parametrize(
    "change",
    [{"subject": uuid4()}, {"envelope": uuid4()}, {"kind": "reply"}, {"version": 8}],
    ids=lambda change: next(iter(change)),
)
def test_open_in_another_place_is_refused(change):
    elsewhere = replace(CONTEXT, **change)
    with pytest.raises(SealBroken):
        sealing.open_slot(SEED, vector("sealed_slot"), elsewhere, DESK.slot)
    with pytest.raises(SealBroken):
        sealing.decrypt(KEY, vector("ciphertext"), elsewhere)
    with pytest.raises(SealBroken):
        sealing.verify(vector("verifier"), vector("signature"), b"we read it", elsewhere)


def test_open_by_another_slots_name_is_refused():
    with pytest.raises(SealBroken):
        sealing.open_slot(SEED, vector("sealed_slot"), CONTEXT, "unit:desk#4")


def test_swap_any_two_rows_is_refused():
    """Ciphertexts, and slots, of three envelopes of one report: none opens in another's place."""
    places = [context(subject=CONTEXT.subject, kind=kind) for kind in ("note", "note", "reply")]
    sealed = [sealing.seal(b"words", place, [DESK]) for place in places]
    for one, other in combinations(range(3), 2):
        for mine, theirs in ((one, other), (other, one)):
            with pytest.raises(SealBroken):
                sealing.open_slot(SEED, sealed[theirs].slots[DESK.slot], places[mine], DESK.slot)
            key = sealing.open_slot(SEED, sealed[mine].slots[DESK.slot], places[mine], DESK.slot)
            with pytest.raises(SealBroken):
                sealing.decrypt(key, sealed[theirs].ciphertext, places[mine])


def test_flip_any_byte_of_an_envelope_is_refused():
    for broken in flipped(vector("ciphertext")):
        with pytest.raises(SealBroken):
            sealing.decrypt(KEY, broken, CONTEXT)


def test_flip_any_byte_of_a_slot_is_refused():
    for broken in flipped(vector("sealed_slot")):
        with pytest.raises(SealBroken):
            sealing.open_slot(SEED, broken, CONTEXT, DESK.slot)


def test_flip_any_byte_of_a_signature_is_refused():
    for broken in flipped(vector("signature")):
        with pytest.raises(SealBroken):
            sealing.verify(vector("verifier"), broken, b"we read it", CONTEXT)


def test_flip_any_byte_of_a_box_is_refused():
    for broken in flipped(vector("boxed")):
        with pytest.raises(SealBroken):
            sealing.unbox(KEY, broken, b"vector")


@pytest.mark.parametrize("part", ["suite", "passes", "memory", "salt", "nonce", "box"])
def test_flip_a_byte_of_what_a_passphrase_opens_is_refused(part):
    at = {"suite": 0, "passes": 1, "memory": 2, "salt": 3, "nonce": 19, "box": 31}[part]
    locked = bytearray(vector("locked"))
    locked[at] ^= 1
    with pytest.raises(SealBroken):
        sealing.unlock(bytes(locked), VECTORS["passphrase"], b"vector")


@pytest.mark.parametrize("length", [0, 1, 5, 12, 13, 20, 40])
def test_cut_short_is_refused(length):
    for act in (
        lambda: sealing.decrypt(KEY, vector("ciphertext")[:length], CONTEXT),
        lambda: sealing.open_slot(SEED, vector("sealed_slot")[:length], CONTEXT, DESK.slot),
        lambda: sealing.unlock(vector("locked")[:length], VECTORS["passphrase"], b"vector"),
        lambda: sealing.unbox(KEY, vector("boxed")[:length], b"vector"),
    ):
        with pytest.raises(SealBroken):
            act()


def test_seal_to_what_is_no_public_key_is_refused():
    for public in (b"", DESK.public[:-1], DESK.public + b"x", b"\xff" * sealing.PUBLIC):
        with pytest.raises(SealBroken):
            sealing.seal_to(public, KEY, b"")


# --- Halves, shares, passphrases, signatures ----------------------------------------------------


def test_identity_takes_both_halves_or_recovery():
    pair = (
        Recipient("identity:custodian", 1, DESK.public),
        Recipient("identity:supervisor", 1, RECOVERY.public),
    )
    sealed = sealing.seal_between(b"a name", CONTEXT, pair, RECOVERY)
    one = sealing.open_slot(
        SEED, sealed.slots["identity:custodian#1"], CONTEXT, "identity:custodian#1"
    )
    other = sealing.open_slot(
        OTHER, sealed.slots["identity:supervisor#1"], CONTEXT, "identity:supervisor#1"
    )
    whole = sealing.open_slot(OTHER, sealed.slots["recovery#1"], CONTEXT, "recovery#1")
    assert sealing.join(one, other) == whole
    assert len(whole) == 32
    assert sealing.decrypt(whole, sealed.ciphertext, CONTEXT) == b"a name"
    for half in (one, other):
        with pytest.raises(SealBroken):
            sealing.decrypt(half, sealed.ciphertext, CONTEXT)


def test_halves_are_drawn_anew_each_time():
    one, other = sealing.split(KEY), sealing.split(KEY)
    assert one[0] != other[0]
    assert sealing.join(*one) == sealing.join(*other) == KEY
    assert KEY not in (*one, *other)


def test_join_halves_of_different_length_is_refused():
    with pytest.raises(SealBroken):
        sealing.join(b"four", b"three")


def test_shares_name_the_two_who_hold_each_part():
    names = [set(share) for share in sealing.share_out(KEY)]
    assert names == [{"12", "13"}, {"12", "23"}, {"13", "23"}]


def test_place_is_the_first_version_unless_told_otherwise():
    assert Context(uuid4(), uuid4(), "note").version == 1


def test_one_share_is_refused_twice_and_tells_nothing():
    shares = sealing.share_out(SEED)
    for share in shares:
        assert len(share) == 2
        assert SEED not in share.values()
        with pytest.raises(SealBroken):
            sealing.from_shares(share, share)
    with pytest.raises(SealBroken):
        sealing.from_shares(shares[0], {"99": b"no part in common"})


def test_unlock_with_a_wrong_passphrase_or_for_another_is_refused():
    with pytest.raises(SealBroken):
        sealing.unlock(vector("locked"), "7KQ2M9XW4T0ABCDEFGHK", b"vector")
    with pytest.raises(SealBroken):
        sealing.unlock(vector("locked"), VECTORS["passphrase"], b"another officer")


def test_guess_costs_what_the_record_says():
    """RFC 9106 and the design: 3 passes over 64 MiB. Tests themselves lock at the lowest cost."""
    assert vector("locked")[1:3] == bytes((3, 16))
    assert COST_IN_PRODUCTION == (3, 16)
    assert sealing.DEAREST == (8, 18)


@pytest.mark.parametrize("cost", [(9, 5), (1, 19)])
def test_unlock_at_a_cost_that_is_too_dear_is_not_even_tried(cost):
    dear = vector("locked")[:1] + bytes(cost) + vector("locked")[3:]
    with pytest.raises(SealBroken) as refused:
        sealing.unlock(dear, VECTORS["passphrase"], b"vector")
    assert "cost more" in str(refused.value.__cause__)


def test_unlock_for_less_than_it_was_locked_with_is_refused():
    cheap = vector("locked")[:1] + bytes((1, 5)) + vector("locked")[3:]
    with pytest.raises(SealBroken):
        sealing.unlock(cheap, VECTORS["passphrase"], b"vector")


@pytest.mark.parametrize("cost", [(9, 16), (3, 19), (255, 255), (0, 16), (3, 0)])
def test_unlock_at_a_cost_that_makes_no_sense_is_refused(cost):
    dear = vector("locked")[:1] + bytes(cost) + vector("locked")[3:]
    with pytest.raises(SealBroken):
        sealing.unlock(dear, VECTORS["passphrase"], b"vector")


def test_unlock_at_the_dearest_cost_still_opens(monkeypatch):
    monkeypatch.setattr(sealing, "DEAREST", (2, 6))
    monkeypatch.setattr(sealing, "COST", (2, 6))
    assert sealing.unlock(sealing.lock_up(b"x", "p", b""), "p", b"") == b"x"


def test_lock_up_twice_shares_neither_salt_nor_nonce():
    one, other = (sealing.lock_up(b"x", "p", b"") for _ in range(2))
    assert one[1:3] == bytes(sealing.COST)
    assert one[3:19] != other[3:19]
    assert one[19:31] != other[19:31]
    assert len(one) == 1 + 2 + 16 + 12 + 1 + 16
    boxes = {sealing.box(KEY, b"x", b"")[1:13] for _ in range(9)}
    assert len(boxes) == 9


def test_box_for_another_purpose_is_refused():
    with pytest.raises(SealBroken):
        sealing.unbox(KEY, vector("boxed"), b"another session")
    with pytest.raises(SealBroken):
        sealing.unbox(b"short", vector("boxed"), b"vector")


def test_verify_other_words_or_by_another_key_is_refused():
    signature = vector("signature")
    for verifier, words in (
        (vector("verifier"), b"we read it not"),
        (sealing.verifier_of(KEY), b"we read it"),
        (b"", b"we read it"),
        (bytes(33), b"we read it"),
    ):
        with pytest.raises(SealBroken):
            sealing.verify(verifier, signature, words, CONTEXT)


def test_errors_carry_no_secret():
    """A sentence for the reader, and nothing of what was being opened."""
    with pytest.raises(SealBroken) as error:
        sealing.decrypt(bytes(32), vector("ciphertext"), CONTEXT)
    assert str(error.value) == "The envelope does not open."
