"""Member firms come and go by the database roles of each process, which may do no more."""

from datetime import timedelta

from django.utils import timezone

from mou.actions import covers, life, publicity, standing
from mou.models import Mou
from portal import outbox
from portal.models import OutboxMessage, Standing
from tests.databases import acting_as, postgresql
from tests.factories import UserFactory
from tests.mou import cover_flows

pytestmark = postgresql


def test_member_firms_come_and_go_by_roles_that_may_do_no_more(roles):
    mou, officer = cover_flows.association(), UserFactory(caseworker=True)
    firm, other = cover_flows.member("One AB"), cover_flows.member("Two AB", owned=False)
    another = cover_flows.association("Another")
    with acting_as("site"):
        cover = cover_flows.confirmed(mou, firm)
        second = cover_flows.named(mou, other)
        covers.show_member(cover=cover, by=cover_flows.owner(mou.organisation))
        publicity.publish_cover(cover=cover, by=cover_flows.owner(firm))
        assert Standing.objects.get(organisation=firm).in_force
    with acting_as("office"):
        covers.invite_member(cover=second, email="a@b.example", source="By phone", by=officer)
        covers.refuse_member(cover=second, reason="No member.", by=officer)
        standing.suspend_for_cause(mou=mou, reason="A breach.", until=None, by=officer)
    with acting_as("worker"):
        outbox.deliver_open()
        assert not OutboxMessage.objects.exclude(last_error="").exists()
        Mou.objects.filter(pk=mou.pk).update(ends_on=timezone.localdate() - timedelta(days=1))
        life.expire(mou=mou)
        assert not Standing.objects.get(organisation=firm).in_force
    with acting_as("site"):
        third = cover_flows.confirmed(another, firm)
        covers.leave_cover(cover=third, by=cover_flows.owner(firm))
        assert not Standing.objects.get(organisation=firm).in_force
