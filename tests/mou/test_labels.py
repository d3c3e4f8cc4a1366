"""The languages of the documents: every fixed word said in each, and the same clauses in each."""

from __future__ import annotations

import ast
import re
import tomllib
from pathlib import Path

import pytest
from django.conf import settings

from mou import documents, labels, programme, threats
from mou.actions import drafting
from mou.models import Template
from mou.models.trust import CertificateType
from portal.errors import DomainError
from tests.agreement import ADDRESS
from tests.mou import flows
from tests.mou.test_documents import assert_archive_grade_and_accessible, words

LANGUAGES = [code for code, _name in settings.LANGUAGES]
OTHERS = [code for code in LANGUAGES if code != labels.SOURCE]
BASE = Path(settings.BASE_DIR)


def said() -> set[str]:
    """Every text that the code and the templates ask to be said."""
    found = set(dict(settings.LANGUAGES).values()) | {str(one.label) for one in CertificateType}
    for module in ("contents", "documents", "planned_text", "signing_power"):
        for node in ast.walk(ast.parse((BASE / "mou" / f"{module}.py").read_text())):
            says = isinstance(node, ast.Call) and getattr(node.func, "id", "") == "say"
            if says and isinstance(node.args[0], ast.Constant):
                found.add(node.args[0].value)
    found |= {one.title for one in threats.catalogue().threats.values()}
    for path in (BASE / "templates" / "mou" / "documents").glob("*.html"):
        found |= set(re.findall(r'\{% say "([^"]+)"', path.read_text()))
    return {str(text) for text in found}


def places(text: str) -> set[str]:
    return set(re.findall(r"\{\w+\}|%\(\w+\)[sd]", text))


@pytest.mark.parametrize("language", OTHERS)
def test_say_knows_every_fixed_word_and_keeps_its_places(language):
    wanted = said()
    assert len(wanted) > 35
    for text in wanted:
        one = labels.say(text, language)
        assert places(one) == places(text)
    known = labels._words(language)
    assert wanted == set(known)


def test_templates_have_the_same_clauses_and_places_in_every_language():
    found = {
        language: tomllib.loads((programme.DATA / f"template_{language}_1.toml").read_text())
        for language in LANGUAGES
    }
    for language in OTHERS:
        pairs = zip(found["en"]["clauses"], found[language]["clauses"], strict=True)
        for english, other in pairs:
            assert english["code"] == other["code"]
            assert places(english["text"]) == places(other["text"]), other["code"]
            assert english["text"].count("\n\n") == other["text"].count("\n\n"), other["code"]


@pytest.mark.django_db
@pytest.mark.parametrize("language", LANGUAGES)
def test_draft_in_each_language_renders_whole(language):
    programme.load()
    cast = flows.named()
    template = Template.objects.get(language=language, version=1)
    version = drafting.draft(
        mou=cast.agreement, template=template, survey_note="-", by=cast.caseworker
    )
    pdf = documents.render(version.content, verification_url=ADDRESS)
    assert_archive_grade_and_accessible(pdf, language)
    printed = " ".join(words(pdf).split())
    assert labels.say("The parties", language) in printed
    assert ("prevails" in version.content) == (language != "en")
    assert version.content.get("prevails", "") in printed


@pytest.mark.django_db
def test_draft_without_an_authentic_text_in_use_is_refused():
    programme.load()
    cast = flows.named()
    cast.mou.programme.authentic_language = "nl"
    cast.mou.programme.save()
    Template.objects.filter(language="nl").update(valid_to="2026-01-02")
    template = Template.objects.get(language="sv", version=1)
    with pytest.raises(DomainError, match="authentic"):
        drafting.draft(mou=cast.agreement, template=template, survey_note="-", by=cast.caseworker)
