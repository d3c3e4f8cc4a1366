"""Reports at the desk as officers meet them: list, page, opening, files, and who is turned away."""

from __future__ import annotations

import re

import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse

from portal import reference_files
from portal.models import AuditEvent, StaffRole
from reporting.actions import clocks, custody, labels, notes, triage
from reporting.admin_views.verbs import VERBS
from reporting.lifecycle import Status
from reporting.models import Envelope, Kind, Referral, Report
from tests.factories import UserFactory
from tests.partners.factories import PartnerFactory
from tests.people import at_the_desk
from tests.reporting import cases

pytestmark = pytest.mark.django_db
LIST = "/admin/reporting/report/"
REASON = {"reason": "first assessment"}


def at(report: Report, name: str = "change", *more: object) -> str:
    return reverse(f"admin:reporting_report_{name}", args=[report.pk, *more])


def text(answer) -> str:
    return answer.content.decode()


@pytest.fixture
def seat(desk, client):
    """The officer at an unlocked desk."""
    return desk.unlocked(client, desk.officer)


@pytest.fixture
def open_case(desk, seat):
    """A report with a picture, opened by the officer."""
    picture = cases.picture()
    report, _told = cases.filed(files=(picture,))
    seat.post(at(report, "open"), REASON)
    return report, picture


# --- Who is turned away -------------------------------------------------------------------------


@pytest.mark.parametrize(
    "role", [role for role in StaffRole if role not in ("triage_officer", "supervisor")]
)
def test_open_the_desk_without_the_role_is_not_found_and_recorded(client, role):
    report = Report.objects.create()
    at_the_desk(client, UserFactory(**{role.value: True}))
    assert client.get(LIST).status_code == 404
    assert client.get(at(report)).status_code == 404
    assert client.post(at(report, "open"), REASON).status_code == 404
    refused = AuditEvent.objects.filter(event="opening_refused", target_id=str(report.pk))
    assert [event.facts for event in refused] == [{"why": "right"}] * 2


@pytest.mark.parametrize("verb", VERBS)
def test_use_a_verb_as_system_administrator_is_not_found(client, verb):
    report = Report.objects.create()
    many = UserFactory(system_administrator=True, triage_officer=True, supervisor=True)
    at_the_desk(client, many)
    for method in (client.get, client.post):
        assert method(at(report, verb)).status_code == 404
    assert Report.objects.get(pk=report.pk).status == Status.RECEIVED


@pytest.mark.parametrize("verb", VERBS)
def test_use_a_verb_despite_a_conflict_is_not_found(client, verb):
    officer, supervisor = UserFactory(triage_officer=True), UserFactory(supervisor=True)
    report = Report.objects.create()
    custody.exclude(report=report, by=supervisor, person=officer)
    at_the_desk(client, officer)
    for method in (client.get, client.post):
        assert method(at(report, verb)).status_code == 404
    assert report.reference not in text(client.get(LIST))


def test_open_a_report_that_does_not_exist_is_not_found(client):
    at_the_desk(client, UserFactory(triage_officer=True))
    for made_up in ("7", "00000000-0000-0000-0000-000000000007"):
        assert client.get(f"{LIST}{made_up}/change/").status_code == 404


# --- Opening ------------------------------------------------------------------------------------


def test_page_of_a_sealed_report_shows_plain_columns_only(seat):
    report, _told = cases.filed()
    page = text(seat.get(at(report)))
    assert report.reference in page
    assert "Open the report" in page
    assert "gate 4" not in page


def test_open_at_a_locked_desk_asks_for_the_passphrase_first(desk, client):
    report, _told = cases.filed()
    at_the_desk(client, desk.officer)
    answer = client.get(at(report, "open"))
    assert answer.status_code == 302
    assert answer.url.startswith("/admin/unlock/?next=")


def test_open_without_a_reason_asks_again_and_is_recorded(seat):
    report, _told = cases.filed()
    answer = seat.post(at(report, "open"), {"reason": " "})
    assert "Give the reason" in text(answer)
    assert "gate 4" not in text(seat.get(at(report)))
    assert AuditEvent.objects.filter(event="opening_refused").count() == 1


def test_open_with_a_reason_shows_all_of_it_as_text(seat, open_case):
    report, _picture = open_case
    answer = seat.get(at(report))
    page = text(answer)
    assert "&lt;b&gt;gate 4&lt;/b&gt;" in page
    assert "<script>alert" not in page
    assert "no-store" in answer["Cache-Control"]
    assert AuditEvent.objects.get(event="opened").reason == REASON["reason"]
    # Looking again within the half hour needs no second reason.
    assert "gate 4" in text(seat.get(at(report)))


def test_open_goes_to_no_other_host_afterwards(seat):
    report, _told = cases.filed()
    answer = seat.post(f"{at(report, 'open')}?next=https://elsewhere.example/", REASON)
    assert answer.url == at(report)


