"""The demonstration of the directory: desks of every visibility, by the desk's own verbs."""

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils import timezone

from partners import search
from partners.demonstration import directory
from partners.models import ContactPoint, Holder, Partner
from partners.visibility import Level
from portal import demonstration as people
from portal.models import AuditEvent

pytestmark = pytest.mark.django_db


@pytest.fixture
def demonstration(settings):
    settings.DEMONSTRATION = True
    call_command("load_directory", verbosity=0)
    people.add_staff()


def test_fill_the_directory_leaves_desks_of_every_visibility_and_stale_entries(demonstration):
    directory.fill(lambda line: None)
    seen = set(ContactPoint.objects.values_list("visibility", flat=True))
    assert seen == {level.value for level in Level}
    assert Holder.objects.exists()
    stale = Partner.objects.filter(review_due__lt=timezone.localdate())
    assert set(stale.values_list("code", flat=True)) == set(directory.STALE)
    assert AuditEvent.objects.filter(event="holder_named").exists()
    found = search.matching(Partner.objects.all(), "Waratah", Level.LIAISON)
    assert [one.code for one in found] == ["ABF"]


def test_fill_the_directory_twice_adds_nothing(demonstration):
    said = []
    directory.fill(said.append)
    count = ContactPoint.objects.count()
    directory.fill(said.append)
    assert ContactPoint.objects.count() == count
    assert "already" in said[-1]


def test_fill_the_directory_outside_demonstration_is_refused():
    with pytest.raises(CommandError, match="make demo"):
        call_command("load_partners_demonstration")
