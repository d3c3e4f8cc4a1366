"""Agreements that were made before this release keep what they rest on, and get their days."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from mou.models import Mou
from tests.factories import UserFactory
from tests.mou import flows

BEFORE = [("mou", "0005_status_events_are_added_only")]
# Through every release back and forth: minutes, so it is run where there is time.
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.soak]


def migrate(to):
    executor = MigrationExecutor(connection)
    executor.migrate(to)
    return MigrationExecutor(connection).loader.project_state(to).apps


@pytest.fixture
def newest():
    """The tables as they are now, whatever a test did."""
    leaves = list(MigrationExecutor(connection).loader.graph.leaf_nodes("mou"))
    yield leaves
    migrate(leaves)


def test_migrate_agreements_of_the_release_before(newest):
    cast, other, over = flows.accepted(), flows.accepted(), flows.accepted()
    user = UserFactory()
    old = migrate(BEFORE)
    mous = old.get_model("mou", "Mou").objects
    since = datetime(2026, 2, 28, 12, tzinfo=UTC)
    mous.filter(pk=cast.mou.pk).update(status="in_force", in_force_at=since)
    mous.filter(pk=other.mou.pk).update(status="suspended", in_force_at=since)
    mous.filter(pk=over.mou.pk).update(status="withdrawn", ended_at=since)
    old.get_model("mou", "Template").objects.update(months=24)
    old.get_model("mou", "MouVersion").objects.create(
        mou_id=cast.mou.pk,
        number=1,
        template_id=cast.template.pk,
        status="signed",
        content={},
        content_hash="0" * 64,
        drafted_by_id=user.pk,
        survey_note="-",
    )

    migrate(newest)

    found = Mou.objects.get(pk=cast.mou.pk)
    assert (found.basis, found.trust_status) == ("trust_status", cast.offer.trust_status)
    assert found.offer.required_component == "S"
    assert (found.ends_on, found.next_review_on) == (date(2028, 2, 27), date(2027, 2, 28))
    causes = Mou.objects.get(pk=other.mou.pk).suspensions.values_list("cause", flat=True)
    assert list(causes) == ["trust"]
    assert not found.suspensions.exists()
    assert Mou.objects.get(pk=over.mou.pk).offer.status == "ended"
    assert found.offer.status == "accepted"
