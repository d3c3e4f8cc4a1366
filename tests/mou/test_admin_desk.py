"""Lists, certificates and offers at the desk: what officers see and which buttons they have."""

from __future__ import annotations

from io import BytesIO

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from mou import programme
from mou.actions import offers
from mou.lifecycle import OfferStatus
from mou.models import Basis, CertificateImport, MouOffer, RejectedRow, TrustStatus
from portal import outbox, reference_files
from portal.models import StaffRole
from tests.factories import OrganisationFactory, UserFactory
from tests.mou import flows
from tests.mou.test_imports import FIRST, SECOND, changed, csv
from tests.people import at_the_desk

pytestmark = pytest.mark.django_db

IMPORT = "/admin/mou/certificateimport/import/"


@pytest.fixture(autouse=True)
def lists(db):
    reference_files.load()
    programme.load()


@pytest.fixture
def caseworker():
    return UserFactory(caseworker=True)


@pytest.fixture
def desk(client, caseworker):
    return at_the_desk(client, caseworker)


def upload(desk: Client, data: bytes, name: str = "certificates.csv"):
    return desk.post(IMPORT, {"file": SimpleUploadedFile(name, data)}, follow=True)


def apply(desk: Client) -> None:
    """The second step, and the work that follows it."""
    outbox.deliver_open()
    batch = CertificateImport.objects.get()
    desk.post(reverse("admin:mou_certificateimport_confirm", args=[batch.pk]))
    outbox.deliver_open()


def offered(**fields) -> MouOffer:
    organisation = OrganisationFactory()
    return offers.offer(
        organisation=organisation,
        programme=flows.programme(),
        basis=Basis.TRUST_STATUS,
        trust_status=flows.trust_status(organisation),
        by=None,
        **fields,
    )


# --- Lists ----------------------------------------------------------------------------------


def test_import_at_the_desk_shows_progress_then_counts(desk):
    page = upload(desk, csv(FIRST, SECOND, changed(SECOND, day="yesterday")))
    assert "Waiting for a worker" in page.content.decode()
    assert 'http-equiv="refresh"' in page.content.decode()
    apply(desk)
    batch = CertificateImport.objects.get()
    page = desk.get(f"/admin/mou/certificateimport/{batch.pk}/change/").content.decode()
    assert 'http-equiv="refresh"' not in page
    assert "Line 3" not in page
    assert "year-month-day" in page
    assert "Download the rejected rows" in page


def test_import_at_the_desk_shows_the_differences_before_they_are_applied(desk):
    upload(desk, csv(FIRST, SECOND))
    outbox.deliver_open()
    batch = CertificateImport.objects.get()
    url = f"/admin/mou/certificateimport/{batch.pk}/change/"
    page = desk.get(url).content.decode()
    assert "Nothing is changed yet" in page
    assert "Norrvik Freight AB" in page
    assert "Apply this list" in page
    assert not TrustStatus.objects.exists()
    apply(desk)
    page = desk.get(url).content.decode()
    assert "Apply this list" not in page
    assert TrustStatus.objects.count() == 2


def test_import_at_the_desk_shows_one_kind_of_difference_at_a_time(desk):
    upload(desk, csv(FIRST, SECOND))
    apply(desk)
    file = SimpleUploadedFile("second.csv", csv(changed(FIRST, holder="Norrvik Ferries AB")))
    desk.post(IMPORT, {"file": file, "complete": "on"})
    outbox.deliver_open()
    url = f"/admin/mou/certificateimport/{CertificateImport.objects.latest('pk').pk}/change/"
    changed_page = desk.get(url).content.decode()
    gone_page = desk.get(url + "?kind=gone").content.decode()
    assert "Norrvik Freight AB → Norrvik Ferries AB" in changed_page
    assert "SEAEOC0002" not in changed_page
    assert "SEAEOC0002" in gone_page
    assert "decides nothing" in gone_page


def test_drop_at_the_desk_applies_nothing(desk):
    upload(desk, csv(FIRST))
    outbox.deliver_open()
    batch = CertificateImport.objects.get()
    page = desk.post(
        reverse("admin:mou_certificateimport_drop", args=[batch.pk]), follow=True
    ).content.decode()
    assert "Nothing of it was applied" in page
    assert not TrustStatus.objects.exists()


def test_download_of_the_differences_is_a_file(desk):
    upload(desk, csv(FIRST))
    outbox.deliver_open()
    batch = CertificateImport.objects.get()
    answer = desk.post(reverse("admin:mou_certificateimport_differences", args=[batch.pk]))
    assert "Norrvik Freight AB" in answer.content.decode()
    assert "attachment" in answer["Content-Disposition"]


