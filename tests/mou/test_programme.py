"""The programme, the trust scheme and the standard text as they are shipped."""

import re

import pytest
from django.conf import settings

from mou import programme
from mou.actions import drafting
from mou.models import Clause, Template
from portal.errors import DomainError
from tests.mou import flows

pytestmark = pytest.mark.django_db

# The clause library of the trade (domain, section 4).
LIBRARY = [
    "PURPOSE",
    "SCOPE",
    "VOLUNTARY",
    "CONTACTS",
    "REPORTING",
    "INFO_ACCESS",
    "SECURITY",
    "PERSONNEL",
    "TRAINING",
    "SURVEY",
    "ALERTS",
    "FEEDBACK",
    "CONFIDENTIALITY",
    "DATA_PROTECTION",
    "PUBLICITY",
    "REVIEW",
    "DURATION_TERMINATION",
    "COSTS",
    "DISPUTES",
    "NO_PREJUDICE",
]


def test_load_brings_every_clause_of_the_library():
    programme.load()
    for language in ("en", "sv", "nl"):
        found = Clause.objects.filter(template__language=language).order_by("position")
        assert list(found.values_list("code", flat=True)) == LIBRARY


def test_load_twice_changes_nothing():
    programme.load()
    assert programme.load() == []
    assert Template.objects.count() == 3


def test_load_refuses_to_change_a_text_that_was_loaded():
    programme.load()
    Clause.objects.filter(code="COSTS").update(text="We pay.")
    with pytest.raises(DomainError, match="new version number"):
        programme.load()


@pytest.mark.parametrize("language", ["en", "sv", "nl"])
def test_draft_fills_every_place_of_the_shipped_text(language):
    programme.load()
    cast = flows.named()
    cast.template = Template.objects.get(version=1, language=language)
    version = drafting.draft(
        mou=cast.agreement, template=cast.template, survey_note="-", by=cast.caseworker
    )
    texts = [text for clause in version.content["clauses"] for text in clause["paragraphs"]]
    assert not [text for text in texts if re.search(r"[{}]", text)]
    assert any(settings.BRAND["hotline"] in text for text in texts)
