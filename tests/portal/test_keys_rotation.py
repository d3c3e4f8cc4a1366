"""Rotation and recovery: slots move, content does not, and nothing is lost at any step."""

from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command

from portal import key_files, keyring, pins, sealing
from portal.actions import keys
from portal.errors import DomainError
from portal.models import DeskKey, KeyWrap, SealingKey
from reporting import envelopes
from reporting.models import Envelope, Kind, Report, Slot
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def home(settings, tmp_path):
    """Keys of development in a folder of this test's own."""
    settings.VAR = tmp_path
    settings.PINS_FILE = str(tmp_path / "keys" / "pins.json")
    for folder in ("keys", "log"):
        (tmp_path / folder).mkdir()
    pins.forget()
    return tmp_path


@pytest.fixture
def keyed(home, capsys):
    """Keys made by the command for one officer of each role; what was printed for them."""
    people = [
        UserFactory(email="officer@customs.example", triage_officer=True),
        UserFactory(email="supervisor@customs.example", supervisor=True),
        UserFactory(email="custodian@customs.example", identity_custodian=True),
    ]
    words = [word for person in people for word in ("--officer", person.email)]
    call_command("keys", "create", *words, "--out", str(home / "out"))
    lines = capsys.readouterr().out.splitlines()
    for person in people:
        (found,) = [line for line in lines if person.email in line]
        (home / person.email.partition("@")[0]).write_text(found.rpartition(" ")[2])
    return home


def keys_of(home, who):
    passphrase = (home / who).read_text()
    user = DeskKey.objects.get(user__email=f"{who}@customs.example", revoked_at=None).user
    return keyring.open_keys(user, passphrase)


def kept(number=5, unit="desk"):
    """Reports with a note and an identity each; what each envelope says."""
    told = {}
    for one in range(number):
        report = Report.objects.create()
        for envelope, slots in (
            envelopes.sealed(report.pk, Kind.NOTE, f"note {one}".encode(), unit=unit),
            envelopes.sealed_identity(report.pk, f"name {one}".encode()),
        ):
            envelope.save()
            Slot.objects.bulk_create(slots)
            told[envelope.pk] = f"{'note' if envelope.kind == Kind.NOTE else 'name'} {one}".encode()
    return told


def read_all(home, people=("officer", "supervisor", "custodian")):
    """Every envelope as its holders open it now."""
    seeds = {}
    for who in people:
        seeds |= keys_of(home, who).seeds
    found = {}
    for envelope in Envelope.objects.prefetch_related("slots"):
        parts = [
            sealing.open_slot(
                seeds[one.recipient], bytes(one.sealed), envelope.context, one.recipient
            )
            for one in envelope.slots.all()
            if one.recipient in seeds
        ]
        key = parts[0] if len(parts) == 1 else sealing.join(*parts)
        found[envelope.pk] = envelopes.decrypted(envelope, key)
    return found


def rotate(home, who, *names, **more):
    call_command(
        "keys",
        "rotate",
        *names,
        "--as",
        f"{who}@customs.example",
        "--passphrase-file",
        str(home / who),
        "--settle=0",
        "--batch=2",
        *(f"--{name}={value}" for name, value in more.items()),
    )


def shares(home, *numbers, version=1):
    files = [home / "out" / f"recovery-{version}-share-{number}.txt" for number in numbers]
    return [word for path in files for word in ("--share", str(path))]


def slots_to(name):
    return Slot.objects.filter(recipient__startswith=name).values_list("recipient", flat=True)


@pytest.mark.parametrize(
    ("who", "name"),
    [
        ("officer", "unit:desk"),
        ("custodian", "identity:custodian"),
        ("supervisor", "identity:supervisor"),
    ],
)
def test_rotate_a_key_moves_every_slot_and_loses_nothing(keyed, who, name):
    told = kept()
    content = dict(Envelope.objects.values_list("pk", "ciphertext"))
    rotate(keyed, who, name)
    assert set(slots_to(name)) == {f"{name}#2"}
    assert read_all(keyed) == told
    assert {pk: bytes(text) for pk, text in Envelope.objects.values_list("pk", "ciphertext")} == {
        pk: bytes(text) for pk, text in content.items()
    }
    assert pins.current().serial == 2
    assert SealingKey.objects.get(name=name, version=1).retired_at is not None
    assert not KeyWrap.objects.filter(sealing_key__name=name, sealing_key__version=1).exists()


def test_rotate_a_unit_keeps_its_index_and_what_it_signed(keyed):
    before = keys_of(keyed, "officer")
    context = Envelope(report_id=Report.objects.create().pk, kind=Kind.REPLY).context
    slot, signer = before.signer("unit:desk")
    signature = sealing.sign(signer, b"we read it", context)
    rotate(keyed, "officer", "unit:desk")
    after = keys_of(keyed, "officer")
    assert after.index == before.index
    assert after.signer("unit:desk")[0] == "unit:desk#2"
    sealing.verify(pins.current().of(slot).verifier, signature, b"we read it", context)