def test_import_at_the_desk_tells_its_progress_to_the_script(desk):
    upload(desk, csv(FIRST))
    url = reverse("admin:mou_certificateimport_state", args=[CertificateImport.objects.get().pk])
    assert desk.get(url).json()["finished"] is False
    outbox.deliver_open()
    assert desk.get(url).json() == {
        "done": 1,
        "total": 1,
        "text": "1 of 1 row compared.",
        "finished": True,
    }
    apply(desk)
    assert desk.get(url).json()["text"] == "1 of 1 row applied."


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"PK\x03\x04rest", "ZIP"),
        ("holder;country".encode("utf-16"), "UTF-16"),
        (csv(changed(FIRST, holder="Västerö AB")).decode().encode("latin-1"), "UTF-8"),
        (b"holder,country\nA,SE", "Missing"),
        (b"", "empty"),
    ],
)
def test_import_of_a_file_nobody_can_read_is_refused_at_once(desk, data, words):
    page = upload(desk, data)
    assert words in page.content.decode()
    assert not CertificateImport.objects.exists()


class Endless(BytesIO):
    """A body that counts what was taken of it and keeps nothing."""

    taken = 0

    def read(self, size: int = -1) -> bytes:
        self.taken += size
        return b"x" * size


def test_import_of_a_huge_file_is_refused_before_it_is_read(desk, monkeypatch):
    monkeypatch.setattr("django.http.multipartparser.MultiPartParser.parse", None)
    body = Endless()
    answer = desk.generic(
        "POST",
        IMPORT,
        b"",
        content_type="multipart/form-data; boundary=x",
        CONTENT_LENGTH="200000000",
        **{"wsgi.input": body},
    )
    assert answer.status_code == 413
    assert "too large" in answer.content.decode()
    assert 200_000_000 <= body.taken < 201_000_000


def test_import_without_a_token_is_refused(caseworker):
    strict = at_the_desk(Client(enforce_csrf_checks=True), caseworker)
    answer = strict.post(IMPORT, {"file": SimpleUploadedFile("a.csv", csv(FIRST))})
    assert answer.status_code == 403
    assert not CertificateImport.objects.exists()


def test_import_names_columns_it_does_not_use(desk):
    data = csv(FIRST).replace(b"contact e-mail", b"contact e-meil")
    assert "not used: contact e-meil" in upload(desk, data).content.decode()


def test_download_of_rejected_rows_is_a_list_to_send_again(desk):
    upload(desk, csv(FIRST, changed(SECOND, holder="=HYPERLINK()")))
    outbox.deliver_open()
    url = reverse("admin:mou_certificateimport_rejected", args=[CertificateImport.objects.get().pk])
    answer = desk.post(url)
    assert answer.content.startswith('\ufeff"holder"'.encode())
    assert "attachment" in answer["Content-Disposition"]
    assert "'=HYPERLINK" in answer.content.decode()
    assert desk.get(url).status_code == 405


# --- Certificates ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("verb", "component", "worth"),
    [("suspend", "S", "suspended"), ("revoke", "S", "revoked")],
)
def test_record_what_happened_to_a_certificate(desk, verb, component, worth):
    status = flows.trust_status(OrganisationFactory())
    form = {
        "component": component,
        "decided_on": timezone.localdate().isoformat(),
        "effective_on": timezone.localdate().isoformat(),
        "reason": "Decision 12",
    }
    desk.post(f"/admin/mou/truststatus/{status.pk}/{verb}/", form)
    status.refresh_from_db()
    assert (status.simplifications, status.security) == ("valid", worth)
    page = desk.get(f"/admin/mou/truststatus/{status.pk}/change/").content.decode()
    assert "Decision 12" in page


def test_reinstate_is_offered_only_after_a_suspension(desk):
    status = flows.trust_status(OrganisationFactory())
    url = f"/admin/mou/truststatus/{status.pk}/reinstate/"
    assert desk.get(url).status_code == 404
    TrustStatus.objects.update(security="suspended")
    assert desk.get(url).status_code == 200


def test_record_a_suspension_of_tomorrow_waits_for_its_day_and_can_be_taken_back(desk):
    status = flows.trust_status(OrganisationFactory())
    today = timezone.localdate()
    tomorrow = today + timezone.timedelta(days=1)
    form = {
        "component": "S",
        "decided_on": today.isoformat(),
        "effective_on": tomorrow.isoformat(),
        "reason": "Decision 12",
    }
    page = desk.post(f"/admin/mou/truststatus/{status.pk}/suspend/", form, follow=True)
    assert "Decided, not in effect yet" in page.content.decode()
    status.refresh_from_db()
    assert status.security == "valid"
    decision = status.decisions.get()
    url = reverse("admin:mou_truststatus_drop_decision", args=[status.pk, decision.pk])
    page = desk.post(url, follow=True).content.decode()
    assert "It does not take effect" in page
    assert "Decided, not in effect yet" not in page