def test_locked_desk_shows_nothing_of_an_opened_report(seat, open_case):
    report, _picture = open_case
    seat.post("/admin/lock/")
    assert "gate 4" not in text(seat.get(at(report)))


# --- Files --------------------------------------------------------------------------------------


def test_viewing_copy_is_shown_where_nothing_in_it_can_act(seat, open_case):
    report, picture = open_case
    answer = seat.get(at(report, "file", picture.id))
    assert answer["Content-Type"] == "image/jpeg"
    assert answer.content == picture.view()[0]
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert "no-store" in answer["Cache-Control"]


def test_viewing_copy_that_is_no_picture_is_taken_down(desk, seat):
    page = cases.kept("a.html", "text", original=b"<p>", view=b"<script>alert(1)</script>")
    report, _told = cases.filed(files=(page,))
    seat.post(at(report, "open"), REASON)
    answer = seat.get(at(report, "file", page.id))
    assert answer["Content-Type"].startswith("text/plain")
    assert answer["Content-Disposition"].startswith("attachment")


def test_original_is_taken_out_for_a_reason_and_recorded_as_disclosed(seat, open_case):
    report, picture = open_case
    address = at(report, "original", picture.id)
    assert "harmful" in text(seat.get(address))
    assert "Say why" in text(seat.post(address, {"reason": "look"}))
    answer = seat.post(address, {"reason": "sent to the laboratory"})
    assert answer.content == picture.original()[0]
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"].startswith("attachment")
    taken = AuditEvent.objects.get(event="original_taken")
    assert (taken.kind, taken.facts) == ("disclosure", {"file": str(picture.id)})


def test_file_of_a_sealed_report_leads_to_the_reason(seat):
    picture = cases.picture()
    report, _told = cases.filed(files=(picture,))
    for name in ("file", "original"):
        answer = seat.get(at(report, name, picture.id))
        assert answer.url.startswith(at(report, "open"))


# --- Verbs --------------------------------------------------------------------------------------


def test_verbs_by_their_pages_bring_a_report_along(desk, seat, open_case):
    reference_files.load()
    PartnerFactory(code="OLAF")
    report, _picture = open_case
    steps = [
        ("acknowledge", {}),
        ("take", {}),
        ("prioritise", {"priority": "P2"}),
        ("grade", {"source": "B", "information": "2", "handling": "H0"}),
        ("classify", {"category": "NARCOTICS", "eu_finances": "on"}),
        ("add_note", {"statement": "fact", "text": "A note.", "source": "Register"}),
        ("categorise", {"person": "0", "category": "witness"}),
        ("sanitise", {"text": "A sanitised text."}),
        ("reply", {"text": "A reply.", "asks": "on"}),
        ("refer", {"receiver": "OLAF", "legal_basis": "Art. 8", "version": "1"}),
        ("close", {}),
        ("reopen", {"reason": "There is more."}),
    ]
    for verb, told in steps:
        answer = seat.post(at(report, verb), told)
        assert answer.status_code == 302, (verb, text(answer)[-3000:])
    page = text(seat.get(at(report)))
    for shown in ("A note.", "Witness", "A sanitised text.", "A reply.", "There is more."):
        assert shown in page
    assert not LogEntry.objects.exists()


def test_reply_at_a_desk_that_was_locked_meanwhile_keeps_the_text(seat, open_case):
    report, _picture = open_case
    seat.post("/admin/lock/")
    answer = seat.post(at(report, "reply"), {"text": "A long reply."})
    assert "A long reply." in text(answer)
    assert "The desk was locked" in text(answer)
    assert not Envelope.objects.filter(kind=Kind.REPLY).exists()


def test_mark_as_read_leaves_what_came_since_the_page_was_opened(seat, open_case):
    report, _picture = open_case

    def word():
        Envelope.objects.create(report=report, kind=Kind.MESSAGE, ciphertext=b"sealed")
        clocks.note_word(report_id=report.pk)

    def button():
        return re.search(rf'action="({at(report, "read_news")}[^"]*)"', text(seat.get(at(report))))[
            1
        ]

    word()
    opened = button()
    word()
    answer = seat.post(opened, follow=True)
    assert "Another word has come" in text(answer)
    seat.post(at(report, "read_news"))
    report.refresh_from_db()
    assert report.news_at is not None
    seat.post(button())
    report.refresh_from_db()
    assert report.news_at is None


def test_verb_in_a_status_that_does_not_allow_it_says_so(seat):
    report = Report.objects.create(status=Status.CLOSED)
    answer = seat.post(at(report, "acknowledge"), follow=True)
    assert "cannot be changed in this way" in text(answer)


