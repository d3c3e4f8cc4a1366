"""Files at the form: after one challenge, one refused changes nothing, sealed to the end."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from reporting import content, envelopes
from reporting.models import Draft, DraftPart, Envelope
from tests.challenges import answers, read_page
from tests.reporting.intake import Reporter, url

pytestmark = pytest.mark.django_db
WORDS = b"The lorry came at nine and left at ten without its load."


@pytest.fixture
def reporter() -> Reporter:
    return Reporter()


def text(name: str = "gate.txt", words: bytes = WORDS) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, words, "text/plain")


def test_file_before_the_challenge_is_not_taken(reporter):
    page = reporter.add(text()).content.decode()
    assert "Show first that you are a person" in page
    assert not DraftPart.objects.exists()


def test_wrong_challenge_is_asked_anew(reporter):
    data = answers(reporter.text("files"), solve="1") | {"challenge_answer": "wrong"}
    page = reporter.client.post(url("files"), data).content.decode()
    assert "Those were not the characters" in page
    assert 'type="file"' not in page


def test_nobody_needs_to_add_files(reporter):
    reporter.tell()
    # As a browser sends it: the page's challenge comes along, unanswered.
    shown = {"challenge_stamp": read_page(reporter.text("files")), "challenge_answer": ""}
    assert reporter.post("files", **shown, **{"continue": "1"}).url == url("about")


def test_file_is_kept_sealed_and_filed_whole(desk, reporter):
    reporter.tell()
    reporter.may_add_files()
    assert reporter.add(text(), note="the gate").status_code == 302
    assert WORDS not in bytes(DraftPart.objects.filter(copy="original").get().box)
    assert "gate.txt" in reporter.text("check")
    reporter.send()
    assert not DraftPart.objects.exists()
    told = filed(desk)["files"][0]
    assert (told["name"], told["note"]) == ("gate.txt", "the gate")
    assert opened(desk, told["original"][0]) == WORDS


def filed(desk: Any) -> content.Content:
    return content.load(opened(desk, Envelope.objects.get(kind="report").pk))


def opened(desk: Any, envelope_id: Any) -> bytes:
    envelope = Envelope.objects.get(pk=envelope_id)
    seeds = desk.keys_of(desk.officer).seeds
    return envelopes.opened(envelope, envelope.slots.all(), seeds)


def test_file_that_is_refused_changes_nothing_else(reporter):
    reporter.may_add_files()
    page = reporter.add(text(), SimpleUploadedFile("run.exe", b"MZ\x90\x00" * 50)).content.decode()
    assert "run.exe" in page
    assert "Everything else is kept" in page
    assert "gate.txt" in reporter.text("files")


def test_file_is_removed_with_its_bytes(reporter):
    reporter.may_add_files()
    reporter.add(text(), text("other.txt"))
    kept = Draft.objects.get().size
    file = DraftPart.objects.filter(copy="original").first().file
    reporter.post("files", remove=str(file))
    assert Draft.objects.get().size < kept
    assert DraftPart.objects.filter(copy="original").count() == 1


def test_note_of_a_file_can_be_changed(reporter):
    reporter.may_add_files()
    reporter.add(text())
    file = DraftPart.objects.filter(copy="original").get().file
    reporter.post("files", **{f"note-{file}": "seen on Friday", "continue": "1"})
    assert "seen on Friday" in reporter.text("check")


def test_eleventh_file_is_refused_with_a_sentence(reporter):
    reporter.may_add_files()
    reporter.add(*[text(f"{number}.txt") for number in range(10)])
    page = reporter.add(text("eleventh.txt")).content.decode()
    assert "takes 10 files" in page
    assert DraftPart.objects.filter(copy="original").count() == 10


def test_full_quota_stops_files_and_never_text(desk, reporter, settings):
    settings.INTAKE_QUOTA_BYTES = 10
    reporter.tell()
    reporter.may_add_files()
    assert "no files just now" in reporter.add(text()).content.decode()
    assert reporter.send().url == url("receipt")
