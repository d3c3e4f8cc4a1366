"""Killed in the middle, restored from a backup: keys and what is sealed come through whole."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command

from portal import pins
from portal.models import KeyWrap, SealingKey
from reporting.models import Envelope, Slot
from tests.portal.test_keys_rotation import home, kept, keyed, read_all, rotate  # noqa: F401
from tests.processes import running, wait_for

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("times", [3])
def test_kill_a_rotation_again_and_again_loses_nothing(keyed, times):  # noqa: F811
    told = kept(200)
    words = ["rotate", "unit:desk", "--as=officer@customs.example", "--settle=0", "--batch=1"]
    words.append(f"--passphrase-file={keyed / 'officer'}")
    given = {"PORTAL_VAR": str(keyed), "PINS_FILE": settings.PINS_FILE}
    for _time in range(times):
        before = left()
        with running([sys.executable, "manage.py", "keys", *words], **given) as part:
            wait_for(
                lambda before=before: left() < before or part.process.poll() is not None,
                "a slot",
                every=0.005,
            )
            part.kill()
        pins.forget()
        assert read_all(keyed) == told
    assert 0 < left() < 200
    rotate(keyed, "officer", "unit:desk")
    assert left() == 0
    assert read_all(keyed) == told
    assert SealingKey.objects.filter(name="unit:desk").count() == 2
    assert not KeyWrap.objects.filter(
        sealing_key__name="unit:desk", sealing_key__version=1
    ).exists()


def left():
    return Slot.objects.filter(recipient="unit:desk#1").count()


def test_restore_from_a_backup_opens_everything(keyed, tmp_path):  # noqa: F811
    """Database and pinned file are kept; both are lost; both come back."""
    told = kept(5)
    rotate(keyed, "officer", "unit:desk")
    root = (keyed / "keys" / "pins_root").read_text()  # on paper, in production
    dump, pinned = tmp_path / "backup.json", Path(settings.PINS_FILE).read_bytes()
    tables = [
        f"portal.{name}" for name in ("user", "rolegrant", "sealingkey", "deskkey", "keywrap")
    ]
    tables += [
        "portal.pinnedserial",
        *(f"reporting.{name}" for name in ("report", "envelope", "slot")),
    ]
    call_command("dumpdata", *tables, output=str(dump), verbosity=0)
    call_command("flush", interactive=False, verbosity=0)
    shutil.rmtree(Path(settings.PINS_FILE).parent)
    pins.forget()
    assert not Envelope.objects.exists()
    Path(settings.PINS_FILE).parent.mkdir()
    Path(settings.PINS_FILE).write_bytes(pinned)
    (keyed / "keys" / "pins_root").write_text(root)
    call_command("loaddata", str(dump), verbosity=0)
    assert read_all(keyed) == told
