"""Enquiries on the firm's pages and at the desk: what is shown, typed, refused and kept."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from partners.actions import enquiries as actions
from partners.models import Enquiry, EnquiryFile
from portal import scanner
from portal.models import StaffRole, Standing
from tests.databases import acting_as, postgresql
from tests.factories import MembershipFactory, UserFactory
from tests.hostile_files import HOSTILE
from tests.partners import enquiry_flows as flows
from tests.partners.factories import PostFactory
from tests.partners.post_flows import opened
from tests.people import at_the_desk

pytestmark = pytest.mark.django_db
DESK = "admin:partners_enquiry_"


def typed(person, post, **fields):
    organisation = person.memberships.get().organisation
    return {
        "organisation": str(organisation.uuid),
        "post": post.code,
        "topic": "CONTACTS",
        "subject": "Whom to ask",
        "text": "Who answers for cheese?",
    } | fields


@pytest.fixture
def firm(client):
    flows.lists()
    person = flows.partner_person()
    client.force_login(person)
    return person


def test_firm_asks_a_post_and_reads_the_answer(client, firm):
    post, officer = PostFactory(), UserFactory(liaison_officer=True)
    page = client.get(reverse("partners:ask_post", args=[post.code]))
    assert page.context["form"]["post"].value() == post.code
    attached = SimpleUploadedFile("a.pdf", flows.PDF)
    answer = client.post(
        reverse("partners:ask_post", args=[post.code]), typed(firm, post, attached=[attached])
    )
    enquiry = Enquiry.objects.get()
    assert answer.url == reverse("partners:enquiry", args=[enquiry.uuid])
    actions.answer(enquiry=enquiry, text="The dairy board.", version=1, by=officer)
    page = client.get(answer.url).content.decode()
    assert "The dairy board." in page
    assert "a.pdf" in page
    assert officer.name not in page
    file = client.get(
        reverse("partners:enquiry_file", args=[enquiry.uuid, EnquiryFile.objects.get().uuid])
    )
    assert file.content == flows.PDF
    listed = client.get(reverse("partners:enquiries")).content.decode()
    assert "Whom to ask" in listed
    assert "Answered" in listed


def test_firm_replies_to_what_the_post_asks(client):
    cast = flows.asked_back()
    client.force_login(cast.person)
    client.post(reverse("partners:enquiry", args=[cast.enquiry.uuid]), {"text": "Goat cheese."})
    assert cast.now.status == "waiting"


def test_question_of_a_post_waits_on_the_front_page_of_the_firm_alone(client):
    cast = flows.asked_back()
    client.force_login(cast.person)
    assert reverse("partners:enquiry", args=[cast.enquiry.uuid]) in page(client)
    client.force_login(MembershipFactory(owner=True).user)
    assert "Answer what the post asks you" not in page(client)
    client.force_login(cast.person)
    actions.write_again(enquiry=cast.enquiry, text="Gouda.", by=cast.person)
    assert "Answer what the post asks you" not in page(client)


def page(client: Client) -> str:
    return client.get(reverse("mou_home")).content.decode()


def test_firm_withdraws_after_being_asked_once_more(client):
    cast = flows.asked()
    client.force_login(cast.person)
    address = reverse("partners:withdraw_enquiry", args=[cast.enquiry.uuid])
    assert "cannot take this back" in client.get(address).content.decode()
    assert cast.now.status == "waiting"
    client.post(address)
    assert cast.now.status == "closed"
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("verb", ["get", "post"])
@pytest.mark.parametrize("name", ["enquiry", "withdraw_enquiry", "enquiry_file"])
@pytest.mark.parametrize("who", ["another firm", "liaison officer"])
def test_enquiry_of_another_firm_is_not_found(client, name, verb, who):
    cast = flows.asked(sent=[flows.paper()])
    if who == "another firm":
        client.force_login(flows.partner_person())
    else:
        at_the_desk(client, cast.officer)
    parts = [cast.enquiry.uuid]
    if name == "enquiry_file":
        parts.append(EnquiryFile.objects.get().uuid)
    assert getattr(client, verb)(reverse(f"partners:{name}", args=parts)).status_code == 404


def test_file_is_found_under_its_own_enquiry_only(client):
    cast = flows.asked(sent=[flows.paper()])
    mine = actions.ask(**flows.told(cast.person, cast.post), by=cast.person)
    client.force_login(cast.person)
    other = EnquiryFile.objects.get().uuid
    assert client.get(reverse("partners:enquiry_file", args=[mine.uuid, other])).status_code == 404


def test_firm_whose_memorandum_has_ended_reads_and_does_not_ask(client):
    cast = flows.answered()
    Standing.objects.update(in_force=False)
    client.force_login(cast.person)
    assert client.get(reverse("partners:enquiry", args=[cast.enquiry.uuid])).status_code == 200
    page = client.get(reverse("partners:enquiries")).content.decode()
    assert "in force" in page
    assert reverse("partners:ask") not in page
    assert client.get(reverse("partners:ask")).status_code == 404


@pytest.mark.parametrize("fields", [{"strategic": True}, {"status": "closed"}])
def test_ask_page_of_a_post_that_takes_no_questions_is_not_found(client, firm, fields):
    post = PostFactory(**fields)
    assert client.get(reverse("partners:ask_post", args=[post.code])).status_code == 404


def test_what_was_typed_stays_when_something_is_wrong(client, firm):
    post = PostFactory()
    sent = SimpleUploadedFile("run.exe", b"MZ")
    page = client.post(reverse("partners:ask"), typed(firm, post, attached=[sent])).content.decode()
    assert "“run.exe” was not taken" in page
    assert "Who answers for cheese?" in page
    assert not Enquiry.objects.exists()


@pytest.mark.parametrize("who", ["firm", "desk"])
def test_hostile_file_is_refused_by_name_and_what_was_typed_stays(client, who, monkeypatch):
    """Half a PDF, and a whole one with a virus; from the firm and from the post."""
    cast = flows.asked()
    virus = flows.PDF + b"% EICAR"
    found = {True: scanner.INFECTED, False: scanner.CLEAN}
    monkeypatch.setattr(scanner, "scan", lambda data: found[data == virus])
    address = reverse("partners:enquiry", args=[cast.enquiry.uuid])
    client.force_login(cast.person)
    if who == "desk":
        at_the_desk(client, cast.officer)
        address = reverse(DESK + "answer", args=[cast.enquiry.pk])
    for data, sentence in ((flows.PDF[:60], "cannot be read"), (virus, "carries a virus")):
        sent = SimpleUploadedFile("plan\u202e.pdf", data)
        told = {"text": "About the cheese.", "attached": [sent], "version": 1}
        page = client.post(address, told).content.decode()
        assert "“plan.pdf” was not taken" in page
        assert sentence in page
        assert "About the cheese." in page
    assert not EnquiryFile.objects.exists()


def test_desk_reads_what_was_remarked_of_a_file(client, firm):
    post, (name, content, _code) = PostFactory(), HOSTILE["an armed PDF"]
    told = typed(firm, post, attached=[SimpleUploadedFile(name, content())])
    client.post(reverse("partners:ask"), told)
    at_the_desk(client, UserFactory(liaison_officer=True))
    page = client.get(reverse(DESK + "change", args=[Enquiry.objects.get().pk])).content.decode()
    assert "not scanned for viruses" in page
    assert "It runs a script" in page
    assert "viewing copy" not in page


def test_form_with_a_file_passes_the_check_of_its_token():
    flows.lists()
    person, post = flows.partner_person(), PostFactory()
    client = Client(enforce_csrf_checks=True)
    client.force_login(person)
    token = client.get(reverse("partners:ask")).context["csrf_token"]
    attached = [SimpleUploadedFile("a.pdf", flows.PDF)]
    told = typed(person, post, attached=attached)
    assert client.post(reverse("partners:ask"), told).status_code == 403
    attached[0].seek(0)
    told["csrfmiddlewaretoken"] = str(token)
    assert client.post(reverse("partners:ask"), told).status_code == 302


def test_person_of_two_firms_says_for_which(client, firm):
    second = MembershipFactory(user=firm).organisation
    Standing.objects.create(organisation=second, programme="mou", in_force=True)
    page = client.get(reverse("partners:ask")).content.decode()
    assert second.legal_name in page


text = st.text(st.characters(codec="utf-8"), max_size=200)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30)
@given(
    fields=st.fixed_dictionaries(
        {},
        optional={
            "organisation": text,
            "post": text,
            "topic": st.sampled_from(["CONTACTS", "SEMINAR", "x", ""]) | text,
            "subject": text,
            "text": text | st.just("x" * 10_001),
        },
    ),
    data=st.binary(max_size=20) | st.just(flows.PDF),
)
def test_anything_typed_into_the_form_is_answered(client, firm, fields, data):
    post = PostFactory()
    told = typed(firm, post, attached=[SimpleUploadedFile("f", data)]) | fields
    before = Enquiry.objects.count()
    answer = client.post(reverse("partners:ask"), told)
    assert answer.status_code in (200, 302)
    assert Enquiry.objects.count() == before + (answer.status_code == 302)


@pytest.mark.parametrize("count", [1, 30])
def test_pages_cost_as_much_with_many_enquiries(
    client, firm, count, django_assert_max_num_queries, monkeypatch
):
    monkeypatch.setattr(actions, "MOST_OPEN", 100)
    post = PostFactory()
    for _number in range(count):
        enquiry = actions.ask(**flows.told(firm, post), by=firm)
    for _number in range(count):
        actions.write_again(enquiry=enquiry, text="And?", sent=[flows.paper()], by=firm)
    for address in (
        reverse("partners:enquiries"),
        reverse("partners:enquiry", args=[enquiry.uuid]),
        reverse("partners:ask"),
    ):
        with django_assert_max_num_queries(9):
            assert client.get(address).status_code == 200


# --- The desk -------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["liaison officer", "the post"])
def test_desk_leads_an_enquiry_to_its_end(client, who):
    cast = flows.asked(sent=[flows.paper()])
    officer = cast.officer if who == "liaison officer" else flows.posted(cast.post)
    at_the_desk(client, officer)
    front = client.get(reverse("admin:index")).content.decode()
    assert "Enquiries from firms waiting for an answer" in front
    assert cast.enquiry.reference in client.get(reverse(DESK + "changelist")).content.decode()
    page = client.get(reverse(DESK + "change", args=[cast.enquiry.pk])).content.decode()
    assert "Which papers does the cheese need?" in page
    assert "a.pdf" in page
    for verb, told in (
        ("assign", {"to": officer.pk}),
        ("ask_back", {"text": "Which cheese?"}),
        ("answer", {"text": "A health paper."}),
        ("close", {"outcome": "helped"}),
    ):
        address = reverse(DESK + verb, args=[cast.enquiry.pk])
        assert client.get(address).status_code == 200
        assert client.post(address, told | {"version": cast.now.version}).status_code == 302, verb
    assert cast.now.outcome == "helped"
    assert client.get(reverse(DESK + "answer", args=[cast.enquiry.pk])).status_code == 404


def test_answer_to_what_has_changed_keeps_what_was_typed(client):
    cast = flows.asked()
    at_the_desk(client, cast.officer)
    actions.write_again(enquiry=cast.enquiry, text="Never mind the cheese.", by=cast.person)
    address = reverse(DESK + "answer", args=[cast.enquiry.pk])
    page = client.post(address, {"text": "A health paper.", "version": 1})
    shown = page.content.decode()
    assert "Never mind the cheese." in shown
    assert "A health paper." in shown
    version = page.context["form"]["version"].value()
    assert client.post(address, {"text": "None then.", "version": version}).status_code == 302


def test_hand_over_leads_back_to_the_list_when_it_is_no_longer_ones_own(client):
    cast, other = flows.asked(), PostFactory()
    at_the_desk(client, flows.posted(cast.post))
    address = reverse(DESK + "hand_over", args=[cast.enquiry.pk])
    answer = client.post(address, {"post": other.pk, "version": 1})
    assert answer.url == reverse(DESK + "changelist")


@pytest.mark.parametrize("role", [*StaffRole.values, "posted elsewhere"])
def test_desk_pages_do_not_exist_for_others(client, role):
    cast = flows.asked(sent=[flows.paper()])
    other = flows.posted(PostFactory()) if role == "posted elsewhere" else UserFactory(**{role: 1})
    at_the_desk(client, other)
    pages = ["change", "answer", "ask_back", "assign", "hand_over", "close"]
    addresses = [reverse(DESK + name, args=[cast.enquiry.pk]) for name in pages]
    file = EnquiryFile.objects.get().uuid
    addresses.append(reverse(DESK + "file", args=[cast.enquiry.pk, file]))
    for address in addresses:
        found = client.get(address).status_code
        assert (found == 200) == (role == StaffRole.LIAISON_OFFICER), (address, found)
    assert cast.now.version == 1


@pytest.mark.parametrize("waits", ["late", "waiting", "unassigned", "mine", "answered", "nothing"])
def test_list_shows_what_waits(client, waits):
    cast = flows.answered() if waits in ("answered", "mine") else flows.asked()
    at_the_desk(client, cast.officer)
    if waits == "late":
        Enquiry.objects.update(due_at=timezone.now())
    page = client.get(reverse(DESK + "changelist") + f"?waits={waits}").content.decode()
    assert cast.enquiry.reference in page


@pytest.mark.parametrize("count", [1, 20])
def test_desk_costs_as_much_with_many_enquiries(
    client, count, django_assert_max_num_queries, monkeypatch
):
    monkeypatch.setattr(actions, "MOST_OPEN", 100)
    cast = flows.asked()
    for _number in range(count):
        actions.ask(**flows.told(cast.person, cast.post), by=cast.person)
    at_the_desk(client, cast.officer)
    for address in (
        reverse(DESK + "changelist"),
        reverse(DESK + "change", args=[cast.enquiry.pk]),
    ):
        with django_assert_max_num_queries(14):
            assert client.get(address).status_code == 200


# --- The database roles ---------------------------------------------------------------------


@postgresql
def test_enquiry_is_led_by_roles_that_may_do_no_more(roles, client):
    flows.lists()
    person, post, officer = flows.partner_person(), PostFactory(), UserFactory(liaison_officer=1)
    with acting_as("site"):
        enquiry = actions.ask(**flows.told(person, post), sent=[flows.paper()], by=person)
    with acting_as("office"):
        actions.answer(enquiry=enquiry, text="So.", version=1, by=officer)
    client.force_login(person)
    with acting_as("site"):
        for address in ("ask", "enquiries"):
            assert client.get(reverse(f"partners:{address}")).status_code == 200
        page = client.get(reverse("partners:enquiry", args=[enquiry.uuid])).content.decode()
        assert post.city in page
        actions.write_again(enquiry=enquiry, text="And?", by=person)
        assert list(enquiry.messages.values_list("side", flat=True)) == ["firm", "post", "firm"]
    with acting_as("office"):
        enquiry = Enquiry.objects.get()
        actions.close(enquiry=enquiry, outcome="nothing", version=enquiry.version, by=officer)
    with acting_as("worker"):
        later = timezone.now() + timedelta(days=4000)
        assert actions.erase_old(now=later) == 1


def test_files_are_asked_for_again_when_a_word_is_missing(client, firm):
    post, sent = PostFactory(), SimpleUploadedFile("a.pdf", flows.PDF)
    page = client.post(reverse("partners:ask"), typed(firm, post, subject="", attached=[sent]))
    assert "Choose the files again: they were not kept." in page.content.decode()
    page = client.post(reverse("partners:ask"), typed(firm, post, subject=""))
    assert "Choose the files again" not in page.content.decode()


def test_firm_finds_the_post_by_its_country(client, firm):
    opened(covers=["VN"])
    page = client.get(reverse("partners:ask")).content.decode()
    assert ">Singapore (Singapore, Vietnam)</option>" in page
