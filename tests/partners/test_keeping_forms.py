"""Anything at all typed into the forms of the directory: an answer, never an error of ours."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from partners import directory_files
from partners.actions import keeping
from partners.entry_texts import Blank, contact_record, partner_record
from partners.forms.contacts import ContactForm
from partners.forms.partners import PartnerForm
from partners.forms.typed import as_typed
from partners.models import ContactPoint, Partner
from tests.factories import UserFactory
from tests.partners.factories import (
    ContactPointFactory,
    GroupFactory,
    HolderFactory,
    PartnerFactory,
    PostFactory,
)
from tests.people import at_the_desk

pytestmark = pytest.mark.django_db

VALUES = st.sampled_from(
    ["", "0", "-1", "1", "3", "9" * 30, "31", "2026", "on", "en, fr", "x", "\x00", "customs", "NZ",
     "general", "Mon-Fri 08:00-16:30", "a@b.example", "+64 4 1", "https://x.example", "UTC"]
) | st.text(max_size=30)  # fmt: skip
FIELDS = (
    "code", "name", "local_name", "abbreviation", "type", "country", "parent", "area", "about",
    "competent_for", "for_business", "website", "languages", "time_zone", "hours", "holidays",
    "is_coordinating", "note", "duty", "email", "phone", "always_open", "title", "direct_line",
    "since_0", "since_1", "since_2", "until_0", "until_1", "until_2", "replaces", "version",
    "visibility", "keeper", "group", "reference", "ended_on_0", "ended_on_1", "ended_on_2",
    "seen", "confirm",
)  # fmt: skip


def pages() -> list[str]:
    """Every page of the directory that takes a form, each with its own entry."""
    contact = ContactPointFactory()
    holder = HolderFactory(contact_point=contact)
    verbs = [
        (contact.partner, "edit", "add_contact", "join_group", "add_channel", "visibility",
         "keeper", "end"),
        (contact, "edit", "name_holder", "visibility", "keeper"),
        (holder, "correct", "end"),
        (GroupFactory(), "edit"),
        (PostFactory(), "add_contact", "visibility", "keeper"),
    ]  # fmt: skip
    found = [
        reverse(f"admin:partners_{entry._meta.model_name}_{verb}", args=[entry.pk])
        for entry, *named in verbs
        for verb in named
    ]
    added = ("partner_add_entry", "group_add_group")
    return [*found, *(reverse(f"admin:partners_{name}") for name in added)]


def test_type_anything_into_any_form_of_the_directory(client):
    desk, addresses = at_the_desk(client, UserFactory(liaison_officer=True)), pages()

    @given(
        typed=st.dictionaries(st.sampled_from(FIELDS), VALUES, max_size=30),
        page=st.sampled_from(addresses),
    )
    def answers(typed, page):
        with transaction.atomic():
            assert desk.post(page, typed).status_code in (200, 302), page
            transaction.set_rollback(True)

    answers()


def test_what_is_shipped_can_be_saved_as_it_stands():
    """Whoever corrects one field of a shipped entry is not stopped by another."""
    directory_files.load()
    wrong = {}
    for partner in Partner.objects.select_related("parent"):
        form = PartnerForm(partner_record(Blank(), partner).cells)
        if not form.is_valid() or any(
            form.cleaned_data[name] != getattr(partner, name) for name in form.fields
        ):
            wrong[partner.code] = form.errors.as_text()
    for contact in ContactPoint.objects.select_related("partner", "post"):
        form = ContactForm(contact_record(Blank(), contact).cells)
        if not form.is_valid():
            wrong[str(contact)] = form.errors.as_text()
    assert wrong == {}


# --- Posts ----------------------------------------------------------------------------------


def test_correct_and_confirm_a_post_on_one_page(client):
    officer = UserFactory(liaison_officer=True)
    late = timezone.localdate() - timedelta(days=9)
    post = PostFactory(review_due=late, keeper=officer, confirmed=False)
    post.postings.create(name="Alma Berg", starts_on=late)
    desk = at_the_desk(client, officer)
    listed = desk.get(f"{reverse('admin:partners_post_changelist')}?waits=mine")
    assert list(listed.context["cl"].result_list) == [post]
    page = desk.get(reverse("admin:partners_partner_due")).url
    shown = desk.get(page)
    assert "Alma Berg" in shown.content.decode()
    typed = {**as_typed(shown.context["form"]), "seen": shown.context["seen"], "mission": "Embassy"}
    after = desk.post(page, {**typed, "confirm": "Save and confirm"})
    assert after.url == reverse("admin:partners_partner_due")
    post.refresh_from_db()
    assert (post.is_stale, post.verified_by, post.mission) == (False, officer, "Embassy")
    assert post.confirmed


def test_what_an_officer_confirmed_no_longer_rests_on_general_knowledge(client):
    partner = PartnerFactory(confirmed=False, verified_on=None)
    address = reverse("partners:partner", args=[partner.code])
    assert "It rests on general knowledge." in client.get(address).content.decode()
    keeping.confirm_entry(entry=partner, by=UserFactory(liaison_officer=True))
    assert "It rests on general knowledge." not in client.get(f"{address}?").content.decode()


def test_add_a_contact_point_to_a_post(client):
    desk = at_the_desk(client, UserFactory(liaison_officer=True))
    post = PostFactory()
    desk.post(
        reverse("admin:partners_post_add_contact", args=[post.pk]),
        {"duty": "aeo", "email": "aeo@customs.example"},
    )
    contact = ContactPoint.objects.get()
    assert (contact.post, contact.duty) == (post, "aeo")
    page = desk.get(reverse("admin:partners_post_change", args=[post.pk])).content.decode()
    assert reverse("admin:partners_contactpoint_change", args=[contact.pk]) in page
    listed = reverse("admin:partners_contactpoint_changelist")
    found = desk.get(f"{listed}?q={post.city}").context["cl"].result_list
    assert list(found) == [contact]
