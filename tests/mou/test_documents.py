"""The agreement as a document: archive-grade, accessible, the same on paper and on a page."""

import hashlib
import json
import re
import shutil
import subprocess
from html.parser import HTMLParser
from io import BytesIO

import pikepdf
import pytest
import qrcode
from django.conf import settings

from mou import documents
from portal import press
from tests.agreement import ADDRESS, sample_content


def render(**changes):
    return documents.render(sample_content(**changes), verification_url=ADDRESS)


def words(pdf, *options):
    command = ["pdftotext", *options, "-", "-"]
    return subprocess.run(command, input=pdf, capture_output=True, check=True).stdout.decode()


def assert_archive_grade_and_accessible(pdf, language="en"):
    """What PDF/A-3a and PDF/UA-1 ask for and can be seen without a full validator."""
    with pikepdf.open(BytesIO(pdf)) as file:
        root = file.Root
        claims = bytes(root.Metadata.read_bytes()).decode()
        assert re.search(r'pdfaid:part[>="]+3', claims)
        assert re.search(r'pdfaid:conformance[>="]+A', claims)
        assert re.search(r'pdfuaid:part[>="]+1', claims)
        assert "<pdfaSchema:prefix>pdfuaid<" in claims
        assert claims.count("</rdf:RDF>") == 1
        assert "/Filter" not in root.Metadata or root.Metadata.Filter == "/FlateDecode"
        assert "/DestOutputProfile" in root.OutputIntents[0]
        assert bool(root.MarkInfo.Marked)
        assert root.StructTreeRoot.K
        assert str(root.Lang) == language
        assert bool(root.ViewerPreferences.DisplayDocTitle)
        assert "/Version" not in root
        assert file.pdf_version == "1.7"
        fonts = [one for one in file.objects if is_a(one, "/FontDescriptor")]
        assert fonts
        assert all("/FontFile2" in one or "/FontFile3" in one for one in fonts)
        for page in file.pages:
            assert page.Tabs == "/S"
            for annotation in page.get("/Annots", []):
                # Printed, and neither hidden nor without a view.
                assert int(annotation.F) & 0b100111 == 0b100
                assert str(annotation.TU)
        figures = [one for one in file.objects if is_a(one, "/StructElem") and one.S == "/Figure"]
        assert figures
        assert all(str(one.Alt) for one in figures)
    if shutil.which("verapdf"):
        validate(pdf)


def is_a(thing, kind):
    return isinstance(thing, pikepdf.Dictionary) and thing.get("/Type") == kind


def validate(pdf):
    for flavour in ("3a", "ua1"):
        command = ["verapdf", "--format", "text", "--flavour", flavour, "-"]
        said = subprocess.run(command, input=pdf, capture_output=True).stdout.decode()
        assert said.startswith("PASS"), said


@pytest.mark.parametrize("language", [code for code, _name in settings.LANGUAGES])
def test_render_is_archive_grade_and_accessible_in_every_language(language):
    assert_archive_grade_and_accessible(render(language=language), language)


def test_render_makes_the_same_bytes_again():
    assert render() == render()


def test_render_of_another_content_in_between_changes_nothing():
    first = render()
    render(number="MOU-2026-00043", mark="")
    assert render() == first


def test_render_embeds_the_content_as_data():
    with pikepdf.open(BytesIO(render())) as file:
        (specification,) = file.Root.AF
        assert str(specification.UF) == "mou.json"
        assert specification.AFRelationship == "/Data"
        data = bytes(specification.EF.F.read_bytes())
    assert data == documents.canonical(sample_content())
    assert hashlib.sha256(data).hexdigest() == documents.content_hash(sample_content())


