"""What two versions say differently: word by word, for eyes, ears and paper."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse
from django.utils.html import strip_tags
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mou import differences
from mou.actions import drafting
from tests.agreement import sample_content
from tests.factories import MembershipFactory
from tests.mou import flows
from tests.people import at_the_desk


def side(marked: str, drop: str) -> str:
    """One of the two texts, read out of the difference."""
    hidden = re.sub(r'<span class="govuk-visually-hidden visually-hidden">[^<]*</span>', "", marked)
    return strip_tags(re.sub(rf"<{drop}>.*?</{drop}>", "", hidden, flags=re.DOTALL))


WORDS = st.lists(st.sampled_from(["seal", "gate", "port", ",", " ", "\n\n"]), max_size=30)


@given(WORDS, WORDS)
@settings(max_examples=50, deadline=None)
def test_marked_holds_both_texts_whole(old, new):
    old, new = "".join(old), "".join(new)
    marked = differences.marked(old, new)
    assert side(marked, "ins") == old
    assert side(marked, "del") == new


def test_marked_names_what_went_and_what_came_for_who_hears_it():
    marked = differences.marked("within 30 days", "within 14 days")
    # By either class: the desk has another style sheet than the site.
    hidden = '<span class="govuk-visually-hidden visually-hidden">'
    assert f"<del>{hidden}removed: </span>30</del>" in marked
    assert f"<ins>{hidden}added: </span>14</ins>" in marked


def test_marked_escapes_what_people_wrote():
    assert "<script>" not in differences.marked("<script>", "<b>")


def test_compare_of_the_same_text_is_empty():
    assert differences.compare(sample_content(), sample_content()) == []


def test_compare_finds_a_renamed_firm_and_clauses_changed_added_and_removed():
    old, new = sample_content(), sample_content()
    new["business"] = new["business"] | {"legal_name": "Renamed AB"}
    first, second, *rest = new["clauses"]
    changed = first | {"paragraphs": ["Otherwise."]}
    new["clauses"] = [changed, *rest, second | {"code": "NEW"}]
    found = {part.code: part.kind for part in differences.compare(old, new)}
    assert found == {
        "business.legal_name": "changed",
        first["code"]: "changed",
        second["code"]: "removed",
        "NEW": "added",
    }


def redrafted():
    """Sent, sent back, and drafted anew with another note."""
    cast = flows.proposed()
    drafting.return_text(mou=cast.agreement, remark="Shorter", by=cast.owner)
    note = "The survey was put off to the spring."
    drafting.draft(mou=cast.agreement, template=cast.template, survey_note=note, by=cast.caseworker)
    return cast


@pytest.mark.django_db
def test_difference_hides_a_draft_that_was_not_sent(client):
    cast = redrafted()
    client.force_login(cast.owner)
    page = reverse("mou:difference", args=[cast.agreement.uuid])
    assert client.get(page).status_code == 404
    drafting.propose(mou=cast.agreement, content_hash=cast.version.content_hash, by=cast.caseworker)
    shown = client.get(page).content.decode()
    assert "From version 1 to version 2" in shown
    assert "spring" in shown


@pytest.mark.django_db
def test_difference_at_the_desk_shows_drafts_too(client):
    cast = redrafted()
    at_the_desk(client, cast.caseworker)
    page = reverse("admin:mou_mou_difference", args=[cast.agreement.pk])
    assert "spring" in client.get(page).content.decode()
    assert "say the same" in client.get(page, {"old": 2, "new": 2}).content.decode()


@pytest.mark.django_db
def test_difference_is_nobody_elses(client):
    cast = redrafted()
    client.force_login(MembershipFactory(role="owner").user)
    page = reverse("mou:difference", args=[cast.agreement.uuid])
    assert client.get(page).status_code == 404


@pytest.mark.django_db
@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(old=st.text(max_size=10), new=st.text(max_size=10))
def test_difference_with_any_words_never_fails(client, old, new):
    cast = redrafted()
    at_the_desk(client, cast.caseworker)
    page = reverse("admin:mou_mou_difference", args=[cast.agreement.pk])
    assert client.get(page, {"old": old, "new": new}).status_code == 200
