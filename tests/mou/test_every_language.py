"""An agreement from its draft to the archive, in every language of the standard text."""

from __future__ import annotations

import pytest

from mou import programme, verification
from mou.actions import papers
from mou.labels import say
from mou.lifecycle import MouStatus
from mou.models import Step, Template
from tests.mou import flows
from tests.mou.test_documents import words

pytestmark = pytest.mark.django_db
PARTS = ("The parties", "Basis and duration", "Annex: survey of flows", "Signatures")


@pytest.mark.parametrize("language", ["en", "sv", "nl"])
def test_agreement_is_signed_whole_in_its_language(language, trust_service, monkeypatch):
    programme.load()
    text = Template.objects.get(language=language, shipped_as=1)
    monkeypatch.setattr(flows, "template", lambda: text)
    cast = flows.archived()
    assert cast.agreement.status == MouStatus.IN_FORCE
    pdf = papers.read(cast.version, Step.ARCHIVED)

    shown = " ".join(words(pdf).split())
    for part in PARTS:
        assert say(part, language) in shown, part
    for clause in text.clauses.all():
        assert clause.title in shown, clause.code

    found = verification.verify(pdf, roots=trust_service.roots)
    assert found.is_valid
    assert len(found.signatures) == 3
    assert all(one.is_valid for one in found.signatures)