def test_rotate_while_a_report_is_filed_with_the_old_file(keyed, monkeypatch):
    told = kept(2)
    held = keys_of(keyed, "officer")
    late = pins.current()
    made = keys.begin_rotation(name="unit:desk", keys=held, by=held.user)
    signer = key_files.read(keyed / "keys" / "pins_signing_key").parts["key"]
    pins.put_in_place(pins.sign(pins.succession(late, [made.pin()]), signer))
    list(keys.move_slots(name="unit:desk", seeds=held.seeds))
    monkeypatch.setattr(envelopes.pins, "current", lambda: late)
    told |= kept(1)
    monkeypatch.undo()
    with pytest.raises(DomainError, match="still sealed"):
        keys.finish_rotation(name="unit:desk", by=None)
    rotate(keyed, "officer", "unit:desk")
    assert read_all(keyed) == told


def test_rotate_leaves_a_broken_slot_and_says_so(keyed, capsys):
    told = kept(3)
    broken = Slot.objects.filter(recipient="unit:desk#1").first()
    Slot.objects.filter(pk=broken.pk).update(sealed=b"\x01" + bytes(1168))
    with pytest.raises(CommandError, match="still sealed to unit:desk#1"):
        rotate(keyed, "officer", "unit:desk")
    assert str(broken.envelope_id) in capsys.readouterr().err
    assert set(keys_of(keyed, "officer").seeds) == {"unit:desk#1", "unit:desk#2"}
    del told[broken.envelope_id]
    Envelope.objects.get(pk=broken.envelope_id).delete()
    rotate(keyed, "officer", "unit:desk")
    assert read_all(keyed) == told


def test_rotate_a_key_that_the_officer_does_not_hold_is_refused(keyed):
    with pytest.raises(CommandError, match="do not hold identity:custodian#1"):
        rotate(keyed, "officer", "identity:custodian")
    assert pins.current().serial == 1


def test_rotate_with_a_wrong_passphrase_is_refused(keyed):
    (keyed / "officer").write_text("AAAAA-AAAAA-AAAAA-AAAAA")
    with pytest.raises(CommandError, match="not your desk passphrase"):
        rotate(keyed, "officer", "unit:desk")


def test_leave_as_an_officer_strands_nothing(keyed):
    told = kept()
    call_command(
        "keys",
        "remove-officer",
        "officer@customs.example",
        "--as=supervisor@customs.example",
        f"--passphrase-file={keyed / 'supervisor'}",
        "--settle=0",
    )
    assert set(slots_to("unit:desk")) == {"unit:desk#2"}
    assert not SealingKey.objects.exclude(rotation_due_at=None).exists()
    assert not DeskKey.objects.filter(user__email__startswith="officer", revoked_at=None).exists()
    assert read_all(keyed, ["supervisor", "custodian"]) == told


@pytest.mark.parametrize("pair", [(1, 2), (1, 3), (2, 3)])
def test_recover_with_any_two_of_three_loses_nothing(keyed, pair, capsys):
    told = kept()
    index = keys_of(keyed, "officer").index
    people = ["officer", "supervisor", "custodian"]
    words = [word for who in people for word in ("--officer", f"{who}@customs.example")]
    call_command("keys", "recover", *shares(keyed, *pair), *words, "--settle=0", "--batch=2")
    lines = capsys.readouterr().out.splitlines()
    for who in people:
        with pytest.raises(keyring.WrongPassphrase):
            keys_of(keyed, who)
        (found,) = [line for line in lines if f"{who}@customs.example:" in line]
        (keyed / who).write_text(found.rpartition(" ")[2])
    assert read_all(keyed) == told
    assert keys_of(keyed, "officer").index == index
    assert {slot.rpartition("#")[2] for slot in slots_to("identity:")} == {"2"}


def test_recover_one_half_of_identities_draws_both_anew(keyed, capsys):
    told = kept(3)
    words = [*shares(keyed, 1, 2), "--name=identity:custodian"]
    call_command("keys", "recover", *words, "--officer=custodian@customs.example", "--settle=0")
    out = capsys.readouterr().out
    (keyed / "custodian").write_text(out.partition("example: ")[2].splitlines()[0])
    assert set(slots_to("identity:")) == {"identity:custodian#2", "identity:supervisor#1"}
    assert read_all(keyed) == told


def test_recover_with_the_same_share_twice_is_refused(keyed):
    words = [*shares(keyed, 2, 2), "--officer=officer@customs.example"]
    with pytest.raises(CommandError, match="two different shares"):
        call_command("keys", "recover", *words)
    assert SealingKey.objects.filter(version=2).count() == 0


