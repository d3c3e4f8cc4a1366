"""The desk: closed but for what a role opens, never a delete, never a status set by hand."""

from __future__ import annotations

import pytest
from django.contrib import admin
from django.urls import reverse
from django.utils.html import strip_tags

from portal import actions, permissions
from portal.desk import DeskAdmin
from portal.models import StaffRole
from portal.templatetags.look import headed
from tests.factories import (
    InvitationFactory,
    MembershipFactory,
    OrganisationFactory,
    OutboxMessageFactory,
    UserFactory,
)
from tests.people import at_the_desk, with_codes

pytestmark = pytest.mark.django_db

TABLES = {model._meta.label_lower: model for model in admin.site._registry}
# What a list answers to whoever may not read it, where that is not 403.
REFUSED = {"reporting.report": 404, "partners.exchange": 404}
# What can be done with several rows at once, without a word of what they hold.
AT_ONCE = {"reporting.report": {"take_each", "label_each", "export_each"}}


@pytest.mark.parametrize("role", StaffRole.values)
def test_read_a_table_only_with_a_role_that_opens_it(client, role):
    at_the_desk(client, UserFactory(**{role: True}))
    for label, model in TABLES.items():
        base = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        may = role in permissions.READERS[label]
        expected = 200 if may else REFUSED.get(label, 403)
        assert client.get(reverse(f"{base}_changelist")).status_code == expected, label
        assert client.get(reverse(f"{base}_add")).status_code == 403, label


def test_read_any_table_without_a_role_is_refused(client):
    at_the_desk(client, UserFactory(staff=True))
    for label, model in TABLES.items():
        path = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        assert client.get(path).status_code == REFUSED.get(label, 403), label


def test_no_table_is_changed_or_deleted_by_hand(rf):
    request = rf.get("/")
    request.user = UserFactory(is_staff=True, is_superuser=True)
    for label, model in TABLES.items():
        table = admin.site._registry[model]
        assert isinstance(table, DeskAdmin), model
        assert not table.has_add_permission(request), model
        assert not table.has_change_permission(request), model
        assert not table.has_delete_permission(request), model
        assert set(table.get_actions(request)) <= AT_ONCE.get(label, set()), model


def test_tables_of_other_parts_stay_hidden():
    assert not {label for label in TABLES if label.startswith(("mfa.", "account.", "auth."))}


def test_post_to_a_record_changes_nothing(client):
    at_the_desk(client, UserFactory(caseworker=True))
    firm = OrganisationFactory()
    path = reverse("admin:portal_organisation_change", args=[firm.pk])
    assert client.post(path, {"legal_name": "Changed"}).status_code == 403
    assert client.post(path.replace("change", "delete"), {"post": "yes"}).status_code == 403


def test_person_page_shows_whether_a_second_factor_is_set_up(client):
    at_the_desk(client, UserFactory(system_administrator=True))
    officer = UserFactory(caseworker=True)
    page = client.get(f"/admin/portal/user/{officer.pk}/change/").content.decode()
    assert "icon-no" in page
    assert "Caseworker" in page


def test_front_page_tells_each_officer_what_waits_for_them(client):
    person = with_codes(UserFactory(caseworker=True))
    actions.request_recovery(user=person, cause="lost")
    OutboxMessageFactory(attempts=9)
    pages = {}
    for role in ("supervisor", "system_administrator", "auditor"):
        at_the_desk(client, UserFactory(**{role: True}))
        pages[role] = " ".join(strip_tags(client.get("/admin/").content.decode()).split())
    assert "1 Lost second factors for you to check" in pages["supervisor"]
    assert "0 Lost second factors for you to check" in pages["system_administrator"]
    assert "1 Work that failed again and again" in pages["system_administrator"]
    assert "Lost second factors" not in pages["auditor"]


def test_caseworker_invites_and_ends_at_the_desk(client):
    at_the_desk(client, UserFactory(caseworker=True))
    member = MembershipFactory()
    firm = member.organisation
    form = {"email": "a@business.example", "role": "owner"}
    client.post(f"/admin/portal/organisation/{firm.pk}/invite/", form)
    invitation = firm.invitations.get()
    client.post(f"/admin/portal/invitation/{invitation.pk}/revoke-invitation/")
    client.post(f"/admin/portal/membership/{member.pk}/end-membership/")
    invitation.refresh_from_db()
    member.refresh_from_db()
    assert invitation.revoked_at
    assert member.ended_at


@pytest.mark.parametrize(
    ("verb", "roles"),
    [
        ("user/add-staff/", {"system_administrator"}),
        ("user/{person}/grant-role/", {"system_administrator"}),
        ("user/{person}/close-account/", {"system_administrator"}),
        ("organisation/{firm}/invite/", {"caseworker"}),
        ("invitation/{invitation}/revoke-invitation/", {"caseworker"}),
        ("outboxmessage/{message}/retry/", {"system_administrator"}),
    ],
)
def test_use_a_verb_only_with_its_role(client, verb, roles):
    things = {
        "person": UserFactory(staff=True).pk,
        "firm": OrganisationFactory().pk,
        "invitation": InvitationFactory().pk,
        "message": OutboxMessageFactory().pk,
    }
    path = f"/admin/portal/{verb.format(**things)}"
    for role in StaffRole.values:
        at_the_desk(client, UserFactory(**{role: True}))
        status = client.post(path).status_code
        assert (status == 404) == (role not in roles), (role, status)


def test_cell_of_a_list_knows_its_heading_and_a_box_to_tick_has_none():
    rows = [['<td class="action-checkbox">x</td>', '<th class="a">A</th>', '<td class="b">B</td>']]
    headers = [{"text": '<input type="checkbox">'}, {"text": "a"}, {"text": 'due & "late"'}]
    [[box, first, second]] = headed(rows, headers)
    assert (box, first) == (rows[0][0], rows[0][1])
    assert second == '<td data-label="Due &amp; &quot;late&quot;" class="b">B</td>'
