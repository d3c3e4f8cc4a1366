"""A stranger's file: changes are found, what is not ours is told apart, nothing gets out."""

import json
import random
from datetime import UTC, datetime, timedelta
from io import BytesIO

import pikepdf
import pytest
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader

from mou import signing, verification
from mou.verdict import Problem, Verdict
from portal.authority import open_authority, revoke
from tests.agreement import ADMINISTRATION, make_papers, sample_content
from tests.authority import TrustService

POSITIONS = 12
STEP_OF_SOAK = 61


def verdict_on(pdf, service):
    return verification.verify(pdf, roots=service.roots)


def flipped(pdf, position, bit=0):
    return pdf[:position] + bytes([pdf[position] ^ (1 << bit)]) + pdf[position + 1 :]


# --- Changed after signing --------------------------------------------------------------------


def test_verify_refuses_a_flipped_byte_anywhere(papers, trust_service):
    chosen = random.Random(20261124).sample(range(len(papers.archived)), POSITIONS)
    for position in chosen:
        found = verdict_on(flipped(papers.archived, position, position % 8), trust_service)
        assert not found.is_valid, position


@pytest.mark.soak
def test_verify_refuses_a_flipped_byte_at_every_sixty_first(papers, trust_service):
    for position in range(0, len(papers.archived), STEP_OF_SOAK):
        found = verdict_on(flipped(papers.archived, position, position % 8), trust_service)
        assert not found.is_valid, position


@pytest.mark.parametrize("field", ["seal", "business", "administration", "archive-1"])
def test_verify_refuses_anything_in_the_room_beside_a_signature(papers, trust_service, field):
    for signature in PdfFileReader(BytesIO(papers.archived)).embedded_signatures:
        if signature.field_name == field:
            end = signature.byte_range[2] - 2
            assert papers.archived[end : end + 1] == b"0"
            changed = papers.archived[:end] + b"7" + papers.archived[end + 1 :]
            assert verdict_on(changed, trust_service).verdict is Verdict.ALTERED


def test_verify_refuses_a_flip_where_the_last_stamp_protects_nothing(papers, trust_service):
    """Lengths, versions and names of algorithms are outside what a stamp signs."""
    stamp = PdfFileReader(BytesIO(papers.archived)).embedded_timestamp_signatures[-1]
    content, info = stamp.pkcs7_content, stamp.signer_info
    signer = content.find(info.dump()) + 4
    algorithm = content.find(info["digest_algorithm"].dump())
    certificate = content.find(stamp.other_embedded_certs[0].dump()) + 40
    for place in (2, 3, 24, 25, algorithm + 4, algorithm + 13, signer, signer + 2, certificate):
        position = stamp.byte_range[1] + 2 + 2 * place
        found = verdict_on(flipped(papers.archived, position), trust_service)
        assert not found.is_valid, place


@pytest.mark.parametrize("addition", [b"\n", b"%%EOF\n", b"hello", b"\x00" * 2000])
def test_verify_refuses_bytes_after_the_end(papers, trust_service, addition):
    assert not verdict_on(papers.archived + addition, trust_service).is_valid


@pytest.mark.parametrize("step", ["sealed", "business_stamped", "archived"])
def test_verify_refuses_an_appended_page(papers, trust_service, step):
    writer = IncrementalPdfFileWriter(BytesIO(getattr(papers, step)))
    page = writer.root["/Pages"]["/Kids"][0].get_object()
    copy = generic.DictionaryObject(
        {key: page.raw_get(key) for key in page if key not in ("/Annots", "/Parent")}
    )
    writer.insert_page(copy)
    found = verdict_on(written(writer), trust_service)
    assert found.verdict is Verdict.ALTERED
    assert "changed" in found.headline


@pytest.mark.parametrize("step", ["sealed", "archived"])
def test_verify_refuses_an_added_annotation(papers, trust_service, step):
    writer = IncrementalPdfFileWriter(BytesIO(getattr(papers, step)))
    page = writer.root["/Pages"]["/Kids"][0].get_object()
    page["/Annots"].append(writer.add_object(note()))
    writer.update_container(page["/Annots"])
    assert verdict_on(written(writer), trust_service).verdict is Verdict.ALTERED


def test_verify_refuses_a_swapped_annotation(papers, trust_service):
    writer = IncrementalPdfFileWriter(BytesIO(papers.archived))
    page = writer.root["/Pages"]["/Kids"][0].get_object()
    page["/Annots"][0] = writer.add_object(note())
    writer.update_container(page["/Annots"])
    assert verdict_on(written(writer), trust_service).verdict is Verdict.ALTERED


def test_verify_refuses_other_data_in_the_attachment(papers, trust_service):
    writer = IncrementalPdfFileWriter(BytesIO(papers.archived))
    file = writer.root["/AF"][0].get_object()["/EF"]
    data = json.dumps(sample_content(number="MOU-2026-99999")).encode()
    file["/F"] = writer.add_object(generic.StreamObject(stream_data=data))
    writer.update_container(file)
    assert verdict_on(written(writer), trust_service).verdict is Verdict.ALTERED


def test_verify_refuses_a_file_saved_anew(papers, trust_service):
    output = BytesIO()
    with pikepdf.open(BytesIO(papers.archived)) as file:
        file.save(output)
    assert not verdict_on(output.getvalue(), trust_service).is_valid


