"""The demonstration of the partners: exchanges in every state, told once."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from partners.exchange_lifecycle import Direction, Status
from partners.models import Exchange
from portal import demonstration as people
from portal import demonstration_keys

pytestmark = pytest.mark.django_db


@pytest.fixture
def demonstration(settings, tmp_path):
    settings.DEMONSTRATION = True
    settings.VAR = tmp_path
    settings.PINS_FILE = str(tmp_path / "keys" / "pins.json")
    (tmp_path / "keys").mkdir()
    call_command("load_reference", verbosity=0)
    people.add_staff()


@pytest.mark.usefixtures("demonstration")
def test_exchanges_are_told_in_every_state_and_once():
    demonstration_keys.make_keys()
    for _time in range(2):
        call_command("load_partners_demonstration", verbosity=0)
    states = set(Exchange.objects.values_list("direction", "status"))
    out = {Status.DRAFT, Status.APPROVED, Status.SENT}
    assert states == {
        *((Direction.OUT, one) for one in Status if one != Status.RECEIVED),
        *((Direction.IN, one) for one in Status if one not in out),
    }
    assert Exchange.objects.count() == 21


def test_demonstration_is_refused_elsewhere():
    with pytest.raises(CommandError, match="refused here"):
        call_command("load_partners_demonstration")


@pytest.mark.usefixtures("demonstration")
def test_older_demonstration_gets_the_key_of_the_liaison_desk(monkeypatch):
    with monkeypatch.context() as older:
        older.setattr(demonstration_keys, "OFFICERS", demonstration_keys.OFFICERS[:3])
        older.setattr("portal.actions.keys.ceremony.LIAISON_KEY", "identity:supervisor")
        older.setattr(demonstration_keys, "LIAISON", "triage@customs.example")
        demonstration_keys.make_keys()
    demonstration_keys.make_keys()
    held = demonstration_keys.unlocked(demonstration_keys.LIAISON)
    assert held.holds("liaison:desk")
