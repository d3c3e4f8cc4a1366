"""A hostile file: always a verdict, by a process that can do nothing but give it."""

import json
import zlib
from io import BytesIO, StringIO

import pikepdf
import pytest
from django.core.management import call_command
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from mou import verification
from mou.verdict import Problem, Verdict, Verification
from tests.mou.test_verification import verdict_on, written


def hostile(papers):
    body = papers.archived
    encrypted = BytesIO()
    with pikepdf.open(BytesIO(papers.rendered)) as file:
        file.save(encrypted, encryption=pikepdf.Encryption(owner="o", user="u"))
    loop = (
        b"%PDF-1.7\n1 0 obj\n<</Type/Catalog/Pages 1 0 R/AcroForm 1 0 R/Fields[1 0 R]>>\nendobj\n"
    )
    return {
        "nothing": (b"", Problem.NOT_PDF),
        "a picture": (b"\x89PNG\r\n\x1a\n" + bytes(100), Problem.NOT_PDF),
        "only a header": (b"%PDF-1.7\n", Problem.DAMAGED),
        "half of it": (body[: len(body) // 2], Problem.DAMAGED),
        "a password": (encrypted.getvalue(), Problem.ENCRYPTED),
        "too large": (b"%PDF-1.7\n" + bytes(verification.LARGEST), Problem.TOO_LARGE),
        "a loop": (loop + b"trailer<</Root 1 0 R/Size 2>>\nstartxref\n9\n%%EOF", Problem.DAMAGED),
        "a bomb": (with_bomb(papers.sealed), Problem.DAMAGED),
        "deep": (b"%PDF-1.7\n" + b"[" * 200_000 + b"\nstartxref\n9\n%%EOF", Problem.DAMAGED),
    }


def test_verify_gives_a_verdict_on_any_hostile_file(papers, trust_service):
    for name, (pdf, problem) in hostile(papers).items():
        found = verdict_on(pdf, trust_service)
        assert (found.verdict, found.problem) == (Verdict.UNREADABLE, problem), name
        assert found.headline
        assert found.sentences


def test_verify_in_a_process_gives_the_same_verdict(papers, trust_service):
    apart = verification.verify_in_subprocess(papers.archived)
    assert apart == verdict_on(papers.archived, trust_service)


def test_verify_in_a_process_survives_what_kills_it(papers, trust_service, monkeypatch):
    monkeypatch.setattr(verification, "START", "import os; os.kill(os.getpid(), 9)")
    found = verification.verify_in_subprocess(papers.archived)
    assert (found.verdict, found.problem) == (Verdict.UNREADABLE, Problem.TOO_LONG)


def test_verify_in_a_process_ends_in_time(papers, trust_service, monkeypatch):
    monkeypatch.setattr(verification, "START", "import time; time.sleep(60)")
    monkeypatch.setattr(verification, "SECONDS", 0.5)
    found = verification.verify_in_subprocess(papers.archived)
    assert (found.verdict, found.problem) == (Verdict.UNREADABLE, Problem.TOO_LONG)


def test_verdict_travels_between_processes_unchanged(papers, trust_service):
    found = verdict_on(papers.archived, trust_service)
    assert Verification.from_dict(json.loads(json.dumps(found.as_dict()))) == found


@pytest.mark.parametrize("verdict", list(Verdict))
@pytest.mark.parametrize("problem", list(Problem))
def test_verdict_has_words_for_every_case(verdict, problem):
    found = Verification(verdict, "0" * 64, 1, problem=problem)
    assert found.headline.endswith(".")
    assert all(sentence.endswith(".") for sentence in found.sentences)


@pytest.mark.parametrize(("step", "code"), [("archived", 0), ("sealed", 1), (None, 2)])
def test_verify_document_says_it_by_words_and_exit_code(
    papers, trust_service, tmp_path, step, code
):
    path = tmp_path / "document.pdf"
    path.write_bytes(getattr(papers, step) if step else b"no document")
    output = StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("verify_document", str(path), stdout=output)
    assert ended.value.code == code
    assert ("genuine and complete" in output.getvalue()) == (code == 0)


def test_verify_document_that_is_not_there_is_unreadable(tmp_path):
    with pytest.raises(SystemExit) as ended:
        call_command("verify_document", str(tmp_path / "none.pdf"), stderr=StringIO())
    assert ended.value.code == 2


def with_bomb(pdf):
    """Certificates for the check that unpack to 400 MB."""
    writer = IncrementalPdfFileWriter(BytesIO(pdf))
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(bytes(4_000_000)) for _each in range(100)) + packer.flush()
    bomb = generic.StreamObject(
        {generic.pdf_name("/Filter"): generic.pdf_name("/FlateDecode")}, encoded_data=packed
    )
    store = {generic.pdf_name("/Certs"): generic.ArrayObject([writer.add_object(bomb)])}
    writer.root["/DSS"] = writer.add_object(generic.DictionaryObject(store))
    writer.update_root()
    return written(writer)