def test_recover_with_a_share_of_another_recovery_key_is_refused(keyed, home):
    other = sealing.share_out(sealing.new_seed())
    path = home / "out" / "strange.txt"
    key_files.write(path, "Recovery share 2 of 3", [], other[1])
    words = [*shares(keyed, 1), "--share", str(path), "--officer=officer@customs.example"]
    with pytest.raises(CommandError, match="do not make the recovery key"):
        call_command("keys", "recover", *words)


def test_recover_for_nobody_is_refused(keyed):
    with pytest.raises(CommandError, match="Name an officer"):
        call_command("keys", "recover", *shares(keyed, 1, 3))
    assert SealingKey.objects.filter(version=2).count() == 0


def test_drill_of_recovery_opens_and_changes_nothing(keyed, capsys):
    kept(3)
    before = list(Slot.objects.order_by("pk").values_list("pk", "recipient", "sealed"))
    call_command("keys", "recovery-drill", *shares(keyed, 1, 3))
    assert "6 slots opened" in capsys.readouterr().out
    assert list(Slot.objects.order_by("pk").values_list("pk", "recipient", "sealed")) == before


def test_rotate_recovery_gives_new_shares_that_open_everything(keyed, capsys):
    told = kept(3)
    out = str(keyed / "out")
    call_command("keys", "rotate", "recovery", *shares(keyed, 1, 2), "--out", out, "--settle=0")
    assert set(slots_to("recovery")) == {"recovery#2"}
    call_command("keys", "recovery-drill", *shares(keyed, 2, 3, version=2))
    assert "6 slots opened" in capsys.readouterr().out
    assert read_all(keyed) == told


def test_extend_the_pinned_keys(keyed):
    call_command("keys", "extend", "--expires=2035-01-31")
    assert (pins.current().serial, str(pins.current().expires)) == (2, "2035-01-31")


def test_list_keys_says_who_holds_what(keyed, capsys):
    call_command("keys", "list")
    lines = capsys.readouterr().out.splitlines()
    (unit,) = [line for line in lines if line.startswith("unit:desk#1")]
    assert unit.split()[1:] == [
        "in",
        "use",
        "officer@customs.example,",
        "supervisor@customs.example",
    ]


def test_create_keys_twice_is_refused_or_passed_over(keyed):
    with pytest.raises(CommandError, match="keys already"):
        call_command("keys", "create")
    call_command("keys", "create", "--if-missing")


def test_create_keys_before_there_are_people_and_give_them_later(home, capsys):
    call_command("keys", "create", "--if-missing")
    told = kept(1)
    for who in ("officer", "supervisor", "custodian"):
        role = {"officer": "triage_officer", "custodian": "identity_custodian"}.get(who, who)
        UserFactory(email=f"{who}@customs.example", **{role: True})
    words = [f"--officer={who}@customs.example" for who in ("officer", "supervisor", "custodian")]
    call_command("keys", "create", "--if-missing", *words)
    for line in capsys.readouterr().out.splitlines():
        if "@customs.example: " in line:
            address, _, passphrase = line.partition(": ")
            (home / address.rpartition(" ")[2].partition("@")[0]).write_text(passphrase)
    assert read_all(home) == told


def test_rotate_where_the_offline_key_is_away(keyed, capsys):
    """The request is signed elsewhere and put in place; the rotation then goes on."""
    told = kept(2)
    offline = (keyed / "keys" / "pins_signing_key").rename(keyed / "usb.txt")
    rotate(keyed, "officer", "unit:desk", out=str(keyed / "out"))
    request = keyed / "out" / "pins-request-2.json"
    assert pins.current().serial == 1
    assert read_all(keyed) == told
    with pytest.raises(CommandError, match="request waits"):
        rotate(keyed, "officer", "unit:desk")
    words = ["--signing-key", str(offline), "--out", str(keyed / "keys" / "pins.json"), "--yes"]
    call_command("keys", "sign-pins", str(request), *words)
    pins.forget()
    rotate(keyed, "officer", "unit:desk")
    assert set(slots_to("unit:desk")) == {"unit:desk#2"}
    assert read_all(keyed) == told


def test_request_of_a_rotation_is_forgotten_and_its_file_comes_all_the_same(keyed):
    told = kept(2)
    offline = (keyed / "keys" / "pins_signing_key").rename(keyed / "usb.txt")
    rotate(keyed, "officer", "unit:desk", out=str(keyed / "out"))
    first = (keyed / "out" / "pins-request-2.json").read_bytes()
    call_command(
        "keys", "rotate", "unit:desk", "--again", "--as=officer@customs.example",
        f"--passphrase-file={keyed / 'officer'}", "--settle=0", f"--out={keyed / 'out'}",
    )  # fmt: skip
    key = key_files.read(offline).parts["key"]
    pins.put_in_place(pins.sign(first, key))
    rotate(keyed, "officer", "unit:desk")
    assert read_all(keyed) == told
