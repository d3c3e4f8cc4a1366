"""The standard text: a clause drafted by one officer, approved by another, used from then on."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.html import strip_tags
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mou import programme
from mou.actions import drafting, library
from mou.lifecycle import RevisionStatus
from mou.models import Clause, ClauseRevision, Template
from portal.errors import AlreadyDone, DomainError, InvalidTransition, NotAllowed
from tests.factories import UserFactory
from tests.mou import flows
from tests.people import at_the_desk
from tests.threads import in_threads

pytestmark = pytest.mark.django_db
TEXT = "{business} reports at once.\n\nBy telephone: {hotline}."
WHY = "Firms asked when."
ROLES = ("caseworker", "countersigner", "supervisor", "liaison_officer", "system_administrator")


@pytest.fixture
def officer():
    return UserFactory(caseworker=True)


@pytest.fixture
def supervisor():
    return UserFactory(supervisor=True)


def revised(by, template=None, **changes):
    told = {"title": "Reporting", "text": TEXT, "is_negotiable": True, "reason": WHY}
    template = template or flows.template()
    return library.revise(template=template, code="REPORTING", by=by, **(told | changes))


def test_approve_makes_a_version_that_new_drafts_use_and_old_agreements_do_not(officer, supervisor):
    cast = flows.drafted()
    old = cast.version
    made = library.approve(revision=revised(officer), by=supervisor)
    assert (made.version, made.clauses.count()) == (100, cast.template.clauses.count())
    assert old.template == cast.template
    assert "at once" not in str(old.content)
    with pytest.raises(DomainError, match="newer version"):
        drafting.draft(
            mou=cast.agreement, template=cast.template, survey_note="-", by=cast.caseworker
        )
    new = drafting.draft(mou=cast.agreement, template=made, survey_note="-", by=cast.caseworker)
    assert "reports at once." in str(new.content)


def test_approve_copies_every_other_clause_as_it_was(officer, supervisor):
    template = flows.template()
    made = library.approve(revision=revised(officer), by=supervisor)
    kept = ("position", "code", "title", "text", "is_negotiable")
    others = [
        list(one.clauses.exclude(code="REPORTING").order_by("position").values(*kept))
        for one in (template, made)
    ]
    assert others[0] == others[1]
    assert made.clauses.get(code="REPORTING").text == TEXT


def test_revision_is_approved_by_another_officer(supervisor):
    revision = revised(supervisor)
    with pytest.raises(NotAllowed):
        library.approve(revision=revision, by=supervisor)
    with pytest.raises(IntegrityError), transaction.atomic():
        ClauseRevision.objects.update(
            status="approved", made=flows.template(), decided_by=supervisor,
            decided_at=timezone.now(),
        )  # fmt: skip
    library.approve(revision=revision, by=UserFactory(supervisor=True))


MAY = {
    "revise": {"caseworker", "supervisor"},
    "approve": {"supervisor"},
    "refuse": {"supervisor"},
    "withdraw": set(),
}
DOES = {
    "approve": lambda revision, by: library.approve(revision=revision, by=by),
    "refuse": lambda revision, by: library.refuse(revision=revision, reason="No.", by=by),
    "withdraw": lambda revision, by: library.withdraw(revision=revision, by=by),
}


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("verb", MAY)
def test_verb_of_the_library_is_for_some_roles_only(officer, verb, role):
    by = UserFactory(**{role: True})
    act = (lambda: revised(by)) if verb == "revise" else None
    if act is None:
        revision = revised(officer)
        act = lambda: DOES[verb](revision, by)  # noqa: E731
    if role in MAY[verb]:
        act()
        return
    with pytest.raises(NotAllowed):
        act()


@pytest.mark.parametrize("status", ["refused", "withdrawn"])
@pytest.mark.parametrize("verb", DOES)
def test_decided_revision_is_decided_no_more(officer, supervisor, verb, status):
    revision = revised(officer)
    ClauseRevision.objects.update(status=status, decided_at=timezone.now())
    with pytest.raises(InvalidTransition):
        DOES[verb](revision, officer if verb == "withdraw" else supervisor)


def test_withdraw_makes_way_for_another_draft(officer):
    revision = revised(officer)
    with pytest.raises(AlreadyDone):
        revised(officer, text="Otherwise.")
    library.withdraw(revision=revision, by=officer)
    assert revised(officer, text="Otherwise.").status == RevisionStatus.DRAFTED


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"text": "{nobody} reports."}, "nobody"),
        ({"text": " "}, "Write"),
        ({"text": "\u4e2d"}, "Latin"),
        ({"text": "{business} and {administration} agree.\n\nNotice: {notice_days} days."}, "now"),
    ],
)
def test_revision_that_cannot_stand_is_refused(officer, changes, told):
    with pytest.raises(DomainError, match=told):
        revised(officer, **changes)


def test_approve_after_the_clause_changed_is_refused(officer, supervisor):
    revision = revised(officer)
    Clause.objects.filter(code="REPORTING").update(text="Something else.")
    with pytest.raises(DomainError, match="has changed"):
        library.approve(revision=revision, by=supervisor)


def test_shipped_text_loads_beside_versions_of_the_desk(officer, supervisor):
    programme.load()
    first = Template.objects.get(language="sv", shipped_as=1)
    Template.objects.filter(version=99).delete()
    made = library.approve(revision=revised(officer, first), by=supervisor)
    assert programme.load() == []
    assert (made.version, made.shipped_as) == (2, None)


@pytest.mark.django_db(transaction=True)
def test_approve_twice_at_once_makes_one_version(officer):
    revision = revised(officer)
    people = [UserFactory(supervisor=True), UserFactory(supervisor=True)]

    def one():
        try:
            library.approve(revision=revision, by=people.pop())
        except DomainError:
            return False
        return True

    assert sum(in_threads(2, one)) == 1
    assert Template.objects.count() == 2


# --- Pages ------------------------------------------------------------------------------------


def test_clause_is_revised_and_approved_on_the_desk(client, officer, supervisor):
    template = flows.template()
    desk = at_the_desk(client, officer)
    assert (
        "REPORTING"
        in desk.get(reverse("admin:mou_template_change", args=[template.pk])).content.decode()
    )
    page = reverse("admin:mou_template_clause", args=[template.pk, "REPORTING"])
    assert page + "revise/" in desk.get(page).content.decode()
    sent = {"title": "Reporting", "text": TEXT, "is_negotiable": "on", "reason": WHY}
    shown = desk.post(page + "revise/", sent, follow=True).content.decode()
    assert "A supervisor approves it" in shown
    assert "<ins>" in shown
    assert 'class="mou-difference__text"' in shown  # in the colours, and paragraph by paragraph
    revision = ClauseRevision.objects.get()
    approve = reverse("admin:mou_clauserevision_approve", args=[revision.pk])
    assert approve not in shown
    desk = at_the_desk(client, supervisor)
    assert "Revisions of clauses to approve" in desk.get("/admin/").content.decode()
    assert "Version 100" in desk.post(approve, follow=True).content.decode()
    made = Template.objects.get(version=100)
    page = reverse("admin:mou_template_clause", args=[made.pk, "REPORTING"])
    shown = desk.get(page).content.decode()
    assert WHY in shown
    assert f"approved by {supervisor}" in shown


def test_nothing_typed_is_lost_when_a_place_is_unknown(client, officer):
    page = reverse("admin:mou_template_revise", args=[flows.template().pk, "REPORTING"])
    sent = {"title": "Reporting", "text": "{nobody} reports.", "reason": WHY}
    shown = at_the_desk(client, officer).post(page, sent).content.decode()
    assert "{nobody} reports." in shown
    assert WHY in shown


def test_supervisor_refuses_with_a_reason(client, officer, supervisor):
    revision = revised(officer)
    page = reverse("admin:mou_clauserevision_refuse", args=[revision.pk])
    desk = at_the_desk(client, supervisor)
    assert "errorlist" in desk.post(page, {"reason": ""}).content.decode()
    assert "Too harsh." in desk.post(page, {"reason": "Too harsh."}, follow=True).content.decode()


def test_form_of_a_draft_offers_the_newest_of_each_language(client, officer, supervisor):
    programme.load()
    cast = flows.named()
    library.approve(revision=revised(officer, cast.template), by=supervisor)
    page = reverse("admin:mou_mou_draft", args=[cast.agreement.pk])
    form = at_the_desk(client, cast.caseworker).get(page).context["form"]
    offered = {(one.language, one.version) for one in form.fields["template"].queryset}
    assert offered == {("en", 100), ("sv", 1), ("nl", 1)}


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.dictionaries(st.sampled_from(["title", "text", "is_negotiable", "reason"]), st.text()))
@pytest.mark.parametrize("verb", ["revise", "refuse"])
def test_anything_typed_about_the_standard_text_is_answered(client, officer, verb, data):
    page = reverse("admin:mou_template_revise", args=[flows.template().pk, "PURPOSE"])
    by = officer
    if verb == "refuse":
        by = UserFactory(supervisor=True)
        ClauseRevision.objects.update(status="withdrawn", decided_at=timezone.now())
        page = reverse("admin:mou_clauserevision_refuse", args=[revised(officer).pk])
    assert at_the_desk(client, by).post(page, data).status_code in (200, 302)


def test_revise_of_a_version_that_is_not_in_use_any_more_is_refused(officer, supervisor):
    old = flows.template()
    library.approve(revision=revised(officer, old), by=supervisor)
    with pytest.raises(DomainError, match="newer version"):
        revised(officer, old, text="{business} reports, with a typo corrected.")


def test_approver_and_history_see_that_a_clause_becomes_negotiable(client, officer, supervisor):
    clause = Clause.objects.get(template=flows.template(), code="REPORTING")
    Clause.objects.filter(pk=clause.pk).update(is_negotiable=False)
    revision = revised(officer, title=clause.title, text=clause.text)
    desk = at_the_desk(client, supervisor)
    page = desk.get(reverse("admin:mou_clauserevision_change", args=[revision.pk]))
    words = " ".join(strip_tags(page.content.decode()).split())
    assert "propose another wording" in words
    made = library.approve(revision=revision, by=supervisor)
    shown = desk.get(reverse("admin:mou_template_clause", args=[made.pk, "REPORTING"]))
    assert officer.name in shown.content.decode()
