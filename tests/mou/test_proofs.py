"""What proves a measure, and which threats it lowers: seen by both sides, frozen once verified."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from mou import planned_text
from mou.actions import measures
from mou.models import Measure, MeasureFile, Mou
from portal.errors import DomainError
from portal.models import AuditEvent
from portal.sent_files import Sent
from tests.factories import UserFactory
from tests.mou import plan_flows, risk_flows
from tests.mou.living import in_force, owner, person
from tests.mou.test_plans import shared
from tests.people import at_the_desk

pytestmark = pytest.mark.django_db
PDF, PNG = b"%PDF-1.7 gate", b"\x89PNG\r\n\x1a\n gate"


@pytest.fixture
def mou():
    return in_force("Norrvik AB")


@pytest.fixture
def officer():
    return UserFactory(caseworker=True)


def step(one: Measure, verb: str) -> str:
    return reverse("mou:plan_step", args=[one.mou.uuid, "measures", one.uuid, verb])


def sent(*contents: bytes) -> list[SimpleUploadedFile]:
    return [SimpleUploadedFile(f"gate {n}.pdf", data) for n, data in enumerate(contents, start=1)]


def report(client: Client, one: Measure, *contents: bytes):
    client.force_login(owner(one.mou))
    return client.post(step(one, "report"), {"proof": "See.", "enclosed": sent(*contents)})


# --- Files ----------------------------------------------------------------------------------


def test_report_with_files_shows_them_to_both_sides(client, mou, officer):
    one = plan_flows.agreed(mou)
    assert report(client, one, PDF, PNG).status_code == 302
    kept = list(one.files.order_by("pk"))
    assert [(file.name, file.kind) for file in kept] == [
        ("gate 1.pdf", "pdf"),
        ("gate 2.pdf", "png"),
    ]
    desk = at_the_desk(Client(), officer)
    ours = reverse("mou:measure_file", args=[mou.uuid, one.uuid, kept[0].uuid])
    theirs = reverse("admin:mou_mou_measure_file", args=[mou.pk, one.uuid, kept[0].uuid])
    assert ours in client.get(reverse("mou:plan", args=[mou.uuid, "measures"])).content.decode()
    page = desk.get(reverse("admin:mou_mou_plan", args=[mou.pk, "measures"])).content.decode()
    assert theirs in page
    for answer in (client.get(ours), desk.get(theirs)):
        assert answer.content == PDF
        assert answer["Content-Disposition"].startswith("attachment")
    given = AuditEvent.objects.filter(event="measure_file_downloaded", kind="disclosure")
    assert [one.actor for one in given] == [f"user:{owner(mou).pk}", f"user:{officer.pk}"]
    assert "gate 1.pdf" in client.get("/mou/documents/?kind=proof").content.decode()


def test_files_are_nobody_elses(client, mou):
    one = plan_flows.agreed(mou)
    report(client, one, PDF)
    at = [one.uuid, MeasureFile.objects.get().uuid]
    client.force_login(person(mou, "stranger"))
    assert client.get(reverse("mou:measure_file", args=[mou.uuid, *at])).status_code == 404
    other = in_force("Kallvik AB")
    client.force_login(owner(other))
    assert client.get(reverse("mou:measure_file", args=[other.uuid, *at])).status_code == 404


@pytest.mark.parametrize("wrong", [b"", b"MZ executable", b"%PDF-" + b"x" * (11 * 1024 * 1024)])
def test_file_that_may_not_be_kept_keeps_none_and_loses_no_word(client, mou, wrong):
    one = plan_flows.agreed(mou)
    answer = report(client, one, PDF, wrong)
    assert "gate 2.pdf: Choose a PDF, PNG or JPEG file" in answer.content.decode()
    assert "See." in answer.content.decode()
    assert not MeasureFile.objects.exists()
    one.refresh_from_db()
    assert one.status == "agreed"


def test_files_come_in_as_a_browser_sends_them(mou):
    """The token stands in the same body."""
    one = plan_flows.agreed(mou)
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(owner(mou))
    browser.get(step(one, "report"))
    token = browser.cookies[settings.CSRF_COOKIE_NAME].value
    told = {"proof": "See.", "enclosed": sent(PDF)}
    assert browser.post(step(one, "report"), told).status_code == 403
    browser.post(step(one, "report"), told | {"csrfmiddlewaretoken": token, "enclosed": sent(PDF)})
    assert MeasureFile.objects.count() == 1


def test_no_more_files_than_are_kept(mou, monkeypatch):
    monkeypatch.setattr(measures, "MOST_FILES", 1)
    one = plan_flows.agreed(mou)
    files = [Sent("a", PDF), Sent("b", PDF)]
    with pytest.raises(DomainError, match="At most 1"):
        measures.report_measure(measure=one, proof="See.", enclosed=files, by=owner(mou))


def test_verify_is_of_the_files_that_were_seen(mou, officer):
    one = plan_flows.agreed(mou)
    seen = measures.report_measure(measure=one, proof="See.", by=owner(mou)).proof_mark
    measures.report_measure(measure=one, proof="See.", enclosed=[Sent("a", PDF)], by=owner(mou))
    with pytest.raises(DomainError, match="proof has changed"):
        measures.verify_measure(measure=one, proof_seen=seen, by=officer)


def test_database_freezes_the_files_of_what_was_verified(mou, officer):
    one = plan_flows.agreed(mou)
    done = measures.report_measure(
        measure=one, proof="See.", enclosed=[Sent("a", PDF)], by=owner(mou)
    )
    with pytest.raises(DatabaseError), transaction.atomic():
        MeasureFile.objects.update(name="b")
    measures.verify_measure(measure=one, proof_seen=done.proof_mark, by=officer)
    with pytest.raises(DatabaseError), transaction.atomic():
        one.files.create(name="b", kind="pdf", size=1, sha256="0", added_by=owner(mou))


# --- Threats --------------------------------------------------------------------------------


def test_measure_names_the_threats_it_lowers_on_every_page(client, mou, officer):
    shared(mou)
    client.force_login(owner(mou))
    add = reverse("mou:plan_add", args=[mou.uuid, "measures"])
    assert "Moved to another container" in client.get(add).content.decode()
    due = timezone.localdate()
    told = {"text": "A fence.", "party": "business", "duty": "Yard", "due_on": due}
    client.post(add, told | {"threats": ["SWITCH"]})
    one = Measure.objects.get()
    assert (one.threats, one.threats_version) == (["SWITCH"], 1)
    desk = at_the_desk(Client(), officer)
    measures_page = client.get(reverse("mou:plan", args=[mou.uuid, "measures"]))
    for page in (measures_page, desk.get(f"/admin/mou/mou/{mou.pk}/plan/measures/")):
        assert "Moved to another container" in page.content.decode()
    for page in (client.get(reverse("mou:risks", args=[mou.uuid])),):
        assert f"#line-{one.uuid}" in page.content.decode()


def test_desk_reads_the_measures_beside_the_ratings(officer):
    shown = risk_flows.shared(in_force("Norrvik AB"))
    mou = Mou.objects.get()
    code = shown.risks[0]["code"]
    one = plan_flows.measure(mou, threats=[code])
    page = at_the_desk(Client(), officer).get(f"/admin/mou/mou/{mou.pk}/risks/")
    assert f"#line-{one.uuid}" in page.content.decode()


@pytest.mark.parametrize("threats", [["PIN_FRAUD"], ["nonsense"]])
def test_threat_that_was_not_shared_is_refused(mou, threats):
    shared(mou)
    with pytest.raises(DomainError, match="shared with the firm"):
        plan_flows.measure(mou, threats=threats)


def test_measure_asks_for_no_threat_before_any_was_shared(client, mou):
    one = plan_flows.measure(mou)
    client.force_login(owner(mou))
    shown = client.get(reverse("mou:plan_add", args=[mou.uuid, "measures"])).content.decode()
    assert "make smaller" not in shown
    assert client.get(step(one, "link")).status_code == 404
    shared(mou)
    client.post(step(one, "link"), {"threats": ["RIP_OFF", "SWITCH"]})
    one.refresh_from_db()
    assert one.threats == ["RIP_OFF", "SWITCH"]
    client.post(step(one, "link"), {})
    one.refresh_from_db()
    assert one.threats == []


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "(Against: Bags added to an honest load.)"),
        ("sv", "(Mot: Väskor som läggs till en hederlig last.)"),
        ("nl", "(Tegen: Tassen die aan een eerlijke lading worden toegevoegd.)"),
    ],
)
def test_text_names_the_threats_in_its_language(mou, language, words):
    shared(mou)
    plan_flows.agreed(mou, threats=["RIP_OFF"])
    assert planned_text.planned(mou, language)[0]["paragraphs"][0].endswith(words)


def test_pages_take_a_fixed_number_of_queries(client, mou, django_assert_max_num_queries):
    shared(mou)
    client.force_login(owner(mou))
    for _round in range(2):
        for _number in range(4):
            one = plan_flows.agreed(mou, threats=["RIP_OFF"])
            files = [Sent("a", PDF)]
            measures.report_measure(measure=one, proof="See.", enclosed=files, by=owner(mou))
        for part, most in (("plan/measures", 12), ("risks", 9)):
            with django_assert_max_num_queries(most):
                client.get(f"/mou/{mou.uuid}/{part}/")