def test_verify_refuses_a_signature_of_another_document(papers, trust_service):
    """The room of one document's signature filled with the signature of another."""
    other = make_papers(trust_service, sample_content(number="MOU-2026-00099"))
    span = spans(papers.archived)["business"]
    theirs = spans(other.archived)["business"]
    changed = bytearray(papers.archived)
    changed[slice(*span)] = other.archived[slice(*theirs)]
    assert verdict_on(bytes(changed), trust_service).verdict is Verdict.ALTERED


# --- Not complete, not ours, not trusted ------------------------------------------------------


@pytest.mark.parametrize(
    ("step", "problem", "levels"),
    [
        ("certified", Problem.MISSING, ["B-B"]),
        ("sealed", Problem.MISSING, ["B-T"]),
        ("business", Problem.MISSING, ["B-T", "B-B"]),
        ("business_stamped", Problem.MISSING, ["B-T", "B-T"]),
        ("administration_stamped", Problem.NOT_ARCHIVED, ["B-T", "B-T", "B-T"]),
    ],
)
def test_verify_says_what_is_still_missing(papers, trust_service, step, problem, levels):
    found = verdict_on(getattr(papers, step), trust_service)
    assert (found.verdict, found.problem) == (Verdict.INCOMPLETE, problem)
    assert [one.level for one in found.signatures] == levels


@pytest.mark.parametrize(
    ("step", "verdict", "problem"),
    [
        ("administration_stamped", Verdict.INCOMPLETE, Problem.NOT_ARCHIVED),
        ("business", Verdict.UNTRUSTED, Problem.EXPIRED),
    ],
)
def test_verify_after_a_day_believes_only_what_is_stamped(
    papers, trust_service, step, verdict, problem
):
    later = datetime.now(UTC) + timedelta(days=2)
    found = verification.verify(getattr(papers, step), roots=trust_service.roots, at=later)
    assert (found.verdict, found.problem) == (verdict, problem)


def test_verify_says_who_signed_for_whom_and_when(papers, trust_service):
    found = verdict_on(papers.archived, trust_service)
    assert (found.number, found.version) == ("MOU-2026-00042", 1)
    seal, business, administration = found.signatures
    assert seal.who.startswith("DEVELOPMENT seal of")
    assert (business.who, business.function) == ("Åsa Lindqvist", "Managing director")
    assert administration.organisation == ADMINISTRATION.organisation
    assert seal.signed_at <= business.signed_at <= administration.signed_at <= found.archived_at
    assert "Signed for the firm: Åsa Lindqvist, Managing director" in business.sentence


def test_verify_tells_a_foreign_document_apart(trust_service, foreign):
    found = verdict_on(foreign.archived, trust_service)
    assert (found.verdict, found.number) == (Verdict.FOREIGN, "")
    assert "not by this administration" in found.headline
    assert all(not one.trusted and one.intact for one in found.signatures)


def test_verify_tells_a_changed_foreign_document_apart(trust_service, foreign):
    changed = flipped(foreign.archived, 2000)
    assert verdict_on(changed, trust_service).verdict is Verdict.ALTERED


def test_verify_refuses_a_stranger_among_our_signatures(papers, trust_service, stranger):
    pdf = signing.sign(
        papers.business_stamped,
        field="administration",
        signer=ADMINISTRATION,
        reason="-",
        keys=stranger,
    )
    found = verdict_on(pdf, trust_service)
    assert (found.verdict, found.problem) == (Verdict.UNTRUSTED, Problem.FOREIGN)


@pytest.mark.parametrize(("minutes", "holds"), [(-5, False), (5, True)])
def test_verify_counts_only_what_was_withdrawn_before_it_signed(apart, minutes, holds):
    since = datetime.now(UTC) + timedelta(minutes=minutes)
    revoke(apart.authority, apart.authority.seal.certificate.serial_number, since=since)
    if holds:
        assert verdict_on(make_papers(apart, sample_content()).archived, apart).is_valid
    else:
        with pytest.raises(signing.SigningRefused, match="not confirmed"):
            make_papers(apart, sample_content())


def test_verify_finds_no_signature_where_there_is_none(papers, trust_service):
    assert verdict_on(papers.rendered, trust_service).verdict is Verdict.UNSIGNED


# --- Helpers ----------------------------------------------------------------------------------


def written(writer):
    output = BytesIO()
    writer.write(output)
    return output.getvalue()


def note():
    return generic.DictionaryObject(
        {
            generic.pdf_name("/Type"): generic.pdf_name("/Annot"),
            generic.pdf_name("/Subtype"): generic.pdf_name("/FreeText"),
            generic.pdf_name("/Rect"): generic.ArrayObject(
                map(generic.NumberObject, (50, 50, 300, 100))
            ),
            generic.pdf_name("/Contents"): generic.pdf_string("Paid in full"),
        }
    )


def spans(pdf):
    found = PdfFileReader(BytesIO(pdf)).embedded_signatures
    return {one.field_name: (one.byte_range[1], one.byte_range[2]) for one in found}


@pytest.fixture
def apart(trust_service, tmp_path):
    """Another authority, with the same names and its own service."""
    authority = open_authority(
        tmp_path / "other", address="http://127.0.0.1:1", administration="Elsewhere"
    )
    running = TrustService(authority, 0)
    running.start()
    yield running
    running.stop()


@pytest.fixture
def foreign(apart):
    return make_papers(apart, sample_content())


@pytest.fixture
def stranger(apart):
    return apart.keys
