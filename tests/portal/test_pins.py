"""The pinned file: believed only whole, signed by the right key, in its time and in its order."""

from __future__ import annotations

import base64
import json
import sys
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
import time_machine
from django.conf import settings
from django.utils import timezone

from portal import pins, sealing
from portal.models import PinnedSerial
from portal.pinned_file import Pin, PinsRefused, read, request, requested, sign, succession, write
from tests.processes import running
from tests.sealing_kit import pin

SIGNER = sealing.new_signer()
ROOT = sealing.verifier_of(SIGNER)
EXPIRES = date(2031, 1, 31)


def a_pin(name="unit:desk", version=1, *, active=True):
    public = sealing.public_of(sealing.new_seed())
    return Pin(name, version, public, sealing.verifier_of(sealing.new_signer()), active)


FIRST, SECOND = a_pin(active=False), a_pin(version=2)
OTHER = replace(a_pin("recovery"), verifier=b"")
FILE = write([FIRST, SECOND, OTHER], serial=4, expires=EXPIRES, signer=SIGNER)


def signed(change):
    """A file whose payload somebody changed before the offline key signed it."""
    inner = json.loads(request([FIRST, SECOND], serial=4, expires=EXPIRES))
    change(inner)
    return sign(json.dumps(inner).encode(), SIGNER)


def outer(**fields):
    told = {**json.loads(FILE), **fields}
    return json.dumps({name: value for name, value in told.items() if value is not None}).encode()


# --- What it says -----------------------------------------------------------------------------


def test_read_gives_back_what_was_written():
    found = read(FILE, ROOT)
    assert (found.serial, found.expires) == (4, EXPIRES)
    assert found.pins == (FIRST, SECOND, OTHER)
    assert found.names() == ["recovery", "unit:desk"]
    assert found.slots() == {"unit:desk#1", "unit:desk#2", "recovery#1"}


def test_seal_to_the_active_version_and_verify_by_a_retired_one():
    found = read(FILE, ROOT)
    assert found.recipient("unit:desk") == SECOND.recipient
    assert found.active("unit:desk") == SECOND
    assert found.of("unit:desk#1") == FIRST


@pytest.mark.parametrize("name", ["unit:drugs", "unit:desk#2", "unit", ""])
def test_seal_to_a_name_that_is_not_pinned_is_refused(name):
    with pytest.raises(PinsRefused, match="No key is pinned"):
        read(FILE, ROOT).recipient(name)


def test_seal_to_a_name_with_none_but_retired_versions_is_refused():
    only = read(write([FIRST], serial=1, expires=EXPIRES, signer=SIGNER), ROOT)
    with pytest.raises(PinsRefused):
        only.recipient("unit:desk")


@pytest.mark.parametrize("slot", ["unit:desk#3", "unit:desk", "unit:drugs#1"])
def test_slot_that_was_never_pinned_is_refused(slot):
    with pytest.raises(PinsRefused, match="not pinned"):
        read(FILE, ROOT).of(slot)


# --- What is no file of ours ------------------------------------------------------------------


def test_file_of_another_root_is_refused():
    with pytest.raises(PinsRefused, match="not signed"):
        read(FILE, sealing.verifier_of(sealing.new_signer()))


ZEROS = base64.b64encode(bytes(64)).decode()


@pytest.mark.parametrize("signature", [None, "", "AAAA", "-", 7, ZEROS])
def test_missing_or_forged_signature_is_refused(signature):
    with pytest.raises(PinsRefused):
        read(outer(signature=signature), ROOT)


def test_signature_over_the_bare_payload_is_refused():
    """What the offline key signed for another purpose is no pinned file."""
    payload = base64.b64decode(json.loads(FILE)["pins"])
    bare = sealing.Ed25519PrivateKey.from_private_bytes(SIGNER).sign(payload)
    with pytest.raises(PinsRefused):
        read(outer(signature=base64.b64encode(bare).decode()), ROOT)


CHANGES = {
    "public": base64.b64encode(bytes(sealing.PUBLIC)).decode(),
    "verifier": "",
    "active": True,
    "version": 9,
    "name": "unit:drugs",
    "serial": 9,
    "expires": "2032-01-31",
}


@pytest.mark.parametrize("field", CHANGES)
def test_any_word_changed_after_signing_is_refused(field):
    payload = base64.b64decode(json.loads(FILE)["pins"])
    inner = json.loads(payload)
    where = inner if field in inner else inner["keys"][0]
    where[field] = CHANGES[field]
    if field == "active":  # the older version instead of the newer
        inner["keys"][1]["active"] = False
    changed = json.dumps(inner).encode()
    assert requested(changed) != requested(payload)
    with pytest.raises(PinsRefused):
        read(outer(pins=base64.b64encode(changed).decode()), ROOT)


def test_file_that_was_cut_is_refused_wherever_it_ends():
    whole = len(FILE.rstrip())
    for length in [*range(0, whole, 97), whole - 1]:
        with pytest.raises(PinsRefused):
            read(FILE[:length], ROOT)


@pytest.mark.parametrize("data", [b"[]", b"null", b"7", b'"pins"', b"\xff\xfe", b"{}"])
def test_something_else_is_refused(data):
    with pytest.raises(PinsRefused):
        read(data, ROOT)
    with pytest.raises(PinsRefused, match="no request"):
        requested(data)


