"""What somebody hostile tried with reports and their keys, and what answers."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone

from portal import actions, keyring, pins, sealing
from portal.actions import keys
from portal.errors import AlreadyDone, DomainError, NotAllowed
from portal.keyring import KeyRefused
from portal.models import DeskKey, KeyWrap, RoleGrant, SealingKey
from portal.pins import PinsRefused
from portal.sealing import Context, SealBroken
from reporting import envelopes, opening
from reporting.actions import identities, notes
from reporting.actions.filing import write
from reporting.models import Envelope, Kind, Slot
from tests.factories import UserFactory
from tests.people import at_the_desk
from tests.reporting import cases
from tests.reporting.intake import Reporter
from tests.reporting.sealed import add_identity, make_report_by

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


@pytest.mark.parametrize("how", ["revoke", "close"])
def test_officer_who_leaves_by_way_of_the_administrator_makes_rotation_due(desk, how):
    administrator = UserFactory(system_administrator=True)
    if how == "revoke":
        grant = RoleGrant.objects.get(user=desk.officer, role="triage_officer")
        actions.revoke_role(grant=grant, by=administrator)
    else:
        actions.close_account(user=desk.officer, by=administrator)
    assert SealingKey.objects.get(name="unit:desk").rotation_due_at is not None
    assert SealingKey.objects.get(name="identity:custodian").rotation_due_at is None


# --- Somebody who writes the file of pinned keys ----------------------------------------------


def put(data):
    Path(settings.PINS_FILE).write_bytes(data)
    pins.forget()


def test_older_pinned_file_is_refused(desk):
    older, ends = Path(settings.PINS_FILE).read_bytes(), timezone.localdate() + timedelta(days=9)
    put(pins.sign(pins.succession(pins.current(), expires=ends), desk.ceremony.offline))
    assert pins.current().serial == 2
    put(older)
    with pytest.raises(PinsRefused, match="older"):
        pins.current()


def test_pinned_file_that_changed_under_its_serial_is_refused(desk):
    ends = timezone.localdate() + timedelta(days=9)
    believed = pins.current()
    same = pins.request(believed.pins, serial=believed.serial, expires=ends)
    put(pins.sign(same, desk.ceremony.offline))
    with pytest.raises(PinsRefused, match="same serial"):
        pins.current()


def test_pinned_file_signed_by_another_is_refused(desk):
    put(pins.sign(pins.succession(pins.current()), sealing.new_signer()))
    with pytest.raises(PinsRefused, match="not signed"):
        pins.current()


def test_key_swapped_in_the_database_is_sealed_to_by_nobody(desk):
    stranger = sealing.new_seed()
    SealingKey.objects.filter(name="unit:desk").update(public=sealing.public_of(stranger))
    report, _told = cases.filed()
    row = Envelope.objects.get(report=report, kind=Kind.REPORT)
    with pytest.raises(SealBroken):
        envelopes.opened(row, row.slots.all(), {"unit:desk#1": stranger})
    assert opening.told(report, desk.keys_of(desk.officer))


# --- Somebody who writes the database: what was told ------------------------------------------


def sealed_anew(envelope, plaintext):
    """Another content in the place of an envelope, sealed as anybody can who knows the pins."""
    forged, _slots = envelopes.sealed(
        envelope.report_id, Kind(envelope.kind), plaintext, unit="desk", version=envelope.version
    )
    Slot.objects.filter(envelope=envelope).delete()
    Envelope.objects.filter(pk=envelope.pk).delete()
    sealed = sealing.seal(
        envelopes._stamp(forged, bytes(16)) + plaintext,
        Context(envelope.report_id, envelope.pk, envelope.kind, envelope.version),
        [pins.current().recipient("unit:desk")],
    )
    forged.pk, forged.ciphertext = envelope.pk, sealed.ciphertext
    forged.save(force_insert=True)
    for recipient, key in sealed.slots.items():
        Slot.objects.create(envelope=forged, recipient=recipient, sealed=key)


@pytest.mark.parametrize("copy", ["original", "view"])
def test_file_that_was_sealed_anew_by_another_is_refused(desk, copy):
    picture = cases.picture()
    report, _told = cases.filed(files=(picture,))
    held = desk.keys_of(desk.officer)
    file = opening.read(report, held).file(picture.id)
    assert b"".join(opening.copy_of(report, file, copy, held))
    sealed_anew(Envelope.objects.get(pk=file[copy][0]), b"\xff\xd8\xff planted")
    assert b"".join(opening.pieces(report, file[copy], held)) == b"\xff\xd8\xff planted"
    with pytest.raises(SealBroken):
        b"".join(opening.copy_of(report, file, copy, held))


def test_message_beside_a_report_that_does_not_open_is_not_taken_for_the_reporters(desk):
    report, _told = cases.filed()
    Envelope.objects.filter(report=report, kind=Kind.REPORT).update(ciphertext=b"\x01broken")
    envelope, slots = envelopes.sealed(
        report.pk, Kind.MESSAGE, b'{"version":1,"text":"I take it back."}', unit="desk"
    )
    write([(envelope, slots)])
    found = opening.read(report, desk.keys_of(desk.officer))
    assert [(entry.broken, entry.told) for entry in found.of(Kind.MESSAGE)] == [(True, {})]


def test_identity_that_another_put_in_its_place_is_refused(desk):
    report = make_report_by(b'{"name": "Eva Holm"}')
    Envelope.objects.filter(report=report, kind=Kind.IDENTITY).delete()
    add_identity(report, b'{"name": "Somebody to be blamed"}')
    asked = identities.request_identity(
        report=report, by=desk.supervisor, reason="Testimony is needed in court"
    )
    released = identities.release_identity(
        request=asked, keys=desk.keys_of(desk.custodian), by=desk.custodian
    )
    with pytest.raises(DomainError, match="exchanged"):
        identities.open_identity(
            request=released, keys=desk.keys_of(desk.supervisor), by=desk.supervisor
        )


@pytest.mark.parametrize("kind", [Kind.SANITISED, Kind.REFERRAL])
def test_text_that_the_desk_did_not_sign_is_not_handed_over(desk, kind):
    report, _told = cases.filed()
    write([envelopes.sealed(report.pk, kind, b'{"text": "Planted."}', unit="desk", author_id=1)])
    found = opening.read(report, desk.keys_of(desk.officer))
    assert [entry.broken for entry in found.of(kind)] == [True]
    assert found.sanitised is None


def test_note_that_was_planted_is_told_from_one_that_an_officer_signed(desk):
    report, _told = cases.filed()
    held = desk.keys_of(desk.officer)
    told = {"report": report, "by": desk.officer, "statement": "fact", "source": "Register"}
    notes.add_note(**told, text="The van is hired.", keys=held)
    planted = b'{"text": "Dropped.", "statement": "fact"}'
    write([envelopes.sealed(report.pk, Kind.NOTE, planted, unit="desk", author_id=told["by"].pk)])
    found = opening.read(report, held)
    assert {note.told["text"]: note.signed for note in found.notes} == {
        "The van is hired.": True,
        "Dropped.": False,
    }


def test_note_in_the_name_of_an_officer_whose_keys_are_another_s_is_refused(desk):
    report, _told = cases.filed()
    with pytest.raises(NotAllowed):
        notes.sanitise(
            report=report, by=desk.officer, text="Boxes.", keys=desk.keys_of(desk.supervisor)
        )


# --- Somebody's own page, and somebody who reads the proxy's log ------------------------------


def test_link_on_a_strangers_page_throws_no_draft_away():
    reporter = Reporter()
    reporter.tell()
    answer = reporter.client.get("/report/leave/", headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 302
    assert not answer.cookies
    assert reporter.has_draft
    reporter.client.get("/report/leave/", headers={"Sec-Fetch-Site": "same-origin"})
    assert not reporter.has_draft


def test_style_and_script_of_intake_leave_no_line_in_the_proxys_log():
    proxy = (settings.BASE_DIR / "deploy" / "proxy" / "nginx.conf").read_text()
    place = re.search(r"location ~ \^/\(static/\|brand-\) \{(.*?)\n        \}", proxy, re.DOTALL)
    assert "access_log off;" in place[1]
    assert "error_log /dev/null crit;" in place[1]
    page = Reporter().text()
    fetched = re.findall(r'(?:href|src)="(/[^"#]*\.(?:css|js|svg)[^"]*)"', page)
    assert fetched
    assert all(re.match(r"/(static/|brand-)", one) for one in fetched)
