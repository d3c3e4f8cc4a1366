"""The worker killed at a file of the directory: nothing of it, then all once."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from partners import search
from partners.actions import applying, file_rows, files
from partners.models import Partner
from portal import audit, outbox
from portal.models import AuditEvent, OutboxMessage
from tests.factories import UserFactory
from tests.kills import kill_in
from tests.partners import file_flows

pytestmark = pytest.mark.django_db(transaction=True)
FILE = (
    "record,code,id,version,name,type,country\n"
    "partner,one,,,One,customs,NZ\n"
    "partner,two,,,Two,customs,FJ\n"
)
# The calls that a worker makes, in order; the last two decide whether a file counts as applied.
CALLS = [
    pytest.param(file_rows.partners, "new_partner", marks=pytest.mark.soak),
    pytest.param(audit, "record_each", marks=pytest.mark.soak),
    (search, "keep"),
    (files, "finish"),
    (None, "done"),
]


@pytest.mark.parametrize(("place", "name"), [(applying, "rehearse"), (files, "tell")])
def test_worker_killed_while_it_compares_leaves_the_file_to_the_next_one(
    place: Any, name: str
) -> None:
    by = UserFactory(liaison_officer=True)
    told = {"file_name": "a.csv", "partner": None, "duty": "", "by": by}
    batch = files.send_file(data=FILE.encode(), **told)

    kill_in("partners.compare_file", place, name)
    batch.refresh_from_db()
    assert (batch.state, Partner.objects.count()) == ("comparing", 0)
    OutboxMessage.objects.filter(done_at=None).update(
        claimed_until=None, available_at=timezone.now()
    )
    outbox.deliver_open()

    batch.refresh_from_db()
    assert (batch.state, len(batch.changes), Partner.objects.count()) == ("compared", 2, 0)
    assert AuditEvent.objects.filter(event="directory_file_compared").count() == 1


@pytest.mark.parametrize(("place", "name"), CALLS)
def test_worker_killed_after_any_call_leaves_nothing_and_the_next_one_applies_all(
    place: Any, name: str
) -> None:
    by = UserFactory(liaison_officer=True)
    batch = file_flows.compare(FILE.encode(), by)
    files.confirm_file(batch=batch, by=by)

    kill_in("partners.apply_file", place, name)
    assert Partner.objects.count() == (2 if place is None else 0)
    OutboxMessage.objects.filter(done_at=None).update(
        claimed_until=None, available_at=timezone.now()
    )
    outbox.deliver_open()

    batch.refresh_from_db()
    assert batch.state == "applied"
    assert sorted(Partner.objects.values_list("code", flat=True)) == ["one", "two"]
    assert AuditEvent.objects.filter(event="partner_added").count() == 2
    assert AuditEvent.objects.filter(event="directory_file_applied").count() == 1
