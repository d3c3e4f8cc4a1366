"""Holds that were lifted while one supervisor was enough survive the rule that it takes two."""

from __future__ import annotations

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from reporting.models import LegalHold
from tests.factories import UserFactory
from tests.people import at_the_desk

BEFORE = [("reporting", "0004_countries_of_goods")]
pytestmark = pytest.mark.django_db(transaction=True)


def migrate(to):
    executor = MigrationExecutor(connection)
    executor.migrate(to)
    return MigrationExecutor(connection).loader.project_state(to).apps


@pytest.fixture
def newest():
    """The tables as they are now, whatever a test did."""
    leaves = list(MigrationExecutor(connection).loader.graph.leaf_nodes("reporting"))
    yield leaves
    migrate(leaves)


def test_migrate_hold_that_its_placer_lifted(newest, client):
    placer, other, now = UserFactory(supervisor=True), UserFactory(supervisor=True), timezone.now()
    old = migrate(BEFORE)
    report = old.get_model("reporting", "Report").objects.create()
    hold = {"report_id": report.pk, "reason": "Court case", "placed_by_id": placer.pk}
    holds = old.get_model("reporting", "LegalHold").objects
    alone = holds.create(lifted_at=now, lifted_by_id=placer.pk, **hold).pk
    by_two = holds.create(lifted_at=now, lifted_by_id=other.pk, **hold).pk
    live = holds.create(**hold).pk

    migrate(newest)

    rows = LegalHold.objects.order_by("pk").values_list("pk", "lifted_at", "lifted_by")
    assert list(rows) == [(alone, now, None), (by_two, now, other.pk), (live, None, None)]
    at_the_desk(client, other)
    page = client.get(f"/admin/reporting/legalhold/{alone}/change/").content.decode()
    assert "Lifted by who placed it, while that was allowed" in page

    back = migrate(BEFORE).get_model("reporting", "LegalHold").objects
    assert list(back.order_by("pk").values_list("lifted_by", flat=True)) == [
        placer.pk,
        other.pk,
        None,
    ]