def test_render_prints_all_that_was_agreed():
    content = sample_content()
    printed = " ".join(words(documents.render(content, verification_url=ADDRESS)).split())
    for text in (
        content["number"],
        content["business"]["legal_name"],
        content["business"]["eori"],
        content["basis"],
        content["survey_note"],
        content["duration"],
        content["signatories"]["business"]["name"],
        *(clause["title"] for clause in content["clauses"]),
    ):
        assert text in printed
    for paragraph in content["clauses"][0]["paragraphs"]:
        assert printed.count(paragraph[:40]) == len(content["clauses"])
    assert ADDRESS in printed.replace(" ", "")


def test_render_marks_and_numbers_every_page():
    pages = words(render(mark="DEMONSTRATION")).split("\f")[:-1]
    assert len(pages) >= 4
    for number, page in enumerate(pages, start=1):
        assert "DEMONSTRATION: this document has no legal effect" in page
        assert f"Page {number} of {len(pages)}" in page


def test_render_without_a_mark_shows_none():
    assert "no legal effect" not in words(render(mark=""))


@pytest.mark.parametrize(
    "name",
    [
        "<script>alert(1)</script> & Sons <img src='http://127.0.0.1:9/x'>",
        "Łódź Żegluga – Ελληνική Ναυτιλία – Черноморский порт",
        "N" * 150,
    ],
)
def test_render_prints_any_name_as_it_is(name):
    content = sample_content()
    content["business"]["legal_name"] = name
    pdf = documents.render(content, verification_url=ADDRESS)
    assert "".join(name.split()) in "".join(words(pdf, "-raw").split())


def test_render_fetches_nothing_that_is_not_packaged():
    markup = '<html lang="en"><title>-</title><img src="http://127.0.0.1:9/x.png" alt="x"></html>'
    for address in ("http://127.0.0.1:9/x.png", "file:///etc/passwd", "packaged:../settings.py"):
        page = markup.replace("http://127.0.0.1:9/x.png", address)
        with pytest.raises(press.DocumentIncomplete, match="not packaged"):
            press.set_document(page, style=documents.STYLE, code="-")


def test_render_as_html_says_the_same_words():
    html = Words()
    html.feed(documents.render_html(sample_content()))
    printed = words(render(mark=""), "-layout")
    missing = set(re.findall(r"\w+", html.text)) - set(re.findall(r"\w+", printed))
    assert not missing


def test_render_as_html_has_headings_without_gaps():
    html = Words()
    html.feed(documents.render_html(sample_content()))
    assert set(html.headings) == {"h2"}
    assert "style=" not in documents.render_html(sample_content())


def test_content_hash_depends_on_every_value_and_on_no_order():
    content = sample_content()
    turned = json.loads(json.dumps(dict(reversed(content.items()))))
    assert documents.content_hash(turned) == documents.content_hash(content)
    for key in content:
        assert documents.content_hash(content | {key: "other"}) != documents.content_hash(content)


class Words(HTMLParser):
    """The words and headings of a piece of HTML."""

    def __init__(self):
        super().__init__()
        self.text, self.headings = "", []

    def handle_data(self, data):
        self.text += f" {data}"

    def handle_starttag(self, tag, attributes):
        if re.fullmatch(r"h\d", tag):
            self.headings.append(tag)


def test_lacking_names_what_the_typeface_cannot_print():
    business = sample_content()["business"]
    named = sample_content(business=business | {"legal_name": "Åkeri 株式会社 Ωmega Žluť"})
    assert set(documents.lacking(named)) == set("株式会社")
    assert documents.lacking(sample_content()) == ""


def test_code_draws_what_a_reader_expects():
    code = qrcode.QRCode(
        error_correction=qrcode.constants.ERROR_CORRECT_M, border=4, mask_pattern=3
    )
    code.add_data(ADDRESS)
    rows = code.get_matrix()
    drawn = [[False] * len(rows) for _row in rows]
    for x, y, length in re.findall(r"M(\d+) (\d+)h(\d+)v1H", press.code_svg(ADDRESS)):
        for step in range(int(length)):
            drawn[int(y)][int(x) + step] = True
    assert drawn == rows
