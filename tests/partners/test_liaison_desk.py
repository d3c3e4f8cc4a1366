"""The liaison desk: its front page in parts, and its lists searched with slips."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from partners import search
from portal.models import StaffRole
from tests.factories import UserFactory
from tests.partners.factories import ContactPointFactory, PartnerFactory, PostFactory
from tests.people import at_the_desk

pytestmark = pytest.mark.django_db


def desk_of(**fields):
    return at_the_desk(Client(), UserFactory(**fields))


def found(client, model, typed):
    answer = client.get(reverse(f"admin:partners_{model}_changelist"), {"q": typed})
    return {str(one) for one in answer.context["cl"].result_list}


def test_front_page_of_the_liaison_desk_stands_in_parts():
    page = desk_of(liaison_officer=True).get(reverse("admin:index")).content.decode()
    parts = re.findall(r'<h2 class="desk-heading">Liaison desk: ([^<]+)</h2>', page)
    assert parts == ["directory", "firms", "posts and engagements", "exchanges"]
    assert f'action="{reverse("admin:partners_partner_changelist")}" role="search"' in page


def test_front_page_offers_the_directory_to_its_readers_alone():
    page = desk_of(**{StaffRole.AUDITOR: True}).get(reverse("admin:index")).content.decode()
    assert 'role="search"' not in page


def test_lists_are_searched_with_slips_and_without_accents():
    guard = PartnerFactory(name="Australian Border Force", local_name="", about="Parcels")
    ContactPointFactory(partner=guard, name="Duty desk")
    tax = PartnerFactory(name="Tax", local_name="Autoridade Tributária")
    post = PostFactory(city="Brasília")
    search.keep_all()
    desk = desk_of(liaison_officer=True)
    for typed in ("austrlian bordr", "parcels force", "duty desk", guard.code[:5].lower()):
        assert str(guard) in found(desk, "partner", typed), typed
    assert found(desk, "partner", "autoridade tributaria") == {str(tax)}
    assert found(desk, "post", "brasila") == {str(post)}
    assert found(desk, "partner", "zzzz") == set()