@pytest.mark.parametrize(
    "change",
    [
        lambda inner: inner["keys"].append(inner["keys"][1]),
        lambda inner: inner["keys"][0].update(active=True),
        lambda inner: inner["keys"][0].update(public="AAAA"),
        lambda inner: inner["keys"][0].update(verifier="AAAA"),
        lambda inner: inner["keys"][0].pop("version"),
        lambda inner: inner.update(expires="tomorrow"),
        lambda inner: inner.pop("serial"),
    ],
    ids=["slot twice", "two active", "key", "verifier", "version", "day", "serial"],
)
def test_file_that_makes_no_sense_is_refused_even_when_signed(change):
    assert read(signed(lambda inner: None), ROOT)
    with pytest.raises(PinsRefused):
        read(signed(change), ROOT)


def test_key_is_active_by_true_alone():
    found = read(signed(lambda inner: inner["keys"][1].update(active="false")), ROOT)
    assert found.names() == []


# --- What follows -----------------------------------------------------------------------------


def test_succession_retires_what_is_followed_and_keeps_the_rest():
    third = a_pin(version=3)
    next_one = requested(succession(read(FILE, ROOT), [third]))
    assert (next_one.serial, next_one.expires) == (5, EXPIRES)
    assert next_one.recipient("unit:desk") == third.recipient
    assert next_one.of("unit:desk#2") == replace(SECOND, active=False)
    assert next_one.active("recovery") == OTHER


# --- Which file is believed -------------------------------------------------------------------


def put(serial, *, expires=EXPIRES, signer=SIGNER, pinned=(SECOND,)):
    pin(write(pinned, serial=serial, expires=expires, signer=signer), ROOT)


@pytest.mark.django_db(transaction=True)
def test_older_file_is_refused_by_a_process_that_never_saw_the_newer():
    """Believed in one process; the database remembers for all that start later."""
    believe = "from portal import pins; pins.current()"
    command = [sys.executable, "-c", f"import django; django.setup(); {believe}"]
    told = {"PORTAL_VAR": str(settings.VAR), "PINS_FILE": settings.PINS_FILE}
    put(7)
    with running(command, **told) as part:
        assert part.process.wait(timeout=120) == 0
    assert PinnedSerial.objects.get().serial == 7
    put(6)
    with pytest.raises(PinsRefused, match="older"):
        pins.current()


@pytest.mark.django_db
def test_newer_file_is_noticed_without_a_restart(monkeypatch):
    put(1)
    assert pins.current().serial == 1
    newer = write([SECOND], serial=2, expires=EXPIRES, signer=SIGNER)
    Path(settings.PINS_FILE).write_bytes(newer)
    assert pins.current().serial == 1
    now = pins.time.monotonic()
    monkeypatch.setattr(pins.time, "monotonic", lambda: now + pins.REMEMBERED_FOR)
    assert pins.current().serial == 2
    assert list(PinnedSerial.objects.values_list("serial", flat=True)) == [1, 2]


@pytest.mark.django_db
def test_file_is_believed_through_its_last_day_and_refused_the_day_after():
    today = timezone.localdate()
    put(1, expires=today)
    assert pins.current().serial == 1
    tomorrow = time_machine.travel(timezone.now() + timedelta(days=1))
    with tomorrow, pytest.raises(PinsRefused, match="ended"):
        pins.current()


@pytest.mark.django_db
def test_refused_file_is_not_remembered_as_believed():
    put(9, signer=sealing.new_signer())
    with pytest.raises(PinsRefused):
        pins.current()
    assert not PinnedSerial.objects.exists()
    put(1)
    assert pins.current().serial == 1


@pytest.mark.django_db
def test_missing_file_is_refused():
    put(1)
    Path(settings.PINS_FILE).unlink()
    with pytest.raises(PinsRefused, match="cannot be read"):
        pins.current()


@pytest.mark.django_db
def test_put_in_place_what_nobody_signed_leaves_the_old_file():
    put(1)
    before = Path(settings.PINS_FILE).read_bytes()
    with pytest.raises(PinsRefused):
        pins.put_in_place(write([SECOND], serial=2, expires=EXPIRES, signer=sealing.new_signer()))
    assert Path(settings.PINS_FILE).read_bytes() == before
    assert [path.name for path in Path(settings.PINS_FILE).parent.glob(".pins*")] == []


@pytest.mark.parametrize("root", ["", "00" * 31, "00" * 33, "zz" * 32])
def test_root_that_is_no_key_is_refused(settings, tmp_path, root):
    settings.PINS_ROOT, settings.VAR = root, tmp_path
    with pytest.raises(PinsRefused, match="PINS_ROOT"):
        pins.root()


def test_root_of_development_is_not_read_in_production(settings, tmp_path):
    settings.PINS_ROOT, settings.VAR = "", tmp_path
    (tmp_path / "keys").mkdir()
    (tmp_path / "keys" / "pins_root").write_text(ROOT.hex())
    assert pins.root() == ROOT
    settings.PRODUCTION = True
    with pytest.raises(PinsRefused):
        pins.root()