def test_search_finds_a_certificate_by_the_beginning_of_its_number(desk):
    status = flows.trust_status(OrganisationFactory())
    beginning = f"{status.number[:4]} {status.number[4:9].lower()}"
    page = desk.get("/admin/mou/truststatus/", {"q": beginning}).content.decode()
    assert status.number in page
    assert "Nothing here." in desk.get("/admin/mou/truststatus/?q=SEAEOX").content.decode()


# --- Offers ---------------------------------------------------------------------------------


def test_offer_without_an_address_waits_on_the_front_page(desk):
    offered()
    page = desk.get("/admin/").content.decode()
    assert "Offers without an address" in page
    listed = desk.get("/admin/mou/mouoffer/?waits=address").content.decode()
    assert str(MouOffer.objects.get()) in listed


def test_enter_contact_sends_the_offer(desk, caseworker):
    offer = offered()
    url = f"/admin/mou/mouoffer/{offer.pk}/enter-contact/"
    assert "How you checked it" in desk.get(url).content.decode()
    assert desk.post(url, {"email": "a@firm.example"}).status_code == 200
    desk.post(url, {"email": "a@firm.example", "source": "Called the switchboard"})
    outbox.deliver_open()
    offer.refresh_from_db()
    assert (offer.status, offer.contact_verified_by) == (OfferStatus.SENT, caseworker)
    assert mail.outbox[0].to == ["a@firm.example"]


def test_offer_again_after_the_last_one_was_withdrawn(desk):
    offer = offered()
    page = f"/admin/mou/truststatus/{offer.trust_status_id}/change/"
    assert "Offer an agreement" not in desk.get(page).content.decode()
    desk.post(f"/admin/mou/mouoffer/{offer.pk}/withdraw/", {"reason": "Sent in error"})
    assert "Offer an agreement" in desk.get(page).content.decode()
    desk.post(f"/admin/mou/truststatus/{offer.trust_status_id}/offer/")
    assert sorted(MouOffer.objects.values_list("status", flat=True)) == ["unsent", "withdrawn"]


# --- Who, and how many queries --------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    [
        "certificateimport/import/",
        "truststatus/{status}/suspend/",
        "mouoffer/{offer}/enter-contact/",
        "mouoffer/{offer}/change-component/",
        "mouoffer/{offer}/withdraw/",
    ],
)
@pytest.mark.parametrize("role", StaffRole.values)
def test_verbs_of_a_caseworker_do_not_exist_for_others(client, path, role):
    offer = offered()
    path = path.format(status=offer.trust_status_id, offer=offer.pk)
    at_the_desk(client, UserFactory(**{role: True}))
    expected = 200 if role == StaffRole.CASEWORKER else 404
    assert client.get(f"/admin/mou/{path}").status_code == expected


@pytest.mark.parametrize("table", ["truststatus", "mouoffer", "certificateimport"])
def test_list_asks_as_often_for_ten_as_for_two_hundred(
    desk, caseworker, table, django_assert_num_queries, django_assert_max_num_queries
):
    def fill(rows: int) -> None:
        for _ in range(rows):
            offered()
            CertificateImport.objects.create(file_name="x.csv", size=1, uploaded_by=caseworker)

    fill(10)
    with django_assert_max_num_queries(9) as few:
        desk.get(f"/admin/mou/{table}/")
    fill(190)
    with django_assert_num_queries(len(few)):
        assert "200" in desk.get(f"/admin/mou/{table}/").content.decode()


def test_page_of_an_import_shows_a_hundred_rejected_rows_in_a_fixed_number_of_queries(
    desk, caseworker, django_assert_max_num_queries
):
    batch = CertificateImport.objects.create(
        file_name="x.csv",
        size=1,
        uploaded_by=caseworker,
        status="finished",
        rows_total=150,
        rows_done=150,
        rows_rejected=150,
        confirmed_at=timezone.now(),
        confirmed_by=caseworker,
    )
    RejectedRow.objects.bulk_create(
        RejectedRow(batch=batch, line=line, reason="Bad", values={}) for line in range(2, 152)
    )
    with django_assert_max_num_queries(15):
        page = desk.get(f"/admin/mou/certificateimport/{batch.pk}/change/").content.decode()
    assert page.count("<td>Bad</td>") == 100
    assert "The download has them all" in page
