"""What is shipped can be saved as it stands; posts are confirmed as partners are."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from partners import directory_files
from partners.entry_texts import contact_record, partner_record
from partners.forms.entries import ContactForm, PartnerForm
from partners.models import ContactPoint, Partner
from tests.factories import UserFactory
from tests.partners.factories import (
    PostFactory,
)
from tests.people import at_the_desk

pytestmark = pytest.mark.django_db


def test_what_is_shipped_can_be_saved_as_it_stands():
    """Whoever corrects one field of a shipped entry is not stopped by another."""
    directory_files.load()
    wrong = {}
    for partner in Partner.objects.select_related("parent"):
        form = PartnerForm(partner_record(partner).cells)
        if not form.is_valid() or any(
            form.cleaned_data[name] != getattr(partner, name) for name in form.fields
        ):
            wrong[partner.code] = form.errors.as_text()
    for contact in ContactPoint.objects.select_related("partner", "post"):
        form = ContactForm(contact_record(contact).cells)
        if not form.is_valid():
            wrong[str(contact)] = form.errors.as_text()
    assert wrong == {}


# --- Posts ----------------------------------------------------------------------------------


def test_confirm_a_post_at_the_desk(client):
    officer = UserFactory(liaison_officer=True)
    late = timezone.localdate() - timedelta(days=9)
    post = PostFactory(review_due=late, keeper=officer)
    desk = at_the_desk(client, officer)
    listed = desk.get(f"{reverse('admin:partners_post_changelist')}?waits=mine")
    assert list(listed.context["cl"].result_list) == [post]
    page = desk.get(reverse("admin:partners_partner_due")).url
    assert page == reverse("admin:partners_post_change", args=[post.pk])
    assert "Everything holds today" in desk.get(page).content.decode()
    desk.post(reverse("admin:partners_post_confirm", args=[post.pk]))
    post.refresh_from_db()
    assert (post.is_stale, post.verified_by) == (False, officer)


def test_add_a_contact_point_to_a_post(client):
    desk = at_the_desk(client, UserFactory(liaison_officer=True))
    post = PostFactory()
    desk.post(
        reverse("admin:partners_post_add_contact", args=[post.pk]),
        {"duty": "aeo", "email": "aeo@customs.example"},
    )
    contact = ContactPoint.objects.get()
    assert (contact.post, contact.duty) == (post, "aeo")