def test_classify_puts_forward_what_was_told(seat, open_case):
    reference_files.load()
    report, _picture = open_case
    form = seat.get(at(report, "classify")).context["form"]
    assert (form["category"].value(), form["direction"].value()) == ("NARCOTICS", "IMPORT")
    assert form["eu_finances"].value()


def test_classify_puts_no_country_forward_and_says_who_reads_it(desk, seat, open_case):
    report, _picture = open_case
    page = seat.get(at(report, "classify"))
    form = page.context["form"]
    assert (form["origin"].value(), form["destination"].value()) == ("", "")
    assert text(page).count("where a country could point to who reported") == 2
    triage.classify(report=report, by=desk.officer, destination="AU")
    assert "Country of destination" in text(seat.get(at(report)))
    assert "Australia" in text(seat.get(at(report)))


def test_refer_shows_what_leaves_and_refuses_what_was_written_since(desk, seat, open_case):
    reference_files.load()
    PartnerFactory(code="OLAF")
    report, _picture = open_case
    triage.grade(report=report, by=desk.officer, source="B", information="2", handling="H0")
    keys = desk.keys_of(desk.officer)
    sanitised = {"report": report, "keys": keys, "by": desk.officer}
    notes.sanitise(**sanitised, text="Boxes come to a gate.")
    page = seat.get(at(report, "refer"))
    assert "Boxes come to a gate." in text(page)
    typed = {"receiver": "OLAF", "legal_basis": "Art. 8", "version": _version_on(page)}
    notes.sanitise(**sanitised, text="Boxes come to the neighbour.")
    again = seat.post(at(report, "refer"), typed)
    assert "was written since you opened this page" in text(again)
    assert "Boxes come to the neighbour." in text(again)
    assert not Referral.objects.exists()
    seat.post(at(report, "refer"), typed | {"version": _version_on(again)})
    assert Referral.objects.exists()


def _version_on(page):
    return re.search(r'name="version" value="(\d+)"', text(page)).group(1)


@pytest.mark.parametrize("version", ["", "0", "-1", "9" * 5000, "one"])
def test_refer_without_the_version_that_was_read_is_refused(desk, seat, open_case, version):
    reference_files.load()
    PartnerFactory(code="OLAF")
    report, _picture = open_case
    triage.grade(report=report, by=desk.officer, source="B", information="2", handling="H0")
    keys = desk.keys_of(desk.officer)
    notes.sanitise(report=report, keys=keys, by=desk.officer, text="Boxes come to a gate.")
    typed = {"receiver": "OLAF", "legal_basis": "Art. 8", "version": version}
    assert seat.post(at(report, "refer"), typed).status_code == 200
    assert not Referral.objects.exists()


def test_answer_on_the_unions_money_offers_the_referral_to_olaf(desk, seat, open_case):
    reference_files.load()
    PartnerFactory(code="OLAF")
    report, _picture = open_case
    triage.classify(report=report, by=desk.officer, eu_finances=True)
    triage.grade(report=report, by=desk.officer, source="B", information="2", handling="H0")
    assert "Refer it to OLAF" in text(seat.get(at(report)))
    assert seat.get(at(report, "refer")).context["form"]["receiver"].value() == "OLAF"


def test_declare_a_conflict_of_ones_own_leads_back_to_the_list(desk, seat):
    report, _told = cases.filed()
    answer = seat.post(at(report, "exclude"), {"person": desk.officer.pk})
    assert answer.url == LIST
    assert seat.get(at(report)).status_code == 404


# --- Several at once ----------------------------------------------------------------------------


def test_take_several_at_once_leaves_what_others_have(desk, seat):
    mine, others = Report.objects.create(), Report.objects.create()
    custody.take(report=others, by=UserFactory(triage_officer=True))
    ticked = [str(mine.pk), str(others.pk)]
    seat.post(LIST, {"action": "take_each", "_selected_action": ticked})
    assert Report.objects.get(pk=mine.pk).assigned_to == desk.officer
    assert Report.objects.get(pk=others.pk).assigned_to != desk.officer


def test_label_several_at_once_asks_which(desk, seat):
    label = labels.add_label(by=desk.supervisor, code="port", name="Port")
    reports = [Report.objects.create() for _ in range(2)]
    ticked = [str(report.pk) for report in reports]
    answer = seat.post(LIST, {"action": "label_each", "_selected_action": ticked})
    seat.post(answer.url, {"label": label.pk})
    assert label.reports.count() == 2


def test_take_all_that_there_are_takes_no_more_than_was_ticked(seat):
    ticked, _other = Report.objects.create(), Report.objects.create()
    told = {"action": "take_each", "_selected_action": [str(ticked.pk)], "select_across": "1"}
    seat.post(LIST, told)
    assert Report.objects.filter(assigned_to__isnull=False).count() == 1
