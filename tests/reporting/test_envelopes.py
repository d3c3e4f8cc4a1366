"""Envelopes of a report: what is sealed to whom, and who opens it."""

from __future__ import annotations

import pytest

from portal.sealing import SealBroken
from reporting import envelopes
from reporting.models import Kind
from reporting.models.reports import new_id

pytestmark = pytest.mark.django_db


def test_seal_a_note_so_that_the_unit_opens_it(desk):
    envelope, slots = envelopes.sealed(new_id(), Kind.NOTE, b"seen at the quay", unit="desk")
    assert (
        envelopes.opened(envelope, slots, desk.keys_of(desk.officer).seeds) == b"seen at the quay"
    )
    assert {slot.recipient for slot in slots} == {"unit:desk#1", "recovery#1"}


def test_open_as_custodian_what_is_the_units_is_refused(desk):
    envelope, slots = envelopes.sealed(new_id(), Kind.NOTE, b"seen at the quay", unit="desk")
    with pytest.raises(SealBroken):
        envelopes.opened(envelope, slots, desk.keys_of(desk.custodian).seeds)
