"""Anyone checks a document: by upload, by hash, by the code printed in it."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from mou import verify_views
from mou.actions import agreements, drafting, papers
from mou.models import Mou
from portal.uploads import BoundedMemoryHandler
from tests.mou import flows

pytestmark = pytest.mark.django_db
HERE = "/verify/"


def upload(content: bytes, name: str = "agreement.pdf"):
    return Client().post(HERE, {"document": SimpleUploadedFile(name, content)})


def bytes_of(cast, step: str = "archived") -> bytes:
    return papers.read(cast.version, step)


# --- By upload ------------------------------------------------------------------------------


def test_upload_of_an_archived_document_is_valid_and_in_force(trust_service):
    cast = flows.archived()

    shown = upload(bytes_of(cast)).content.decode()

    assert "This document is genuine and complete" in shown
    assert "In force" in shown
    assert cast.agreement.number in shown
    assert "Sigrid Signatory" in shown
    assert "Cora Countersigner" in shown
    assert "The archived document, complete and final" in shown


def test_upload_of_an_altered_document_is_refused_and_unknown(trust_service):
    cast = flows.archived()
    altered = bytes_of(cast).replace(b"/Type", b"/Typo", 1)

    shown = upload(altered).content.decode()

    assert "This document is genuine" not in shown
    assert "Unknown here" in shown


def test_upload_of_an_appended_document_is_refused_and_unknown(trust_service):
    cast = flows.archived()

    shown = upload(bytes_of(cast) + b"\n%more\n").content.decode()

    assert "This document is genuine and complete" not in shown
    assert "Unknown here" in shown


def test_upload_of_an_earlier_stage_says_so(trust_service):
    cast = flows.sealed()

    shown = upload(bytes_of(cast, "sealed")).content.decode()

    assert "genuine so far, but it is not complete" in shown
    assert "Not signed by both parties yet" in shown
    assert "An earlier stage of the document" in shown


def test_upload_of_a_suspended_agreement_is_valid_but_suspended(trust_service):
    cast = flows.archived()
    Mou.objects.filter(pk=cast.agreement.pk).update(status="suspended")

    shown = upload(bytes_of(cast)).content.decode()

    assert "This document is genuine and complete" in shown
    assert "Suspended" in shown
    assert "Do not rely on it until it is in force again." in shown


def test_upload_of_a_text_taken_back_says_that_it_binds_nobody(trust_service):
    cast = flows.sealed()
    document = bytes_of(cast, "sealed")
    drafting.reopen(mou=cast.agreement, reason="Wrong address.", by=cast.caseworker)

    assert "It binds nobody." in upload(document).content.decode()


@pytest.mark.parametrize(
    ("content", "name", "sentence"),
    [
        (b"", "empty.pdf", "The file is empty."),
        (b"hello", "note.pdf", "The file is not a PDF document."),
        (b"PK\x03\x04 rest", "zip.pdf", "The file is not a PDF document."),
        (b"%PDF-1.7 nonsense", "broken.pdf", "This file cannot be checked."),
    ],
)
def test_upload_of_something_else_is_told_what_is_wrong(trust_service, content, name, sentence):
    answer = upload(content, name)

    assert answer.status_code == 200
    assert sentence in answer.content.decode()


def test_upload_of_nothing_asks_for_a_file():
    assert "Choose the PDF file" in Client().post(HERE).content.decode()


def test_upload_of_too_large_a_file_is_refused_and_not_kept(monkeypatch):
    monkeypatch.setattr(BoundedMemoryHandler, "largest", 100_000)

    shown = upload(b"%PDF-1.7" + bytes(300_000)).content.decode()

    assert "The file is larger than 10 MB." in shown


def test_upload_is_kept_nowhere(trust_service, settings, tmp_path, monkeypatch):
    cast = flows.sealed()
    content = bytes_of(cast, "sealed")
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path)
    before = {path for path in Path(settings.VAR).rglob("*") if path.suffix == ".pdf"}

    upload(content + bytes(3_000_000))

    assert not list(tmp_path.iterdir())
    assert {path for path in Path(settings.VAR).rglob("*") if path.suffix == ".pdf"} == before


def test_upload_while_all_places_are_taken_is_asked_to_come_back():
    for number in range(verify_views.AT_ONCE):
        cache.add(f"verify:{number}", 1, 60)
    try:
        answer = upload(b"%PDF-1.7")
    finally:
        cache.delete_many([f"verify:{number}" for number in range(verify_views.AT_ONCE)])

    assert answer.status_code == 503
    assert answer["Retry-After"] == "60"
    assert "Wait a minute and try again." in answer.content.decode()


def test_upload_gives_its_place_back(trust_service):
    for _time in range(verify_views.AT_ONCE + 1):
        assert upload(b"%PDF-1.7 nonsense").status_code == 200


# --- By hash --------------------------------------------------------------------------------


def test_hash_of_an_archived_document_shows_its_standing(trust_service):
    cast = flows.archived()
    sha256 = cast.version.documents.get(step="archived").sha256

    shown = Client().get(HERE, {"sha256": f" {sha256.upper()} "}).content.decode()

    assert cast.agreement.number in shown
    assert "In force" in shown


def test_hash_that_nobody_knows_is_unknown():
    assert "Unknown here" in Client().get(HERE, {"sha256": "0" * 64}).content.decode()


@pytest.mark.parametrize("typed", ["", "abc", "z" * 64, "0" * 65])
def test_hash_that_is_none_is_refused_with_a_sentence(typed):
    answer = Client().get(HERE, {"sha256": typed})

    assert answer.status_code == 200
    assert "There is a problem" in answer.content.decode()
    assert "Error:" in answer.content.decode()


# --- By the printed code --------------------------------------------------------------------


def test_code_shows_number_parties_dates_and_hash(trust_service):
    cast = flows.archived()
    archived = cast.version.documents.get(step="archived")

    answer = Client().get(reverse("verify_token", args=[cast.version.token]))

    shown = answer.content.decode()
    assert cast.agreement.number in shown
    assert cast.organisation.legal_name in shown
    assert archived.sha256 in shown
    assert "Last updated" in shown
    assert answer["Cache-Control"].startswith("max-age=0, no-cache")


def test_code_tells_nobody_who_signed_or_worked_on_it(trust_service):
    cast = flows.archived()

    shown = Client().get(reverse("verify_token", args=[cast.version.token])).content.decode()

    for name in ("Sigrid Signatory", "Cora Countersigner", "Carl Caseworker", cast.owner.email):
        assert name not in shown


def test_code_of_an_ended_agreement_says_so(trust_service):
    cast = flows.sealed()
    agreements.withdraw(mou=cast.agreement, by=cast.owner, reason="Sold.")

    token = cast.mou.versions.get().token
    shown = Client().get(reverse("verify_token", args=[token])).content.decode()

    assert "Taken back" in shown
    assert "Sold." not in shown


def test_code_that_was_made_up_is_404_and_unknown():
    answer = Client().get(reverse("verify_token", args=["nonsense"]))

    assert answer.status_code == 404
    assert "Unknown here" in answer.content.decode()


def test_verify_page_needs_no_login_no_cookie_and_no_query(django_assert_num_queries):
    client = Client()
    client.get(HERE)

    with django_assert_num_queries(0):
        answer = client.get(HERE)

    assert answer.status_code == 200
    assert not answer.cookies
