"""What somebody hostile tried with reports and their keys, and what answers."""

from __future__ import annotations

import pytest

from portal import keyring, sealing
from portal.actions import keys
from portal.errors import AlreadyDone, DomainError
from portal.keyring import KeyRefused
from portal.models import DeskKey, KeyWrap, SealingKey
from tests.factories import UserFactory
from tests.people import at_the_desk

pytestmark = pytest.mark.django_db


# --- Somebody who writes the database: keys ---------------------------------------------------


def exchange(person):
    """The public half of an officer's desk key becomes one whose private half the attacker has."""
    seed = sealing.new_seed()
    DeskKey.objects.filter(user=person).update(public=sealing.public_of(seed))
    return seed


def test_exchanged_desk_key_is_told_to_the_officer_who_unlocks(desk):
    exchange(desk.officer)
    with pytest.raises(KeyRefused, match="exchanged"):
        desk.keys_of(desk.officer)


def test_exchanged_desk_key_is_not_the_fingerprint_that_the_officer_reads_out(client, desk):
    desk.unlocked(client, desk.officer)
    own = sealing.fingerprint(bytes(DeskKey.objects.get(user=desk.officer).public))
    seed = exchange(desk.officer)
    page = client.get("/admin/desk-key/").content.decode()
    assert own in page
    assert sealing.fingerprint(sealing.public_of(seed)) not in page


def test_locked_desk_shows_no_fingerprint_that_the_database_could_have_invented(client, desk):
    at_the_desk(client, desk.officer)
    own = sealing.fingerprint(bytes(DeskKey.objects.get(user=desk.officer).public))
    assert own not in client.get("/admin/desk-key/").content.decode()


def test_exchanged_desk_key_gets_no_new_version_of_a_key(desk):
    held = desk.keys_of(desk.supervisor)
    exchange(desk.officer)
    with pytest.raises(DomainError, match="not the one that was added"):
        keys.begin_rotation(name="unit:desk", keys=held, by=desk.supervisor)


def test_officer_whom_the_database_made_a_holder_gets_no_new_version_of_a_key(desk):
    stranger = UserFactory(triage_officer=True)
    keys.set_up_desk_key(user=stranger, confirmed=True)
    real = KeyWrap.objects.filter(sealing_key__name="unit:desk").first()
    KeyWrap.objects.create(
        sealing_key=SealingKey.objects.get(name="unit:desk"),
        desk_key=DeskKey.objects.get(user=stranger),
        sealed=real.sealed,
        voucher=real.voucher,
    )
    with pytest.raises(DomainError, match="not the one that was added"):
        keys.begin_rotation(
            name="unit:desk", keys=desk.keys_of(desk.supervisor), by=desk.supervisor
        )


def test_planted_key_of_the_blind_index_is_refused(desk):
    row = SealingKey.objects.get(name="unit:desk")
    known = bytes(32)
    row.sealed_index = sealing.seal_to(bytes(row.public), known, keyring.index_info(row.slot))
    row.save()
    with pytest.raises(KeyRefused):
        desk.keys_of(desk.officer)


def test_guess_passphrases_where_nobody_counts_is_refused(desk):
    with pytest.raises(AlreadyDone):
        keys.confirm_desk_key(user=desk.officer, passphrase=desk.passphrases[desk.officer.pk])
