"""What a report says: to bytes and back, laid out to read, and its numbers to link by."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal import reference_files
from reporting import content
from reporting.content import NotAReport
from reporting.identifiers import checked

pytestmark = pytest.mark.django_db


def whole() -> content.Content:
    """A report with something in every section."""
    return {
        "version": 1,
        "filed": {"language": "en", "channel": "partner", "capacity": "firm",
                  "organisation": {"uuid": "x", "name": "Nord Frakt AB"}},
        "what": {"categories": ["TOBACCO", "UNKNOWN"], "narrative": "Boxes at night.",
                 "happening_now": True, "quantity": "40", "unit": "pallets",
                 "hs_code": checked("hs_code", "2402"), "indicators": ["GE1"]},
        "who": [{"name": "A. Nonym", "phone": "0046 70 1", "handle": "@Smoke",
                 "eori": checked("eori", "SE1"), "vat": "SE12"}],
        "where": {"place": "Gate 4", "locode": checked("locode", "segot"), "country": "SE"},
        "when": {"expected": "tomorrow", "recurring": "yes"},
        "transport": {"mode": "1", "vehicles": [{"plate": "abc 123", "trailer": "xyz9"}],
                      "containers": [checked("container", "CSQU3054384")],
                      "imo": checked("imo", "9074729"), "seal": "S-1", "mrn": "x"},
        "how": {"source": "saw", "first_hand": True, "through_work": "yes"},
        "about": {"mode": "anonymous", "at_risk": True, "risk": "They know me."},
        "files": [{"id": "1", "name": "gate.jpg", "kind": "jpeg", "size": 2048, "note": "the gate",
                   "scan": "unscanned"}],
    }  # fmt: skip


def test_bytes_give_the_same_report() -> None:
    assert content.load(content.dump(whole())) == whole()


@pytest.mark.parametrize("told", [b"", b"\xff", b"[]", b"{}", b'{"version":2}', b"null"])
def test_bytes_that_are_no_report_are_refused(told: bytes) -> None:
    with pytest.raises(NotAReport):
        content.load(told)


def test_every_answer_is_laid_out_in_the_order_of_the_form() -> None:
    reference_files.load()
    laid_out = content.sections(whole())
    steps = [section.step for section in laid_out]
    assert steps == ["what", "who", "where", "when", "transport", "how", "files", "about", ""]
    rows = {row.label: row for section in laid_out for row in section.rows}
    assert rows["Kind of crime"].value == "Tobacco\nI do not know"
    assert rows["Place code"].value == "SEGOT, Göteborg"
    assert rows["Quantity"].value == "40 pallets"
    assert rows["Container"].raw == "CSQU3054384"
    assert "check digit" in rows["Container"].warning
    assert rows["gate.jpg"].value.endswith("not scanned for viruses\nthe gate")


def test_report_of_a_sentence_alone_has_one_section() -> None:
    told = {"version": 1, "what": {"narrative": "Boxes at night."}}
    assert [section.step for section in content.sections(told)] == ["what"]


def test_numbers_to_link_by_come_in_one_spelling_and_once() -> None:
    told = whole()
    told["who"].append({"phone": "+46 701"})
    assert content.identifiers(told) == [
        ("phone", "+46701"),
        ("handle", "smoke"),
        ("vat", "SE12"),
        ("eori", "SE1"),
        ("plate", "ABC123"),
        ("plate", "XYZ9"),
        ("container", "CSQU3054384"),
        ("imo", "9074729"),
        ("seal", "S1"),
        ("mrn", "X"),
    ]


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_any_text_is_kept_as_it_was(text: str) -> None:
    told = {"version": 1, "what": {"narrative": text}}
    assert content.load(content.dump(told)) == told
