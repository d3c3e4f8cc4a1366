"""Two editors meet in a form: the second is told of the first, loses nothing, and can save."""

from __future__ import annotations

from html import unescape

import pytest
from django.http import QueryDict
from django.urls import reverse

from partners import admin_engagements, admin_focus_areas, admin_instruments, admin_notices
from partners.actions.engagements import plan_engagement
from partners.actions.notices import write_notice
from partners.admin_views import keeping_verbs, posts
from partners.admin_views.verbs import Verb
from partners.forms.typed import as_typed, put
from partners.models import FocusArea, InstrumentChange
from portal import reference, reference_files
from portal.models import ReferenceItem
from tests.factories import UserFactory
from tests.partners import instrument_flows, post_flows, test_engagements, test_notices
from tests.partners.factories import (
    GroupFactory,
    HolderFactory,
    InstrumentFactory,
    PostFactory,
    PostingFactory,
)
from tests.people import at_the_desk

pytestmark = pytest.mark.django_db

# Verb → a thing of it, a field that both write, and one that only the first writes.
FORMS = {
    "post_edit": (post_flows.opened, "services", "mission"),
    "posting_change_posting": (lambda by: PostingFactory(), "title", "direct_line"),
    "holder_correct": (lambda by: HolderFactory(), "title", "name"),
    "group_edit": (lambda by: GroupFactory(), "name", "about"),
    "instrument_propose_edit": (lambda by: InstrumentFactory(), "limits", "reference"),
    "focusarea_edit_focus_area": (
        lambda by: FocusArea.objects.create(code="road", name="Road", directions=["EXPORT"]),
        "note",
        "name",
    ),
    "notice_edit_notice": (
        lambda by: write_notice(by=by, **test_notices.told()),
        "title",
        "text",
    ),
    "engagement_edit_engagement": (
        lambda by: plan_engagement(by=by, **test_engagements.told(post=PostFactory())),
        "title",
        "topics",
    ),
}
MODULES = (
    *(admin_engagements, admin_focus_areas, admin_instruments, admin_notices),
    *(keeping_verbs, posts),
)


@pytest.fixture
def met(client):
    """Leads two officers to the same page of a verb, and the first to save it."""
    files = [reference_files.FOLDER / f"{name}.csv" for name in ("sector", "direction")]
    ReferenceItem.objects.bulk_create(item for one in files for item in reference_files.read(one))
    reference.forget()

    def meet(name):
        make, both, other = FORMS[name]
        by = UserFactory(liaison_officer=True, name="Pieter Vos")
        desk = at_the_desk(client, by)
        url = reverse(f"admin:partners_{name}", args=[make(by).pk])
        page = desk.get(url)
        first = as_sent(page) | {both: "Theirs", other: "Theirs as well"}
        assert desk.post(url, first).status_code == 302
        _decide()
        return desk, url, page

    return meet


def _decide() -> None:
    """What is only proposed changes nothing until another has put it into effect."""
    for change in InstrumentChange.objects.open():
        instrument_flows.decided(change)


def as_sent(page) -> dict[str, list[str] | str]:
    """What a browser sends of this page when nothing is touched."""
    form, sent = page.context["form"], QueryDict(mutable=True)
    typed = as_typed(form)
    for bound in form:
        if bound.is_hidden:
            sent[bound.html_name] = str(bound.value())
        else:
            put(sent, bound, typed[bound.name])
    why = {"reason": "the publication"} if "reason" in form.fields else {}
    return {**dict(sent.lists()), "seen": page.context["seen"], **why}


@pytest.mark.parametrize("name", FORMS)
def test_second_editor_is_told_of_the_first_and_can_save(met, name):
    desk, url, page = met(name)
    _make, both, other = FORMS[name]
    answer = desk.post(url, as_sent(page) | {both: "Mine"})
    said = unescape(answer.content.decode())
    assert "while you were editing it" in said
    assert "The other wrote here: “Theirs”." in said
    assert [now for _label, _before, now in answer.context["taken"]] == ["Theirs as well"]
    again = as_sent(answer)
    assert (again[both], again[other]) == (["Mine"], ["Theirs as well"])
    assert desk.post(url, again).status_code == 302
    _decide()
    stands = as_typed(desk.get(url).context["form"])
    assert (stands[both], stands[other]) == ("Mine", "Theirs as well")


def test_second_editor_without_what_was_seen_decides_every_field(met):
    desk, url, page = met("posting_change_posting")
    answer = desk.post(url, as_sent(page) | {"title": "Mine", "seen": "nonsense"})
    form = answer.context["form"]
    assert {"title", "direct_line"} <= set(form.errors)
    assert form["direct_line"].value() == ""
    assert desk.post(url, as_sent(answer)).status_code == 302


def test_what_was_chosen_is_told_by_its_name(met):
    desk, url, page = met("notice_edit_notice")
    day = {"last_day_0": "1", "last_day_1": "2", "last_day_2": "2199"}
    answer = desk.post(url, as_sent(page) | {"country": "FJ", "seen": "", **day})
    said = unescape(answer.content.decode())
    assert "The other wrote here: “New Zealand”." in said


def test_every_form_that_carries_a_version_was_met():
    verbs = [
        verb
        for module in MODULES
        for named in vars(module).values()
        if isinstance(named, list)
        for verb in named
        if isinstance(verb, Verb) and verb.form is not None
    ]
    carrying = {
        verb.address.removeprefix("partners_")
        for verb in verbs
        if {"version", "sequence"} & verb.form.base_fields.keys()
    }
    # A post is corrected on a page of its own, which carries what it showed; what was written of
    # an engagement by two is met in `test_engagements.py`.
    assert carrying | {"post_edit"} == {*FORMS, "engagement_write_up_engagement"}
